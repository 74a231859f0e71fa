//! The tests that are left out, each with its reason.

use std::collections::{BTreeMap, BTreeSet};

use super::data::Case;

/// `# reason` lines head the tests, one a line, that are left out for it. A reason that begins with `not ours` is about something that
/// the language does not have: such a test may pass by chance.
pub(crate) struct LeftOut {
    reasons: BTreeMap<String, String>,
}

impl LeftOut {
    pub(crate) fn read() -> Self {
        let mut reasons = BTreeMap::new();
        let mut reason = String::new();
        for line in include_str!("left_out.txt").lines().map(str::trim).filter(|l| !l.is_empty()) {
            match line.strip_prefix('#') {
                Some(text) => reason = text.trim().to_owned(),
                None => {
                    assert!(!reason.is_empty(), "{line} has no reason");
                    assert!(reasons.insert(line.to_owned(), reason.clone()).is_none(), "{line} stands twice");
                }
            }
        }
        Self { reasons }
    }

    pub(crate) fn has(&self, case: &Case) -> bool {
        self.reasons.contains_key(&case.id())
    }

    /// Whether the test would have to fail, or else need not be listed.
    pub(crate) fn must_fail(&self, case: &Case) -> bool {
        self.reasons.get(&case.id()).is_some_and(|reason| !reason.starts_with("not ours"))
    }

    pub(crate) fn len(&self) -> usize {
        self.reasons.len()
    }

    /// Lines that name no test.
    pub(crate) fn strangers(&self, cases: &[Case]) -> Vec<String> {
        let known: BTreeSet<String> = cases.iter().map(Case::id).collect();
        self.reasons.keys().filter(|id| !known.contains(*id)).map(|id| format!("{id}: there is no such test")).collect()
    }
}
