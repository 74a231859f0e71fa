//! What is wrong, where, and what to do about it.

use crate::{Rule, Span};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    Error,
    Warning,
    Hint,
}

impl Severity {
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Hint => "hint",
        }
    }
}

/// One finding. It knows nothing of how it is shown: see [`crate::render`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    pub rule: &'static Rule,
    pub severity: Severity,
    /// One sentence, no full stop: what is wrong.
    pub message: String,
    pub span: Span,
    /// A few words beside the place: what was expected, or what stands there.
    pub label: Option<String>,
    /// Other places or facts that explain it.
    pub notes: Vec<Note>,
    /// What to do, in words.
    pub help: Option<String>,
    /// The repair, where it is certain.
    pub fix: Option<Fix>,
}

/// A further place, or a fact without one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    pub span: Option<Span>,
    pub text: String,
}

/// Replaces the text under a span.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    pub span: Span,
    pub replacement: String,
}

/// How a name is proposed.
const DID_YOU_MEAN: &str = "did you mean ";

impl Diagnostic {
    #[must_use]
    pub fn error(rule: &'static Rule, span: Span, message: impl Into<String>) -> Self {
        Self {
            rule,
            severity: Severity::Error,
            message: message.into(),
            span,
            label: None,
            notes: vec![],
            help: None,
            fix: None,
        }
    }

    #[must_use]
    pub fn warning(rule: &'static Rule, span: Span, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(rule, span, message) }
    }

    #[must_use]
    pub fn hint(rule: &'static Rule, span: Span, message: impl Into<String>) -> Self {
        Self { severity: Severity::Hint, ..Self::error(rule, span, message) }
    }

    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    #[must_use]
    pub fn note(mut self, span: Option<Span>, text: impl Into<String>) -> Self {
        self.notes.push(Note { span, text: text.into() });
        self
    }

    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The help "did you mean …", with the repair, when there is a nearest name.
    #[must_use]
    pub fn did_you_mean(mut self, nearest: Option<&str>, span: Span) -> Self {
        if let Some(name) = nearest {
            self.help = Some(format!("{DID_YOU_MEAN}`{name}`?"));
            self.fix = Some(Fix { span, replacement: name.to_owned() });
        }
        self
    }

    /// It proposes a name, or several.
    #[must_use]
    pub fn proposes(&self) -> bool {
        self.fix.is_some() || self.help.as_deref().is_some_and(|help| help.starts_with(DID_YOU_MEAN))
    }

    /// Others may have been meant as well: all are named, and none is put in by itself.
    #[must_use]
    pub fn or_mean(mut self, others: &[&str]) -> Self {
        if let (Some(fix), false) = (&self.fix, others.is_empty()) {
            let names = std::iter::once(fix.replacement.as_str()).chain(others.iter().copied());
            let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
            self.help = Some(format!("{DID_YOU_MEAN}{}?", crate::one_of(names.iter().map(String::as_str), 4)));
            self.fix = None;
        }
        self
    }

    #[must_use]
    pub fn fix(mut self, span: Span, replacement: impl Into<String>) -> Self {
        self.fix = Some(Fix { span, replacement: replacement.into() });
        self
    }

    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// At most so many of them, in their order. What is graver is kept before what is not: nothing that is wrong may become right because
    /// too much is told before it.
    pub fn keep_most(found: &mut Vec<Self>, most: usize) {
        if found.len() <= most {
            return;
        }
        let mut gravest: Vec<usize> = (0..found.len()).collect();
        gravest.sort_by_key(|i| found[*i].severity);
        let mut kept = vec![false; found.len()];
        gravest.into_iter().take(most).for_each(|i| kept[i] = true);
        let mut kept = kept.into_iter();
        found.retain(|_| kept.next().unwrap_or(false));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FileId;

    #[test]
    fn a_mistake_is_kept_before_remarks() {
        static RULE: Rule = Rule { code: "T1", name: "t", doc: "t" };
        let at = |i| Span::new(FileId(0), i, i + 1);
        let mut found: Vec<Diagnostic> = (0..5).map(|i| Diagnostic::hint(&RULE, at(i), "h")).collect();
        found.insert(2, Diagnostic::warning(&RULE, at(7), "w"));
        found.push(Diagnostic::error(&RULE, at(9), "e"));
        Diagnostic::keep_most(&mut found, 3);
        assert_eq!(found.iter().map(|d| d.message.as_str()).collect::<Vec<_>>(), ["h", "w", "e"]);
    }
}
