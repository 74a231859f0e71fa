//! A rule: what a diagnostic's code stands for.

/// One thing that is checked. Its doc comment is its page in `docs/rules/`; the page's fenced blocks ```` ```yaml fails ```` and
/// ```` ```yaml passes ```` are run as tests.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// `WF0101`: never reused.
    pub code: &'static str,
    /// `unknown-name`
    pub name: &'static str,
    /// The doc comment: first line what is wrong, then why, then examples.
    pub doc: &'static str,
}

impl Rule {
    /// The first line of the page.
    #[must_use]
    pub fn summary(&self) -> &'static str {
        self.doc.lines().map(str::trim).find(|l| !l.is_empty()).unwrap_or("")
    }
}

/// Declares rules and the list `ALL` of them:
///
/// ```
/// wf_source::rules! {
///     /// A name that nothing defines.
///     ///
///     /// Most often a misspelling.
///     UNKNOWN_NAME = "WF0101", "unknown-name";
/// }
/// assert_eq!(UNKNOWN_NAME.summary(), "A name that nothing defines.");
/// assert_eq!(ALL.len(), 1);
/// ```
#[macro_export]
macro_rules! rules {
    ($($(#[doc = $doc:literal])* $id:ident = $code:literal, $name:literal;)*) => {
        $($(#[doc = $doc])* pub static $id: $crate::Rule = $crate::Rule { code: $code, name: $name, doc: concat!($($doc, "\n"),*) };)*
        /// All rules declared here, in order.
        pub static ALL: &[&$crate::Rule] = &[$(&$id),*];
    };
}
