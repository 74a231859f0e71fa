//! An expression with its names resolved: what is evaluated and typed.

use std::sync::atomic::AtomicU64;

use wf_source::Span;
use wf_value::{Text, Value};

use crate::functions::Function;
use crate::members::Members;
use crate::program::{DefineId, TableId, TemplateId};

/// An expression, compiled. Immutable and shared between runs.
#[derive(Debug)]
pub struct Code {
    pub kind: Kind,
    /// Where it stands in its file.
    pub span: Span,
    /// As it is written, for messages: `edge.state`.
    pub text: Text,
}

#[derive(Debug)]
pub enum Kind {
    Literal(Value),
    /// A variable of a lambda, an argument of a define, a given or column of a table: counted from the bottom of the frame of the
    /// define, table or template that it stands in (outside of these: from the bottom of the expression).
    Local(u16),
    /// A name of the step's scope: an id, a let, a loop variable, an input.
    Slot(Slot),
    /// A param of the file it stands in: its number in the plan.
    Param(u32),
    Now,
    Env,
    Field {
        on: Box<Code>,
        name: Text,
        /// Where the name alone stands.
        name_span: Span,
        /// A packed [`wf_value::Hint`].
        hint: AtomicU64,
    },
    Index {
        on: Box<Code>,
        key: Box<Code>,
    },
    List(Vec<Code>),
    /// `{'a': x}`: keys are expressions.
    Map(Members<(Code, Code)>),
    Not(Box<Code>),
    Negate(Box<Code>),
    Binary(BinaryOp, Box<Code>, Box<Code>),
    And(Box<Code>, Box<Code>),
    Or(Box<Code>, Box<Code>),
    /// `x in a..b`, whole numbers, both ends included.
    InRange(Box<Code>, Box<Code>, Box<Code>),
    /// `if(c, a, b)` and `c ? a : b`.
    If(Box<Code>, Box<Code>, Box<Code>),
    /// A built-in. The receiver, if it has one, is the first argument. Where the function takes lambdas, an argument that declares a
    /// variable has become the variable's [`Kind::Local`] number in `locals`, and is not among the arguments.
    Call {
        function: &'static Function,
        args: Vec<Code>,
        /// The local numbers of the lambda variables that the call declares, in order.
        locals: Vec<u16>,
        name_span: Span,
        /// What was made ready at load, for functions whose argument is a constant: a compiled regex.
        ready: Option<Box<dyn Ready>>,
    },
    Define(DefineId, Vec<Code>),
    Table(TableId, Vec<Code>),
    /// `{{> name a=b}}` and text templates used as a value: named arguments.
    Template(TemplateId, Vec<(Text, Code)>),
}

/// Something that a function prepared at load.
pub trait Ready: std::fmt::Debug + Send + Sync {
    fn as_any(&self) -> &dyn std::any::Any;
}

/// A name of the machine's frames: `up` loop bodies outward, `index` in that frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Slot {
    pub up: u16,
    pub index: u16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryOp {
    Add,
    Sub,
    Mul,
    Div,
    Rem,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    In,
}

impl BinaryOp {
    /// As it is written.
    #[must_use]
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Sub => "-",
            Self::Mul => "*",
            Self::Div => "/",
            Self::Rem => "%",
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessEqual => "<=",
            Self::Greater => ">",
            Self::GreaterEqual => ">=",
            Self::In => "in",
        }
    }
}
