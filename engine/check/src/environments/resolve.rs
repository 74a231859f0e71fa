//! The params of a run: defaults, then the environment, an instance, the command line.

use wf_expr::read;
use wf_plan::{Environment, Override, Param, Params, Plan, Provenance};
use wf_source::{Diagnostic, nearest};
use wf_value::{Text, Unknown, UnknownKind, Value, coerce};

use crate::lower::{out_of_bounds, rules};

/// A value that is handed in for a param.
#[derive(Clone, Debug)]
pub enum Given {
    /// As it is written on a command line: read by the type of the param.
    Raw(String),
    /// Of a case, or of a program.
    Value(Value),
    /// Nothing gives it a value, and that is no mistake as long as nobody reads it: who does learns this reason.
    Unset(Text),
}

/// The values of a plan's params, each with where it comes from. What the command line or a case sets wins over the instance, that over what
/// the environment sets under the workflow's name, that over what it sets for a library.
///
/// # Errors
/// A value for no param, one that does not fit, a param that nobody gives a value, an instance that is not there.
pub fn resolve_params(
    plan: &Plan,
    environment: Option<&Environment>,
    instance: Option<&str>,
    sets: &[(Text, Given)],
) -> Result<Params, Vec<Diagnostic>> {
    let mut found = vec![];
    let settings = environment.and_then(|e| e.workflow(&plan.name));
    let instance_params: &[Override] = match (instance, settings) {
        (None, _) => &[],
        (Some(name), settings) => match settings.and_then(|s| s.instances.iter().find(|i| i.name.as_str() == name)) {
            Some(instance) => &instance.params,
            None => {
                found.push(no_instance(plan, name, settings.map_or(&[], |s| s.instances.as_slice())));
                &[]
            }
        },
    };
    let sets = spread(plan, sets, &mut found);
    let mut params = Params::default();
    for param in &plan.module.params {
        let under = |name: &str| {
            let of = environment.and_then(|e| e.params.iter().find(|(n, _)| n.as_str() == name));
            of.and_then(|(_, all)| all.iter().find(|o| o.name == param.name))
        };
        let set = sets.iter().rev().find(|(name, _)| *name == param.name).map(|(_, given)| given);
        let written = instance_params
            .iter()
            .find(|o| o.name == param.name)
            .or_else(|| under(&plan.name))
            .or_else(|| under(&param.owner));
        let (value, from) = match (set, written, &param.default) {
            (Some(given), _, _) => (taken(param, given, &mut found), Provenance::Set),
            (None, Some(written), _) => (written.value.clone(), Provenance::Environment(written.place.clone())),
            (None, None, Some(default)) => (default.clone(), Provenance::Default),
            (None, None, None) if param.ty.is_optional() => (Value::Null, Provenance::Default),
            (None, None, None) => {
                let message = format!("`{}` has no value: no default, and nothing sets it", param.name);
                let help = format!("set it in the environment, or with --set {}=…", param.name);
                found.push(Diagnostic::error(&rules::UNSET_PARAM, param.span, message).help(help));
                (Value::Null, Provenance::Default)
            }
        };
        params.values.push(value);
        params.from.push(from);
    }
    if found.is_empty() { Ok(params) } else { Err(found) }
}

fn no_instance(plan: &Plan, name: &str, instances: &[wf_plan::Instance]) -> Diagnostic {
    let span = plan
        .module
        .flows
        .first()
        .map_or_else(|| wf_source::Span::new(wf_source::FileId(0), 0, 0), |flow| flow.span.begin());
    let message = format!("`{}` has no instance `{name}` in this environment", plan.name);
    let diagnostic = Diagnostic::error(&rules::UNKNOWN_SETTING, span, message);
    match nearest(name, instances.iter().map(|i| i.name.as_str())) {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
        None if instances.is_empty() => diagnostic.help("it has none"),
        None => diagnostic.help(format!("it has {}", wf_source::one_of(instances.iter().map(|i| i.name.as_str()), 12))),
    }
}

/// A map for a group of params gives each its own.
fn spread(plan: &Plan, sets: &[(Text, Given)], found: &mut Vec<Diagnostic>) -> Vec<(Text, Given)> {
    let mut all: Vec<(Text, Given)> = vec![];
    let mut waiting: Vec<(Text, Given)> = sets.iter().rev().cloned().collect();
    while let Some((name, given)) = waiting.pop() {
        if plan.module.params.iter().any(|p| p.name == name) {
            all.push((name, given));
            continue;
        }
        let group = format!("{name}.");
        match &given {
            Given::Value(Value::Map(map)) if plan.module.params.iter().any(|p| p.name.starts_with(&group)) => {
                let members =
                    map.raw_iter().map(|(key, value)| (format!("{group}{key}").into(), Given::Value(value.clone())));
                let mut members: Vec<(Text, Given)> = members.collect();
                members.reverse();
                waiting.extend(members);
            }
            _ => {
                let span = plan
                    .module
                    .params
                    .first()
                    .map_or_else(|| wf_source::Span::new(wf_source::FileId(0), 0, 0), |param| param.span.begin());
                let message = format!("`{}` has no param `{name}`", plan.name);
                let diagnostic = Diagnostic::error(&rules::UNKNOWN_SETTING, span, message);
                let names = || plan.module.params.iter().map(|p| p.name.as_str());
                found.push(match nearest(&name, names()) {
                    Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
                    None => {
                        diagnostic.help(format!("it has {}", wf_source::one_of(names(), 20).replace(" or ", " and ")))
                    }
                });
            }
        }
    }
    all
}

fn taken(param: &Param, given: &Given, found: &mut Vec<Diagnostic>) -> Value {
    let (value, shown) = match given {
        Given::Raw(raw) => (read(raw, &param.ty), raw.clone()),
        Given::Value(value) => {
            // a text may be one that is written for something else: `30s to 1m`
            let written = || read(value.as_str()?, &param.ty);
            (coerce(value, &param.ty).ok().or_else(written), value.print_lenient().to_string())
        }
        Given::Unset(why) => return Unknown::new(UnknownKind::Missing, why.clone()).into(),
    };
    let Some(value) = value else {
        let message = format!("`{shown}` is no {} for `{}`", param.ty.required().words(), param.name);
        let mut diagnostic = Diagnostic::error(&rules::LITERAL, param.span, message);
        if matches!(param.ty.required(), wf_value::Type::Duration) {
            diagnostic = diagnostic.help("as in 30s, 45m, 1h30m, 7d");
        }
        found.push(diagnostic);
        return Value::Null;
    };
    if let Some(message) = out_of_bounds(&value, param.min.as_ref(), param.max.as_ref()) {
        found.push(Diagnostic::error(&rules::BOUNDS, param.span, format!("`{}` {message}", param.name)));
    }
    value
}
