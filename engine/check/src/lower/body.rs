//! The steps of one flow: its names, and what the workflow says for all of them.

use std::cell::Cell;
use std::sync::Arc;

use wf_plan::{Block, Flow, Frame, Input, OnError, Step};
use wf_source::{Diagnostic, Span};
use wf_syntax::ast;
use wf_syntax::tree::Node;

use super::inputs::{InputDecl, computed};
use super::{Cx, rules};
use crate::ledger::MadeName;
use crate::names::{DefKey, DefKind, Local, LocalKind, Scope, Sight, UnitId, Values, rules as name_rules};

/// What a workflow says for the calls of all flows that it reaches.
#[derive(Clone, Copy)]
pub(crate) struct Surroundings<'a> {
    pub(crate) unit: UnitId,
    pub(crate) defaults: Option<&'a ast::Defaults>,
    pub(crate) calls: &'a [ast::CallRule],
    /// Somebody says how failed calls are reported.
    pub(crate) reports: bool,
}

/// Words that no name may have.
const RESERVED: [&str; 11] =
    ["now", "env", "params", "run", "attempt", "loop", "trigger", "task", "error", "failed", "item"];

/// Names that the engine gives inside of connectors.
pub(crate) const GIVEN_IN_CONNECTORS: [&str; 12] =
    ["answer", "page", "read", "session", "input", "request_id", "config", "env", "now", "body", "sent_at", "params"];

/// One flow while it is lowered.
pub(crate) struct Body<'a> {
    pub(crate) cx: &'a Cx<'a>,
    /// The file whose names are seen: of the flow, or of the workflow while its defaults are lowered.
    pub(crate) unit: Cell<UnitId>,
    pub(crate) scope: Scope,
    pub(crate) around: Surroundings<'a>,
    /// Of the flow itself.
    pub(crate) defaults: Option<&'a ast::Defaults>,
    pub(crate) kind: BodyKind,
    pub(crate) face: Option<super::requests::FaceParts<'a>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BodyKind {
    Main,
    Flow,
    Action,
}

impl<'a> Body<'a> {
    pub(crate) fn sight(&self) -> Sight<'_> {
        Sight::steps(self.cx, self.unit.get(), &self.scope)
    }

    /// A flow with its inputs and steps.
    pub(crate) fn flow(
        self,
        name: &str,
        doc: Option<&ast::Name>,
        inputs: &[InputDecl],
        steps: &[ast::Step],
        span: Span,
    ) -> Flow {
        let mut inputs_of_plan: Vec<Input> = vec![];
        for input in inputs {
            let slot = self.declare(&input.name, LocalKind::Input, Values::NoLoop);
            inputs_of_plan.push(Input {
                name: (*input.name.value).into(),
                slot,
                ty: input.ty.clone().map(|ty| match input.presence {
                    wf_value::Presence::Required if input.default.is_none() => ty,
                    _ => ty.optional(),
                }),
                default: None,
            });
        }
        // defaults see what is declared; the flow itself does not
        let file = Sight::file(self.cx, self.unit.get());
        for (input, place) in inputs.iter().zip(&mut inputs_of_plan) {
            place.default = input.default.as_ref().map(|node| match (&input.ty, computed(node)) {
                (Some(ty), false) => file.typed(node, &ty.clone().optional(), "m"),
                _ => file.written(node),
            });
        }
        let body = self.steps(steps);
        let frame = self.scope.pop();
        Flow { name: name.into(), doc: doc.map(|d| (*d.value).into()), inputs: inputs_of_plan, frame, body, span }
    }

    /// Steps one after the other; the names they make are not visible behind them.
    pub(crate) fn steps(&self, steps: &[ast::Step]) -> Block {
        let mark = self.scope.mark();
        let block = self.steps_open(steps);
        self.scope.forget(mark);
        block
    }

    /// The same, names stay visible: for what is evaluated after the last step.
    pub(crate) fn steps_open(&self, steps: &[ast::Step]) -> Block {
        self.listed(steps).into()
    }

    pub(crate) fn listed(&self, steps: &[ast::Step]) -> Vec<Step> {
        let mut ids: Vec<SharedId> = vec![];
        steps.iter().filter_map(|step| self.step(step, &mut ids)).collect()
    }

    /// A frame of its own inside of this one.
    pub(crate) fn framed<R>(&self, within: impl FnOnce() -> R) -> (R, Frame) {
        self.scope.push();
        let result = within();
        (result, self.scope.pop())
    }

    /// Steps that a file of its own wrote: defaults and rules of the workflow around a library's flow.
    pub(crate) fn seen_from<R>(&self, unit: UnitId, within: impl FnOnce() -> R) -> R {
        let before = self.unit.replace(unit);
        let result = within();
        self.unit.set(before);
        result
    }

    /// `on_error: [steps]`
    pub(crate) fn error_block(&self, steps: &[ast::Step]) -> (u16, Block) {
        let mark = self.scope.mark();
        let slot = self.give("error");
        let block = self.steps_open(steps);
        self.scope.forget(mark);
        (slot, block)
    }

    pub(crate) fn on_error(&self, on_error: &ast::OnError) -> OnError {
        match on_error {
            ast::OnError::Skip(_) => OnError::Skip,
            ast::OnError::Ignore(_) => OnError::Ignore,
            ast::OnError::Fail(_) | ast::OnError::LeaveOut(_) => OnError::Fail,
            ast::OnError::Block { steps, .. } => {
                let (error, block) = self.error_block(steps);
                OnError::Block { error, block }
            }
        }
    }

    /// A name that the engine makes.
    pub(crate) fn give(&self, name: &str) -> u16 {
        let slot = self.scope.slot(name);
        let span = Span::new(wf_source::FileId(u32::MAX), usize::from(slot), usize::from(slot));
        self.scope.show(Local { name: name.into(), slot, span, kind: LocalKind::Given, values: Values::NoLoop });
        slot
    }

    /// A name that a step makes; it gets a slot of the innermost frame.
    pub(crate) fn declare(&self, name: &ast::Name, kind: LocalKind, values: Values) -> u16 {
        self.check_free(name, kind);
        let slot = self.scope.slot(&name.value);
        self.show(name, kind, slot, values);
        slot
    }

    fn show(&self, name: &ast::Name, kind: LocalKind, slot: u16, values: Values) {
        let made = MadeName { name: name.value.clone(), kind, owner: self.scope.owner.clone() };
        self.cx.ledger.borrow_mut().made.insert(name.span, made);
        if self.kind == BodyKind::Action && kind == LocalKind::Input {
            self.cx.use_local(name.span);
        }
        self.scope.show(Local { name: name.value.clone(), slot, span: name.span, kind, values });
    }

    fn check_free(&self, name: &ast::Name, kind: LocalKind) {
        let text = &*name.value;
        let reserved = match self.kind {
            BodyKind::Action => GIVEN_IN_CONNECTORS.contains(&text),
            // the items of a recheck come as the input `items`
            _ => RESERVED.contains(&text) || text == "items" && kind != LocalKind::Input,
        };
        if reserved {
            let message = format!("`{text}` is a reserved name: the engine gives it a value");
            self.cx.tell(Diagnostic::error(&name_rules::RESERVED, name.span, message).help("give it another name"));
            return;
        }
        if let Some((other, _)) = self.scope.find(text) {
            let message = format!("`{text}` is visible here already: {} of that name", with_article(other.kind.word()));
            self.cx.tell(
                Diagnostic::error(&name_rules::CLASH, name.span, message)
                    .note(Some(other.span), "it is made here")
                    .help("nothing that is visible is named again: give it another name"),
            );
            return;
        }
        let constant = self.cx.world.find(self.unit.get(), DefKind::Constant, text);
        let flow = self.cx.world.find(self.unit.get(), DefKind::Flow, text).filter(|_| kind == LocalKind::Item);
        if let Some(crate::names::Found::One(key) | crate::names::Found::Clash(key, _)) = constant.or(flow) {
            self.clash_with(name, key);
        }
    }

    fn clash_with(&self, name: &ast::Name, key: DefKey) {
        let Some(def) = self.cx.world.def(key) else { return };
        let message = format!("`{}` is the name of a {}", name.value, key.kind.word());
        self.cx.tell(
            Diagnostic::error(&name_rules::CLASH, name.span, message)
                .note(Some(def.span), "it is defined here")
                .help("nothing that is visible is named again: give it another name"),
        );
    }

    /// The result of a step under its id. Steps of which at most one is done may share one.
    pub(crate) fn id(&self, id: &ast::Name, step: &ast::Step, values: Values, ids: &mut Vec<SharedId>) -> u16 {
        let alternative = step.condition.as_ref().and_then(Alternative::of);
        if let Some(shared) = ids.iter_mut().find(|shared| shared.name == id.value) {
            if shared.is_apart_from(alternative.as_ref()) {
                shared.alternatives.extend(alternative);
                let slot = shared.slot;
                self.cx.ledger.borrow_mut().made.insert(
                    id.span,
                    MadeName { name: id.value.clone(), kind: LocalKind::Id, owner: self.scope.owner.clone() },
                );
                // asked for together with the first one
                self.cx.ledger.borrow_mut().used_locals.insert(id.span);
                return slot;
            }
            let message = format!("`{}` is the id of another step of this block", id.value);
            self.cx.tell(
                Diagnostic::error(&name_rules::CLASH, id.span, message).note(Some(shared.span), "it is given here").help(
                    "steps may share an id where only one of them is done: their `if`s compare one thing with different texts",
                ),
            );
            return shared.slot;
        }
        let slot = self.declare(id, LocalKind::Id, values);
        ids.push(SharedId {
            name: id.value.clone(),
            span: id.span,
            slot,
            conditional: step.condition.is_some(),
            alternatives: alternative.into_iter().collect(),
        });
        slot
    }

    /// Something that belongs elsewhere.
    pub(crate) fn misplaced(&self, span: Span, message: &str, help: &str) {
        self.cx.tell(Diagnostic::error(&rules::MISPLACED_STEP, span, message).help(help));
    }

    /// A literal duration, or what is computed; of bare numbers seconds are meant most likely.
    pub(crate) fn duration(&self, node: &Node) -> wf_expr::Written {
        self.sight().duration(node, "s")
    }
}

fn with_article(word: &str) -> String {
    let article = if word.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {word}")
}

/// An id of a block, and the conditions under which it is given.
pub(crate) struct SharedId {
    name: Arc<str>,
    span: Span,
    slot: u16,
    conditional: bool,
    alternatives: Vec<Alternative>,
}

impl SharedId {
    fn is_apart_from(&self, other: Option<&Alternative>) -> bool {
        let Some(other) = other else { return false };
        self.conditional
            && !self.alternatives.is_empty()
            && self
                .alternatives
                .iter()
                .all(|a| a.subject == other.subject && a.texts.iter().all(|t| !other.texts.contains(t)))
    }
}

/// `x == 'A'` or `x in ['A', 'B']`.
pub(crate) struct Alternative {
    subject: String,
    texts: Vec<String>,
}

impl Alternative {
    fn of(condition: &ast::Text) -> Option<Self> {
        use wf_expr::BinaryOp;
        use wf_expr::cel::ast::{Expr, ExprKind, Literal};
        let text = condition.text.strip_prefix('=').unwrap_or(&condition.text);
        let parsed = wf_expr::cel::parse(text, &condition.map);
        let literal = |expr: &Expr| match &expr.kind {
            ExprKind::Literal(Literal::Text(text)) => Some(text.to_string()),
            ExprKind::Literal(Literal::Bool(b)) => Some(b.to_string()),
            _ => None,
        };
        let (subject, texts) = match &parsed.expr.kind {
            ExprKind::Binary(BinaryOp::Equal, a, b) => (a, vec![literal(b)?]),
            ExprKind::Binary(BinaryOp::In, a, b) => match &b.kind {
                ExprKind::List(items) => (a, items.iter().map(literal).collect::<Option<Vec<_>>>()?),
                _ => return None,
            },
            // a condition and its opposite
            ExprKind::Not(of) => return Some(Self { subject: of.text.to_string(), texts: vec!["false".into()] }),
            _ => return Some(Self { subject: parsed.expr.text.to_string(), texts: vec!["true".into()] }),
        };
        Some(Self { subject: subject.text.to_string(), texts })
    }
}

/// A step that nobody wrote: for what is checked as a step is.
pub(crate) fn nameless_step(span: Span) -> ast::Step {
    ast::Step {
        span,
        at: span,
        id: None,
        condition: None,
        conditional: false,
        verb: ast::Verb::Broken,
        modifiers: ast::Modifiers::default(),
    }
}
