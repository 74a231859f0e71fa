//! `step(state, event) → (state, effects)`: runs a module's flows without clock, files, network or randomness.
//!
//! The host feeds [`Event`]s in one order, carries out [`Effect`]s, and writes both down. Fed the same events again, a [`Run`] makes the
//! same decisions: that is how a run is resumed after a crash, and how `explain` answers ([`Tracer`]).
//!
//! Inside, from the outside in: [`Run`] takes an event and makes a turn of it; frames take turns at their steps (`blocks`), which call
//! (`calls`, `answers`, `retries`, `tell`), run flows, loop (`loops`, `items`, `results`), leave (`leaving`) or book (`later`).

mod answers;
mod blocks;
mod calls;
mod effect;
mod ended;
mod event;
mod failure;
mod flows;
mod frames;
mod held;
mod holes;
mod items;
mod later;
mod leaving;
mod loops;
mod metrics;
mod parcels;
mod pools;
mod report;
mod requests;
mod results;
mod retries;
mod run;
mod scope;
mod start;
mod tell;
mod trace;
mod turn;

pub use effect::{Effect, RequestRef, Scope};
pub use ended::{Ended, EndedHow, Failed, ItemEnd, LoopReport, Report, SentKind, SentReport, Undecided};
pub use event::{Event, What};
pub use run::{Run, WaitsFor};
pub use start::{Limits, Start, Unit, Writes};
pub use trace::{Decision, Tracer};
