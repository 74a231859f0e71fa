//! Evaluation: a [`Code`] in a [`Ctx`] gives a value. It never fails; what cannot be computed is unknown and says why.

mod access;
mod frames;
mod leaves;
mod operators;
mod place;
mod table;
mod truth;

pub use leaves::Leaf;
pub use truth::Truth;

use std::sync::Arc;

use wf_source::Span;
use wf_value::{List, Map, MapBuilder, Seen, Text, Time, Unknown, UnknownKind, Value};

use crate::functions::{self, Call, Locals};
use crate::{Code, Ctx, Kind, Members};

impl Code {
    /// The value of an expression that stands outside of every define, table and template.
    #[must_use]
    pub fn value(&self, ctx: &Ctx<'_>) -> Value {
        let value = self.eval(ctx, &mut Locals::default());
        // what was set aside for want of fuel must not look like a partial list
        if ctx.fuel.get() == 0 { self.too_long() } else { value }
    }

    fn too_long(&self) -> Value {
        unknown(UnknownKind::Limit, "the expression takes too long", self.span)
    }

    /// The value in a frame of locals.
    #[must_use]
    pub fn eval(&self, ctx: &Ctx<'_>, locals: &mut Locals) -> Value {
        if !ctx.spend() {
            return self.too_long();
        }
        match &self.kind {
            Kind::Literal(value) => value.clone(),
            Kind::Local(n) => placed(locals.get(*n), self.span),
            Kind::Slot(slot) => placed(ctx.vars.slot(*slot).cloned().unwrap_or_default(), self.span),
            Kind::Param(n) => match ctx.params.get(*n as usize) {
                Some(value) => value.clone(),
                None => unknown(UnknownKind::Missing, format!("`{}` has no value", self.text), self.span),
            },
            Kind::Now => Value::Time(Arc::new(Time::new(ctx.now))),
            Kind::Env => ctx.env.clone(),
            _ => self.nested(ctx, locals),
        }
    }

    /// Looks at the value, without a copy of its own where it stands somewhere.
    fn peek<R>(&self, ctx: &Ctx<'_>, locals: &mut Locals, look: impl FnOnce(&Value) -> R) -> R {
        match self.seen(ctx, locals).and_then(Seen::plain) {
            Some(value) => look(value),
            None => look(&self.eval(ctx, locals)),
        }
    }

    /// The value where it stands: nothing is copied to look at a field of a field. `None` where it is computed, has to be made, or is
    /// unknown.
    fn seen<'v>(&'v self, ctx: &'v Ctx<'_>, locals: &'v Locals) -> Option<Seen<'v>> {
        let here = match &self.kind {
            Kind::Literal(value) => Seen::of(value),
            Kind::Local(n) => locals.seen(*n)?,
            Kind::Slot(slot) => ctx.vars.slot(*slot).map_or_else(Seen::null, Seen::of),
            Kind::Param(n) => Seen::of(ctx.params.get(*n as usize)?),
            Kind::Env => Seen::of(ctx.env),
            Kind::Field { on, name, hint, .. } => {
                let map = on.seen(ctx, locals)?.map()?;
                access::hinted(hint, |place| map.standing(name, place))?
            }
            Kind::Index { on, key } => access::standing(on.seen(ctx, locals)?, key.seen(ctx, locals)?.plain()?)?,
            Kind::Call { function, args, .. } => (function.part?)(args.first()?.seen(ctx, locals)?)?,
            _ => return None,
        };
        here.raw().as_unknown().is_none().then_some(here)
    }

    /// The value of what has parts: `depth` guards the stack of the machine.
    fn nested(&self, ctx: &Ctx<'_>, locals: &mut Locals) -> Value {
        let Some(_guard) = ctx.descend() else {
            return unknown(UnknownKind::Limit, "expressions call each other too deeply", self.span);
        };
        match &self.kind {
            Kind::Field { on, name, hint, .. } => match on.seen(ctx, locals) {
                Some(seen) => access::field(seen, name, hint, self, on, ctx),
                None => access::field(Seen::of(&on.eval(ctx, locals)), name, hint, self, on, ctx),
            },
            Kind::Index { on, key } => {
                if let Some(seen) = self.seen(ctx, locals) {
                    return seen.value();
                }
                let on_value = on.eval(ctx, locals);
                self.index(&on_value, on, key, ctx, locals)
            }
            Kind::Binary(op, a, b) => self.binary(*op, a, b, ctx, locals),
            Kind::And(a, b) => self.either(a, b, false, ctx, locals),
            Kind::Or(a, b) => self.either(a, b, true, ctx, locals),
            Kind::Not(inner) => match Truth::of(inner.eval(ctx, locals), inner) {
                Truth::Yes => Value::Bool(false),
                Truth::No => Value::Bool(true),
                Truth::Unknown(reason) => Value::Unknown(reason),
            },
            Kind::If(condition, then, otherwise) => match Truth::of(condition.eval(ctx, locals), condition) {
                Truth::Yes => then.eval(ctx, locals),
                Truth::No => otherwise.eval(ctx, locals),
                Truth::Unknown(reason) => Value::Unknown(reason),
            },
            Kind::Call { function, .. } => {
                if function.part.is_some()
                    && let Some(seen) = self.seen(ctx, locals)
                {
                    return seen.value();
                }
                self.call(None, ctx, locals)
            }
            Kind::Negate(inner) => self.negate(inner, ctx, locals),
            Kind::InRange(value, first, last) => self.in_range(value, first, last, ctx, locals),
            Kind::List(items) => Value::List(items.iter().map(|item| item.eval(ctx, locals)).collect::<List>()),
            Kind::Map(entries) => self.map(entries, ctx, locals),
            Kind::Define(id, args) => self.define(*id, args, ctx, locals),
            Kind::Table(id, args) => self.table(*id, args, ctx, locals),
            Kind::Template(id, args) => self.template(*id, args, ctx, locals),
            // without parts: `eval` has done them
            Kind::Literal(_) | Kind::Local(_) | Kind::Slot(_) | Kind::Param(_) | Kind::Now | Kind::Env => Value::Null,
        }
    }

    /// The value, where nulls along the path are seen through: what `orElse`, `has` and `empty` are asked about. A field or entry of
    /// null, and a method called on null, are null here.
    #[must_use]
    pub fn lenient(&self, ctx: &Ctx<'_>, locals: &mut Locals) -> Value {
        let on = match &self.kind {
            Kind::Field { on, .. } | Kind::Index { on, .. } => on,
            Kind::Call { function, args, .. } if function.receiver => match args.first() {
                Some(on) => on,
                None => return self.eval(ctx, locals),
            },
            _ => return self.eval(ctx, locals),
        };
        if let Some(seen) = self.seen(ctx, locals) {
            return seen.value();
        }
        let Some(_guard) = ctx.descend().filter(|_| ctx.spend()) else {
            return self.too_long();
        };
        if let (Kind::Field { name, hint, .. }, Some(seen)) = (&self.kind, on.seen(ctx, locals)) {
            return if seen.raw().is_null() { Value::Null } else { access::field(seen, name, hint, self, on, ctx) };
        }
        let on_value = on.lenient(ctx, locals);
        match &self.kind {
            Kind::Call { function, .. } if on_value.is_null() && !functions::takes_null(function) => Value::Null,
            Kind::Call { .. } => self.call(Some(on_value), ctx, locals),
            _ if on_value.is_null() => Value::Null,
            Kind::Field { name, hint, .. } => access::field(Seen::of(&on_value), name, hint, self, on, ctx),
            Kind::Index { key, .. } => self.index(&on_value, on, key, ctx, locals),
            _ => self.eval(ctx, locals),
        }
    }

    fn call(&self, on: Option<Value>, ctx: &Ctx<'_>, locals: &mut Locals) -> Value {
        let Kind::Call { function, args, locals: variables, name_span, ready } = &self.kind else { return Value::Null };
        let call = Call {
            function,
            args,
            locals: variables,
            span: self.span,
            name_span: *name_span,
            ready: ready.as_deref(),
            on,
            now: ctx.now,
            program: ctx.program,
        };
        functions::call(&call, ctx, locals)
    }

    /// `{'a': x}`: values may be unknown one by one, keys may not.
    fn map(&self, entries: &Members<(Code, Code)>, ctx: &Ctx<'_>, locals: &mut Locals) -> Value {
        let literal = |(key, _): &(Code, Code)| match &key.kind {
            Kind::Literal(Value::Text(key)) => Some(key.clone()),
            _ => None,
        };
        if let Some(shape) = entries.shape(literal) {
            let values = entries.iter().map(|(_, value)| value.eval(ctx, locals)).collect();
            return Map::with_shape(shape.clone(), values).into();
        }
        let mut map = MapBuilder::with_capacity(entries.len());
        for (key, value) in entries.iter() {
            let text = match key.eval(ctx, locals) {
                Value::Unknown(reason) => return Value::Unknown(reason),
                other => match access::key(&other) {
                    Some(text) => text,
                    None => return access::no_key(&other, key),
                },
            };
            map.insert(text, value.eval(ctx, locals));
        }
        map.finish().into()
    }
}

pub(crate) fn unknown(kind: UnknownKind, reason: impl Into<Text>, span: Span) -> Value {
    Unknown::new(kind, reason).at(Some(span)).into()
}

/// An operand that the operation does not take.
fn operand(reason: impl Into<Text>, span: Span) -> Value {
    unknown(UnknownKind::Operand, reason, span)
}

/// An unknown that does not say yet where it was met was met here.
fn placed(value: Value, span: Span) -> Value {
    match value {
        Value::Unknown(reason) if reason.span.is_none() => Arc::unwrap_or_clone(reason).at(Some(span)).into(),
        other => other,
    }
}
