//! Settings of the connector of a case: what the case says, and the standard ones that the format of cases lists.

use wf_plan::{Connector, Override, Setting};
use wf_source::Span;
use wf_syntax::ast::Binding;
use wf_value::{Map, Text, Type, Value};

use crate::data;
use crate::stop::Stop;

/// Neither may ever be seen outside of a request to the vendor.
pub(crate) const SECRETS: [&str; 2] = ["s3cret-must-not-leak", "k3y-must-not-leak"];

/// Settings that have a value of their own in all cases.
const NAMED: [(&str, &str); 1] = [("ipa_username", "Intelygenz Ai")];

/// Not a setting of the connector, but of where it runs.
const ENVIRONMENT: &str = "environment";

/// All settings that have a value in the case; `base` stands for `{stub}`.
pub(crate) fn overrides(connector: &Connector, config: &[Binding], base: &str) -> Result<Vec<Override>, Stop> {
    let settings = || connector.faces.iter().flat_map(|face| &face.config);
    let mut overrides: Vec<Override> = Vec::new();
    for binding in config.iter().filter(|b| b.name.as_str() != ENVIRONMENT) {
        let name = binding.name.as_str();
        let setting = settings().find(|s| s.param.name.as_str() == name);
        let names = settings().map(|s| s.param.name.as_str());
        let setting = setting.ok_or_else(|| Stop::unknown("setting", &binding.name, names))?;
        let value = accounts(at_stub(data::value(&binding.value), base), &setting.param.ty, base);
        overrides.push(Override {
            name: setting.param.name.clone(),
            value,
            span: binding.value.span,
            place: Text::default(),
        });
    }
    for setting in settings().filter(|s| s.param.default.is_none() && !s.param.ty.is_optional()) {
        if overrides.iter().any(|o| o.name == setting.param.name) {
            continue;
        }
        if let Some(value) = standard(&setting.param.name, &setting.param.ty, base) {
            overrides.push(Override {
                name: setting.param.name.clone(),
                value,
                span: span(setting),
                place: Text::default(),
            });
        }
    }
    Ok(overrides)
}

/// The environment that the case names.
pub(crate) fn environment(config: &[Binding]) -> Value {
    let named = config.iter().find(|b| b.name.as_str() == ENVIRONMENT).map(|b| data::value(&b.value));
    let name = named.unwrap_or_else(|| "production".into());
    [(Text::from("name"), name)].into_iter().collect::<Map>().into()
}

fn span(setting: &Setting) -> Span {
    setting.param.span
}

/// The value of a setting that the case leaves out, by its type and the words of its name.
fn standard(name: &str, ty: &Type, base: &str) -> Option<Value> {
    let last = name.rsplit('.').next().unwrap_or(name);
    let has = |words: &[&str]| words.iter().any(|word| last.split(['_', '-']).any(|part| part == *word));
    Some(match ty.required() {
        Type::Url => base.into(),
        Type::List(_) => Value::from(Vec::new()),
        Type::Map(_) => Map::default().into(),
        Type::Text | Type::Secret | Type::Scalar | Type::Id => match NAMED.iter().find(|(named, _)| *named == last) {
            Some((_, value)) => (*value).into(),
            None if has(&["secret", "password"]) => SECRETS[0].into(),
            None if has(&["key", "token"]) => SECRETS[1].into(),
            None if has(&["url", "webhook", "host", "server", "endpoint"]) => base.into(),
            None => "user".into(),
        },
        _ => return None,
    })
}

/// A list of names where accounts are wanted: the standard account at each.
fn accounts(value: Value, ty: &Type, base: &str) -> Value {
    let Type::List(element) = ty.required() else { return value };
    let (Type::Shape(shape), Value::List(list)) = (element.required(), &value) else { return value };
    let account = |item: &Value| match item {
        Value::Text(_) => {
            let fields = shape.fields.iter().enumerate().filter_map(|(i, field)| match i {
                0 => Some((field.name.clone(), item.clone())),
                _ => Some((field.name.clone(), standard(&field.name, &field.ty, base)?)),
            });
            fields.collect::<Map>().into()
        }
        other => other.clone(),
    };
    list.raw().iter().map(account).collect::<Vec<_>>().into()
}

fn at_stub(value: Value, base: &str) -> Value {
    match value {
        Value::Text(text) if text.contains("{stub}") => Value::text(text.replace("{stub}", base).as_str()),
        Value::List(list) => list.raw().iter().map(|v| at_stub(v.clone(), base)).collect::<Vec<_>>().into(),
        Value::Map(map) => map.raw_iter().map(|(k, v)| (k.clone(), at_stub(v.clone(), base))).collect::<Map>().into(),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use wf_value::Field;

    use super::*;

    fn field(name: &str, ty: Type) -> Field {
        Field { name: name.into(), ty, default: None }
    }

    #[test]
    fn what_a_case_leaves_out_is_told_by_its_name() {
        let of = |name: &str, ty: Type| standard(name, &ty, "http://s").map(|v| v.print_lenient().to_string());
        assert_eq!(of("base_url", Type::Url).as_deref(), Some("http://s"));
        assert_eq!(of("client_id", Type::Secret).as_deref(), Some("user"));
        assert_eq!(of("client_secret", Type::Secret).as_deref(), Some(SECRETS[0]));
        assert_eq!(of("x.api_key", Type::Secret).as_deref(), Some(SECRETS[1]));
        assert_eq!(of("hook.webhook", Type::Secret).as_deref(), Some("http://s"));
        assert_eq!(of("size", Type::Integer), None);
    }

    #[test]
    fn names_of_hosts_are_standard_accounts() {
        let fields = vec![field("host", Type::Text), field("user", Type::Text), field("password", Type::Secret)];
        let ty = Type::list(Type::shape("account", fields));
        let value = accounts(vec![Value::from("a.example")].into(), &ty, "");
        let expected = r#"[{"host":"a.example","user":"user","password":"s3cret-must-not-leak"}]"#;
        assert_eq!(value.encode().as_deref(), Ok(expected));
    }
}
