//! A picture of a workflow, made from its checked form.
//!
//! [`read()`] makes a [`model::Graph`] of a plan; [`views`] cuts it down to what fits one picture; the writers draw or print it. The SVG is
//! made in three steps: [`measure`] knows how wide texts are, [`boxes`] and [`layout`] say where everything stands, [`mod@svg`] draws.

mod boxes;
mod dot;
mod json;
mod layout;
mod lines;
mod measure;
mod mermaid;
pub mod model;
mod order;
mod pen;
mod read;
mod sheets;
mod svg;
mod uses;
pub mod views;

pub use dot::dot;
pub use json::json;
pub use mermaid::mermaid;
pub use read::read;
pub use svg::svg;
