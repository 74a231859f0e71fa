//! The registry of built-in functions: one entry a function, in the file of its receiver.
//!
//! [`find`] looks an entry up when an expression is compiled, [`prepare`] makes its constant arguments ready, [`call`] carries a call out:
//! it evaluates arguments, hands on what is unknown, refuses null, keeps what is made from a secret one. [`reference()`] is the page of
//! all functions.

mod any;
mod args;
mod bytes;
mod call;
pub(crate) mod case;
mod codepoints;
mod convert;
mod csv;
mod fold;
mod format;
mod function;
mod group;
mod html;
mod id;
mod kept;
mod key;
mod keys;
mod lambda;
mod list;
mod map;
mod math;
mod number;
mod phone;
mod pick;
mod reference;
mod regex;
mod registry;
mod retype;
mod sort;
mod text;
mod time;
mod time_cel;

pub use crate::locals::Locals;
pub use args::{Answer, Args};
pub use call::{Call, Run, call};
pub use function::{Body, Function, Param, Prepare};
pub use reference::reference;
pub(crate) use regex::not_a_regex;
pub use registry::{Unfit, all, find, overloads, prepare, takes_null};
