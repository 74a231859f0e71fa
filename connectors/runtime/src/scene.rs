//! What the expressions of one request or action see.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use wf_expr::{Code, Ctx, Program, Truth, Written};
use wf_machine::Scope;
use wf_plan::Params;
use wf_value::{Type, Value};

/// The scope of a request, with everything else that its expressions may read. One instant is `now` for all of it.
#[derive(Clone)]
pub(crate) struct Scene<'a> {
    pub(crate) program: &'a Program,
    pub(crate) params: Arc<Params>,
    pub(crate) env: Value,
    pub(crate) now: Timestamp,
    /// What `shortId()` makes ids from: the same when the same request is made again.
    pub(crate) seed: u128,
    pub(crate) scope: Scope,
}

/// Whether fields of what is no map are null: so of values of type `any`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reads {
    Typed,
    Any,
}

impl Reads {
    /// How what is declared as `ty` is read. Gradual: one `any` inside makes all of it so.
    pub(crate) fn of(ty: &Type) -> Self {
        if has_any(ty) { Self::Any } else { Self::Typed }
    }
}

fn has_any(ty: &Type) -> bool {
    match ty {
        Type::Any => true,
        Type::List(inner) | Type::Optional(inner) | Type::Range(inner) => has_any(inner),
        Type::Map(shape) | Type::Shape(shape) => {
            shape.fields.iter().any(|field| has_any(&field.ty)) || shape.others.as_ref().is_some_and(has_any)
        }
        Type::Union(types) => types.iter().any(has_any),
        _ => false,
    }
}

impl Scene<'_> {
    /// Hands a context to `work`.
    pub(crate) fn with<R>(&self, reads: Reads, work: impl FnOnce(&Ctx<'_>) -> R) -> R {
        let mut ctx = Ctx::new(self.program, &self.scope, &self.params.values, &self.env, self.now);
        ctx.seed = Some(self.seed);
        ctx.open = reads == Reads::Any;
        work(&ctx)
    }

    pub(crate) fn set(&mut self, slot: u16, value: Value) {
        self.scope.set(slot, value);
    }

    pub(crate) fn value(&self, written: &Written) -> Value {
        self.with(Reads::Typed, |ctx| written.value(ctx))
    }

    pub(crate) fn read(&self, written: &Written, reads: Reads) -> Value {
        self.with(reads, |ctx| written.value(ctx))
    }

    /// For explanations: what is unknown inside of texts prints `?`.
    pub(crate) fn told(&self, written: &Written) -> Value {
        self.with(Reads::Any, |ctx| written.told(ctx))
    }

    /// What a condition on a vendor's answer says.
    pub(crate) fn truth(&self, code: &Code) -> Truth {
        self.with(Reads::Any, |ctx| code.truth(ctx))
    }

    /// A duration; a bare number is seconds. `None`: nothing is said, or it is no duration.
    pub(crate) fn duration(&self, written: Option<&Written>) -> Option<SignedDuration> {
        match self.read(written?, Reads::Any) {
            Value::Duration(duration) => Some(duration),
            Value::Text(text) => wf_value::duration::parse(&text),
            Value::Int(seconds) => Some(SignedDuration::from_secs(seconds)),
            Value::Float(seconds) => SignedDuration::try_from_secs_f64(seconds).ok(),
            _ => None,
        }
    }

    /// A whole number that is not negative.
    pub(crate) fn count(&self, written: Option<&Written>) -> Option<usize> {
        usize::try_from(self.value(written?).as_int()?).ok()
    }

    /// A number, whole or not.
    pub(crate) fn number(&self, written: Option<&Written>) -> Option<f64> {
        match self.value(written?) {
            Value::Float(number) => Some(number),
            #[allow(clippy::cast_precision_loss, reason = "limits are small numbers")]
            other => other.as_int().map(|n| n as f64),
        }
    }
}
