//! Reading a project: every file parsed, with all that is wrong with its YAML and its structure.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use wf_source::{Diagnostic, FileId, Files};
use wf_syntax::{File, FileKind, ReadFile, ast};

use crate::Project;
use crate::project::is_template;
use crate::sound::{SoundCases, digest};

/// Does pieces of work that know nothing of each other, `work(0)` to `work(n - 1)`, and comes back when all are done. Nothing here may start
/// a thread: who may hands in one that spreads the pieces over them, beginning with the first.
pub type Spread<'a> = dyn Fn(usize, &(dyn Fn(usize) + Sync)) + 'a;

/// One piece after the other.
pub(crate) fn in_turn(pieces: usize, work: &(dyn Fn(usize) + Sync)) {
    (0..pieces).for_each(work);
}

/// What each piece of work gave, in order.
pub fn spread_over<T: Send + Sync>(spread: &Spread<'_>, pieces: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let done: Vec<OnceLock<T>> = (0..pieces).map(|_| OnceLock::new()).collect();
    spread(pieces, &|i| {
        if let Some(place) = done.get(i) {
            place.get_or_init(|| work(i));
        }
    });
    done.into_iter().filter_map(OnceLock::into_inner).collect()
}

/// A YAML file that is known, but not read.
pub(crate) struct Unread<'p> {
    pub(crate) file: FileId,
    path: &'p str,
    text: &'p str,
    kind: FileKind,
}

impl Unread<'_> {
    fn read(&self) -> ReadFile {
        wf_syntax::read(self.file, self.text, Some(self.kind))
    }

    /// What is wrong with a case, and the environment that it names.
    pub(crate) fn case(&self, known: &SoundCases) -> Case {
        let digest = digest(self.kind, self.text);
        if let Some(environment) = known.case(&digest, self.file) {
            return Case { digest, environment, found: vec![] };
        }
        let read = self.read();
        let environment = match read.file {
            Some(File::Case(ast)) => ast.environment,
            _ => None,
        };
        Case { digest, environment, found: read.diagnostics }
    }
}

/// What the rest of a project has to know of a case.
#[derive(Default)]
pub(crate) struct Case {
    pub(crate) digest: String,
    pub(crate) environment: Option<ast::Name>,
    pub(crate) found: Vec<Diagnostic>,
}

/// The files of a project by what they are.
#[derive(Default)]
pub(crate) struct Listed<'p> {
    pub(crate) files: Files,
    definitions: Vec<Unread<'p>>,
    /// Nothing depends on them.
    pub(crate) cases: Vec<Unread<'p>>,
    templates: BTreeMap<String, FileId>,
}

impl<'p> Listed<'p> {
    pub(crate) fn of(project: &'p Project) -> Self {
        let mut listed = Self::default();
        for (path, text) in project.iter() {
            let file = listed.files.add(path, text.clone());
            if is_template(path) {
                listed.templates.insert(path.to_owned(), file);
            }
            let Some(kind) = Project::kind(path) else { continue };
            let unread = Unread { file, path, text, kind };
            match kind {
                FileKind::Case | FileKind::ConnectorCase => listed.cases.push(unread),
                FileKind::Workflow | FileKind::Connector | FileKind::Environment => listed.definitions.push(unread),
            }
        }
        listed
    }
}

/// A file of one kind.
pub(crate) struct Source<T> {
    pub(crate) file: FileId,
    pub(crate) path: String,
    pub(crate) ast: T,
}

/// All files of a project that define something.
#[derive(Default)]
pub(crate) struct Sources {
    pub(crate) files: Files,
    /// Workflows and libraries.
    pub(crate) workflows: Vec<Source<ast::Workflow>>,
    pub(crate) connectors: Vec<Source<ast::Connector>>,
    pub(crate) environments: Vec<Source<ast::Environment>>,
    /// Template files by path.
    pub(crate) templates: BTreeMap<String, FileId>,
    /// Files of which something could not be read: what is said about their use would only follow.
    pub(crate) torn: BTreeSet<FileId>,
    pub(crate) found: Vec<Diagnostic>,
}

impl Sources {
    pub(crate) fn read(listed: &Listed<'_>, spread: &Spread<'_>) -> Self {
        let Listed { files, templates, definitions, .. } = listed;
        let mut sources = Self { files: files.clone(), templates: templates.clone(), ..Self::default() };
        let read = spread_over(spread, definitions.len(), |i| definitions.get(i).map(Unread::read));
        for (of, read) in definitions.iter().zip(read.into_iter().flatten()) {
            if read.diagnostics.iter().any(Diagnostic::is_error) || read.file.is_none() {
                sources.torn.insert(of.file);
            }
            sources.found.extend(read.diagnostics);
            let (file, path) = (of.file, of.path.to_owned());
            match read.file {
                Some(File::Workflow(ast)) => sources.workflows.push(Source { file, path, ast: *ast }),
                Some(File::Connector(ast)) => sources.connectors.push(Source { file, path, ast: *ast }),
                Some(File::Environment(ast)) => sources.environments.push(Source { file, path, ast: *ast }),
                Some(File::Case(_) | File::ConnectorCase(_)) | None => {}
            }
        }
        sources
    }
}
