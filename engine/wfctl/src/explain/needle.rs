//! The item that is asked about, and what holds it.

use wf_value::{Id, List, Map, Value};

/// What somebody looks for: a serial, a ticket's number, any text or number.
#[derive(Clone, Debug)]
pub struct Needle {
    text: String,
    int: Option<i64>,
    float: Option<f64>,
}

/// Records have fewer members than this; what has more is a collection by some key.
const MEMBERS: usize = 100;
/// Places of one value that are named.
const PLACES: usize = 3;
/// Places of one value that are counted.
const COUNTED: usize = 1_000;

impl Needle {
    #[must_use]
    pub fn new(text: &str) -> Self {
        let int = text.parse().ok().filter(|n: &i64| n.to_string() == text);
        let float = if int.is_none() { text.parse().ok().filter(|f: &f64| f.is_finite()) } else { None };
        Self { text: text.to_owned(), int, float }
    }

    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether a key is it.
    #[must_use]
    pub fn is_key(&self, key: &str) -> bool {
        key == self.text
    }

    /// Whether the value itself is it. Secrets are nothing one can ask for.
    fn is(&self, value: &Value) -> bool {
        match value {
            Value::Text(text) | Value::Id(Id::Text(text)) => text.as_str() == self.text,
            Value::Int(n) | Value::Id(Id::Number(n)) => self.int == Some(*n),
            Value::Big(digits) => digits.as_str() == self.text,
            Value::Float(f) => {
                self.float == Some(*f) || self.int.is_some() && wf_value::Value::Float(*f).as_int() == self.int
            }
            _ => false,
        }
    }

    /// Whether it stands anywhere in the value, as a scalar or as a key.
    #[must_use]
    pub fn within(&self, value: &Value) -> bool {
        let mut stack = vec![value];
        while let Some(value) = stack.pop() {
            match value {
                Value::List(list) => {
                    stack.extend(list.raw());
                    stack.extend(list.aside().iter().map(|aside| &aside.value));
                }
                Value::Map(map) => {
                    if map.raw_iter().any(|(key, _)| self.is_key(key)) {
                        return true;
                    }
                    stack.extend(map.raw_values());
                    stack.extend(map.aside().iter().map(|aside| &aside.value));
                }
                scalar if self.is(scalar) => return true,
                _ => {}
            }
        }
        false
    }

    /// Whether it stands in the value, also as a part of one of its texts. Nothing stands everywhere.
    #[must_use]
    pub fn in_texts(&self, value: &Value) -> bool {
        if self.text.is_empty() || self.within(value) {
            return true;
        }
        let mut stack = vec![value];
        while let Some(value) = stack.pop() {
            match value {
                Value::List(list) => stack.extend(list.raw()),
                Value::Map(map) => stack.extend(map.raw_values()),
                Value::Text(text) | Value::Id(Id::Text(text)) if text.contains(&*self.text) => return true,
                _ => {}
            }
        }
        false
    }

    /// Whether the value is one thing that holds it, not a collection of many of which one does.
    #[must_use]
    pub fn in_thing(&self, value: &Value) -> bool {
        let mut stack = vec![value];
        while let Some(value) = stack.pop() {
            match value {
                Value::List(list) if is_one(list) => stack.extend(list.raw()),
                Value::Map(map) if is_record(map) && !map.raw_iter().any(|(key, _)| self.is_key(key)) => {
                    stack.extend(map.raw_values());
                }
                Value::List(_) | Value::Map(_) => {}
                scalar if self.is(scalar) => return true,
                _ => {}
            }
        }
        false
    }

    /// Where it stands in the value: `row 34`, `ticketDetails, row 2`; the first few, then how many more. Empty when it does not, or when
    /// the value is no collection.
    #[must_use]
    pub fn places(&self, value: &Value) -> String {
        let mut found = Vec::new();
        let mut more = 0;
        let mut stack = vec![(value, String::new())];
        while let Some((value, path)) = stack.pop() {
            match value {
                Value::List(list) => {
                    for (i, element) in list.raw().iter().enumerate() {
                        let holds = self.within(element);
                        if holds && found.len() < PLACES {
                            found.push(beside(&path, &format!("row {}", i + 1)));
                        } else if holds && more < COUNTED {
                            more += 1;
                        }
                    }
                    if list.aside().iter().any(|aside| self.within(&aside.value)) {
                        found.push(beside(&path, "what is undecided of it"));
                    }
                }
                Value::Map(map) => {
                    let keyed = map.raw_iter().any(|(key, _)| self.is_key(key));
                    if keyed {
                        found.push(beside(&path, "under its key"));
                    }
                    for (key, member) in map.raw_iter() {
                        if self.is(member) && !path.is_empty() {
                            found.push(beside(&path, key));
                        }
                    }
                    let nested = map.raw_iter().filter(|(_, v)| matches!(v, Value::List(_) | Value::Map(_)));
                    let nested = nested.filter(|(_, v)| !keyed && self.within(v));
                    let mut nested: Vec<_> = nested.map(|(key, v)| (v, beside(&path, key))).collect();
                    nested.reverse();
                    stack.extend(nested);
                }
                _ => {}
            }
        }
        if more > 0 {
            found.push(format!("{more} more"));
        }
        match found.split_last() {
            Some((last, [])) => last.clone(),
            Some((last, first)) => format!("{} and {last}", first.join(", ")),
            None => String::new(),
        }
    }
}

fn beside(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}, {name}") }
}

fn is_one(list: &List) -> bool {
    list.len() <= 1 && !list.is_partial()
}

/// A record has some scalar among its members; what has none is a collection of things by their keys.
fn is_record(map: &Map) -> bool {
    let nests = |value: &Value| matches!(value, Value::List(_) | Value::Map(_));
    map.len() <= MEMBERS && map.raw_values().iter().any(|value| !nests(value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use wf_value::decode;

    fn value(json: &str) -> Value {
        decode(json).unwrap_or_default()
    }

    #[test]
    fn texts_numbers_and_ids_are_found_anywhere() {
        let needle = Needle::new("77");
        for json in ["77", "\"77\"", "77.0", r#"{"a": [{"b": 77}]}"#, r#"{"77": null}"#] {
            assert!(needle.within(&value(json)), "{json}");
        }
        assert!(needle.within(&Value::Id(Id::Number(77))));
        for json in ["770", "\"x77\"", "true", "null", r#"{"a": [{"b": "077"}]}"#] {
            assert!(!needle.within(&value(json)), "{json}");
        }
        assert!(Needle::new("1.5").within(&value("[1.5]")));
        assert!(Needle::new("007").within(&value("\"007\"")) && !Needle::new("007").within(&value("7")));
        assert!(!needle.within(&Value::text("77").secret()));
    }

    #[test]
    fn a_record_is_a_thing_and_a_collection_is_none() {
        let needle = Needle::new("A");
        for json in [r#"{"serial": "A"}"#, r#"{"n": 1, "edge": {"serial": "A"}, "x": ["A"]}"#, "\"A\"", "[\"A\"]"] {
            assert!(needle.in_thing(&value(json)), "{json}");
        }
        for json in [r#"["A", "B"]"#, r#"{"A": {"n": 1}}"#, r#"{"x": {"serial": "A"}, "y": {"serial": "B"}}"#] {
            assert!(!needle.in_thing(&value(json)) && needle.within(&value(json)), "{json}");
        }
    }

    #[test]
    fn places_are_said_in_words() {
        let needle = Needle::new("A");
        let rows = value(r#"[{"s": "B"}, {"s": "A"}, {"s": "A"}, {"s": "A"}, {"s": "A"}]"#);
        assert_eq!(needle.places(&rows), "row 2, row 3, row 4 and 1 more");
        assert_eq!(needle.places(&value(r#"{"id": 1, "tasks": [{"s": "B"}, {"s": "A"}]}"#)), "tasks, row 2");
        assert_eq!(needle.places(&value(r#"{"A": {"s": 1}, "B": {"s": 1}}"#)), "under its key");
        assert_eq!(needle.places(&value("[1]")), "");
    }
}
