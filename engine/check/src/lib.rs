//! Files that were read → plans that can run, or all that is wrong with them.
//!
//! [`check`] takes a [`Project`], all files of a tree, and gives what is right of it: plans, connectors, environments. `names` knows what is
//! defined where and who asks for it; `lower` makes plans of typed files; `environments` merges environments and resolves params. Nothing
//! here reads files.

mod bundle;
mod check;
mod environments;
mod judge;
mod ledger;
mod lower;
mod names;
mod project;
mod protos;
pub mod rules;
mod sound;
mod sources;
mod types;
mod uses;

pub use check::{Checked, check, check_with};
pub use environments::{Given, resolve_params};
pub use names::{Def, DefKey, DefKind, UnitId};
pub use project::Project;
pub use sound::SoundCases;
pub use sources::{Spread, spread_over};
pub use types::TypesAt;
pub use uses::Uses;
