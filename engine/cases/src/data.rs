//! Literal data of a case: YAML nodes as values, by YAML 1.2's core rules. Nothing in a case is computed.

use wf_syntax::tree::{Kind, Node, Scalar, Style};
use wf_value::{Map, Text, Value};

/// The value that a node writes. What was broken is null: its diagnostic was given when the file was read.
#[must_use]
pub fn value(node: &Node) -> Value {
    match &node.kind {
        Kind::Scalar(scalar) => scalar_value(scalar),
        Kind::Seq(items) => items.iter().map(value).collect::<Vec<_>>().into(),
        Kind::Map(entries) => {
            entries.iter().map(|e| (Text::from(e.key.text()), value(&e.value))).collect::<Map>().into()
        }
        Kind::Broken => Value::Null,
    }
}

fn scalar_value(scalar: &Scalar) -> Value {
    let text = &*scalar.text;
    if scalar.style != Style::Plain {
        return Value::text(text);
    }
    match text {
        _ if scalar.is_null() => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ => number(text).unwrap_or_else(|| Value::text(text)),
    }
}

fn number(text: &str) -> Option<Value> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if !digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return None;
    }
    if digits.bytes().all(|b| b.is_ascii_digit()) {
        let plain = text.strip_prefix('+').unwrap_or(text);
        return Some(plain.parse::<i64>().map_or_else(|_| Value::Big(plain.into()), Value::Int));
    }
    let is_float = digits.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'e' | b'E' | b'+' | b'-'));
    is_float.then(|| text.parse::<f64>().ok()).flatten().map(Value::Float)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use wf_source::Files;

    pub(crate) fn node(text: &str) -> Node {
        let mut files = Files::default();
        let file = files.add("case.yaml", text);
        let parsed = wf_syntax::tree::parse(file, text);
        assert!(parsed.diagnostics.is_empty(), "{:?}", parsed.diagnostics);
        parsed.root.unwrap_or_else(|| Node::broken(wf_source::Span::new(file, 0, 0)))
    }

    #[test]
    fn scalars_are_read_by_the_core_rules() {
        let read = value(&node(
            "{a: 1, b: '1', c: 1.5, d: null, e: true, f: 10001-A, g: 2022-06-01, h: [x, -3], i: 18446744073709551616}",
        ));
        let json = read.encode().unwrap_or_default();
        assert_eq!(
            json,
            r#"{"a":1,"b":"1","c":1.5,"d":null,"e":true,"f":"10001-A","g":"2022-06-01","h":["x",-3],"i":18446744073709551616}"#
        );
    }
}
