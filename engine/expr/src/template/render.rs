//! Filling the holes.

use std::sync::Arc;

use handlebars::html_escape;
use wf_source::Span;
use wf_value::{Expose, Text, Unknown, UnknownKind, Value};

use super::part::{Handed, Part, Template};
use crate::functions::Locals;
use crate::{Code, Ctx, TemplateId};

/// Bytes that one text may have.
const LARGEST: usize = 64 << 20;

impl Template {
    /// The text, or the unknown of its first hole that is so. `lenient`: such a hole prints `?` instead, for messages that must not
    /// vanish. Made from a secret it is one. `locals` is the frame of its place.
    #[must_use]
    pub fn render(&self, ctx: &Ctx<'_>, locals: &mut Locals, lenient: bool) -> Value {
        let mut writer = Writer { text: String::new(), secret: false, lenient };
        match writer.parts(&self.parts, ctx, locals) {
            Ok(()) => writer.finish(),
            Err(unknown) => Value::Unknown(unknown),
        }
    }

    /// The text of a template that is handed these values under their names.
    #[must_use]
    pub fn call<'a>(&self, ctx: &Ctx<'_>, handed: impl IntoIterator<Item = (&'a Text, Value)>, lenient: bool) -> Value {
        self.render(ctx, &mut self.frame(handed), lenient)
    }

    fn frame<'a>(&self, handed: impl IntoIterator<Item = (&'a Text, Value)>) -> Locals {
        let mut stack = vec![Value::Null; self.args.len()];
        for (name, value) in handed {
            if let Some(place) = self.args.iter().position(|arg| arg.name == *name) {
                stack[place] = value;
            }
        }
        Locals::of(stack)
    }
}

struct Writer {
    text: String,
    secret: bool,
    lenient: bool,
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
            Part::Hole { code, escape } => {
                let written = self.hole(&code.eval(ctx, locals), *escape);
                written.map_err(|unknown| at(unknown, code.span))
            }
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
                    return Err(at(reason.clone().into(), list.span));
                }
                if items.is_empty() && partial.is_none() {
                    return self.parts(otherwise, ctx, locals);
                }
                let height = locals.height();
                for i in 0..items.len() {
                    if !ctx.spend() {
                        return Err(limit("the evaluation takes too long", list.span));
                    }
                    locals.set_element(*item, &items, i);
                    if let Some(index) = index {
                        locals.set(*index, Value::Int(i64::try_from(i).unwrap_or(i64::MAX)));
                    }
                    let written = self.parts(body, ctx, locals);
                    locals.truncate(height);
                    written?;
                }
                // the elements that could not be judged
                partial.map_or(Ok(()), |reason| Err(reason.into()))
            }
            Part::Partial { template, span, handed, indent } => {
                let start = self.text.len();
                let written = self.partial(*template, *span, handed, ctx, locals);
                self.indent(start, indent);
                written
            }
        }
    }

    fn hole(&mut self, value: &Value, escape: bool) -> Written {
        let text = match value {
            value if value.has_secret() => {
                self.secret = true;
                value.print_with(Expose::Yes)?
            }
            Value::Unknown(unknown) => return Err(unknown.clone()),
            value if self.lenient => value.print_lenient(),
            value => value.print()?,
        };
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
        span: Span,
        handed: &[Handed],
        ctx: &Ctx<'_>,
        locals: &mut Locals,
    ) -> Written {
        let Some(template) = ctx.program.templates.get(id.0 as usize) else {
            return Err(limit("the template is not there", span));
        };
        let Some(_guard) = ctx.descend() else {
            return Err(limit("templates stand too deep in one another", span));
        };
        let values: Vec<(&Text, Value)> = handed.iter().map(|h| (&h.name, h.value.eval(ctx, locals))).collect();
        self.parts(&template.parts, ctx, &mut template.frame(values))
    }

    /// Puts `indent` before each line that was written from `start` on; an empty rest after the last line end is no line.
    fn indent(&mut self, start: usize, indent: &str) {
        if indent.is_empty() {
            return;
        }
        let lines = self.text.split_off(start);
        for line in lines.split_inclusive('\n') {
            self.text.push_str(indent);
            self.text.push_str(line);
        }
    }
}

fn at(unknown: Arc<Unknown>, span: Span) -> Arc<Unknown> {
    if unknown.span.is_some() { unknown } else { Arc::new(Unknown::clone(&unknown).at(Some(span))) }
}

fn limit(reason: &str, span: Span) -> Arc<Unknown> {
    Unknown::new(UnknownKind::Limit, reason).at(Some(span)).into()
}

fn not_a(value: Value, wanted: &str, code: &Code) -> Arc<Unknown> {
    match value {
        Value::Unknown(unknown) => at(unknown, code.span),
        other => {
            let reason = format!("`{}` is {}, it should be {wanted}", code.text, other.kind());
            Unknown::new(UnknownKind::Operand, reason).at(Some(code.span)).into()
        }
    }
}
