//! One workflow case, from its params to what is left of it.

use std::sync::Arc;

use wf_check::Checked;
use wf_expr::WrittenKind;
use wf_host::Workflow;
use wf_host::clock::{VirtualClock, attend};
use wf_host::engine::{Engine, Settings};
use wf_host::ports::{Bus, Clock, Ports};
use wf_machine::Writes;
use wf_plan::{Plan, Trigger, TriggerKind};
use wf_source::Span;
use wf_syntax::ast::Case;
use wf_value::Value;

use super::drive::{Happens, drive};
use super::judge::{Left, env, judge};
use super::memory::Memory;
use super::params::params;
use super::tasks;
use crate::neighbours::{Known, Neighbours};
use crate::report::{Failure, Verdict};
use crate::stop::{Stop, moment, verdict};

/// The environment of a case that names none, and the only one in which writes go out without a file that says so.
const PRODUCTION: &str = "production";

/// Runs a case of that plan.
pub(crate) async fn run(checked: &Checked, plan: &Arc<Plan>, case: &Case) -> Verdict {
    verdict(carry_out(checked, plan, case).await)
}

async fn carry_out(checked: &Checked, plan: &Arc<Plan>, case: &Case) -> Result<Vec<Failure>, Stop> {
    built(case)?;
    let expect =
        case.expect.as_ref().ok_or_else(|| Stop::broken("the case expects nothing", Some(case.span.begin())))?;
    let happens = Happens::read(case, plan)?;
    let plans: Vec<&Arc<Plan>> = std::iter::once(plan).chain(workers(checked, plan)).collect();
    let workflows = plans.iter().map(|of| Ok(Arc::new(workflow(checked, of, plan, case)?)));
    let workflows = workflows.collect::<Result<Vec<_>, Stop>>()?;
    let clock = Arc::new(VirtualClock::new(moment(case.now.as_ref())?));
    let local = wf_local::in_memory(clock.clone());
    let messages = local.bus.clone();
    let neighbours = Arc::new(Neighbours::new(messages.clone(), known(&plans), &case.given));
    let ports = Ports { bus: neighbours.clone(), ..local };
    let lost = |e: wf_host::ports::LaterError| Stop::broken(e.to_string(), None);
    for task in tasks::beforehand(&case.state)? {
        ports.tasks.book(task, None).await.map_err(lost)?;
    }
    let own: Vec<_> = case.state.iter().filter(|binding| !tasks::is_key(binding)).collect();
    let beside = (neighbours.clone() as Arc<dyn Bus>, clock.clone() as Arc<dyn Clock>);
    let name = case.environment.as_ref().map_or(PRODUCTION, |name| name.as_str());
    let memory = Memory::serve(checked, &plans, &own, beside, env(name, true, &plan.name)).await?;
    let engine = Engine::new(ports.clone(), Settings::default());
    let (happened, left) = attend(clock.clone(), async {
        let happened = drive(&engine, &workflows, &happens, &*messages, case).await?;
        // time stands still while what is left is looked at
        let _looking = clock.busy();
        let waiting = ports.tasks.waiting().await.map_err(lost)?;
        let (sent, kept) = (neighbours.sent(), memory.kept());
        Ok::<_, Stop>((happened, Left { sent, waiting, kept, metrics: ports.metrics.clone() }))
    })
    .await?;
    judge(expect, &happened, &left)
}

/// Other workflows of the project that work on what this one books for later: what falls due in the case is done in it.
fn workers<'a>(checked: &'a Checked, plan: &Plan) -> impl Iterator<Item = &'a Arc<Plan>> {
    let (books, name) = (plan.module.books(), plan.name.clone());
    let takes = move |t: &Trigger| matches!(&t.kind, TriggerKind::Task { task, .. } if books.contains(task));
    checked.plans.iter().filter(move |other| other.name != name && other.triggers.iter().any(&takes))
}

/// A workflow in the environment of the case. The params of the case are those of the workflow that it is about.
fn workflow(checked: &Checked, plan: &Arc<Plan>, about: &Plan, case: &Case) -> Result<Workflow, Stop> {
    let written = if plan.name == about.name { case.params.as_slice() } else { &[] };
    let environment = case.environment.as_ref().map_or(PRODUCTION, |name| name.as_str());
    let writes = match checked.environment(environment) {
        Some(file) => file.writes_of(&plan.name),
        None => environment == PRODUCTION,
    };
    Ok(Workflow {
        plan: plan.clone(),
        instance: None,
        params: Arc::new(params(plan, written)?),
        env: env(environment, writes, &plan.name),
        writes: if writes { Writes::On } else { Writes::Off },
    })
}

/// What the plans say of the subjects that they ask; those with fields in them are notices to other services.
fn known(plans: &[&Arc<Plan>]) -> Vec<Known> {
    let fixed = |action: &Arc<wf_plan::Action>| match &action.subject.kind {
        WrittenKind::Literal { value: Value::Text(subject), .. } => Some(Known {
            subject: subject.clone(),
            effect: action.effect,
            envelope: action.envelope,
            first: action.input.fields.first().map(|field| field.name.clone()),
        }),
        _ => None,
    };
    plans.iter().flat_map(|plan| &plan.actions).filter_map(fixed).collect()
}

/// Says what the case needs that is not built.
fn built(case: &Case) -> Result<(), Stop> {
    let skipped = |why: &str| Err(Stop::Skipped(why.to_owned()));
    let expects_documents = case.expect.as_ref().is_some_and(|e| !e.documents.is_empty());
    if !case.documents.is_empty() || expects_documents {
        return skipped("the transport `documents` is not built yet");
    }
    if case.given.iter().any(|g| g.http.is_some()) {
        return skipped("vendors that a workflow calls directly are not built yet");
    }
    let nothing = |span: Span| Stop::broken("an entry of `given` has no replies", Some(span));
    match case.given.iter().find(|g| g.replies.is_empty()) {
        Some(given) => Err(nothing(given.span)),
        None => Ok(()),
    }
}
