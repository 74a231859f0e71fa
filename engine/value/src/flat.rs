//! The values of an object, made already or still as they are written.
//!
//! Of most rows of an answer few fields are asked for. So the decoder only makes sure that a row of plain scalars is well-formed and keeps
//! where its values begin; each is read when it is asked for, and all of them once that has happened often.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use arcstr::ArcStr;

use crate::Value;

/// Reads of single fields after which the whole row is made.
const OFTEN: u32 = 12;

#[derive(Debug)]
pub(crate) enum Cells {
    Made(Vec<Value>),
    Written(Box<Flat>),
}

/// A row of plain scalars inside a reply.
#[derive(Debug)]
pub(crate) struct Flat {
    reply: ArcStr,
    /// Where its values begin.
    starts: Box<[u32]>,
    asked: AtomicU32,
    made: OnceLock<Vec<Value>>,
}

impl Default for Cells {
    fn default() -> Self {
        Self::Made(Vec::new())
    }
}

impl Cells {
    pub(crate) fn written(reply: &ArcStr, starts: &[u32]) -> Self {
        let (reply, starts) = (reply.clone(), starts.into());
        Self::Written(Box::new(Flat { reply, starts, asked: AtomicU32::new(0), made: OnceLock::new() }))
    }

    /// All of them.
    pub(crate) fn all(&self) -> &[Value] {
        match self {
            Self::Made(values) => values,
            Self::Written(flat) => flat.all(),
        }
    }

    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Made(values) => values.len(),
            Self::Written(flat) => flat.starts.len(),
        }
    }

    /// The value at `i`, when it is made already.
    #[inline]
    pub(crate) fn standing(&self, i: usize) -> Option<&Value> {
        match self {
            Self::Made(values) => values.get(i),
            Self::Written(flat) => flat.made.get()?.get(i),
        }
    }

    /// The value at `i`.
    pub(crate) fn read(&self, i: usize) -> Option<Value> {
        match self {
            Self::Made(values) => values.get(i).cloned(),
            Self::Written(flat) => flat.read(i),
        }
    }
}

impl Flat {
    fn all(&self) -> &[Value] {
        self.made.get_or_init(|| self.starts.iter().map(|start| self.scalar(*start)).collect())
    }

    fn read(&self, i: usize) -> Option<Value> {
        // a guess that nobody relies on: whoever counts last wins
        let asked = self.asked.load(Ordering::Relaxed);
        if asked >= OFTEN {
            return self.all().get(i).cloned();
        }
        self.asked.store(asked + 1, Ordering::Relaxed);
        self.starts.get(i).map(|start| self.scalar(*start))
    }

    fn scalar(&self, start: u32) -> Value {
        crate::decode::scalar(&self.reply, start as usize)
    }
}
