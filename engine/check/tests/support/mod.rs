//! Trees read from disk, for tests.

#![allow(dead_code, clippy::disallowed_methods, reason = "each test uses a part of it, and tests may read files")]

use std::fs;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use wf_check::{Checked, Project, check};
use wf_source::{Diagnostic, Files, render};

/// The root of this repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A tree below a folder: what a project wants of it.
pub(crate) fn tree(root: &Path) -> Project {
    read_all(root, &|_| true)
}

/// The same without cases, which say nothing of each other.
pub(crate) fn sources(root: &Path) -> Project {
    read_all(root, &|folder| folder.file_name().is_none_or(|name| name != "cases"))
}

/// One monitor as it stood when the mistakes were made, before the real connectors: the next monitor changes no mistake.
pub(crate) fn mistakes_tree() -> Project {
    let mut tree = sources(&root().join("engine/check/tests/mistakes/tree"));
    let real = sources(&root());
    let connectors = real.iter().filter(|(path, _)| path.starts_with("connectors/") && tree.text(path).is_none());
    for (path, text) in connectors.map(|(path, text)| (path.to_owned(), text.clone())).collect::<Vec<_>>() {
        tree.add(path, text);
    }
    tree
}

fn read_all(root: &Path, wanted: &dyn Fn(&Path) -> bool) -> Project {
    let mut project = Project::default();
    for top in ["workflows", "connectors", "environments"] {
        read(root, &root.join(top), wanted, &mut project);
    }
    project
}

fn read(root: &Path, folder: &Path, wanted: &dyn Fn(&Path) -> bool, project: &mut Project) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|e| e.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            if wanted(&path) {
                read(root, &path, wanted, project);
            }
            continue;
        }
        let Ok(relative) = path.strip_prefix(root) else { continue };
        let name = relative.to_string_lossy().replace('\\', "/");
        match fs::read_to_string(&path) {
            Ok(text) if Project::wants(&name) => project.add(name, text),
            Ok(_) => {}
            Err(_) => {
                if let Ok(bytes) = fs::read(&path) {
                    project.add_asset(name, bytes);
                }
            }
        }
    }
}

/// Diagnostics as people see them, without colours.
pub(crate) fn shown(files: &Files, found: &[Diagnostic]) -> String {
    render::human(files, found, render::Style::PLAIN)
}

/// What `work` gives for each of `n`, in order; on all cores, since a test that checks hundreds of trees would keep the others waiting.
pub(crate) fn on_all_cores<T: Send + Sync>(n: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let spread = |pieces: usize, work: &(dyn Fn(usize) + Sync)| {
        let next = AtomicUsize::new(0);
        let take = || {
            while let Some(piece) = Some(next.fetch_add(1, Ordering::Relaxed)).filter(|piece| *piece < pieces) {
                work(piece);
            }
        };
        thread::scope(|scope| {
            for _ in 0..thread::available_parallelism().map_or(1, NonZero::get) {
                scope.spawn(take);
            }
        });
    };
    wf_check::spread_over(&spread, n, work)
}

/// The checked tree of these files.
pub(crate) fn check_files(files: &[(&str, &str)]) -> Checked {
    check(&files.iter().copied().collect::<Project>())
}

/// `line:column: message (help)` of all that is wrong.
pub(crate) fn said(checked: &Checked) -> Vec<String> {
    let one = |d: &Diagnostic| {
        let place = checked.files.locate(d.span);
        let place = place.rsplit('/').next().unwrap_or("");
        let help = d.help.as_ref().map(|help| format!(" ({help})")).unwrap_or_default();
        format!("{place}: {}{help}", d.message)
    };
    checked.diagnostics.iter().map(one).collect()
}
