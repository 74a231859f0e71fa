//! Names of the plans of tests.

use std::cell::RefCell;

use wf_expr::{Callable, Code, Kind, Named, Names, Slot};
use wf_value::Text;

/// Frames in sight, the innermost last; each has its names by slot.
#[derive(Default)]
pub(crate) struct Scope {
    pub(crate) frames: RefCell<Vec<Vec<Text>>>,
    pub(crate) params: Vec<Text>,
}

impl Scope {
    /// The slot of a name in the innermost frame, made when it is not there.
    pub(crate) fn slot(&self, name: &str) -> u16 {
        let mut frames = self.frames.borrow_mut();
        if frames.is_empty() {
            frames.push(Vec::new());
        }
        let frame = frames.last_mut().unwrap();
        let at = frame.iter().position(|known| known.as_str() == name).unwrap_or_else(|| {
            frame.push(name.into());
            frame.len() - 1
        });
        u16::try_from(at).unwrap()
    }

    /// A name wherever it is in sight.
    pub(crate) fn find(&self, name: &str) -> Option<Slot> {
        let frames = self.frames.borrow();
        frames.iter().rev().enumerate().find_map(|(up, frame)| {
            let index = frame.iter().position(|known| known.as_str() == name)?;
            Some(Slot { up: u16::try_from(up).unwrap(), index: u16::try_from(index).unwrap() })
        })
    }
}

impl Names for Scope {
    fn name(&self, name: &str, _: wf_source::Span) -> Option<Named> {
        match name {
            "now" => Some(Named::Now),
            "env" => Some(Named::Env),
            "params" => Some(Named::Params),
            "attempt" | "run" | "trigger" => {
                self.slot(name);
                self.find(name).map(Named::Slot)
            }
            _ => self.find(name).map(Named::Slot),
        }
    }

    fn callable(&self, _: &str, _: wf_source::Span) -> Option<Callable> {
        None
    }

    fn param(&self, path: &[&str], span: wf_source::Span) -> Option<(Code, usize)> {
        let at = self.params.iter().position(|name| path.first().is_some_and(|first| name.as_str() == *first))?;
        let kind = Kind::Param(u32::try_from(at).unwrap());
        Some((Code { kind, span, text: format!("params.{}", path[0]).into() }, 1))
    }

    fn visible(&self) -> Vec<String> {
        self.frames.borrow().iter().flatten().map(ToString::to_string).collect()
    }
}
