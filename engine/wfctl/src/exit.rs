//! How `wfctl` ends: 0 fine, 1 the workflow or case failed, 2 files or arguments are wrong.

use std::process::ExitCode;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    Fine,
    Failed,
    Wrong,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Fine => Self::from(0),
            Exit::Failed => Self::from(1),
            Exit::Wrong => Self::from(2),
        }
    }
}

/// Why a command could not do its work, in a sentence for people: what, where, what to do.
#[derive(Debug, PartialEq, Eq)]
pub struct Refusal {
    pub exit: Exit,
    pub message: String,
}

impl Refusal {
    /// Files or arguments are wrong.
    pub fn wrong(message: impl Into<String>) -> Self {
        Self { exit: Exit::Wrong, message: message.into() }
    }

    /// The work itself failed.
    pub fn failed(message: impl Into<String>) -> Self {
        Self { exit: Exit::Failed, message: message.into() }
    }
}
