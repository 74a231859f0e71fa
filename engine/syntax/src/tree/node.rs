//! The tree: what YAML says, with the place of everything, nothing typed yet.

use std::sync::Arc;

use wf_source::{ScalarMap, Span};

/// A value of YAML and the place where it stands. Cheap to clone: lists and mappings are shared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// From the first to the last character; a collection in block style ends with its last child. An empty value has an empty span.
    pub span: Span,
    pub kind: Kind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Any text, number, `yes`, nothing at all: what it means is decided by its place.
    Scalar(Scalar),
    Seq(Arc<[Node]>),
    Map(Arc<[Entry]>),
    /// Something that was reported already. Whoever meets it takes it for right and says nothing.
    Broken,
}

/// One `key: value`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub key: Key,
    pub value: Node,
    /// The mapping is written with `{ }`.
    pub flow: bool,
}

/// A key is always text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    pub span: Span,
    pub scalar: Scalar,
}

impl Key {
    #[must_use]
    pub fn text(&self) -> &str {
        &self.scalar.text
    }
}

/// The raw text of a scalar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scalar {
    /// Decoded: without quotes, escapes, indentation.
    pub text: Arc<str>,
    pub style: Style,
    /// From `text` back to the file.
    pub map: ScalarMap,
    /// The remark on the same line, right after it.
    pub remark: Option<Span>,
}

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Style {
    Plain,
    Single,
    Double,
    /// `|`
    Literal,
    /// `>`
    Folded,
}

impl Scalar {
    /// Nothing, `null` or `~` without quotes.
    #[must_use]
    pub fn is_null(&self) -> bool {
        self.style == Style::Plain && matches!(&*self.text, "" | "~" | "null" | "Null" | "NULL")
    }

    /// Nothing at all was written.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.style == Style::Plain && self.text.is_empty()
    }

    /// `yes`, `true`, `on` and their opposites, where a boolean is expected. Quoted ones are texts.
    #[must_use]
    pub fn as_bool_word(&self) -> Option<bool> {
        if self.style != Style::Plain {
            return None;
        }
        match &*self.text {
            "yes" | "true" | "on" => Some(true),
            "no" | "false" | "off" => Some(false),
            _ => None,
        }
    }

    /// The whole scalar is an expression: `=x`, but not the text `==x`.
    #[must_use]
    pub fn is_computed(&self) -> bool {
        self.text.starts_with('=') && !self.text.starts_with("==")
    }

    /// The whole scalar is a JSONPath: `$.x`, `$[…]`.
    #[must_use]
    pub fn is_path(&self) -> bool {
        self.text.starts_with("$.") || self.text.starts_with("$[")
    }
}

impl Node {
    #[must_use]
    pub fn broken(span: Span) -> Self {
        Self { span, kind: Kind::Broken }
    }

    #[must_use]
    pub fn as_scalar(&self) -> Option<&Scalar> {
        match &self.kind {
            Kind::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// The decoded text of a scalar.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        self.as_scalar().map(|s| &*s.text)
    }

    /// The items of a list; none for anything else.
    #[must_use]
    pub fn items(&self) -> &[Node] {
        match &self.kind {
            Kind::Seq(items) => items,
            _ => &[],
        }
    }

    /// The entries of a mapping; none for anything else.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        match &self.kind {
            Kind::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The entry of a mapping with that key.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().find(|e| e.key.text() == key)
    }

    /// The value under that key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|e| &e.value)
    }

    #[must_use]
    pub fn is_seq(&self) -> bool {
        matches!(self.kind, Kind::Seq(_))
    }

    #[must_use]
    pub fn is_map(&self) -> bool {
        matches!(self.kind, Kind::Map(_))
    }

    #[must_use]
    pub fn is_broken(&self) -> bool {
        matches!(self.kind, Kind::Broken)
    }

    /// Nothing, `null` or `~`.
    #[must_use]
    pub fn is_null(&self) -> bool {
        self.as_scalar().is_some_and(Scalar::is_null)
    }

    #[must_use]
    pub fn as_bool_word(&self) -> Option<bool> {
        self.as_scalar().and_then(Scalar::as_bool_word)
    }

    /// What it is, in words: `a list`, `a mapping`, `a text`.
    #[must_use]
    pub fn what(&self) -> &'static str {
        match &self.kind {
            Kind::Scalar(s) if s.is_empty() => "nothing",
            Kind::Scalar(_) => "a text",
            Kind::Seq(_) => "a list",
            Kind::Map(_) => "a mapping",
            Kind::Broken => "something broken",
        }
    }
}
