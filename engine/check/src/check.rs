//! Checking a tree: read, name, lower, and only then what nobody uses.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use wf_expr::types::findings;
use wf_plan::{Action, Connector, Environment, Plan};
use wf_source::{Diagnostic, FileId, Files, Severity};

use crate::ledger::Ledger;
use crate::lower::{self, Actions, Cx, Known, Lowered, LoweredPlan, Shared, Surroundings, Types};
use crate::names::{self, DefKey, DefKind, Role, World};
use crate::sources::Sources;
use crate::types::{self as type_check, TypesAt};
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

/// Checks a tree.
#[must_use]
pub fn check(project: &Project) -> Checked {
    let sources = Sources::read(project);
    let mut found = sources.found.clone();
    let world = World::new(project, &sources, &mut found);
    for unit in &world.units {
        found.extend(names::twice(unit));
    }
    found.extend(names::namesakes(&world.units));
    let types = Types::new(&world);
    let mut known = known(&types);
    found.extend(environments::misread_defaults(&world, &sources, &mut known));
    let known = known;
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
    found.extend(names::forgotten(&world, &sources, &mut ledger));
    found.extend(names::outcomes(&ledger, &actions));
    found.append(&mut ledger.found);
    found.append(&mut types.found.borrow_mut());
    found.extend(names::settle(&world, &ledger, &idle));
    let seen = type_check::Seen { world: &world, plans: &plans, connectors: &connectors };
    let (mistyped, types_at) = type_check::check(&seen, &found);
    found.extend(mistyped);
    // what is told of an entry already is not told once more
    let torn = lower::commas(&world, &sources);
    found.extend(torn.into_iter().filter(|torn| !found.iter().any(|d| d.span == torn.span)).collect::<Vec<_>>());
    if !found.iter().any(Diagnostic::is_error) {
        found.append(&mut ledger.unused);
        found.extend(names::unused(&world, &ledger, &idle));
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
    let plans = plans.into_iter().filter(|p| p.whole).filter_map(|lowered| {
        let bundle = bundle(&world, &lowered.plan, &connectors);
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
        types: types_at,
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
fn leftovers(shared: &Shared<'_>, actions: &Actions, idle: &BTreeSet<DefKey>) {
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

fn files_of(world: &World<'_>, connector: &Connector) -> Vec<FileId> {
    connector.faces.iter().filter_map(|face| world.files.by_path(&face.file)).collect()
}

/// The files that a plan consists of: its own, those of its libraries and their templates, those of its connectors.
fn bundle(world: &World<'_>, plan: &Plan, connectors: &[Arc<Connector>]) -> Vec<FileId> {
    let workflow = world.units.iter().find(|u| u.role == Role::Workflow && *u.name == *plan.name.as_str());
    let mut files = vec![];
    for id in workflow.map_or_else(Vec::new, |unit| world.seen_by(unit.id)) {
        files.push(world.unit(id).file);
        files.extend(world.templates_of(id).iter().map(|t| t.file));
    }
    for action in &plan.actions {
        let connector = connectors.iter().find(|c| c.name == action.connector);
        files.extend(connector.map_or_else(Vec::new, |connector| files_of(world, connector)));
    }
    files.sort();
    files.dedup();
    files
}

/// BLAKE3 over paths and what stands in the files, assets too: equal bundles, equal plans.
fn hash(world: &World<'_>, bundle: &[FileId], plan: &Plan) -> String {
    let texts =
        bundle.iter().filter_map(|id| world.files.get(*id)).map(|file| (file.path.as_str(), file.text.as_bytes()));
    let assets = plan.module.program.assets.iter().map(|asset| (asset.path.as_str(), &*asset.bytes));
    let mut files: Vec<_> = texts.chain(assets).collect();
    files.sort_unstable();
    let mut hasher = blake3::Hasher::new();
    for (path, bytes) in files {
        for part in [path.as_bytes(), bytes] {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
    }
    hasher.finalize().to_hex().to_string()
}

/// Each once, by file and place. A field that none of several objects has is one mistake, told of the one that has a name.
fn in_order(mut found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let key = |d: &Diagnostic| (d.span, d.rule.code, d.message.starts_with("this "), d.message.clone());
    found.sort_by_cached_key(key);
    let field = |d: &Diagnostic| std::ptr::eq(d.rule, &raw const findings::UNKNOWN_FIELD);
    found.dedup_by(|a, b| a.span == b.span && a.rule == b.rule && (a.message == b.message || field(a)));
    found
}
