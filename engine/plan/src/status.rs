//! Statuses and the words that stand beside them.

use std::fmt;

/// What a rule says of an answer where no status tells it (`connectors.md` §4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Word {
    Any,
    Failure,
    NoConnection,
    Timeout,
    NoAnswer,
    Unusable,
    NotLoggedIn,
    NoAccount,
    BadInput,
}

impl Word {
    pub const ALL: [Self; 9] = [
        Self::Any,
        Self::Failure,
        Self::NoConnection,
        Self::Timeout,
        Self::NoAnswer,
        Self::Unusable,
        Self::NotLoggedIn,
        Self::NoAccount,
        Self::BadInput,
    ];

    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::Failure => "failure",
            Self::NoConnection => "no_connection",
            Self::Timeout => "timeout",
            Self::NoAnswer => "no_answer",
            Self::Unusable => "unusable",
            Self::NotLoggedIn => "not_logged_in",
            Self::NoAccount => "no_account",
            Self::BadInput => "bad_input",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|w| w.word() == text)
    }
}

/// `409`, `2xx`, `500..512`, or a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// Both ends included.
    Range(u16, u16),
    Word(Word),
}

impl Status {
    #[must_use]
    pub fn one(status: u16) -> Self {
        Self::Range(status, status)
    }

    /// `409`, `2xx`, `500..512`, a word; `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(word) = Word::parse(text) {
            return Some(Self::Word(word));
        }
        if let Some((from, to)) = text.split_once("..") {
            let (from, to) = (from.trim().parse().ok()?, to.trim().parse().ok()?);
            return (from <= to).then_some(Self::Range(from, to));
        }
        if let Some(class) = text.strip_suffix("xx") {
            let class: u16 = class.parse().ok().filter(|c| (1..=9).contains(c))?;
            return Some(Self::Range(class * 100, class * 100 + 99));
        }
        text.parse().ok().map(Self::one)
    }

    #[must_use]
    pub fn holds(self, status: u16) -> bool {
        matches!(self, Self::Range(from, to) if (from..=to).contains(&status))
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Range(from, to) if from == to => write!(f, "{from}"),
            Self::Range(from, to) if from % 100 == 0 && to == from + 99 => write!(f, "{}xx", from / 100),
            Self::Range(from, to) => write!(f, "{from}..{to}"),
            Self::Word(word) => f.write_str(word.word()),
        }
    }
}

/// A list of these; holds when one does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StatusSet(pub Vec<Status>);

impl StatusSet {
    #[must_use]
    pub fn holds(&self, status: u16) -> bool {
        self.0.iter().any(|s| s.holds(status))
    }

    #[must_use]
    pub fn names(&self, word: Word) -> bool {
        self.0.contains(&Status::Word(word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_read_as_they_are_written() {
        for text in ["409", "2xx", "500..512", "no_answer"] {
            assert_eq!(Status::parse(text).map(|s| s.to_string()).as_deref(), Some(text));
        }
        assert_eq!(Status::parse("0xx"), None);
        assert_eq!(Status::parse("5..2"), None);
        assert!(Status::parse("5xx").is_some_and(|s| s.holds(503) && !s.holds(600)));
    }
}
