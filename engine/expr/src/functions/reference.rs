//! The page of all functions, made from the registry.

use std::fmt::Write;

use super::{Function, registry};

/// All functions as Markdown: `docs/functions.md`. A test compares the two.
#[must_use]
pub fn reference() -> String {
    let mut page = String::from(
        "# Functions\n\n\
         All functions that expressions know. Unless an entry says otherwise, null as an argument gives unknown, and an unknown argument is \
         the result. A function that takes `x, …` names a variable for the elements and an expression that sees it. \
         `if(c, a, b)` is no function but part of the language: `a` where the condition holds, else `b`; the other one is not looked at.\n\n\
         This page is made from the registry of the engine (`engine/expr/src/functions`); every example is a test.\n",
    );
    for (title, about, functions) in registry::SECTIONS {
        let _ = write!(page, "\n## {title}\n\n{about}\n");
        for function in functions.iter().flat_map(|table| table.iter()) {
            entry(&mut page, function);
        }
    }
    page
}

fn entry(page: &mut String, function: &Function) {
    let _ = write!(page, "\n### `{}`\n\n{}\n\n```\n", function.signature, function.doc);
    for (example, result) in function.examples {
        let _ = writeln!(page, "{example}    → {result}");
    }
    page.push_str("```\n");
}
