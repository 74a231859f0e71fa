//! The members of a mapping that a file writes.

use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use wf_value::{Shape, Text};

/// Members as they are written. Maps made from them have the same keys each time, and share them.
#[derive(Debug)]
pub struct Members<T> {
    members: Vec<T>,
    /// `None` inside: a key is computed, or stands twice.
    shape: OnceLock<Option<Arc<Shape>>>,
}

impl<T> Members<T> {
    /// The keys that all maps of these members have; `key` gives that of a member unless it is computed.
    pub(crate) fn shape(&self, key: impl Fn(&T) -> Option<Text>) -> Option<&Arc<Shape>> {
        let make = || {
            let keys = self.members.iter().map(key).collect::<Option<Vec<Text>>>()?;
            let once = keys.iter().enumerate().all(|(i, key)| !keys[..i].contains(key));
            once.then(|| Arc::new(Shape::new(keys)))
        };
        self.shape.get_or_init(make).as_ref()
    }
}

impl<T> FromIterator<T> for Members<T> {
    fn from_iter<I: IntoIterator<Item = T>>(members: I) -> Self {
        Self { members: members.into_iter().collect(), shape: OnceLock::new() }
    }
}

impl<T> From<Vec<T>> for Members<T> {
    fn from(members: Vec<T>) -> Self {
        Self { members, shape: OnceLock::new() }
    }
}

impl<T> IntoIterator for Members<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;
    fn into_iter(self) -> Self::IntoIter {
        self.members.into_iter()
    }
}

impl<'m, T> IntoIterator for &'m Members<T> {
    type Item = &'m T;
    type IntoIter = std::slice::Iter<'m, T>;
    fn into_iter(self) -> Self::IntoIter {
        self.members.iter()
    }
}

impl<T> Deref for Members<T> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        &self.members
    }
}
