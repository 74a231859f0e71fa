//! The names that a hole sees: those of its place, the elements of the blocks around it, and in a file what it is handed.

use std::cell::RefCell;

use wf_source::Span;
use wf_value::Text;

use crate::{Callable, Code, Named, Names};

pub(super) struct Scope<'n> {
    outer: &'n dyn Names,
    /// Elements and indexes of the blocks around, the innermost last.
    blocks: Vec<(Text, u16)>,
    /// In a file: names that nothing defines, in order of their first use.
    handed: Option<RefCell<Vec<Text>>>,
}

impl<'n> Scope<'n> {
    /// A text inside a workflow.
    pub(super) fn of_place(outer: &'n dyn Names) -> Self {
        Self { outer, blocks: Vec::new(), handed: None }
    }

    /// A file, of which these names are known to be handed to it.
    pub(super) fn of_file(outer: &'n dyn Names, handed: Vec<Text>) -> Self {
        Self { outer, blocks: Vec::new(), handed: Some(RefCell::new(handed)) }
    }

    pub(super) fn handed(self) -> Vec<Text> {
        self.handed.map(RefCell::into_inner).unwrap_or_default()
    }

    /// Declares the element of a block; gives its local.
    pub(super) fn push(&mut self, name: Text) -> u16 {
        let local = self.locals();
        self.blocks.push((name, local));
        local
    }

    pub(super) fn depth(&self) -> usize {
        self.blocks.len()
    }

    pub(super) fn truncate(&mut self, depth: usize) {
        self.blocks.truncate(depth);
    }
}

impl Names for Scope<'_> {
    fn name(&self, name: &str, at: Span) -> Option<Named> {
        if let Some((_, local)) = self.blocks.iter().rev().find(|(n, _)| n.as_str() == name) {
            return Some(Named::Local(*local));
        }
        if let Some(named) = self.outer.name(name, at) {
            return Some(named);
        }
        let mut handed = self.handed.as_ref()?.borrow_mut();
        let place = handed.iter().position(|n| n.as_str() == name).unwrap_or_else(|| {
            handed.push(name.into());
            handed.len() - 1
        });
        u16::try_from(place).ok().map(Named::Local)
    }

    fn callable(&self, name: &str, at: Span) -> Option<Callable> {
        self.outer.callable(name, at)
    }

    fn param(&self, path: &[&str], span: Span) -> Option<(Code, usize)> {
        self.outer.param(path, span)
    }

    fn visible(&self) -> Vec<String> {
        let mut names: Vec<String> = self.blocks.iter().map(|(name, _)| name.to_string()).collect();
        names.extend(self.outer.visible());
        names
    }

    /// A name that must be handed in is not one that somebody called.
    fn is_value(&self, name: &str, at: Span) -> bool {
        self.blocks.iter().any(|(n, _)| n.as_str() == name) || self.outer.is_value(name, at)
    }

    fn locals(&self) -> u16 {
        let handed = self.handed.as_ref().map_or(0, |h| h.borrow().len());
        let below = self.outer.locals() as usize + handed + self.blocks.len();
        u16::try_from(below).unwrap_or(u16::MAX)
    }
}
