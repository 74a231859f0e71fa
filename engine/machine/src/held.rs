//! Writes that are held back, and what follows from them (`language.md` §8).

use std::sync::Arc;

use wf_plan::{Action, Effect};
use wf_value::{Unknown, UnknownKind};

use crate::frames::FrameId;
use crate::start::Writes;
use crate::turn::Turn;

/// What is held, and why it is.
pub(crate) type Held = Arc<Unknown>;

impl Turn<'_, '_> {
    /// Whether what the frame sends to this action is held back. `knows`: everything in it is known.
    pub(crate) fn holds(&self, id: FrameId, action: &Action, knows: bool) -> bool {
        match action.effect {
            Effect::Read => false,
            Effect::Tell => self.tainted(id).is_some(),
            Effect::Write if action.memory => match self.run.start.writes {
                Writes::On | Writes::Off => !knows,
                Writes::DryRun => true,
            },
            Effect::Write => self.run.start.writes != Writes::On || self.tainted(id).is_some(),
        }
    }

    /// A write was held back in the frame, or in one that it depends on.
    pub(crate) fn tainted(&self, id: FrameId) -> Option<Held> {
        self.frame(id)?.held.clone()
    }

    /// Something of the frame was held back: so is what comes after it there, and in what is around it.
    pub(crate) fn hold(&mut self, id: FrameId, held: &Held) {
        let mut at = Some(id);
        while let Some(frame) = at.and_then(|id| self.frame_mut(id)) {
            frame.held.get_or_insert_with(|| held.clone());
            at = frame.role.parent();
        }
    }
}

/// Why the result of something that was held back is unknown.
pub(crate) fn held_back(what: &str) -> Held {
    Arc::new(Unknown::new(UnknownKind::Held, format!("{what} was held back")))
}
