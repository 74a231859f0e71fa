//! How names of an expression are resolved: whoever lowers a file answers.

use wf_value::Value;

use crate::program::{DefineId, TableId};
use crate::{Code, Slot};

/// What a bare name stands for.
#[derive(Clone, Debug)]
pub enum Named {
    Slot(Slot),
    /// A field of the map in a slot: an input of an action, for its callers.
    Member(Slot, wf_value::Text),
    /// An argument or column of the define, table or template that is being compiled.
    Local(u16),
    Constant(Value),
    /// A define without arguments.
    Define(DefineId),
    Now,
    Env,
    /// The name `params` (in a connector `config`): members are asked for with [`Names::param`].
    Params,
}

/// What a call of a name without receiver means; built-ins come after these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Callable {
    /// With the number of its arguments.
    Define(DefineId, usize),
    Table(TableId, usize),
}

/// The names visible at one place. Lookups count as uses, at the place where they stand.
pub trait Names {
    fn name(&self, name: &str, at: wf_source::Span) -> Option<Named>;

    fn callable(&self, name: &str, at: wf_source::Span) -> Option<Callable>;

    /// `params.a.b.c`: the code of the longest beginning of `path` that is a param or a group of params, and how many members it took.
    fn param(&self, path: &[&str], span: wf_source::Span) -> Option<(Code, usize)>;

    /// All visible names, params (`params.x`) and callables, for the nearest right one.
    fn visible(&self) -> Vec<String>;

    /// Whether it names a value, asked of what is called like a function.
    fn is_value(&self, name: &str, at: wf_source::Span) -> bool {
        matches!(self.name(name, at), Some(Named::Slot(_) | Named::Local(_) | Named::Constant(_) | Named::Define(_)))
    }

    /// Locals in use below this expression: its own lambda variables are numbered from here.
    fn locals(&self) -> u16 {
        0
    }
}

/// No names at all: built-in functions only.
pub struct NoNames;

impl Names for NoNames {
    fn name(&self, _: &str, _: wf_source::Span) -> Option<Named> {
        None
    }

    fn callable(&self, _: &str, _: wf_source::Span) -> Option<Callable> {
        None
    }

    fn param(&self, _: &[&str], _: wf_source::Span) -> Option<(Code, usize)> {
        None
    }

    fn visible(&self) -> Vec<String> {
        Vec::new()
    }
}
