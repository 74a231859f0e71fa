//! `skip`, `stop`, `fail`: a reason with `if`, or reasons with their conditions.

use crate::ast::{Name, Text};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leave {
    pub reasons: Vec<Reason>,
    /// `as`: files the item under a name.
    pub file_as: Option<Name>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// May have holes.
    pub text: Text,
    /// `None` where the step's own `if` decides, or nothing.
    pub condition: Option<Text>,
}
