//! The entries of a mapping, checked against a table of keys.

use wf_source::{Diagnostic, Span};

use super::{Reader, synonym};
use crate::{
    ast::rules,
    keys::{Choices, Key, Keys, Kind},
    tree::{Entry, Kind as NodeKind, Node},
};

/// Unknown keys of one mapping that are told; with more the whole is something else.
const MAX_STRANGERS: usize = 20;

/// A mapping whose keys are known: what does not fit was reported when it was opened, and is not given out.
#[derive(Clone, Copy)]
pub(crate) struct Fields<'n> {
    pub(crate) node: &'n Node,
    keys: &'static Keys,
}

impl<'n> Fields<'n> {
    /// Reports unknown keys, missing ones (at `owner`), and values of the wrong kind. `None` when it is no mapping.
    pub(crate) fn open(reader: &mut Reader<'_>, node: &'n Node, keys: &'static Keys, owner: Span) -> Option<Self> {
        Self::open_choice(reader, node, keys, owner, None)
    }

    /// The same for one of several choices; a key of another choice is told as such.
    pub(crate) fn open_choice(
        reader: &mut Reader<'_>,
        node: &'n Node,
        keys: &'static Keys,
        owner: Span,
        choices: Option<&'static Choices>,
    ) -> Option<Self> {
        if node.is_broken() {
            return None;
        }
        if !node.is_map() {
            reader.wrong_kind(node, "", Kind::Keys(keys));
            return None;
        }
        let fields = Self { node, keys };
        let meant = fields.check_entries(reader, choices);
        if !fields.may_lack() {
            fields.check_missing(reader, owner, &meant);
        }
        Some(fields)
    }

    /// Entries may be missing because a part could not be read.
    fn may_lack(&self) -> bool {
        self.node.entries().iter().any(|e| e.key.text().is_empty())
    }

    /// Gives the keys that misspelt ones were meant to be: nobody has to miss these.
    fn check_entries(&self, reader: &mut Reader<'_>, choices: Option<&'static Choices>) -> Vec<&'static str> {
        let mut meant = vec![];
        let mut before: Option<&Entry> = None;
        let mut strangers = 0;
        for entry in self.node.entries().iter().filter(|e| !e.key.text().is_empty()) {
            let known = self.keys.find(entry.key.text());
            match known {
                None if strangers >= MAX_STRANGERS => {}
                None => {
                    strangers += 1;
                    let misplaced = before.filter(|b| b.value.is_null() && self.takes_entries(b));
                    meant.extend(self.unknown(reader, entry, choices, misplaced));
                    if misplaced.is_some() {
                        // all that follows has the same cause
                        return self.keys.names().collect();
                    }
                }
                Some(key) if !fits(key.kind, &entry.value) => {
                    let next = self.node.entries().iter().skip_while(|e| e.key.span != entry.key.span).nth(1);
                    let outdented =
                        entry.value.is_null() && next.is_some_and(|n| self.keys.find(n.key.text()).is_none());
                    if !outdented {
                        wrong(reader, entry, key);
                    }
                    if key.name == "for" {
                        // `for: x in list` has its list, in the wrong place
                        meant.push("in");
                    }
                }
                Some(_) => {}
            }
            before = Some(entry);
        }
        meant
    }

    fn takes_entries(&self, entry: &Entry) -> bool {
        self.keys.find(entry.key.text()).is_some_and(|k| !fits(k.kind, &entry.value))
    }

    /// Reports an unknown key; gives the one that was meant.
    fn unknown(
        &self,
        reader: &mut Reader<'_>,
        entry: &Entry,
        choices: Option<&'static Choices>,
        under: Option<&Entry>,
    ) -> Option<&'static str> {
        let name = entry.key.text();
        let unknown =
            Diagnostic::error(&rules::UNKNOWN_KEY, entry.key.span, format!("{} has no key `{name}`", self.keys.what));
        if let Some(under) = under {
            reader.push(
                unknown
                    .note(Some(under.key.span), format!("`{}` has nothing in it", under.key.text()))
                    .help(format!("if it belongs to `{}` indent it deeper", under.key.text())),
            );
            return None;
        }
        let elsewhere = choices.and_then(|c| {
            let mine = c.list.iter().find(|choice| std::ptr::eq(choice.keys, self.keys))?;
            Some((
                mine.key,
                c.list.iter().filter(|choice| choice.keys.find(name).is_some()).map(|c| c.key).collect::<Vec<_>>(),
            ))
        });
        if let Some((mine, owners)) = elsewhere.filter(|(_, owners)| !owners.is_empty()) {
            let owners = owners.iter().map(|o| format!("`{o}`")).collect::<Vec<_>>();
            let owners = wf_source::one_of(owners.iter().map(String::as_str), 6);
            let message = format!("`{name}` does not stand beside `{mine}`");
            let misplaced = Diagnostic::error(&rules::MISPLACED_KEY, entry.key.span, message);
            let here = synonym(name, |n| self.keys.find(n).is_some() && self.node.entry(n).is_none());
            reader.push(match here {
                Some(_) => misplaced.did_you_mean(here, entry.key.span),
                None => {
                    misplaced.help(format!("it belongs to {owners}; beside `{mine}` may stand {}", self.allowed(mine)))
                }
            });
            return None;
        }
        // what other languages call `on` is called `when`, because YAML reads `on` as a boolean
        let near = if name == "on" { self.keys.names().find(|n| *n == "when") } else { None };
        let absent = |n: &str| self.keys.find(n).is_some() && self.node.entry(n).is_none();
        let near = near.or_else(|| synonym(name, absent));
        let near = near.or_else(|| wf_source::nearest(name, self.keys.names().filter(|n| absent(n))));
        let near = near.and_then(|n| self.keys.find(n)).map(|k| k.name);
        reader.push(match near {
            Some(_) => unknown.did_you_mean(near, entry.key.span),
            None => unknown.help(format!("it may have {}", self.allowed(""))),
        });
        near
    }

    fn allowed(&self, but: &str) -> String {
        wf_source::one_of(self.keys.names().filter(|n| *n != but), 40)
    }

    fn check_missing(&self, reader: &mut Reader<'_>, owner: Span, meant: &[&str]) {
        let missing = self.keys.iter().filter(|k| k.needed && self.node.entry(k.name).is_none());
        for key in missing.filter(|k| !meant.contains(&k.name)) {
            let missing =
                Diagnostic::error(&rules::MISSING_KEY, owner, format!("{} needs `{}`", self.keys.what, key.name));
            let example = key.kind.example(key.name).unwrap_or_else(|| format!("{}: …", key.name));
            reader.push(missing.help(format!("`{example}`: {}", lower_first(key.doc.trim_end_matches('.')))));
        }
    }

    /// The value under a key, when it is there and of the right kind.
    pub(crate) fn get(&self, name: &str) -> Option<&'n Node> {
        let key = self.keys.find(name);
        debug_assert!(key.is_some(), "`{name}` is not in the table of {}", self.keys.what);
        let value = self.node.get(name)?;
        key.filter(|k| fits(k.kind, value)).map(|_| value)
    }

    /// The same for a key that not every table of this construct holds.
    pub(crate) fn maybe(&self, name: &str) -> Option<&'n Node> {
        self.keys.find(name)?;
        self.get(name)
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.node.entry(name).is_some()
    }

    /// Where the key stands.
    pub(crate) fn key_span(&self, name: &str) -> Span {
        self.node.entry(name).map_or(self.node.span, |e| e.key.span)
    }
}

fn wrong(reader: &mut Reader<'_>, entry: &Entry, key: &'static Key) {
    if entry.value.is_null() {
        let message = format!("`{}` has no value", key.name);
        let mut diagnostic = Diagnostic::error(&rules::WRONG_KIND, entry.key.span, message)
            .label(format!("expected {}", key.kind.what()));
        if let Some(example) = key.kind.example(key.name) {
            diagnostic = diagnostic.help(format!("as in `{example}`; or leave it out"));
        }
        reader.push(diagnostic);
        return;
    }
    let words = key.kind.words();
    if let Some(text) = entry.value.as_text().filter(|_| !words.is_empty()) {
        let message = format!("`{}` is {}, not `{text}`", key.name, key.kind.what());
        let found = Diagnostic::error(&rules::WRONG_WORD, entry.value.span, message);
        reader.push(match wf_source::nearest(text, words) {
            Some(near) => found.did_you_mean(Some(near), entry.value.span),
            None if key.name == "on_error" && text == "leave_out" => found
                .help("only a `for` leaves items out; `skip` ends the item or the flow, `ignore` goes on without it"),
            None if key.name == "on_error" && matches!(text, "skip" | "ignore") => {
                found.help("items that fail never end a loop: `leave_out` drops them from its `values`")
            }
            None => found,
        });
        return;
    }
    if let (Kind::Flag, Some(text)) = (key.kind, entry.value.as_text()) {
        // people switch writes, and answer what is asked
        let words = if key.name == "writes" { "on or off" } else { "yes or no" };
        reader.error(&rules::WRONG_WORD, entry.value.span, format!("`{}` is {words}, not `{text}`", key.name));
        return;
    }
    if let (Kind::Name, Some(text)) = (key.kind, entry.value.as_text()) {
        if let Some((item, list)) = text.split_once(" in ").filter(|(item, _)| key.name == "for" && is_name(item)) {
            let list = list.trim();
            reader.push(
                Diagnostic::error(&rules::NO_NAME, entry.value.span, "`for` takes the name of the item alone")
                    .help(format!("write `for: {item}`, and below it `in: {list}`")),
            );
            return;
        }
        let mut diagnostic = Diagnostic::error(
            &rules::NO_NAME,
            entry.value.span,
            format!("`{}` takes a name, and `{text}` is none", key.name),
        );
        if let Some(name) = text.strip_prefix('=') {
            diagnostic = diagnostic
                .help(format!("names of flows, actions and loops stand without `=`: `{name}`"))
                .fix(entry.value.span, name);
        }
        reader.push(diagnostic);
        return;
    }
    reader.wrong_kind(&entry.value, key.name, key.kind);
}

/// Whether a node can be what is expected, by its form alone.
pub(crate) fn fits(kind: Kind, node: &Node) -> bool {
    match (&node.kind, kind) {
        (NodeKind::Broken, _) | (_, Kind::Value) => true,
        (_, Kind::Any(kinds)) => kinds.iter().any(|k| fits(*k, node)),
        (NodeKind::Scalar(s), Kind::Word(words)) => words.contains(&&*s.text),
        (NodeKind::Scalar(s), Kind::Flag) => s.as_bool_word().is_some(),
        (NodeKind::Scalar(s), Kind::Name) => !s.is_null() && is_name(&s.text),
        (NodeKind::Scalar(s), Kind::Text) => !s.is_empty(),
        (NodeKind::Scalar(s), Kind::Expr | Kind::Literal(_) | Kind::Type) => !s.is_null() || s.text.as_ref() == "null",
        (NodeKind::Seq(_), Kind::List(_) | Kind::Steps | Kind::Type) => true,
        (NodeKind::Map(_), Kind::Map(..) | Kind::Keys(_) | Kind::Open(..) | Kind::Choices(_) | Kind::Type) => true,
        _ => false,
    }
}

/// No blanks and no marks: what a flow, an action, a loop's item can be called.
pub(crate) fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '*'))
        && text.starts_with(|c: char| c.is_alphanumeric() || c == '_')
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |c| c.to_lowercase().chain(chars).collect())
}
