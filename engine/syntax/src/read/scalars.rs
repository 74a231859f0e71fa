//! Names, texts, expressions, and lists of them.

use wf_source::Diagnostic;

use super::{Fields, Reader, fields::is_name};
use crate::{
    ast::{Binding, Listing, Name, Spanned, Text, rules},
    keys::Kind,
    tree::{Entry, Node, Style, repair, traps},
};

impl Reader<'_> {
    /// The raw text of a scalar; `None` for anything else, which was reported.
    pub(crate) fn name(&mut self, node: Option<&Node>) -> Option<Name> {
        let node = node?;
        Some(Spanned::new(node.as_scalar()?.text.clone(), node.span))
    }

    pub(crate) fn flag(&mut self, node: Option<&Node>) -> Option<Spanned<bool>> {
        let node = node?;
        Some(Spanned::new(node.as_bool_word()?, node.span))
    }

    /// A text in which holes may stand.
    pub(crate) fn text(&mut self, node: Option<&Node>) -> Option<Text> {
        let node = node?;
        Some(Text::new(node.as_scalar()?, node.span, false))
    }

    /// An expression where only one makes sense. One that a remark cut short is reported.
    pub(crate) fn expr(&mut self, node: Option<&Node>) -> Option<Text> {
        let node = node?;
        let scalar = node.as_scalar()?;
        if let Some(remark) = scalar.remark
            && scalar.style == Style::Plain
            && repair::is_open(&scalar.text)
        {
            let cut = traps::cut(self.text, node.span, remark);
            self.push(cut);
            return None;
        }
        if scalar.is_computed() {
            self.marks.push(scalar.map.span(0, 1));
        }
        Some(Text::new(scalar, node.span, true))
    }

    /// A computed list, or one of YAML.
    pub(crate) fn listing(&mut self, node: Option<&Node>) -> Option<Listing> {
        let node = node?;
        if node.is_seq() { Some(Listing::Literal(node.clone())) } else { self.expr(Some(node)).map(Listing::Computed) }
    }

    /// A list of raw texts; `key` is where it stands.
    pub(crate) fn names(&mut self, node: Option<&Node>, key: &str) -> Vec<Name> {
        let Some(node) = node else { return vec![] };
        let mut names = vec![];
        for item in node.items() {
            match item.as_scalar() {
                Some(scalar) => names.push(Spanned::new(scalar.text.clone(), item.span)),
                None => self.wrong_kind(item, key, Kind::Text),
            }
        }
        names
    }

    /// A list of names that expressions use; others are reported.
    pub(crate) fn identifiers(&mut self, node: Option<&Node>, key: &str) -> Vec<Name> {
        let names = self.names(node, key);
        for name in names.iter().filter(|n| !is_name(&n.value)) {
            let message = format!("`{}` takes names, and `{}` is none", key, name.value);
            self.push(Diagnostic::error(&rules::NO_NAME, name.span, message).label("letters, digits and `_`"));
        }
        names.into_iter().filter(|n| is_name(&n.value)).collect()
    }

    /// One raw text, or a list of them.
    pub(crate) fn one_or_many(&mut self, node: Option<&Node>, key: &str) -> Vec<Name> {
        match node {
            Some(node) if node.as_scalar().is_some() => self.name(Some(node)).into_iter().collect(),
            other => self.names(other, key),
        }
    }

    /// Texts, one each.
    pub(crate) fn texts(&mut self, node: Option<&Node>, key: &str) -> Vec<Text> {
        let mut texts = vec![];
        for item in node.map(Node::items).unwrap_or_default() {
            match item.as_scalar() {
                Some(_) => texts.extend(self.text(Some(item))),
                None => self.wrong_kind(item, key, Kind::Text),
            }
        }
        texts
    }

    /// Expressions, one each: the paths of `about`.
    pub(crate) fn exprs(&mut self, node: Option<&Node>, key: &str) -> Option<Vec<Text>> {
        let mut texts = vec![];
        for item in node?.items() {
            if item.as_scalar().is_some() {
                texts.extend(self.expr(Some(item)));
            } else {
                self.wrong_kind(item, key, Kind::Expr);
            }
        }
        Some(texts)
    }

    /// Values by name; the names must be such that expressions can use them.
    pub(crate) fn bindings(&mut self, node: Option<&Node>, what: &str) -> Vec<Binding> {
        let Some(node) = node else { return vec![] };
        let entries: Vec<&Entry> = node.entries().iter().filter(|e| !e.key.text().is_empty()).collect();
        entries
            .into_iter()
            .filter(|e| self.identifier(e, what))
            .map(|e| Binding { name: (&e.key).into(), value: e.value.clone() })
            .collect()
    }

    /// Values by any text: fields of a vendor, keys of a store, dotted settings.
    pub(crate) fn entries(&mut self, node: Option<&Node>) -> Vec<Binding> {
        let Some(node) = node else { return vec![] };
        let entries = node.entries().iter().filter(|e| !e.key.text().is_empty());
        entries.map(|e| Binding { name: (&e.key).into(), value: e.value.clone() }).collect()
    }

    /// Reports a name that no expression could use.
    fn identifier(&mut self, entry: &Entry, what: &str) -> bool {
        let name = entry.key.text();
        let fine = name.starts_with(|c: char| c.is_alphabetic() || c == '_')
            && name.chars().all(|c| c.is_alphanumeric() || c == '_');
        if !fine {
            let repaired: String =
                name.trim().chars().map(|c| if c.is_alphanumeric() || c == '_' { c } else { '_' }).collect();
            let usable = repaired.starts_with(|c: char| c.is_alphabetic() || c == '_');
            let mut diagnostic =
                Diagnostic::error(&rules::NO_NAME, entry.key.span, format!("`{name}` cannot be the name of {what}"))
                    .label("letters, digits and `_`, beginning with a letter");
            if name.contains([')', '(', '\'', '"', '=']) {
                diagnostic = diagnostic.help("if it is a part of the text before it, put quotes around the whole");
            } else if usable {
                diagnostic = diagnostic.help(format!("write `{repaired}`")).fix(entry.key.span, repaired);
            }
            self.push(diagnostic);
        }
        fine
    }

    /// Reports a name of a flow, a table, an action that nobody could call.
    pub(crate) fn callable(&mut self, entry: &Entry, what: &str) -> bool {
        let fine = is_name(entry.key.text()) && !entry.key.text().contains('*');
        if !fine {
            let message = format!("`{}` cannot be the name of {what}", entry.key.text());
            self.push(
                Diagnostic::error(&rules::NO_NAME, entry.key.span, message).label("letters, digits, `_`, `-` and `.`"),
            );
        }
        fine
    }

    /// Entries of a section of free names, each of which must be of that kind.
    pub(crate) fn section<'n>(&mut self, node: Option<&'n Node>, what: &str, kind: Kind) -> Vec<&'n Entry> {
        let Some(node) = node else { return vec![] };
        let mut entries = vec![];
        for entry in node.entries().iter().filter(|e| !e.key.text().is_empty()) {
            if !self.callable(entry, what) {
                continue;
            }
            if super::fields::fits(kind, &entry.value) {
                entries.push(entry);
            } else if entry.value.is_null() {
                let message = format!("`{}` has nothing in it", entry.key.text());
                self.push(
                    Diagnostic::error(&rules::WRONG_KIND, entry.key.span, message)
                        .label(format!("expected {}", kind.what())),
                );
            } else {
                self.wrong_kind(&entry.value, entry.key.text(), kind);
            }
        }
        entries
    }

    pub(crate) fn nodes(&mut self, node: Option<&Node>) -> Vec<Node> {
        node.map(|n| n.items().to_vec()).unwrap_or_default()
    }
}

impl<'n> Fields<'n> {
    /// The value as it stands, for places that take any.
    pub(crate) fn value(&self, name: &str) -> Option<Node> {
        self.get(name).cloned()
    }
}
