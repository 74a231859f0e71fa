//! Runs in the journal: found by what people call them, with the plan they had.

use std::sync::Arc;

use jiff::Timestamp;
use wf_check::{Checked, Project};
use wf_host::ports::{Bundle, Journal, JournalError, Kind, Record, RunInfo};
use wf_host::record::{Origin, read_origin, read_start};
use wf_machine::Start;
use wf_plan::{Plan, RunId};
use wf_value::Value;

use super::words;
use crate::exit::Refusal;
use crate::show::Ending;

/// A run as the journal has it.
pub struct Recorded {
    pub run: RunId,
    pub records: Vec<Record>,
    /// `monitor`, or `monitor@north`.
    pub workflow: String,
    pub started: Timestamp,
    pub ended: Option<RecordedEnd>,
    plan: String,
    start: Value,
}

#[derive(Clone, Debug)]
pub struct RecordedEnd {
    pub at: Timestamp,
    /// As [`wf_host::driver::report_value`] wrote it.
    pub report: Value,
}

/// Runs that are named when the one that is asked for is not there.
const NAMED: usize = 5;
/// Runs that are looked through for one whose id begins so.
const LOOKED_THROUGH: usize = 10_000;
/// Letters that an id must begin with to be meant.
const PREFIX: usize = 4;

/// The run that is meant: an id or its beginning, `last`, or a workflow for its last run.
pub async fn find(journal: &dyn Journal, asked: &str) -> Result<RunId, Refusal> {
    if asked == "last" {
        let last = journal.runs(None, 1).await.map_err(unreadable)?;
        return last.first().map(|info| info.run).ok_or_else(|| Refusal::failed("nothing was recorded yet"));
    }
    if let Some(run) = RunId::parse(asked)
        && !journal.read(run, 1).await.map_err(unreadable)?.is_empty()
    {
        return Ok(run);
    }
    if let Some(info) = journal.runs(Some(asked), 1).await.map_err(unreadable)?.first() {
        return Ok(info.run);
    }
    let all = journal.runs(None, LOOKED_THROUGH).await.map_err(unreadable)?;
    if let Some(instance) = all.iter().find(|info| info.workflow.split('@').next() == Some(asked)) {
        return Ok(instance.run);
    }
    let begins = |info: &&RunInfo| asked.len() >= PREFIX && info.run.to_text().starts_with(asked);
    let mut begin = all.iter().filter(begins);
    match (begin.next(), begin.next()) {
        (Some(one), None) => Ok(one.run),
        (Some(one), Some(two)) => {
            Err(Refusal::wrong(format!("several runs begin with {asked}: {}, {}, …", one.run, two.run)))
        }
        (None, _) => Err(not_there(asked, &all)),
    }
}

fn not_there(asked: &str, all: &[RunInfo]) -> Refusal {
    if all.is_empty() {
        return Refusal::wrong(format!("there is no run {asked}: nothing was recorded yet"));
    }
    let names = all.iter().map(|info| info.workflow.as_str());
    let near = wf_source::nearest(asked, names).map(|near| format!("; did you mean {near}?")).unwrap_or_default();
    let last = all.iter().take(NAMED).map(|info| {
        let how = info.ended.as_deref().unwrap_or("not over");
        format!("\n  {}  {}  {}  {how}", info.run, words::time(info.started), info.workflow)
    });
    Refusal::wrong(format!(
        "there is no run and no workflow with runs {asked}{near}\nthe last runs:{}",
        last.collect::<String>()
    ))
}

fn unreadable(error: JournalError) -> Refusal {
    Refusal::failed(error.to_string())
}

impl Recorded {
    /// Reads all records of a run.
    pub async fn read(journal: &dyn Journal, run: RunId) -> Result<Self, Refusal> {
        let records = journal.read(run, 1).await.map_err(unreadable)?;
        let Some(Record { at: started, kind: Kind::Started { workflow, plan, start, .. } }) = records.first() else {
            return Err(Refusal::failed(format!("the records of run {run} do not begin with its start")));
        };
        let ended = records.iter().rev().find_map(|record| match &record.kind {
            Kind::Ended { report, .. } => Some(RecordedEnd { at: record.at, report: report.clone() }),
            _ => None,
        });
        let (started, workflow, plan, start) = (*started, workflow.clone(), plan.clone(), start.clone());
        Ok(Self { run, workflow, started, ended, plan, start, records })
    }

    /// What it began with; `None`: it does not fit the plan.
    #[must_use]
    pub fn start(&self, plan: &Plan) -> Option<Start> {
        read_start(&self.start, self.run, plan)
    }

    /// The environment's name; `none` without one.
    #[must_use]
    pub fn environment(&self) -> Option<&str> {
        self.start.as_map()?.raw("env")?.as_map()?.raw("name")?.as_str().filter(|name| !name.is_empty())
    }

    /// `run 3Kd… of monitor, 2022-06-01 14:00:00 UTC, environment production: ended well`
    #[must_use]
    pub fn heading(&self) -> String {
        let environment = match self.environment() {
            Some("none") => ", without an environment".to_owned(),
            Some(name) => format!(", environment {name}"),
            None => String::new(),
        };
        let how = self.ending();
        format!("run {} of {}, {}{environment}: {how}", self.run, self.workflow, words::time(self.started))
    }

    /// How it ended, in words.
    #[must_use]
    pub fn ending(&self) -> String {
        match &self.ended {
            Some(end) => Ending::of(&end.report.to_serde()).words,
            None => "not over".to_owned(),
        }
    }

    /// Who began it.
    #[must_use]
    pub fn origin(&self) -> Origin {
        read_origin(&self.start)
    }

    /// How often another engine went on with it.
    #[must_use]
    pub fn taken_up(&self) -> usize {
        self.records.iter().filter(|record| record.kind == Kind::Taken).count()
    }

    /// Names the plan that it had.
    #[must_use]
    pub fn plan_hash(&self) -> &str {
        &self.plan
    }

    /// The run that booked this one as a recheck.
    #[must_use]
    pub fn booked_by(&self) -> Option<RunId> {
        let trigger = self.trigger()?;
        let is_recheck = trigger.as_map()?.raw("kind")?.as_str()? == "recheck";
        trigger.as_map()?.raw("booked_by")?.as_str().filter(|_| is_recheck).and_then(RunId::parse)
    }

    /// What it was begun for, in words: a recheck, a message, a task that was due. `None`: a schedule, or somebody by hand.
    #[must_use]
    pub fn begun_for(&self) -> Option<String> {
        if let Some(by) = self.booked_by() {
            return Some(format!("a recheck, booked by run {by}"));
        }
        let trigger = self.trigger()?.as_map()?;
        let said = |name: &str| trigger.raw(name).filter(|value| !value.is_null()).map(|value| value.print_lenient());
        match said("kind")?.as_str() {
            "schedule" => None,
            "message" => Some(format!("a message on {}", said("subject")?)),
            kind => Some(format!("{kind} {}, due {}", said("key")?, said("due")?)),
        }
    }

    /// What started it: `{kind, …}`, null for a schedule or a hand.
    #[must_use]
    pub fn trigger(&self) -> Option<&Value> {
        self.start.as_map()?.raw("trigger")
    }

    /// The plan that the run had, made again from the sources that the journal kept.
    pub async fn plan(&self, journal: &dyn Journal) -> Result<Arc<Plan>, Refusal> {
        kept_plan(journal, self.run, &self.plan).await
    }
}

/// A plan made again from the sources that the journal kept for this run.
pub async fn kept_plan(journal: &dyn Journal, run: RunId, hash: &str) -> Result<Arc<Plan>, Refusal> {
    let bundle = journal.plan(hash).await.map_err(unreadable)?;
    let bundle = bundle.ok_or_else(|| {
        Refusal::failed(format!("the sources of run {run} were not kept, so that it cannot be made again"))
    })?;
    let checked = wf_check::check(&project(bundle));
    let found = checked.plans.iter().find(|plan| plan.hash.as_str() == hash).cloned();
    found.ok_or_else(|| Refusal::failed(not_again(run, &checked)))
}

fn not_again(run: RunId, checked: &Checked) -> String {
    let first = checked.diagnostics.iter().find(|d| d.is_error());
    let why = first.map_or_else(
        || "they give another plan".to_owned(),
        |d| format!("{}: {}", checked.files.locate(d.span), d.message),
    );
    format!("this version of wfctl does not read the sources of run {run} as the one that ran it did: {why}")
}

/// The tree that the kept files were.
fn project(bundle: Bundle) -> Project {
    let mut project = Project::default();
    for (path, bytes) in bundle {
        match std::str::from_utf8(&bytes) {
            Ok(text) if Project::wants(&path) => project.add(path, text),
            _ => project.add_asset(path, &*bytes),
        }
    }
    project
}
