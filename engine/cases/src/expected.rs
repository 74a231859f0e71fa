//! What a case expects of a value, and how an actual value differs from it.

use regex::Regex;
use wf_source::Span;
use wf_syntax::tree::{Kind, Node};
use wf_value::{Text, Value};

use crate::data;

/// An expected value: literal data, with matchers anywhere inside.
#[derive(Clone, Debug)]
pub struct Expected {
    pub what: What,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum What {
    /// `{any: true}`: there, not compared.
    Any,
    /// `{contains: […]}`: these, in that order.
    Contains(Vec<Text>),
    /// `{matches: "…"}`: the whole text.
    Matches(Box<Regex>),
    /// A pattern that is none.
    BadPattern(String),
    List(Vec<Expected>),
    Map(Vec<(Text, Expected)>),
    Is(Value),
}

/// Whether a mapping may hold more than is expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    Exact,
    /// Mappings may hold more, at every depth; lists may not.
    Subset,
}

/// One place where actual and expected differ.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// `body.notes[0].text`
    pub path: String,
    pub expected: String,
    pub actual: String,
    /// The place in the case.
    pub span: Span,
}

impl Expected {
    #[must_use]
    pub fn read(node: &Node) -> Self {
        Self { what: what(node), span: node.span }
    }

    /// Literal data, all of it written at one place.
    #[must_use]
    pub fn of(value: &Value, span: Span) -> Self {
        let what = match value {
            Value::List(list) => What::List(list.raw().iter().map(|item| Self::of(item, span)).collect()),
            Value::Map(map) => What::Map(map.raw_iter().map(|(key, v)| (key.clone(), Self::of(v, span))).collect()),
            other => What::Is(other.clone()),
        };
        Self { what, span }
    }

    /// Every difference, in the order of the case.
    #[must_use]
    pub fn differences(&self, actual: &Value, mode: Mode) -> Vec<Difference> {
        let mut found = Vec::new();
        self.compare(actual, mode, &mut String::new(), &mut found);
        found
    }

    #[must_use]
    pub fn holds(&self, actual: &Value, mode: Mode) -> bool {
        self.differences(actual, mode).is_empty()
    }

    /// In short, for messages.
    #[must_use]
    pub fn words(&self) -> String {
        match &self.what {
            What::Any => "anything".into(),
            What::Contains(parts) => format!(
                "a text with {}",
                parts.iter().map(|p| format!("{:?}", p.as_str())).collect::<Vec<_>>().join(", then ")
            ),
            What::Matches(regex) => format!("a text that matches {}", regex.as_str()),
            What::BadPattern(why) => why.clone(),
            What::List(items) => format!("[{}]", items.iter().map(Self::words).collect::<Vec<_>>().join(", ")),
            What::Map(entries) => {
                let entries: Vec<String> = entries.iter().map(|(k, v)| format!("{k}: {}", v.words())).collect();
                format!("{{{}}}", entries.join(", "))
            }
            What::Is(value) => show(value),
        }
    }

    fn compare(&self, actual: &Value, mode: Mode, path: &mut String, found: &mut Vec<Difference>) {
        let mut differs = |path: &str, expected: String, actual: String| {
            found.push(Difference { path: path.to_owned(), expected, actual, span: self.span });
        };
        match &self.what {
            What::Any => {}
            What::Contains(parts) => {
                let text = text_of(actual);
                let mut rest = text.as_str();
                for part in parts {
                    match rest.find(part.as_str()) {
                        Some(at) => rest = rest.get(at + part.len()..).unwrap_or(""),
                        None => {
                            let elsewhere = if text.contains(part.as_str()) { "; it stands earlier" } else { "" };
                            differs(path, format!("a text with {:?}{elsewhere}", part.as_str()), format!("{text:?}"));
                            return;
                        }
                    }
                }
            }
            What::Matches(regex) => {
                let text = text_of(actual);
                if !regex.find(&text).is_some_and(|m| m.start() == 0 && m.end() == text.len()) {
                    differs(path, self.words(), format!("{text:?}"));
                }
            }
            What::BadPattern(why) => differs(path, why.clone(), show(actual)),
            What::Is(value) => {
                if value.equals(actual) != Some(true) {
                    differs(path, show(value), show(actual));
                }
            }
            What::List(expected) => {
                let Some(list) = actual.as_list() else { return differs(path, self.words(), show(actual)) };
                if list.len() != expected.len() {
                    return differs(
                        path,
                        format!("{} elements: {}", expected.len(), self.words()),
                        format!("{} elements: {}", list.len(), show(actual)),
                    );
                }
                for (i, (expected, actual)) in expected.iter().zip(list.raw()).enumerate() {
                    within(path, &format!("[{i}]"), |path| expected.compare(actual, mode, path, found));
                }
            }
            What::Map(expected) => {
                let Some(map) = actual.as_map() else { return differs(path, self.words(), show(actual)) };
                for (key, expected) in expected {
                    within(path, &member(key), |path| match map.raw(key) {
                        Some(actual) => expected.compare(actual, mode, path, found),
                        None => found.push(Difference {
                            path: path.clone(),
                            expected: expected.words(),
                            actual: "absent".into(),
                            span: expected.span,
                        }),
                    });
                }
                if mode == Mode::Exact {
                    for (key, actual) in map.raw_iter().filter(|(key, _)| !expected.iter().any(|(k, _)| k == *key)) {
                        within(path, &member(key), |path| {
                            found.push(Difference {
                                path: path.clone(),
                                expected: "absent".into(),
                                actual: show(actual),
                                span: self.span,
                            });
                        });
                    }
                }
            }
        }
    }
}

fn what(node: &Node) -> What {
    match &node.kind {
        Kind::Map(entries) => {
            if let [entry] = &**entries {
                match entry.key.text() {
                    "any" if entry.value.as_text() == Some("true") => return What::Any,
                    "contains" if entry.value.is_seq() => {
                        return What::Contains(
                            entry.value.items().iter().map(|n| text_of(&data::value(n)).into()).collect(),
                        );
                    }
                    "matches" if entry.value.as_scalar().is_some() => {
                        let pattern = entry.value.as_text().unwrap_or_default();
                        return match Regex::new(&format!("(?s){pattern}")) {
                            Ok(regex) => What::Matches(Box::new(regex)),
                            Err(e) => What::BadPattern(format!("a pattern that can be read: {e}")),
                        };
                    }
                    _ => {}
                }
            }
            What::Map(entries.iter().map(|e| (e.key.text().into(), Expected::read(&e.value))).collect())
        }
        Kind::Seq(items) => What::List(items.iter().map(Expected::read).collect()),
        _ => What::Is(data::value(node)),
    }
}

fn within(path: &mut String, part: &str, then: impl FnOnce(&mut String)) {
    let before = path.len();
    if before == 0 {
        path.push_str(part.trim_start_matches('.'))
    } else {
        path.push_str(part)
    }
    then(path);
    path.truncate(before);
}

fn member(key: &str) -> String {
    format!(".{key}")
}

/// The text that people would read: texts as they are, anything else as JSON.
fn text_of(value: &Value) -> String {
    value.as_str().map_or_else(|| show(value), str::to_owned)
}

/// A value in one line.
#[must_use]
pub fn show(value: &Value) -> String {
    value.redact().encode().unwrap_or_else(|_| format!("{value:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::tests::node;

    fn value(text: &str) -> Value {
        data::value(&node(text))
    }

    #[test]
    fn matchers_stand_anywhere() {
        let expected = Expected::read(&node("{note: {contains: [a, c]}, id: {any: true}, key: {matches: 'x[0-9]+'}}"));
        assert_eq!(expected.differences(&value("{note: a b c, id: 7, key: x12}"), Mode::Exact), vec![]);
        let found = expected.differences(&value("{note: c b a, id: 7, key: x12y}"), Mode::Exact);
        assert_eq!(found.iter().map(|d| d.path.as_str()).collect::<Vec<_>>(), ["note", "key"]);
    }

    #[test]
    fn more_than_expected_differs_unless_a_part_is_asked_for() {
        let expected = Expected::read(&node("{a: {b: 1}}"));
        let actual = value("{a: {b: 1, c: 2}}");
        assert_eq!(expected.differences(&actual, Mode::Exact).first().map(|d| d.path.clone()), Some("a.c".into()));
        assert!(expected.holds(&actual, Mode::Subset));
    }

    #[test]
    fn any_must_be_there() {
        assert!(!Expected::read(&node("{a: {any: true}}")).holds(&value("{}"), Mode::Exact));
    }
}
