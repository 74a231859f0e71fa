//! Names: what files define, what a place sees, and what nobody asks for.

mod forgotten;
mod handed;
mod misspelt;
mod outcomes;
pub(crate) mod rules;
mod scope;
mod sight;
mod tasks;
mod twice;
mod unit;
mod unused;
mod world;

pub(crate) use forgotten::forgotten;
pub(crate) use handed::handed_by_name;
pub(crate) use misspelt::{Asked, settle};
pub(crate) use outcomes::outcomes;
pub(crate) use scope::{Local, LocalKind, Scope, Values};
pub(crate) use sight::{Seen, Sight};
pub(crate) use tasks::tasks;
pub(crate) use twice::{namesakes, twice};
pub use unit::{Def, DefKey, DefKind, UnitId};
pub(crate) use unit::{ParamDef, Role, Unit};
pub(crate) use unused::{idle, unused};
pub(crate) use world::{Found, TemplateFile, World};
