//! The type of what stands at a place, for `validate --types`.

use std::collections::HashMap;

use wf_expr::types::join::join;
use wf_source::{FileId, Span};
use wf_value::Type;

/// Types of all expressions and their parts, by place.
#[derive(Clone, Debug, Default)]
pub struct TypesAt {
    known: HashMap<Span, Type>,
}

impl TypesAt {
    pub(super) fn add(&mut self, span: Span, ty: &Type) {
        match self.known.get_mut(&span) {
            Some(known) if known == ty => {}
            // looked at for other types of its arguments
            Some(known) => *known = join(known.clone(), ty.clone()),
            None => {
                self.known.insert(span, ty.clone());
            }
        }
    }

    pub(super) fn of(&self, span: Span) -> Option<&Type> {
        self.known.get(&span)
    }

    pub(super) fn has(&self, span: Span) -> bool {
        self.known.contains_key(&span)
    }

    pub(super) fn extend(&mut self, other: Self) {
        for (span, ty) in other.known {
            self.add(span, &ty);
        }
    }

    /// The smallest expression that stands around a byte of a file, and its type.
    #[must_use]
    pub fn at(&self, file: FileId, offset: usize) -> Option<(Span, &Type)> {
        let around = self.known.iter().filter(|(span, _)| span.contains(file, offset));
        around.min_by_key(|(span, _)| (span.end - span.start, span.start)).map(|(span, ty)| (*span, ty))
    }
}
