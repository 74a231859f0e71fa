//! Records of a `keys` connector (`connectors.md` §3): each operation on one is an action, `record.get`.

use wf_expr::{Written, WrittenKind};
use wf_plan::{Action, Doubt, Effect, Envelope, Flow, Frame, Input, Limits, OnError, Request, Step, Verb};
use wf_syntax::ast;
use wf_value::{InputField, InputSpec, Presence, Text, Type, Value};

use super::Cx;
use super::actions::title;
use super::program::literal_written;
use crate::names::{Local, LocalKind, Scope, Sight, UnitId, Values};

/// An operation on a record, carried out by one request.
pub(crate) struct RecordAction {
    pub(crate) contract: Action,
    pub(crate) flow: Flow,
}

const VALUE: [&str; 8] = ["get", "exists", "list", "set", "set_new", "delete", "expire", "rename"];
const COUNTER: [&str; 3] = ["get", "add", "delete"];

impl Cx<'_> {
    pub(crate) fn records(&self, unit: UnitId, face: &ast::Connector) -> Vec<RecordAction> {
        let mut actions = vec![];
        for record in &face.keys {
            let (ops, value): (&[&str], Type) = match &record.value {
                ast::RecordValue::Typed(ty) => (&VALUE, self.types.resolve(unit, ty)),
                ast::RecordValue::Counter(_) => (&COUNTER, Type::Integer),
                ast::RecordValue::Broken => {
                    self.set_broken();
                    continue;
                }
            };
            actions.extend(ops.iter().map(|op| self.record(unit, face, record, op, &value)));
        }
        actions
    }

    fn record(
        &self,
        unit: UnitId,
        face: &ast::Connector,
        record: &ast::Record,
        op: &str,
        value: &Type,
    ) -> RecordAction {
        let counter = matches!(record.value, ast::RecordValue::Counter(_));
        let declared = self.types.inputs(unit, &record.input);
        let mut input: InputSpec = self.types.spec(&declared);
        let known = input.fields.len();
        match op {
            "set" | "set_new" => {
                // stored as it is, nulls too
                let field = InputField {
                    presence: Presence::Nullable,
                    keep_empty: true,
                    ..InputField::required("value", value.clone())
                };
                input.fields.push(field);
                input.fields.push(InputField::optional("ttl", Type::Duration));
            }
            "expire" => input.fields.push(InputField::required("ttl", Type::Duration)),
            "rename" => input.fields.push(InputField::required("to", Type::Text)),
            "add" => {
                input.fields.push(InputField::optional("value", Type::Integer));
                input.fields.push(InputField::optional("ttl", Type::Duration));
            }
            _ => {}
        }
        let output = match op {
            "get" => value.clone().optional(),
            "exists" | "set_new" => Type::Boolean,
            "list" => Type::list(value.clone()),
            "add" => Type::Integer,
            _ => Type::Null,
        };
        if op == "list" {
            // all keys with the fixed beginning
            for field in &mut input.fields {
                field.presence = Presence::Optional;
            }
        }
        let connector = face.name.as_ref().map(|n| Text::from(&*n.value)).unwrap_or_default();
        let name: Text = format!("{}.{op}", record.name.value).into();
        let span = record.name.span;
        let scope = Scope::new(format!("the record {}", record.name.value));
        let inputs: Vec<Input> = input
            .fields
            .iter()
            .enumerate()
            .map(|(i, field)| {
                let slot = scope.slot(&field.name);
                if i < known {
                    let local = Local {
                        name: (*field.name).into(),
                        slot,
                        span: declared.get(i).map_or(span, |d| d.name.span),
                        kind: LocalKind::Given,
                        values: Values::NoLoop,
                    };
                    scope.show(local);
                }
                let ty = if field.must_be_there() && field.presence == Presence::Required {
                    field.ty.clone()
                } else {
                    field.ty.clone().optional()
                };
                Input { name: field.name.clone(), slot, ty: Some(ty), default: None }
            })
            .collect();
        let request = self.record_request(unit, record, op, &scope, &inputs, &output);
        let step = Step {
            number: self.next_step(),
            id: None,
            condition: None,
            verb: Verb::Request(Box::new(request)),
            on_error: OnError::Fail,
            retry: None,
            span,
        };
        let frame: Frame = scope.pop();
        let flow = Flow {
            name: name.clone(),
            doc: record.doc.as_ref().map(|d| (*d.value).into()),
            inputs,
            frame,
            body: vec![step].into(),
            span,
        };
        let effect = if matches!(op, "get" | "exists" | "list") { Effect::Read } else { Effect::Write };
        let contract = Action {
            full_name: wf_plan::FullName::default(),
            title: title(face, &name),
            subject: literal_written(Value::Text(format!("{connector}.{name}").into()), span),
            queue: face.queue.as_ref().map(|q| (*q.value).into()),
            effect,
            envelope: Envelope::Body,
            input,
            output,
            replies: true,
            claims: true,
            outcomes: vec![],
            accept: None,
            about: vec![],
            wait_ms: 0,
            doubt: if !counter && matches!(op, "set" | "delete" | "expire") { Doubt::Repeat } else { Doubt::Report },
            memory: true,
            span,
            connector,
            name,
        };
        RecordAction { contract, flow }
    }

    fn record_request(
        &self,
        unit: UnitId,
        record: &ast::Record,
        op: &str,
        scope: &Scope,
        inputs: &[Input],
        output: &Type,
    ) -> Request {
        let sight = Sight::steps(self, unit, scope);
        let target = record.key.as_ref().map(|node| sight.written(node));
        let mut extra: Vec<(Text, Written)> = vec![];
        for name in ["value", "to"] {
            if let Some(input) = inputs.iter().find(|i| i.name.as_str() == name) {
                extra.push((name.into(), slot(input, record.name.span)));
            }
        }
        if let Some(input) = inputs.iter().find(|i| i.name.as_str() == "ttl") {
            extra.push(("ttl".into(), slot(input, record.name.span)));
        }
        if let Some(node) = &record.ttl {
            extra.push(("default_ttl".into(), sight.duration(node, "h")));
        }
        if let ast::RecordValue::Typed(ty) = &record.value
            && is_text(&self.types.resolve(unit, ty))
        {
            extra.push(("form".into(), literal_written(Value::text("text"), record.name.span)));
        }
        if record.unfit_is_absent {
            extra.push(("unfit".into(), literal_written(Value::text("absent"), record.name.span)));
        }
        let verb = op.to_uppercase();
        Request {
            is_write: !matches!(op, "get" | "exists" | "list"),
            verb: verb.as_str().into(),
            base_url: None,
            target,
            method: None,
            template: format!("{}.{op}", record.name.value).into(),
            query: None,
            headers: Vec::new(),
            auth: None,
            limits: Limits::default(),
            body: None,
            extra,
            vendor: output.clone(),
            answers: vec![],
            reply: None,
            pages: None,
            accept: None,
            retry: None,
            expired: None,
            follow_redirects: false,
            cache: None,
            expects_json: false,
            output: Some(output.clone()),
            answer: scope.slot("answer"),
            page: scope.slot("page"),
            read: scope.slot("read"),
            session: scope.slot("session"),
            span: record.name.span,
        }
    }
}

/// What is stored as plain text, not as JSON.
fn is_text(ty: &Type) -> bool {
    matches!(
        ty.required(),
        Type::Text | Type::Url | Type::Regex | Type::Zone | Type::Duration | Type::Time(_) | Type::Enum(_)
    )
}

/// The value of an input.
fn slot(input: &Input, span: wf_source::Span) -> Written {
    let slot = wf_expr::Slot { up: 0, index: input.slot };
    let code = wf_expr::Code { kind: wf_expr::Kind::Slot(slot), span, text: input.name.clone() };
    Written { kind: WrittenKind::Code(code), span }
}
