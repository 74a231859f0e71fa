//! `wfctl call`: one action by hand.

use std::io::Read;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use wf_check::Checked;
use wf_host::envelope::{Way, lost, read_reply, write_request};
use wf_plan::{Accept, Action, Answered, Effect, Environment};
use wf_source::nearest;
use wf_value::input::{Refusal as Misfit, Step};
use wf_value::{Decoder, Extra, Map, Text, Type, Value};

use super::connectors::{actions, no_action, subject};
use super::run::drain;
use crate::args::{Call, Output};
use crate::exit::{Exit, Refusal};
use crate::output;
use crate::tree::Tree;
use crate::wiring::{World, environment, vendors};

/// Asks for an action, and shows what was answered.
pub fn call(root: Option<&Path>, args: &Call) -> Result<Exit, Refusal> {
    let tree = Tree::read(root)?;
    let checked = tree.sound(Output::Human, "nothing was called")?;
    let environment = args.env.as_deref().map(|name| environment(&checked, name)).transpose()?;
    let action = action(&checked, &args.action)?;
    let input = input(&action, args)?;
    if action.effect != Effect::Read && !goes_out(args, environment) {
        output::say(&held(&action, &input, args, environment));
        return Ok(Exit::Fine);
    }
    super::runtime()?.block_on(async {
        let world = World::open(&args.bus, None, args.sandbox.as_deref(), None).await?;
        let answering = if world.shared_bus {
            vec![]
        } else {
            let needed = vendors::named(&checked, &[action.full_name().to_string()])?;
            vendors::serve(&needed, &world, environment).await?
        };
        let answered = ask(&action, &input, &world).await?;
        drain(answering).await;
        Ok(show(&action, answered, &world, args.output))
    })
}

fn action(checked: &Checked, name: &str) -> Result<Arc<Action>, Refusal> {
    let by_name = actions(checked).find(|action| action.full_name().as_str() == name);
    let found = by_name.or_else(|| actions(checked).find(|action| subject(action).as_str() == name));
    found.cloned().ok_or_else(|| no_action(checked, name))
}

/// What is simulated may be written to; the world only where an environment says so.
fn goes_out(args: &Call, environment: Option<&Environment>) -> bool {
    !args.dry_run && (args.sandbox.is_some() || environment.is_some_and(|e| e.writes))
}

fn held(action: &Action, input: &Value, args: &Call, environment: Option<&Environment>) -> String {
    let why = match environment {
        _ if args.dry_run => "--dry-run".to_owned(),
        None => "no environment with `writes: on` is named (--env)".to_owned(),
        Some(environment) => format!("{} says `writes: off`", environment.name),
    };
    let body = input.encode().unwrap_or_default();
    format!("held, {why}: {} would be asked {body}", action.full_name())
}

/// The fields of the command line over those of `--input`, as the action takes them.
fn input(action: &Action, args: &Call) -> Result<Value, Refusal> {
    let mut given = match &args.input {
        Some(path) => whole(path)?,
        None => Map::default(),
    };
    for field in &args.fields {
        let Some((name, text)) = field.split_once('=') else {
            return Err(Refusal::wrong(format!(
                "{field} is no field: write NAME=VALUE, as ticket_id=5 or filter='[\"a\"]'"
            )));
        };
        given = given
            .raw_iter()
            .map(|(k, v)| (k.clone(), v.clone()))
            .chain([(name.into(), value(action, name, text))])
            .collect();
    }
    if action.input.extra == Extra::Drop
        && let Some((name, _)) = given.raw_iter().find(|(name, _)| action.input.field(name).is_none())
    {
        let known = action.input.fields.iter().map(|field| field.name.as_str());
        let near = nearest(name, known).map(|near| format!("; did you mean {near}?")).unwrap_or_default();
        return Err(Refusal::wrong(format!("{} takes no {name}{near}\n{}", action.full_name(), takes(action))));
    }
    match action.input.take(&Value::Map(given.clone()), |_| Value::Null) {
        // what is computed, and what is only a default, is the connector's
        Ok(taken) => {
            let kept = taken.raw_iter().filter(|(name, _)| given.contains(name));
            Ok(Value::Map(kept.map(|(name, value)| (name.clone(), value.clone())).collect()))
        }
        Err(wrong) => {
            let lines: Vec<String> = wrong.iter().map(|misfit| format!("  {}", told(misfit))).collect();
            let lines = lines.join("\n");
            Err(Refusal::wrong(format!("{} cannot be asked this:\n{lines}\n{}", action.full_name(), takes(action))))
        }
    }
}

fn told(misfit: &Misfit) -> String {
    match misfit.place.first() {
        Some(Step::Field(_)) => misfit.to_string(),
        _ => format!("the input {}", misfit.expectation),
    }
}

/// The inputs of an action, one line each.
fn takes(action: &Action) -> String {
    let line = |field: &wf_value::InputField| {
        let optional = if field.must_be_there() { "" } else { " (optional)" };
        format!("  {}: {}{optional}", field.name, field.ty.words())
    };
    let lines: Vec<String> = action.input.fields.iter().map(line).collect();
    if lines.is_empty() { "it takes nothing".to_owned() } else { format!("it takes\n{}", lines.join("\n")) }
}

/// JSON where the field is no text, or what is written is no JSON.
fn value(action: &Action, name: &str, text: &str) -> Value {
    let is_text = action.input.field(name).is_some_and(|field| matches!(field.ty.required(), Type::Text));
    if is_text {
        return Value::text(text);
    }
    Decoder::new().decode(text.as_bytes()).unwrap_or_else(|_| Value::text(text))
}

fn whole(path: &Path) -> Result<Map, Refusal> {
    let failed = |e: std::io::Error| Refusal::wrong(format!("{} cannot be read: {e}", path.display()));
    let mut bytes = vec![];
    if path == Path::new("-") {
        std::io::stdin().lock().read_to_end(&mut bytes).map_err(failed)?;
    } else {
        bytes = std::fs::read(path).map_err(failed)?;
    }
    match Decoder::new().decode(&bytes) {
        Ok(Value::Map(map)) => Ok(map),
        Ok(other) => Err(Refusal::wrong(format!("{} holds {}, not a JSON object", path.display(), other.kind()))),
        Err(error) => Err(Refusal::wrong(format!("{} holds no JSON: {error}", path.display()))),
    }
}

async fn ask(action: &Action, input: &Value, world: &World) -> Result<Answered, Refusal> {
    let failed = |why: String| Refusal::failed(format!("{} was not asked: {why}", action.full_name()));
    let subject = action.subject(input, world.ports.clock.now()).map_err(failed)?;
    let way = if action.replies { Way::Call } else { Way::Publish };
    let id = uuid::Uuid::new_v4().to_string();
    let payload = write_request(action.envelope, way, &id, input).map_err(|e| failed(e.to_string()))?;
    if !action.replies {
        world.ports.bus.publish(&subject, payload).await.map_err(|e| failed(e.to_string()))?;
        return Ok(Answered::new(200, Value::Null));
    }
    let wait = Duration::from_millis(u64::try_from(action.wait_ms).unwrap_or(0));
    Ok(match world.ports.bus.request(&subject, payload, wait).await {
        Ok(reply) => read_reply(action.envelope, action.full_name(), &reply),
        Err(error) => {
            let (why, cause) = lost(&error);
            Answered::lost(why, cause)
        }
    })
}

/// The answer, and in the exit code whether it is one that a workflow would call ok.
fn show(action: &Action, answered: Answered, world: &World, form: Output) -> Exit {
    let Answered { status, body, cause, .. } = answered;
    let outcome = action.outcome(status, &body, world.ports.clock.now());
    let fine = Accept::takes(action.accept.as_ref(), status, outcome.as_deref(), cause.is_some());
    let json: serde_json::Value =
        body.encode().ok().and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    if form == Output::Human {
        let named = outcome.map(|name| format!(" {name}")).unwrap_or_default();
        let cause = cause.map(|cause| format!(": {cause}")).unwrap_or_default();
        output::say(&format!("{status}{named}{cause}"));
        output::print_json(&json);
    } else {
        output::print_json(&json!({
            "status": status,
            "outcome": outcome.as_ref().map(Text::as_str),
            "cause": cause.as_ref().map(Text::as_str),
            "body": json,
        }));
    }
    if fine { Exit::Fine } else { Exit::Failed }
}
