//! The state of one reading.

use wf_source::{Diagnostic, Rule, Span};

use crate::{
    ast::{Transport, rules},
    keys::{Choice, Choices, Dialect, Kind},
    tree::{Entry, Kind as NodeKind, Node},
};

/// Collects what is wrong while a file is read.
pub(crate) struct Reader<'a> {
    /// The text of the file, to show a line as it should be.
    pub(crate) text: &'a str,
    pub(crate) dialect: Dialect,
    /// Of a connector: which parts a request can have.
    pub(crate) transport: Option<Transport>,
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// Each `=` that may be left out, since only an expression can stand there.
    pub(crate) marks: Vec<Span>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(text: &'a str, dialect: Dialect) -> Self {
        Self { text, dialect, transport: None, diagnostics: vec![], marks: vec![] }
    }

    pub(crate) fn push(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    pub(crate) fn error(&mut self, rule: &'static Rule, span: Span, message: impl Into<String>) {
        self.push(Diagnostic::error(rule, span, message));
    }

    /// Something else stands where `kind` is expected. `key` is the key it stands under.
    pub(crate) fn wrong_kind(&mut self, node: &Node, key: &str, kind: Kind) {
        if node.is_broken() {
            return;
        }
        let place = if node.span.start == node.span.end { node.span } else { first_line(self.text, node) };
        let about = if key.is_empty() { String::new() } else { format!("`{key}` takes ") };
        let message = match key {
            "" => format!("expected {}, found {}", kind.what(), node.what()),
            _ => format!("{about}{}, not {}", kind.what(), node.what()),
        };
        let mut diagnostic = Diagnostic::error(&rules::WRONG_KIND, place, message);
        let wants_text = matches!(kind, Kind::Expr | Kind::Text);
        let flow = self.text.get(node.span.start as usize..).is_some_and(|t| t.starts_with(['[', '{']));
        if wants_text && flow && matches!(node.kind, NodeKind::Seq(_) | NodeKind::Map(_)) {
            let written = self.text.get(node.span.start as usize..node.span.end as usize).unwrap_or("");
            let mark = if matches!(kind, Kind::Expr) { "=" } else { "" };
            let repaired = if mark.is_empty() || written.contains(": ") || written.contains(" #") {
                crate::tree::repair::quoted(&format!("{mark}{written}"))
            } else {
                format!("{mark}{written}")
            };
            diagnostic = diagnostic
                .label("YAML reads a bracket as a list or a mapping")
                .help(format!("write `{repaired}`"))
                .fix(node.span, repaired);
        } else if let Some(example) = kind.example(key) {
            diagnostic = diagnostic.help(format!("as in `{}`", example.trim_start_matches(": ")));
        }
        self.push(diagnostic);
    }

    /// Which of the choices a mapping is; two or none are reported. `ignore` are keys that make no choice beside `first`.
    pub(crate) fn choose<'n>(
        &mut self,
        node: &'n Node,
        choices: &'static Choices,
        absorbs: &[(&str, &[&str])],
    ) -> Option<(&'static Choice, &'n Entry)> {
        if !node.is_map() {
            self.wrong_kind(node, "", Kind::Choices(choices));
            return None;
        }
        let mut present: Vec<(&'static Choice, &'n Entry)> =
            node.entries().iter().filter_map(|e| Some((choices.find(e.key.text())?, e))).collect();
        for (chosen, swallowed) in absorbs {
            if present.iter().any(|(c, _)| c.key == *chosen) {
                present.retain(|(c, _)| !swallowed.contains(&c.key));
            }
        }
        match present.as_slice() {
            [one] => Some(*one),
            [] => {
                self.no_choice(node, choices);
                None
            }
            [(first, at), (second, again), ..] => {
                self.push(
                    Diagnostic::error(
                        &rules::TWO_CHOICES,
                        again.key.span,
                        format!("{} is either `{}` or `{}`, not both", choices.what, first.key, second.key),
                    )
                    .note(Some(at.key.span), format!("`{}` stands here", first.key))
                    .help(if choices.id == "step" {
                        "make two steps of it"
                    } else {
                        "keep one of them"
                    }),
                );
                None
            }
        }
    }

    fn no_choice(&mut self, node: &Node, choices: &'static Choices) {
        let entries = node.entries();
        if entries.iter().any(|e| e.key.text().is_empty()) {
            return;
        }
        let known = |key: &str| choices.list.iter().any(|c| c.keys.find(key).is_some());
        let near = entries.iter().filter(|e| !known(e.key.text())).find_map(|e| {
            let other = super::synonym(e.key.text(), |n| choices.find(n).is_some());
            Some((e, other.or_else(|| wf_source::nearest(e.key.text(), choices.names()))?))
        });
        let stranger = near.map(|(e, _)| e).or_else(|| entries.iter().find(|e| !known(e.key.text())));
        let names = wf_source::one_of(choices.names(), 20);
        match (near, stranger) {
            (Some((entry, name)), _) => {
                let message = format!("{} cannot `{}`", choices.what, entry.key.text());
                let message = if choices.id == "step" {
                    message
                } else {
                    format!("{} has no key `{}`", choices.what, entry.key.text())
                };
                self.push(
                    Diagnostic::error(&rules::UNKNOWN_KEY, entry.key.span, message)
                        .did_you_mean(Some(name), entry.key.span),
                );
            }
            (None, Some(entry)) => {
                let message = format!("{} has no key `{}`", choices.what, entry.key.text());
                self.push(
                    Diagnostic::error(&rules::NO_CHOICE, entry.key.span, message).help(format!("it is one of {names}")),
                );
            }
            (None, None) => {
                let place = entries.first().map_or(node.span, |e| e.key.span);
                self.push(
                    Diagnostic::error(
                        &rules::NO_CHOICE,
                        place,
                        format!("{} needs a key that says what it does", choices.what),
                    )
                    .help(format!("one of {names}")),
                );
            }
        }
    }
}

/// The place of a node, cut to its first line so that a whole block is not underlined.
pub(crate) fn first_line(text: &str, node: &Node) -> Span {
    let start = node.span.start as usize;
    let end = node.span.end as usize;
    let len = text.get(start..end).map_or(end - start, |t| t.find('\n').unwrap_or(t.len()));
    Span::new(node.span.file, start, start + len)
}
