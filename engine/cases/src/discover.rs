//! Which files are cases.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use wf_check::Project;
use wf_source::FileId;
use wf_syntax::FileKind;

/// The text of a case, and the path by which people know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseFile {
    pub path: String,
    pub text: Arc<str>,
}

/// A file or folder that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {why}")]
pub struct DiscoverError {
    pub path: String,
    pub why: String,
}

/// Folders inside each other that are looked into.
const DEPTH: usize = 16;

/// The cases in the `cases/` of a project's workflows and connectors, in the order of their paths.
#[must_use]
pub fn own(project: &Project) -> Vec<CaseFile> {
    let cases = project.iter().filter(|(path, _)| is_case(Project::kind(path)));
    cases.map(|(path, text)| CaseFile { path: path.to_owned(), text: text.clone() }).collect()
}

/// The cases at these paths, wherever they are: a file is one case, a folder all that are below it. In the order of `paths`, inside a
/// folder in that of their paths; none twice.
///
/// # Errors
/// A path that is not there or cannot be read.
pub fn at(paths: &[PathBuf]) -> Result<Vec<CaseFile>, DiscoverError> {
    let mut found: Vec<CaseFile> = Vec::new();
    for path in paths {
        let meta = std::fs::metadata(path).map_err(|e| failed(path, &e))?;
        let mut files = Vec::new();
        if meta.is_dir() {
            walk(path, &mut files, 0)?;
        } else {
            files.push(read(path)?);
        }
        for file in files {
            // among the files of a folder those are cases that look like it; one that is named itself is meant as one
            let wanted = !meta.is_dir() || is_case(kind(&file.path, &file.text));
            if wanted && !found.iter().any(|f| f.path == file.path) {
                found.push(file);
            }
        }
    }
    Ok(found)
}

/// What a file is, by where it stands, else by its keys.
#[must_use]
pub(crate) fn kind(path: &str, text: &str) -> Option<FileKind> {
    let by_place = || {
        let parts: Vec<&str> = path.split('/').collect();
        let at = parts.iter().rposition(|part| *part == "workflows" || *part == "connectors")?;
        Project::kind(&parts[at..].join("/"))
    };
    by_place().or_else(|| FileKind::detect(&wf_syntax::tree::parse(FileId(0), text).root?))
}

pub(crate) fn is_case(kind: Option<FileKind>) -> bool {
    matches!(kind, Some(FileKind::Case | FileKind::ConnectorCase))
}

fn walk(folder: &Path, files: &mut Vec<CaseFile>, depth: usize) -> Result<(), DiscoverError> {
    let entries = std::fs::read_dir(folder).map_err(|e| failed(folder, &e))?;
    let mut paths =
        entries.map(|e| e.map(|e| e.path())).collect::<Result<Vec<_>, _>>().map_err(|e| failed(folder, &e))?;
    paths.sort();
    for path in paths {
        let hidden = path.file_name().is_some_and(|n| n.to_string_lossy().starts_with('.'));
        let yaml = path.extension().is_some_and(|e| e == "yaml" || e == "yml");
        if hidden {
        } else if path.is_dir() {
            if depth < DEPTH {
                walk(&path, files, depth + 1)?;
            }
        } else if yaml {
            files.push(read(&path)?);
        }
    }
    Ok(())
}

fn read(path: &Path) -> Result<CaseFile, DiscoverError> {
    let text = std::fs::read_to_string(path).map_err(|e| failed(path, &e))?;
    Ok(CaseFile { path: path.to_string_lossy().replace('\\', "/"), text: text.into() })
}

fn failed(path: &Path, error: &std::io::Error) -> DiscoverError {
    DiscoverError { path: path.display().to_string(), why: error.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_project_has_the_cases_of_its_workflows_and_connectors() {
        let files = [
            ("workflows/a/workflow.yaml", "x"),
            ("workflows/a/cases/two.yaml", "2"),
            ("workflows/a/cases/one.yaml", "1"),
            ("connectors/c/cases/three.yaml", "3"),
            ("environments/dev.yaml", "writes: on"),
        ];
        let found = own(&files.into_iter().collect());
        let paths: Vec<_> = found.iter().map(|f| f.path.as_str()).collect();
        assert_eq!(
            paths,
            ["connectors/c/cases/three.yaml", "workflows/a/cases/one.yaml", "workflows/a/cases/two.yaml"]
        );
    }

    #[test]
    fn a_case_elsewhere_is_known_by_its_keys() {
        assert_eq!(kind("somewhere/x.yaml", "system: a\ntitle: b"), Some(FileKind::Case));
        assert_eq!(kind("somewhere/x.yaml", "connector: a\nsteps: []"), Some(FileKind::ConnectorCase));
        assert_eq!(kind("/home/me/tree/workflows/a/cases/x.yaml", ""), Some(FileKind::Case));
        assert_eq!(kind("/home/me/tree/workflows/a/workflow.yaml", ""), Some(FileKind::Workflow));
    }

    #[test]
    fn what_is_not_there_is_said() {
        let error = at(&[PathBuf::from("no/such/folder")]).map(|_| ()).map_err(|e| e.path);
        assert_eq!(error, Err("no/such/folder".to_owned()));
    }
}
