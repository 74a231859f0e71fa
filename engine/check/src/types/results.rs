//! Types of what steps give, as the machine makes it.

use std::sync::Arc;

use wf_expr::types::join::join_all;
use wf_plan::{Action, Loop};
use wf_value::{Enum, Field, ShapeType, Text, Type};

fn field(name: &str, ty: Type) -> Field {
    Field { name: name.into(), ty, default: None }
}

/// `{ok, failed, status, outcome, cause, body, refusal}`; the body is known only when it is ok.
pub(super) fn of_call(action: &Action) -> Type {
    of_call_with(action, action.output.clone())
}

/// The same, where something else tells what the body is.
pub(super) fn of_call_with(action: &Action, body: Type) -> Type {
    let names: Vec<Text> = action.outcomes.iter().map(|outcome| outcome.name.clone()).collect();
    // of an action that names none it is null
    let outcome = Type::Enum(Arc::new(Enum { name: outcomes_of(action), values: names, open: false }));
    answered(outcome, body)
}

/// The same of a request to a vendor.
pub(super) fn of_request(body: Type) -> Type {
    answered(Type::Text, body)
}

/// The name of the set of an action's outcomes.
pub(super) fn outcomes_of(action: &Action) -> Text {
    format!("outcome of {}", action.full_name()).into()
}

fn answered(outcome: Type, body: Type) -> Type {
    Type::shape(
        "result of a call",
        vec![
            field("ok", Type::Boolean),
            field("failed", Type::Boolean),
            field("status", Type::Integer),
            field("outcome", outcome.optional()),
            field("cause", Type::Text.optional()),
            field("body", body),
            field("refusal", Type::Any),
        ],
    )
}

/// `{values, done, skipped, left_out, failed, undecided, held, …named}`
pub(super) fn of_loop(each: &Loop, values: Type, item: &Type) -> Type {
    let mut fields = vec![field("values", Type::list(values))];
    for name in ["done", "skipped", "left_out", "failed", "undecided", "held"] {
        fields.push(field(name, Type::list(item.clone())));
    }
    fields.extend(each.named.iter().map(|name| field(name, Type::list(item.clone()))));
    Type::shape("result of a loop", fields)
}

/// `error` of an `on_error` block: `{step, item, status, outcome, refusal, cause, message}`.
pub(super) fn error(item: Type) -> Type {
    Type::shape(
        "error",
        vec![
            field("step", Type::Text),
            field("item", item),
            field("status", Type::Integer.optional()),
            field("outcome", Type::Text.optional()),
            field("refusal", Type::Any),
            field("cause", Type::Text.optional()),
            field("message", Type::Text),
        ],
    )
}

/// `failed` of a report: `{workflow, title, about, status, refusal, cause, message}`.
pub(super) fn failed() -> Type {
    Type::shape(
        "failed",
        vec![
            field("workflow", Type::Text),
            field("title", Type::Text),
            field("about", Type::Text),
            field("status", Type::Integer),
            field("refusal", Type::Any),
            field("cause", Type::Text.optional()),
            field("message", Type::Text),
        ],
    )
}

/// `env`: `{name, writes, workflow}`.
pub(super) fn env(environments: &[Text]) -> Type {
    let names = match environments.is_empty() {
        true => Type::Text,
        false => Type::Enum(Arc::new(Enum { name: "environment".into(), values: environments.to_vec(), open: false })),
    };
    Type::shape("env", vec![field("name", names), field("writes", Type::Boolean), field("workflow", Type::Text)])
}

/// What a value is when it came over the bus and nobody declares its type: times and durations are texts.
pub(super) fn on_the_wire(ty: &Type) -> Type {
    match ty {
        Type::Time(_) | Type::Duration | Type::Bytes | Type::Regex | Type::Zone | Type::Url => Type::Text,
        Type::Id => Type::Scalar,
        Type::Size => Type::Integer,
        Type::Optional(of) => on_the_wire(of).optional(),
        Type::List(of) | Type::Range(of) => Type::list(on_the_wire(of)),
        Type::Union(types) => join_all(types.iter().map(on_the_wire)),
        // of which nothing was declared, nothing is
        Type::Map(shape) if shape.others.as_ref().is_none_or(|of| *of == Type::Any) => Type::Any,
        Type::Map(shape) => Type::Map(Arc::new(shape_on_the_wire(shape))),
        Type::Shape(shape) => Type::Shape(Arc::new(shape_on_the_wire(shape))),
        other => other.clone(),
    }
}

fn shape_on_the_wire(shape: &ShapeType) -> ShapeType {
    let fields =
        shape.fields.iter().map(|f| Field { name: f.name.clone(), ty: on_the_wire(&f.ty), default: f.default.clone() });
    ShapeType { name: shape.name.clone(), fields: fields.collect(), others: shape.others.as_ref().map(on_the_wire) }
}

/// `trigger` of a flow that an http trigger starts: `{headers, query, body}`.
pub(super) fn trigger(body: Type) -> Type {
    Type::shape(
        "trigger",
        vec![field("headers", Type::map(Type::Text)), field("query", Type::map(Type::Text)), field("body", body)],
    )
}

/// What `defer` and `cancel` say.
pub(super) fn said(name: &str) -> Type {
    Type::shape("", vec![field(name, Type::Boolean)])
}

/// `answer` of a request: `{status, headers, body, text, message, url, errors}`.
pub(super) fn answer(body: Type) -> Type {
    let refused =
        Type::shape("", vec![field("loc", Type::list(Type::Any)), field("msg", Type::Text), field("type", Type::Text)]);
    Type::shape(
        "answer",
        vec![
            field("status", Type::Integer.optional()),
            field("headers", Type::map(Type::Text)),
            field("body", body),
            field("text", Type::Text),
            field("message", Type::Text),
            field("url", Type::Text),
            field("errors", Type::list(refused)),
        ],
    )
}

/// A name that the engine fills when a frame begins.
pub(super) fn reserved(name: &str) -> Option<Type> {
    match name {
        "attempt" => Some(Type::Integer),
        "run" => {
            let fields = vec![field("id", Type::Text), field("workflow", Type::Text), field("flow", Type::Text)];
            Some(Type::shape("run", fields))
        }
        // what a task trigger works on; its data are anybody's
        "task" => {
            let texts = ["kind", "key"].map(|name| field(name, Type::Text));
            let others = [field("due", Type::timestamp()), field("data", Type::Any)];
            Some(Type::shape("task", texts.into_iter().chain(others).collect()))
        }
        _ => None,
    }
}
