//! Inputs as connectors declare them, with what the recorded cases send.

use std::sync::Arc;

use wf_value::input::{Extra, Fallback, Presence};
use wf_value::{Enum, Field, InputField, InputSpec, Refusal, TimeFormat, Type, Value, coerce, decode};

fn value(json: &str) -> Value {
    decode(json).unwrap_or_else(|error| error.to_string().into())
}

/// What is taken, or the refusals as callers see them, without their messages.
fn take(spec: &InputSpec, json: &str) -> String {
    match spec.take(&value(json), |_| Value::Int(100)) {
        Ok(input) => Value::from(input).encode().unwrap_or_else(|error| error.to_string()),
        Err(refusals) => refusals
            .iter()
            .map(|refusal| {
                let entry = refusal.to_value();
                let part = |key: &str| entry.as_map().map(|m| m.get(key)).unwrap_or_default();
                format!("{} {}", part("loc").print_lenient(), part("type").print_lenient())
            })
            .collect::<Vec<_>>()
            .join(", "),
    }
}

fn coerced(json: &str, ty: &Type) -> String {
    match coerce(&value(json), ty) {
        Ok(value) => format!("{value:?}"),
        Err(refusals) => Refusal::sentence(&refusals),
    }
}

fn enumeration(values: &[&str]) -> Type {
    Type::Enum(Arc::new(Enum { name: "".into(), values: values.iter().map(|v| (*v).into()).collect(), open: false }))
}

fn field(name: &str, ty: Type) -> Field {
    Field { name: name.into(), ty, default: None }
}

#[test]
fn nothing_is_lost_by_coercion() {
    let time = Type::Time(Arc::new(TimeFormat::new(Some("YYYY-MM-DD HH:mm:ssZZ"), Some("UTC")).unwrap_or_default()));
    for (json, ty, expected) in [
        (r#""30000""#, Type::Integer, "30000"),
        (r#""0012""#, Type::Integer, "12"),
        (r#""-7""#, Type::Integer, "-7"),
        ("7.0", Type::Integer, "7"),
        (r#""00123456789012345678901234567890""#, Type::Integer, "123456789012345678901234567890"),
        (r#""7.5""#, Type::Number, "7.5"),
        (r#""12""#, Type::Number, "12"),
        ("5", Type::Text, r#""5""#),
        ("2.5", Type::Text, r#""2.5""#),
        ("77", Type::Id, "id(77)"),
        (r#""0077""#, Type::Scalar, r#""0077""#),
        ("77", Type::Scalar, "77"),
        (r#""Yes""#, Type::Boolean, "true"),
        ("0", Type::Boolean, "false"),
        (r#""2022-06-01T09:05:44-04:00""#, Type::timestamp(), "2022-06-01T13:05:44Z"),
        (r#""30s""#, Type::Duration, "30s"),
        (r#""4MB""#, Type::Size, "4000000"),
        (r#""aGk=""#, Type::Bytes, "2 bytes"),
        (r#"[1, null, {"a": null}]"#, Type::list(Type::Any), r#"[1, null, {"a": null}]"#),
        (r#"["1", 2]"#, Type::list(Type::Integer), "[1, 2]"),
        (r#"{"a": "1"}"#, Type::map(Type::Integer), r#"{"a": 1}"#),
        ("null", Type::Text.optional(), "null"),
        (r#""VOO""#, enumeration(&["VOO", "VAS"]), r#""VOO""#),
        (r#""US/Eastern""#, Type::Zone, r#""US/Eastern""#),
        (r#""s3cret""#, Type::Secret, "Secret(***)"),
        ("5", Type::Union(vec![time.clone(), Type::Any].into()), "5"),
    ] {
        assert_eq!(coerced(json, &ty), expected, "{json} as {}", ty.words());
    }
    // what comes in ISO goes on in ISO
    let came = coerce(&value(r#""2022-06-01T13:05:44.000Z""#), &time).map(|v| v.written());
    assert_eq!(came, Ok("2022-06-01T13:05:44.000Z".into()));
}

#[test]
fn what_would_be_lost_is_refused_with_the_expectation() {
    for (json, ty, expected) in [
        (r#""abc""#, Type::Integer, "the body should be an integer, it is 'abc'"),
        ("7.5", Type::Integer, "the body should be an integer, it is 7.5"),
        ("true", Type::Integer, "the body should be an integer, it is true"),
        (r#"" 7""#, Type::Integer, "the body should be an integer, it is ' 7'"),
        (r#"" 7.5""#, Type::Number, "the body should be a number, it is ' 7.5'"),
        ("true", Type::Text, "the body should be a text, it is true"),
        ("2", Type::Boolean, "the body should be a boolean, it is 2"),
        ("false", Type::Scalar, "the body should be a text or a number, it is false"),
        (
            r#""2022-06-01T13:05:44""#,
            Type::timestamp(),
            "the body should be a timestamp with its zone, it is '2022-06-01T13:05:44'",
        ),
        ("30", Type::Duration, "the body should be a duration, it is 30"),
        (
            r#"["1", "x", null]"#,
            Type::list(Type::Integer),
            "[1] should be an integer, it is 'x'; [2] is null, it should be an integer",
        ),
        (r#""VXX""#, enumeration(&["VOO", "VAS"]), "the body should be VOO or VAS, it is 'VXX'"),
        (r#""Mars""#, Type::Zone, "the body should be a zone, it is 'Mars'"),
        ("[1]", Type::Secret, "the body should be a secret, it is a list"),
    ] {
        assert_eq!(coerced(json, &ty), expected, "{json} as {}", ty.words());
    }
}

#[test]
fn shapes_are_checked_to_the_depth_that_is_declared() {
    let edge = Type::shape(
        "edge",
        vec![field("host", Type::Text), field("edge_id", Type::Integer), field("name", Type::Text.optional())],
    );
    let ty = Type::list(edge);
    assert_eq!(
        coerced(r#"[{"host":"h","edge_id":"7","other":{"x":null},"name":null}]"#, &ty),
        r#"[{"host": "h", "edge_id": 7, "other": {"x": null}, "name": null}]"#
    );
    assert_eq!(
        coerced(r#"[{"edge_id":null}]"#, &ty),
        "[0].host is missing, it should be a text; [0].edge_id is null, it should be an integer"
    );
}

#[test]
fn bad_fields_are_listed_one_by_one() {
    let spec = InputSpec {
        fields: vec![InputField::required("email_id", Type::Integer), InputField::required("email_status", Type::Text)],
        ..InputSpec::default()
    };
    assert_eq!(
        take(&spec, r#"{"email_id":"abc"}"#),
        r#"["email_id"] type_error.integer, ["email_status"] value_error.missing"#
    );
    assert_eq!(take(&spec, "{}"), r#"["email_id"] value_error.missing, ["email_status"] value_error.missing"#);
    assert_eq!(take(&spec, "null"), r#"["__root__"] type_error"#);
    assert_eq!(take(&spec, "[1]"), r#"["__root__"] type_error"#);
    let told = spec.take(&Value::Null, |_| Value::Null).map_err(|refusals| Refusal::sentence(&refusals));
    assert_eq!(
        told.err().as_deref(),
        Some("the body is missing, it should be an object with email_id (integer), email_status (text)")
    );
}

fn reply_to_email() -> InputSpec {
    let html = InputField {
        default: Some(Fallback::Value(true.into())),
        ..InputField::required("html_reply_body", Type::Boolean)
    };
    let body = InputField { keep_empty: true, ..InputField::required("reply_body", Type::Text) };
    InputSpec {
        fields: vec![InputField::required("parent_email_id", Type::Integer), body, html],
        refuse_nulls: true,
        ..InputSpec::default()
    }
}

#[test]
fn an_email_is_replied_to() {
    let spec = reply_to_email();
    assert_eq!(
        take(&spec, r#"{"parent_email_id":"x","reply_body":null,"html_reply_body":"maybe"}"#),
        r#"["parent_email_id"] type_error.integer, ["reply_body"] type_error.none.not_allowed, ["html_reply_body"] type_error.bool"#
    );
    assert_eq!(
        take(&spec, r#"{"parent_email_id":"12","reply_body":5,"html_reply_body":"no"}"#),
        r#"{"parent_email_id":12,"reply_body":"5","html_reply_body":false}"#
    );
    assert_eq!(
        take(&spec, r#"{"reply_body":"","parent_email_id":12}"#),
        r#"{"reply_body":"","parent_email_id":12,"html_reply_body":true}"#
    );
}

fn find_tickets() -> InputSpec {
    let page_size = InputField {
        default: Some(Fallback::Computed),
        min: Some(1.into()),
        ..InputField::required("page_size", Type::Integer)
    };
    let statuses = InputField { single: true, ..InputField::required("ticket_statuses", Type::list(Type::Text)) };
    let fields = vec![
        statuses,
        InputField::optional("client_id", Type::Scalar),
        InputField::optional("start_date", Type::timestamp()),
        page_size,
    ];
    InputSpec { fields, extra: Extra::Scalars, refuse_nulls: true, ..InputSpec::default() }
}

#[test]
fn filters_pass_as_they_came_and_null_is_no_filter() {
    let spec = find_tickets();
    assert_eq!(
        take(&spec, r#"{"call_type_2":[7,"8"],"client_id":30012,"ticket_statuses":"New","site":""}"#),
        r#"{"call_type_2":[7,"8"],"client_id":30012,"ticket_statuses":["New"],"site":"","page_size":100}"#
    );
    assert_eq!(take(&spec, r#"{"ticket_statuses":[],"client_id":""}"#), r#"{"ticket_statuses":[],"page_size":100}"#);
    assert_eq!(
        take(&spec, r#"{"ticket_statuses":null,"client_id":null,"x":null,"archived":false,"y":{}}"#),
        r#"["ticket_statuses"] type_error.none.not_allowed, ["client_id"] type_error.none.not_allowed, ["x"] type_error.none.not_allowed, ["archived"] type_error.str, ["y"] type_error.str"#
    );
    assert_eq!(
        take(&spec, r#"{"ticket_statuses":["New"],"page_size":0}"#),
        r#"["page_size"] value_error.number.not_ge"#
    );
    assert_eq!(take(&spec, r#"{"ticket_statuses":[[]]}"#), r#"["ticket_statuses",0] type_error.str"#);
}

#[test]
fn nullable_fields_keep_null_and_extra_fields_pass() {
    let nullable = |name: &str, ty| InputField { presence: Presence::Nullable, ..InputField::required(name, ty) };
    let notes =
        InputField { default: Some(Fallback::Value(Value::from(vec![]))), ..nullable("notes", Type::list(Type::Any)) };
    let contact = Type::shape("contact", vec![field("email", Type::Text), field("phone", Type::Text.optional())]);
    let spec = InputSpec {
        fields: vec![nullable("clientId", Type::Scalar), nullable("contacts", Type::list(contact)), notes],
        extra: Extra::Any,
        ..InputSpec::default()
    };
    assert_eq!(
        take(&spec, r#"{"clientId":"7","contacts":null,"some_key":{"inner_key":true},"none":null}"#),
        r#"{"clientId":"7","contacts":null,"some_key":{"inner_key":true},"none":null,"notes":[]}"#
    );
    assert_eq!(
        take(&spec, r#"{"clientId":null,"contacts":[],"notes":null}"#),
        r#"{"clientId":null,"contacts":[],"notes":null}"#
    );
    assert_eq!(
        take(&spec, r#"{"contacts":[{"phone":null}]}"#),
        r#"["clientId"] value_error.missing, ["contacts",0,"email"] value_error.missing"#
    );
}

#[test]
fn some_fields_must_be_filled_and_one_of_some_given() {
    let kept = |name: &str| InputField { keep_empty: true, ..InputField::optional(name, Type::Scalar) };
    let spec = InputSpec {
        fields: vec![InputField::required("ticket_id", Type::Scalar), kept("service_number"), kept("detail_id")],
        needs: vec!["ticket_id".into()],
        any_of: vec!["service_number".into(), "detail_id".into()],
        ..InputSpec::default()
    };
    assert_eq!(take(&spec, r#"{"ticket_id":5,"detail_id":0}"#), r#"{"ticket_id":5,"detail_id":0}"#);
    assert_eq!(take(&spec, r#"{"ticket_id":0,"detail_id":1}"#), r#"["ticket_id"] value_error"#);
    assert_eq!(take(&spec, r#"{"detail_id":1}"#), r#"["ticket_id"] value_error.missing"#);
    assert_eq!(
        take(&spec, r#"{"ticket_id":5,"service_number":"","detail_id":null}"#),
        r#"["__root__"] value_error.missing"#
    );
    assert_eq!(take(&spec, r#"{"ticket_id":5,"detail_id":[]}"#), r#"["detail_id"] type_error.str"#);
    let nested = InputSpec {
        fields: vec![InputField::required("email", Type::map(Type::Any))],
        needs: vec!["email".into(), "email.email_id".into()],
        ..InputSpec::default()
    };
    assert_eq!(take(&nested, r#"{"email":{"email_id":""}}"#), r#"["email","email_id"] value_error"#);
    assert_eq!(take(&nested, r#"{"email":{"email_id":"1"}}"#), r#"{"email":{"email_id":"1"}}"#);
    let whole = InputSpec { needs: vec!["input".into()], extra: Extra::Any, ..InputSpec::default() };
    assert_eq!(take(&whole, "{}"), r#"["__root__"] value_error.missing"#);
    assert_eq!(take(&whole, r#"{"a":1}"#), r#"{"a":1}"#);
}
