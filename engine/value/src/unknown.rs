//! What could not be learned, and why.

use std::sync::Arc;

use wf_source::Span;

use crate::{Text, Value};

/// Why something is unknown. Decides nothing but what people are told, and whether `ifUnknown` may look through it ([`Self::is_held`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UnknownKind {
    /// The call that would have told failed.
    Failed,
    /// A write that would have told was held back.
    Held,
    /// A required field is absent.
    Missing,
    /// A value is not of the type it was declared with.
    Drift,
    /// An operand or argument that the operation does not take, null among them.
    Operand,
    /// An index or a key that is not there, a number out of range.
    Range,
    /// A list of which some elements could not be judged.
    Partial,
    /// A decision table without a row that holds.
    NoRow,
    /// A limit on time, size or depth was reached.
    Limit,
}

impl UnknownKind {
    #[must_use]
    pub fn is_held(self) -> bool {
        self == Self::Held
    }

    /// One word for reports and metrics.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::Held => "held",
            Self::Missing => "missing",
            Self::Drift => "drift",
            Self::Operand => "operand",
            Self::Range => "range",
            Self::Partial => "partial",
            Self::NoRow => "no_row",
            Self::Limit => "limit",
        }
    }
}

/// The reason that an unknown value carries: the first one in reading order.
#[derive(Clone, Debug, PartialEq)]
pub struct Unknown {
    pub kind: UnknownKind,
    /// A sentence without full stop: `siteName is missing`, `crm.get_rows failed: 500 - boom`. Never holds a secret.
    pub reason: Text,
    /// The expression that met it first.
    pub span: Option<Span>,
    /// The call it came from, and the place inside its answer: `crm.get_rows, row 4711`.
    pub call: Option<Text>,
}

impl Unknown {
    #[must_use]
    pub fn new(kind: UnknownKind, reason: impl Into<Text>) -> Self {
        Self { kind, reason: reason.into(), span: None, call: None }
    }

    #[must_use]
    pub fn at(mut self, span: Option<Span>) -> Self {
        self.span = self.span.or(span);
        self
    }

    #[must_use]
    pub fn from_call(mut self, call: Option<Text>) -> Self {
        self.call = self.call.or(call);
        self
    }

    /// The reason with the call it came from.
    #[must_use]
    pub fn sentence(&self) -> String {
        match &self.call {
            Some(call) => format!("{} ({call})", self.reason),
            None => self.reason.to_string(),
        }
    }
}

impl Value {
    /// The first unknown in a value that is to be sent, wherever it stands, in reading order; what was set aside of a list or map is one.
    /// Members are looked at as they came: what a type says of them shows when they are read.
    #[must_use]
    pub fn first_unknown(&self) -> Option<Arc<Unknown>> {
        // an explicit stack: values from outside nest as they like
        let mut stack = vec![self];
        while let Some(value) = stack.pop() {
            match value {
                Self::Unknown(why) => return Some(why.clone()),
                Self::List(list) => {
                    if let Some(why) = list.partial_reason() {
                        return Some(why.into());
                    }
                    stack.extend(list.raw().iter().rev());
                }
                Self::Map(map) => {
                    if let Some(aside) = map.aside().first() {
                        return Some(aside.reason.clone());
                    }
                    stack.extend(map.raw_values().iter().rev());
                }
                Self::Secret(secret) => stack.push(secret.expose()),
                _ => {}
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{List, Map, SetAside};

    fn unknown(reason: &str) -> Value {
        Unknown::new(UnknownKind::Missing, reason).into()
    }

    fn reason(value: &Value) -> Option<String> {
        value.first_unknown().map(|why| why.reason.to_string())
    }

    #[test]
    fn the_first_unknown_in_reading_order_is_found_however_deep() {
        let inner: Map = [("a".into(), Value::Null), ("b".into(), unknown("b"))].into_iter().collect();
        let value: Value = vec![Value::Int(1), inner.into(), unknown("later")].into();
        assert_eq!(reason(&value).as_deref(), Some("b"));
        assert_eq!(reason(&vec![Value::Int(1), Value::Null].into()), None);
    }

    #[test]
    fn a_partial_list_is_unknown_though_its_elements_are_not() {
        let why = Unknown::new(UnknownKind::Missing, "x is missing").into();
        let aside = SetAside { value: Value::Null, reason: why, place: "element 2".into() };
        let list = List::partial(vec![Value::Int(1)], vec![aside]);
        assert!(reason(&list.into()).is_some_and(|reason| reason.contains("x is missing")));
    }

    #[test]
    fn a_secret_hides_nothing_that_is_unknown() {
        let hidden: Map = [("key".into(), unknown("the key"))].into_iter().collect();
        assert_eq!(reason(&Value::from(hidden).secret()).as_deref(), Some("the key"));
    }

    #[test]
    fn depth_takes_no_stack() {
        let deep = std::mem::ManuallyDrop::new((0..200_000).fold(unknown("deep"), |value, _| vec![value].into()));
        assert_eq!(reason(&deep).as_deref(), Some("deep"));
    }
}
