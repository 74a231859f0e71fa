//! Reading the conformance data.

use std::path::{Path, PathBuf};

use serde_json::Value as Json;

/// One test.
pub(crate) struct Case {
    /// `basic`
    pub(crate) file: String,
    pub(crate) section: String,
    pub(crate) name: String,
    pub(crate) expr: String,
    /// Names and their values.
    pub(crate) bindings: Vec<(String, Json)>,
    pub(crate) wanted: Wanted,
}

pub(crate) enum Wanted {
    /// `{"int64_value": 1}`
    Value(Json),
    Error,
    /// Any value: the test is about its type.
    Anything,
}

impl Case {
    pub(crate) fn id(&self) -> String {
        format!("{}/{}/{}", self.file, self.section, self.name)
    }
}

/// All tests, in the order of the files; `None` when the data is not there.
pub(crate) fn read() -> Option<Vec<Case>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance/cel");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder).ok()?.filter_map(|e| Some(e.ok()?.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|e| e == "json"));
    paths.sort();
    let mut cases = Vec::new();
    for path in paths {
        let text = std::fs::read_to_string(&path).expect("a readable file");
        let json: Json = serde_json::from_str(&text).expect("JSON");
        let file = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        for section in many(&json["section"]) {
            for test in many(&section["test"]) {
                cases.push(case(&file, section, test));
            }
        }
    }
    Some(cases)
}

fn case(file: &str, section: &Json, test: &Json) -> Case {
    let text = |json: &Json| json.as_str().unwrap_or_default().to_owned();
    let bindings = many(&test["bindings"]).iter().map(|b| (text(&b["key"]), b["value"]["value"].clone())).collect();
    let wanted = if test.get("eval_error").is_some() || test.get("unknown").is_some() {
        Wanted::Error
    } else if let Some(typed) = test.get("typed_result") {
        typed.get("result").cloned().map_or(Wanted::Anything, Wanted::Value)
    } else {
        // a test that says nothing wants true
        Wanted::Value(test.get("value").cloned().unwrap_or_else(|| serde_json::json!({"bool_value": true})))
    };
    Case {
        file: file.to_owned(),
        section: text(&section["name"]),
        name: text(&test["name"]),
        expr: text(&test["expr"]),
        bindings,
        wanted,
    }
}

/// A list, or a single entry without one.
pub(crate) fn many(json: &Json) -> &[Json] {
    match json {
        Json::Array(items) => items,
        Json::Null => &[],
        one => std::slice::from_ref(one),
    }
}
