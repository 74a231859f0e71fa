//! What an evaluation may see.

use std::cell::Cell;

use jiff::Timestamp;
use wf_source::Span;
use wf_value::{Text, Unknown, Value};

use crate::{Leaf, Program, Row, Slot, Table};

/// The names of the step's scope.
pub trait Vars {
    /// What stands in a slot; nothing, which is null, for a step that was not done.
    fn slot(&self, slot: Slot) -> Option<&Value>;
}

/// Everything outside an expression that it may read. One for each step, so that `now` is one instant.
pub struct Ctx<'a> {
    pub program: &'a Program,
    pub vars: &'a dyn Vars,
    /// The values of the plan's params, by number.
    pub params: &'a [Value],
    /// `{name, writes, workflow}`
    pub env: &'a Value,
    pub now: Timestamp,
    /// Steps of evaluation left; what is over gives unknown ([`wf_value::UnknownKind::Limit`]).
    pub fuel: Cell<u64>,
    /// Calls of calls that are under way.
    pub depth: Cell<u32>,
    /// What `shortId()` makes ids from: another for each step, the same when it is replayed; without one there are none.
    pub seed: Option<u128>,
    /// Ids made so far.
    pub drawn: Cell<u64>,
    /// A field of what is no map is null, as an absent one is: where values of type `any` are read (`connectors.md` §4).
    pub open: bool,
    /// Hears of elements that functions drop; only while a run is explained.
    pub trace: Option<&'a dyn Trace>,
}

impl<'a> Ctx<'a> {
    /// Evaluations that one expression may take: a nested loop over 10,000 × 10,000 elements is refused, one over 100,000 is not.
    pub const FUEL: u64 = 50_000_000;
    /// Parts inside of parts, through calls of defines and tables: what the stack of a thread takes.
    pub const DEPTH: u32 = 300;

    /// A context with all its fuel that nobody listens to.
    #[must_use]
    pub fn new(program: &'a Program, vars: &'a dyn Vars, params: &'a [Value], env: &'a Value, now: Timestamp) -> Self {
        let (fuel, depth) = (Cell::new(Self::FUEL), Cell::new(0));
        Self { program, vars, params, env, now, fuel, depth, seed: None, drawn: Cell::new(0), open: false, trace: None }
    }

    /// The same with a purse of its own, unheard: looking at what an evaluation saw takes nothing of it.
    pub(crate) fn aside(&self) -> Self {
        let (fuel, depth) = (Cell::new(Self::FUEL), Cell::new(self.depth.get()));
        let (program, vars, params, env) = (self.program, self.vars, self.params, self.env);
        let drawn = Cell::new(self.drawn.get());
        Self {
            program,
            vars,
            params,
            env,
            now: self.now,
            fuel,
            depth,
            seed: self.seed,
            drawn,
            open: self.open,
            trace: None,
        }
    }

    /// Takes one step of evaluation; false when none is left.
    #[must_use]
    pub fn spend(&self) -> bool {
        match self.fuel.get().checked_sub(1) {
            Some(left) => {
                self.fuel.set(left);
                true
            }
            None => false,
        }
    }

    /// Goes one level down until the guard is dropped; `None` when that is too deep.
    pub(crate) fn descend(&self) -> Option<Descent<'_>> {
        let depth = self.depth.get();
        (depth < Self::DEPTH).then(|| {
            self.depth.set(depth + 1);
            Descent(&self.depth)
        })
    }
}

/// Climbs up again when it is dropped.
pub(crate) struct Descent<'a>(&'a Cell<u32>);

impl Drop for Descent<'_> {
    fn drop(&mut self) {
        self.0.set(self.0.get().saturating_sub(1));
    }
}

/// No names at all: for expressions of constants, and tests.
pub struct NoVars;

impl Vars for NoVars {
    fn slot(&self, _: Slot) -> Option<&Value> {
        None
    }
}

/// Listens to an evaluation, for `explain`.
pub trait Trace {
    /// Whether it matters what is told of that value: only then it is put together.
    fn wants(&self, _about: &Value) -> bool {
        true
    }

    fn dropped(&self, what: Dropped<'_>);

    /// Whether it matters what a table says that was given these.
    fn wants_ruled(&self, given: &[Value]) -> bool {
        given.is_empty() || given.iter().any(|given| self.wants(given))
    }

    /// A decision table was asked about something.
    fn ruled(&self, _what: Ruled<'_>) {}
}

/// An element that a function left out of its result, and why.
#[derive(Debug)]
pub struct Dropped<'a> {
    pub element: &'a Value,
    /// The call: `.filter(row, active(row.edgeState))`.
    pub call: Span,
    /// `filter`
    pub function: &'static str,
    /// `None`: the condition was false. Else the element was set aside.
    pub unknown: Option<&'a Unknown>,
    /// The condition or key that decided.
    pub because: Span,
    /// What that saw of the element and beside it.
    pub saw: Vec<Leaf>,
}

/// What a decision table said.
#[derive(Debug)]
pub struct Ruled<'a> {
    pub table: &'a Table,
    /// The row that decided: the first one that holds, or that nobody knows of. `None`: `otherwise`, or no row at all.
    pub row: Option<&'a Row>,
    /// The columns that this row, or all of them, looked at.
    pub saw: Vec<(Text, Value)>,
    pub result: &'a Value,
}
