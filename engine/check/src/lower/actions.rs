//! Actions of a connector: the contract that callers see, and the flow that carries it out.

use std::sync::Arc;

use wf_expr::Written;
use wf_plan::{Action, Doubt, Effect, Envelope, Flow, FullName, Input, Look, Outcome, Status, StatusSet, Step, Verb};
use wf_source::{Diagnostic, Span};
use wf_syntax::ast;
use wf_value::{Presence, Text, Type, Value};

use super::body::{Body, BodyKind, Surroundings};
use super::calls::CallRules;
use super::inputs::computed;
use super::program::literal_written;
use super::requests::FaceParts;
use super::{Cx, rules};
use crate::names::{LocalKind, Scope, Seen, Sight, UnitId, Values};

impl<'a> Cx<'a> {
    /// What callers see of an action.
    pub(crate) fn contract(
        &self,
        unit: UnitId,
        face: &ast::Connector,
        action: &ast::Action,
        doubt: Doubt,
        wait_ms: i64,
    ) -> Action {
        let connector = face.name.as_ref().map(|n| Text::from(&*n.value)).unwrap_or_default();
        let name: Text = (*action.name.value).into();
        let input = self.types.action_spec(unit, action);
        let by_proto = matches!(&action.input, ast::Inputs::Shape(name) if name.value.contains('.'));
        let fields: Vec<Text> = input.fields.iter().map(|f| f.name.clone()).collect();
        let seen = if by_proto { Seen::OpenContract } else { Seen::Contract(&fields) };
        let outcomes: Vec<Outcome> = action.outcomes.iter().map(|outcome| self.outcome(unit, outcome)).collect();
        let names: Vec<Text> = outcomes.iter().map(|o| o.name.clone()).collect();
        let subject = match &action.subject {
            Some(text) => Sight { seen, ..Sight::file(self, unit) }.words(text),
            None => literal_written(Value::Text(format!("{connector}.{name}").into()), action.name.span),
        };
        let transport = face.transport.as_ref().map(|t| t.value);
        Action {
            title: title(face, &name),
            subject,
            queue: face.queue.as_ref().map(|q| (*q.value).into()),
            effect: effect(action.effect),
            envelope: match action.envelope.as_ref().map(|e| e.value) {
                None | Some(ast::Envelope::Body) => Envelope::Body,
                Some(ast::Envelope::None) => Envelope::None,
                Some(ast::Envelope::Notify) => Envelope::Notify,
            },
            output: action.output.as_ref().map_or(Type::Any, |ty| self.types.resolve(unit, ty)),
            replies: !(transport == Some(ast::Transport::Bus) && action.effect == ast::Effect::Tell),
            claims: transport != Some(ast::Transport::Bus),
            accept: action.accept.as_ref().map(|accept| match accept {
                ast::Accept::Any(_) => wf_plan::Accept { any: true, statuses: StatusSet::default(), outcomes: vec![] },
                ast::Accept::Only(list) => self.accept(list, &names, &format!("{connector}.{name}")),
            }),
            about: self.about_of(unit, action.about.as_deref().unwrap_or(&[]), seen),
            memory: matches!(transport, Some(ast::Transport::Keys | ast::Transport::Documents)),
            span: action.name.span,
            connector,
            name,
            full_name: FullName::default(),
            input,
            outcomes,
            wait_ms,
            doubt,
        }
    }

    /// Decided by callers, who have nothing of the connector but its constants.
    fn outcome(&self, unit: UnitId, outcome: &ast::Outcome) -> Outcome {
        let mut statuses = vec![];
        for name in &outcome.is {
            match Status::parse(name.as_str()) {
                Some(status @ Status::Range(..)) => statuses.push(status),
                _ => {
                    let message = format!("`{}` is no status", name.value);
                    self.tell(
                        Diagnostic::error(&rules::UNKNOWN_OUTCOME, name.span, message)
                            .help("an outcome is a function of status and body: 409, 2xx, or `{is: 400, if: …}`"),
                    );
                }
            }
        }
        let scope = Scope::new("an outcome");
        super::calls::lone_name(&scope, "body", outcome.name.span);
        let condition = outcome.condition.as_ref().map(|text| {
            let code = Sight::steps(self, unit, &scope).code(text);
            let mut defined = None;
            code.walk(&mut |part| {
                if matches!(part.kind, wf_expr::Kind::Define(..) | wf_expr::Kind::Table(..)) {
                    defined.get_or_insert(part.span);
                }
            });
            if let Some(span) = defined {
                self.tell(
                    Diagnostic::error(
                        &rules::OUTCOME_CONDITION,
                        span,
                        "callers decide which outcome it is, and have no defines of the connector",
                    )
                    .help("write out what the define says"),
                );
            }
            code
        });
        Outcome {
            name: (*outcome.name.value).into(),
            statuses: StatusSet(statuses),
            condition,
            span: outcome.name.span,
        }
    }
}

/// An action, carried out.
pub(crate) struct LoweredAction {
    pub(crate) flow: Flow,
    pub(crate) doubt: Doubt,
    pub(crate) answers: Vec<wf_plan::AnswerRow>,
    pub(crate) answer: u16,
}

impl<'a> Cx<'a> {
    pub(crate) fn action_flow(&self, unit: UnitId, parts: &FaceParts<'_>) -> LoweredAction {
        let (face, action) = (parts.face, parts.action);
        let body = Body {
            cx: self,
            unit: unit.into(),
            scope: Scope::new(format!("the action {}", action.name.value)),
            around: Surroundings { unit, defaults: None, calls: &[], reports: false },
            defaults: None,
            kind: BodyKind::Action,
            face: Some(*parts),
        };
        let inputs = self.action_inputs(unit, action, &body);
        let mut steps: Vec<Step> = vec![];
        if !action.lets.is_empty() {
            let lets = body.action_lets(&action.lets);
            steps.push(plain_step(self, Verb::Let(lets), action.name.span));
        }
        match (&action.steps, &action.request.line, face.transport.as_ref().map(|t| t.value)) {
            (Some(written), _, _) => {
                steps.extend(body.listed(written));
                check_writes(self, action, written);
            }
            (None, None, Some(ast::Transport::Bus)) => {}
            (None, _, _) => {
                let span = action.request.line.as_ref().map_or(action.name.span, |line| line.span);
                let request = body.request(&action.request, parts, span, true);
                check_effect(self, action, &request);
                steps.push(plain_step(self, Verb::Request(Box::new(request)), span));
            }
        }
        let doubt = body.doubt(action);
        let answer = body.give("answer");
        let sight = body.sight();
        let mut answers =
            action.request.answers.as_deref().map_or_else(Vec::new, |rows| sight.rows_for_bad_input(face, rows));
        answers.extend(body.face_level(|| body.sight().rows_for_bad_input(face, &face.answers)));
        let frame = body.scope.pop();
        let flow = Flow {
            name: (*action.name.value).into(),
            doc: action.doc.as_ref().map(|d| (*d.value).into()),
            inputs,
            frame,
            body: steps.into(),
            span: action.name.span,
        };
        LoweredAction { flow, doubt, answers, answer }
    }

    /// The fields, then `input` and `request_id`.
    fn action_inputs(&self, unit: UnitId, action: &ast::Action, body: &Body<'_>) -> Vec<Input> {
        let declared = self.types.inputs(unit, &action.input);
        let file = Sight::file(self, unit);
        let mut inputs: Vec<Input> = declared
            .iter()
            .map(|input| {
                let slot = body.declare(&input.name, LocalKind::Input, Values::NoLoop);
                let ty = input.ty.clone().map(|ty| match input.presence {
                    Presence::Required if input.default.is_none() => ty,
                    _ => ty.optional(),
                });
                let default = input.default.as_ref().map(|node| match (&ty, computed(node)) {
                    (Some(ty), false) => file.typed(node, ty, "s"),
                    _ => file.written(node),
                });
                Input { name: (*input.name.value).into(), slot, ty, default }
            })
            .collect();
        for name in ["input", "request_id"] {
            let slot = body.give(name);
            let default = Some(literal_written(Value::Null, action.name.span));
            inputs.push(Input { name: name.into(), slot, ty: None, default });
        }
        inputs
    }
}

impl Body<'_> {
    fn action_lets(&self, bindings: &[ast::Binding]) -> Vec<(u16, Written)> {
        let mut lets = vec![];
        for binding in bindings {
            let value = self.sight().written(&binding.value);
            lets.push((self.declare(&binding.name, LocalKind::Let, Values::NoLoop), value));
        }
        lets
    }

    /// What is asked when nobody knows whether a write happened.
    fn doubt(&self, action: &ast::Action) -> Doubt {
        match &action.doubt {
            None | Some(ast::Doubt::Report(_)) => Doubt::Report,
            Some(ast::Doubt::Repeat(_)) => Doubt::Repeat,
            Some(ast::Doubt::Look { span, call, with, found, status, body }) => {
                let (Some(call), Some(found)) = (call, found) else {
                    self.cx.set_broken();
                    return Doubt::Report;
                };
                let Some(asked) = self.cx.action(self.unit.get(), call) else { return Doubt::Report };
                if asked.effect != Effect::Read {
                    let message = format!("`{}` is no read", call.value);
                    self.cx.tell(
                        Diagnostic::error(&rules::LOOK_AT_A_WRITE, call.span, message)
                            .help("whether a write happened is asked with a read"),
                    );
                    return Doubt::Report;
                }
                let lets = action.lets.iter().filter_map(|binding| {
                    let (local, _) = self.scope.find(&binding.name.value)?;
                    Some((local.slot, self.sight().written(&binding.value)))
                });
                let lets = lets.collect();
                let step = super::body::nameless_step(*span);
                let with = self.with_action(&step, &asked, with.as_ref(), &CallRules::default());
                let mark = self.scope.mark();
                let answer = self.give("body");
                let sent_at = self.give("sent_at");
                let sight = self.sight();
                let look = Look {
                    lets,
                    call: (*call.value).into(),
                    with,
                    found: sight.code(found),
                    status: status.as_ref().map(|node| sight.typed(node, &Type::Integer, "")),
                    body: body.as_ref().map(|node| sight.written(node)),
                    answer,
                    sent_at,
                };
                self.scope.forget(mark);
                Doubt::Look(Arc::new(look))
            }
        }
    }
}

/// A read that deletes, a write that only reads.
fn check_effect(cx: &Cx<'_>, action: &ast::Action, request: &wf_plan::Request) {
    let verb = request.verb.as_str();
    let place = action.request.line.as_ref().map_or(action.name.span, |line| line.span);
    match action.effect {
        ast::Effect::Write if matches!(verb, "GET" | "HEAD") => {
            let message = format!("`{}` stands among the writes, and {verb} changes nothing", action.name.value);
            cx.tell(
                Diagnostic::error(&rules::EFFECT, place, message).help(
                    "an action that changes nothing stands under `reads`; a write has POST, PUT, PATCH or DELETE",
                ),
            );
        }
        ast::Effect::Read if verb == "DELETE" => {
            let message = format!("`{}` stands among the reads, and DELETE changes something", action.name.value);
            cx.tell(
                Diagnostic::error(&rules::EFFECT, place, message)
                    .help("an action that changes something stands under `writes`"),
            );
        }
        _ => {}
    }
}

/// At most one write on each path, and no vendor call after it: so "once" for the action is "once" for the vendor.
fn check_writes(cx: &Cx<'_>, action: &ast::Action, steps: &[ast::Step]) {
    if action.effect != ast::Effect::Write {
        return;
    }
    let mut written: Option<Span> = None;
    for step in steps {
        match &step.verb {
            ast::Verb::Request(request) => {
                let line = request.line.as_ref();
                let verb = line.and_then(|l| l.text.split(' ').next()).unwrap_or("");
                if let Some(first) = written {
                    let message = "a request after the write of this action";
                    cx.tell(
                        Diagnostic::error(&rules::SECOND_WRITE, line.map_or(step.at, |l| l.span), message)
                            .note(Some(first), "the write")
                            .help("a write is the last request of its path; make two actions of it"),
                    );
                }
                if !super::requests::READING.contains(&verb) && step.condition.is_none() {
                    written.get_or_insert(line.map_or(step.at, |l| l.span));
                }
            }
            ast::Verb::For(each) => {
                if let ast::Body::Steps(steps) = &each.body {
                    check_writes(cx, action, steps);
                }
            }
            ast::Verb::Return(_) if step.condition.is_none() => written = None,
            _ => {}
        }
    }
}

fn plain_step(cx: &Cx<'_>, verb: Verb, span: Span) -> Step {
    Step {
        number: cx.next_step(),
        id: None,
        condition: None,
        verb,
        on_error: wf_plan::OnError::Fail,
        retry: None,
        span,
    }
}

pub(crate) fn effect(effect: ast::Effect) -> Effect {
    match effect {
        ast::Effect::Read => Effect::Read,
        ast::Effect::Write => Effect::Write,
        ast::Effect::Tell => Effect::Tell,
    }
}

/// `The ticket desk: append note`
pub(crate) fn title(face: &ast::Connector, action: &str) -> Text {
    let of = face.title.as_ref().or(face.name.as_ref()).map_or("", |t| t.as_str());
    format!("{of}: {}", action.replace(['_', '.'], " ")).into()
}
