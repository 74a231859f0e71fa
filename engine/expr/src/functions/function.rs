//! What the registry says of one function.

use wf_value::{Seen, Type, Value};

use super::{Answer, Args, Run, Unfit};
use crate::code::Ready;
use crate::types::TypeCall;

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
    /// What can be made ready at load from arguments that are constants.
    pub ready: Option<Prepare>,
    /// What it gives where that is a part of what it is called on, and stands there as it is.
    pub part: Option<for<'v> fn(Seen<'v>) -> Option<Seen<'v>>>,
    /// Whether null as receiver has a meaning of its own, also where nulls along a path are seen through.
    pub sees_null: bool,
    /// The type it gives; reports arguments that cannot be right.
    pub ty: fn(&mut TypeCall<'_>) -> Type,
}

/// Makes ready what constant arguments allow (`None`: not a constant; the receiver, if there is one, is the first).
pub type Prepare = fn(&[Option<&Value>]) -> Result<Option<Box<dyn Ready>>, Unfit>;

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
    Plain(fn(&Args<'_>) -> Answer),
    /// As `Plain`, but nulls are handed in.
    Nulls(fn(&Args<'_>) -> Answer),
    /// Arguments are handed in as they are evaluated, unknown ones too.
    Raw(fn(&Args<'_>) -> Answer),
    /// Evaluates its arguments itself: lambdas, `orElse`, `exists`.
    Special(fn(&mut Run<'_, '_>) -> Answer),
}

impl Function {
    /// A function that is called on a value.
    pub(super) const fn method(
        name: &'static str,
        params: &'static [Param],
        signature: &'static str,
        body: Body,
        ty: fn(&mut TypeCall<'_>) -> Type,
    ) -> Self {
        Self {
            name,
            receiver: true,
            signature,
            doc: "",
            examples: &[],
            params,
            body,
            ready: None,
            part: None,
            sees_null: false,
            ty,
        }
    }

    /// A function without receiver; its name may have a dot in it.
    pub(super) const fn free(
        name: &'static str,
        params: &'static [Param],
        signature: &'static str,
        body: Body,
        ty: fn(&mut TypeCall<'_>) -> Type,
    ) -> Self {
        Self { receiver: false, ..Self::method(name, params, signature, body, ty) }
    }

    pub(super) const fn doc(mut self, doc: &'static str) -> Self {
        self.doc = doc;
        self
    }

    pub(super) const fn examples(mut self, examples: &'static [(&'static str, &'static str)]) -> Self {
        self.examples = examples;
        self
    }

    pub(super) const fn sees_null(mut self) -> Self {
        self.sees_null = true;
        self
    }

    pub(super) const fn part(mut self, part: for<'v> fn(Seen<'v>) -> Option<Seen<'v>>) -> Self {
        self.part = Some(part);
        self
    }

    pub(super) const fn ready(mut self, prepare: Prepare) -> Self {
        self.ready = Some(prepare);
        self
    }

    /// Whether it may be called with so many arguments, the receiver not among them.
    #[must_use]
    pub fn takes(&self, given: usize) -> bool {
        let least = self.params.iter().filter(|p| !matches!(p, Param::Optional | Param::Rest)).count();
        given >= least && (given <= self.params.len() || self.params.last() == Some(&Param::Rest))
    }
}

impl std::fmt::Debug for Function {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.signature)
    }
}
