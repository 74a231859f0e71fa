//! A project as it stood at a revision, asked of git.

use std::path::Path;
use std::process::Command;

use wf_check::Project;

use crate::exit::Refusal;
use crate::tree::Tree;

/// The folders that a project consists of.
const FOLDERS: [&str; 3] = ["workflows", "connectors", "environments"];

/// A project at a revision, and what differs from it.
pub struct Before {
    pub project: Project,
    /// Paths of files that are new, gone or changed, from the root of the project; in order.
    pub changed: Vec<String>,
}

/// What the tree was at `revision`: the files that did not change since are taken from the tree itself.
///
/// # Errors
/// There is no git, no repository, or no such revision.
pub fn before(tree: &Tree, revision: &str) -> Result<Before, Refusal> {
    let commit = format!("{revision}^{{commit}}");
    if revision.starts_with('-') || git(&tree.root, &["rev-parse", "--verify", "--quiet", &commit]).is_err() {
        git(&tree.root, &["rev-parse", "--git-dir"])?;
        return Err(Refusal::wrong(format!(
            "git knows no revision {revision}; as in --diff main, --diff HEAD~1; files to report on stand before --diff"
        )));
    }
    let mut listed =
        git(&tree.root, &["diff", "--name-only", "-z", "--no-renames", "--relative", revision, "--", "."])?;
    listed += &git(&tree.root, &["ls-files", "--others", "--exclude-standard", "-z", "--", "."])?;
    let ours = |path: &&str| Project::wants(path) && FOLDERS.iter().any(|f| path.starts_with(&format!("{f}/")));
    let mut changed: Vec<String> = listed.split('\0').filter(ours).map(str::to_owned).collect();
    changed.sort();
    changed.dedup();
    let mut project = tree.project.clone();
    for path in &changed {
        match git(&tree.root, &["show", &format!("{revision}:./{path}")]) {
            Ok(text) => project.add(path.clone(), text),
            Err(_) => project.remove(path),
        }
    }
    Ok(Before { project, changed })
}

/// What git prints; its complaint when it fails.
fn git(root: &Path, args: &[&str]) -> Result<String, Refusal> {
    let done = Command::new("git").arg("-C").arg(root).args(args).output();
    let done = done.map_err(|e| Refusal::wrong(format!("--diff asks git, and git cannot be started: {e}")))?;
    if !done.status.success() {
        let said = String::from_utf8_lossy(&done.stderr);
        return Err(Refusal::wrong(format!("git: {}", said.lines().next().unwrap_or("it failed"))));
    }
    Ok(String::from_utf8_lossy(&done.stdout).into_owned())
}
