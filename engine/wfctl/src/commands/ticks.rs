//! `wfctl ticks`

use serde_json::{Value as Json, json};
use wf_host::ports::{Tick, TickOutcome, Ticks as _};
use wf_plan::RunId;

use super::explain::{json as wants_json, open};
use crate::args::Ticks;
use crate::exit::{Exit, Refusal};
use crate::output;

/// Ticks that are looked through for those of one workflow.
const LOOKED_THROUGH: usize = 1_000_000;

/// Lists what became of ticks, the newest first.
pub fn ticks(args: &Ticks) -> Result<Exit, Refusal> {
    let json = wants_json(args.output, "ticks")?;
    super::runtime()?.block_on(async {
        let store = open(&args.store)?;
        let all = if args.schedule.is_some() || args.not_run { LOOKED_THROUGH } else { args.most };
        let mut ticks = store.list(None, all).await.map_err(|e| Refusal::failed(e.to_string()))?;
        ticks.retain(|tick| wanted(args, tick));
        ticks.truncate(args.most);
        if json {
            output::print_json(&ticks.iter().map(told).collect());
        } else if ticks.is_empty() {
            output::say("no such tick was recorded");
        } else {
            output::print(&table(&ticks));
        }
        Ok(Exit::Fine)
    })
}

fn wanted(args: &Ticks, tick: &Tick) -> bool {
    // a schedule is called after its workflow: `watch/main`, of an instance `watch@north/main`
    let workflow = tick.schedule.split(['/', '@']).next().unwrap_or_default();
    let of = args.schedule.as_deref().is_none_or(|of| of == tick.schedule || of == workflow);
    of && (!args.not_run || run_of(tick).is_none())
}

fn run_of(tick: &Tick) -> Option<RunId> {
    match tick.outcome {
        TickOutcome::Ran { run } | TickOutcome::Late { run, .. } => Some(run),
        TickOutcome::Skipped { .. } | TickOutcome::Missed => None,
    }
}

fn told(tick: &Tick) -> Json {
    let (why, late) = match &tick.outcome {
        TickOutcome::Skipped { why } => (Some(why.as_str()), None),
        TickOutcome::Late { by_ms, .. } => (None, Some(*by_ms)),
        TickOutcome::Ran { .. } | TickOutcome::Missed => (None, None),
    };
    json!({
        "schedule": tick.schedule,
        "due": tick.due.to_string(),
        "outcome": tick.outcome.word(),
        "run": run_of(tick).map(RunId::to_text),
        "late_ms": late,
        "why": why,
    })
}

fn table(ticks: &[Tick]) -> String {
    let rows: Vec<[String; 4]> = ticks.iter().map(row).collect();
    let head = ["due (UTC)", "schedule", "became", ""].map(str::to_owned);
    let rows: Vec<&[String; 4]> = std::iter::once(&head).chain(&rows).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths = [width(0), width(1), width(2)];
    let line = |row: &&[String; 4]| {
        let [due, schedule, became, more] = row;
        let [a, b, c] = widths;
        format!("{}\n", format!("{due:<a$}  {schedule:<b$}  {became:<c$}  {more}").trim_end())
    };
    rows.iter().map(line).collect()
}

fn row(tick: &Tick) -> [String; 4] {
    let more = match &tick.outcome {
        TickOutcome::Ran { run } => format!("run {run}"),
        TickOutcome::Late { run, by_ms } => {
            let by = wf_value::duration::print(jiff::SignedDuration::from_millis(*by_ms));
            format!("run {run}, by {by}")
        }
        TickOutcome::Skipped { why } => why.clone(),
        TickOutcome::Missed => "nobody was there in time".into(),
    };
    let due = tick.due.strftime("%Y-%m-%d %H:%M:%S").to_string();
    [due, tick.schedule.clone(), tick.outcome.word().into(), more]
}
