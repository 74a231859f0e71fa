//! What one plan, or one file of a connector, consists of while it is lowered: what was reached, and in which order it is numbered.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};
use std::sync::Arc;

use wf_expr::{Code, Kind, TemplateId, Written};
use wf_plan::Action;
use wf_source::{Diagnostic, Span};
use wf_value::{Text, Unknown, UnknownKind, Value};

use super::partials::PartialUse;
use super::types::Types;
use crate::ledger::Ledger;
use crate::names::rules as name_rules;
use crate::names::{DefKey, DefKind, Found, TemplateFile, UnitId, World};

/// The actions of all connectors, and the message flows of workflows, by `connector.action`.
pub(crate) type Actions = Vec<Arc<Action>>;

/// What everything that is lowered shares.
pub(crate) struct Cx<'a> {
    pub(crate) world: &'a World<'a>,
    pub(crate) types: &'a Types<'a>,
    pub(crate) known: &'a Known,
    pub(crate) actions: &'a Actions,
    pub(crate) ledger: &'a RefCell<Ledger>,
    /// The workflow, library or connector file that is lowered.
    pub(crate) owner: UnitId,
    pub(crate) state: RefCell<State>,
    /// The main steps are the first flow.
    pub(crate) has_main: Cell<bool>,
    steps: Cell<u32>,
    broken: Cell<bool>,
}

/// What is computed once for each file: params, and values of constants.
#[derive(Default)]
pub(crate) struct Known {
    pub(crate) params: HashMap<UnitId, Vec<wf_plan::Param>>,
    pub(crate) constants: HashMap<DefKey, Value>,
}

/// What was reached so far, each kind in the order of its numbers.
#[derive(Default)]
pub(crate) struct State {
    numbers: HashMap<DefKey, u32>,
    pub(crate) reached: HashMap<DefKind, Vec<DefKey>>,
    pub(crate) queue: VecDeque<DefKey>,
    /// Template files, by number, with the file that sees them.
    pub(crate) templates: Vec<(UnitId, TemplateFile)>,
    template_lists: HashMap<UnitId, Vec<(Text, TemplateId)>>,
    pub(crate) partials: Vec<PartialUse>,
    /// Templates that could not be read: what they are handed is not looked at.
    pub(crate) broken_templates: HashSet<usize>,
    /// Which define, table or flow is being lowered: for recursion.
    pub(crate) current: Option<DefKey>,
    pub(crate) calls: HashSet<(DefKey, DefKey)>,
    /// Where a flow runs another, the first such place.
    pub(crate) runs: HashMap<(DefKey, DefKey), Span>,
    pub(crate) called: Vec<Arc<Action>>,
    /// Full names of actions that a step calls: what `calls` says holds for these.
    pub(crate) with_rules: BTreeSet<Text>,
    /// Files that `asset('…')` names, with the places that do.
    pub(crate) assets: Vec<(Text, Span)>,
    /// In a connector: names that what its file says for all requests asks for, and the action that lacks them.
    pub(crate) lacking: Vec<(crate::names::Asked, wf_syntax::ast::Name)>,
}

impl<'a> Cx<'a> {
    pub(crate) fn new(
        world: &'a World<'a>,
        types: &'a Types<'a>,
        known: &'a Known,
        actions: &'a Actions,
        ledger: &'a RefCell<Ledger>,
        owner: UnitId,
    ) -> Self {
        let (steps, broken, has_main) = (Cell::new(0), Cell::new(false), Cell::new(false));
        Self { world, types, known, actions, ledger, owner, state: RefCell::default(), has_main, steps, broken }
    }

    /// The number of something in this plan; what is reached first gets the next one, and is lowered later.
    pub(crate) fn reach(&self, key: DefKey) -> u32 {
        let mut state = self.state.borrow_mut();
        if let Some(current) = state.current {
            state.calls.insert((current, key));
        }
        if let Some(number) = state.numbers.get(&key) {
            return *number;
        }
        let all = state.reached.entry(key.kind).or_default();
        all.push(key);
        let number = u32::try_from(all.len() - 1).unwrap_or(u32::MAX);
        state.numbers.insert(key, number);
        if matches!(key.kind, DefKind::Define | DefKind::Table | DefKind::Flow) {
            state.queue.push_back(key);
        }
        number
    }

    pub(crate) fn reached(&self, kind: DefKind) -> Vec<DefKey> {
        self.state.borrow().reached.get(&kind).cloned().unwrap_or_default()
    }

    /// The definition that a name means, which is used at that place; two of them clash.
    pub(crate) fn one(&self, found: Found, name: &str, at: Span) -> DefKey {
        let key = match found {
            Found::One(key) => key,
            Found::Clash(first, second) => {
                self.uses(second, at);
                self.clash(first, second, name);
                first
            }
        };
        self.uses(key, at);
        key
    }

    fn uses(&self, key: DefKey, at: Span) {
        let current = self.state.borrow().current;
        let mut ledger = self.ledger.borrow_mut();
        if let Some(definition) = self.world.def(key) {
            ledger.uses.add(definition.span, at);
        }
        match current {
            Some(current) => ledger.used_by.insert((current, key)),
            None => ledger.used.insert(key),
        };
    }

    pub(crate) fn clash(&self, first: DefKey, second: DefKey, name: &str) {
        let (Some(ours), Some(theirs)) = (self.world.def(first), self.world.def(second)) else { return };
        let other = self.world.path(theirs.span.file);
        let message = format!("`{name}` is a {} of {other}, too", second.kind.word());
        self.tell(
            Diagnostic::error(&name_rules::CLASH, ours.span, message)
                .note(Some(theirs.span), "defined here as well")
                .help("nothing that is visible is named twice: give it another name"),
        );
    }

    /// The define or table that is lowered asks for that argument.
    pub(crate) fn use_arg(&self, number: usize) {
        if let Some(current) = self.state.borrow().current {
            self.ledger.borrow_mut().used_args.insert((current, number));
        }
    }

    pub(crate) fn use_local(&self, span: Span) {
        self.ledger.borrow_mut().used_locals.insert(span);
    }

    /// The type of a param, by its number in this plan.
    pub(crate) fn param_type(&self, number: u32) -> Option<wf_value::Type> {
        let key = *self.state.borrow().reached.get(&DefKind::Param)?.get(number as usize)?;
        Some(self.known.params.get(&key.unit)?.get(key.index as usize)?.ty.clone())
    }

    /// The value of a constant.
    pub(crate) fn constant(&self, key: DefKey) -> Value {
        self.known.constants.get(&key).cloned().unwrap_or(Value::Null)
    }

    pub(crate) fn next_step(&self) -> wf_plan::StepId {
        let number = self.steps.get();
        self.steps.set(number + 1);
        wf_plan::StepId(number)
    }

    pub(crate) fn tell(&self, diagnostic: Diagnostic) {
        if diagnostic.is_error() {
            self.broken.set(true);
        }
        self.ledger.borrow_mut().found.push(diagnostic);
    }

    /// Something that is told only when nothing is wrong.
    pub(crate) fn tell_unused(&self, diagnostic: Diagnostic) {
        self.ledger.borrow_mut().unused.push(diagnostic);
    }

    /// Something could not be lowered, and that is told.
    pub(crate) fn is_broken(&self) -> bool {
        self.broken.get()
    }

    pub(crate) fn set_broken(&self) {
        self.broken.set(true);
    }

    /// What `{{> name}}` may name in a file.
    pub(crate) fn templates(&self, unit: UnitId) -> Vec<(Text, TemplateId)> {
        let mut state = self.state.borrow_mut();
        if let Some(list) = state.template_lists.get(&unit) {
            return list.clone();
        }
        let mut list = vec![];
        for template in self.world.templates_of(unit) {
            let id = TemplateId(u32::try_from(state.templates.len()).unwrap_or(u32::MAX));
            state.templates.push((unit, template.clone()));
            list.push(((*template.name).into(), id));
        }
        state.template_lists.insert(unit, list.clone());
        list
    }
}

/// Stands where something was wrong: unknown, of any type.
pub(crate) fn broken_code(span: Span) -> Code {
    let why = Unknown::new(UnknownKind::Operand, "this expression could not be read").at(Some(span));
    Code { kind: Kind::Literal(Value::from(why)), span, text: "?".into() }
}

pub(crate) fn broken_written(span: Span) -> Written {
    Written { kind: wf_expr::WrittenKind::Code(broken_code(span)), span }
}
