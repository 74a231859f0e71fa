//! Renderings of diagnostics: for people, for programs, for GitHub. Each is a sibling; the model knows none of them.

mod github;
mod human;
mod json;

pub use github::github;
pub use human::{Style, human};
pub use json::json;
