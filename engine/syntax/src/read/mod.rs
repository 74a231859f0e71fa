//! The reader's tools: what a mapping may hold is told by a table of keys, mistakes are collected, and reading goes on.

mod fields;
mod reader;
mod scalars;
mod synonyms;

pub(crate) use fields::{Fields, is_name};
pub(crate) use reader::Reader;
pub(crate) use synonyms::synonym;
