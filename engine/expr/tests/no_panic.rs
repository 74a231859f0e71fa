//! No text makes the compiler or the evaluator panic, whatever it is.

#![allow(clippy::disallowed_methods, reason = "reads the files whose expressions it changes")]

mod world;

use std::path::Path;

use proptest::prelude::*;
use wf_expr::{cel, compile};
use wf_value::Value;
use world::{World, json, map};

fn world() -> World {
    World::default()
        .name("edge", json(r#"{"state": "OFFLINE", "links": [{"state": "DOWN", "loss": 1.5}], "site": null}"#))
        .name("n", 3)
        .name("text", "äb🐱")
        .param("loss", 5)
        .define("down(e)", "e.state == 'OFFLINE'")
}

/// Compiles and runs it; what is printed again means the same.
fn take(text: &str) {
    let world = world();
    let (code, found) = compile(text, &map(text), &world);
    for d in &found {
        assert!(d.span.start <= d.span.end && d.span.end as usize <= text.len(), "{text}: {d:?}");
    }
    if let Some(code) = code {
        let value = world.ctx(|ctx| {
            ctx.fuel.set(10_000);
            (code.value(ctx), code.leaves(ctx)).0
        });
        if let Value::Unknown(reason) = &value {
            assert!(reason.span.is_some(), "{text}: {}", reason.reason);
        }
    }
    if let Some(printed) = cel::format(text) {
        assert_eq!(cel::format(&printed).as_ref(), Some(&printed), "{text}");
    }
}

const WORDS: &[&str] = &[
    "edge",
    "n",
    "text",
    "params",
    "now",
    "env",
    "x",
    "down",
    "size",
    "filter",
    "map",
    "orElse",
    "math",
    "true",
    "null",
    "in",
    "not",
    "if",
    "and",
    ".",
    "..",
    ",",
    ":",
    "?",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "+",
    "-",
    "*",
    "/",
    "%",
    "==",
    "!=",
    "<",
    ">=",
    "&&",
    "||",
    "!",
    "=",
    "&",
    "|",
    "??",
    "?.",
    "1",
    "0",
    "2.5",
    "45m",
    "1h30m",
    "30min",
    "0x1F",
    "9223372036854775808",
    "1e400",
    "'a'",
    "\"b\"",
    "r'\\d+('",
    "b'x'",
    "'''",
    "'",
    "\\",
    "//",
    "\n",
    "`",
    "‘a’",
    "ä",
    "🐱",
    "\u{a0}",
    ".state",
    ".links",
    ".exists(x, x.state == 'DOWN')",
    "edge.links[0]",
    "params.loss",
    ".matches(r'a+')",
    ".format(['a'])",
];

/// Expressions of real files: what stands behind `=` and in bare places.
fn real() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/design/prototypes/workflows");
    let mut texts = vec!["edge.state == 'OFFLINE' && edge.links.exists(l, l.loss > params.loss)".to_owned()];
    let mut folders = vec![folder];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "yaml") {
                let text = std::fs::read_to_string(&path).unwrap_or_default();
                let values =
                    text.lines().filter_map(|line| line.split_once(": ").map(|(_, value)| value.trim().to_owned()));
                texts.extend(values.filter(|v| v.contains('.') && v.len() < 400));
            }
        }
    }
    texts
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn soup_of_words(words in prop::collection::vec(prop::sample::select(WORDS), 0..24), blanks in any::<u32>()) {
        let mut text = String::new();
        for (i, word) in words.iter().enumerate() {
            text.push_str(word);
            if blanks >> (i % 32) & 1 == 1 {
                text.push(' ');
            }
        }
        take(&text);
    }

    #[test]
    fn any_text(text in ".{0,60}") {
        take(&text);
    }

    #[test]
    fn real_expressions_mutilated(pick in any::<prop::sample::Index>(), cut in any::<prop::sample::Index>(), to in any::<prop::sample::Index>(), word in prop::sample::select(WORDS)) {
        let texts = TEXTS.with(Clone::clone);
        let text: Vec<char> = pick.get(&texts).chars().collect();
        let (a, b) = (cut.index(text.len() + 1), to.index(text.len() + 1));
        let (from, to) = (a.min(b), a.max(b));
        // something put in, something cut out, and the rest thrown away
        let (head, tail): (String, String) = (text[..from].iter().collect(), text[from..].iter().collect());
        take(&format!("{head}{word}{tail}"));
        take(&text[..from].iter().chain(&text[to..]).collect::<String>());
        take(&head);
    }
}

thread_local! {
    static TEXTS: std::rc::Rc<Vec<String>> = std::rc::Rc::new(real());
}

/// Blanks, brackets and quotes are laid out anew; the tree stays the same.
#[test]
fn real_expressions_are_printed_and_read_again() {
    let mut formatted = 0;
    for text in real() {
        if let Some(printed) = cel::format(text.trim_start_matches('=')) {
            assert_eq!(cel::format(&printed).as_ref(), Some(&printed), "{text}");
            formatted += 1;
        }
    }
    assert!(formatted >= 1);
}
