//! What an expression saw: the values of the names, fields and calls in it, for `explain`.

use wf_source::Span;
use wf_value::{Text, Value};

use crate::functions::Locals;
use crate::{BinaryOp, Code, Ctx, Kind};

/// A part of an expression and the value it had.
#[derive(Clone, Debug, PartialEq)]
pub struct Leaf {
    /// As it is written: `edge.state`.
    pub text: Text,
    pub span: Span,
    pub value: Value,
}

impl Code {
    /// The longest paths (`edge.state`, `params.loss`, `known[ticket.detailValue]`), the calls of defines and tables and what is computed
    /// with `+ - * / %`, in reading order, each text once. What depends on a lambda variable of its own had many values and is left out.
    #[must_use]
    pub fn leaves(&self, ctx: &Ctx<'_>) -> Vec<Leaf> {
        self.leaves_in(ctx, &mut Locals::default())
    }

    /// [`Self::leaves`] of a condition that a function asks of one element: `locals` hold it.
    #[must_use]
    pub fn leaves_in(&self, ctx: &Ctx<'_>, locals: &mut Locals) -> Vec<Leaf> {
        let mut many = Vec::new();
        self.walk(&mut |part| {
            if let Kind::Call { locals, .. } = &part.kind {
                many.extend_from_slice(locals);
            }
        });
        let mut look = Look { ctx, locals, many, leaves: Vec::new() };
        look.collect(self);
        look.leaves
    }

    fn is_shown(&self) -> bool {
        matches!(self.kind, Kind::Define(..) | Kind::Table(..)) || self.is_path()
    }

    fn is_path(&self) -> bool {
        match &self.kind {
            Kind::Slot(_) | Kind::Local(_) | Kind::Param(_) | Kind::Now | Kind::Env => true,
            Kind::Field { on, .. } | Kind::Index { on, .. } => {
                on.is_path() || matches!(on.kind, Kind::Define(..) | Kind::Table(..))
            }
            _ => false,
        }
    }

    fn is_computed(&self) -> bool {
        use BinaryOp::{Add, Div, Mul, Rem, Sub};
        matches!(self.kind, Kind::Binary(Add | Sub | Mul | Div | Rem, ..))
    }
}

/// One look at an expression.
struct Look<'a, 'c> {
    ctx: &'a Ctx<'c>,
    locals: &'a mut Locals,
    /// Lambda variables of the expression itself.
    many: Vec<u16>,
    leaves: Vec<Leaf>,
}

impl Look<'_, '_> {
    fn collect(&mut self, code: &Code) {
        if code.is_shown() && !self.had_many(code) {
            self.see(code);
            self.keys(code);
            return;
        }
        if code.is_computed() && !self.had_many(code) {
            self.see(code);
        }
        code.parts(&mut |part| self.collect(part));
    }

    fn see(&mut self, code: &Code) {
        if !self.leaves.iter().any(|leaf| leaf.text == code.text) {
            let value = code.eval(self.ctx, self.locals);
            self.leaves.push(Leaf { text: code.text.clone(), span: code.span, value });
        }
    }

    /// A path is one leaf; what stands in its brackets and what a call is handed are further ones.
    fn keys(&mut self, code: &Code) {
        match &code.kind {
            Kind::Field { on, .. } => self.keys(on),
            Kind::Index { on, key } => {
                self.keys(on);
                self.collect(key);
            }
            Kind::Define(_, args) | Kind::Table(_, args) => args.iter().for_each(|arg| self.collect(arg)),
            _ => {}
        }
    }

    fn had_many(&self, code: &Code) -> bool {
        let mut reads = false;
        code.walk(&mut |part| reads |= matches!(part.kind, Kind::Local(n) if self.many.contains(&n)));
        reads
    }
}
