//! What a loop gives: `{values, done, skipped, left_out, failed, undecided, held, …named}`.

use std::collections::BTreeMap;
use std::sync::Arc;

use wf_plan::LoopError;
use wf_value::{List, MapBuilder, SetAside, Text, Unknown, Value};

use crate::ended::ItemEnd;
use crate::items::nobody_knows;
use crate::loops::Looping;

/// What is kept of items for the result: nothing when nobody reads it.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    /// Collected, or returned.
    pub(crate) values: BTreeMap<u32, Value>,
    /// By the name that `as:` gives.
    pub(crate) filed: Vec<(u32, Text)>,
    /// Why there is no value: failed, undecided, held.
    pub(crate) missing: BTreeMap<u32, Arc<Unknown>>,
}

impl Looping {
    /// Lists of items in the order of the list; null when nobody reads them.
    pub(crate) fn result(&self) -> Value {
        let (Some(kept), Some((_, each))) = (&self.kept, Self::each(&self.here)) else { return Value::Null };
        let mut result = MapBuilder::with_capacity(7 + each.named.len());
        result.insert("values".into(), self.values(kept, matches!(each.on_error, LoopError::LeaveOut)));
        let lists = [
            ("done", ItemEnd::Done),
            ("skipped", ItemEnd::Skipped),
            ("left_out", ItemEnd::LeftOut),
            ("failed", ItemEnd::Failed),
            ("undecided", ItemEnd::Undecided),
            ("held", ItemEnd::Held),
        ];
        for (name, how) in lists {
            let items = self.ends.iter().enumerate().filter(|(_, end)| **end == how).map(|(i, _)| self.raw(i));
            result.insert(name.into(), self.typed(items.collect()));
        }
        let mut filed = kept.filed.clone();
        filed.sort_by_key(|(index, _)| *index);
        for name in &each.named {
            let items = filed.iter().filter(|(_, by)| by == name).map(|(index, _)| self.raw(*index as usize));
            result.insert(name.clone(), self.typed(items.collect()));
        }
        Value::Map(result.finish())
    }

    /// What was collected, or returned, or the items that are done. What could not be learned is set aside, unless it is to be left out.
    fn values(&self, kept: &Kept, leave_out: bool) -> Value {
        let collects = Self::each(&self.here)
            .is_some_and(|(_, each)| each.collect.is_some() || matches!(each.body, wf_plan::LoopBody::Run { .. }));
        let mut values = Vec::new();
        let mut aside = Vec::new();
        for (i, end) in self.ends.iter().enumerate() {
            let Ok(index) = u32::try_from(i) else { break };
            match end {
                ItemEnd::Done if collects => values.push(kept.values.get(&index).cloned().unwrap_or_default()),
                ItemEnd::Done => values.push(self.raw(i)),
                ItemEnd::Failed | ItemEnd::Undecided if leave_out => {}
                ItemEnd::Failed | ItemEnd::Undecided | ItemEnd::Held => {
                    let (value, place) = self.item(index);
                    let reason = kept.missing.get(&index).cloned().unwrap_or_else(nobody_knows);
                    aside.push(SetAside { value, reason, place });
                }
                ItemEnd::Skipped | ItemEnd::LeftOut | ItemEnd::NotBegun => {}
            }
        }
        let list = List::partial(values, aside);
        if collects { Value::List(list) } else { self.with_type(list) }
    }

    /// An item as it came, without its type.
    fn raw(&self, i: usize) -> Value {
        match self.list.raw().get(i) {
            Some(raw) => raw.clone(),
            None => self.item(u32::try_from(i).unwrap_or(u32::MAX)).0,
        }
    }

    fn typed(&self, items: Vec<Value>) -> Value {
        self.with_type(List::new(items))
    }

    fn with_type(&self, list: List) -> Value {
        Value::List(match self.list.element_type() {
            Some(element) => list.of(element.clone()),
            None => list,
        })
    }
}
