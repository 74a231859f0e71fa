//! Every letter of a decoded scalar is found in the file.

use proptest::prelude::*;
use wf_source::FileId;
use wf_syntax::tree::{Kind, Node, Scalar, parse};

fn scalars(node: &Node, out: &mut Vec<Scalar>) {
    match &node.kind {
        Kind::Scalar(scalar) => out.push(scalar.clone()),
        Kind::Seq(items) => items.iter().for_each(|n| scalars(n, out)),
        Kind::Map(entries) => entries.iter().for_each(|e| {
            out.push(e.key.scalar.clone());
            scalars(&e.value, out);
        }),
        Kind::Broken => {}
    }
}

/// Each letter and digit stands where the map says; `\n` and other escapes are allowed to be anywhere inside the scalar.
fn check(text: &str) -> usize {
    let parsed = parse(FileId(0), text);
    let mut found = vec![];
    parsed.root.iter().for_each(|n| scalars(n, &mut found));
    let mut letters = 0;
    for scalar in &found {
        for (i, c) in scalar.text.char_indices() {
            let at = scalar.map.offset(i);
            assert!(at <= text.len(), "{at} is beyond the file");
            let escaped = text[at..].starts_with('\\');
            if c.is_alphanumeric() && !escaped {
                assert!(text[at..].starts_with(c), "{c:?} of {:?} is not at {at} of {text:?}", scalar.text);
                letters += 1;
            }
        }
    }
    letters
}

#[test]
fn letters_of_every_style_are_found() {
    let texts = [
        "plain: a b\nfolded: one\n  two\n\n  three # r\n",
        "s: 'it''s\n   one\n\n   two'\nd: \"a\\tb \\\n  c \\u00e9x \\ud83d\\ude00y\n\n  e\\n f\"\n",
        "l: |\n  one\n   two\n\n  three\nk: |+\n  x\n\n\nf: >-\n  a b\n  c\n\n    more\n    m2\n\n  d\n",
        "i: |2\n\n    deeper\n  x\nj: >1\n   y\n  z\nlast: |\n  no end",
        "\u{feff}a: b\r\nc: |\r\n  d\r\n  e\r\nf: g\r\n  h\r\n",
        "{a: [b, 'c', \"d\\\"e\"], f: g}\n",
        "- - a\n  - b: |-\n      x\n\n      y\n    c: \"\n      z\"\n",
        "e: >\n\n\n  a\n\n\n  b\n    c\n  d\n",
    ];
    for text in texts {
        assert!(check(text) > 3, "{text}");
    }
}

fn line() -> impl Strategy<Value = String> {
    prop::collection::vec(
        prop_oneof!["[a-z]{1,4}", Just(" ".to_owned()), Just("é".to_owned()), Just("x  y".to_owned())],
        0..5,
    )
    .prop_map(|parts| parts.concat())
}

fn indented(lines: &[String], indent: usize, trim: bool) -> String {
    let pad = " ".repeat(indent);
    lines
        .iter()
        .map(|l| if l.trim().is_empty() { "\n".into() } else { format!("{pad}{}\n", if trim { l.trim() } else { l }) })
        .collect()
}

fn scalar() -> impl Strategy<Value = String> {
    let lines = prop::collection::vec(line(), 1..6);
    (lines, 0..7usize, 1..4usize, "[-+]?", prop::bool::ANY).prop_map(|(lines, style, indent, chomp, crlf)| {
        let body = |trim| indented(&lines, 2 + indent, trim);
        let text = match style {
            0 => format!("|{chomp}\n{}", body(false)),
            1 => format!(">{chomp}\n{}", body(false)),
            2 => format!("|{indent}{chomp}\n{}", indented(&lines, indent, false)),
            3 => format!("'a{}  z'\n", body(false).replace('x', "''")),
            4 => format!("\"a{}  z\"\n", body(false).replace('x', "\\\"").replace('é', "\\u00e9")),
            5 => format!("\"a \\\n{}  z\"\n", body(false)),
            _ => format!("a{}", body(true)),
        };
        let text = format!("k: {text}next: end\n");
        if crlf { text.replace('\n', "\r\n") } else { text }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn letters_of_random_scalars_are_found(text in scalar()) {
        prop_assume!(check(&text) > 7);
    }
}
