//! `with:` and other lists of named values.

use wf_source::{Diagnostic, Span};

use crate::{
    ast::{Name, Spanned, Text, rules},
    keys::Kind,
    read::{Reader, is_name},
    tree::{Kind as NodeKind, Node},
};

/// `name: value`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    pub name: Name,
    pub value: Node,
}

/// What is handed to an action, a flow, a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum With {
    /// `{ticket_id: =id}`
    Map { span: Span, entries: Vec<Binding> },
    /// `[edge, ticket, heading: Re-opening]`
    List { span: Span, items: Vec<WithItem> },
    /// `=enterprise`: a map that is computed.
    Whole(Text),
}

/// An entry of `with`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WithItem {
    /// The value of that name, under that name.
    Pass(Name),
    Named(Binding),
}

impl With {
    /// Where it stands.
    #[must_use]
    pub fn span(&self) -> Span {
        match self {
            Self::Map { span, .. } | Self::List { span, .. } => *span,
            Self::Whole(text) => text.span,
        }
    }
}

/// What may stand under `with`.
pub(crate) const WITH: Kind =
    Kind::Any(&[Kind::Map("input", &Kind::Value), Kind::List(&Kind::Value), Kind::Literal("a map")]);

impl Reader<'_> {
    pub(crate) fn with(&mut self, node: Option<&Node>) -> Option<With> {
        let node = node?;
        match &node.kind {
            NodeKind::Map(_) => {
                if let Some(entry) = node.entry("if") {
                    let wrong = "`if` stands beside `with`, not under it";
                    let misplaced = Diagnostic::error(&rules::MISPLACED_KEY, entry.key.span, wrong);
                    self.push(misplaced.help("begin it in the column of `with`"));
                }
                let entries = self.entries(Some(node)).into_iter().filter(|b| b.name.as_str() != "if").collect();
                Some(With::Map { span: node.span, entries })
            }
            NodeKind::Seq(items) => {
                let items = items.iter().flat_map(|item| self.with_item(item)).collect();
                Some(With::List { span: node.span, items })
            }
            NodeKind::Scalar(scalar) if scalar.is_computed() || scalar.is_path() => {
                self.expr(Some(node)).map(With::Whole)
            }
            NodeKind::Scalar(scalar) => {
                let message = format!("`with` takes a mapping or a list of names, and `{}` is a text", scalar.text);
                let repaired = format!("[{}]", scalar.text);
                let diagnostic = Diagnostic::error(&rules::WRONG_KIND, node.span, message);
                self.push(if is_name(&scalar.text) {
                    diagnostic
                        .help(format!("to pass the value of that name write `{repaired}`"))
                        .fix(node.span, repaired)
                } else {
                    diagnostic.help("as in `with: {ticket_id: =id}`")
                });
                None
            }
            NodeKind::Broken => None,
        }
    }

    fn with_item(&mut self, item: &Node) -> Vec<WithItem> {
        match &item.kind {
            NodeKind::Map(_) => self.entries(Some(item)).into_iter().map(WithItem::Named).collect(),
            NodeKind::Scalar(scalar) if is_name(&scalar.text) => {
                vec![WithItem::Pass(Spanned::new(scalar.text.clone(), item.span))]
            }
            NodeKind::Scalar(scalar) => {
                let message =
                    format!("a list under `with` names values that are passed on; `{}` is no name", scalar.text);
                self.push(
                    Diagnostic::error(&rules::NO_NAME, item.span, message)
                        .help(format!("say under which name it goes: `name: {}`", scalar.text)),
                );
                vec![]
            }
            NodeKind::Broken => vec![],
            NodeKind::Seq(_) => {
                self.wrong_kind(item, "with", WITH);
                vec![]
            }
        }
    }
}
