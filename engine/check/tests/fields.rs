//! Every field that a workflow reads is known: misspelt, it is told, and once. Tried on the tree that stands still for the mistakes;
//! `WF_ALL_FIELDS=1` tries the workflows of this repository instead, which takes a while.

#![allow(clippy::disallowed_methods, reason = "tests may ask their environment")]

mod support;

use wf_check::{Project, check};

#[test]
fn a_field_that_is_misspelt_is_told_once() {
    let tree = match std::env::var_os("WF_ALL_FIELDS") {
        Some(_) => support::sources(&support::root()),
        None => support::mistakes_tree(),
    };
    let files: Vec<_> = tree.iter().filter(|(path, _)| path.starts_with("workflows/")).collect();
    let all: Vec<(&str, &str, usize)> =
        files.iter().flat_map(|(path, text)| fields(path, text).into_iter().map(|at| (*path, &***text, at))).collect();
    let missed = support::on_all_cores(all.len(), |i| {
        let (path, text, at) = all[i];
        let mut edited = text.to_owned();
        edited.insert_str(at, "zq");
        let mut project: Project = tree.clone();
        project.add(path, edited);
        let checked = check(&project);
        let errors = checked.diagnostics.iter().filter(|d| d.is_error()).count();
        let line = text[..at].matches('\n').count();
        let shown = text.lines().nth(line).unwrap_or("").trim();
        let name: String = text[at..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        let said = || support::shown(&checked.files, &checked.diagnostics);
        (errors != 1).then(|| format!("{path}:{}: `{name}` has {errors} errors: {shown}\n{}", line + 1, said()))
    });
    let missed: Vec<String> = missed.into_iter().flatten().collect();
    assert!(missed.is_empty(), "{} of {}\n{}", missed.len(), all.len(), missed.join("\n"));
    assert!(all.len() > 60, "{}", all.len());
}

/// Where the names behind dots begin that are no calls, in what is no remark.
fn fields(path: &str, text: &str) -> Vec<usize> {
    let template = path.ends_with(".hbs");
    let mut found = vec![];
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let code = if template { line } else { line.split(" #").next().unwrap_or(line) };
        // files, actions, subjects and hosts have dots, too
        let other = ["uses:", "call:", "publish:", "- message:", "://", ".net"].iter().any(|what| code.contains(what));
        let computed = !template || code.contains("{{") && !code.contains("{{!");
        // params are named here, not read
        let key = code.split(':').next().unwrap_or_default();
        let names = !template && key.trim_start().chars().all(|c| c.is_alphanumeric() || "_-.".contains(c));
        let grid = code.trim_start().starts_with("columns:") && code.contains('[');
        let begin = if names { key.len() } else { 0 };
        if !other && !grid && computed && !code.starts_with('#') {
            found.extend(dots(code).filter(|at| *at > begin).map(|at| start + at));
        }
        start += line.len();
    }
    found
}

fn dots(line: &str) -> impl Iterator<Item = usize> {
    let bytes = line.as_bytes();
    let word = |i: usize| bytes.get(i).is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_');
    (1..bytes.len())
        .filter(move |i| {
            let before = word(i - 1) || matches!(bytes.get(i - 1), Some(b')' | b']'));
            let mut end = i + 1;
            while word(end) {
                end += 1;
            }
            let letter = bytes.get(i + 1).is_some_and(u8::is_ascii_alphabetic);
            bytes[*i] == b'.' && before && letter && bytes.get(end) != Some(&b'(')
        })
        .map(|i| i + 1)
        .collect::<Vec<_>>()
        .into_iter()
}
