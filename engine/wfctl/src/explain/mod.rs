//! Why a run did what it did: the run is made again from its journal, and what it decides about one item becomes a story.
//!
//! [`recorded`] finds the run and makes its plan again from the sources that the journal kept; a `Collector` hears the decisions of the
//! replay and keeps those about the item (a `Needle`); what it has gathered is a `Story`. `conclude` answers from it in a few sentences;
//! below these it is told to people (`told`), `short` or in full, or to programs (`json`).
//! `whatif` makes the run again with other params, `since` concludes over several runs; `writes` goes the other way, from something that was
//! sent to what led there (`causes`). Without an item there is only an `outline`. `answer` puts this together.

mod answer;
mod brief;
mod causes;
mod collect;
mod conclude;
mod doubts;
mod entry;
mod fates;
mod json;
mod listing;
mod near;
mod needle;
mod origins;
mod outline;
mod plans;
pub mod recorded;
mod scopes;
mod sentence;
mod short;
mod since;
mod steps;
mod story;
#[cfg(test)]
mod tests;
mod told;
mod whatif;
mod words;
pub mod writes;

pub use answer::{Form, outlined, story};
pub use doubts::{Doubtful, doubts_of, doubts_table};
pub use listing::{Listed, listed, recorded_at, table};
pub use since::{Since, over_runs};
pub use whatif::with_other_params;
