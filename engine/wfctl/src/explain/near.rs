//! What somebody may have meant who asks for what is not there.

use std::collections::BTreeSet;

use wf_value::{Id, Text, Value};

use super::brief::on_one_line;
use super::needle::Needle;

/// Texts and numbers that are remembered.
const MOST: usize = 20_000;
/// Longer texts are no names.
const LONGEST: usize = 40;
/// Characters of an item that is shown.
const WIDTH: usize = 70;
/// Loops of which an item is shown.
const EXAMPLES: usize = 5;
/// Values that are looked at, of one answer.
const LOOKED_AT: usize = 50_000;

/// Names that occur in a run: serials, numbers of tickets, whatever is short.
#[derive(Clone, Debug, Default)]
pub struct Near {
    names: BTreeSet<String>,
    /// An item of each loop, by what the loop calls it: `ticket = {number: 4711, …}`.
    items: Vec<(Text, String)>,
}

impl Near {
    /// An item of a loop.
    pub fn item(&mut self, var: &Text, value: &Value, needle: &Needle) {
        if self.items.len() < EXAMPLES && !self.items.iter().any(|(known, _)| known == var) {
            self.items.push((var.clone(), super::brief::named(value, needle)));
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
        let nearest = || {
            let alike = self.names.iter().map(String::as_str).filter(|name| alike(asked, name));
            wf_source::nearest(asked, alike)
        };
        let near = same.or_else(begins).map(String::as_str).or_else(nearest);
        match near {
            Some(near) => format!("did you mean {near}?"),
            None if self.items.is_empty() => "it has no loop with items".to_owned(),
            None => {
                let line = |(var, item): &(Text, String)| on_one_line(&format!("{var} = {item}"), WIDTH);
                let items = self.items.iter().map(|item| format!("\n  {}", line(item)));
                format!("its loops have items such as{}", items.collect::<String>())
            }
        }
    }
}

/// Whether two names differ in one place only: where that is, at most a third of the letters of the one that is asked for stand.
fn alike(asked: &str, name: &str) -> bool {
    let same = |(a, b): &(char, char)| a.eq_ignore_ascii_case(b);
    let begin = asked.chars().zip(name.chars()).take_while(same).count();
    let end = asked.chars().rev().zip(name.chars().rev()).take_while(same).count();
    let length = asked.chars().count();
    let common = (begin + end).min(length).min(name.chars().count());
    common * 3 >= length * 2
}

#[cfg(test)]
mod tests {
    use super::*;
    use wf_value::decode;

    #[test]
    fn the_nearest_name_of_the_run_is_meant() {
        let mut near = Near::default();
        near.offer(&decode(r#"[{"serial": "VC1000017", "n": 4711}, {"serial": "VC2000001"}]"#).unwrap_or_default());
        near.item(&"edge".into(), &decode(r#"{"serial": "VC1000017"}"#).unwrap_or_default(), &Needle::new("x"));
        assert_eq!(near.help("vc1000017"), "did you mean VC1000017?");
        assert_eq!(near.help("VC100017"), "did you mean VC1000017?");
        assert_eq!(near.help("VC20"), "did you mean VC2000001?");
        assert_eq!(near.help("4712"), "did you mean 4711?");
        near.offer(&decode(r#"["edge-123"]"#).unwrap_or_default());
        assert!(!near.help("NOPE123").contains("mean"), "that is nobody's mistake");
        assert_eq!(near.help("something-else"), "its loops have items such as\n  edge = {serial: 'VC1000017'}");
        assert_eq!(Near::default().help("x"), "it has no loop with items");
    }
}
