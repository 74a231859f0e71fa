//! Inputs that nobody would write, held against what the engine promises of every input: no panic, no hang, only errors that are told,
//! at places inside the file.
//!
//! A [`targets`] entry knows what it takes apart, where its seeds are in the repository and what must hold. The [`campaign`] changes seeds
//! ([`mutate`]), keeps what was answered in a new way, and hands each input to a [`judge`]: another process ([`worker`]) that may die,
//! hang or eat memory. What fails is made small ([`shrink`]) and stays in the [`corpus`], which every `cargo test` replays.

pub mod campaign;
pub mod corpus;
pub mod grammar;
pub mod input;
pub mod judge;
pub mod mutate;
mod random;
pub mod repository;
pub mod shrink;
pub mod targets;
pub mod worker;

pub use input::Input;
pub use random::Random;
