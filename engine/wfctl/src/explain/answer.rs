//! The answers to `explain`: the story of an item, or the outline of a run.

use std::sync::Arc;

use wf_host::driver::so_far_value;
use wf_host::ports::Journal;
use wf_host::replay::{Replayed, replay_records};
use wf_machine::{Tracer, WaitsFor};
use wf_plan::Plan;

use super::brief::counted;
use super::collect::{Collector, Heard};
use super::conclude::conclude;
use super::json::{entries, sentences};
use super::needle::Needle;
use super::origins::Origins;
use super::outline::outline;
use super::recorded::Recorded;
use super::short::shortened;
use super::steps::Steps;
use super::told::told;
use crate::exit::Refusal;
use crate::sheet::{Sheet, Tint};

/// How much is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// The conclusion, and what decided.
    Short,
    /// All that happened to the item.
    Full,
    Json,
}

/// What a replay of the run tells about an item; `Err`: nothing holds it, and what may be meant.
pub fn heard(recorded: &Recorded, plan: &Arc<Plan>, item: &str) -> Result<Result<Heard, String>, Refusal> {
    let start = recorded.start(plan);
    let start = start.ok_or_else(|| Refusal::failed("what the run began with does not fit its plan"))?;
    let origins = Origins::new(plan, &start);
    let mut collector = Collector::new(plan.clone(), origins, Needle::new(item));
    replayed(recorded, plan, Some(&mut collector))?;
    Ok(collector.finish())
}

/// What came of one item, and why.
pub async fn story(journal: &dyn Journal, recorded: &Recorded, item: &str, form: Form) -> Result<String, Refusal> {
    let plan = recorded.plan(journal).await?;
    let heard = heard(recorded, &plan, item)?.map_err(|help| {
        let nothing = format!("nothing in run {} of {} holds {item}", recorded.run, recorded.workflow);
        Refusal::wrong(format!("{nothing}: {help}"))
    })?;
    let conclusion = conclude(&heard, item, &plan.files);
    if form == Form::Json {
        return Ok(pretty(&serde_json::json!({
            "run": recorded.run.to_text(),
            "workflow": recorded.workflow,
            "started": recorded.started.to_string(),
            "item": item,
            "conclusion": sentences(&conclusion),
            "story": entries(&heard.story, &plan.files),
        })));
    }
    let sheet = Sheet::of_stdout();
    let mut out = sheet.titled(&recorded.heading());
    out.push('\n');
    for sentence in &conclusion {
        let tint = if sentence.level == 0 { Tint::Bold } else { Tint::Plain };
        sheet.put(&mut out, sentence.level, &sentence.text, tint, &sentence.place);
    }
    let (story, left_out) = match form {
        Form::Full => (heard.story, 0),
        _ => {
            let short = shortened(&heard);
            let left_out = heard.story.entries().len() - short.entries().len();
            (short, left_out)
        }
    };
    let told = told(&story, &plan.files, sheet);
    if !told.is_empty() {
        out.push('\n');
        out.push_str(&told);
    }
    if left_out > 0 {
        out.push('\n');
        sheet.put(
            &mut out,
            0,
            &format!("({} more, which decided nothing: --full)", counted(left_out, "line")),
            Tint::Dim,
            "",
        );
    }
    Ok(out)
}

/// What it decided for how many.
pub async fn outlined(journal: &dyn Journal, recorded: &Recorded, json: bool) -> Result<String, Refusal> {
    // a report can be shown without the plan, only not where in its files a thing stands
    let remade = recorded.plan(journal).await;
    let (report, waits) = match &recorded.ended {
        Some(end) => (end.report.to_serde(), Vec::new()),
        None => {
            let plan = remade.as_ref().map(Arc::clone).map_err(|r| Refusal::failed(r.message.clone()))?;
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
    let plan = remade.ok();
    let steps = plan.as_ref().map(|plan| Steps::of(plan));
    let known = steps.as_ref().zip(plan.as_ref().map(|plan| &plan.files));
    let waits: String = waits.iter().map(|wait| format!("waits for {wait}\n")).collect();
    let sheet = Sheet::of_stdout();
    Ok(format!("{}{waits}\n{}", sheet.titled(&recorded.heading()), outline(&report, known, sheet)))
}

fn replayed(recorded: &Recorded, plan: &Arc<Plan>, tracer: Option<&mut dyn Tracer>) -> Result<Replayed, Refusal> {
    replay_records(&recorded.records, recorded.run, plan.clone(), tracer).map_err(|e| Refusal::failed(e.to_string()))
}

/// The report of a run that is not over, and what it waits for.
fn so_far(replayed: &Replayed) -> (serde_json::Value, Vec<String>) {
    let report = so_far_value(replayed.run.report()).to_serde();
    let waits = replayed.run.waiting().into_iter().map(|(address, waits)| match waits {
        WaitsFor::Answer(what) => format!("the answer of {what} at {address}"),
        WaitsFor::Timer(at) => format!("{at} at {address}"),
    });
    (report, waits.collect())
}

fn pretty(json: &serde_json::Value) -> String {
    serde_json::to_string_pretty(json).unwrap_or_default() + "\n"
}
