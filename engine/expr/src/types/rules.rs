//! Type functions of the built-in functions, for [`crate::functions::Function::ty`].
//!
//! Where a function takes and gives fixed types, its entry says so itself: `ty: |call| call.gives(&[Takes::Text], Type::Text)`.

mod any;
mod list;
mod map;
mod numbers;
mod text;

pub use any::*;
pub use list::*;
pub use map::*;
pub use numbers::*;
pub use text::*;
