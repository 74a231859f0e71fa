//! Checking a tree: read, judged, and only then what nobody uses.

use std::collections::BTreeSet;
use std::sync::Arc;

use wf_expr::types::findings;
use wf_plan::{Connector, Environment, Plan};
use wf_source::{Diagnostic, FileId, Files, Severity};
use wf_syntax::tree::MAX_TOLD;

use crate::bundle::{bundle, files_of, hash, named_assets};
use crate::judge::{Judged, judge};
use crate::names::{Role, World};
use crate::sound::SoundCases;
use crate::sources::{Case, Listed, Sources, Spread, in_turn, spread_over};
use crate::types::TypesAt;
use crate::uses::Uses;
use crate::{Project, environments};

/// A tree, checked.
#[derive(Debug, Default)]
pub struct Checked {
    pub files: Files,
    /// Workflows in which nothing is wrong.
    pub plans: Vec<Arc<Plan>>,
    /// Connectors in which nothing is wrong.
    pub connectors: Vec<Arc<Connector>>,
    pub environments: Vec<Environment>,
    /// All that was found, in the order of the files.
    pub diagnostics: Vec<Diagnostic>,
    /// Types of all expressions, by place.
    pub types: TypesAt,
    pub uses: Uses,
    /// The cases of this tree in which nothing was found, for the next check.
    pub sound: SoundCases,
}

impl Checked {
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }

    /// The smallest expression around a byte of a file, and its type.
    #[must_use]
    pub fn types_at(&self, file: FileId, offset: usize) -> Option<(wf_source::Span, wf_value::Type)> {
        self.types.at(file, offset).map(|(span, ty)| (span, ty.clone()))
    }

    #[must_use]
    pub fn plan(&self, name: &str) -> Option<&Arc<Plan>> {
        self.plans.iter().find(|p| p.name.as_str() == name)
    }

    #[must_use]
    pub fn connector(&self, name: &str) -> Option<&Arc<Connector>> {
        self.connectors.iter().find(|c| c.name.as_str() == name)
    }

    #[must_use]
    pub fn environment(&self, name: &str) -> Option<&Environment> {
        self.environments.iter().find(|e| e.name.as_str() == name)
    }
}

/// Checks a tree, one file after the other.
#[must_use]
pub fn check(project: &Project) -> Checked {
    check_with(project, &SoundCases::default(), &in_turn)
}

/// Checks a tree. Cases that are `known` to be sound are not read again, and files that know nothing of each other are read as `spread` does it: the
/// result is the same.
#[must_use]
pub fn check_with(project: &Project, known: &SoundCases, spread: &Spread<'_>) -> Checked {
    let listed = Listed::of(project);
    let sources = Sources::read(&listed, spread);
    let mut told = sources.found.clone();
    let world = World::new(project, &sources, &mut told);
    // whoever judges what is defined needs no case, so that both go on beside each other
    let pieces = spread_over(spread, 1 + listed.cases.len(), |i| match i.checked_sub(1) {
        None => Piece::Judged(Box::new(judge(&world, &sources, told.clone()))),
        Some(i) => Piece::Case(listed.cases.get(i).map(|case| case.case(known))),
    });
    let mut judged = None;
    let mut found = vec![];
    let mut named = vec![];
    let mut sound_cases = SoundCases::default();
    for piece in pieces {
        match piece {
            Piece::Judged(all) => judged = Some(all),
            Piece::Case(case) => {
                let case = case.unwrap_or_default();
                if case.found.is_empty() {
                    sound_cases.keep(case.digest, case.environment.as_ref());
                }
                found.extend(case.found);
                named.extend(case.environment);
            }
        }
    }
    let Some(judged) = judged else { return Checked::default() };
    let Judged { plans, connectors, environments, types, uses, found: of_definitions, unused } = *judged;
    found.extend(of_definitions);
    found.extend(environments::of_cases(&sources, &named));
    if !found.iter().any(Diagnostic::is_error) {
        found.extend(unused);
    } else {
        // what follows from a mistake is nonsense, and what one might do better can wait
        found.retain(|d| d.severity != Severity::Hint);
    }
    let wrong: BTreeSet<FileId> = found.iter().filter(|d| d.is_error()).map(|d| d.span.file).collect();
    let sound = |files: &[FileId]| !files.iter().any(|file| wrong.contains(file));
    let connectors: Vec<Arc<Connector>> = connectors
        .into_iter()
        .filter(|(connector, whole)| *whole && sound(&files_of(&world, connector)))
        .map(|(connector, _)| connector)
        .collect();
    let plans = plans.into_iter().filter(|p| p.whole).filter_map(|mut lowered| {
        let bundle = bundle(&world, &lowered.plan, &connectors);
        let beside = named_assets(&world, &bundle, &lowered.plan);
        lowered.plan.module.program.assets.extend(beside);
        let is_workflow = |name: &str| world.units.iter().any(|u| u.role == Role::Workflow && *u.name == *name);
        let known = |name: &str| connectors.iter().any(|c| c.name.as_str() == name) || is_workflow(name);
        let callable = lowered.plan.actions.iter().all(|a| known(&a.connector));
        (callable && sound(&bundle))
            .then(|| Arc::new(Plan { hash: hash(&world, &bundle, &lowered.plan).into(), ..lowered.plan }))
    });
    Checked {
        files: sources.files.clone(),
        plans: plans.collect(),
        connectors: connectors.clone(),
        environments,
        diagnostics: in_order(found),
        types,
        uses,
        sound: sound_cases,
    }
}

/// What may be done beside each other once all definitions are read.
enum Piece {
    Judged(Box<Judged>),
    Case(Option<Case>),
}

/// Each once, by file and place, and of a file no more than help. A field that none of several objects has is one mistake, told of the one
/// that has a name.
fn in_order(mut found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let key = |d: &Diagnostic| (d.span, d.rule.code, d.message.starts_with("this "), d.message.clone());
    found.sort_by_cached_key(key);
    let field = |d: &Diagnostic| std::ptr::eq(d.rule, &raw const findings::UNKNOWN_FIELD);
    found.dedup_by(|a, b| a.span == b.span && a.rule == b.rule && (a.message == b.message || field(a)));
    let mut of_files =
        found.chunk_by(|a, b| a.span.file == b.span.file).map(<[Diagnostic]>::to_vec).collect::<Vec<_>>();
    of_files.iter_mut().for_each(|found| Diagnostic::keep_most(found, MAX_TOLD));
    of_files.concat()
}
