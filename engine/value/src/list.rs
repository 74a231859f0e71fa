//! Lists, whole and partial.

use std::sync::Arc;

use crate::{Seen, Text, Type, Unknown, Value};

/// A list. Elements are read through the type that the list was declared with; cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct List {
    data: Arc<ListData>,
    pub(crate) element: Option<Arc<Type>>,
}

#[derive(Debug, Default)]
struct ListData {
    /// As they came.
    items: Vec<Value>,
    aside: Vec<SetAside>,
    origin: Option<Arc<Origin>>,
}

/// An element that could not be judged: it is in no list, and in every report.
#[derive(Clone, Debug)]
pub struct SetAside {
    pub value: Value,
    pub reason: Arc<Unknown>,
    /// Where it stood: `crm.get_rows, row 4711`, or `element 3`. Counted from 1.
    pub place: Text,
}

/// The answer in which a list came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// `crm.get_rows`
    pub call: Text,
}

impl SetAside {
    /// Why something that needs all elements is unknown when these are set aside and `known` others are not.
    pub(crate) fn reason(aside: &[Self], known: usize) -> Option<Unknown> {
        let first = aside.first()?;
        let (n, of) = (aside.len(), aside.len() + known);
        let reason = format!("{n} of {of} elements are undecided, the first because {}", first.reason.reason);
        let unknown = Unknown::new(crate::UnknownKind::Partial, reason);
        Some(unknown.at(first.reason.span).from_call(Some(first.place.clone())))
    }
}

impl List {
    #[must_use]
    pub fn new(items: Vec<Value>) -> Self {
        Self::partial(items, Vec::new())
    }

    /// A list with elements set aside; whole when there are none.
    #[must_use]
    pub fn partial(items: Vec<Value>, aside: Vec<SetAside>) -> Self {
        Self { data: Arc::new(ListData { items, aside, origin: None }), element: None }
    }

    /// A list as it came in an answer.
    #[must_use]
    pub fn received(items: Vec<Value>, origin: Option<Arc<Origin>>) -> Self {
        Self { data: Arc::new(ListData { items, aside: Vec::new(), origin }), element: None }
    }

    /// The same elements, as they came in the answer of `origin`.
    #[must_use]
    pub(crate) fn with_origin(self, origin: Option<Arc<Origin>>) -> Self {
        let data = ListData { items: self.data.items.clone(), aside: self.data.aside.clone(), origin };
        Self { data: Arc::new(data), element: self.element }
    }

    /// The same list, elements of which are read as `element`.
    #[must_use]
    pub fn of(mut self, element: Arc<Type>) -> Self {
        self.element = Some(element);
        self
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.data.items.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.data.items.is_empty()
    }

    #[must_use]
    pub fn is_partial(&self) -> bool {
        !self.data.aside.is_empty()
    }

    #[must_use]
    pub fn aside(&self) -> &[SetAside] {
        &self.data.aside
    }

    /// Why something that needs the whole list is unknown; `None` when the list is whole.
    #[must_use]
    pub fn partial_reason(&self) -> Option<Unknown> {
        SetAside::reason(&self.data.aside, self.len())
    }

    /// The elements as they came, without their type.
    #[must_use]
    pub fn raw(&self) -> &Vec<Value> {
        &self.data.items
    }

    /// The element at `i`, read as its type says.
    #[must_use]
    pub fn get(&self, i: usize) -> Option<Value> {
        let raw = self.data.items.get(i)?;
        Some(match &self.element {
            Some(ty) => raw.clone().typed(ty),
            None => raw.clone(),
        })
    }

    /// The element at `i`, where it stands in the list as its type says; `None` where it has to be made.
    #[must_use]
    pub fn seen(&self, i: usize) -> Option<Seen<'_>> {
        let raw = self.data.items.get(i)?;
        match &self.element {
            Some(ty) => Seen::typed(raw, ty),
            None => Some(Seen::of(raw)),
        }
    }

    /// Whether both are one list in memory, read alike.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        let element = |list: &Self| list.element.as_ref().map(Arc::as_ptr);
        Arc::ptr_eq(&self.data, &other.data) && element(self) == element(other)
    }

    /// The elements, read as their type says. Without elements set aside.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Value> + '_ {
        let element = self.element.as_deref();
        self.data.items.iter().map(move |raw| match element {
            Some(ty) => raw.clone().typed(ty),
            None => raw.clone(),
        })
    }

    /// Where element `i` stood, in words.
    #[must_use]
    pub fn place(&self, i: usize) -> Text {
        match &self.data.origin {
            Some(origin) => format!("{}, row {}", origin.call, i + 1).into(),
            None => format!("element {}", i + 1).into(),
        }
    }

    #[must_use]
    pub fn origin(&self) -> Option<&Arc<Origin>> {
        self.data.origin.as_ref()
    }

    #[must_use]
    pub fn element_type(&self) -> Option<&Arc<Type>> {
        self.element.as_ref()
    }
}

impl FromIterator<Value> for List {
    fn from_iter<I: IntoIterator<Item = Value>>(iter: I) -> Self {
        Self::new(iter.into_iter().collect())
    }
}
