//! `recheck`, `defer`, `cancel` (language.md §7).

use crate::{
    ast::{Listing, Name, Run, Text, With},
    tree::Node,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recheck {
    pub list: Option<Listing>,
    pub by: Option<Text>,
    pub after: Option<Node>,
    pub run: Run,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Defer {
    /// The type of the task.
    pub task: Option<Name>,
    pub key: Option<Node>,
    pub after: Option<Node>,
    pub at: Option<Node>,
    pub with: Option<With>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cancel {
    pub task: Option<Name>,
    pub key: Option<Node>,
}
