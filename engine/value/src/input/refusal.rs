//! Why an input is refused: one entry for each bad field.

use std::fmt;

use crate::{MapBuilder, Text, Type, Value};

/// A step on the way to a value inside an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    Field(Text),
    /// From 0.
    Element(usize),
}

/// One thing that is wrong with an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Where; empty: the input as a whole.
    pub place: Vec<Step>,
    /// What is expected there, as a sentence about the place: `should be an integer, it is 'abc'`.
    pub expectation: String,
    /// `value_error.missing`, `type_error.integer` …: the codes that callers know.
    pub code: &'static str,
}

impl Refusal {
    pub(super) fn new(code: &'static str, expectation: impl Into<String>) -> Self {
        Self { place: Vec::new(), expectation: expectation.into(), code }
    }

    pub(super) fn missing(ty: &Type) -> Self {
        Self::new("value_error.missing", format!("is missing, it should be {}", a(ty)))
    }

    pub(super) fn null(ty: &Type) -> Self {
        Self::new("type_error.none.not_allowed", format!("is null, it should be {}", a(ty)))
    }

    /// The value is of another type.
    pub(super) fn of(ty: &Type, value: &Value) -> Self {
        let is = match value {
            // what was meant as a secret must not be told
            _ if matches!(ty, Type::Secret) => value.kind().to_owned(),
            Value::Text(text) if text.chars().count() <= 60 => format!("'{text}'"),
            Value::Int(_) | Value::Float(_) | Value::Bool(_) => value.print_lenient().to_string(),
            other => other.kind().to_owned(),
        };
        Self::new(code(ty), format!("should be {}, it is {is}", a(ty)))
    }

    pub(super) fn inside(mut self, step: Step) -> Self {
        self.place.insert(0, step);
        self
    }

    /// All of them in one text.
    #[must_use]
    pub fn sentence(refusals: &[Self]) -> String {
        refusals.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
    }

    /// `{loc, msg, type}`; `loc` is `[__root__]` for the input as a whole.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let step = |step: &Step| match step {
            Step::Field(name) => Value::Text(name.clone()),
            Step::Element(i) => Value::Int(i64::try_from(*i).unwrap_or(i64::MAX)),
        };
        let loc = if self.place.is_empty() { vec!["__root__".into()] } else { self.place.iter().map(step).collect() };
        let mut entry = MapBuilder::with_capacity(3);
        entry.insert("loc".into(), Value::from(loc));
        entry.insert("msg".into(), self.expectation.as_str().into());
        entry.insert("type".into(), self.code.into());
        entry.finish().into()
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, step) in self.place.iter().enumerate() {
            match step {
                Step::Field(name) if i == 0 => write!(f, "{name}")?,
                Step::Field(name) => write!(f, ".{name}")?,
                Step::Element(at) => write!(f, "[{at}]")?,
            }
        }
        if self.place.is_empty() {
            write!(f, "the body {}", self.expectation)
        } else {
            write!(f, " {}", self.expectation)
        }
    }
}

/// What callers are told to give.
pub(super) fn a(ty: &Type) -> String {
    match ty.required() {
        Type::Any => "given".into(),
        Type::Enum(set) if !set.open => wf_source::one_of(set.values.iter().map(Text::as_str), 6),
        Type::Time(format) if format.zone().is_none() => "a timestamp with its zone".into(),
        Type::Bytes => "bytes in base64".into(),
        Type::Scalar => "a text or a number".into(),
        ty @ (Type::Map(_) | Type::Shape(_)) => format!("an object ({})", ty.words()),
        ty => ty.noun(),
    }
}

/// The code of what is not of that type.
fn code(ty: &Type) -> &'static str {
    match ty.required() {
        Type::Integer | Type::Size => "type_error.integer",
        Type::Number => "type_error.float",
        Type::Text | Type::Scalar | Type::Id | Type::Url | Type::Zone | Type::Regex | Type::Secret => "type_error.str",
        Type::Boolean => "type_error.bool",
        Type::List(_) | Type::Range(_) => "type_error.list",
        Type::Map(_) | Type::Shape(_) => "type_error.dict",
        Type::Enum(_) => "type_error.enum",
        _ => "type_error",
    }
}
