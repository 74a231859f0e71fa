//! Tables of keys: what may stand in a mapping, what kind of thing each key takes, and a sentence about it.
//!
//! The readers of [`crate::ast`] refuse what these tables do not hold, and the JSON Schemas with their hover texts are made from them, so
//! that the two cannot drift.

/// A mapping with fixed keys.
#[derive(Debug)]
pub struct Keys {
    /// Its name in the schema.
    pub id: &'static str,
    /// In messages: `a trigger`.
    pub what: &'static str,
    pub groups: &'static [&'static [Key]],
}

#[derive(Clone, Copy, Debug)]
pub struct Key {
    pub name: &'static str,
    pub kind: Kind,
    pub needed: bool,
    /// One sentence, shown by editors.
    pub doc: &'static str,
}

/// What stands under a key.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
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
    /// A list of steps.
    Steps(Dialect),
    /// One of several sets of keys: `a trigger`, `a step`.
    Choices(&'static Choices),
    Any(&'static [Kind]),
}

/// A mapping that is known by one of its keys.
#[derive(Debug)]
pub struct Choices {
    pub id: &'static str,
    pub what: &'static str,
    pub list: &'static [Choice],
}

#[derive(Debug)]
pub struct Choice {
    /// The key that says which it is.
    pub key: &'static str,
    /// Keys of other choices that are its modifiers: a `for` has a `run`.
    pub keys: &'static Keys,
}

/// Whose steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    Workflow,
    Connector,
}

/// A key that may be missing.
#[must_use]
pub const fn may(name: &'static str, kind: Kind, doc: &'static str) -> Key {
    Key { name, kind, needed: false, doc }
}

/// A key that must be there.
#[must_use]
pub const fn must(name: &'static str, kind: Kind, doc: &'static str) -> Key {
    Key { name, kind, needed: true, doc }
}

impl Keys {
    pub fn iter(&self) -> impl Iterator<Item = &'static Key> {
        self.groups.iter().flat_map(|group| group.iter())
    }

    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.iter().map(|k| k.name)
    }

    #[must_use]
    pub fn find(&self, name: &str) -> Option<&'static Key> {
        self.iter().find(|k| k.name == name)
    }
}

impl Choices {
    #[must_use]
    pub fn find(&self, key: &str) -> Option<&'static Choice> {
        self.list.iter().find(|c| c.key == key)
    }

    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.list.iter().map(|c| c.key)
    }
}

impl Kind {
    /// What is expected, in words.
    #[must_use]
    pub fn what(self) -> String {
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
            Self::Keys(keys) => keys.what.into(),
            Self::Steps(_) => "a list of steps".into(),
            Self::Choices(choices) => choices.what.into(),
            Self::Any(kinds) => kinds.iter().map(|k| k.what()).collect::<Vec<_>>().join(" or "),
        }
    }

    /// A tiny example of it.
    #[must_use]
    pub fn example(self, key: &str) -> Option<String> {
        let shown = match self {
            Self::List(Self::Name) => "[first, second]".into(),
            Self::List(Self::Text) => "[one, two]".into(),
            Self::List(Self::Keys(keys)) => format!("[{{{}: …}}]", keys.names().next()?),
            Self::List(Self::Choices(choices)) => format!("[{{{}: …}}]", choices.names().next()?),
            Self::List(_) => "[…, …]".into(),
            Self::Map(name, of) => format!("{{{name}: {}}}", if matches!(of, Self::Type) { "text" } else { "…" }),
            Self::Keys(keys) => format!("{{{}: …}}", keys.names().next()?),
            Self::Choices(choices) => format!("{{{}: …}}", choices.names().next()?),
            Self::Steps(_) => "[{call: connector.action}]".into(),
            Self::Expr => "a.b == 'x'".into(),
            Self::Literal("a duration") => "30s".into(),
            Self::Flag => "yes".into(),
            Self::Word(words) => (*words.first()?).into(),
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
        Kind::Keys(Keys { what, .. }) | Kind::Choices(Choices { what, .. }) => {
            format!("{}s", what.trim_start_matches("a ").trim_start_matches("an "))
        }
        other => other.what(),
    }
}
