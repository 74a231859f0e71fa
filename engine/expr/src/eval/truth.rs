//! Conditions.

use std::sync::Arc;

use wf_value::{Unknown, UnknownKind, Value};

use crate::functions::Locals;
use crate::{Code, Ctx};

/// What a condition says. Unknown is not "no".
#[derive(Clone, Debug, PartialEq)]
pub enum Truth {
    Yes,
    No,
    Unknown(Arc<Unknown>),
}

impl Truth {
    /// What the value of the condition `code` says.
    #[must_use]
    pub fn of(value: Value, code: &Code) -> Self {
        match value {
            Value::Bool(true) => Self::Yes,
            Value::Bool(false) => Self::No,
            Value::Unknown(reason) => Self::Unknown(reason),
            Value::Secret(secret) if secret.expose().as_bool().is_some() => {
                if secret.expose().as_bool() == Some(true) {
                    Self::Yes
                } else {
                    Self::No
                }
            }
            other => {
                let reason = format!("`{}` is {}, it should be true or false", code.text, other.kind());
                Self::Unknown(Unknown::new(UnknownKind::Operand, reason).at(Some(code.span)).into())
            }
        }
    }

    fn value(self) -> Value {
        match self {
            Self::Yes => Value::Bool(true),
            Self::No => Value::Bool(false),
            Self::Unknown(reason) => Value::Unknown(reason),
        }
    }

    fn is(&self, yes: bool) -> bool {
        matches!((self, yes), (Self::Yes, true) | (Self::No, false))
    }
}

impl Code {
    /// What the condition says, outside of every define, table and template.
    #[must_use]
    pub fn truth(&self, ctx: &Ctx<'_>) -> Truth {
        Truth::of(self.value(ctx), self)
    }

    /// `a && b` (`decides` is false), `a || b` (`decides` is true): the side that decides wins over an unknown, in either order.
    pub(super) fn either(&self, a: &Self, b: &Self, decides: bool, ctx: &Ctx<'_>, locals: &mut Locals) -> Value {
        let first = Truth::of(a.eval(ctx, locals), a);
        if first.is(decides) {
            return first.value();
        }
        let second = Truth::of(b.eval(ctx, locals), b);
        if second.is(decides) || !matches!(first, Truth::Unknown(_)) { second.value() } else { first.value() }
    }
}
