//! A tree of files: through the whole checker, formatted, and, where nothing is wrong, run as its cases say.

use wf_cases::discover::{self};
use wf_cases::report::{Failure, Verdict};
use wf_cases::suite;
use wf_check::{Checked, check};
use wf_source::{FileId, Files, render};
use wf_syntax::FileKind;
use wf_syntax::ast::FileRole;

use super::places::places;
use super::yaml::formatted;
use super::{Seen, Target, Wrong, must};
use crate::Input;
use crate::input::Part as File;
use crate::repository::Repository;

/// Which of its files are changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Workflows, libraries, templates.
    Workflows,
    Connectors,
    Environments,
    /// What neighbours on the bus answer, and whatever else a case of a workflow says.
    Cases,
    /// What vendors answer, and whatever else a case of a connector says.
    Vendors,
}

pub(super) struct Project {
    part: Part,
    /// The last tree, so that another case of it is not one more check.
    last: Option<(Vec<File>, Checked)>,
}

/// Cases that are run of a tree.
const CASES: usize = 2;

impl Project {
    pub(super) fn new(part: Part) -> Self {
        Self { part, last: None }
    }

    fn of_workflows(repository: &Repository, cases: usize) -> Vec<Input> {
        let checked = repository.checked();
        let mut inputs = vec![];
        for plan in &checked.plans {
            let whole = repository.workflow(&checked, &plan.name);
            inputs.extend(with_cases(repository, &whole, &format!("workflows/{}", plan.name), cases));
        }
        inputs
    }

    fn of_connectors(repository: &Repository, cases: usize) -> Vec<Input> {
        let checked = repository.checked();
        let mut inputs = vec![];
        for connector in &checked.connectors {
            let whole = repository.connector(&connector.name);
            inputs.extend(with_cases(repository, &whole, &format!("connectors/{}", connector.name), cases));
        }
        inputs
    }
}

/// The tree with each of so many cases.
fn with_cases(repository: &Repository, whole: &Input, folder: &str, cases: usize) -> Vec<Input> {
    let all: Vec<_> = repository.cases(folder).collect();
    let apart = all.len().div_ceil(cases).max(1);
    let chosen: Vec<_> = all.into_iter().step_by(apart).collect();
    let with = |(path, text): (&str, &str)| {
        let mut input = whole.clone();
        input.parts.push(File { name: path.to_owned(), bytes: text.into() });
        input
    };
    if chosen.is_empty() { vec![whole.clone()] } else { chosen.into_iter().map(with).collect() }
}

fn is_case(path: &str) -> bool {
    matches!(wf_check::Project::kind(path), Some(FileKind::Case | FileKind::ConnectorCase))
}

impl Target for Project {
    fn name(&self) -> &'static str {
        match self.part {
            Part::Workflows => "workflows",
            Part::Connectors => "connectors",
            Part::Environments => "environments",
            Part::Cases => "cases",
            Part::Vendors => "vendors",
        }
    }

    fn seeds(&self, repository: &Repository) -> Vec<Input> {
        match self.part {
            Part::Workflows => Self::of_workflows(repository, 1),
            Part::Cases => Self::of_workflows(repository, 30),
            Part::Connectors => Self::of_connectors(repository, 1),
            Part::Vendors => Self::of_connectors(repository, 60),
            Part::Environments => {
                let small = Self::of_workflows(repository, 1).into_iter().min_by_key(Input::size);
                let of = |(path, text): (&str, &str)| {
                    let mut input = small.clone()?;
                    input.parts.push(File { name: path.to_owned(), bytes: text.into() });
                    Some(input)
                };
                repository
                    .sources()
                    .into_iter()
                    .filter(|(path, _)| path.starts_with("environments/"))
                    .filter_map(of)
                    .collect()
            }
        }
    }

    fn changes(&self, part: &str) -> bool {
        let kind = wf_check::Project::kind(part);
        match self.part {
            Part::Workflows => kind == Some(FileKind::Workflow) || part.ends_with(".hbs"),
            Part::Connectors => kind == Some(FileKind::Connector),
            Part::Environments => kind == Some(FileKind::Environment),
            Part::Cases => kind == Some(FileKind::Case),
            Part::Vendors => kind == Some(FileKind::ConnectorCase),
        }
    }

    fn check(&mut self, input: &Input) -> Result<Seen, Wrong> {
        let mut seen = Seen::default();
        let (cases, sources): (Vec<File>, Vec<File>) =
            input.parts.iter().cloned().partition(|part| is_case(&part.name));
        if self.last.as_ref().is_none_or(|(last, _)| *last != sources) {
            let checked = checked(&sources, &mut seen)?;
            self.last = Some((sources, checked));
        }
        if let Some((_, checked)) = &self.last
            && !checked.has_errors()
        {
            run(checked, cases, &mut seen)?;
        }
        Ok(seen)
    }
}

/// Checks it; a tree without mistakes gives all its plans and connectors, formatted too.
fn checked(sources: &[File], seen: &mut Seen) -> Result<Checked, Wrong> {
    let mut project = wf_check::Project::default();
    for File { name, bytes } in sources {
        match std::str::from_utf8(bytes) {
            Ok(text) if wf_check::Project::wants(name) => project.add(name, text),
            _ => project.add_asset(name, bytes.as_slice()),
        }
    }
    let checked = check(&project);
    places(&checked.files, &checked.diagnostics, seen)?;
    if checked.has_errors() {
        return Ok(checked);
    }
    seen.add(&format!("{} {}", checked.plans.len(), checked.connectors.len()));
    let mut formatted_project = project.clone();
    for (path, text) in project.iter().filter(|(path, _)| wf_check::Project::kind(path).is_some()) {
        let kind = wf_check::Project::kind(path);
        let parsed = wf_syntax::read(FileId(0), text, kind);
        if let Some(wf_syntax::File::Workflow(workflow)) = &parsed.file
            && workflow.role == FileRole::Workflow
            && let Some(name) = workflow.name.as_ref().map(|name| name.as_str())
        {
            must(checked.plan(name).is_some(), "a workflow without mistakes has no plan", || {
                format!("{path}: {name}")
            })?;
        }
        formatted(FileId(0), text, kind)?;
        if let Ok(text) = wf_syntax::format(FileId(0), text, kind) {
            formatted_project.add(path, text);
        }
    }
    let again = check(&formatted_project);
    let told = || render::human(&again.files, &again.diagnostics, render::Style::PLAIN);
    must(!again.has_errors(), "fmt makes a right tree wrong", told)?;
    Ok(checked)
}

/// Cases of a right tree fail or pass; the engine does not break off, and no secret is seen.
fn run(checked: &Checked, cases: Vec<File>, seen: &mut Seen) -> Result<(), Wrong> {
    let case =
        |part: File| discover::CaseFile { path: part.name, text: String::from_utf8_lossy(&part.bytes).as_ref().into() };
    let cases: Vec<_> = cases.into_iter().take(CASES).map(case).collect();
    for outcome in suite::run(checked, &cases, 1).outcomes {
        match outcome.result {
            Verdict::Passed => seen.add("passed"),
            Verdict::Skipped(_) => seen.add("skipped"),
            Verdict::Failed(failures) => {
                failures.iter().try_for_each(|failure| failed(&checked.files, failure, seen))?
            }
        }
    }
    Ok(())
}

fn failed(_: &Files, failure: &Failure, seen: &mut Seen) -> Result<(), Wrong> {
    match failure {
        Failure::Sent(_) => seen.add("sent"),
        Failure::Differs { what, differences } => {
            seen.add(what);
            seen.add(&differences.len().to_string());
        }
        Failure::Broken { message, .. } => {
            let words: String = message.chars().filter(|c| c.is_alphabetic() || *c == ' ').take(40).collect();
            seen.add(&words);
            must(!message.contains("engine broke off"), "the engine broke off", || message.clone())?;
            must(!message.contains("broke off inside"), "a connector broke off", || message.clone())?;
            must(!message.contains("holds a secret"), "a secret is seen", || message.clone())?;
        }
    }
    Ok(())
}
