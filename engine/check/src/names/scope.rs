//! The names of steps: frames with their slots, and what is visible at a place.

use std::cell::RefCell;
use std::sync::Arc;

use wf_expr::Slot;
use wf_plan::Frame;
use wf_source::Span;

/// What made a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum LocalKind {
    Input,
    Id,
    Let,
    Item,
    State,
    /// Made by the engine: `error`, `answer`.
    Given,
}

impl LocalKind {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Input => "input",
            Self::Id => "id",
            Self::Let => "let",
            Self::Item => "item of a loop",
            Self::State => "state",
            Self::Given => "name",
        }
    }
}

/// What reading `values` of a loop's result demands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Values {
    /// It is no loop.
    NoLoop,
    Whole,
    /// The loop says nothing of items that fail.
    Unguarded,
}

/// A name that is visible.
#[derive(Clone, Debug)]
pub(crate) struct Local {
    pub(crate) name: Arc<str>,
    pub(crate) slot: u16,
    pub(crate) span: Span,
    pub(crate) kind: LocalKind,
    pub(crate) values: Values,
}

/// The names of one flow while it is lowered: one frame for the flow, one more for each loop around the place.
pub(crate) struct Scope {
    /// For messages: `the main steps`, `the flow x`.
    pub(crate) owner: String,
    frames: RefCell<Vec<Names>>,
}

#[derive(Default)]
struct Names {
    slots: Vec<wf_value::Text>,
    visible: Vec<Local>,
}

/// How much was visible.
#[derive(Clone, Copy)]
pub(crate) struct Mark(usize);

impl Scope {
    pub(crate) fn new(owner: impl Into<String>) -> Self {
        Self { owner: owner.into(), frames: RefCell::new(vec![Names::default()]) }
    }

    pub(crate) fn push(&self) {
        self.frames.borrow_mut().push(Names::default());
    }

    /// Leaves the innermost frame.
    pub(crate) fn pop(&self) -> Frame {
        let names = self.frames.borrow_mut().pop().unwrap_or_default();
        Frame { names: names.slots }
    }

    pub(crate) fn mark(&self) -> Mark {
        Mark(self.frames.borrow().last().map_or(0, |f| f.visible.len()))
    }

    /// What a block made is not visible behind it.
    pub(crate) fn forget(&self, mark: Mark) {
        if let Some(frame) = self.frames.borrow_mut().last_mut() {
            frame.visible.truncate(mark.0);
        }
    }

    /// A new slot of the innermost frame.
    pub(crate) fn slot(&self, name: &str) -> u16 {
        let mut frames = self.frames.borrow_mut();
        let Some(frame) = frames.last_mut() else { return 0 };
        frame.slots.push(name.into());
        u16::try_from(frame.slots.len() - 1).unwrap_or(u16::MAX)
    }

    /// The slot of the innermost frame that the engine fills under a reserved name.
    pub(crate) fn reserved(&self, name: &str) -> u16 {
        let known = self.frames.borrow().last().and_then(|f| f.slots.iter().position(|s| s.as_str() == name));
        known.and_then(|i| u16::try_from(i).ok()).unwrap_or_else(|| self.slot(name))
    }

    pub(crate) fn show(&self, local: Local) {
        if let Some(frame) = self.frames.borrow_mut().last_mut() {
            frame.visible.push(local);
        }
    }

    /// The nearest name, and how to reach it from here.
    pub(crate) fn find(&self, name: &str) -> Option<(Local, Slot)> {
        let frames = self.frames.borrow();
        frames.iter().rev().enumerate().find_map(|(up, frame)| {
            let local = frame.visible.iter().rev().find(|l| &*l.name == name)?;
            let slot = Slot { up: u16::try_from(up).unwrap_or(u16::MAX), index: local.slot };
            Some((local.clone(), slot))
        })
    }

    /// The name that stands in a slot, as far as it is visible.
    pub(crate) fn at(&self, slot: Slot) -> Option<Local> {
        let frames = self.frames.borrow();
        let frame = frames.iter().rev().nth(usize::from(slot.up))?;
        frame.visible.iter().rev().find(|l| l.slot == slot.index).cloned()
    }

    /// How many loops stand around this place.
    pub(crate) fn depth(&self) -> usize {
        self.frames.borrow().len() - 1
    }

    pub(crate) fn visible(&self) -> Vec<Local> {
        self.frames.borrow().iter().rev().flat_map(|f| f.visible.iter().rev().cloned()).collect()
    }
}
