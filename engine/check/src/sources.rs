//! Reading a project: every file parsed, with all that is wrong with its YAML and its structure.

use std::collections::{BTreeMap, BTreeSet};

use wf_source::{Diagnostic, FileId, Files};
use wf_syntax::{File, ast};

use crate::Project;
use crate::project::is_template;

/// A file of one kind.
pub(crate) struct Source<T> {
    pub(crate) file: FileId,
    pub(crate) path: String,
    pub(crate) ast: T,
}

/// All files of a project.
#[derive(Default)]
pub(crate) struct Sources {
    pub(crate) files: Files,
    /// Workflows and libraries.
    pub(crate) workflows: Vec<Source<ast::Workflow>>,
    pub(crate) connectors: Vec<Source<ast::Connector>>,
    pub(crate) environments: Vec<Source<ast::Environment>>,
    /// The environments that cases name.
    pub(crate) environments_of_cases: Vec<ast::Name>,
    /// Template files by path.
    pub(crate) templates: BTreeMap<String, FileId>,
    /// Files of which something could not be read: what is said about their use would only follow.
    pub(crate) torn: BTreeSet<FileId>,
    pub(crate) found: Vec<Diagnostic>,
}

impl Sources {
    pub(crate) fn read(project: &Project) -> Self {
        let mut sources = Self::default();
        for (path, text) in project.iter() {
            let file = sources.files.add(path, text.clone());
            if is_template(path) {
                sources.templates.insert(path.to_owned(), file);
            }
            let Some(kind) = Project::kind(path) else { continue };
            let read = wf_syntax::read(file, text, Some(kind));
            if read.diagnostics.iter().any(Diagnostic::is_error) || read.file.is_none() {
                sources.torn.insert(file);
            }
            sources.found.extend(read.diagnostics);
            let path = path.to_owned();
            match read.file {
                Some(File::Workflow(ast)) => sources.workflows.push(Source { file, path, ast: *ast }),
                Some(File::Connector(ast)) => sources.connectors.push(Source { file, path, ast: *ast }),
                Some(File::Environment(ast)) => sources.environments.push(Source { file, path, ast: *ast }),
                Some(File::Case(ast)) => sources.environments_of_cases.extend(ast.environment),
                Some(File::ConnectorCase(_)) | None => {}
            }
        }
        sources
    }
}
