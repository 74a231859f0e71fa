//! `wfctl validate --diff REV`: what a change touches, and which environments leave it without effect.

use std::fmt::Write;

use wf_check::Checked;
use wf_plan::{Override, Plan};
use wf_source::{FileId, Span, one_of};

use crate::changes::{Change, Part, changes};
use crate::exit::Refusal;
use crate::revision::{Before, before};
use crate::spread::spread;
use crate::tree::Tree;

/// What differs from the tree at `revision`, in lines for people.
pub fn diff(tree: &Tree, checked: &Checked, revision: &str) -> Result<String, Refusal> {
    let Before { project, changed } = before(tree, revision)?;
    if changed.is_empty() {
        return Ok(format!("nothing differs from {revision}\n"));
    }
    // most cases are the same, and sound
    let old = wf_check::check_with(&project, &checked.sound, &spread);
    let mut out = String::new();
    for path in &changed {
        let _ = writeln!(out, "{path}");
        let file = checked.files.by_path(path).unwrap_or(FileId(u32::MAX));
        for change in changes(path, file, &project, &tree.project) {
            let used = users(checked, file, &change);
            let used = if used.is_empty() { String::new() } else { format!(", part of {}", all(&used)) };
            let _ = writeln!(out, "  {}{used}", change.words());
            let lines = parts(checked, &change).into_iter().chain(uses(checked, &change));
            for line in lines.chain(overridden(checked, &change)) {
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

/// What differs inside it, with the lines where it stands now.
fn parts(checked: &Checked, change: &Change) -> Vec<String> {
    let line = |part: &Part| {
        let key = if part.key.is_empty() { String::new() } else { format!("{}: ", part.key) };
        let what = match (&part.before, &part.now) {
            (Some(before), Some(now)) => {
                let (before, now) = around(before, now);
                format!("{key}{before} → {now}")
            }
            (None, Some(now)) => format!("new: {key}{}", short(now)),
            (before, None) => format!("gone: {key}{}", short(before.as_deref().unwrap_or_default())),
        };
        match line_of(checked, part.span) {
            Some(line) => format!("{line}: {what}"),
            None => what,
        }
    };
    let mut lines: Vec<String> = change.parts.iter().take(MOST).map(line).collect();
    if let Some(more) = change.parts.len().checked_sub(MOST).filter(|more| *more > 0) {
        lines.push(format!("and {more} more"));
    }
    lines
}

/// So many parts of one change are shown.
const MOST: usize = 12;
/// So many characters of a part.
const WIDE: usize = 60;

fn short(text: &str) -> String {
    if text.chars().count() <= WIDE { text.to_owned() } else { text.chars().take(WIDE).collect::<String>() + " …" }
}

/// Both shortened to where they differ: long texts share most of what they say.
fn around(before: &str, now: &str) -> (String, String) {
    let same = before.char_indices().zip(now.chars()).take_while(|((_, a), b)| a == b).map(|((i, _), _)| i).last();
    let long = before.chars().count().max(now.chars().count()) > WIDE;
    let Some(same) = same.filter(|_| long) else { return (short(before), short(now)) };
    // from the beginning of a word
    let start = before[..same].rfind(' ').map_or(0, |blank| blank + 1);
    let cut = |text: &str| if start == 0 { short(text) } else { format!("… {}", short(&text[start..])) };
    (cut(before), cut(now))
}

fn line_of(checked: &Checked, span: Span) -> Option<usize> {
    Some(checked.files.get(span.file)?.place(span.start as usize).line)
}

/// `used at 110 and 543`, file by file; those inside of what changed are part of it.
fn uses(checked: &Checked, change: &Change) -> Option<String> {
    change.name.as_ref()?;
    let Span { file, start, end } = change.span;
    let mut files: Vec<(FileId, Vec<usize>)> = vec![];
    for place in checked.uses.within(file, start..end.max(start + 1)) {
        if place.file == file && (start..end).contains(&place.start) {
            continue;
        }
        let Some(line) = line_of(checked, place) else { continue };
        match files.iter_mut().find(|(known, _)| *known == place.file) {
            Some((_, lines)) if lines.contains(&line) => {}
            Some((_, lines)) => lines.push(line),
            None => files.push((place.file, vec![line])),
        }
    }
    let words = files.into_iter().filter_map(|(of, mut lines)| {
        lines.sort_unstable();
        let lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
        let lines = one_of(lines.iter().map(String::as_str), 12).replace(" or ", " and ");
        if of == file { Some(lines) } else { Some(format!("{}:{lines}", checked.files.get(of)?.path)) }
    });
    let words = words.collect::<Vec<_>>().join(", ");
    (!words.is_empty()).then(|| format!("used at {words}"))
}

fn all(names: &[&str]) -> String {
    one_of(names.iter().copied(), 12).replace(" or ", " and ")
}

fn is_touched(plan: &Plan, old: &Checked) -> bool {
    old.plan(&plan.name).is_none_or(|before| before.hash != plan.hash)
}

/// The workflows that a changed flow, define, table or param of a file is part of.
fn users<'a>(checked: &'a Checked, file: FileId, change: &Change) -> Vec<&'a str> {
    let Some(name) = change.name.as_deref() else { return vec![] };
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
