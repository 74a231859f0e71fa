//! What mails of a mailbox are searched by: the checker tells a misspelt one, the transport asks for it.

/// Criteria that are said or not: `unseen: true`.
pub const STATES: [&str; 12] = [
    "answered",
    "deleted",
    "draft",
    "flagged",
    "new",
    "old",
    "recent",
    "seen",
    "unanswered",
    "undeleted",
    "unflagged",
    "unseen",
];
/// Criteria that are days.
pub const DAYS: [&str; 6] = ["before", "on", "since", "sentbefore", "senton", "sentsince"];
/// Criteria that are texts.
pub const TEXTS: [&str; 7] = ["bcc", "body", "cc", "from", "subject", "text", "to"];
/// Criteria that are numbers of bytes.
pub const SIZES: [&str; 2] = ["larger", "smaller"];

/// All of them.
pub fn criteria() -> impl Iterator<Item = &'static str> {
    STATES.into_iter().chain(DAYS).chain(TEXTS).chain(SIZES)
}
