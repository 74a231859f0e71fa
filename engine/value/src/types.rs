//! Types: what is declared of a value.

use std::sync::Arc;

use crate::{Text, TimeFormat, Unknown, UnknownKind, Value};

/// A declared type, as `language.md` §4 writes it. Cheap to clone.
#[derive(Clone, Debug, PartialEq)]
pub enum Type {
    Any,
    Null,
    Boolean,
    Integer,
    Number,
    Text,
    /// A whole number or a text, compared as text.
    Id,
    /// A text or a number that goes on as it came.
    Scalar,
    Time(Arc<TimeFormat>),
    Duration,
    /// Bytes counted: `4MB`.
    Size,
    /// A text that is a regular expression.
    Regex,
    /// A text that names a time zone.
    Zone,
    Url,
    /// A text that must not be seen.
    Secret,
    Bytes,
    List(Arc<Type>),
    /// Text keys, values of one type: a shape without fields whose `others` are of that type. See [`Type::map`].
    Map(Arc<ShapeType>),
    /// A least and a greatest value: `120s to 300s`.
    Range(Arc<Type>),
    /// May be null, and absent where it is a field.
    Optional(Arc<Type>),
    Shape(Arc<ShapeType>),
    Enum(Arc<Enum>),
    /// The first that fits.
    Union(Arc<[Type]>),
}

/// A named object.
#[derive(Debug, PartialEq)]
pub struct ShapeType {
    /// Empty where it was written in place.
    pub name: Text,
    pub fields: Vec<Field>,
    /// The type of fields that are not named; `None`: they may come, and nothing is said of them.
    pub others: Option<Type>,
}

/// A field of a shape.
#[derive(Debug, PartialEq)]
pub struct Field {
    pub name: Text,
    pub ty: Type,
    /// What it is when it is absent or null.
    pub default: Option<Value>,
}

/// A set of texts. An open one may have others.
#[derive(Debug, PartialEq)]
pub struct Enum {
    pub name: Text,
    pub values: Vec<Text>,
    pub open: bool,
}

impl PartialEq for Value {
    /// For tests and for the equality of types only; the language asks [`Value::equals`].
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Unknown(a), Self::Unknown(b)) => a == b,
            _ => self.equals(other) == Some(true),
        }
    }
}

impl Type {
    #[must_use]
    pub fn list(element: Self) -> Self {
        Self::List(Arc::new(element))
    }

    #[must_use]
    pub fn map(values: Self) -> Self {
        Self::Map(Arc::new(ShapeType { name: Text::default(), fields: Vec::new(), others: Some(values) }))
    }

    #[must_use]
    pub fn shape(name: impl Into<Text>, fields: Vec<Field>) -> Self {
        Self::Shape(Arc::new(ShapeType { name: name.into(), fields, others: None }))
    }

    /// The type, also null. Twice optional is optional.
    #[must_use]
    pub fn optional(self) -> Self {
        match self {
            Self::Optional(_) | Self::Any | Self::Null => self,
            other => Self::Optional(Arc::new(other)),
        }
    }

    /// The type without null.
    #[must_use]
    pub fn required(&self) -> &Self {
        match self {
            Self::Optional(inner) => inner,
            other => other,
        }
    }

    /// The type, also null, of a field that must be there.
    #[must_use]
    pub fn nullable(self) -> Self {
        if self.takes_null() { self } else { Self::Union([Self::Null, self].into()) }
    }

    /// Whether null fits, where something stands.
    #[must_use]
    pub fn takes_null(&self) -> bool {
        self.is_optional() || matches!(self, Self::Union(forms) if forms.iter().any(Self::takes_null))
    }

    /// Whether a field of it may be absent.
    #[must_use]
    pub fn is_optional(&self) -> bool {
        matches!(self, Self::Optional(_) | Self::Any | Self::Null)
    }

    /// ISO in all its spellings.
    #[must_use]
    pub fn timestamp() -> Self {
        Self::Time(Arc::new(TimeFormat::default()))
    }

    /// As it is written in a file: `list of optional text`, `link`, `CONNECTED or OFFLINE`.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Any => "any".into(),
            Self::Null => "null".into(),
            Self::Boolean => "boolean".into(),
            Self::Integer => "integer".into(),
            Self::Number => "number".into(),
            Self::Text => "text".into(),
            Self::Id => "id".into(),
            Self::Scalar => "scalar".into(),
            Self::Time(_) => "timestamp".into(),
            Self::Duration => "duration".into(),
            Self::Size => "size".into(),
            Self::Regex => "regex".into(),
            Self::Zone => "zone".into(),
            Self::Url => "url".into(),
            Self::Secret => "secret".into(),
            Self::Bytes => "bytes".into(),
            Self::List(element) => format!("list of {}", element.words()),
            Self::Map(values) => format!("map of {}", values.others.as_ref().map_or_else(|| "any".into(), Self::words)),
            Self::Range(of) => format!("range of {}", of.words()),
            Self::Optional(inner) => format!("optional {}", inner.words()),
            Self::Shape(shape) if !shape.name.is_empty() => shape.name.to_string(),
            Self::Shape(shape) => {
                let fields: Vec<String> =
                    shape.fields.iter().map(|f| format!("{}: {}", f.name, f.ty.words())).collect();
                format!("{{{}}}", fields.join(", "))
            }
            Self::Enum(set) if !set.name.is_empty() => set.name.to_string(),
            Self::Enum(set) => format!("[{}]", set.values.iter().map(Text::as_str).collect::<Vec<_>>().join(", ")),
            // elements of an empty list
            Self::Union(types) if types.is_empty() => "any".into(),
            Self::Union(types) => types.iter().map(Self::words).collect::<Vec<_>>().join(" or "),
        }
    }
}

impl Type {
    /// The words with their article, without `optional`: `an integer`, `a list of text`.
    #[must_use]
    pub fn noun(&self) -> String {
        let words = self.required().words();
        match words.as_str() {
            "null" | "bytes" => words,
            words if words.starts_with(['a', 'e', 'i', 'o']) => format!("an {words}"),
            words => format!("a {words}"),
        }
    }
}

impl ShapeType {
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.find(name, &mut 0)
    }

    /// The field of that name; `hint` is where the last one was.
    #[must_use]
    pub fn find(&self, name: &str, hint: &mut u32) -> Option<&Field> {
        match self.fields.get(*hint as usize) {
            Some(field) if field.name.as_str() == name => Some(field),
            _ => {
                let i = self.fields.iter().position(|f| f.name.as_str() == name)?;
                *hint = u32::try_from(i).unwrap_or(0);
                self.fields.get(i)
            }
        }
    }
}

impl Field {
    /// Whether it may be null where it stands, or be absent.
    pub(crate) fn may_be_null(&self, stands: bool) -> bool {
        self.ty.is_optional() || stands && self.ty.takes_null()
    }

    /// The field of a map in which `raw` stands (`None`: absent).
    #[must_use]
    pub fn read(&self, raw: Option<&Value>) -> Value {
        match raw {
            None | Some(Value::Null) => match &self.default {
                Some(default) => default.clone(),
                None if self.may_be_null(raw.is_some()) => Value::Null,
                None if raw.is_none() => {
                    Unknown::new(UnknownKind::Missing, format!("`{}` is missing", self.name)).into()
                }
                None => Unknown::new(
                    UnknownKind::Drift,
                    format!("`{}` is null, it should be {}", self.name, self.ty.noun()),
                )
                .into(),
            },
            Some(raw) => match raw.clone().typed(&self.ty) {
                Value::Unknown(unknown) if raw.as_unknown().is_none() => {
                    let reason = format!("`{}`: {}", self.name, unknown.reason);
                    Unknown { reason: reason.into(), ..(*unknown).clone() }.into()
                }
                value => value,
            },
        }
    }
}
