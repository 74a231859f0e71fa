//! Files that are made to hurt end quickly, with a message.

#![expect(clippy::disallowed_methods, reason = "the tests look at the clock: this is about time")]

use std::time::{Duration, Instant};

use wf_source::FileId;
use wf_syntax::{
    case, connector, connector_case, environment, read,
    tree::{MAX_BYTES, parse},
    workflow,
};

/// Reads it as every kind of file; gives the codes of what was said.
fn quick(text: &str) -> Vec<&'static str> {
    let begin = Instant::now();
    let parsed = parse(FileId(0), text);
    let mut found = parsed.diagnostics;
    if let Some(root) = &parsed.root {
        found.extend(workflow(root, text).1);
        found.extend(connector(root, text).1);
        found.extend(environment(root, text).1);
        found.extend(case(root, text).1);
        found.extend(connector_case(root, text).1);
    }
    // a debug build on a busy machine; released it takes a tenth
    assert!(begin.elapsed() < Duration::from_secs(20), "{:?}", begin.elapsed());
    found.iter().map(|d| d.rule.code).collect()
}

#[test]
fn a_file_of_ten_megabytes_is_refused() {
    let text = "a: b\n".repeat(2_000_000);
    let begin = Instant::now();
    assert!(quick(&text).iter().all(|c| *c == "WF0002"));
    assert!(begin.elapsed() < Duration::from_secs(1));
}

#[test]
fn a_file_of_too_many_values_is_refused() {
    let text = format!("state: [{}]", "1,".repeat(MAX_BYTES / 2 - 20));
    assert!(quick(&text).contains(&"WF0002"));
}

#[test]
fn deep_nesting_is_refused() {
    for text in ["[".repeat(100_000), "{a: ".repeat(100_000), "- ".repeat(100_000), "? ".repeat(100_000)] {
        assert!(quick(&text).contains(&"WF0002"), "{}", &text[..8]);
    }
    let blocks: String = (0..2000).map(|i| format!("{}a:\n", " ".repeat(i))).collect();
    assert!(quick(&blocks).contains(&"WF0002"));
    let mixed = format!("{}{}{}", "- ".repeat(60), "[".repeat(60), "]".repeat(60));
    assert!(quick(&mixed).contains(&"WF0002"));
}

#[test]
fn alias_bombs_are_refused() {
    let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for i in 1..40 {
        let last = format!("*a{}", i - 1);
        text += &format!("a{i}: &a{i} [{}]\n", vec![last; 10].join(", "));
    }
    assert!(quick(&text).contains(&"WF0002"));
    let mut chain = String::from("a0: &a0 [x]\n");
    for i in 1..200 {
        chain += &format!("a{i}: &a{i} [*a{}]\n", i - 1);
    }
    assert!(quick(&chain).contains(&"WF0002"));
}

#[test]
fn an_alias_repeats_its_value_at_its_own_place() {
    let text = "a: &x {b: [c]}\nd: *x\n";
    let tree = read(FileId(0), text, None).tree.unwrap();
    let alias = tree.get("d").unwrap();
    assert_eq!(&text[alias.span.start as usize..alias.span.end as usize], "*x");
    assert_eq!(alias.get("b").unwrap().items()[0].as_text(), Some("c"));
}

#[test]
fn many_mistakes_and_long_lines_end_quickly() {
    for text in [
        "a: b: c\n".repeat(20_000),
        "a: [\n".repeat(20_000),
        "a: \"\n".repeat(50_000),
        format!("a: {}", "(".repeat(200_000)),
        format!("a: {{{}}}", "x: f(y, ".repeat(50_000)),
        format!("a: {}", "x ".repeat(200_000)),
        format!("a: >\n{}", "  x\n\n".repeat(100_000)),
        "# x\n".repeat(200_000),
        format!("a: \"{}\\x41\"", " ".repeat(200_000)),
        format!("steps: [{}]", "{skip: {a: b}}, ".repeat(20_000)),
        (0..20_000).map(|i| format!("k{i}: {{x: f(y, z{i}: 1}}\n")).collect(),
    ] {
        quick(&text);
    }
}
