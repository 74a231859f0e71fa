//! The three languages inside the YAML, all over [`wf_value::Value`]: expressions (CEL with four extensions), JSONPath, templates.
//!
//! The way of a text: [`cel::parse`] makes the tree as written ([`cel::ast`]), [`compile`] resolves its names into [`Code`], which
//! [`Code::eval`] evaluates in a [`Ctx`] and [`types::infer`] types. A value place of a file is a [`Written`]: a literal, an expression,
//! a path, a text with holes, or a mapping or list of these. What files define for their expressions (defines, tables, templates) is
//! the [`Program`]. Built-in functions have one entry each in the [`functions`] registry.

pub mod cel;
mod code;
mod compile;
mod ctx;
mod eval;
pub mod functions;
mod locals;
mod members;
mod names;
pub mod path;
mod program;
mod reads;
pub mod template;
pub mod types;
mod walk;
mod written;

pub use code::{BinaryOp, Code, Kind, Slot};
pub use compile::{compile, rules};
pub use ctx::{Ctx, Dropped, NoVars, Ruled, Trace, Vars};
pub use eval::{Leaf, Truth};
pub use members::Members;
pub use names::{Callable, Named, Names, NoNames};
pub use program::{Asset, Cell, Column, Define, DefineId, Program, Row, Table, TableId, TemplateId};
pub use reads::Reads;
pub use written::{Entry, Key, Place, Scalar, Source, Written, WrittenKind, read};
