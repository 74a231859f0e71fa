//! What typing an expression asks of the checker.

use wf_source::{Diagnostic, Span};
use wf_value::{Text, Type};

use crate::{Code, DefineId, Slot, TableId, TemplateId};

/// Where and with what a define, table or template is called.
#[derive(Clone, Copy, Debug)]
pub struct Site<'a> {
    pub span: Span,
    pub args: &'a [&'a Code],
}

/// The checker's side: types of names outside the expression, and the ear for mistakes.
pub trait TypeEnv {
    fn slot(&mut self, slot: Slot) -> Type;

    fn param(&mut self, number: u32) -> Type;

    /// `{name, writes, workflow}`
    fn env(&mut self) -> Type;

    /// What a define gives for arguments of these types. The checker looks at its body once for each tuple.
    fn define(&mut self, id: DefineId, args: &[Type], site: &Site<'_>) -> Type;

    fn table(&mut self, id: TableId, args: &[Type], site: &Site<'_>) -> Type;

    /// A template always gives text; its arguments are checked.
    fn template(&mut self, id: TemplateId, args: &[(Text, Type)], site: &Site<'_>);

    /// Hears of a mistake. `about`: the local (an argument of the define that is being looked at) that the mistake is about.
    fn report(&mut self, diagnostic: Diagnostic, about: Option<u16>);

    /// Hears of the type of every part, for `validate --types`.
    fn note_type(&mut self, _span: Span, _ty: &Type) {}

    /// Where the shape or enum of that name is declared.
    fn declared(&self, _name: &str) -> Option<Span> {
        None
    }
}
