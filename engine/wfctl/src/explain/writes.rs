//! `--write`: why something was written, told or booked, over the runs of all workflows.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Value as Json, json};
use wf_host::ports::{Journal, Kind, RunInfo};
use wf_host::replay::replay_records;
use wf_plan::{Address, Plan, RunId};
use wf_source::Files;

use super::brief::counted;
use super::causes::{Cause, Causes, Wanted};
use super::entry::{Entry, What};
use super::json::entry as entry_json;
use super::needle::Needle;
use super::origins::Origins;
use super::plans::Plans;
use super::recorded::Recorded;
use super::sentence::values;
use super::since::Since;
use crate::exit::Refusal;
use crate::sheet::{Sheet, Tint};

/// Runs that are looked through.
const LOOKED_THROUGH: usize = 1_000_000;

/// What is asked for: in which runs, and what stands in it.
pub struct Asked<'a> {
    /// A workflow or a run; `None`: all.
    pub run: Option<&'a str>,
    pub since: Option<Since>,
    /// A request id, or a text: a ticket's number, a serial, some words of a note.
    pub what: &'a str,
}

/// What one run wrote of it.
pub struct Of {
    pub recorded: Recorded,
    pub causes: Vec<Cause>,
    pub plan: Arc<Plan>,
}

/// Everything that was sent or booked with that in it, the oldest first, with the reasons.
///
/// # Errors
/// Nothing of the kind was, or the journal cannot be read.
pub async fn written(journal: &dyn Journal, asked: &Asked<'_>, as_json: bool) -> Result<String, Refusal> {
    let found = found(journal, asked).await?;
    if found.is_empty() {
        return Err(Refusal::wrong(format!(
            "nothing that was written, told or booked holds {}; ask for a ticket's number, a serial, some words of a note, or a request id",
            asked.what
        )));
    }
    if as_json {
        let all: Vec<Json> = found.iter().flat_map(|of| of.causes.iter().map(|cause| of.json(cause))).collect();
        return Ok(serde_json::to_string_pretty(&all).unwrap_or_default() + "\n");
    }
    let sheet = Sheet::of_stdout();
    let mut out = String::new();
    for of in &found {
        let mut before: &[Entry] = &[];
        sheet.put(&mut out, 0, &of.recorded.heading(), Tint::Bold, "");
        if let Some(by) = of.recorded.begun_for() {
            sheet.put(&mut out, 1, &by, Tint::Dim, "");
        }
        for cause in &of.causes {
            tell(&mut out, cause, before, &of.plan.files, sheet);
            before = &cause.way;
        }
        out.push('\n');
    }
    let n = found.iter().map(|of| of.causes.len()).sum();
    sheet.put(&mut out, 0, &format!("{} in {}", counted(n, "deed"), counted(found.len(), "run")), Tint::Dim, "");
    Ok(out)
}

/// What is found in each run.
///
/// # Errors
/// The journal cannot be read, or a run in it cannot be made again.
pub async fn found(journal: &dyn Journal, asked: &Asked<'_>) -> Result<Vec<Of>, Refusal> {
    let unreadable = |e: wf_host::ports::JournalError| Refusal::failed(e.to_string());
    let now = Timestamp::now();
    let mut runs = journal.runs(None, LOOKED_THROUGH).await.map_err(unreadable)?;
    runs.retain(|info| {
        asked.since.is_none_or(|since| since.holds(info, now)) && asked.run.is_none_or(|run| is(info, run))
    });
    runs.reverse();
    let id = is_id(asked.what).then_some(asked.what);
    let mut plans = Plans::default();
    let mut found = Vec::new();
    for info in runs {
        if does_nothing(journal, &info).await? {
            continue;
        }
        let recorded = Recorded::read(journal, info.run).await?;
        let wanted = match id {
            Some(id) => match sent_as(&recorded, id) {
                at if at.is_empty() => continue,
                at => Wanted::At(at),
            },
            None => Wanted::Holding(Needle::new(asked.what)),
        };
        let plan = plans.of(journal, &recorded).await?;
        let start = recorded.start(&plan);
        let start = start.ok_or_else(|| Refusal::failed("what the run began with does not fit its plan"))?;
        let mut causes = Causes::new(plan.clone(), Origins::new(&plan, &start), wanted);
        replay_records(&recorded.records, recorded.run, plan.clone(), Some(&mut causes))
            .map_err(|e| Refusal::failed(e.to_string()))?;
        let causes = causes.finish();
        if !causes.is_empty() {
            found.push(Of { recorded, causes, plan });
            if id.is_some() {
                break;
            }
        }
    }
    Ok(found)
}

fn is(info: &RunInfo, asked: &str) -> bool {
    info.workflow == asked || info.workflow.split('@').next() == Some(asked) || info.run.to_text() == asked
}

fn is_id(text: &str) -> bool {
    // they look like ids of runs
    RunId::parse(text).is_some()
}

/// A run that is over and sent nothing: its last record says so, and it need not be read.
async fn does_nothing(journal: &dyn Journal, info: &RunInfo) -> Result<bool, Refusal> {
    if info.ended.is_none() {
        return Ok(false);
    }
    let last = journal.read(info.run, info.last).await.map_err(|e| Refusal::failed(e.to_string()))?;
    let report = last.into_iter().find_map(|record| match record.kind {
        Kind::Ended { report, .. } => Some(report),
        _ => None,
    });
    let sent = report.as_ref().and_then(|report| report.as_map()?.raw("sent")?.as_list().map(|sent| sent.len()));
    Ok(sent == Some(0))
}

fn sent_as(recorded: &Recorded, id: &str) -> Vec<Address> {
    let sent = recorded.records.iter().filter_map(|record| match &record.kind {
        Kind::Sent { address, request_id, .. } if request_id == id => Some(address.clone()),
        _ => None,
    });
    sent.collect()
}

impl Of {
    /// When it left, and under which request id; a booking has none.
    fn left(&self, address: &Address) -> Option<(Timestamp, &str)> {
        self.recorded.records.iter().find_map(|record| match &record.kind {
            Kind::Sent { address: at, request_id, .. } if at == address => Some((record.at, request_id.as_str())),
            _ => None,
        })
    }

    fn json(&self, cause: &Cause) -> Json {
        let left = self.left(&cause.act.address);
        json!({
            "run": self.recorded.run.to_text(),
            "workflow": self.recorded.workflow,
            "started": self.recorded.started.to_string(),
            "begun_for": self.recorded.begun_for(),
            "at": left.map(|(at, _)| at.to_string()),
            "request_id": left.map(|(_, id)| id),
            "act": entry_json(&cause.act, &self.plan.files),
            "way": cause.way.iter().map(|entry| entry_json(entry, &self.plan.files)).collect::<Vec<_>>(),
        })
    }
}

/// The deed, what it said, and the way to it; as far as that is the way of the deed before, it is not told again.
fn tell(out: &mut String, cause: &Cause, before: &[Entry], files: &Files, sheet: Sheet) {
    let Cause { act, way } = cause;
    let arrow = format!("{} {} → {}", act.what.begins(), act.text, act.result);
    sheet.put(out, 1, &arrow, Tint::Good, &place(files, act));
    for saw in &act.saw {
        out.push_str(&format!("    {}\n", sheet.cut(2, &format!("{} = {}", saw.name, saw.value))));
    }
    let same = |(one, other): &(&Entry, &Entry)| {
        (one.span, &one.address, one.what) == (other.span, &other.address, other.what)
    };
    let shared = way.iter().zip(before).take_while(same).count();
    sheet.put(out, 1, if shared > 0 { "on the same way, and there" } else { "since" }, Tint::Dim, "");
    for entry in way.iter().skip(shared) {
        sheet.put(out, 2, &said(entry), Tint::Plain, &place(files, entry));
    }
}

/// A step of the way in words.
fn said(entry: &Entry) -> String {
    let saw = values(&entry.saw);
    match entry.what {
        What::Item => {
            let item = entry.saw.first().map(|saw| format!(": {}", saw.value)).unwrap_or_default();
            format!("for {}{item}", entry.text)
        }
        What::Flow if entry.address.0.is_empty() => format!("the run, {}", entry.text),
        What::Flow => format!("run {}", entry.text),
        What::Condition(what @ ("if" | "where")) => format!("{what} {}: yes{saw}", entry.text),
        What::Condition(_) => {
            let reason = entry.reason.as_ref().unwrap_or(&entry.text);
            format!("passed, since not: {reason}{saw}")
        }
        _ => entry.words(),
    }
}

fn place(files: &Files, entry: &Entry) -> String {
    if files.get(entry.span.file).is_some() { files.locate(entry.span) } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_id_is_known_by_its_letters() {
        assert!(is_id("3Kd7mNpQrStUvWxYz23456"));
        for other in ["3Kd7mNpQrStUvWxYz2345", "0Kd7mNpQrStUvWxYz23456", "4000400", "VC1000004"] {
            assert!(!is_id(other), "{other}");
        }
    }
}
