//! The decoder and its limits.

use std::sync::Arc;

use arcstr::ArcStr;

use super::DecodeError;
use super::error::Fault;
use super::parser::Parser;
use super::shapes::Shapes;
use crate::{Origin, Text, Value};

/// Nesting that is read without being asked for more: what the old system's parser takes, too.
const DEPTH: usize = 128;
/// What the stack of a thread holds for sure.
const MOST_DEPTH: usize = 256;
/// A [`Text`] counts its bytes in 32 bits.
const MOST_BYTES: usize = u32::MAX as usize;

/// Decodes replies, and remembers the shapes it met: whoever reads many replies of one kind keeps his decoder.
///
/// An integer is exact whatever its length; of a key that stands twice the last value counts, at the place of the first; a byte order
/// mark before the document is skipped.
#[derive(Debug)]
pub struct Decoder {
    shapes: Shapes,
    origin: Option<Arc<Origin>>,
    max_bytes: usize,
    max_depth: usize,
}

impl Default for Decoder {
    fn default() -> Self {
        Self::new()
    }
}

impl Decoder {
    #[must_use]
    pub fn new() -> Self {
        Self { shapes: Shapes::default(), origin: None, max_bytes: MOST_BYTES, max_depth: DEPTH }
    }

    /// The call whose answers are decoded: `crm.get_rows`. The outermost lists name it and the row when an element is reported.
    pub fn call(&mut self, call: impl Into<Text>) -> &mut Self {
        self.origin = Some(Arc::new(Origin { call: call.into() }));
        self
    }

    /// Longer replies are refused.
    pub fn max_bytes(&mut self, bytes: usize) -> &mut Self {
        self.max_bytes = bytes.min(MOST_BYTES);
        self
    }

    /// Lists and objects inside each other, at most 256; 128 unless said.
    pub fn max_depth(&mut self, depth: usize) -> &mut Self {
        self.max_depth = depth.min(MOST_DEPTH);
        self
    }

    /// The value that `bytes` write. They are copied once; the texts of the value are slices of that copy.
    ///
    /// # Errors
    /// No JSON, no UTF-8, or beyond a limit; with the place.
    pub fn decode(&mut self, bytes: impl AsRef<[u8]>) -> Result<Value, DecodeError> {
        let bytes = bytes.as_ref();
        self.check_size(bytes)?;
        let text = std::str::from_utf8(bytes).map_err(|error| {
            DecodeError::new(bytes, &Fault { offset: error.valid_up_to(), message: "bytes that are no UTF-8".into() })
        })?;
        self.decode_text(&ArcStr::from(text))
    }

    /// [`Self::decode`] of a reply that is shared already: nothing is copied.
    ///
    /// # Errors
    /// No JSON, or beyond a limit; with the place.
    pub fn decode_text(&mut self, reply: &ArcStr) -> Result<Value, DecodeError> {
        self.check_size(reply.as_bytes())?;
        self.shapes.begin();
        let parser = Parser::new(reply, &mut self.shapes, self.origin.clone(), self.max_depth);
        parser.document().map_err(|fault| DecodeError::new(reply.as_bytes(), &fault))
    }

    fn check_size(&self, bytes: &[u8]) -> Result<(), DecodeError> {
        if bytes.len() <= self.max_bytes {
            return Ok(());
        }
        let message = format!("it is longer than {} bytes", self.max_bytes).into();
        Err(DecodeError::new(bytes, &Fault { offset: self.max_bytes, message }))
    }
}

/// The value that JSON writes; see [`Decoder`] for limits, origins and memory.
///
/// # Errors
/// No JSON or no UTF-8, with the place.
pub fn decode(bytes: impl AsRef<[u8]>) -> Result<Value, DecodeError> {
    Decoder::new().decode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(bytes: impl AsRef<[u8]>) -> String {
        decode(bytes).err().map(|e| e.to_string()).unwrap_or_default()
    }

    fn shape(value: &Value, i: usize) -> Option<Arc<crate::Shape>> {
        value.as_list()?.get(i)?.as_map().map(|m| m.shape().clone())
    }

    #[test]
    fn shapes_are_shared_within_and_across_documents() {
        let mut decoder = Decoder::new();
        let rows = r#"[{"a":1,"b":"x"},{"a":2,"b":"y"},{"a":3},{"b":1,"a":1},{"a":4,"b":"z"}]"#;
        let (first, second) = (decoder.decode(rows).unwrap_or_default(), decoder.decode(rows).unwrap_or_default());
        let same = |x: Option<Arc<crate::Shape>>, y: Option<Arc<crate::Shape>>| matches!((x, y), (Some(x), Some(y)) if Arc::ptr_eq(&x, &y));
        assert!(same(shape(&first, 0), shape(&first, 1)));
        assert!(same(shape(&first, 0), shape(&first, 4)));
        assert!(!same(shape(&first, 0), shape(&first, 3)));
        assert!(same(shape(&first, 2), shape(&second, 2)));
        assert_eq!(
            format!("{first:?}"),
            r#"[{"a": 1, "b": "x"}, {"a": 2, "b": "y"}, {"a": 3}, {"b": 1, "a": 1}, {"a": 4, "b": "z"}]"#
        );
    }

    #[test]
    fn of_a_key_that_stands_twice_the_last_counts() {
        for text in
            [r#"{"a":1,"b":2,"a":3}"#, r#"[{"a":1,"b":2},{"a":1,"b":2,"a":3}]"#, r#"{"a":1,"\u0062":2,"\u0061":3}"#]
        {
            let value = decode(text).unwrap_or_default();
            let map = value.as_list().and_then(|l| l.get(1)).unwrap_or(value);
            assert_eq!(format!("{map:?}"), r#"{"a": 3, "b": 2}"#, "{text}");
        }
    }

    #[test]
    fn texts_without_escapes_are_slices_of_the_reply() {
        let reply = ArcStr::from(r#"{"k":"plain","e":"esc\u0061ped"}"#);
        let value = Decoder::new().decode_text(&reply).unwrap_or_default();
        let within = |key: &str| {
            let text = value.as_map().and_then(|m| m.raw(key)).and_then(Value::as_str).unwrap_or_default();
            reply.as_bytes().as_ptr_range().contains(&text.as_ptr())
        };
        assert!(within("k"));
        assert!(!within("e"));
    }

    #[test]
    fn outermost_lists_know_their_call() {
        let value = Decoder::new().call("crm.get_rows").decode(r#"{"body":[{"x":[1,2]}]}"#).unwrap_or_default();
        let rows = value.as_map().map(|m| m.get("body")).unwrap_or_default();
        let rows = rows.as_list().cloned().unwrap_or_default();
        assert_eq!(rows.place(0).as_str(), "crm.get_rows, row 1");
        let inner = rows.get(0).and_then(|row| row.as_map().map(|m| m.get("x"))).unwrap_or_default();
        assert_eq!(inner.as_list().map(|l| l.place(1)).unwrap_or_default().as_str(), "element 2");
    }

    #[test]
    fn what_is_no_json_is_said_with_its_place() {
        assert_eq!(error(""), "there is nothing at line 1, column 1");
        assert_eq!(error(" \n "), "there is nothing at line 2, column 2");
        assert_eq!(error("{\"a\":1,\n \"b\" 2}"), "a colon is missing after the key at line 2, column 6");
        assert_eq!(error("{\"a\":1 \"b\":2}"), "a comma or } is missing at line 1, column 8");
        assert_eq!(error("{\"a\":1,}"), "a key in quotes is expected at line 1, column 8");
        assert_eq!(error("[1,]"), "a value is expected at line 1, column 4");
        assert_eq!(error("[1"), "the list does not end, a ] is missing at line 1, column 3");
        assert_eq!(error("nul"), "a value is expected at line 1, column 1");
        assert_eq!(error("NaN"), "a value is expected at line 1, column 1");
        assert_eq!(error("1 2"), "something stands after the end at line 1, column 3");
        assert_eq!(error("\"abc"), "the text does not end, a \" is missing at line 1, column 5");
        assert_eq!(error("\"a\nb\""), "a control character stands in a text, it must be escaped at line 1, column 3");
        assert_eq!(error(b"\"ab\xff\""), "bytes that are no UTF-8 at line 1, column 4");
    }

    #[test]
    fn limits_are_kept() {
        let deep = |n: usize| "[".repeat(n) + &"]".repeat(n);
        assert!(decode(deep(128)).is_ok());
        assert_eq!(error(deep(129)), "it is nested deeper than 128 at line 1, column 129");
        assert!(decode("[".repeat(1_000_000)).is_err());
        assert!(Decoder::new().max_depth(9_999).decode(deep(256)).is_ok());
        assert!(Decoder::new().max_bytes(4).decode("12345").is_err());
        assert!(Decoder::new().max_bytes(5).decode("12345").is_ok());
    }

    #[test]
    fn a_byte_order_mark_is_skipped() {
        assert_eq!(decode("\u{feff}[1]"), Ok(vec![Value::Int(1)].into()));
    }

    #[test]
    fn members_of_a_map_by_key_share_their_shape() {
        let text: String = (0..1000).map(|i| format!(r#""VC{i}":{{"serial":"VC{i}","n":{i}}},"#)).collect();
        let value = decode(format!("{{{}}}", text.trim_end_matches(','))).unwrap_or_default();
        let map = value.as_map().cloned().unwrap_or_default();
        assert_eq!(map.len(), 1000);
        let shape = |key: &str| map.raw(key).and_then(Value::as_map).map(|m| Arc::as_ptr(m.shape()));
        assert_eq!(shape("VC1"), shape("VC999"));
    }
}
