//! Walking everything: plans, then connectors; then where the fingers point.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use wf_expr::types::{Body, Instances, Site, Subject, Told, TypeEnv};
use wf_expr::{Program, TableId};
use wf_plan::{Action, Connector, Face, Module, Plan, Transport, TriggerKind};
use wf_source::{Diagnostic, FileId, Span};
use wf_value::{Enum, Text, Type};

use super::at::TypesAt;
use super::calls::input_type;
use super::walk::{Frame, Walk};
use super::{coverage, effects, replies, results, settle, statuses};
use crate::lower::LoweredPlan;
use crate::names::World;

/// What was lowered.
pub(crate) struct Seen<'a> {
    pub(crate) world: &'a World<'a>,
    pub(crate) plans: &'a [LoweredPlan],
    pub(crate) connectors: &'a [(Arc<Connector>, bool)],
}

/// What a walk asks of the rest of the tree.
pub(super) struct Surroundings<'a> {
    world: &'a World<'a>,
    env: &'a Type,
    declared: &'a HashMap<String, Span>,
    tasks: &'a BTreeMap<Text, Type>,
    /// What message flows of workflows reply, by `workflow.flow`.
    replies: &'a BTreeMap<String, Type>,
    connectors: &'a [(Arc<Connector>, bool)],
    /// The file of a connector that is walked, with its connector.
    face: Option<(&'a Connector, &'a Face)>,
}

impl Surroundings<'_> {
    pub(super) fn env(&self) -> Type {
        self.env.clone()
    }

    pub(super) fn declared(&self, name: &str) -> Option<Span> {
        self.declared.get(name).copied()
    }

    /// Whether a file of that name stands beside the one that asks for it.
    pub(super) fn has_asset(&self, name: &str, at: Span) -> bool {
        let folder = crate::project::folder(self.world.path(at.file));
        let folder = folder.strip_suffix("/templates").unwrap_or(folder);
        crate::project::beside(folder, name).is_some_and(|path| self.world.project.bytes(&path).is_some())
    }

    /// What a task of that type brings.
    pub(super) fn task(&self, task: &str) -> Option<Type> {
        self.tasks.get(task).cloned()
    }

    /// What a flow of a workflow replies.
    pub(super) fn reply(&self, action: &Action) -> Option<Type> {
        self.replies.get(action.full_name().as_str()).cloned()
    }

    pub(super) fn transport(&self) -> Option<Transport> {
        self.face.map(|(_, face)| face.transport)
    }

    /// An action by the name that a file of its folder, or another one, calls it.
    pub(super) fn action(&self, name: &str) -> Option<Arc<Action>> {
        let own =
            self.face.and_then(|(connector, _)| connector.actions().find(|(_, a)| a.contract.name.as_str() == name));
        let all = || self.connectors.iter().flat_map(|(connector, _)| connector.actions());
        own.or_else(|| all().find(|(_, a)| a.contract.full_name().as_str() == name)).map(|(_, a)| a.contract.clone())
    }
}

/// What is heard during the walk of a module.
#[derive(Default)]
pub(super) struct Notes {
    pub(super) types: TypesAt,
    /// Types of the columns of tables, for each tuple that they are called with.
    pub(super) columns: BTreeMap<TableId, Vec<Vec<Type>>>,
    /// Where params are used, by number, and constants, by place and name.
    pub(super) uses: BTreeSet<(Used, Span)>,
    /// Fields that named shapes were asked for and do not have.
    pub(super) missed: BTreeSet<(Text, Text, Span)>,
    /// Texts that values of named closed sets were asked for.
    pub(super) asked: BTreeMap<(Text, Text), BTreeSet<Span>>,
    /// Texts that a value may be beside one that it is asked for and that is nearly the same: both, and where it is asked.
    pub(super) twins: BTreeSet<(Text, Text, Span)>,
    /// Texts that a key can be and that what it is looked for in does not have: where it is asked.
    pub(super) strangers: BTreeSet<(Text, Text, Span)>,
    /// Values of lets with which something was done that only values like them allow.
    pub(super) lets_used: BTreeSet<Span>,
    /// These sets.
    pub(super) sets: BTreeMap<Text, Vec<Text>>,
}

/// A param or a constant, as an expression names it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Used {
    Param(u32),
    Constant(Text, FileId),
}

impl Used {
    pub(super) fn of(subject: &Subject) -> Option<Self> {
        match subject {
            Subject::Param(number) => Some(Self::Param(*number)),
            Subject::Constant { name, used, .. } => Some(Self::Constant(name.clone(), used.file)),
            Subject::Local(_) | Subject::Slot(_) | Subject::Let(_) => None,
        }
    }
}

impl Notes {
    pub(super) fn note(&mut self, span: Span, ty: &Type) {
        self.types.add(span, ty);
    }

    pub(super) fn asks(&mut self, set: &Enum, text: &Text, at: Span) {
        self.asked.entry((set.name.clone(), text.clone())).or_default().insert(at);
        let known = self.sets.entry(set.name.clone()).or_default();
        let more: Vec<Text> = set.values.iter().filter(|value| !known.contains(value)).cloned().collect();
        known.extend(more);
    }

    pub(super) fn columns(&mut self, table: TableId, types: &[Type]) {
        let all = self.columns.entry(table).or_default();
        if !all.iter().any(|known| known == types) {
            all.push(types.to_vec());
        }
    }
}

/// A module, walked.
pub(super) struct Walked<'a> {
    pub(super) module: &'a Module,
    /// The file that the module is of.
    pub(super) file: Option<FileId>,
    pub(super) told: Vec<Told>,
    pub(super) notes: Notes,
    pub(super) fields_read: BTreeSet<(Text, Text)>,
    /// Actions that it calls.
    pub(super) actions: &'a [Arc<Action>],
}

/// Walks all plans and connectors; what is wrong, and the types of all places. `said`: what is known to be wrong already, of which nothing
/// that only follows is told.
pub(crate) fn check(seen: &Seen<'_>, said: &[Diagnostic]) -> (Vec<Diagnostic>, TypesAt) {
    let declared = settle::declared(seen.world);
    let tasks = tasks(seen.plans);
    let env = results::env(&environments(seen.world));
    let mut known_replies = BTreeMap::new();
    let mut walked = vec![];
    for plan in callees_first(seen.plans) {
        let around = Surroundings {
            world: seen.world,
            env: &env,
            declared: &declared,
            tasks: &tasks,
            replies: &known_replies,
            connectors: seen.connectors,
            face: None,
        };
        let file = plan.module.flows.first().map(|flow| flow.span.file);
        let mut given = vec![];
        let one = walk(&plan.module, file, &around, |walk| given = walk.plan(plan));
        walked.push(Walked { actions: &plan.actions, ..one });
        known_replies.extend(given);
    }
    let around = |face| Surroundings {
        world: seen.world,
        env: &env,
        declared: &declared,
        tasks: &tasks,
        replies: &known_replies,
        connectors: seen.connectors,
        face,
    };
    for (connector, _) in seen.connectors {
        for face in &connector.faces {
            let around = around(Some((connector, face)));
            let file = seen.world.files.by_path(&face.file);
            walked.push(walk(&face.module, file, &around, |walk| walk.face(face)));
        }
    }
    let mut found = settle::settle(seen.world, &walked);
    let mut derived = vec![];
    for lowered in seen.plans {
        derived.extend(effects::check(&lowered.plan));
        derived.extend(replies::check(&lowered.plan));
    }
    for face in seen.connectors.iter().flat_map(|(connector, _)| &connector.faces) {
        let flows = face.actions.iter().filter_map(|action| Some((action, face.module.flow(action.flow)?)));
        derived.extend(flows.flat_map(|(action, flow)| statuses::check(&action.contract, flow)));
    }
    // of a file in which something is wrong not all is known
    found.extend(derived.into_iter().filter(|d| !said.iter().any(|s| s.is_error() && s.span.file == d.span.file)));
    let mut types = TypesAt::default();
    for one in walked {
        let wrong: Vec<&Diagnostic> = said.iter().chain(&found).filter(|d| d.is_error()).collect();
        let cover = coverage::check(&one.module.program, &one.notes.columns, &wrong);
        found.extend(cover);
        types.extend(one.notes.types);
    }
    let follows = |found: &Diagnostic| said.iter().any(|d| d.is_error() && overlap(d.span, found.span));
    found.retain(|found| !follows(found));
    (found, types)
}

fn walk<'a>(
    module: &'a Module,
    file: Option<FileId>,
    around: &Surroundings<'_>,
    within: impl FnOnce(&mut Walk<'_>),
) -> Walked<'a> {
    let instances = Instances::new(&module.program);
    let notes = RefCell::new(Notes::default());
    let mut walk = Walk::new(module, &instances, around, &notes);
    within(&mut walk);
    walk.frames = vec![Frame::default()];
    uncalled(&mut walk, &instances, &module.program);
    drop(walk);
    let (told, fields_read) = (instances.finish(), instances.fields_read());
    Walked { module, file, told, notes: notes.into_inner(), fields_read, actions: &[] }
}

/// Workflows after those whose flows they call.
fn callees_first(plans: &[LoweredPlan]) -> Vec<&Plan> {
    let mut waiting: Vec<&Plan> = plans.iter().map(|lowered| &lowered.plan).collect();
    let mut order: Vec<&Plan> = vec![];
    while !waiting.is_empty() {
        let waits = |plan: &&Plan| {
            let own = &plan.name;
            plan.actions.iter().any(|a| a.connector != *own && waiting.iter().any(|other| other.name == a.connector))
        };
        // workflows that call each other begin with the first one
        let next = waiting.iter().position(|plan| !waits(plan)).unwrap_or(0);
        order.push(waiting.remove(next));
    }
    order
}

/// Defines and tables that nothing calls are looked at with anything as their arguments.
fn uncalled(walk: &mut Walk<'_>, instances: &Instances<'_>, program: &Program) {
    for body in instances.uncalled() {
        match body {
            Body::Define(id) => {
                let Some(define) = program.defines.get(id.0 as usize) else { continue };
                let args = vec![Type::Any; define.args.len()];
                TypeEnv::define(walk, id, &args, &Site { span: define.span, args: &[] });
            }
            Body::Table(id) => {
                let Some(table) = program.tables.get(id.0 as usize) else { continue };
                let args = vec![Type::Any; table.given.len()];
                TypeEnv::table(walk, id, &args, &Site { span: table.span, args: &[] });
            }
            Body::Root | Body::Template(_) | Body::Flow(_) => {}
        }
    }
}

/// Names of all environments, also of those that cannot be read.
fn environments(world: &World<'_>) -> Vec<Text> {
    let paths = world.project.iter().filter_map(|(path, _)| path.strip_prefix("environments/"));
    paths.filter_map(|file| file.rsplit_once('.')).map(|(name, _)| name.into()).collect()
}

/// What tasks bring, by the type of the task.
fn tasks(plans: &[LoweredPlan]) -> BTreeMap<Text, Type> {
    let mut tasks = BTreeMap::new();
    for plan in plans.iter().map(|lowered| &lowered.plan) {
        for trigger in &plan.triggers {
            let inputs = trigger.inputs.as_ref().or(plan.inputs.as_ref());
            if let (TriggerKind::Task { task, .. }, Some(inputs)) = (&trigger.kind, inputs) {
                tasks.insert(task.clone(), input_type(inputs));
            }
        }
    }
    tasks
}

fn overlap(a: Span, b: Span) -> bool {
    a.file == b.file && a.start < b.end.max(b.start + 1) && b.start < a.end.max(a.start + 1)
}
