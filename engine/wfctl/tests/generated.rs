//! Pages and schemas that are made from the code are as the code would make them.

use std::path::Path;
use std::process::{Command, Output};

fn wfctl(args: &[&str]) -> Output {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let done = Command::new(env!("CARGO_BIN_EXE_wfctl")).current_dir(root).args(args).output();
    done.unwrap_or_else(|e| panic!("{e}"))
}

#[test]
fn the_reference_pages_are_up_to_date() {
    let done = wfctl(&["reference", "--check"]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

#[test]
fn the_schemas_are_up_to_date() {
    for (name, _) in wf_syntax::SCHEMAS {
        let printed = wfctl(&["schema", name]);
        let kept = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../schemas/{name}.json")));
        let same = kept
            .is_ok_and(|kept| String::from_utf8_lossy(&kept).trim() == String::from_utf8_lossy(&printed.stdout).trim());
        assert!(same, "schemas/{name}.json differs: run `wfctl schema --write schemas`");
    }
}

#[test]
fn the_product_itself_has_nothing_wrong() {
    let done = wfctl(&["validate", "--output", "json"]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stdout));
}
