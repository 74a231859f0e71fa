//! What the tests of the machine share: plans made from a few lines, and a world that answers.

mod lower;
mod names;
mod world;

pub(crate) use lower::{connector, plan};
pub(crate) use world::{Order, Over, World, error, lost, ok};
