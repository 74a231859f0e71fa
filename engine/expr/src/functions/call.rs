//! Carrying a call out.

use std::sync::Arc;

use wf_source::Span;
use wf_value::{List, Text, Unknown, UnknownKind, Value};

use super::args::unknown;
use super::{Answer, Args, Body, Function, Locals};
use crate::ctx::Dropped;
use crate::{Code, Ctx};

/// One call, for bodies: its unevaluated parts and its place.
pub struct Call<'a> {
    pub function: &'static Function,
    pub args: &'a [Code],
    pub locals: &'a [u16],
    pub span: Span,
    pub name_span: Span,
    pub ready: Option<&'a dyn crate::code::Ready>,
    /// The receiver, where it was evaluated already: `orElse` sees through the nulls of a path, and every part is evaluated once.
    pub on: Option<Value>,
    pub now: jiff::Timestamp,
    pub program: &'a crate::Program,
}

/// Carries a call out: evaluates its arguments as the function's [`Body`] says and runs it. Null where a value is needed is unknown;
/// what is made from a secret is one, comparisons and sizes excepted; a reason without a place gets the call's.
pub fn call(call: &Call<'_>, ctx: &Ctx<'_>, locals: &mut Locals) -> Value {
    let answer = match &call.function.body {
        Body::Plain(body) => evaluated(call, ctx, locals, Nulls::Refuse, *body),
        Body::Nulls(body) => evaluated(call, ctx, locals, Nulls::Take, *body),
        Body::Raw(body) => {
            let values: Vec<Value> = (0..call.args.len()).map(|i| call.arg(i, ctx, locals)).collect();
            body(&Args { call, values: &values })
        }
        Body::Special(body) => {
            let height = locals.height();
            let answer = body(&mut Run { call, ctx, locals });
            locals.truncate(height);
            answer
        }
    };
    match answer {
        Ok(Value::Unknown(unknown)) | Err(unknown) => placed(unknown, call.span),
        Ok(value) => value,
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Nulls {
    Refuse,
    Take,
}

fn evaluated(
    call: &Call<'_>,
    ctx: &Ctx<'_>,
    locals: &mut Locals,
    nulls: Nulls,
    body: fn(&Args<'_>) -> Answer,
) -> Answer {
    // most calls have one or two arguments: these need no memory of their own
    let mut few: [Value; 3] = Default::default();
    let mut many = Vec::new();
    let values = match few.get_mut(..call.args.len()) {
        Some(slots) => slots,
        None => {
            many.resize(call.args.len(), Value::Null);
            &mut many[..]
        }
    };
    let mut secret = false;
    for (i, slot) in values.iter_mut().enumerate() {
        *slot = match call.arg(i, ctx, locals) {
            Value::Unknown(unknown) => return Err(unknown),
            Value::Null if nulls == Nulls::Refuse => return Err(call.null(i)),
            Value::Secret(hidden) => {
                secret = true;
                hidden.expose().clone()
            }
            value => value,
        };
    }
    let answer = body(&Args { call, values });
    if secret { hide(call, answer) } else { answer }
}

/// What a function made of a secret: booleans and sizes may be seen, and no reason tells what it was.
fn hide(call: &Call<'_>, answer: Answer) -> Answer {
    match answer {
        Ok(Value::Unknown(reason)) | Err(reason) => {
            Err(unknown(reason.kind, format!("{}() was given a secret that it cannot use", call.function.name)))
        }
        Ok(value @ Value::Bool(_)) => Ok(value),
        Ok(value) if call.function.name == "size" => Ok(value),
        Ok(value) => Ok(value.secret()),
    }
}

fn placed(unknown: Arc<Unknown>, span: Span) -> Value {
    if unknown.span.is_some() {
        return Value::Unknown(unknown);
    }
    Unknown { span: Some(span), ..(*unknown).clone() }.into()
}

impl Call<'_> {
    /// The value of an argument; null when it was left out.
    pub(super) fn arg(&self, i: usize, ctx: &Ctx<'_>, locals: &mut Locals) -> Value {
        match (i, &self.on, self.args.get(i)) {
            (0, Some(value), _) => value.clone(),
            (_, _, Some(code)) => code.eval(ctx, locals),
            _ => Value::Null,
        }
    }

    /// An argument as it is written; of a long one the end, which says what was looked for.
    pub(super) fn words(&self, i: usize) -> Text {
        const LONGEST: usize = 60;
        let Some(code) = self.args.get(i) else { return Text::default() };
        match code.text.char_indices().rev().nth(LONGEST) {
            Some((cut, _)) => format!("…{}", &code.text[cut..]).into(),
            None => code.text.clone(),
        }
    }

    pub(super) fn null(&self, i: usize) -> Arc<Unknown> {
        let reason = match (i, self.function.receiver) {
            (0, true) => format!("`{}` is null", self.words(i)),
            _ => format!("`{}` is null, {}() cannot use it", self.words(i), self.function.name),
        };
        Unknown::new(UnknownKind::Operand, reason).at(self.args.get(i).map(|code| code.span)).into()
    }

    /// `note` is a list, lower() needs a text.
    pub(super) fn wrong(&self, i: usize, wanted: &str, value: &Value) -> Arc<Unknown> {
        if value.is_null() {
            return self.null(i);
        }
        let reason = match value {
            Value::Text(text) if text.len() <= 40 && wanted != "a text" => {
                format!("`{}` is '{text}', {}() needs {wanted}", self.words(i), self.function.name)
            }
            value => format!("`{}` is {}, {}() needs {wanted}", self.words(i), value.kind(), self.function.name),
        };
        Unknown::new(UnknownKind::Operand, reason).at(self.args.get(i).map(|code| code.span)).into()
    }

    pub(super) fn range(&self, reason: impl Into<Text>) -> Arc<Unknown> {
        Unknown::new(UnknownKind::Range, reason).at(Some(self.span)).into()
    }

    pub(super) fn operand(&self, reason: impl Into<Text>) -> Arc<Unknown> {
        Unknown::new(UnknownKind::Operand, reason).at(Some(self.span)).into()
    }

    /// Something that is bigger than anybody needs.
    pub(super) fn limit(&self, reason: impl Into<Text>) -> Arc<Unknown> {
        Unknown::new(UnknownKind::Limit, reason).at(Some(self.span)).into()
    }
}

/// A call whose arguments the function evaluates itself.
pub struct Run<'a, 'c> {
    pub call: &'a Call<'a>,
    pub ctx: &'a Ctx<'c>,
    pub locals: &'a mut Locals,
}

impl Run<'_, '_> {
    /// The value of an argument.
    pub(super) fn eval(&mut self, arg: usize) -> Value {
        self.call.arg(arg, self.ctx, self.locals)
    }

    /// The value of an argument, or why it is unknown.
    pub(super) fn known(&mut self, arg: usize) -> Answer {
        match self.eval(arg) {
            Value::Unknown(unknown) => Err(unknown),
            value => Ok(value),
        }
    }

    /// The list that an argument is; elements of a secret one are secrets.
    pub(super) fn list(&mut self, arg: usize) -> Result<List, Arc<Unknown>> {
        match self.known(arg)? {
            Value::List(list) => Ok(list),
            Value::Secret(secret) if secret.expose().as_list().is_some() => {
                let list = secret.expose().as_list().cloned().unwrap_or_default();
                Ok(List::partial(list.iter().map(Value::secret).collect(), list.aside().to_vec()))
            }
            other => Err(self.call.wrong(arg, "a list", &other)),
        }
    }

    /// The elements of a list, or the keys of a map: what CEL's macros go through.
    pub(super) fn elements(&mut self, arg: usize) -> Result<List, Arc<Unknown>> {
        match self.known(arg)? {
            Value::List(list) => Ok(list),
            Value::Map(map) => {
                let keys = map.shape().keys().iter().cloned().map(Value::Text).collect();
                Ok(List::partial(keys, map.aside().to_vec()))
            }
            other => Err(self.call.wrong(arg, "a list", &other)),
        }
    }

    /// The value of a lambda for an element of a list.
    pub(super) fn apply_at(&mut self, list: &List, i: usize, arg: usize) -> Value {
        self.go_to(list, i);
        self.eval(arg)
    }

    /// Whether a condition holds for an element of a list.
    pub(super) fn holds_at(&mut self, list: &List, i: usize, arg: usize) -> Result<bool, Arc<Unknown>> {
        let said = self.apply_at(list, i, arg);
        self.said(said, arg)
    }

    fn go_to(&mut self, list: &List, i: usize) {
        if let Some(local) = self.call.locals.first() {
            self.locals.set_element(*local, list, i);
        }
    }

    /// The value of a lambda for something that is in no list.
    pub(super) fn apply(&mut self, element: Value, arg: usize) -> Value {
        if let Some(local) = self.call.locals.first() {
            self.locals.set(*local, element);
        }
        self.eval(arg)
    }

    /// What the value of a condition says.
    fn said(&self, value: Value, arg: usize) -> Result<bool, Arc<Unknown>> {
        match value {
            Value::Bool(holds) => Ok(holds),
            Value::Unknown(unknown) => Err(unknown),
            Value::Secret(secret) if secret.expose().as_bool().is_some() => Ok(secret.expose().as_bool() == Some(true)),
            other => Err(self.call.wrong(arg, "true or false", &other)),
        }
    }

    /// The element that the lambda was asked about last.
    pub(super) fn element(&self) -> Value {
        self.call.locals.first().map(|local| self.locals.get(*local)).unwrap_or_default()
    }

    /// Tells whoever explains the run that this element was left out: its condition or key was not what it takes.
    pub(super) fn left_out(&mut self, because: usize) {
        if self.ctx.trace.is_some() {
            self.dropped(&self.element(), None, because);
        }
    }

    /// Tells whoever explains the run that an element was left out.
    pub(super) fn dropped(&mut self, element: &Value, unknown: Option<&Unknown>, because: usize) {
        let Some(trace) = self.ctx.trace.filter(|trace| trace.wants(element)) else { return };
        let because = self.call.args.get(because);
        trace.dropped(Dropped {
            element,
            call: self.call.span,
            function: self.call.function.name,
            unknown,
            because: because.map_or(self.call.span, |code| code.span),
            saw: because.map(|code| code.leaves_in(&self.ctx.aside(), self.locals)).unwrap_or_default(),
        });
    }
}
