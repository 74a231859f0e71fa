//! `step(state, event) → (state, effects)`: runs a module's flows without clock, files, network or randomness.
//!
//! The host feeds [`Event`]s in one order, carries out [`Effect`]s, and writes both down. Fed the same events again, a [`Run`] makes the
//! same decisions: that is how a run is resumed after a crash, and how `explain` answers ([`Tracer`]).

mod effect;
mod ended;
mod event;
mod start;
mod trace;

pub use effect::{Effect, RequestRef, Scope};
pub use ended::{Ended, EndedHow, ItemEnd, LoopReport, Report, SentKind, SentReport, Undecided};
pub use event::{Event, What};
pub use start::{Limits, Start, Unit, Writes};
pub use trace::{Decision, Tracer};
