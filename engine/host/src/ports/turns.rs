//! Turns: who does something that nobody else on the same store may do meanwhile, in this process or another.

use std::any::Any;

/// With whom a turn goes together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Share {
    /// With nobody.
    Alone,
    /// With others that take it so.
    Together,
}

/// Who has which turn. A turn ends when it is dropped, and at the latest with its process, however that ends.
pub trait Turns: Send + Sync {
    /// Takes the turn at `what`, or says who has it; waits for nobody. `who` is told to those who come meanwhile.
    ///
    /// # Errors
    /// Somebody has it who does not share it, or it cannot be known.
    fn take(&self, what: &str, share: Share, who: &str) -> Result<Turn, TurnError>;
}

/// A turn that was taken.
pub struct Turn(#[allow(dead_code, reason = "kept for its drop")] Box<dyn Any + Send + Sync>);

impl Turn {
    /// `kept` gives the turn back when it is dropped.
    pub fn new(kept: impl Any + Send + Sync) -> Self {
        Self(Box::new(kept))
    }
}

impl std::fmt::Debug for Turn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Turn")
    }
}

#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum TurnError {
    /// Who has it, since when, in words.
    #[error("{0}")]
    Taken(String),
    #[error("whether another program is at it cannot be known: {0}")]
    Unknown(String),
}
