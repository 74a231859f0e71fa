//! Mistakes people make: each is refused at its place, with one useful message (`mistakes/LIST.md`).

#![allow(clippy::disallowed_methods, reason = "reads its cases")]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use wf_check::{Checked, Project, check};
use wf_source::{Diagnostic, FileId};
use wf_syntax::tree::{Node, parse};

/// A patch of the tree.
struct Mistake {
    number: String,
    slug: String,
    file: String,
    replace: String,
    with: String,
    at: String,
    at_file: Option<String>,
    nth: Option<usize>,
    says: Vec<String>,
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/mistakes")
}

fn mistakes() -> Vec<Mistake> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder()).into_iter().flatten().flatten().map(|e| e.path()).collect();
    paths.retain(|p| p.extension().is_some_and(|e| e == "yaml"));
    paths.sort();
    paths.iter().filter_map(read).collect()
}

fn read(path: &PathBuf) -> Option<Mistake> {
    let text = fs::read_to_string(path).ok()?;
    let name = path.file_stem()?.to_str()?;
    let (number, slug) = name.split_once('-')?;
    let root = parse(FileId(0), &text).root?;
    let field = |key: &str| root.get(key).and_then(Node::as_text).map(str::to_owned);
    Some(Mistake {
        number: number.into(),
        slug: slug.into(),
        file: field("file")?,
        replace: field("replace")?,
        with: field("with").unwrap_or_default(),
        at: field("at")?,
        at_file: field("at_file"),
        nth: field("nth").and_then(|n| n.parse().ok()),
        says: root.get("says")?.items().iter().filter_map(Node::as_text).map(str::to_owned).collect(),
    })
}

/// Numbers of mistakes that are not caught yet, each with its reason.
fn open() -> BTreeMap<String, String> {
    let text = fs::read_to_string(folder().join("open.txt")).unwrap_or_default();
    let lines = text.lines().filter(|l| !l.trim().is_empty() && !l.starts_with('#'));
    lines.filter_map(|l| l.split_once(' ')).map(|(n, why)| (n.to_owned(), why.trim().to_owned())).collect()
}

/// Where the finger must point: path and byte.
fn place(mistake: &Mistake, edited: &str, start: usize, tree: &Project) -> Result<(String, usize), String> {
    let nth = mistake.nth.unwrap_or(1).max(1);
    if let Some(file) = &mistake.at_file {
        let text = tree.text(file).ok_or("at_file is not there")?;
        let at = text.match_indices(&mistake.at).nth(nth - 1).ok_or("`at` is not in at_file")?.0;
        return Ok((file.clone(), at));
    }
    let inside = mistake.with.match_indices(&mistake.at).nth(nth - 1).map(|(i, _)| start + i);
    let at = inside.or_else(|| edited.match_indices(&mistake.at).nth(nth - 1).map(|(i, _)| i));
    at.map(|at| (mistake.file.clone(), at)).ok_or_else(|| "`at` is not in the edited file".to_owned())
}

/// What the tree with the mistake gives, and why that is not what it should be.
fn judge(mistake: &Mistake, tree: &Project) -> (Checked, Option<String>) {
    // cases say nothing of each other: only the one that is broken is read
    let Some(text) = tree.text(&mistake.file).map(|text| text.to_string()).or_else(|| case(&mistake.file)) else {
        return (Checked::default(), Some(format!("there is no {}", mistake.file)));
    };
    let text = text.as_str();
    if text.matches(&mistake.replace).count() != 1 {
        let why = format!("`replace` occurs {} times in {}", text.matches(&mistake.replace).count(), mistake.file);
        return (Checked::default(), Some(why));
    }
    let start = text.find(&mistake.replace).unwrap_or(0);
    let edited = text.replacen(&mistake.replace, &mistake.with, 1);
    let wanted = place(mistake, &edited, start, tree);
    let mut project = tree.clone();
    project.add(mistake.file.clone(), edited);
    let checked = check(&project);
    let why = wrong(mistake, &checked, wanted);
    (checked, why)
}

fn case(path: &str) -> Option<String> {
    path.contains("/cases/").then(|| fs::read_to_string(support::root().join(path)).ok())?
}

fn wrong(mistake: &Mistake, checked: &Checked, wanted: Result<(String, usize), String>) -> Option<String> {
    let (file, at) = match wanted {
        Ok(wanted) => wanted,
        Err(why) => return Some(why),
    };
    let errors = checked.diagnostics.iter().filter(|d| d.is_error());
    // what is likely a mistake, and may be right, is no error: then it is all that is said
    let told: Vec<&Diagnostic> = match errors.clone().count() {
        0 => checked.diagnostics.iter().collect(),
        _ => errors.collect(),
    };
    let [error] = told.as_slice() else { return Some(format!("{} messages", told.len())) };
    let found = checked.files.get(error.span.file).map_or("", |f| f.path.as_str());
    if found != file || error.span.start as usize != at {
        let source = checked.files.by_path(&file).and_then(|id| checked.files.get(id)).cloned();
        let place = source.map_or_else(String::new, |f| {
            let place = f.place(at);
            format!("{file}:{}:{}", place.line, place.column)
        });
        return Some(format!("the finger points at {}, it should be {place}", checked.files.locate(error.span)));
    }
    let fix = error.fix.as_ref().map_or("", |f| f.replacement.as_str());
    let notes: Vec<&str> = error.notes.iter().map(|n| n.text.as_str()).collect();
    let said = format!(
        "{} {} {} {fix} {}",
        error.message,
        error.label.as_deref().unwrap_or(""),
        error.help.as_deref().unwrap_or(""),
        notes.join(" ")
    );
    let places: Vec<String> = error.notes.iter().filter_map(|n| n.span).map(|s| checked.files.locate(s)).collect();
    let said = format!("{said} {}", places.join(" "));
    let missing: Vec<&String> = mistake.says.iter().filter(|word| !said.contains(word.as_str())).collect();
    (!missing.is_empty()).then(|| format!("it does not say {missing:?}: {said}"))
}

#[test]
fn every_mistake_is_told_once_at_its_place() {
    let tree = support::mistakes_tree();
    let open = open();
    let mut complaints = vec![];
    let (mut caught, mut all) = (0, 0);
    // `MISTAKES="213 249"` shows what is said of these instead of passing
    let only = std::env::var("MISTAKES").unwrap_or_default();
    let asked = |number: &str| only.is_empty() || only.split_whitespace().any(|n| n == number);
    let mistakes: Vec<Mistake> = mistakes().into_iter().filter(|m| asked(&m.number)).collect();
    let judged = support::on_all_cores(mistakes.len(), |i| {
        let (checked, why) = judge(&mistakes[i], &tree);
        (support::shown(&checked.files, &checked.diagnostics), why)
    });
    for (mistake, (shown, why)) in mistakes.iter().zip(judged) {
        all += 1;
        if !only.is_empty() {
            complaints.push(shown.clone());
        }
        let name = format!("{}-{}", mistake.number, mistake.slug);
        match (why, open.get(&mistake.number)) {
            (None, None) => {
                caught += 1;
                insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
                    insta::assert_snapshot!(name, shown);
                });
            }
            (None, Some(_)) => complaints.push(format!("{name} is caught now: take it out of open.txt")),
            (Some(_), Some(_)) => {}
            (Some(why), None) => {
                complaints.push(format!("{name}: {why}\n{shown}"));
            }
        }
    }
    assert!(complaints.is_empty(), "{caught} of {all} are caught\n\n{}", complaints.join("\n"));
}
