//! Actions of a connector: their inputs, what they do, what they reply.

use wf_expr::types::join::forms;
use wf_expr::types::{fits, words};
use wf_expr::{Key, Written, WrittenKind};
use wf_plan::{Action, ConnectorAction, Doubt, Face, Flow, Limits};
use wf_source::Diagnostic;
use wf_value::{Field, ShapeType, Type};

use super::calls::{code_span, input_type};
use super::requests::rows;
use super::steps::reply_of;
use super::walk::{Frame, Walk};
use super::{results, rules};

impl Walk<'_> {
    /// Walks all that one file of a connector does.
    pub(super) fn face(&mut self, face: &Face) {
        self.apart(Frame::default(), |this| {
            for written in face.settings.iter().map(|(_, written)| written).chain(&face.verify_tls) {
                this.infer(written);
            }
            this.limits(&face.limits);
        });
        for setting in &face.config {
            if let Some(parse) = &setting.parse {
                self.apart(Frame(vec![Some(Type::Text)]), |this| this.infer_code(parse));
            }
        }
        for action in &face.actions {
            self.contract(&action.contract);
            self.action(action);
        }
    }

    /// What callers decide: the subject, outcomes, what a report names.
    fn contract(&mut self, action: &Action) {
        let input = input_type(&action.input);
        self.apart(Frame(vec![Some(input)]), |this| {
            this.public(&action.subject, "a subject");
            for about in &action.about {
                this.public(&about.value, "a report");
            }
        });
        for outcome in &action.outcomes {
            let Some(condition) = &outcome.condition else { continue };
            self.apart(Frame(vec![Some(Type::Any)]), |this| this.condition(condition));
        }
    }

    fn action(&mut self, action: &ConnectorAction) {
        let module = self.module;
        let Some(flow) = module.flow(action.flow) else { return };
        let frame = frame_of(flow, &action.contract);
        self.replies = Some(action.contract.output.clone());
        self.apart(frame, |this| {
            this.flow = Some(flow);
            this.defaults(flow);
            let mark = this.mark();
            this.open_block(&flow.body);
            if let Doubt::Look(look) = &action.contract.doubt {
                this.look(look);
            }
            this.forget(mark);
            this.set(action.answer, results::answer(Type::Any));
            rows(this, &action.answers);
        });
        self.replies = None;
    }

    /// Defaults see what the file declares.
    fn defaults(&mut self, flow: &Flow) {
        for input in &flow.inputs {
            if let (Some(ty), Some(default)) = (&input.ty, &input.default) {
                self.check(default, ty, Some(&input.name));
            }
        }
    }

    /// The read that tells whether a write happened.
    fn look(&mut self, look: &wf_plan::Look) {
        for (slot, written) in &look.lets {
            let ty = self.infer(written);
            self.set(*slot, ty);
        }
        let asked = self.around.action(&look.call);
        if let Some(asked) = &asked {
            self.hand(asked, &look.with);
        }
        self.set(look.answer, asked.map_or(Type::Any, |asked| asked.output.clone()));
        self.set(look.sent_at, Type::timestamp());
        self.condition(&look.found);
        self.assume(&look.found, true);
        if let Some(status) = &look.status {
            self.check(status, &Type::Integer, None);
        }
        if let Some(body) = &look.body {
            self.public(body, "a reply");
        }
    }

    pub(super) fn limits(&mut self, limits: &Limits) {
        let places = [
            (&limits.timeout, Type::Duration),
            (&limits.concurrency, Type::Integer),
            (&limits.rate, Type::Number),
            (&limits.pages, Type::Integer),
            (&limits.bytes, Type::Size),
        ];
        for (written, ty) in places {
            if let Some(written) = written {
                self.check(written, &ty, None);
            }
        }
    }

    /// What a flow returns; of an action `{status, body}`, where the body is of the type of its output.
    pub(super) fn replied(&mut self, value: &Written) -> Type {
        let Some(output) = self.replies.clone() else { return self.infer(value) };
        let ty = self.public(value, "a reply");
        let WrittenKind::Map(entries) = &value.kind else { return ty };
        let entry = |name: &str| {
            entries.iter().find(|e| matches!(&e.key, Key::Text(key) if key.as_str() == name)).map(|e| &e.value)
        };
        if let Some(status) = entry("status") {
            self.check(status, &Type::Integer, Some("status"));
        }
        if let Some((body, true)) = reply_of(value) {
            let given = self.infer(body);
            self.fits_output(&given, &output, Some(body), body.span);
        }
        ty
    }

    /// What is replied is of the outermost kind of the output. What is wrong deeper inside is drift, told when it runs.
    pub(super) fn fits_output(
        &mut self,
        given: &Type,
        output: &Type,
        written: Option<&Written>,
        span: wf_source::Span,
    ) {
        if same_kind(given, output) {
            return;
        }
        let message = format!("this is {}, and the action's `output` is {}", words::a(given), words::a(output));
        let at = written.map_or(span, code_span);
        self.tell(
            Diagnostic::error(&rules::WRONG_REPLY, at, message)
                .help("say in `output` what is replied, or make it so with `reply`"),
        );
    }
}

fn same_kind(given: &Type, output: &Type) -> bool {
    let outermost = |ty: &Type| match ty {
        Type::List(_) => Type::list(Type::Any),
        Type::Map(_) | Type::Shape(_) => Type::map(Type::Any),
        other => other.clone(),
    };
    given.is_optional() && output.is_optional()
        || forms(given)
            .iter()
            .any(|given| forms(output).iter().any(|output| fits(&outermost(given), &outermost(output), false)))
}

/// The inputs of an action by their types, `input` with all of them, `request_id`.
fn frame_of(flow: &Flow, action: &Action) -> Frame {
    let mut frame = Frame::new(&flow.frame.names, []);
    let mut fields = vec![];
    for input in &flow.inputs {
        let ty = match (input.name.as_str(), &input.ty) {
            ("request_id", None) => Type::Text,
            ("input", None) => continue,
            (_, Some(ty)) => ty.clone(),
            (_, None) => Type::Any,
        };
        if input.name.as_str() != "request_id" {
            fields.push(Field { name: input.name.clone(), ty: ty.clone(), default: None });
        }
        if let Some(slot) = frame.0.get_mut(usize::from(input.slot)) {
            *slot = Some(ty);
        }
    }
    if let Some(input) = flow.inputs.iter().find(|input| input.name.as_str() == "input")
        && let Some(slot) = frame.0.get_mut(usize::from(input.slot))
    {
        let others = (action.input.extra != wf_value::Extra::Drop).then_some(Type::Any);
        *slot = Some(Type::Shape(ShapeType { name: "input".into(), fields, others }.into()));
    }
    frame
}
