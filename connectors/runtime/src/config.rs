//! Settings of a connector: from the environment's file, from variables, from defaults (`connectors.md` §1).

use std::sync::Arc;

use jiff::Timestamp;
use wf_expr::{Ctx, read};
use wf_machine::Scope;
use wf_plan::{Connector, Face, Override, Params, Provenance, Setting};
use wf_value::{Type, Value, coerce};

use crate::error::{BadSetting, SettingsError};
use crate::needed::needed_faces;

/// Where settings come from. What the environment's file says wins over a variable, a variable over the default.
#[derive(Clone, Copy)]
pub struct Sources<'a> {
    /// Of the environment's file: `connectors: {name: {…}}`. `env:NAME` and `file:PATH` are read here.
    pub overrides: &'a [Override],
    /// The value of a variable of the process.
    pub variable: &'a (dyn Fn(&str) -> Option<String> + Sync),
    /// The content of a file, without its last line end; or why it cannot be read.
    pub file: &'a (dyn Fn(&str) -> Result<String, String> + Sync),
}

/// The settings of a connector's files, of all or of those that are needed. Secrets in them are secret values.
#[derive(Clone, Debug)]
pub struct Settings {
    /// None for a file that is not needed: it is not served.
    faces: Vec<Option<Arc<Params>>>,
}

impl Settings {
    /// Reads those of all files.
    ///
    /// # Errors
    /// All that are missing or do not fit, by name; no value is told.
    pub fn read(connector: &Connector, sources: Sources<'_>) -> Result<Self, SettingsError> {
        Self::of_faces(connector, &vec![true; connector.faces.len()], sources)
    }

    /// Reads those of the files that these actions need; the others are not served, and need no settings.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn read_for(connector: &Connector, actions: &[&str], sources: Sources<'_>) -> Result<Self, SettingsError> {
        Self::of_faces(connector, &needed_faces(connector, actions), sources)
    }

    fn of_faces(connector: &Connector, needed: &[bool], sources: Sources<'_>) -> Result<Self, SettingsError> {
        let mut bad = Vec::new();
        let mut faces = Vec::with_capacity(connector.faces.len());
        for (face, needed) in connector.faces.iter().zip(needed) {
            if !needed {
                faces.push(None);
                continue;
            }
            let mut params = Params::default();
            for setting in &face.config {
                match one(face, setting, sources) {
                    Ok((value, from)) => {
                        params.values.push(value);
                        params.from.push(from);
                    }
                    Err(why) => {
                        params.values.push(Value::Null);
                        params.from.push(Provenance::Default);
                        let bad_one = BadSetting {
                            connector: connector.name.to_string(),
                            name: setting.param.name.to_string(),
                            variable: setting.variable.to_string(),
                            why,
                        };
                        if !bad.contains(&bad_one) {
                            bad.push(bad_one);
                        }
                    }
                }
            }
            faces.push(Some(Arc::new(params)));
        }
        if bad.is_empty() { Ok(Self { faces }) } else { Err(SettingsError(bad)) }
    }

    /// The values of a file, by number of their setting; none when it is not served.
    #[must_use]
    pub fn of(&self, face: usize) -> Option<Arc<Params>> {
        self.faces.get(face)?.clone()
    }
}

fn one(face: &Face, setting: &Setting, sources: Sources<'_>) -> Result<(Value, Provenance), String> {
    let given = sources.overrides.iter().rev().find(|given| given.name == setting.param.name);
    if let Some(given) = given {
        let value = match given.value.as_str().and_then(|text| reference(text, sources)) {
            Some(text) => from_text(face, setting, &text?)?,
            None => fitted(setting, &given.value)?,
        };
        return Ok((value, Provenance::Environment(given.place.clone())));
    }
    if let Some(text) = (sources.variable)(&setting.variable).filter(|text| !text.is_empty()) {
        return Ok((from_text(face, setting, &text)?, Provenance::Set));
    }
    match &setting.param.default {
        Some(default) => Ok((default.clone(), Provenance::Default)),
        None if setting.param.ty.is_optional() => Ok((Value::Null, Provenance::Default)),
        None => Err(format!("is not set, it should be {}", setting.param.ty.noun())),
    }
}

/// The text that `env:NAME` or `file:PATH` names; `None`: it is neither.
fn reference(text: &str, sources: Sources<'_>) -> Option<Result<String, String>> {
    if let Some(name) = text.strip_prefix("env:") {
        let value = (sources.variable)(name).filter(|text| !text.is_empty());
        return Some(value.ok_or_else(|| format!("is to come from the variable {name}, which is not set")));
    }
    let path = text.strip_prefix("file:")?;
    Some((sources.file)(path).map_err(|why| format!("is to come from the file {path}: {why}")))
}

fn from_text(face: &Face, setting: &Setting, text: &str) -> Result<Value, String> {
    let ty = &setting.param.ty;
    let expected = || format!("should be {}", ty.noun());
    if let Some(parse) = &setting.parse {
        let scope = Scope { frames: vec![vec![Value::text(text)]] };
        let env = Value::Null;
        // settings do not depend on the time
        let ctx = Ctx::new(&face.module.program, &scope, &[], &env, Timestamp::UNIX_EPOCH);
        let value = parse.value(&ctx);
        return if value.as_unknown().is_some() { Err(expected()) } else { fitted(setting, &value) };
    }
    let value = match ty.required() {
        Type::List(_) | Type::Map(_) | Type::Shape(_) => {
            wf_value::decode(text).map_err(|_| format!("{} as JSON", expected()))?
        }
        ty => read(text, ty).unwrap_or_else(|| Value::text(text)),
    };
    fitted(setting, &value)
}

fn fitted(setting: &Setting, value: &Value) -> Result<Value, String> {
    let param = &setting.param;
    // what was meant as a secret is not told: neither are refusals
    let value = coerce(value, &param.ty).map_err(|_| format!("should be {}", param.ty.noun()))?;
    let below = |bound: &Option<Value>, side| bound.as_ref().filter(|bound| value.order(bound) == Some(side)).cloned();
    if let Some(min) = below(&param.min, std::cmp::Ordering::Less) {
        return Err(format!("should be at least {}", min.print_lenient()));
    }
    if let Some(max) = below(&param.max, std::cmp::Ordering::Greater) {
        return Err(format!("should be at most {}", max.print_lenient()));
    }
    Ok(value)
}
