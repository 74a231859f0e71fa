//! Tables of keys: what may stand in a mapping, what kind of thing each key takes, and a sentence about it.
//!
//! The readers of [`crate::ast`] refuse what these tables do not hold, and the JSON Schemas with their hover texts are made from them, so
//! that the two cannot drift.

/// A mapping with fixed keys.
#[derive(Debug)]
pub(crate) struct Keys {
    /// Its name in the schema.
    pub(crate) id: &'static str,
    /// In messages: `a trigger`.
    pub(crate) what: &'static str,
    pub(crate) groups: &'static [&'static [Key]],
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Key {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) needed: bool,
    /// One sentence, shown by editors.
    pub(crate) doc: &'static str,
}

/// What stands under a key.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    /// Any text, number, word.
    Text,
    /// A name: no blanks, no marks.
    Name,
    /// One of these words.
    Word(&'static [&'static str]),
    /// `yes` or `no`.
    Flag,
    /// An expression; the `=` may be left out.
    Expr,
    /// A literal of that kind, or `=…`: `a duration`.
    Literal(&'static str),
    /// Anything, nothing too.
    Value,
    /// A type in words, a list of an enum's texts, a shape.
    Type,
    List(&'static Kind),
    /// Free names; what they are: `flow`, `field`.
    Map(&'static str, &'static Kind),
    Keys(&'static Keys),
    /// Fixed keys, and free names beside them.
    Open(&'static Keys, &'static Kind),
    /// A list of steps, with the verbs of the file's dialect.
    Steps,
    /// One of several sets of keys: `a trigger`, `a step`.
    Choices(&'static Choices),
    Any(&'static [Kind]),
}

/// A mapping that is known by one of its keys.
#[derive(Debug)]
pub(crate) struct Choices {
    pub(crate) id: &'static str,
    pub(crate) what: &'static str,
    pub(crate) list: &'static [Choice],
}

#[derive(Debug)]
pub(crate) struct Choice {
    /// The key that says which it is.
    pub(crate) key: &'static str,
    pub(crate) keys: &'static Keys,
}

/// Whose steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    Workflow,
    Connector,
}

/// A key that may be missing.
pub(crate) const fn may(name: &'static str, kind: Kind, doc: &'static str) -> Key {
    Key { name, kind, needed: false, doc }
}

/// A key that must be there.
pub(crate) const fn must(name: &'static str, kind: Kind, doc: &'static str) -> Key {
    Key { name, kind, needed: true, doc }
}

impl Keys {
    pub(crate) fn iter(&self) -> impl Iterator<Item = &'static Key> {
        self.groups.iter().flat_map(|group| group.iter())
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.iter().map(|k| k.name)
    }

    pub(crate) fn find(&self, name: &str) -> Option<&'static Key> {
        self.iter().find(|k| k.name == name)
    }
}

impl Choices {
    pub(crate) fn find(&self, key: &str) -> Option<&'static Choice> {
        self.list.iter().find(|c| c.key == key)
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.list.iter().map(|c| c.key)
    }
}

impl Kind {
    /// The words that can stand here; none where words are not fixed.
    pub(crate) fn words(self) -> Vec<&'static str> {
        match self {
            Self::Word(words) => words.to_vec(),
            Self::Any(kinds) => kinds.iter().flat_map(|k| k.words()).collect(),
            _ => vec![],
        }
    }

    /// What is expected, in words.
    pub(crate) fn what(self) -> String {
        match self {
            Self::Text => "a text".into(),
            Self::Name => "a name".into(),
            Self::Word(words) => wf_source::one_of(words.iter().copied(), 9),
            Self::Flag => "yes or no".into(),
            Self::Expr => "an expression".into(),
            Self::Literal(what) => format!("{what}, or `=…`"),
            Self::Value => "a value".into(),
            Self::Type => "a type".into(),
            Self::List(of) => format!("a list of {}", plural(*of)),
            Self::Map(names, _) => format!("a mapping, `{names}: …`"),
            Self::Keys(keys) | Self::Open(keys, ..) => keys.what.into(),
            Self::Steps => "a list of steps".into(),
            Self::Choices(choices) => choices.what.into(),
            Self::Any(kinds) => kinds.iter().map(|k| k.what()).collect::<Vec<_>>().join(" or "),
        }
    }

    /// A tiny example of it.
    pub(crate) fn example(self, key: &str) -> Option<String> {
        let shown = match self {
            Self::List(Self::Name) => "[first, second]".into(),
            Self::List(Self::Text) => "[one, two]".into(),
            Self::List(Self::Keys(keys)) => format!("[{{{}: …}}]", keys.names().next()?),
            Self::List(Self::Choices(choices)) => format!("[{{{}: …}}]", choices.names().next()?),
            Self::List(_) => "[…, …]".into(),
            Self::Map(name, of) => format!("{{{name}: {}}}", if matches!(of, Self::Type) { "text" } else { "…" }),
            Self::Keys(keys) | Self::Open(keys, ..) => format!("{{{}: …}}", keys.names().next()?),
            Self::Choices(choices) => format!("{{{}: …}}", choices.names().next()?),
            Self::Steps => "[{call: connector.action}]".into(),
            Self::Expr => "a.b == 'x'".into(),
            Self::Literal("a duration") => "30s".into(),
            Self::Flag => "yes".into(),
            Self::Word(words) => (*words.first()?).into(),
            // a list, computed or not
            Self::Any([Self::Expr, Self::List(_), ..]) => "edges".into(),
            Self::Any(kinds) => return kinds.first()?.example(key),
            Self::Text | Self::Name | Self::Literal(_) | Self::Value | Self::Type => return None,
        };
        Some(format!("{key}: {shown}"))
    }
}

fn plural(kind: Kind) -> String {
    match kind {
        Kind::Text => "texts".into(),
        Kind::Name => "names".into(),
        Kind::Value => "values".into(),
        Kind::Literal(what) => format!("{}s", what.trim_start_matches("a ").trim_start_matches("an ")),
        Kind::Keys(Keys { what, .. }) | Kind::Open(Keys { what, .. }, _) | Kind::Choices(Choices { what, .. }) => {
            format!("{}s", what.trim_start_matches("a ").trim_start_matches("an "))
        }
        other => other.what(),
    }
}
