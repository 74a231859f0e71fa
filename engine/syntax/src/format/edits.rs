//! Small changes of a text, made all at once.

use std::ops::Range;

/// Parts of a text and what shall stand there instead.
#[derive(Default)]
pub(super) struct Edits(Vec<(Range<usize>, String)>);

impl Edits {
    /// Puts `new` where `range` stands; nothing when it stands there already.
    pub(super) fn replace(&mut self, text: &str, range: Range<usize>, new: &str) {
        if text.get(range.clone()).is_some_and(|old| old != new) {
            self.0.push((range, new.to_owned()));
        }
    }

    /// The changed text. Of two changes that touch the same characters the first one stands.
    pub(super) fn apply(mut self, text: &str) -> String {
        self.0.sort_by_key(|(range, _)| (range.start, range.end));
        let mut out = String::with_capacity(text.len());
        let mut at = 0;
        for (range, new) in self.0 {
            if range.start < at {
                continue;
            }
            out.push_str(text.get(at..range.start).unwrap_or_default());
            out.push_str(&new);
            at = range.end;
        }
        out.push_str(text.get(at..).unwrap_or_default());
        out
    }
}
