//! Checking a tree: read, name, lower, and only then what nobody uses.

use std::cell::RefCell;
use std::sync::Arc;

use wf_plan::{Action, Connector, Environment, Plan};
use wf_source::{Diagnostic, Files};

use crate::ledger::Ledger;
use crate::lower::{self, Actions, Cx, Known, Lowered, LoweredPlan, Shared, Surroundings, Types};
use crate::names::{self, DefKey, DefKind, Role, World};
use crate::sources::Sources;
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
}

impl Checked {
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
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

/// Checks a tree.
#[must_use]
pub fn check(project: &Project) -> Checked {
    let sources = Sources::read(project);
    let mut found = sources.found.clone();
    let world = World::new(project, &sources, &mut found);
    for unit in &world.units {
        found.extend(names::twice(unit));
    }
    let types = Types::new(&world);
    let known = known(&types);
    let ledger = RefCell::new(Ledger::default());
    let shared = Shared { world: &world, types: &types, known: &known, ledger: &ledger };

    let faces = lower::faces(&world, &sources);
    lower::check_folders(&shared, &faces);
    let none: Actions = vec![];
    let mut first: Actions = lower::contracts(&shared, &faces, &none);
    first.extend(flows_of_workflows(&shared, &sources, &none));
    let connectors = connectors(&shared, &faces, &first);
    let mut actions: Actions = connectors
        .iter()
        .flat_map(|(connector, _)| connector.actions().map(|(_, action)| action.contract.clone()).collect::<Vec<_>>())
        .collect();
    actions.extend(flows_of_workflows(&shared, &sources, &none));

    let mut plans: Vec<LoweredPlan> = vec![];
    for (source, unit) in sources.workflows.iter().zip(&world.units) {
        if unit.role == Role::Workflow && !unit.torn {
            plans.push(shared.cx(&actions, unit.id).plan(&sources, &source.ast));
        }
    }
    let idle = names::idle(&world, &ledger.borrow());
    leftovers(&shared, &actions, &idle);
    let environments = environments::environments(&shared, &sources, &plans, &connectors);

    let mut ledger = ledger.into_inner();
    found.append(&mut ledger.found);
    found.append(&mut types.found.borrow_mut());
    found.extend(names::settle(&world, &ledger, &idle));
    if !found.iter().any(Diagnostic::is_error) {
        found.append(&mut ledger.unused);
        found.extend(names::unused(&world, &ledger, &idle));
    }
    let hashes: Vec<_> = plans.iter().map(|p| bundle_hash(&world, &p.plan, &connectors)).collect();
    let plans = plans.into_iter().zip(hashes).filter(|(p, _)| p.whole);
    Checked {
        files: sources.files.clone(),
        plans: plans.map(|(p, hash)| Arc::new(Plan { hash: hash.as_str().into(), ..p.plan })).collect(),
        connectors: connectors.into_iter().filter(|(_, whole)| *whole).map(|(c, _)| c).collect(),
        environments,
        diagnostics: in_order(found),
    }
}

/// Params and constants of all files.
fn known(types: &Types<'_>) -> Known {
    let mut known = Known::default();
    for unit in &types.world.units {
        types.all_of(unit.id);
        known.params.insert(unit.id, types.params_of(unit.id));
        for (i, constant) in unit.constants.iter().enumerate() {
            let key = DefKey { unit: unit.id, kind: DefKind::Constant, index: u32::try_from(i).unwrap_or(u32::MAX) };
            known.constants.insert(key, types.constant(&constant.value));
        }
    }
    known
}

fn flows_of_workflows(shared: &Shared<'_>, sources: &Sources, none: &Actions) -> Vec<Arc<Action>> {
    let mut actions = vec![];
    for (source, unit) in sources.workflows.iter().zip(&shared.world.units).filter(|(_, u)| u.role == Role::Workflow) {
        let cx = Cx::new(shared.world, shared.types, shared.known, none, shared.ledger, unit.id);
        for trigger in &source.ast.triggers {
            actions.extend(lower::message_contract(&cx, unit.id, &source.ast, trigger).map(Arc::new));
        }
    }
    actions
}

/// Connectors by folder, and whether nothing is wrong in them.
fn connectors<'a>(
    shared: &Shared<'a>,
    faces: &[lower::FaceFile<'a>],
    actions: &'a Actions,
) -> Vec<(Arc<Connector>, bool)> {
    let mut folders: Vec<(&str, Vec<&lower::FaceFile<'a>>)> = vec![];
    for file in faces {
        let folder = crate::project::folder(&file.source.path).rsplit('/').next().unwrap_or("");
        match folders.iter_mut().find(|(name, _)| *name == folder) {
            Some((_, files)) => files.push(file),
            None => folders.push((folder, vec![file])),
        }
    }
    folders
        .into_iter()
        .map(|(name, files)| {
            let mut whole = files.iter().all(|f| !shared.world.unit(f.unit).torn);
            let connector = lower::connector(shared, name, &files, actions, &mut whole);
            (Arc::new(connector), whole)
        })
        .collect()
}

/// What nothing reaches is looked at, too: a mistake in it is one, and it may be why nothing reaches it.
fn leftovers(shared: &Shared<'_>, actions: &Actions, idle: &std::collections::BTreeSet<DefKey>) {
    for unit in shared.world.units.iter().filter(|u| !u.torn) {
        let keys = idle.iter().filter(|k| {
            k.unit == unit.id && matches!(k.kind, DefKind::Define | DefKind::Table)
                || k.unit == unit.id && k.kind == DefKind::Flow && unit.role == Role::Library
        });
        let keys: Vec<DefKey> = keys.copied().collect();
        if keys.is_empty() {
            continue;
        }
        let cx = shared.cx(actions, unit.id);
        for key in &keys {
            cx.reach(*key);
        }
        let around = Surroundings { unit: unit.id, defaults: None, calls: &[], reports: true };
        let mut lowered = Lowered::default();
        cx.drain(&mut lowered, &mut |key| {
            cx.library_flow(key, around);
        });
        cx.check_recursion();
    }
}

/// BLAKE3 over the files that a plan consists of: its own, those of its libraries and their templates, those of its connectors.
fn bundle_hash(world: &World<'_>, plan: &Plan, connectors: &[(Arc<Connector>, bool)]) -> String {
    let Some(unit) = world.units.iter().find(|u| u.role == Role::Workflow && *u.name == *plan.name.as_str()) else {
        return String::new();
    };
    let mut files = vec![];
    for id in world.seen_by(unit.id) {
        files.push(world.unit(id).file);
        files.extend(world.templates_of(id).iter().map(|t| t.file));
    }
    for action in &plan.actions {
        let connector = connectors.iter().find(|(c, _)| c.name == action.connector);
        let faces = connector.into_iter().flat_map(|(c, _)| c.faces.iter());
        files.extend(faces.filter_map(|face| world.files.by_path(&face.file)));
    }
    let mut files: Vec<_> = files.into_iter().filter_map(|id| world.files.get(id)).collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files.dedup_by(|a, b| a.path == b.path);
    let mut hasher = blake3::Hasher::new();
    for file in files {
        for part in [file.path.as_bytes(), file.text.as_bytes()] {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
    }
    hasher.finalize().to_hex().to_string()
}

/// Each once, by file and place.
fn in_order(mut found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    found.sort_by(|a, b| (a.span, &a.rule.code, &a.message).cmp(&(b.span, &b.rule.code, &b.message)));
    found.dedup_by(|a, b| a.span == b.span && a.rule == b.rule && a.message == b.message);
    found
}
