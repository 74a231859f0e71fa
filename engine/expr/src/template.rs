//! Texts with holes: Handlebars, with our expressions in the holes.
//!
//! A text is cut into its tags (`scan`), expressions are compiled with exact places, and what is left (`{{v 3}}`, `{{#if 4}}`) is parsed by
//! the `handlebars` crate, which so decides about blocks, white space, escapes and remarks as its users expect. The tree it gives
//! becomes [`Part`]s, rendered with our own values: Handlebars itself knows only JSON, and would lose what is unknown or typed.

mod args;
mod blocks;
mod compile;
mod part;
mod render;
pub mod rules;
mod scan;
mod scope;
#[cfg(test)]
mod tests;

pub(crate) use part::walk;
pub use part::{Arg, Handed, Part, Template};
