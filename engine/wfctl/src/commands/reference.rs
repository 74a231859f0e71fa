//! `wfctl reference`: the pages that are made from the code.

use std::path::{Path, PathBuf};

use crate::args::Reference;
use crate::exit::{Exit, Refusal};
use crate::output;

/// Writes the pages of rules and functions, or only checks them.
pub fn reference(args: &Reference) -> Result<Exit, Refusal> {
    let mut stale = Vec::new();
    for (path, text) in pages(&args.write) {
        if std::fs::read_to_string(&path).is_ok_and(|there| there == text) {
            continue;
        }
        if args.check {
            stale.push(path.display().to_string());
        } else {
            write(&path, &text)?;
        }
    }
    if stale.is_empty() {
        return Ok(Exit::Fine);
    }
    Err(Refusal::failed(format!("not up to date: {}; run `wfctl reference`", stale.join(", "))))
}

fn pages(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut pages = vec![
        (folder.join("functions.md"), wf_expr::functions::reference()),
        (folder.join("rules/README.md"), wf_check::rules::index()),
    ];
    for rule in wf_check::rules::all() {
        pages.push((folder.join(format!("rules/{}.md", rule.code)), wf_check::rules::page(rule)));
    }
    pages
}

fn write(path: &Path, text: &str) -> Result<(), Refusal> {
    let failed = |e: std::io::Error| Refusal::wrong(format!("{} cannot be written: {e}", path.display()));
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    std::fs::write(path, text).map_err(failed)?;
    output::say(&format!("wrote {}", path.display()));
    Ok(())
}
