//! A list under way: what stays in it, and what is set aside.

use std::sync::Arc;

use wf_value::{List, SetAside, Type, Unknown, Value};

use super::Run;

/// Collects the elements of a list made from another one, whose set-aside elements it hands on.
pub(super) struct Kept {
    pub items: Vec<Value>,
    pub aside: Vec<SetAside>,
}

impl Kept {
    /// Nothing kept yet, what was aside of `list` aside again.
    pub(super) fn from(list: &List) -> Self {
        Self { items: Vec::with_capacity(list.len()), aside: list.aside().to_vec() }
    }

    /// Sets element `i` of `list` aside and tells who explains.
    pub(super) fn set_aside(
        &mut self,
        run: &mut Run<'_, '_>,
        list: &List,
        i: usize,
        value: Value,
        reason: Arc<Unknown>,
        because: usize,
    ) {
        run.dropped(&value, Some(&reason), because);
        self.aside.push(SetAside { value, reason, place: list.place(i) });
    }

    pub(super) fn list(self) -> List {
        List::partial(self.items, self.aside)
    }

    /// As a list of such elements as `like` has. Of which nothing was left out is `like` itself, and knows where it came from.
    pub(super) fn like(self, like: &List) -> List {
        if self.items.len() == like.len() && self.aside.len() == like.aside().len() {
            return like.clone();
        }
        of_type(self.list(), like.element_type())
    }
}

pub(super) fn of_type(list: List, element: Option<&Arc<Type>>) -> List {
    match element {
        Some(ty) => list.of(ty.clone()),
        None => list,
    }
}

/// The same elements in another order, or some of them, raw; what was aside stays aside.
pub(super) fn again(list: &List, items: Vec<Value>) -> List {
    of_type(List::partial(items, list.aside().to_vec()), list.element_type())
}
