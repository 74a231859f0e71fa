//! The conformance tests of the CEL specification, as far as they are about our values.
//!
//! The data stands beside the workspace, in `shared/conformance/cel`. Tests that do not apply, or where our language says something else,
//! are listed with the reason in `cel_conformance/left_out.txt`; one that is listed and passes all the same is a mistake of the list.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "reads its cases, and says how many pass")]

#[path = "cel_conformance/data.rs"]
mod data;
#[path = "cel_conformance/expected.rs"]
mod expected;
#[path = "cel_conformance/left_out.rs"]
mod left_out;
#[path = "cel_conformance/scope.rs"]
mod scope;

use std::collections::BTreeMap;

use data::Case;
use left_out::LeftOut;
use scope::Scope;
use wf_expr::{Ctx, Program, compile};
use wf_source::{FileId, ScalarMap};
use wf_value::Value;

#[test]
fn cel_conformance() {
    let Some(cases) = data::read() else {
        println!("absent: no conformance data beside the workspace, nothing was tested");
        return;
    };
    let left_out = LeftOut::read();
    let (mut passed, mut by_file) = (0, BTreeMap::<&str, [u32; 3]>::new());
    let mut complaints = Vec::new();
    for case in &cases {
        let count = by_file.entry(&case.file).or_default();
        match (left_out.has(case), run(case)) {
            (false, Ok(())) => {
                passed += 1;
                count[0] += 1;
            }
            (false, Err(why)) => {
                count[1] += 1;
                complaints.push(format!("{}: {}: {why}", case.id(), case.expr));
            }
            (true, Ok(())) if left_out.must_fail(case) => {
                complaints.push(format!("{}: is left out, and passes", case.id()));
            }
            (true, _) => count[2] += 1,
        }
    }
    complaints.extend(left_out.strangers(&cases));
    for (file, [passed, failed, out]) in &by_file {
        println!("{file:>18}: {passed:>4} passed {failed:>3} failed {out:>4} left out");
    }
    println!("{passed} of {} passed, {} left out", cases.len(), left_out.len());
    assert!(complaints.is_empty(), "{} complaints\n{}", complaints.len(), complaints.join("\n"));
    assert!(passed >= 1250, "only {passed} passed");
}

fn run(case: &Case) -> Result<(), String> {
    let scope = Scope::new(case);
    let map = ScalarMap::plain(FileId(0), 0, case.expr.len());
    let (code, diagnostics) = compile(&case.expr, &map, &scope);
    let Some(code) = code else {
        let messages: Vec<_> = diagnostics.iter().map(|d| d.message.as_str()).collect();
        return expected::refused(case, &messages.join("; "));
    };
    let (program, env) = (Program::default(), Value::Null);
    let ctx = Ctx::new(&program, &scope, &[], &env, jiff::Timestamp::UNIX_EPOCH);
    expected::check(case, &code.value(&ctx))
}
