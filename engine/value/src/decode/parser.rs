//! One pass over a reply. Values are collected on one stack; what a list or an object holds is cut off its top.

use std::borrow::Cow;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use arcstr::ArcStr;

use super::error::Fault;
use super::number::number;
use super::shapes::{Known, Shapes, Slot, texts};
use super::skim::{Skimmed, skim};
use super::string::unescape;
use crate::scan::special;
use crate::{List, Map, MapBuilder, Origin, Text, Value};

/// A smaller object costs no more when it is read at once.
const FIELDS_OF_A_ROW: usize = 6;

type Parsed<T = ()> = Result<T, Box<Fault>>;

pub(super) struct Parser<'a> {
    text: &'a ArcStr,
    bytes: &'a [u8],
    at: usize,
    stack: Vec<Value>,
    /// Where the values of the row begin that is looked through.
    starts: Vec<u32>,
    /// The keys of the objects under way that were not as expected.
    keys: Vec<Cow<'a, str>>,
    shapes: &'a mut Shapes,
    origin: Option<Arc<Origin>>,
    max_depth: usize,
}

/// Where a value stands.
#[derive(Clone, Copy)]
struct Here {
    slot: Slot,
    depth: usize,
    /// Inside a list.
    listed: bool,
}

impl<'a> Parser<'a> {
    pub(super) fn new(text: &'a ArcStr, shapes: &'a mut Shapes, origin: Option<Arc<Origin>>, max_depth: usize) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            at: 0,
            stack: Vec::with_capacity(64),
            starts: Vec::new(),
            keys: Vec::new(),
            shapes,
            origin,
            max_depth,
        }
    }

    /// The whole reply is one value, perhaps with blanks around it, perhaps after a byte order mark.
    pub(super) fn document(mut self) -> Parsed<Value> {
        if self.bytes.starts_with(b"\xef\xbb\xbf") {
            self.at = 3;
        }
        self.blanks();
        if self.at == self.bytes.len() {
            return Err(Fault::at(self.at, "there is nothing"));
        }
        self.value(Here { slot: Shapes::ROOT, depth: 0, listed: false })?;
        self.blanks();
        if self.at < self.bytes.len() {
            return Err(Fault::at(self.at, "something stands after the end"));
        }
        Ok(self.stack.pop().unwrap_or_default())
    }

    #[inline]
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    #[inline]
    fn blanks(&mut self) {
        while let Some(b' ' | b'\n' | b'\t' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    /// Puts the value that begins here onto the stack.
    fn value(&mut self, here: Here) -> Parsed {
        let value = match self.peek() {
            Some(b'"') => Value::Text(self.string()?),
            Some(b'-' | b'0'..=b'9') => {
                let (value, end) = number(self.text, self.at)?;
                self.at = end;
                value
            }
            Some(b'{') => return self.object(here),
            Some(b'[') => return self.list(here),
            Some(b'n') => self.word("null", Value::Null)?,
            Some(b't') => self.word("true", Value::Bool(true))?,
            Some(b'f') => self.word("false", Value::Bool(false))?,
            Some(_) => return Err(Fault::at(self.at, "a value is expected")),
            None => return Err(Fault::at(self.at, "it ends where a value is expected")),
        };
        self.stack.push(value);
        Ok(())
    }

    /// Enters the list or object that begins here.
    #[inline]
    fn inside(&mut self, here: Here) -> Parsed<Here> {
        let depth = here.depth + 1;
        if depth > self.max_depth {
            return Err(Fault::at(self.at, format!("it is nested deeper than {}", self.max_depth)));
        }
        self.at += 1;
        self.blanks();
        Ok(Here { depth, ..here })
    }

    #[inline]
    fn word(&mut self, word: &'static str, value: Value) -> Parsed<Value> {
        if self.bytes.get(self.at..self.at + word.len()) != Some(word.as_bytes()) {
            return Err(Fault::at(self.at, "a value is expected"));
        }
        self.at += word.len();
        Ok(value)
    }

    #[inline]
    fn string(&mut self) -> Parsed<Text> {
        let start = self.at + 1;
        let end = special(self.bytes, start);
        if self.bytes.get(end) == Some(&b'"') {
            self.at = end + 1;
            return Ok(if start == end {
                Text::default()
            } else {
                Text::of(self.text, start, end).unwrap_or_default()
            });
        }
        let (text, end) = unescape(self.text, start, end)?;
        self.at = end;
        Ok(text.into())
    }

    fn list(&mut self, here: Here) -> Parsed {
        let here = self.inside(here)?;
        let start = self.stack.len();
        let inside = Here { listed: true, ..here };
        if self.peek() == Some(b']') {
            self.at += 1;
        } else {
            loop {
                self.value(inside)?;
                self.blanks();
                match self.peek() {
                    Some(b',') => self.at += 1,
                    Some(b']') => break self.at += 1,
                    Some(_) => return Err(Fault::at(self.at, "a comma or ] is missing")),
                    None => return Err(Fault::at(self.at, "the list does not end, a ] is missing")),
                }
                self.blanks();
            }
        }
        let items = self.stack.split_off(start);
        // rows are counted in the outermost list: that is the one people find in the answer
        let origin = if here.listed { None } else { self.origin.clone() };
        self.stack.push(List::received(items, origin).into());
        Ok(())
    }

    fn object(&mut self, here: Here) -> Parsed {
        let here = self.inside(here)?;
        let start = self.stack.len();
        if self.peek() == Some(b'}') {
            self.at += 1;
            self.stack.push(Map::default().into());
            return Ok(());
        }
        let Some(known) = self.shapes.expected(here.slot) else { return self.unexpected(here, start, &[], false) };
        if self.skimmed(here, &known) {
            return Ok(());
        }
        let mut i = 0;
        while let Some(key) = known.quoted(i) {
            if !self.bytes.get(self.at..).unwrap_or_default().starts_with(key) {
                return self.other(here, start, &known, i, false);
            }
            self.at += key.len();
            self.colon()?;
            self.value(Here { slot: known.slot(i), ..here })?;
            i += 1;
            if self.ends()? {
                if i < known.len() {
                    return self.other(here, start, &known, i, true);
                }
                let values = self.stack.split_off(start);
                self.stack.push(Map::with_shape(known.shape.clone(), values).into());
                return Ok(());
            }
        }
        self.other(here, start, &known, i, false)
    }

    /// Takes a row of plain scalars as it is written; false when it has to be read at once.
    fn skimmed(&mut self, here: Here, known: &Known) -> bool {
        if !here.listed || known.len() < FIELDS_OF_A_ROW || known.deep.load(Ordering::Relaxed) {
            return false;
        }
        match skim(self.bytes, self.at, known, &mut self.starts) {
            Skimmed::Flat(end) => {
                self.at = end;
                self.stack.push(Map::written(known.shape.clone(), self.text, &self.starts).into());
                true
            }
            Skimmed::Deep => {
                known.deep.store(true, Ordering::Relaxed);
                false
            }
            Skimmed::Odd => false,
        }
    }

    #[cold]
    fn other(&mut self, here: Here, start: usize, known: &Known, i: usize, ended: bool) -> Parsed {
        self.unexpected(here, start, known.shape.keys().get(..i).unwrap_or_default(), ended)
    }

    /// An object that goes on otherwise than expected after the keys `first`, or has `ended` with them.
    fn unexpected(&mut self, here: Here, start: usize, first: &[Text], mut ended: bool) -> Parsed {
        let first_key = self.keys.len();
        let slot = if ended { here.slot } else { self.shapes.members(here.slot) };
        while !ended {
            let key = self.key()?;
            self.keys.push(key);
            self.colon()?;
            self.value(Here { slot, ..here })?;
            ended = self.ends()?;
        }
        let rest: Vec<Cow<'a, str>> = self.keys.drain(first_key..).collect();
        let plain: Option<Vec<&str>> =
            rest.iter().map(|k| if let Cow::Borrowed(k) = k { Some(*k) } else { None }).collect();
        let shape = plain.and_then(|rest| self.shapes.learn(here.slot, first, &rest));
        let map = match shape {
            Some(shape) => Map::with_shape(shape, self.stack.split_off(start)),
            None => {
                // not slices of the reply: keys may be kept when the values are not
                let (_, keys) = texts(|| first.iter().map(Text::as_str).chain(rest.iter().map(AsRef::as_ref)));
                let mut builder = MapBuilder::with_capacity(self.stack.len() - start);
                for (key, value) in keys.into_iter().zip(self.stack.drain(start..)) {
                    builder.insert(key, value);
                }
                builder.finish()
            }
        };
        self.stack.push(map.into());
        Ok(())
    }

    fn key(&mut self) -> Parsed<Cow<'a, str>> {
        if self.peek() != Some(b'"') {
            return Err(Fault::at(self.at, "a key in quotes is expected"));
        }
        let text: &'a str = self.text;
        let start = self.at + 1;
        let end = special(self.bytes, start);
        if self.bytes.get(end) == Some(&b'"') {
            self.at = end + 1;
            return Ok(Cow::Borrowed(text.get(start..end).unwrap_or_default()));
        }
        let (key, end) = unescape(text, start, end)?;
        self.at = end;
        Ok(Cow::Owned(key))
    }

    /// Goes from a key to its value.
    #[inline]
    fn colon(&mut self) -> Parsed {
        self.blanks();
        if self.peek() != Some(b':') {
            return Err(Fault::at(self.at, "a colon is missing after the key"));
        }
        self.at += 1;
        self.blanks();
        Ok(())
    }

    /// After a value of an object: whether that was the last one. If not, goes to the next key.
    #[inline]
    fn ends(&mut self) -> Parsed<bool> {
        self.blanks();
        let ended = match self.peek() {
            Some(b',') => false,
            Some(b'}') => true,
            Some(_) => return Err(Fault::at(self.at, "a comma or } is missing")),
            None => return Err(Fault::at(self.at, "the object does not end, a } is missing")),
        };
        self.at += 1;
        if !ended {
            self.blanks();
        }
        Ok(ended)
    }
}
