//! `wfctl validate --diff REV`: what a change touches, and which environments leave it without effect.

use std::fmt::Write;

use wf_check::{Checked, Project};
use wf_plan::{Override, Plan};
use wf_source::{FileId, one_of};
use wf_syntax::tree::{Node, parse};

use crate::exit::Refusal;
use crate::revision::{Before, before};
use crate::tree::Tree;

/// What differs from the tree at `revision`, in lines for people.
pub fn diff(tree: &Tree, checked: &Checked, revision: &str) -> Result<String, Refusal> {
    let Before { project, changed } = before(tree, revision)?;
    if changed.is_empty() {
        return Ok(format!("nothing differs from {revision}\n"));
    }
    let old = wf_check::check(&project);
    let mut out = String::new();
    for path in &changed {
        let _ = writeln!(out, "{path}");
        for change in changes(path, &project, &tree.project) {
            let used = users(checked, path, &change);
            let used = if used.is_empty() { String::new() } else { format!(", used by {}", all(&used)) };
            let _ = writeln!(out, "  {}{used}", change.words());
            for line in overridden(checked, &change) {
                let _ = writeln!(out, "    {line}");
            }
        }
    }
    let touched: Vec<&str> =
        checked.plans.iter().filter(|plan| is_touched(plan, &old)).map(|p| p.name.as_str()).collect();
    let _ = match touched.as_slice() {
        [] => writeln!(out, "no workflow runs differently"),
        names => writeln!(out, "touched: {}", all(names)),
    };
    Ok(out)
}

fn all(names: &[&str]) -> String {
    one_of(names.iter().copied(), 12).replace(" or ", " and ")
}

fn is_touched(plan: &Plan, old: &Checked) -> bool {
    old.plan(&plan.name).is_none_or(|before| before.hash != plan.hash)
}

/// A definition, or a whole section, that differs.
#[derive(Debug, PartialEq, Eq)]
struct Change {
    /// `param`, `flow`, `steps`.
    what: String,
    name: Option<String>,
    /// The workflow, library or connector that the file is of.
    owner: String,
    how: How,
    /// The default of a param, before and now.
    default: Option<(String, String)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum How {
    New,
    Gone,
    Changed,
}

impl Change {
    fn words(&self) -> String {
        let how = match self.how {
            How::New => "new",
            How::Gone => "gone",
            How::Changed => "changed",
        };
        let name = self.name.as_ref().map(|name| format!(" {name}")).unwrap_or_default();
        match &self.default {
            Some((before, now)) => format!("{how}: {}{name}: {before} → {now}", self.what),
            None => format!("{how}: {}{name}", self.what),
        }
    }
}

/// What differs in a file: definitions one by one, other sections as a whole.
fn changes(path: &str, before: &Project, now: &Project) -> Vec<Change> {
    let (old, new) = (before.text(path), now.text(path));
    let (Some(old), Some(new)) = (old, new) else {
        let how = if old.is_none() { How::New } else { How::Gone };
        return vec![Change { what: "file".into(), name: None, owner: String::new(), how, default: None }];
    };
    let roots = (parse(FileId(0), old).root, parse(FileId(0), new).root);
    let (Some(old_root), Some(new_root)) = roots else { return vec![] };
    let name = ["workflow", "library", "connector"].iter().find_map(|key| new_root.get(key)).and_then(Node::as_text);
    let owner = name.unwrap_or_default().to_owned();
    let mut found = vec![];
    sections((old, &old_root), (new, &new_root), |section, old_entry, new_entry| {
        let Some(word) = word(section) else {
            found.push(Change {
                what: section.to_owned(),
                name: None,
                owner: owner.clone(),
                how: how(old_entry, new_entry),
                default: None,
            });
            return;
        };
        let none = Node::broken(new_root.span.begin());
        let (old_entry, new_entry) = (old_entry.unwrap_or(&none), new_entry.unwrap_or(&none));
        sections((old, old_entry), (new, new_entry), |name, before, after| {
            let default = |node: Option<&Node>| node?.get("default")?.as_text().map(str::to_owned);
            let defaults = default(before).zip(default(after)).filter(|(before, after)| before != after);
            found.push(Change {
                what: word.to_owned(),
                name: Some(name.to_owned()),
                owner: owner.clone(),
                how: how(before, after),
                default: defaults,
            });
        });
    });
    found
}

fn how(before: Option<&Node>, after: Option<&Node>) -> How {
    match (before, after) {
        (None, _) => How::New,
        (_, None) => How::Gone,
        _ => How::Changed,
    }
}

/// Calls `differs` for each entry of two mappings that is not the same in both; blanks and line ends do not count.
fn sections<'n>(
    (old, before): (&str, &'n Node),
    (new, now): (&str, &'n Node),
    mut differs: impl FnMut(&str, Option<&'n Node>, Option<&'n Node>),
) {
    let written = |text: &str, node: &Node| {
        let slice = text.get(node.span.start as usize..node.span.end as usize).unwrap_or("");
        slice.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    for entry in now.entries() {
        let key = entry.key.text();
        match before.get(key) {
            Some(was) if written(old, was) == written(new, &entry.value) => {}
            was => differs(key, was, Some(&entry.value)),
        }
    }
    for entry in before.entries().iter().filter(|e| now.get(e.key.text()).is_none()) {
        differs(entry.key.text(), Some(&entry.value), None);
    }
}

/// Sections of definitions, and what one of them is called.
fn word(section: &str) -> Option<&'static str> {
    Some(match section {
        "params" => "param",
        "config" => "setting",
        "constants" => "constant",
        "tables" => "table",
        "define" => "define",
        "flows" => "flow",
        "metrics" => "metric",
        "pools" => "pool",
        "shapes" => "shape",
        "enums" => "enum",
        "types" => "type",
        "calls" => "calls of",
        "reads" => "read",
        "writes" => "write",
        "tells" => "tell",
        "connectors" => "settings of",
        "workflows" => "settings of",
        _ => return None,
    })
}

/// The workflows that a changed flow, define, table or param of a file is part of.
fn users<'a>(checked: &'a Checked, path: &str, change: &Change) -> Vec<&'a str> {
    let (Some(name), Some(file)) = (change.name.as_deref(), checked.files.by_path(path)) else { return vec![] };
    let bare = name.split('(').next().unwrap_or(name).trim();
    let uses = |plan: &Plan| {
        let module = &plan.module;
        match change.what.as_str() {
            "flow" => module.flows.iter().any(|f| f.name.as_str() == bare && f.span.file == file),
            "define" => module.program.defines.iter().any(|d| d.name.as_str() == bare && d.span.file == file),
            "table" => module.program.tables.iter().any(|t| t.name.as_str() == bare && t.span.file == file),
            "param" => module.params.iter().any(|p| p.name.as_str() == bare && p.span.file == file),
            "read" | "write" | "tell" => {
                plan.actions.iter().any(|a| a.name.as_str() == bare && a.connector.as_str() == change.owner)
            }
            _ => false,
        }
    };
    checked.plans.iter().filter(|plan| uses(plan)).map(|p| p.name.as_str()).collect()
}

/// The environments that set a param or setting themselves, so that its default has no effect there.
fn overridden(checked: &Checked, change: &Change) -> Vec<String> {
    let Some(name) = change.name.as_deref().filter(|_| matches!(change.what.as_str(), "param" | "setting")) else {
        return vec![];
    };
    let mut lines: Vec<(String, Vec<&str>)> = vec![];
    for environment in &checked.environments {
        let own = if change.what == "param" { &environment.params } else { &environment.connectors };
        // under its own name, or under that of a workflow that uses it
        let asks = |of: &str| {
            of == change.owner
                || checked.plan(of).is_some_and(|plan| {
                    plan.module.params.iter().any(|p| p.name.as_str() == name && p.owner.as_str() == change.owner)
                })
        };
        let sets = own.iter().filter(|(of, _)| asks(of)).flat_map(|(_, all)| all.iter().map(|o| (None, o)));
        let instances = environment.workflows.iter().filter(|(of, _)| change.what == "param" && asks(of));
        let instances = instances.flat_map(|(_, settings)| &settings.instances);
        let of_instances = instances.flat_map(|i| i.params.iter().map(move |o| (Some(i.name.as_str()), o)));
        for (instance, set) in sets.chain(of_instances).filter(|(_, o)| o.name.as_str() == name) {
            let what = set_to(checked, instance, set);
            match lines.iter_mut().find(|(known, _)| *known == what) {
                Some((_, environments)) => environments.push(&environment.name),
                None => lines.push((what, vec![&environment.name])),
            }
        }
    }
    let line = |(what, environments): (String, Vec<&str>)| format!("{} {what}", all(&environments));
    lines.into_iter().map(line).collect()
}

fn set_to(checked: &Checked, instance: Option<&str>, set: &Override) -> String {
    let of = instance.map(|name| format!(" for the instance {name}")).unwrap_or_default();
    let value = checked.files.text(set.span).split_whitespace().collect::<Vec<_>>().join(" ");
    format!("sets {value}{of}, {}: no effect there", checked.files.locate(set.span))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATH: &str = "workflows/watch/workflow.yaml";

    fn project(text: &str) -> Project {
        [(PATH, text)].into_iter().collect()
    }

    fn words(before: &str, now: &str) -> Vec<String> {
        changes(PATH, &project(before), &project(now)).iter().map(Change::words).collect()
    }

    #[test]
    fn definitions_differ_one_by_one_and_other_sections_as_a_whole() {
        let before = "workflow: watch\nparams:\n  gap: {default: 30m, doc: Gap}\n  every: {default: 5m, doc: Every}\ndefine:\n  down(e): e.x\nsteps:\n  - {skip: a}\n";
        let now = "workflow: watch\nparams:\n  gap:   {default: 45m, doc: Gap}\n  every: {default: 5m,   doc: Every}\nflows:\n  look: {steps: []}\nsteps:\n  - {skip: b}\n";
        assert_eq!(
            words(before, now),
            ["changed: param gap: 30m → 45m", "new: flow look", "changed: steps", "gone: define down(e)"]
        );
        assert!(words(before, before).is_empty());
    }

    #[test]
    fn a_file_may_be_new_or_gone() {
        let none = Project::default();
        let some = project("workflow: watch\n");
        assert_eq!(changes(PATH, &none, &some)[0].words(), "new: file");
        assert_eq!(changes(PATH, &some, &none)[0].words(), "gone: file");
    }
}
