//! `wfctl fmt`

use std::io::Read;
use std::path::{Path, PathBuf};

use wf_check::Project;
use wf_source::Files;

use crate::args::{Fmt, Output};
use crate::exit::{Exit, Refusal};
use crate::output;
use crate::tree::Tree;

/// Writes files in their form, or names those that are not in it.
pub fn fmt(root: Option<&Path>, args: &Fmt) -> Result<Exit, Refusal> {
    if args.paths.iter().any(|p| p.as_os_str() == "-") {
        return standard_input(args);
    }
    let mut exit = Exit::Fine;
    let paths = wanted(root, args)?;
    let mut changed = 0;
    for path in &paths {
        let text = std::fs::read_to_string(path)
            .map_err(|e| Refusal::wrong(format!("{} cannot be read: {e}", path.display())))?;
        match formatted(root, path, &text) {
            Err(said) => {
                output::print(&said);
                exit = Exit::Wrong;
            }
            Ok(new) if new == text => {}
            Ok(new) => {
                changed += 1;
                if args.check {
                    exit = Exit::Wrong;
                    output::print(&format!("{}:{} would change\n", path.display(), first_difference(&text, &new)));
                } else {
                    write(path, &new)?;
                    output::print(&format!("{}\n", path.display()));
                }
            }
        }
    }
    let what = if args.check { "would change" } else { "changed" };
    output::say(&format!("{} files, {changed} {what}", paths.len()));
    Ok(exit)
}

fn standard_input(args: &Fmt) -> Result<Exit, Refusal> {
    let mut text = String::new();
    let read = std::io::stdin().lock().read_to_string(&mut text);
    read.map_err(|e| Refusal::wrong(format!("standard input cannot be read: {e}")))?;
    match formatted(None, Path::new("-"), &text) {
        Ok(new) if args.check => Ok(if new == text { Exit::Fine } else { Exit::Wrong }),
        Ok(new) => {
            output::print(&new);
            Ok(Exit::Fine)
        }
        Err(said) => {
            // what comes out of a pipe replaces what went in: a text that is wrong comes out as it was
            output::print(&text);
            output::say(said.trim_end());
            Ok(Exit::Wrong)
        }
    }
}

/// The text in its form, or what is wrong with it.
fn formatted(root: Option<&Path>, path: &Path, text: &str) -> Result<String, String> {
    let mut files = Files::default();
    let id = files.add(path.to_string_lossy(), text);
    let inside =
        root.and_then(|root| path.strip_prefix(root).ok()).unwrap_or(path).to_string_lossy().replace('\\', "/");
    let kind = Project::kind(&inside);
    wf_syntax::format(id, text, kind).map_err(|wrong| output::diagnostics(&files, &wrong, Output::Human))
}

/// The files that were named, in folders all YAML of them; else the project's.
fn wanted(root: Option<&Path>, args: &Fmt) -> Result<Vec<PathBuf>, Refusal> {
    let mut paths = Vec::new();
    if args.paths.is_empty() {
        let tree = Tree::read(root)?;
        let here = std::env::current_dir().unwrap_or_default();
        // as short as one would name it oneself
        let shown = |path: PathBuf| path.strip_prefix(&here).map(Path::to_path_buf).unwrap_or(path);
        let yaml = tree.project.iter().filter(|(path, _)| Project::kind(path).is_some());
        paths.extend(yaml.map(|(path, _)| shown(tree.root.join(path))));
    }
    for path in &args.paths {
        collect(path, &mut paths)?;
    }
    Ok(paths)
}

fn collect(path: &Path, found: &mut Vec<PathBuf>) -> Result<(), Refusal> {
    let failed = |e: std::io::Error| match e.kind() {
        std::io::ErrorKind::NotFound => Refusal::wrong(format!("there is no file or folder {}", path.display())),
        _ => Refusal::wrong(format!("{} cannot be read: {e}", path.display())),
    };
    if !std::fs::metadata(path).map_err(failed)?.is_dir() {
        found.push(path.to_path_buf());
        return Ok(());
    }
    let mut inside: Vec<PathBuf> =
        std::fs::read_dir(path).map_err(failed)?.filter_map(|entry| entry.ok().map(|e| e.path())).collect();
    inside.sort();
    for path in inside {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let is_folder = path.is_dir() && !path.is_symlink();
        let is_yaml = name.ends_with(".yaml") || name.ends_with(".yml");
        if !name.starts_with('.') && (is_folder || is_yaml && path.is_file()) {
            collect(&path, found)?;
        }
    }
    Ok(())
}

/// Never half a file: the new text stands beside the old one before it takes its place.
fn write(path: &Path, text: &str) -> Result<(), Refusal> {
    let failed = |e: std::io::Error| Refusal::wrong(format!("{} cannot be written: {e}", path.display()));
    // what a link names is written, not the link
    let path = std::fs::canonicalize(path).map_err(failed)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = path.with_file_name(format!(".{name}.{}", std::process::id()));
    let written = std::fs::write(&beside, text)
        .and_then(|()| std::fs::metadata(&path))
        .and_then(|m| std::fs::set_permissions(&beside, m.permissions()))
        .and_then(|()| std::fs::rename(&beside, &path));
    written.map_err(|e| {
        let _ = std::fs::remove_file(&beside);
        failed(e)
    })
}

/// The number of the first line that differs.
fn first_difference(old: &str, new: &str) -> usize {
    old.split('\n').zip(new.split('\n')).take_while(|(a, b)| a == b).count() + 1
}
