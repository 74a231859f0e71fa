//! What an action or a flow wants to be given.

use crate::{Text, Type, Value};

/// The input of an action or a flow.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct InputSpec {
    pub fields: Vec<InputField>,
    /// What happens to fields that are not named.
    pub extra: Extra,
    /// `nulls: refuse`: null is refused where it would otherwise count as absent, because a filter that is null must not become no filter.
    pub refuse_nulls: bool,
    /// `needs`: paths that must be filled: not null, empty or 0. The path `input` is the whole input.
    pub needs: Vec<Text>,
    /// `any_of`: one of these paths must be given (a 0 is). Empty: nothing is asked.
    pub any_of: Vec<Text>,
}

/// A field of an input.
#[derive(Clone, Debug, PartialEq)]
pub struct InputField {
    pub name: Text,
    pub ty: Type,
    pub presence: Presence,
    /// Makes the field one that may be absent, null or empty, whatever its `presence` but [`Presence::Nullable`].
    pub default: Option<Fallback>,
    /// Empty texts, lists and maps are values, not as good as absent.
    pub keep_empty: bool,
    /// One element counts as a list of one.
    pub single: bool,
    /// The least and the greatest that are taken.
    pub min: Option<Value>,
    pub max: Option<Value>,
}

/// Whether a field must be there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Presence {
    /// Must be there, not null.
    #[default]
    Required,
    /// May be absent or null.
    Optional,
    /// Must be there, may be null.
    Nullable,
}

/// What stands for a field that is not given.
#[derive(Clone, Debug, PartialEq)]
pub enum Fallback {
    Value(Value),
    /// An expression of the file; whoever takes the input computes it.
    Computed,
}

/// Fields that are not named.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Extra {
    /// Dropped.
    #[default]
    Drop,
    /// Texts and numbers, and lists of them, pass; others are refused.
    Scalars,
    /// Everything passes.
    Any,
}

impl InputField {
    #[must_use]
    pub fn required(name: impl Into<Text>, ty: Type) -> Self {
        Self {
            name: name.into(),
            ty,
            presence: Presence::Required,
            default: None,
            keep_empty: false,
            single: false,
            min: None,
            max: None,
        }
    }

    #[must_use]
    pub fn optional(name: impl Into<Text>, ty: Type) -> Self {
        Self { presence: Presence::Optional, ..Self::required(name, ty) }
    }

    /// Whether what is given is taken as it is, null, empty, and the nulls inside it too: the value of a record by key.
    #[must_use]
    pub fn takes_all(&self) -> bool {
        self.presence == Presence::Nullable && self.keep_empty
    }

    /// Must be given, null or not.
    #[must_use]
    pub fn must_be_there(&self) -> bool {
        self.default.is_none() && self.presence != Presence::Optional
    }
}

impl InputSpec {
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&InputField> {
        self.fields.iter().find(|field| field.name.as_str() == name)
    }
}
