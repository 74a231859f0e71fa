//! The answers to `explain`: the story of an item, or the outline of a run.

use std::sync::Arc;

use wf_host::driver::report_value;
use wf_host::ports::Journal;
use wf_host::replay::{Differently, Replayed, replay_records};
use wf_machine::{Ended, EndedHow, Tracer, WaitsFor};
use wf_plan::Plan;

use super::collect::Collector;
use super::json::entries;
use super::layout::Sheet;
use super::needle::Needle;
use super::origins::Origins;
use super::outline::outline;
use super::recorded::{Recorded, Remade};
use super::steps::Steps;
use super::told::told;
use crate::exit::Refusal;

/// Everything about one item.
pub async fn story(journal: &dyn Journal, recorded: &Recorded, item: &str, json: bool) -> Result<String, Refusal> {
    let Remade { checked, plan } = recorded.plan(journal).await?;
    let start = recorded.start(&plan);
    let start = start.ok_or_else(|| Refusal::failed("what the run began with does not fit its plan"))?;
    let origins = Origins::new(&checked, &plan, &start, recorded.instance());
    let mut collector = Collector::new(plan.clone(), origins, Needle::new(item));
    replayed(recorded, &plan, Some(&mut collector))?;
    let story = collector.finish().map_err(|help| {
        Refusal::wrong(format!("nothing in run {} of {} holds {item}: {help}", recorded.run, recorded.workflow))
    })?;
    if json {
        return Ok(pretty(&entries(&story, &plan.files)));
    }
    let sheet = Sheet::of_stdout();
    Ok(format!("{}\n{}", sheet.titled(&recorded.heading()), told(&story, &plan.files, sheet)))
}

/// What it decided for how many.
pub async fn outlined(journal: &dyn Journal, recorded: &Recorded, json: bool) -> Result<String, Refusal> {
    // a report can be shown without the plan, only not where in its files a thing stands
    let remade = recorded.plan(journal).await;
    let (report, waits) = match &recorded.ended {
        Some(end) => (end.report.to_serde(), Vec::new()),
        None => {
            let plan = remade.as_ref().map(|r| r.plan.clone()).map_err(|r| Refusal::failed(r.message.clone()))?;
            so_far(&replayed(recorded, &plan, None)?)
        }
    };
    if json {
        return Ok(pretty(&serde_json::json!({
            "run": recorded.run.to_text(),
            "workflow": recorded.workflow,
            "started": recorded.started.to_string(),
            "ended": recorded.ended.as_ref().map(|end| end.at.to_string()),
            "waits_for": waits,
            "report": report,
        })));
    }
    let steps = remade.as_ref().ok().map(|remade| Steps::of(&remade.plan));
    let known = steps.as_ref().zip(remade.as_ref().ok().map(|remade| &remade.plan.files));
    let waits: String = waits.iter().map(|wait| format!("waits for {wait}\n")).collect();
    let sheet = Sheet::of_stdout();
    Ok(format!("{}{waits}\n{}", sheet.titled(&recorded.heading()), outline(&report, known, sheet)))
}

fn replayed(recorded: &Recorded, plan: &Arc<Plan>, tracer: Option<&mut dyn Tracer>) -> Result<Replayed, Refusal> {
    replay_records(&recorded.records, recorded.run, plan.clone(), Differently::default(), tracer)
        .map_err(|e| Refusal::failed(e.to_string()))
}

/// The report of a run that is not over, and what it waits for.
fn so_far(replayed: &Replayed) -> (serde_json::Value, Vec<String>) {
    let ended = Ended { how: EndedHow::Well, returned: None, report: replayed.run.report().clone() };
    let mut report = report_value(&ended).to_serde();
    report["how"] = serde_json::Value::Null;
    let waits = replayed.run.waiting().into_iter().map(|(address, waits)| match waits {
        WaitsFor::Answer(what) => format!("the answer of {what} at {address}"),
        WaitsFor::Timer(at) => format!("{at} at {address}"),
    });
    (report, waits.collect())
}

fn pretty(json: &serde_json::Value) -> String {
    serde_json::to_string_pretty(json).unwrap_or_default() + "\n"
}
