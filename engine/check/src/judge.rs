//! Checking all files that define something: named, lowered, walked. Nothing here looks at a case.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use wf_plan::{Action, Connector, Environment};
use wf_source::Diagnostic;

use crate::environments;
use crate::ledger::Ledger;
use crate::lower::{self, Actions, Cx, Known, Lowered, LoweredPlan, Shared, Surroundings, Types};
use crate::names::{self, DefKey, DefKind, Role, World};
use crate::sources::Sources;
use crate::types::{self as type_check, TypesAt};
use crate::uses::Uses;

/// What came of the files that define something.
pub(crate) struct Judged {
    pub(crate) plans: Vec<LoweredPlan>,
    /// Connectors by folder, and whether nothing is wrong in them.
    pub(crate) connectors: Vec<(Arc<Connector>, bool)>,
    pub(crate) environments: Vec<Environment>,
    pub(crate) types: TypesAt,
    pub(crate) uses: Uses,
    pub(crate) found: Vec<Diagnostic>,
    /// What is said only when nothing is wrong anywhere.
    pub(crate) unused: Vec<Diagnostic>,
}

/// `found`: what was said when the names of the files were put together.
pub(crate) fn judge(world: &World<'_>, sources: &Sources, mut found: Vec<Diagnostic>) -> Judged {
    for unit in &world.units {
        found.extend(names::twice(unit));
    }
    found.extend(names::namesakes(&world.units));
    let types = Types::new(world);
    let mut known = known(&types);
    found.extend(environments::misread_defaults(world, sources, &mut known));
    let known = known;
    let ledger = RefCell::new(Ledger::default());
    let shared = Shared { world, types: &types, known: &known, ledger: &ledger };

    let faces = lower::faces(world, sources);
    lower::check_folders(&shared, &faces);
    let none: Actions = vec![];
    let mut first: Actions = lower::contracts(&shared, &faces, &none);
    first.extend(flows_of_workflows(&shared, sources, &none));
    let connectors = connectors(&shared, &faces, &first);
    let mut actions: Actions = connectors
        .iter()
        .flat_map(|(connector, _)| connector.actions().map(|(_, action)| action.contract.clone()).collect::<Vec<_>>())
        .collect();
    actions.extend(flows_of_workflows(&shared, sources, &none));

    let mut plans: Vec<LoweredPlan> = vec![];
    for (source, unit) in sources.workflows.iter().zip(&world.units) {
        if unit.role == Role::Workflow && !unit.torn {
            plans.push(shared.cx(&actions, unit.id).plan(sources, &source.ast));
        }
    }
    let idle = names::idle(world, &ledger.borrow());
    leftovers(&shared, &actions, &idle);
    let environments = environments::environments(&shared, sources, &plans, &connectors);

    let mut ledger = ledger.into_inner();
    found.extend(names::forgotten(world, sources, &mut ledger));
    found.extend(names::outcomes(&ledger, &actions));
    found.append(&mut ledger.found);
    found.append(&mut types.found.borrow_mut());
    found.extend(names::settle(world, &ledger, &idle));
    found.extend(names::tasks(sources));
    names::handed_by_name(&mut found);
    let seen = type_check::Seen { world, plans: &plans, connectors: &connectors };
    let (mistyped, types_at) = type_check::check(&seen, &found);
    found.extend(mistyped);
    // what is told of an entry already is not told once more
    let torn = lower::commas(world, sources);
    found.extend(torn.into_iter().filter(|torn| !found.iter().any(|d| d.span == torn.span)).collect::<Vec<_>>());
    let mut unused = std::mem::take(&mut ledger.unused);
    unused.extend(names::unused(world, &ledger, &idle));
    Judged { plans, connectors, environments, types: types_at, uses: ledger.uses, found, unused }
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
