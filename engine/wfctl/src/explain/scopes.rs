//! Which items and flows are under way, and which of them are about the item that is asked for.

use std::collections::{BTreeSet, HashMap};

use wf_plan::Address;
use wf_source::Span;
use wf_value::{Text, Value};

use super::brief::{brief, named};
use super::entry::{Entry, Saw, What};
use super::needle::Needle;
use super::steps::ScopeKey;

/// Items of one loop that are told of although they do not hold what is asked for, since they stand inside of something that does.
const LOOSE: usize = 10;

/// How an item or a flow began.
#[derive(Clone, Debug)]
pub struct Head {
    pub address: Address,
    pub span: Span,
    pub what: What,
    pub text: String,
    pub given: Vec<(Text, Value)>,
}

impl Head {
    #[must_use]
    pub fn entry(&self, needle: &Needle) -> Entry {
        let show = |value: &Value| if self.what == What::Item { named(value, needle) } else { brief(value) };
        let saw = |(name, value): &(Text, Value)| Saw { name: name.to_string(), value: show(value), from: None };
        Entry {
            saw: self.given.iter().map(saw).collect(),
            ..Entry::new(self.address.clone(), self.span, self.what, self.text.clone())
        }
    }
}

#[derive(Clone, Debug)]
struct Open {
    head: Head,
    about: bool,
}

/// Why something is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// It holds what is asked for, or stands in what does.
    Surely,
    /// It stands in an item of this loop that does not hold it, inside of something that does: told only where no item of it does.
    Loosely(Address),
}

/// Items and flows that are under way, and those about the item, which are few, for good.
#[derive(Clone, Debug)]
pub struct Scopes {
    needle: Needle,
    open: HashMap<ScopeKey, Open>,
    /// Loops of which some item holds it.
    held: BTreeSet<Address>,
    loose: HashMap<Address, Loose>,
}

/// What is told of a loop whose items do not hold it.
#[derive(Clone, Debug, Default)]
struct Loose {
    items: BTreeSet<Address>,
    /// Decisions about other items.
    more: usize,
}

impl Scopes {
    #[must_use]
    pub fn new(needle: Needle) -> Self {
        Self { needle, open: HashMap::new(), held: BTreeSet::new(), loose: HashMap::new() }
    }

    pub fn begin(&mut self, key: ScopeKey, head: Head, about: bool) {
        if about && let Some(around) = key.of_loop() {
            self.held.insert(around);
        }
        // an item that is tried again, or was looked at before it began, stays what it is
        let about = about || self.is_about(&key);
        self.open.insert(key, Open { head, about });
    }

    pub fn end(&mut self, key: &ScopeKey) {
        if !self.is_about(key) {
            self.open.remove(key);
        }
    }

    /// Something in it holds what is asked for: all that follows is about it.
    pub fn mark(&mut self, key: &ScopeKey) {
        if let Some(open) = self.open.get_mut(key) {
            open.about = true;
            self.held.extend(key.of_loop());
        }
    }

    #[must_use]
    pub fn is_about(&self, key: &ScopeKey) -> bool {
        self.open.get(key).is_some_and(|open| open.about)
    }

    /// How the item or flow began, as it is told.
    #[must_use]
    pub fn head(&self, key: &ScopeKey) -> Option<Entry> {
        self.open.get(key).map(|open| open.head.entry(&self.needle))
    }

    /// Whether what happens inside of `scopes` is told; `holds`: it holds what is asked for itself.
    pub fn told(&mut self, scopes: &[ScopeKey], holds: bool) -> Option<Told> {
        let innermost = scopes.iter().rposition(|key| self.is_about(key));
        if holds {
            return Some(Told::Surely);
        }
        let mut inside = scopes.get(innermost? + 1..).unwrap_or_default().iter();
        let Some((around, item)) = inside.find_map(|key| Some((key.of_loop()?, &key.at))) else {
            return Some(Told::Surely);
        };
        let loose = self.loose.entry(around.clone()).or_default();
        let known = loose.items.contains(item) || loose.items.len() < LOOSE && loose.items.insert(item.clone());
        if !known {
            loose.more += 1;
        }
        (known && !self.held.contains(&around)).then_some(Told::Loosely(around))
    }

    /// Whether an item of the loop holds what is asked for.
    #[must_use]
    pub fn is_held(&self, around: &Address) -> bool {
        self.held.contains(around)
    }

    /// Decisions that were too many to be told, about items that do not hold what is asked for.
    #[must_use]
    pub fn left_out(&self) -> usize {
        let loose = self.loose.iter().filter(|(around, _)| !self.held.contains(*around));
        loose.map(|(_, loose)| loose.more).sum()
    }
}
