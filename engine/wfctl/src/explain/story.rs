//! What is told, in the order in which it happened, items and flows inside of one another.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use super::entry::{Entry, What};
use super::scopes::{Scopes, Told};
use super::steps::ScopeKey;

/// Entries that are kept; the rest is counted.
const MOST: usize = 5_000;

/// Something that happened; of an item or a flow with all that happened in it.
#[derive(Clone, Debug)]
pub struct Part {
    pub entry: Entry,
    /// Of an item or a flow: it is about the item, and not only around something that is.
    pub about: bool,
    pub parts: Vec<Part>,
}

/// What a run has to tell about an item.
#[derive(Clone, Debug, Default)]
pub struct Story {
    pub parts: Vec<Part>,
    /// Decisions that were left out, since they are too many.
    pub more: usize,
}

/// A story while it is gathered. Node 0 is the run.
#[derive(Clone, Debug)]
pub struct Gathered {
    nodes: Vec<Node>,
    by: HashMap<ScopeKey, usize>,
    entries: usize,
    more: usize,
    seen: HashSet<u64>,
}

#[derive(Clone, Debug, Default)]
struct Node {
    head: Option<Entry>,
    children: Vec<Child>,
}

#[derive(Clone, Debug)]
enum Child {
    Entry(Box<Entry>, Told),
    Node(usize),
}

/// Where an entry stands, so that its result can be added.
#[derive(Clone, Copy, Debug)]
pub struct Slot(usize, usize);

impl Default for Gathered {
    fn default() -> Self {
        Self { nodes: vec![Node::default()], by: HashMap::new(), entries: 0, more: 0, seen: HashSet::new() }
    }
}

impl Gathered {
    /// Adds an entry inside of its scopes.
    pub fn add(&mut self, chain: &[ScopeKey], scopes: &Scopes, entry: Entry, told: Told) -> Option<Slot> {
        if self.entries >= MOST {
            self.more += 1;
            return None;
        }
        self.entries += 1;
        let node = self.node(chain, scopes);
        let children = &mut self.nodes.get_mut(node)?.children;
        children.push(Child::Entry(Box::new(entry), told));
        Some(Slot(node, children.len() - 1))
    }

    /// As [`Self::add`], unless the same was told in this scope before: an expression that is evaluated again drops the same again.
    pub fn add_once(&mut self, chain: &[ScopeKey], scopes: &Scopes, entry: Entry, told: Told) {
        let mut hasher = DefaultHasher::new();
        (chain.last(), entry.span.file, entry.span.start, entry.what, &entry.text).hash(&mut hasher);
        (&entry.reason, &entry.saw, &entry.result).hash(&mut hasher);
        if self.seen.insert(hasher.finish()) {
            self.add(chain, scopes, entry, told);
        }
    }

    /// The node of the innermost scope, which is made when there is none.
    pub fn node(&mut self, chain: &[ScopeKey], scopes: &Scopes) -> usize {
        let mut node = 0;
        for key in chain.iter().skip(1) {
            node = match self.by.get(key) {
                Some(known) => *known,
                None => {
                    let new = self.nodes.len();
                    let head = scopes.head(key).unwrap_or_else(|| unnamed(key));
                    self.nodes.push(Node { head: Some(head), children: Vec::new() });
                    if let Some(around) = self.nodes.get_mut(node) {
                        around.children.push(Child::Node(new));
                    }
                    self.by.insert(key.clone(), new);
                    new
                }
            };
        }
        node
    }

    /// How an item or a flow ended, if it is told of.
    pub fn end(&mut self, key: &ScopeKey, how: String, holds: bool) {
        let node = self.by.get(key).and_then(|node| self.nodes.get_mut(*node));
        if let Some(head) = node.and_then(|node| node.head.as_mut()) {
            head.result = how;
            head.holds = holds;
        }
    }

    pub fn answer(&mut self, slot: Slot, result: String, holds: bool) {
        let child = self.nodes.get_mut(slot.0).and_then(|node| node.children.get_mut(slot.1));
        if let Some(Child::Entry(entry, _)) = child {
            entry.result = result;
            entry.holds = holds;
        }
    }

    /// What was told as sent did not leave.
    pub fn lose(&mut self, slot: Slot, cause: &str) {
        let child = self.nodes.get_mut(slot.0).and_then(|node| node.children.get_mut(slot.1));
        if let Some(Child::Entry(entry, _)) = child {
            entry.result = format!("NOT SENT: {cause}");
        }
    }

    /// The story, without what is told only where no item of its loop holds what is asked for.
    #[must_use]
    pub fn finish(mut self, scopes: &Scopes) -> Story {
        let parts = self.parts(0, scopes);
        Story { parts, more: self.more + scopes.left_out() }
    }

    fn parts(&mut self, node: usize, scopes: &Scopes) -> Vec<Part> {
        let children = self.nodes.get_mut(node).map(|node| std::mem::take(&mut node.children)).unwrap_or_default();
        let mut parts = Vec::with_capacity(children.len());
        for child in children {
            match child {
                Child::Entry(_, Told::Loosely(around)) if scopes.is_held(&around) => {}
                Child::Entry(entry, _) => parts.push(Part { entry: *entry, about: true, parts: Vec::new() }),
                Child::Node(node) => {
                    let inside = self.parts(node, scopes);
                    let head = self.nodes.get_mut(node).and_then(|node| node.head.take());
                    let Some(entry) = head else { continue };
                    let about = scopes.is_about(&key_of(&entry));
                    if about || !inside.is_empty() {
                        parts.push(Part { entry, about, parts: inside });
                    }
                }
            }
        }
        parts
    }
}

fn key_of(head: &Entry) -> ScopeKey {
    if head.what == What::Flow { ScopeKey::flow(&head.address) } else { ScopeKey::item(&head.address) }
}

/// Something ended and was forgotten before it turned out to be about the item.
fn unnamed(key: &ScopeKey) -> Entry {
    let text = match key.at.0.last() {
        Some(wf_plan::Part::Item(n)) if !key.flow => format!("item {}", n + 1),
        _ => "a flow".to_owned(),
    };
    let nowhere = wf_source::Span::new(wf_source::FileId(u32::MAX), 0, 0);
    Entry::new(key.at.clone(), nowhere, if key.flow { What::Flow } else { What::Item }, text)
}

impl Story {
    /// All entries, those of items and flows before what happened in them.
    #[must_use]
    pub fn entries(&self) -> Vec<&Entry> {
        let mut entries = Vec::new();
        let mut stack: Vec<&Part> = self.parts.iter().rev().collect();
        while let Some(part) = stack.pop() {
            entries.push(&part.entry);
            stack.extend(part.parts.iter().rev());
        }
        entries
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }
}
