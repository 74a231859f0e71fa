//! A whole file: text in, typed AST and all diagnostics out.

use wf_source::{Diagnostic, FileId, Span};

use crate::{
    ast::{Case, Connector, ConnectorCase, Environment, Workflow, rules},
    keys::Dialect,
    read::Reader,
    tree::{self, Kind, Node, Parsed, parse},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FileKind {
    /// A workflow or a library.
    Workflow,
    Connector,
    Environment,
    /// Of a workflow.
    Case,
    ConnectorCase,
}

#[derive(Clone, Debug)]
pub enum File {
    Workflow(Box<Workflow>),
    Connector(Box<Connector>),
    Environment(Box<Environment>),
    Case(Box<Case>),
    ConnectorCase(Box<ConnectorCase>),
}

/// What was read of a file.
#[derive(Clone, Debug)]
pub struct ReadFile {
    /// `None` when there is no telling what it is, or nothing of it could be read.
    pub file: Option<File>,
    pub tree: Option<Node>,
    /// In the order of the file, at most [`tree::MAX_TOLD`]: the gravest.
    pub diagnostics: Vec<Diagnostic>,
}

impl FileKind {
    /// What a file is, by its keys.
    #[must_use]
    pub fn detect(root: &Node) -> Option<Self> {
        let has = |key: &str| root.entry(key).is_some();
        let any = |keys: &[&str]| keys.iter().any(|key| has(key));
        if any(&["workflow", "library"]) {
            Some(Self::Workflow)
        } else if has("connector") {
            Some(if has("steps") && !has("transport") { Self::ConnectorCase } else { Self::Connector })
        } else if has("system") {
            Some(Self::Case)
        } else if any(&["transport", "reads", "tells"]) {
            Some(Self::Connector)
        } else if any(&["expect", "given", "trigger"]) {
            Some(Self::Case)
        } else if any(&["triggers", "flows", "steps", "define", "tables"]) {
            Some(Self::Workflow)
        } else if any(&["writes", "connectors", "workflows", "params", "like"]) {
            Some(Self::Environment)
        } else {
            None
        }
    }
}

/// Reads a file whose kind is known, or is told by its keys.
#[must_use]
pub fn read(id: FileId, text: &str, kind: Option<FileKind>) -> ReadFile {
    let Parsed { root, mut diagnostics, .. } = parse(id, text);
    let Some(tree) = root else { return ReadFile { file: None, tree: None, diagnostics } };
    if let Some(misplaced) = kind.and_then(|kind| misplaced(kind, &tree)) {
        diagnostics.push(misplaced);
        return ReadFile { file: None, tree: Some(tree), diagnostics };
    }
    let file = match kind.or_else(|| FileKind::detect(&tree)) {
        Some(kind) => {
            let (file, found) = typed(&tree, text, kind);
            diagnostics.extend(found);
            file
        }
        None => {
            if diagnostics.is_empty() {
                diagnostics.push(unknown(&tree));
            }
            None
        }
    };
    one_message_a_key(&mut diagnostics);
    diagnostics.sort_by_key(|d| (d.span.start, d.span.end));
    diagnostics.dedup();
    Diagnostic::keep_most(&mut diagnostics, tree::MAX_TOLD);
    ReadFile { file, tree: Some(tree), diagnostics }
}

/// A key that nothing knows is told as such; that YAML may take it for a boolean is then beside the point.
fn one_message_a_key(diagnostics: &mut Vec<Diagnostic>) {
    let unknown: Vec<Span> = diagnostics.iter().filter(|d| d.rule == &rules::UNKNOWN_KEY).map(|d| d.span).collect();
    diagnostics.retain(|d| d.rule != &tree::rules::BOOLEAN_KEY || !unknown.contains(&d.span));
}

fn typed(tree: &Node, text: &str, kind: FileKind) -> (Option<File>, Vec<Diagnostic>) {
    match kind {
        FileKind::Workflow => {
            let (workflow, found) = workflow(tree, text);
            (Some(File::Workflow(Box::new(workflow))), found)
        }
        FileKind::Connector => {
            let (connector, found) = connector(tree, text);
            (connector.map(|c| File::Connector(Box::new(c))), found)
        }
        FileKind::Environment => {
            let (environment, found) = environment(tree, text);
            (environment.map(|e| File::Environment(Box::new(e))), found)
        }
        FileKind::Case => {
            let (case, found) = case(tree, text);
            (case.map(|c| File::Case(Box::new(c))), found)
        }
        FileKind::ConnectorCase => {
            let (case, found) = connector_case(tree, text);
            (case.map(|c| File::ConnectorCase(Box::new(c))), found)
        }
    }
}

/// A file that is plainly of another kind than those of its folder. What its keys say as such a one would only follow.
fn misplaced(kind: FileKind, tree: &Node) -> Option<Diagnostic> {
    let has = |key: &str| tree.entry(key).is_some();
    let is_case = has("system") || has("given") && has("expect");
    let is_connector_case = has("connector") && has("steps") && !has("transport");
    let (what, belongs) = match kind {
        FileKind::Workflow if has("workflow") || has("library") => return None,
        FileKind::Connector if has("transport") => return None,
        FileKind::Case if is_case => return None,
        FileKind::ConnectorCase if is_connector_case => return None,
        _ if has("workflow") => {
            ("a workflow", "a workflow stands in a folder of its own, workflows/NAME/workflow.yaml")
        }
        _ if has("library") => ("a library", "libraries stand in workflows/lib"),
        FileKind::Workflow | FileKind::Connector | FileKind::Environment if is_connector_case => {
            ("a case of a connector", "cases stand in the folder `cases` beside the connector")
        }
        FileKind::Workflow | FileKind::Connector | FileKind::Environment if is_case => {
            ("a case of a workflow", "cases stand in the folder `cases` beside the workflow")
        }
        FileKind::Workflow | FileKind::Environment | FileKind::Case if has("connector") && has("transport") => {
            ("a connector", "a connector stands in a folder of its own, connectors/NAME/connector.yaml")
        }
        _ => return None,
    };
    let place = tree.entries().first().map_or(tree.span.begin(), |e| e.key.span);
    Some(
        Diagnostic::error(&rules::UNKNOWN_FILE, place, format!("this is {what}, and does not belong here"))
            .help(belongs),
    )
}

fn unknown(tree: &Node) -> Diagnostic {
    let place = match &tree.kind {
        Kind::Map(entries) => entries.first().map_or(tree.span.begin(), |e| e.key.span),
        _ => Span { end: tree.span.start.saturating_add(1).min(tree.span.end), ..tree.span },
    };
    Diagnostic::error(&rules::UNKNOWN_FILE, place, "there is no telling what kind of file this is").help(
        "a workflow begins with `workflow: name`, a library with `library: name`, a connector with `connector: name`",
    )
}

/// Each `=` of a file that may be left out, and what is wrong with it.
pub(crate) fn read_marks(root: &Node, text: &str, kind: Option<FileKind>) -> (Vec<Span>, Vec<Diagnostic>) {
    let mut reader = match kind {
        Some(FileKind::Workflow) => Reader::new(text, Dialect::Workflow),
        Some(FileKind::Connector) => Reader::new(text, Dialect::Connector),
        _ => return (vec![], vec![]),
    };
    match kind {
        Some(FileKind::Connector) => drop(reader.connector(root)),
        _ => drop(reader.workflow(root)),
    }
    (reader.marks, reader.diagnostics)
}

/// A workflow or a library. `text` is the text of the file that the tree was read from.
#[must_use]
pub fn workflow(root: &Node, text: &str) -> (Workflow, Vec<Diagnostic>) {
    let mut reader = Reader::new(text, Dialect::Workflow);
    let workflow = reader.workflow(root);
    (workflow, reader.diagnostics)
}

#[must_use]
pub fn connector(root: &Node, text: &str) -> (Option<Connector>, Vec<Diagnostic>) {
    let mut reader = Reader::new(text, Dialect::Connector);
    let connector = reader.connector(root);
    (connector, reader.diagnostics)
}

#[must_use]
pub fn environment(root: &Node, text: &str) -> (Option<Environment>, Vec<Diagnostic>) {
    let mut reader = Reader::new(text, Dialect::Workflow);
    let environment = reader.environment(root);
    (environment, reader.diagnostics)
}

#[must_use]
pub fn case(root: &Node, text: &str) -> (Option<Case>, Vec<Diagnostic>) {
    let mut reader = Reader::new(text, Dialect::Workflow);
    let case = reader.case(root);
    (case, reader.diagnostics)
}

#[must_use]
pub fn connector_case(root: &Node, text: &str) -> (Option<ConnectorCase>, Vec<Diagnostic>) {
    let mut reader = Reader::new(text, Dialect::Workflow);
    let case = reader.connector_case(root);
    (case, reader.diagnostics)
}
