//! Where definitions are used.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use wf_source::{FileId, Span};

/// The places that name a definition (a param, a define, a table, a flow, an action …), by where its own name begins.
#[derive(Clone, Debug, Default)]
pub struct Uses {
    places: BTreeMap<(FileId, u32), BTreeSet<Span>>,
}

impl Uses {
    pub(crate) fn add(&mut self, definition: Span, at: Span) {
        self.places.entry((definition.file, definition.start)).or_default().insert(at);
    }

    /// The uses of all definitions whose names begin in these bytes of a file.
    pub fn within(&self, file: FileId, bytes: Range<u32>) -> impl Iterator<Item = Span> {
        let definitions = self.places.range((file, bytes.start)..(file, bytes.end));
        definitions.flat_map(|(_, places)| places.iter().copied())
    }
}
