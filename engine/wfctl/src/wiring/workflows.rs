//! Workflows with the values that an environment gives them.

use std::sync::Arc;

use wf_check::{Checked, Given, resolve_params};
use wf_host::Workflow;
use wf_machine::Writes;
use wf_plan::{Environment, Plan};
use wf_source::{Diagnostic, nearest};
use wf_value::{Map, Text, Value};

use crate::exit::Refusal;

/// Which workflows, and how.
pub struct Wanted<'a> {
    /// By name; empty: all.
    pub names: &'a [String],
    pub environment: Option<&'a str>,
    pub sets: &'a [String],
    pub dry_run: bool,
}

/// Workflows that can run, and the environment they run in.
pub struct Chosen {
    pub workflows: Vec<Arc<Workflow>>,
    pub environment: Option<Environment>,
    pub dry_run: bool,
}

/// Why there are none: a sentence, or what is wrong in the files.
pub enum Unfit {
    Refused(Refusal),
    Found(Vec<Diagnostic>),
}

impl From<Refusal> for Unfit {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// The workflows that are wanted, one for each instance that the environment names.
pub fn workflows(checked: &Checked, wanted: &Wanted<'_>) -> Result<Chosen, Unfit> {
    let environment = wanted.environment.map(|name| environment(checked, name)).transpose()?;
    let plans: Vec<(&Arc<Plan>, Option<&str>)> = if wanted.names.is_empty() {
        checked.plans.iter().map(|plan| (plan, None)).collect()
    } else {
        let mut named = Vec::new();
        for name in wanted.names {
            named.push((plan(checked, name)?, instance_of(name)));
        }
        named
    };
    let sets = wanted.sets.iter().map(|set| read_set(set)).collect::<Result<Vec<_>, _>>()?;
    let mut chosen = Vec::new();
    let mut found = Vec::new();
    for (plan, only) in plans {
        let instances =
            environment.and_then(|e| e.workflow(&plan.name)).map(|w| w.instances.as_slice()).unwrap_or_default();
        let all: Vec<&str> = instances.iter().map(|i| i.name.as_str()).collect();
        let names: Vec<Option<&str>> = match only {
            Some(only) if all.contains(&only) => vec![Some(only)],
            Some(only) => return Err(no_instance(plan, only, &all).into()),
            None if all.is_empty() => vec![None],
            None => all.into_iter().map(Some).collect(),
        };
        for instance in names {
            match resolve_params(plan, environment, instance, &sets) {
                Ok(params) => chosen.push(Arc::new(Workflow {
                    plan: plan.clone(),
                    instance: instance.map(Text::from),
                    params: Arc::new(params),
                    env: env(plan, environment),
                    writes: writes(plan, environment, wanted.dry_run),
                })),
                Err(more) => {
                    told_of_sets(plan, environment, instance, (wanted.sets, &sets))?;
                    found.extend(more);
                }
            }
        }
    }
    if found.is_empty() {
        Ok(Chosen { workflows: chosen, environment: environment.cloned(), dry_run: wanted.dry_run })
    } else {
        Err(Unfit::Found(found))
    }
}

/// What is wrong with a `--set` is told of the words on the command line, not of the param in its file.
fn told_of_sets(
    plan: &Plan,
    environment: Option<&Environment>,
    instance: Option<&str>,
    (written, sets): (&[String], &[(Text, Given)]),
) -> Result<(), Refusal> {
    let wrong = |sets: &[(Text, Given)]| resolve_params(plan, environment, instance, sets).err().unwrap_or_default();
    let without = wrong(&[]);
    for (written, set) in written.iter().zip(sets) {
        let of_set = wrong(std::slice::from_ref(set)).into_iter().find(|d| !without.contains(d));
        if let Some(found) = of_set {
            let help = found.help.map(|help| format!("; {help}")).unwrap_or_default();
            return Err(Refusal::wrong(format!("--set {written}: {}{help}", found.message)));
        }
    }
    Ok(())
}

/// The workflows that are wanted, and those that they call but for those `elsewhere`.
pub fn with_called(
    checked: &Checked,
    wanted: &Wanted<'_>,
    elsewhere: impl Fn(&Plan) -> bool,
) -> Result<(Chosen, Vec<Arc<Workflow>>), Unfit> {
    let chosen = workflows(checked, wanted)?;
    let called = called_by(checked, &chosen, elsewhere)?;
    Ok((chosen, called))
}

/// The workflows that these call, and those that they call, but for those `elsewhere`: whoever runs one by hand has the others answer.
fn called_by(
    checked: &Checked,
    chosen: &Chosen,
    elsewhere: impl Fn(&Plan) -> bool,
) -> Result<Vec<Arc<Workflow>>, Unfit> {
    let mut seen: Vec<&str> = chosen.workflows.iter().map(|w| w.plan.name.as_str()).collect();
    let mut all: Vec<&Arc<Plan>> = chosen.workflows.iter().map(|w| &w.plan).collect();
    let mut called = Vec::new();
    while let Some(plan) = all.pop() {
        for action in &plan.actions {
            let new = |p: &&Arc<Plan>| !seen.contains(&p.name.as_str()) && !elsewhere(p);
            let Some(other) = checked.plan(&action.connector).filter(new) else { continue };
            seen.push(&other.name);
            all.push(other);
            called.push(other.name.to_string());
        }
    }
    if called.is_empty() {
        return Ok(Vec::new());
    }
    let environment = chosen.environment.as_ref().map(|e| e.name.as_str());
    let wanted = Wanted { names: &called, environment, sets: &[], dry_run: chosen.dry_run };
    Ok(workflows(checked, &wanted)?.workflows)
}

/// By the name of its file.
pub fn environment<'a>(checked: &'a Checked, name: &str) -> Result<&'a Environment, Refusal> {
    checked.environment(name).ok_or_else(|| {
        let all = checked.environments.iter().map(|e| e.name.as_str());
        Refusal::wrong(match nearest(name, all.clone()) {
            Some(near) => format!("there is no environment {name}; did you mean {near}?"),
            None => format!("there is no environment {name}: environments/ has {}", wf_source::one_of(all, 12)),
        })
    })
}

/// Of `watch@north`, as runs of instances are called.
fn instance_of(name: &str) -> Option<&str> {
    name.rsplit('/').next()?.split_once('@').map(|(_, instance)| instance)
}

fn no_instance(plan: &Plan, instance: &str, all: &[&str]) -> Refusal {
    let name = &plan.name;
    Refusal::wrong(match nearest(instance, all.iter().copied()) {
        Some(near) => format!("there is no instance {instance} of {name}; did you mean {name}@{near}?"),
        None if all.is_empty() => {
            format!(
                "there is no instance {instance} of {name}: the environment names none (--env says which one it is)"
            )
        }
        None => format!(
            "there is no instance {instance} of {name}: there is {}",
            wf_source::one_of(all.iter().copied(), 12)
        ),
    })
}

/// By name, folder or file: `watch`, `workflows/watch`, `workflows/watch/workflow.yaml`; of an instance, `watch@north`, it is the same.
pub fn plan<'a>(checked: &'a Checked, name: &str) -> Result<&'a Arc<Plan>, Refusal> {
    let path = name.trim_end_matches('/').trim_end_matches("/workflow.yaml");
    let short = path.rsplit('/').next().unwrap_or(path);
    let short = short.split_once('@').map_or(short, |(name, _)| name);
    checked.plan(short).ok_or_else(|| {
        let all = checked.plans.iter().map(|p| p.name.as_str());
        Refusal::wrong(match nearest(short, all.clone()) {
            Some(near) => format!("there is no workflow {name}; did you mean {near}?"),
            None => format!("there is no workflow {name}: there is {}", wf_source::one_of(all, 12)),
        })
    })
}

/// `--set PARAM=VALUE` of a command line.
pub fn read_set(set: &str) -> Result<(Text, Given), Refusal> {
    let (name, value) = set
        .split_once('=')
        .ok_or_else(|| Refusal::wrong(format!("--set {set}: write PARAM=VALUE, as --set interval=5m")))?;
    // lists and maps are read as YAML, everything else by the type of the param
    if !value.trim_start().starts_with(['[', '{']) {
        return Ok((name.trim().into(), Given::Raw(value.to_owned())));
    }
    let mut files = wf_source::Files::default();
    let parsed = wf_syntax::tree::parse(files.add("--set", value), value);
    match (parsed.root, parsed.diagnostics.first()) {
        (Some(root), None) => Ok((name.trim().into(), Given::Value(wf_cases::data::value(&root)))),
        (_, wrong) => {
            let why = wrong.map(|d| d.message.clone()).unwrap_or_default();
            Err(Refusal::wrong(format!("--set {set}: {why}")))
        }
    }
}

fn writes(plan: &Plan, environment: Option<&Environment>, dry_run: bool) -> Writes {
    match environment {
        _ if dry_run => Writes::DryRun,
        Some(environment) if environment.writes_of(&plan.name) => Writes::On,
        _ => Writes::Off,
    }
}

fn env(plan: &Plan, environment: Option<&Environment>) -> Value {
    let name = environment.map_or("none", |e| e.name.as_str());
    let writes = environment.is_some_and(|e| e.writes_of(&plan.name));
    let pairs: [(&str, Value); 3] =
        [("name", name.into()), ("writes", writes.into()), ("workflow", plan.name.clone().into())];
    pairs.into_iter().map(|(key, value)| (Text::from(key), value)).collect::<Map>().into()
}
