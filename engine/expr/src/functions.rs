//! The registry of built-in functions: one entry a function, in the file of its receiver.

use wf_source::Span;
use wf_value::{Type, Value};

use crate::types::TypeCall;
use crate::{Code, Ctx};

/// A built-in function; overloads with other numbers of arguments are entries of their own.
pub struct Function {
    pub name: &'static str,
    /// Called on a value (`x.name(…)`), or free (`name(…)`).
    pub receiver: bool,
    /// As the documentation shows it: `list.sortBy(x, key, 'down')`.
    pub signature: &'static str,
    /// One or two sentences: what it gives, what null, unknown and odd values do.
    pub doc: &'static str,
    /// An expression and what it gives, run as tests: `("[2, 1].sortBy(x, x)", "[1, 2]")`.
    pub examples: &'static [(&'static str, &'static str)],
    /// Without the receiver.
    pub params: &'static [Param],
    pub body: Body,
    /// The type it gives; reports arguments that cannot be right.
    pub ty: fn(&mut TypeCall<'_>) -> Type,
}

/// What an argument is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Param {
    Value,
    /// A value that may be left out; only at the end.
    Optional,
    /// The name of a lambda variable.
    Variable,
    /// An expression that sees the variables before it.
    Lambda,
    /// Any number of values, at the end.
    Rest,
}

/// How it is evaluated.
pub enum Body {
    /// Arguments are evaluated; an unknown one is the result; a null one, or null as receiver, gives unknown.
    Plain(fn(&Call<'_>, &[Value]) -> Value),
    /// As `Plain`, but nulls are handed in.
    Nulls(fn(&Call<'_>, &[Value]) -> Value),
    /// Arguments are handed in as they are evaluated, unknown ones too.
    Raw(fn(&Call<'_>, &[Value]) -> Value),
    /// Evaluates its arguments itself: lambdas, `orElse`, `if`, `exists`.
    Special(fn(&Call<'_>, &Ctx<'_>, &mut Locals) -> Value),
}

/// The locals of an evaluation: a stack. [`Kind::Local`](crate::Kind::Local) counts from `base`.
#[derive(Debug, Default)]
pub struct Locals {
    pub stack: Vec<Value>,
    pub base: usize,
}

/// One call, for bodies: its unevaluated parts and its place.
pub struct Call<'a> {
    pub function: &'static Function,
    pub args: &'a [Code],
    pub locals: &'a [u16],
    pub span: Span,
    pub name_span: Span,
    pub ready: Option<&'a dyn crate::code::Ready>,
    pub now: jiff::Timestamp,
    pub program: &'a crate::Program,
}

impl std::fmt::Debug for Function {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.signature)
    }
}
