//! Values in a few words.

use super::needle::Needle;
use wf_value::{Id, List, Map, Text, Value, duration};

/// Characters of a value that are shown.
const LONGEST: usize = 80;
/// Characters of the reason why one is unknown.
const REASON: usize = 240;
/// Members of a map that are shown.
const MEMBERS: usize = 40;

/// A value on one line: `'OFFLINE'`, `{serial: 'VC1', links: [{…}, … 3 more]}`; secrets are `***`.
#[must_use]
pub fn brief(value: &Value) -> String {
    let left = if value.as_unknown().is_some() { REASON } else { LONGEST };
    let mut line = Line { text: String::new(), left };
    line.value(value, 0);
    line.text
}

/// An item or an element by what tells it apart: its scalars, what is asked for first.
#[must_use]
pub fn named(value: &Value, needle: &Needle) -> String {
    let Value::Map(map) = value else { return brief(value) };
    let nests = |value: &Value| matches!(value, Value::Null | Value::List(_) | Value::Map(_));
    let mut telling: Vec<_> = map.raw_iter().filter(|(_, member)| !nests(member)).collect();
    if telling.is_empty() {
        return brief(value);
    }
    telling.sort_by_key(|(_, member)| !needle.within(member));
    let mut line = Line { text: String::new(), left: LONGEST };
    line.put("{");
    line.members(&telling, 1);
    line.put(if telling.len() < map.len() { ", …}" } else { "}" });
    line.text
}

/// Source text on one line, cut where it is longer than `longest` characters.
#[must_use]
pub fn on_one_line(text: &str, longest: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(longest) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default().trim_end()),
        None => line,
    }
}

struct Line {
    text: String,
    /// Characters that still fit; at 0 the line has ended with `…`.
    left: usize,
}

impl Line {
    fn put(&mut self, text: &str) {
        if self.left == 0 {
            return;
        }
        match text.char_indices().nth(self.left) {
            Some((end, _)) => {
                self.text.push_str(text.get(..end).unwrap_or_default());
                self.text.push('…');
                self.left = 0;
            }
            None => {
                self.text.push_str(text);
                self.left -= text.chars().count();
            }
        }
    }

    fn value(&mut self, value: &Value, depth: usize) {
        match value {
            Value::Null => self.put("null"),
            Value::Text(text) | Value::Id(Id::Text(text)) => self.quoted(text),
            Value::Duration(d) => self.put(&duration::print(*d)),
            Value::Bytes(bytes) => self.put(&format!("{} bytes", bytes.len())),
            Value::Unknown(why) => self.put(&format!("unknown: {}", why.sentence())),
            Value::List(list) => self.list(list, depth),
            Value::Map(map) => self.map(map, depth),
            scalar => self.put(&scalar.print_lenient()),
        }
    }

    fn quoted(&mut self, text: &str) {
        // no more of a long text than may be shown is looked at
        let some: String = text.chars().take(LONGEST * 2).collect();
        let line = some.split_whitespace().collect::<Vec<_>>().join(" ");
        self.put(&format!("'{line}'"));
    }

    fn list(&mut self, list: &List, depth: usize) {
        let nests = list.raw().iter().any(|v| matches!(v, Value::List(_) | Value::Map(_)));
        if (depth > 0 || nests) && list.len() > 3 || depth > 2 {
            self.put(&format!("[{}]", counted(list.len(), "element")));
            self.undecided(list);
            return;
        }
        self.put("[");
        let shown = list.raw().iter().take(5);
        for (i, element) in shown.enumerate() {
            if self.left == 0 {
                return;
            }
            if i > 0 {
                self.put(", ");
            }
            self.value(element, depth + 1);
        }
        if list.len() > 5 {
            self.put(&format!(", … {} more", list.len() - 5));
        }
        self.put("]");
        self.undecided(list);
    }

    fn undecided(&mut self, list: &List) {
        if list.is_partial() {
            self.put(&format!(" and {} undecided", list.aside().len()));
        }
    }

    fn map(&mut self, map: &Map, depth: usize) {
        let members: Vec<_> = map.raw_iter().take(MEMBERS + 1).collect();
        let nests = |value: &Value| matches!(value, Value::List(_) | Value::Map(_) | Value::Unknown(_));
        // things by their keys are called by these
        if members.len() > MEMBERS || depth > 2 || members.len() > 1 && members.iter().all(|(_, v)| nests(v)) {
            let keys: Vec<&str> = members.iter().take(4).map(|(key, _)| key.as_str()).collect();
            let more = if map.len() > keys.len() { ", …" } else { "" };
            self.put(&format!("{{{}: {}{more}}}", counted(map.len(), "member"), keys.join(", ")));
            return;
        }
        self.put("{");
        self.members(&members, depth + 1);
        self.put("}");
    }

    fn members(&mut self, members: &[(&Text, &Value)], depth: usize) {
        for (i, (key, member)) in members.iter().enumerate() {
            if self.left == 0 {
                return;
            }
            self.put(&format!("{}{key}: ", if i > 0 { ", " } else { "" }));
            self.value(member, depth);
        }
    }
}

/// `1 row`, `14 rows`
#[must_use]
pub fn counted(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use wf_value::{Unknown, UnknownKind, decode};

    fn of(json: &str) -> String {
        brief(&decode(json).unwrap_or_default())
    }

    #[test]
    fn values_are_short_and_on_one_line() {
        assert_eq!(
            of(r#"{"a": null, "b": "x\ny", "c": [1, 2, 3], "d": [1, 2, 3, 4], "e": {}}"#),
            "{a: null, b: 'x y', c: [1, 2, 3], d: [4 elements], e: {}}"
        );
        assert_eq!(of(r#"{"VC1": {"n": 1}, "VC2": {"n": 2}}"#), "{2 members: VC1, VC2}");
        assert_eq!(of(r#"[{"n": 1}, {"n": 2}, {"n": 3}, {"n": 4}]"#), "[4 elements]");
        assert_eq!(of("[1,2,3,4,5,6,7]"), "[1, 2, 3, 4, 5, … 2 more]");
        assert_eq!(of(&format!("\"{}\"", "é".repeat(300))).chars().count(), LONGEST + 1);
        assert_eq!(brief(&Value::from(vec![Value::text("s3cret").secret()])), "[***]");
        let unknown = Value::from(Unknown::new(UnknownKind::Missing, "`state` is missing"));
        assert_eq!(brief(&unknown), "unknown: `state` is missing");
    }

    #[test]
    fn an_item_is_named_by_its_scalars() {
        let row = decode(r#"{"ticketID": 12, "note": null, "tasks": [1], "serial": "VC1"}"#).unwrap_or_default();
        let needle = Needle::new("VC1");
        assert_eq!(named(&row, &needle), "{serial: 'VC1', ticketID: 12, …}");
        assert_eq!(named(&row, &Needle::new("12")), "{ticketID: 12, serial: 'VC1', …}");
        assert_eq!(named(&Value::text("VC1"), &needle), "'VC1'");
        assert_eq!(named(&decode(r#"{"a": [1]}"#).unwrap_or_default(), &needle), "{a: [1]}");
    }

    #[test]
    fn sources_are_put_on_one_line() {
        assert_eq!(on_one_line("a\n   .filter(b)", 80), "a .filter(b)");
        assert_eq!(on_one_line("abcdef", 3), "abc…");
    }
}
