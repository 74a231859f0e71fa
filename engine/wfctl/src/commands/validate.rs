//! `wfctl validate`

use std::path::Path;

use wf_check::Checked;
use wf_source::{Diagnostic, FileId, Severity};

use crate::args::{Output, Validate};
use crate::exit::{Exit, Refusal};
use crate::output;
use crate::tree::Tree;

/// Checks the whole tree and shows what concerns the files that were named.
pub fn validate(root: Option<&Path>, args: &Validate) -> Result<Exit, Refusal> {
    let tree = Tree::read(root)?;
    let checked = tree.check();
    if let Some(place) = &args.types {
        return types(&tree, &checked, place);
    }
    let wanted = wanted(&tree, args)?;
    let shown: Vec<Diagnostic> =
        checked.diagnostics.iter().filter(|d| concerns(&checked, d, &wanted)).cloned().collect();
    output::print(&output::diagnostics(&checked.files, &shown, args.output));
    if let Some(revision) = &args.diff {
        let differs = super::diff::diff(&tree, &checked, revision)?;
        // what is read by programs stays as it is
        if args.output == Output::Human { output::print(&differs) } else { output::say(differs.trim_end()) }
    }
    if args.output == Output::Human {
        output::say(&summary(&checked, &shown));
    }
    // the process ends here: giving every tree back piece by piece would only keep whoever waits
    std::mem::forget((tree, checked));
    Ok(if shown.iter().any(Diagnostic::is_error) { Exit::Wrong } else { Exit::Fine })
}

/// The paths that were named, as the project knows them; empty: everything.
fn wanted(tree: &Tree, args: &Validate) -> Result<Vec<String>, Refusal> {
    let mut wanted = Vec::new();
    for path in &args.paths {
        if !path.exists() {
            return Err(Refusal::wrong(format!("there is no file or folder {}", path.display())));
        }
        let inside = tree.relative(path).ok_or_else(|| {
            Refusal::wrong(format!("{} does not belong to the project in {}", path.display(), tree.root.display()))
        })?;
        wanted.push(inside.trim_end_matches('/').to_owned());
    }
    Ok(wanted)
}

fn concerns(checked: &Checked, diagnostic: &Diagnostic, wanted: &[String]) -> bool {
    let Some(file) = checked.files.get(diagnostic.span.file) else { return true };
    wanted.is_empty()
        || wanted.iter().any(|w| w.is_empty() || file.path == *w || file.path.starts_with(&format!("{w}/")))
}

fn summary(checked: &Checked, shown: &[Diagnostic]) -> String {
    let count = |severity| shown.iter().filter(|d| d.severity == severity).count();
    let (errors, warnings, hints) = (count(Severity::Error), count(Severity::Warning), count(Severity::Hint));
    let files = checked.files.iter().count();
    if errors + warnings + hints == 0 {
        return format!("{files} files: nothing to say");
    }
    let part = |n: usize, what: &str| match n {
        0 => None,
        1 => Some(format!("1 {what}")),
        n => Some(format!("{n} {what}s")),
    };
    let parts: Vec<String> =
        [part(errors, "error"), part(warnings, "warning"), part(hints, "hint")].into_iter().flatten().collect();
    format!("{files} files: {}", parts.join(", "))
}

/// Prints the type of what stands at `FILE:LINE:COLUMN`.
fn types(tree: &Tree, checked: &Checked, place: &str) -> Result<Exit, Refusal> {
    let usage =
        || Refusal::wrong(format!("{place} is no place: write FILE:LINE:COLUMN, as workflows/x/workflow.yaml:12:7"));
    let mut parts = place.rsplitn(3, ':');
    let column: usize = parts.next().and_then(|c| c.parse().ok()).ok_or_else(usage)?;
    let line: usize = parts.next().and_then(|l| l.parse().ok()).ok_or_else(usage)?;
    let path = parts.next().ok_or_else(usage)?;
    let known = |path: &str| checked.files.by_path(path);
    let inside = tree.relative(Path::new(path));
    let id: FileId = inside
        .as_deref()
        .and_then(known)
        .or_else(|| known(path))
        .ok_or_else(|| Refusal::wrong(format!("{path} is no file of the project in {}", tree.root.display())))?;
    let offset = checked.files.get(id).and_then(|f| f.offset(line, column));
    let offset = offset.ok_or_else(|| Refusal::wrong(format!("{path} has no line {line}")))?;
    match checked.types.at(id, offset) {
        Some((span, ty)) => {
            let text = checked.files.text(span).split_whitespace().collect::<Vec<_>>().join(" ");
            output::print(&format!("{}: {text}\n  {}\n", checked.files.locate(span), ty.words()));
            Ok(Exit::Fine)
        }
        None => Err(Refusal::failed(format!("nothing with a type stands at {place}"))),
    }
}
