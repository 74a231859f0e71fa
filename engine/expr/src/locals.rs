//! The locals of an evaluation: elements that lambdas look at, arguments of defines, columns of tables.

use wf_value::{List, Seen, Value};

/// A stack. [`Kind::Local`](crate::Kind::Local) counts from the bottom of the frame of what is evaluated.
#[derive(Debug, Default)]
pub struct Locals {
    stack: Vec<Local>,
    base: usize,
}

#[derive(Debug)]
pub(crate) enum Local {
    Value(Value),
    /// An element that stands in its list as it is read: going on to the next one copies nothing.
    Element(List, usize),
    /// What the local at this place of the stack is, which outlives this one.
    Same(usize),
}

impl Default for Local {
    fn default() -> Self {
        Self::Value(Value::Null)
    }
}

impl Locals {
    /// A frame that begins with these.
    #[must_use]
    pub fn of(values: Vec<Value>) -> Self {
        Self { stack: values.into_iter().map(Local::Value).collect(), base: 0 }
    }

    /// The value of a local.
    #[must_use]
    pub fn get(&self, local: u16) -> Value {
        match self.stack.get(self.place(local)) {
            Some(Local::Element(list, i)) => list.get(*i).unwrap_or_default(),
            _ => self.seen(local).map(Seen::value).unwrap_or_default(),
        }
    }

    /// The value of a local where it stands.
    pub(crate) fn seen(&self, local: u16) -> Option<Seen<'_>> {
        match self.stack.get(self.place(local))? {
            Local::Value(value) => Some(Seen::of(value)),
            Local::Element(list, i) => list.seen(*i),
            Local::Same(place) => match self.stack.get(*place)? {
                Local::Value(value) => Some(Seen::of(value)),
                Local::Element(list, i) => list.seen(*i),
                Local::Same(_) => None,
            },
        }
    }

    /// The same value for another local, in a frame above this one; `None` where there is nothing to refer to.
    pub(crate) fn same(&self, local: u16) -> Option<Local> {
        let place = self.place(local);
        self.seen(local).filter(|seen| seen.raw().as_unknown().is_none())?;
        Some(Local::Same(if let Some(Local::Same(below)) = self.stack.get(place) { *below } else { place }))
    }

    /// Gives a local its value.
    pub fn set(&mut self, local: u16, value: Value) {
        *self.make(local) = Local::Value(value);
    }

    /// Has a local be the element of a list at `i`.
    pub(crate) fn set_element(&mut self, local: u16, list: &List, i: usize) {
        let place = self.place(local);
        if let Some(Local::Element(there, at)) = self.stack.get_mut(place)
            && there.is(list)
        {
            *at = i;
        } else {
            *self.make(local) = Local::Element(list.clone(), i);
        }
        // what has to be made is made once
        if list.seen(i).is_none() {
            self.set(local, list.get(i).unwrap_or_default());
        }
    }

    fn place(&self, local: u16) -> usize {
        self.base + usize::from(local)
    }

    fn make(&mut self, local: u16) -> &mut Local {
        let place = self.place(local);
        if self.stack.len() <= place {
            self.stack.resize_with(place + 1, Local::default);
        }
        &mut self.stack[place]
    }

    pub(crate) fn height(&self) -> usize {
        self.stack.len()
    }

    /// Forgets what was set above `height`.
    pub(crate) fn truncate(&mut self, height: usize) {
        self.stack.truncate(height);
    }

    /// Evaluates `body` in a new frame that begins with `locals`.
    pub(crate) fn framed(&mut self, locals: &mut [Local], body: impl FnOnce(&mut Self) -> Value) -> Value {
        let (base, top) = (self.base, self.stack.len());
        self.base = top;
        self.stack.extend(locals.iter_mut().map(std::mem::take));
        let result = body(self);
        self.stack.truncate(top);
        self.base = base;
        result
    }
}
