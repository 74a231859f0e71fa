//! `skip`, `stop`, `fail`: a reason with `if`, or reasons with their conditions.

use wf_source::Diagnostic;

use crate::{
    ast::{Name, Text, rules},
    keys::Kind,
    read::{Fields, Reader},
    tree::Entry,
};

/// `skip`, `stop`, `fail`: reasons in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leave {
    pub reasons: Vec<Reason>,
    /// `as`: files the item under a name.
    pub file_as: Option<Name>,
}

/// A reason in words, and the condition under which it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// May have holes.
    pub text: Text,
    /// `None` where the step's own `if` decides, or nothing.
    pub condition: Option<Text>,
}

impl Reader<'_> {
    pub(crate) fn leave(&mut self, fields: &Fields<'_>, verb: &str) -> Leave {
        let file_as = self.name(fields.get("as"));
        let Some(node) = fields.get(verb) else { return Leave { reasons: vec![], file_as } };
        if let Some(text) = self.text(Some(node)) {
            return Leave { reasons: vec![Reason { text, condition: None }], file_as };
        }
        let entries = node.entries().iter().filter(|e| !e.key.text().is_empty());
        let reasons = entries.filter_map(|e| self.reason(e, verb)).collect();
        Leave { reasons, file_as }
    }

    fn reason(&mut self, entry: &Entry, verb: &str) -> Option<Reason> {
        let text = Text::new(&entry.key.scalar, entry.key.span, false);
        match entry.value.as_scalar() {
            Some(scalar) if scalar.is_null() => {
                let message = format!("the reason `{}` has no condition", entry.key.text());
                self.push(Diagnostic::error(&rules::NO_CONDITION, entry.key.span, message).help(format!(
                    "write `{}: condition`; a reason alone is `{verb}: {}`",
                    entry.key.text(),
                    entry.key.text()
                )));
                None
            }
            Some(_) => Some(Reason { text, condition: Some(self.expr(Some(&entry.value))?) }),
            None => {
                if let Some(modifier) = ["if", "as"].iter().find(|m| **m == entry.key.text()) {
                    self.error(
                        &rules::MISPLACED_KEY,
                        entry.key.span,
                        format!("`{modifier}` stands beside `{verb}`, not under it"),
                    );
                } else {
                    self.wrong_kind(&entry.value, entry.key.text(), Kind::Expr);
                }
                None
            }
        }
    }
}
