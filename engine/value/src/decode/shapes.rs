//! Shapes that were met before, and which one to expect where.
//!
//! Answers repeat themselves: the rows of a list have the same keys in the same order. So each place (a *slot*: the root, a field of a
//! shape) remembers the shape of the object that stood there last, and the parser compares the next object with it key by key, as bytes.

use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use arcstr::ArcStr;
use rustc_hash::{FxHashMap, FxHashSet, FxHasher};

use crate::{Shape, Text};

/// An object with more keys is a map by key, not a record: its shape will not come again.
const KEYS_OF_A_RECORD: usize = 256;
/// Beyond these the decoder forgets what it learned, before the next document.
const MOST_SHAPES: usize = 2_000;
const MOST_KEYS: usize = 50_000;

/// Bounded memory of shapes; outlives documents.
#[derive(Debug)]
pub(super) struct Shapes {
    known: Vec<Arc<Known>>,
    by_keys: FxHashMap<u64, Vec<u32>>,
    slots: Vec<Place>,
    keys: usize,
}

/// A shape that may be expected.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) shape: Arc<Shape>,
    /// All keys one after the other, each in its quotes; the texts of the shape are slices of it.
    quoted: ArcStr,
    /// Where each quoted key ends.
    ends: Vec<u32>,
    first_slot: u32,
    id: u32,
    /// A list or an object stood in one of this shape.
    pub(super) deep: AtomicBool,
}

/// A place where values stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slot(u32);

#[derive(Clone, Copy, Debug)]
struct Place {
    /// The shape of the object that stood here last.
    shape: u32,
    /// The slot of members of objects that stood here and were not of the expected shape.
    members: u32,
}

const NONE: u32 = u32::MAX;
const NOTHING: Place = Place { shape: NONE, members: NONE };

impl Default for Shapes {
    fn default() -> Self {
        Self { known: Vec::new(), by_keys: FxHashMap::default(), slots: vec![NOTHING], keys: 0 }
    }
}

impl Known {
    /// The bytes of key `i` with its quotes; `None` after the last.
    #[inline]
    pub(super) fn quoted(&self, i: usize) -> Option<&[u8]> {
        let end = *self.ends.get(i)? as usize;
        let start = if i == 0 { 0 } else { *self.ends.get(i - 1)? as usize };
        self.quoted.as_bytes().get(start..end)
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    #[inline]
    pub(super) fn slot(&self, i: usize) -> Slot {
        // `Shapes::learn` has counted the slots of all keys in 32 bits
        Slot(self.first_slot.saturating_add(u32::try_from(i).unwrap_or(NONE)))
    }
}

impl Shapes {
    pub(super) const ROOT: Slot = Slot(0);

    /// Before a document: forgets everything when there is too much of it.
    pub(super) fn begin(&mut self) {
        if self.is_full() {
            *self = Self::default();
        }
    }

    fn is_full(&self) -> bool {
        self.known.len() >= MOST_SHAPES || self.keys >= MOST_KEYS || self.slots.len() >= 4 * MOST_KEYS
    }

    #[inline]
    pub(super) fn expected(&self, slot: Slot) -> Option<Arc<Known>> {
        let place = self.slots.get(slot.0 as usize)?;
        self.known.get(place.shape as usize).cloned()
    }

    /// The slot of the members of an object in `slot` whose shape is not known yet: they may be alike among themselves.
    pub(super) fn members(&mut self, slot: Slot) -> Slot {
        let next = u32::try_from(self.slots.len()).unwrap_or(NONE);
        match self.slots.get_mut(slot.0 as usize) {
            Some(place) if place.members != NONE => Slot(place.members),
            Some(place) => {
                place.members = next;
                self.slots.push(NOTHING);
                Slot(next)
            }
            None => slot,
        }
    }

    /// The shape of an object that stands in `slot`, whose keys are `first` and then `rest`, none of them written with escapes.
    /// `None`: a key stands twice, or it is not worth remembering.
    pub(super) fn learn(&mut self, slot: Slot, first: &[Text], rest: &[&str]) -> Option<Arc<Shape>> {
        let keys = || first.iter().map(Text::as_str).chain(rest.iter().copied());
        let count = first.len() + rest.len();
        if count > KEYS_OF_A_RECORD {
            return None;
        }
        let mut hasher = FxHasher::default();
        keys().for_each(|key| key.hash(&mut hasher));
        let hash = hasher.finish();
        let alike = self.by_keys.get(&hash).into_iter().flatten();
        let found = alike
            .filter_map(|id| self.known.get(*id as usize))
            .find(|known| known.len() == count && keys().eq(known.shape.keys().iter().map(Text::as_str)));
        let known = match found {
            Some(known) => known.clone(),
            None => self.add(hash, count, keys)?,
        };
        if let Some(place) = self.slots.get_mut(slot.0 as usize) {
            place.shape = known.id;
        }
        Some(known.shape.clone())
    }

    fn add<'k, I: Iterator<Item = &'k str>>(
        &mut self,
        hash: u64,
        count: usize,
        keys: impl Fn() -> I,
    ) -> Option<Arc<Known>> {
        if self.is_full() || keys().collect::<FxHashSet<_>>().len() < count {
            return None;
        }
        let (quoted, texts) = texts(keys);
        let mut end = 0;
        let end_of = |key: &Text| {
            end += key.len() + 2;
            u32::try_from(end).ok()
        };
        let ends = texts.iter().map(end_of).collect::<Option<Vec<_>>>()?;
        let first_slot = u32::try_from(self.slots.len()).ok()?;
        let id = u32::try_from(self.known.len()).ok()?;
        let known = Arc::new(Known {
            shape: Arc::new(Shape::new(texts)),
            quoted,
            ends,
            first_slot,
            id,
            deep: AtomicBool::new(false),
        });
        self.slots.resize(self.slots.len() + count, NOTHING);
        self.keys += count;
        self.by_keys.entry(hash).or_default().push(id);
        self.known.push(known.clone());
        Some(known)
    }
}

/// Keys in memory of their own, in one piece: each in its quotes, and the keys as slices of that.
pub(super) fn texts<'k, I: Iterator<Item = &'k str>>(keys: impl Fn() -> I) -> (ArcStr, Vec<Text>) {
    let quoted = ArcStr::from(keys().flat_map(|key| ["\"", key, "\""]).collect::<String>());
    let mut end = 0;
    let text = |key: &str| {
        let start = end + 1;
        end = start + key.len() + 1;
        Text::of(&quoted, start, end - 1).unwrap_or_default()
    };
    let texts = keys().map(text).collect();
    (quoted, texts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shape_is_learnt_once_and_expected_where_it_stood() {
        let mut shapes = Shapes::default();
        let a = shapes.learn(Shapes::ROOT, &[], &["x", "y"]).unwrap_or_default();
        let first = vec![Text::from("x")];
        let b = shapes.learn(Shapes::ROOT, &first, &["y"]).unwrap_or_default();
        assert!(Arc::ptr_eq(&a, &b));
        let known = shapes.expected(Shapes::ROOT);
        assert_eq!(known.as_ref().and_then(|k| k.quoted(1)), Some(&b"\"y\""[..]));
        assert_eq!(known.as_ref().and_then(|k| k.quoted(2)), None);
    }

    #[test]
    fn keys_that_stand_twice_make_no_shape() {
        assert!(Shapes::default().learn(Shapes::ROOT, &[], &["x", "x"]).is_none());
    }

    #[test]
    fn memory_is_bounded() {
        let mut shapes = Shapes::default();
        for i in 0..3 * MOST_SHAPES {
            let key = i.to_string();
            shapes.learn(Shapes::ROOT, &[], &[key.as_str()]);
        }
        assert_eq!(shapes.known.len(), MOST_SHAPES);
        shapes.begin();
        assert_eq!((shapes.known.len(), shapes.slots.len()), (0, 1));
    }
}
