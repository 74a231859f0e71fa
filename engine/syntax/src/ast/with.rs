//! `with:` and other lists of named values.

use wf_source::Span;

use crate::{
    ast::{Name, Text},
    tree::Node,
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

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WithItem {
    /// The value of that name, under that name.
    Pass(Name),
    Named(Binding),
}

impl With {
    #[must_use]
    pub fn span(&self) -> Span {
        match self {
            Self::Map { span, .. } | Self::List { span, .. } => *span,
            Self::Whole(text) => text.span,
        }
    }
}
