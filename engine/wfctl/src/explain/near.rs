//! What somebody may have meant who asks for what is not there.

use std::collections::BTreeSet;

use wf_value::{Id, Value};

use super::needle::Needle;

/// Texts and numbers that are remembered.
const MOST: usize = 20_000;
/// Longer texts are no names.
const LONGEST: usize = 40;
/// Values that are looked at, of one answer.
const LOOKED_AT: usize = 50_000;

/// Names that occur in a run: serials, numbers of tickets, whatever is short.
#[derive(Clone, Debug, Default)]
pub struct Near {
    names: BTreeSet<String>,
    /// Items of loops, in words.
    items: Vec<String>,
}

impl Near {
    /// An item of a loop, in words.
    pub fn item(&mut self, value: &Value, needle: &Needle) {
        if self.items.len() < 5 {
            self.items.push(super::brief::named(value, needle));
        }
        self.offer(value);
    }

    /// Takes the names that stand in a value.
    pub fn offer(&mut self, value: &Value) {
        let mut stack = vec![value];
        for _ in 0..LOOKED_AT {
            if self.names.len() >= MOST {
                return;
            }
            match stack.pop() {
                Some(Value::List(list)) => stack.extend(list.raw().iter().rev()),
                Some(Value::Map(map)) => stack.extend(map.raw_values().iter().rev()),
                Some(Value::Text(text) | Value::Id(Id::Text(text)))
                    if text.len() <= LONGEST && text.len() > 2 && !text.contains(' ') =>
                {
                    self.names.insert(text.to_string());
                }
                Some(Value::Int(n) | Value::Id(Id::Number(n))) if n.abs() > 99 => {
                    self.names.insert(n.to_string());
                }
                Some(_) => {}
                None => return,
            }
        }
    }

    /// `did you mean VC1000017?`, or what items there are.
    #[must_use]
    pub fn help(&self, asked: &str) -> String {
        let same = self.names.iter().find(|name| name.eq_ignore_ascii_case(asked));
        let begins = || self.names.iter().find(|name| asked.len() > 2 && name.starts_with(asked));
        let nearest = || wf_source::nearest(asked, self.names.iter().map(String::as_str));
        let near = same.or_else(begins).map(String::as_str).or_else(nearest);
        match near {
            Some(near) => format!("did you mean {near}?"),
            None if self.items.is_empty() => "it has no loop with items".to_owned(),
            None => format!("its items are such as {}", self.items.join("; ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wf_value::decode;

    #[test]
    fn the_nearest_name_of_the_run_is_meant() {
        let mut near = Near::default();
        near.offer(&decode(r#"[{"serial": "VC1000017", "n": 4711}, {"serial": "VC2000001"}]"#).unwrap_or_default());
        near.item(&decode(r#"{"serial": "VC1000017"}"#).unwrap_or_default(), &Needle::new("x"));
        assert_eq!(near.help("vc1000017"), "did you mean VC1000017?");
        assert_eq!(near.help("VC100017"), "did you mean VC1000017?");
        assert_eq!(near.help("VC20"), "did you mean VC2000001?");
        assert_eq!(near.help("4712"), "did you mean 4711?");
        assert_eq!(near.help("something-else"), "its items are such as {serial: 'VC1000017'}");
        assert_eq!(Near::default().help("x"), "it has no loop with items");
    }
}
