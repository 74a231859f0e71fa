//! Every example of the registry gives what it says it gives, and `docs/functions.md` is what the registry says.

use wf_expr::{Ctx, NoNames, NoVars, Program, compile, functions};
use wf_source::{FileId, ScalarMap};
use wf_value::Value;

fn value(text: &str) -> Result<Value, String> {
    let map = ScalarMap::plain(FileId(0), 0, text.len());
    let (code, found) = compile(text, &map, &NoNames);
    let code = code.ok_or_else(|| format!("{text}: {found:?}"))?;
    let now = "2022-06-01T14:00:00Z".parse().unwrap_or_default();
    let program = Program::default();
    Ok(code.value(&Ctx::new(&program, &NoVars, &[], &Value::Null, now)))
}

#[test]
fn examples_give_what_they_say() {
    let mut wrong = Vec::new();
    for function in functions::all() {
        for (example, expected) in function.examples {
            match (value(example), value(expected)) {
                (Ok(given), Ok(expected)) if given.equals(&expected) == Some(true) => {}
                (Ok(given), Ok(expected)) => wrong.push(format!("{example} gives {given:?}, not {expected:?}")),
                (given, expected) => wrong.extend([given.err(), expected.err()].into_iter().flatten()),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
#[allow(clippy::disallowed_methods, reason = "reads the page it compares")]
fn the_page_of_functions_is_up_to_date() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/functions.md");
    let page = std::fs::read_to_string(path).unwrap_or_default();
    let made = functions::reference();
    if page != made && std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, &made).unwrap_or_else(|e| panic!("{e}"));
        return;
    }
    assert!(
        page == made,
        "docs/functions.md is not what the registry says: run `UPDATE=1 cargo test -p wf-expr --test functions`"
    );
}
