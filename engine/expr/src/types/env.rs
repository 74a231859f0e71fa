//! What typing an expression asks of the checker.

use wf_source::{Diagnostic, Span};
use wf_value::{Enum, Text, Type};

use crate::{Code, DefineId, Kind, Slot, TableId, TemplateId};

/// Where and with what a define, table or template is called.
#[derive(Clone, Copy, Debug)]
pub struct Site<'a> {
    pub span: Span,
    pub args: &'a [&'a Code],
}

/// What a mistake is about, where that is a name alone: whoever gave the name its value may be the one who is wrong.
#[derive(Clone, Debug, PartialEq)]
pub enum Subject {
    /// An argument of the define, table or template that is being looked at, or a variable of a lambda.
    Local(u16),
    Slot(Slot),
    Param(u32),
    /// What a step names, by the place of its value.
    Let(Span),
    /// A constant, by its name where it is used, or one text in it.
    Constant {
        name: Text,
        used: Span,
        element: Option<Text>,
    },
}

impl Subject {
    /// What an expression is about, when it is a name and nothing else.
    #[must_use]
    pub fn of(code: &Code) -> Option<Self> {
        match &code.kind {
            Kind::Local(local) => Some(Self::Local(*local)),
            Kind::Slot(slot) => Some(Self::Slot(*slot)),
            Kind::Param(number) => Some(Self::Param(*number)),
            // a literal is written otherwise
            Kind::Literal(_) if code.text.starts_with(|c: char| c.is_ascii_uppercase()) => {
                Some(Self::Constant { name: code.text.clone(), used: code.span, element: None })
            }
            _ => None,
        }
    }
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

    /// A template always gives text, which is a secret when something of it is; its arguments are checked.
    fn template(&mut self, id: TemplateId, args: &[(Text, Type)], site: &Site<'_>) -> Type;

    /// Hears of a mistake; `about`: the name that it is about, `operand`: how that is written.
    fn report(&mut self, diagnostic: Diagnostic, about: Option<Subject>, operand: &Text);

    /// Hears that something was done with a value that only values like it allow: a field of it was read, a list gone through.
    fn used(&mut self, _subject: &Subject) {}

    /// Hears that a field of a named shape was read.
    fn read(&mut self, _shape: &Text, _field: &Text) {}

    /// Hears that a named shape was asked for a field that it does not have.
    fn missed(&mut self, _shape: &Text, _field: &Text, _at: Span) {}

    /// Hears that a value of a named closed set is asked whether it is this text.
    fn asks(&mut self, _set: &Enum, _text: &Text, _at: Span) {}

    /// Hears that a value that is asked whether it is `asked` may also be `twin`, which nearly is the same.
    fn twin(&mut self, _twin: &Text, _asked: &Text, _at: Span) {}

    /// Hears that a value which is asked for at this place can be a text that nothing there has.
    /// `near`: what it has that is nearly the same.
    fn stranger(&mut self, _text: &Text, _near: &str, _at: Span) {}

    /// Hears where a param or constant is used.
    fn note_use(&mut self, _subject: &Subject, _at: Span) {}

    /// How many mistakes were heard of so far: what is made of something wrong is anything.
    fn mistakes(&self) -> usize {
        0
    }

    /// Which argument of the body that is being looked at a name is, if it is one.
    fn argument(&self, subject: &Subject) -> Option<u16> {
        match subject {
            Subject::Local(local) => Some(*local),
            _ => None,
        }
    }

    /// Whether there is a file of that name beside the one that asks for it.
    fn has_asset(&self, _name: &Text, _at: Span) -> bool {
        true
    }

    /// Hears of the type of every part, for `validate --types`.
    fn note_type(&mut self, _span: Span, _ty: &Type) {}

    /// Hears of the types that the columns of a table have.
    fn note_columns(&mut self, _table: TableId, _types: &[Type]) {}

    /// Where the shape or enum of that name is declared.
    fn declared(&self, _name: &str) -> Option<Span> {
        None
    }
}
