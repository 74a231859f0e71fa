//! Calls of what files define: each has a frame of its own.

use wf_value::{Text, UnknownKind, Value};

use super::unknown;
use crate::locals::{Local, Locals};
use crate::{Code, Ctx, DefineId, Kind, TemplateId};

impl Code {
    /// Evaluates the arguments, then `body` in a new frame of them. What is unknown is handed in: it may not be used.
    pub(super) fn in_frame(
        args: &[Self],
        ctx: &Ctx<'_>,
        locals: &mut Locals,
        body: impl FnOnce(&mut Locals) -> Value,
    ) -> Value {
        // most have few arguments: these need no memory of their own
        let mut few: [Local; 3] = Default::default();
        if let Some(handed) = few.get_mut(..args.len()) {
            for (local, arg) in handed.iter_mut().zip(args) {
                *local = arg.handed(ctx, locals);
            }
            return locals.framed(handed, body);
        }
        let mut many: Vec<Local> = args.iter().map(|arg| arg.handed(ctx, locals)).collect();
        locals.framed(&mut many, body)
    }

    /// An argument: a local of the caller is not copied.
    fn handed(&self, ctx: &Ctx<'_>, locals: &mut Locals) -> Local {
        let same = if let Kind::Local(n) = self.kind { locals.same(n) } else { None };
        same.unwrap_or_else(|| Local::Value(self.eval(ctx, locals)))
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
