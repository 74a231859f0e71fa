//! The files of a project, read from a folder.

use std::path::{Path, PathBuf};

use wf_check::{Checked, Project};

use crate::args::Output;
use crate::exit::Refusal;
use crate::output;
use crate::sound;
use crate::spread::spread;

/// A project and the folder it was read from.
pub struct Tree {
    pub root: PathBuf,
    pub project: Project,
}

/// Files larger than this are not read: nobody writes such YAML.
const LARGEST: u64 = 10 * 1024 * 1024;

impl Tree {
    /// The folder of the tree at `root`, or of the one that the current folder is in.
    pub fn root(root: Option<&Path>) -> Result<PathBuf, Refusal> {
        match root {
            Some(root) if root.join("workflows").is_dir() || root.join("connectors").is_dir() => Ok(root.to_path_buf()),
            Some(root) => Err(Refusal::wrong(format!("{} has no folder workflows/ or connectors/", root.display()))),
            None => find(),
        }
    }

    /// Reads the tree at `root`, or the one that the current folder is in.
    pub fn read(root: Option<&Path>) -> Result<Self, Refusal> {
        let root = Self::root(root)?;
        let mut paths = vec![];
        for folder in ["workflows", "connectors", "environments"] {
            collect(&root.join(folder), &mut paths, 0)?;
        }
        let found = wf_check::spread_over(&spread, paths.len(), |i| paths.get(i).map(|path| read(&root, path)));
        let mut project = Project::default();
        for found in found.into_iter().flatten() {
            match found? {
                Some(Found::Text(name, text)) => project.add(name, text),
                Some(Found::Asset(name, bytes)) => project.add_asset(name, bytes),
                None => {}
            }
        }
        Ok(Self { root, project })
    }

    /// Checks the project, on all cores. Cases that were found sound before are not read again.
    pub fn check(&self) -> Checked {
        let known = sound::load(&self.root);
        let checked = wf_check::check_with(&self.project, &known, &spread);
        if checked.sound != known {
            sound::save(&self.root, &checked.sound);
        }
        checked
    }

    /// Checks the project for whoever can do nothing with files that are not right: these are shown, and `nothing` says what was not done.
    pub fn sound(&self, form: Output, nothing: &str) -> Result<Checked, Refusal> {
        let checked = self.check();
        if checked.has_errors() {
            output::print(&output::diagnostics(&checked.files, &checked.diagnostics, form));
            return Err(Refusal::wrong(format!("{nothing}: the files above are not right")));
        }
        Ok(checked)
    }

    /// The path of a file as the project knows it: from its root, `/` between the parts.
    pub fn relative(&self, path: &Path) -> Option<String> {
        let absolute = std::path::absolute(path).ok()?;
        let root = std::path::absolute(&self.root).ok()?;
        let inside = absolute.strip_prefix(&root).or_else(|_| path.strip_prefix(&self.root)).ok()?;
        let parts: Vec<String> = inside.components().map(|c| c.as_os_str().to_string_lossy().into_owned()).collect();
        Some(parts.join("/"))
    }
}

fn find() -> Result<PathBuf, Refusal> {
    let here =
        std::env::current_dir().map_err(|e| Refusal::wrong(format!("the current folder cannot be read: {e}")))?;
    let found = here.ancestors().find(|f| f.join("workflows").is_dir() && f.join("connectors").is_dir());
    found.map(Path::to_path_buf).ok_or_else(|| {
        Refusal::wrong(format!(
            "there is no project here: neither {} nor a folder above it has workflows/ and connectors/; name one with --root",
            here.display()
        ))
    })
}

/// A file that a project holds, by the path that it has there.
enum Found {
    Text(String, String),
    Asset(String, Vec<u8>),
}

/// The files below `folder`; a missing folder is empty.
fn collect(folder: &Path, paths: &mut Vec<PathBuf>, depth: usize) -> Result<(), Refusal> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(e) => return Err(Refusal::wrong(format!("{} cannot be read: {e}", folder.display()))),
    };
    for entry in entries {
        let entry = entry.map_err(|e| Refusal::wrong(format!("{} cannot be read: {e}", folder.display())))?;
        let path = entry.path();
        let name = entry.file_name();
        let hidden = name.to_string_lossy().starts_with('.');
        let kind = entry.file_type().map_err(|e| Refusal::wrong(format!("{} cannot be read: {e}", path.display())))?;
        // links are followed for files only: a link to a folder above would never end
        if kind.is_dir() && !hidden && depth < 8 {
            collect(&path, paths, depth + 1)?;
        } else if !kind.is_dir() && !hidden {
            paths.push(path);
        }
    }
    Ok(())
}

fn read(root: &Path, path: &Path) -> Result<Option<Found>, Refusal> {
    let inside = path.strip_prefix(root).unwrap_or(path);
    let parts: Vec<String> = inside.components().map(|c| c.as_os_str().to_string_lossy().into_owned()).collect();
    let name = parts.join("/");
    let failed = |e: std::io::Error| Refusal::wrong(format!("{} cannot be read: {e}", path.display()));
    if Project::wants(&name) {
        if std::fs::metadata(path).map_err(failed)?.len() > LARGEST {
            return Err(Refusal::wrong(format!("{} is larger than {} MiB", path.display(), LARGEST >> 20)));
        }
        let bytes = std::fs::read(path).map_err(failed)?;
        return match String::from_utf8(bytes) {
            Ok(text) => Ok(Some(Found::Text(name, text))),
            Err(e) => {
                let at = e.utf8_error().valid_up_to();
                let line = e.as_bytes().iter().take(at).filter(|b| **b == b'\n').count() + 1;
                Err(Refusal::wrong(format!("{}:{line}: this is no UTF-8 text", path.display())))
            }
        };
    }
    let is_asset = parts.first().is_some_and(|p| p == "workflows") && Project::kind(&name).is_none();
    if is_asset { Ok(Some(Found::Asset(name, std::fs::read(path).map_err(failed)?))) } else { Ok(None) }
}
