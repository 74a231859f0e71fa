//! What the steps of a path find.

use std::sync::Arc;

use wf_source::Span;
use wf_value::{List, Map, SetAside, Text, Unknown, UnknownKind, Value};

use super::filter::Truth;
use super::query::{Path, Query, Segment, SelectorKind};
use crate::functions::Locals;
use crate::{Code, Ctx, Dropped};

/// Depth to which `..` looks: deeper than any answer may be.
const DEEPEST: usize = 512;

impl Path {
    /// The value that a singular path finds (unknown when there is none), else the list of all that are found. A required field that
    /// is absent or does not fit, and an element of which a condition is unknown, is set aside: the list is partial, not shorter.
    #[must_use]
    pub fn eval(&self, ctx: &Ctx<'_>, locals: &mut Locals) -> Value {
        let root = self.root.eval(ctx, locals);
        if self.segments.is_empty() {
            return root;
        }
        match root {
            Value::Unknown(_) => return root,
            Value::Null => return operand(&self.root, &root),
            _ => {}
        }
        let mut select = Select { ctx, locals };
        let found = match select.all(root, &self.segments) {
            Ok(found) => found,
            Err(unknown) => return Value::Unknown(unknown),
        };
        if !self.singular {
            let nodes = found.nodes.into_iter().map(|node| node.value).collect();
            return List::partial(nodes, found.aside).into();
        }
        match (found.nodes.into_iter().next(), found.aside.into_iter().next()) {
            (Some(node), _) => node.value,
            (None, Some(aside)) => Value::Unknown(aside.reason),
            (None, None) => Unknown::new(UnknownKind::Range, "the path finds nothing").at(Some(self.span)).into(),
        }
    }
}

fn operand(code: &Code, value: &Value) -> Value {
    let reason = format!("`{}` is {}", code.text, value.kind());
    Unknown::new(UnknownKind::Operand, reason).at(Some(code.span)).into()
}

/// A value that was found.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub value: Value,
    /// The element of a list that it is, or is part of.
    pub place: Option<Text>,
}

#[derive(Default)]
pub(super) struct Found {
    pub nodes: Vec<Node>,
    pub aside: Vec<SetAside>,
}

pub(super) struct Select<'a, 'c> {
    pub ctx: &'a Ctx<'c>,
    pub locals: &'a mut Locals,
}

/// `Err`: the limit of an evaluation is reached.
pub(super) type Limited<T> = Result<T, Arc<Unknown>>;

impl Select<'_, '_> {
    /// What a path inside a filter finds from `current` on.
    pub(super) fn query(&mut self, query: &Query, current: &Value) -> Limited<Found> {
        let from = match &query.root {
            Some(root) => root.eval(self.ctx, self.locals),
            None => current.clone(),
        };
        self.all(from, &query.segments)
    }

    pub(super) fn all(&mut self, from: Value, segments: &[Segment]) -> Limited<Found> {
        let mut found = Found { nodes: vec![Node { value: from, place: None }], aside: vec![] };
        for segment in segments {
            let nodes = std::mem::take(&mut found.nodes);
            for node in nodes {
                self.segment(segment, &node, &mut found, 0)?;
            }
        }
        Ok(found)
    }

    fn segment(&mut self, segment: &Segment, node: &Node, found: &mut Found, depth: usize) -> Limited<()> {
        if !self.ctx.spend() || depth > DEEPEST {
            let span = segment.selectors.first().map(|s| s.span);
            return Err(Unknown::new(UnknownKind::Limit, "the path looks at too much").at(span).into());
        }
        for selector in &segment.selectors {
            self.selector(&selector.kind, selector.span, node, found)?;
        }
        if segment.deep {
            let mut below = Found::default();
            children(node, selector_span(segment), &mut below);
            found.aside.extend(below.aside);
            for child in &below.nodes {
                self.segment(segment, child, found, depth + 1)?;
            }
        }
        Ok(())
    }

    fn selector(&mut self, kind: &SelectorKind, span: Span, node: &Node, found: &mut Found) -> Limited<()> {
        match (kind, &node.value) {
            (SelectorKind::Name(name), Value::Map(map)) => {
                if let Some(value) = member(map, name) {
                    found.add(value, node, span);
                }
            }
            (SelectorKind::All, _) => children(node, span, found),
            (SelectorKind::Index(i), Value::List(list)) => match list.partial_reason() {
                // which one it is depends on those that were set aside
                Some(reason) => found.add(Value::from(reason.at(Some(span))), node, span),
                None => found.element(list, from_end(*i, list.len()), span),
            },
            (SelectorKind::Slice { from, to, step }, Value::List(list)) => {
                if let Some(reason) = list.partial_reason() {
                    found.add(Value::from(reason.at(Some(span))), node, span);
                } else {
                    sliced(list.len(), *from, *to, *step).for_each(|i| found.element(list, Some(i), span));
                }
            }
            (SelectorKind::Filter(filter), Value::List(_) | Value::Map(_)) => {
                let mut all = Found::default();
                children(node, span, &mut all);
                found.aside.extend(all.aside);
                for child in all.nodes {
                    let truth = self.truth(filter, &child.value)?;
                    let unknown = match &truth {
                        Truth::Yes => {
                            found.nodes.push(child);
                            continue;
                        }
                        Truth::No => None,
                        Truth::Unknown(unknown) => Some(unknown),
                    };
                    if let Some(trace) = self.ctx.trace.filter(|trace| trace.wants(&child.value)) {
                        let unknown = unknown.map(|u| &**u);
                        trace.dropped(Dropped {
                            element: &child.value,
                            call: span,
                            function: "[?]",
                            unknown,
                            because: span,
                            saw: Vec::new(),
                        });
                    }
                    if let Some(reason) = unknown {
                        let place = child.place.unwrap_or_default();
                        found.aside.push(SetAside { value: child.value, reason: reason.clone(), place });
                    }
                }
            }
            // text, numbers and null have no members
            _ => {}
        }
        Ok(())
    }
}

fn selector_span(segment: &Segment) -> Span {
    let none = Span::new(wf_source::FileId(0), 0, 0);
    segment.selectors.first().map_or(none, |selector| selector.span)
}

impl Found {
    /// Adds what was found in `parent`; what is unknown is set aside.
    fn add(&mut self, value: Value, parent: &Node, span: Span) {
        match value {
            Value::Unknown(unknown) => {
                let place = parent.place.clone().unwrap_or_default();
                let reason = if unknown.span.is_some() { unknown } else { Arc::new((*unknown).clone().at(Some(span))) };
                self.aside.push(SetAside { value: parent.value.clone(), reason, place });
            }
            value => self.nodes.push(Node { value, place: parent.place.clone() }),
        }
    }

    fn element(&mut self, list: &List, i: Option<usize>, span: Span) {
        if let Some(i) = i
            && let Some(value) = list.get(i)
        {
            let parent = Node { value: list.raw().get(i).cloned().unwrap_or_default(), place: Some(list.place(i)) };
            self.add(value, &parent, span);
        }
    }
}

/// A field as its type says; `None`: it is not there. One that may be absent is not there, one that must not is unknown.
pub(super) fn member(map: &Map, name: &str) -> Option<Value> {
    let value = map.get(name);
    (map.contains(name) || !value.is_null()).then_some(value)
}

/// All elements or members.
fn children(node: &Node, span: Span, found: &mut Found) {
    match &node.value {
        Value::List(list) => {
            (0..list.len()).for_each(|i| found.element(list, Some(i), span));
            found.aside.extend(list.aside().iter().cloned());
        }
        Value::Map(map) => {
            for (_, value) in map.iter() {
                found.add(value, node, span);
            }
            found.aside.extend(map.aside().iter().cloned());
        }
        _ => {}
    }
}

fn from_end(i: i64, len: usize) -> Option<usize> {
    match usize::try_from(i) {
        Ok(i) => Some(i),
        Err(_) => len.checked_sub(usize::try_from(i.unsigned_abs()).ok()?),
    }
}

/// The places that a slice takes, in its order.
fn sliced(len: usize, from: Option<i64>, to: Option<i64>, step: i64) -> Box<dyn Iterator<Item = usize>> {
    let len = i64::try_from(len).unwrap_or(i64::MAX);
    let absolute = |i: i64| if i >= 0 { i } else { len.saturating_add(i) };
    let place = |i: i64| usize::try_from(i).unwrap_or(usize::MAX);
    let stride = usize::try_from(step.unsigned_abs()).unwrap_or(usize::MAX);
    if step > 0 {
        let lower = absolute(from.unwrap_or(0)).clamp(0, len);
        let upper = absolute(to.unwrap_or(len)).clamp(0, len);
        return Box::new((lower..upper).step_by(stride).map(place));
    }
    if step < 0 {
        let upper = from.map_or(len - 1, absolute).clamp(-1, len - 1);
        let lower = to.map_or(-1, absolute).clamp(-1, len - 1);
        return Box::new((lower + 1..=upper).rev().step_by(stride).map(place));
    }
    Box::new(std::iter::empty())
}
