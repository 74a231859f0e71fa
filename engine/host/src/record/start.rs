//! What a run began with, as a value that the journal keeps.

use std::sync::Arc;

use jiff::Timestamp;
use wf_machine::{Limits, Start, Writes};
use wf_plan::{Params, Plan, Provenance, RunId};
use wf_value::{List, Map, Text, Time, Value};

/// How records are understood: raised whenever an evaluation changes. Runs of another one are refused by name.
pub const SEMANTICS: u32 = 1;

/// Who began a run: what the engine that takes it up again must know beside its start.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The trigger that began it, or `hand`; empty in journals of before.
    pub by: String,
    /// When the first of its tries began.
    pub first: Timestamp,
    /// Whether the next engine on the store takes it up by itself.
    pub kept: bool,
}

/// The start as a value. Secrets among its params are not kept.
#[must_use]
pub fn write_start(start: &Start, plan: &Plan, origin: &Origin) -> Value {
    let inputs = start.inputs.iter().cloned().collect::<Map>();
    let params = start.params.values.iter().zip(plan.module.params.iter().map(|p| &p.name));
    let param = |(i, (value, name)): (usize, (&Value, &Text))| {
        Value::from(vec![name.clone().into(), value.clone(), provenance(start.params.from.get(i))])
    };
    let flow = plan.module.flow(start.flow).map(|f| f.name.clone()).unwrap_or_default();
    let limits = start.limits;
    let fields = [
        ("flow", flow.into()),
        ("inputs", inputs.into()),
        ("params", params.enumerate().map(param).collect::<List>().into()),
        ("env", start.env.clone()),
        ("writes", Value::from(writes_word(start.writes))),
        ("attempt", i64::from(start.attempt).into()),
        ("trigger", start.trigger.clone()),
        ("at", Value::Time(Arc::new(Time::new(start.at)))),
        ("parallel", i64::from(limits.parallel).into()),
        ("fuel", i64::try_from(limits.fuel).unwrap_or(i64::MAX).into()),
        ("depth", i64::from(limits.depth).into()),
        ("by", origin.by.as_str().into()),
        ("first", Value::Time(Arc::new(Time::new(origin.first)))),
        ("kept", origin.kept.into()),
    ];
    fields.into_iter().map(|(key, value)| (Text::from(key), value)).collect::<Map>().into()
}

/// The start that [`write_start`] wrote, for the same plan; `None`: it does not fit this plan.
#[must_use]
pub fn read_start(value: &Value, run: RunId, plan: &Plan) -> Option<Start> {
    let map = value.as_map()?;
    let number = |key: &str| map.raw(key)?.as_int();
    let text = |key: &str| map.raw(key)?.as_str();
    let mut params = Params::default();
    let kept = map.raw("params")?.as_list()?;
    for (param, kept) in plan.module.params.iter().zip(kept.raw()) {
        let [name, value, from] = kept.as_list()?.raw().as_slice() else { return None };
        if name.as_str()? != param.name.as_str() {
            return None;
        }
        params.values.push(value.clone().typed(&param.ty));
        params.from.push(read_provenance(from)?);
    }
    if kept.len() != plan.module.params.len() {
        return None;
    }
    Some(Start {
        run,
        flow: plan.module.flow_named(text("flow")?)?,
        inputs: map.raw("inputs")?.as_map()?.raw_iter().map(|(k, v)| (k.clone(), v.clone())).collect(),
        params: Arc::new(params),
        env: map.raw("env")?.clone(),
        writes: writes(text("writes")?)?,
        attempt: u32::try_from(number("attempt")?).ok()?,
        trigger: map.raw("trigger")?.clone(),
        at: time(map.raw("at")?)?,
        limits: Limits {
            parallel: u32::try_from(number("parallel")?).ok()?,
            fuel: u64::try_from(number("fuel")?).ok()?,
            depth: u32::try_from(number("depth")?).ok()?,
        },
    })
}

/// Who began the run whose start [`write_start`] wrote. Journals of before do not say it: nobody takes such a run up by himself.
#[must_use]
pub fn read_origin(value: &Value) -> Origin {
    let field = |name: &str| value.as_map().and_then(|map| map.raw(name));
    let at = field("first").or_else(|| field("at")).and_then(time);
    Origin {
        by: field("by").and_then(Value::as_str).unwrap_or_default().to_owned(),
        first: at.unwrap_or_default(),
        kept: matches!(field("kept"), Some(Value::Bool(true))),
    }
}

/// Who set a param, as it is kept: `false` for its default, `--set`, or the place in the environment's file.
fn provenance(from: Option<&Provenance>) -> Value {
    match from {
        None | Some(Provenance::Default) => false.into(),
        Some(Provenance::Environment(place)) => place.clone().into(),
        Some(Provenance::Set) => "--set".into(),
        Some(Provenance::Unsaid) => true.into(),
    }
}

fn read_provenance(kept: &Value) -> Option<Provenance> {
    Some(match kept {
        Value::Bool(false) => Provenance::Default,
        // journals of before kept no more than that it was given
        Value::Bool(true) => Provenance::Unsaid,
        Value::Text(text) if text.as_str() == "--set" => Provenance::Set,
        Value::Text(place) => Provenance::Environment(place.clone()),
        _ => return None,
    })
}

fn writes_word(writes: Writes) -> &'static str {
    match writes {
        Writes::On => "on",
        Writes::Off => "off",
        Writes::DryRun => "dry_run",
    }
}

fn writes(word: &str) -> Option<Writes> {
    [Writes::On, Writes::Off, Writes::DryRun].into_iter().find(|w| writes_word(*w) == word)
}

fn time(value: &Value) -> Option<Timestamp> {
    match value {
        Value::Time(time) => Some(time.at),
        _ => None,
    }
}
