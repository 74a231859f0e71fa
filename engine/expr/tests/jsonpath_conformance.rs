//! The compliance test suite of RFC 9535.
//!
//! The data stands beside the workspace, in `shared/conformance/jsonpath`. All of it applies, and all of it must pass.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "reads its cases, and says how many pass")]

use serde_json::Value as Json;
use wf_expr::functions::Locals;
use wf_expr::path::Path;
use wf_expr::{Ctx, NoVars, Program};
use wf_source::{FileId, ScalarMap};
use wf_value::Value;

const SUITE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/conformance/jsonpath/cts.json");

#[test]
fn jsonpath_conformance() {
    let Ok(suite) = std::fs::read(SUITE) else {
        println!("absent: no conformance data beside the workspace, nothing was tested");
        return;
    };
    let suite: Json = serde_json::from_slice(&suite).expect("the suite is JSON");
    let tests = suite["tests"].as_array().expect("the suite has tests");
    let failed: Vec<String> =
        tests.iter().filter_map(|test| failure(test).map(|why| format!("{}: {why}", test["name"]))).collect();
    println!("{} of {} pass", tests.len() - failed.len(), tests.len());
    assert!(tests.len() >= 703, "the suite lost tests");
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

/// Why a test does not pass.
fn failure(test: &Json) -> Option<String> {
    let text = test["selector"].as_str().unwrap_or_default();
    let (path, found) = Path::of_document(text, &ScalarMap::plain(FileId(0), 0, text.len()));
    let invalid = test["invalid_selector"] == true;
    let path = match path {
        None if invalid => return None,
        None => return Some(format!("{text} is refused: {found:?}")),
        Some(_) if invalid => return Some(format!("{text} is not refused")),
        Some(path) => path,
    };
    let program = Program::default();
    let ctx = Ctx::new(&program, &NoVars, &[], &Value::Null, jiff::Timestamp::UNIX_EPOCH);
    let mut locals = Locals::of(vec![value(&test["document"])]);
    let given = match path.eval(&ctx, &mut locals) {
        // in the suite every path gives a list
        Value::Unknown(_) => Value::from(vec![]),
        one if path.singular => Value::from(vec![one]),
        list => list,
    };
    let given = format!("{given:?}");
    let fits = match test["results"].as_array() {
        Some(any_of) => any_of.iter().any(|wanted| format!("{:?}", value(wanted)) == given),
        None => format!("{:?}", value(&test["result"])) == given,
    };
    (!fits).then(|| format!("{text} gives {given}"))
}

fn value(json: &Json) -> Value {
    wf_value::decode(json.to_string().as_bytes()).expect("JSON")
}
