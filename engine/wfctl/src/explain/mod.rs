//! Why a run did what it did: the run is made again from its journal, and what it decides about one item becomes a story.
//!
//! [`recorded`] finds the run and makes its plan again from the sources that the journal kept; [`Collector`] hears the decisions of the
//! replay and keeps those about the item ([`Needle`]); what it has gathered is a [`Story`], told to people (`told`) or programs (`json`).
//! Without an item there is only an `outline`.

mod brief;
mod collect;
mod entry;
mod json;
mod layout;
mod near;
mod needle;
mod origins;
mod outline;
pub mod recorded;
mod scopes;
mod steps;
mod story;
#[cfg(test)]
mod tests;
mod told;
mod words;

pub use collect::Collector;
pub use json::entries;
pub use layout::Sheet;
pub use needle::Needle;
pub use origins::Origins;
pub use outline::outline;
pub use steps::Steps;
pub use told::told;
