//! `define` (language.md §9).

use wf_source::{Diagnostic, Span};

use crate::{
    ast::{Name, Text, rules},
    keys::Kind,
    read::Reader,
    tree::{Entry, Kind as NodeKind, Node},
};

/// `name(a, b): expression`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Define {
    /// The whole key.
    pub key: Span,
    pub name: Name,
    pub params: Vec<Name>,
    pub body: DefineBody,
}

/// An expression, or an object whose leaves are values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DefineBody {
    Computed(Text),
    /// A mapping whose leaves are values and whose keys may have holes.
    Object(Node),
    /// Reported already.
    Broken,
}

impl Reader<'_> {
    pub(crate) fn defines(&mut self, node: Option<&Node>) -> Vec<Define> {
        let entries = node.map(Node::entries).unwrap_or_default();
        entries.iter().filter(|e| !e.key.text().is_empty()).filter_map(|e| self.define(e)).collect()
    }

    fn define(&mut self, entry: &Entry) -> Option<Define> {
        let (name, params) = self.head(entry)?;
        let body = match &entry.value.kind {
            NodeKind::Broken => DefineBody::Broken,
            NodeKind::Map(_) => DefineBody::Object(entry.value.clone()),
            NodeKind::Scalar(scalar) if !scalar.is_empty() => {
                self.expr(Some(&entry.value)).map_or(DefineBody::Broken, DefineBody::Computed)
            }
            NodeKind::Scalar(_) => {
                let message = format!("`{}` has no body", entry.key.text());
                self.push(
                    Diagnostic::error(&rules::WRONG_KIND, entry.key.span, message)
                        .help("an expression, or a mapping of values"),
                );
                DefineBody::Broken
            }
            NodeKind::Seq(_) => {
                self.wrong_kind(&entry.value, entry.key.text(), Kind::Expr);
                DefineBody::Broken
            }
        };
        Some(Define { key: entry.key.span, name, params, body })
    }

    /// `name(a, b)`, `name()`, `NAME`
    fn head(&mut self, entry: &Entry) -> Option<(Name, Vec<Name>)> {
        let text = entry.key.text();
        let map = &entry.key.scalar.map;
        let part = |from: usize, to: usize| Name::new(text[from..to].into(), map.span(from, to));
        let identifier = |t: &str| {
            t.starts_with(|c: char| c.is_alphabetic() || c == '_') && t.chars().all(|c| c.is_alphanumeric() || c == '_')
        };
        let open = text.find('(').unwrap_or(text.len());
        let name = text[..open].trim_end();
        let inside = text.get(open + 1..).map(|t| t.strip_suffix(')'));
        let params = match inside {
            None => Some(vec![]),
            Some(None) => None,
            Some(Some(inside)) if inside.trim().is_empty() => Some(vec![]),
            Some(Some(inside)) => {
                let mut at = open + 1;
                let mut params = vec![];
                for written in inside.split(',') {
                    let from = at + written.len() - written.trim_start().len();
                    params.push(part(from, from + written.trim().len()));
                    at += written.len() + 1;
                }
                params.iter().all(|p| identifier(&p.value)).then_some(params)
            }
        };
        match params {
            Some(params) if identifier(name) => Some((part(0, name.len()), params)),
            _ => {
                let message = format!("`{text}` is no head of a definition");
                self.push(
                    Diagnostic::error(&rules::DEFINE_HEAD, entry.key.span, message)
                        .help("it is written `name(a, b): expression`, names of letters, digits and `_`"),
                );
                None
            }
        }
    }
}
