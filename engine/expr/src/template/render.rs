//! Filling the holes.

use std::sync::Arc;

use handlebars::html_escape;
use wf_value::{Text, Unknown, UnknownKind, Value};

use super::part::{Handed, Part, Template};
use crate::functions::Locals;
use crate::{Code, Ctx, TemplateId};

/// Bytes that one text may have.
const LARGEST: usize = 64 << 20;
/// Templates inside one another. They do not call themselves; this bounds a chain.
const DEEPEST: usize = 64;

impl Template {
    /// The text, or the unknown of its first hole that is so. `lenient`: such a hole prints `?` instead, for messages that must not
    /// vanish. Made from a secret it is one. `locals` is the frame of its place.
    #[must_use]
    pub fn render(&self, ctx: &Ctx<'_>, locals: &mut Locals, lenient: bool) -> Value {
        let mut writer = Writer { text: String::new(), secret: false, lenient, depth: 0 };
        match writer.parts(&self.parts, ctx, locals) {
            Ok(()) => writer.finish(),
            Err(unknown) => Value::Unknown(unknown),
        }
    }

    /// The text of a template that is handed these values under their names.
    #[must_use]
    pub fn call<'a>(
        &self,
        ctx: &Ctx<'_>,
        handed: impl IntoIterator<Item = (&'a Text, Value)>,
        lenient: bool,
    ) -> Value {
        self.render(ctx, &mut self.frame(handed), lenient)
    }

    fn frame<'a>(&self, handed: impl IntoIterator<Item = (&'a Text, Value)>) -> Locals {
        let mut stack = vec![Value::Null; self.args.len()];
        for (name, value) in handed {
            if let Some(place) = self.args.iter().position(|arg| arg.name == *name) {
                stack[place] = value;
            }
        }
        Locals { stack, base: 0 }
    }
}

struct Writer {
    text: String,
    secret: bool,
    lenient: bool,
    depth: usize,
}

type Written = Result<(), Arc<Unknown>>;

impl Writer {
    fn finish(self) -> Value {
        let text = Value::text(self.text);
        if self.secret { text.secret() } else { text }
    }

    fn parts(&mut self, parts: &[Part], ctx: &Ctx<'_>, locals: &mut Locals) -> Written {
        for part in parts {
            if let Err(unknown) = self.part(part, ctx, locals) {
                if !self.lenient || unknown.kind == UnknownKind::Limit {
                    return Err(unknown);
                }
                self.text.push('?');
            }
            if self.text.len() > LARGEST {
                return Err(Unknown::new(UnknownKind::Limit, "the text is longer than 64 MiB").into());
            }
        }
        Ok(())
    }

    fn part(&mut self, part: &Part, ctx: &Ctx<'_>, locals: &mut Locals) -> Written {
        match part {
            Part::Text(text) => {
                self.text.push_str(text);
                Ok(())
            }
            Part::Hole { code, escape } => self.hole(&code.eval(ctx, locals), *escape).map_err(|u| at(u, code)),
            Part::If { condition, then, otherwise } => match condition.eval(ctx, locals) {
                Value::Bool(true) => self.parts(then, ctx, locals),
                Value::Bool(false) => self.parts(otherwise, ctx, locals),
                other => Err(not_a(other, "a boolean", condition)),
            },
            Part::Each { list, item, index, body, otherwise } => {
                let items = match list.eval(ctx, locals) {
                    Value::List(items) => items,
                    other => return Err(not_a(other, "a list", list)),
                };
                let partial = items.partial_reason();
                if let Some(reason) = &partial
                    && !self.lenient
                {
                    return Err(at(reason.clone().into(), list));
                }
                if items.is_empty() && partial.is_none() {
                    return self.parts(otherwise, ctx, locals);
                }
                let height = locals.stack.len();
                for (i, element) in items.iter().enumerate() {
                    spend(ctx, list)?;
                    set(locals, *item, element);
                    if let Some(index) = index {
                        set(locals, *index, Value::Int(i64::try_from(i).unwrap_or(i64::MAX)));
                    }
                    let written = self.parts(body, ctx, locals);
                    locals.stack.truncate(height);
                    written?;
                }
                // the elements that could not be judged
                partial.map_or(Ok(()), |reason| Err(reason.into()))
            }
            Part::Partial { template, handed, indent, .. } => self.partial(*template, handed, indent, ctx, locals),
        }
    }

    fn hole(&mut self, value: &Value, escape: bool) -> Written {
        let value = match value {
            Value::Secret(secret) => {
                self.secret = true;
                secret.expose()
            }
            value => value,
        };
        let text = value.print()?;
        if escape {
            self.text.push_str(&html_escape(&text));
        } else {
            self.text.push_str(&text);
        }
        Ok(())
    }

    fn partial(
        &mut self,
        id: TemplateId,
        handed: &[Handed],
        indent: &str,
        ctx: &Ctx<'_>,
        locals: &mut Locals,
    ) -> Written {
        let Some(template) = ctx.program.templates.get(id.0 as usize) else {
            return Err(Unknown::new(UnknownKind::Limit, "the template is not there").into());
        };
        if self.depth == DEEPEST {
            return Err(Unknown::new(UnknownKind::Limit, "templates stand too deep in one another").into());
        }
        let values: Vec<(&Text, Value)> = handed.iter().map(|h| (&h.name, h.value.eval(ctx, locals))).collect();
        let mut frame = template.frame(values);
        self.depth += 1;
        let start = self.text.len();
        let written = self.parts(&template.parts, ctx, &mut frame);
        self.depth -= 1;
        if !indent.is_empty() {
            let lines = self.text.split_off(start);
            // an empty rest after the last line end is no line
            for line in lines.split_inclusive('\n') {
                self.text.push_str(indent);
                self.text.push_str(line);
            }
        }
        written
    }
}

fn set(locals: &mut Locals, local: u16, value: Value) {
    let place = locals.base + usize::from(local);
    if locals.stack.len() <= place {
        locals.stack.resize(place + 1, Value::Null);
    }
    locals.stack[place] = value;
}

fn spend(ctx: &Ctx<'_>, at: &Code) -> Written {
    match ctx.fuel.get() {
        0 => Err(Unknown::new(UnknownKind::Limit, "the evaluation takes too long").at(Some(at.span)).into()),
        fuel => {
            ctx.fuel.set(fuel - 1);
            Ok(())
        }
    }
}

fn at(unknown: Arc<Unknown>, code: &Code) -> Arc<Unknown> {
    if unknown.span.is_some() { unknown } else { Arc::new(Unknown::clone(&unknown).at(Some(code.span))) }
}

fn not_a(value: Value, wanted: &str, code: &Code) -> Arc<Unknown> {
    match value {
        Value::Unknown(unknown) => at(unknown, code),
        other => {
            let reason = format!("this is {}, it should be {wanted}", other.kind());
            Unknown::new(UnknownKind::Operand, reason).at(Some(code.span)).into()
        }
    }
}
