//! Calls of what files define: each has a frame of its own.

use wf_value::{Text, UnknownKind, Value};

use super::unknown;
use crate::functions::Locals;
use crate::{Code, Ctx, DefineId, TemplateId};

impl Locals {
    /// Evaluates `body` in a new frame that begins with `values`.
    pub(super) fn framed(&mut self, values: &mut [Value], body: impl FnOnce(&mut Self) -> Value) -> Value {
        let (base, top) = (self.base, self.stack.len());
        self.base = top;
        self.stack.extend(values.iter_mut().map(std::mem::take));
        let result = body(self);
        self.stack.truncate(top);
        self.base = base;
        result
    }
}

impl Code {
    /// Evaluates the arguments, then `body` in a new frame of them. What is unknown is handed in: it may not be used.
    pub(super) fn in_frame(
        args: &[Self],
        ctx: &Ctx<'_>,
        locals: &mut Locals,
        body: impl FnOnce(&mut Locals) -> Value,
    ) -> Value {
        let mut few: [Value; 4] = Default::default();
        if let Some(values) = few.get_mut(..args.len()) {
            for (value, arg) in values.iter_mut().zip(args) {
                *value = arg.eval(ctx, locals);
            }
            return locals.framed(values, body);
        }
        let mut many: Vec<Value> = args.iter().map(|arg| arg.eval(ctx, locals)).collect();
        locals.framed(&mut many, body)
    }

    pub(super) fn define(&self, id: DefineId, args: &[Self], ctx: &Ctx<'_>, locals: &mut Locals) -> Value {
        let Some(define) = ctx.program.defines.get(id.0 as usize) else { return self.not_there() };
        Self::in_frame(args, ctx, locals, |locals| define.body.eval(ctx, locals))
    }

    pub(super) fn template(&self, id: TemplateId, args: &[(Text, Self)], ctx: &Ctx<'_>, locals: &mut Locals) -> Value {
        let Some(template) = ctx.program.templates.get(id.0 as usize) else { return self.not_there() };
        let handed: Vec<(&Text, Value)> = args.iter().map(|(name, arg)| (name, arg.eval(ctx, locals))).collect();
        template.call(ctx, handed, false)
    }

    /// A program that is not the one this was compiled for: never wrong, always unknown.
    pub(super) fn not_there(&self) -> Value {
        unknown(UnknownKind::Missing, format!("`{}` is not defined", self.text), self.span)
    }
}
