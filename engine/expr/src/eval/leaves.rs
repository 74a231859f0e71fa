//! What an expression saw: the values of the names, fields and calls in it, for `explain`.

use wf_source::Span;
use wf_value::{Text, Value};

use crate::functions::Locals;
use crate::{Code, Ctx, Kind};

/// A part of an expression and the value it had.
#[derive(Clone, Debug, PartialEq)]
pub struct Leaf {
    /// As it is written: `edge.state`.
    pub text: Text,
    pub span: Span,
    pub value: Value,
}

impl Code {
    /// The longest paths (`edge.state`, `params.loss`, `known[ticket.detailValue]`) and the calls of defines and tables, in reading
    /// order, each text once. What depends on a lambda variable had many values and is left out.
    #[must_use]
    pub fn leaves(&self, ctx: &Ctx<'_>) -> Vec<Leaf> {
        let mut leaves = Vec::new();
        self.collect(ctx, &mut leaves);
        leaves
    }

    fn collect(&self, ctx: &Ctx<'_>, leaves: &mut Vec<Leaf>) {
        if self.is_shown() && !self.reads_local() {
            if !leaves.iter().any(|leaf| leaf.text == self.text) {
                let value = self.eval(ctx, &mut Locals::default());
                leaves.push(Leaf { text: self.text.clone(), span: self.span, value });
            }
            self.keys(ctx, leaves);
            return;
        }
        self.parts(&mut |part| part.collect(ctx, leaves));
    }

    /// A path is one leaf; what stands in its brackets and what a call is handed are further ones.
    fn keys(&self, ctx: &Ctx<'_>, leaves: &mut Vec<Leaf>) {
        match &self.kind {
            Kind::Field { on, .. } => on.keys(ctx, leaves),
            Kind::Index { on, key } => {
                on.keys(ctx, leaves);
                key.collect(ctx, leaves);
            }
            Kind::Define(_, args) | Kind::Table(_, args) => args.iter().for_each(|arg| arg.collect(ctx, leaves)),
            _ => {}
        }
    }

    fn is_shown(&self) -> bool {
        matches!(self.kind, Kind::Define(..) | Kind::Table(..)) || self.is_path()
    }

    fn is_path(&self) -> bool {
        match &self.kind {
            Kind::Slot(_) | Kind::Param(_) | Kind::Now | Kind::Env => true,
            Kind::Field { on, .. } | Kind::Index { on, .. } => {
                on.is_path() || matches!(on.kind, Kind::Define(..) | Kind::Table(..))
            }
            _ => false,
        }
    }

    fn reads_local(&self) -> bool {
        let mut reads = false;
        self.walk(&mut |part| reads |= matches!(part.kind, Kind::Local(_)));
        reads
    }
}
