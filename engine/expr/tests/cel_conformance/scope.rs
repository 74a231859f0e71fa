//! The names of a test.

use wf_expr::{Callable, Code, Named, Names, Slot, Vars};
use wf_source::Span;
use wf_value::Value;

use super::data::Case;
use super::expected;

pub(crate) struct Scope {
    values: Vec<(String, Value)>,
}

impl Scope {
    pub(crate) fn new(case: &Case) -> Self {
        let value = |json| expected::value(json).unwrap_or_default();
        Self { values: case.bindings.iter().map(|(name, json)| (name.clone(), value(json))).collect() }
    }
}

impl Names for Scope {
    fn name(&self, name: &str, _: wf_source::Span) -> Option<Named> {
        let index = self.values.iter().position(|(n, _)| n == name)?;
        Some(Named::Slot(Slot { up: 0, index: u16::try_from(index).ok()? }))
    }

    fn callable(&self, _: &str, _: wf_source::Span) -> Option<Callable> {
        None
    }

    fn param(&self, _: &[&str], _: Span) -> Option<(Code, usize)> {
        None
    }

    fn visible(&self) -> Vec<String> {
        self.values.iter().map(|(name, _)| name.clone()).collect()
    }
}

impl Vars for Scope {
    fn slot(&self, slot: Slot) -> Option<&Value> {
        self.values.get(usize::from(slot.index)).map(|(_, value)| value)
    }
}
