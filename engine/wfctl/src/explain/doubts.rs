//! What was sent and nobody knows the end of, for people and programs.

use jiff::Timestamp;
use serde_json::{Value as Json, json};
use wf_host::doubts::doubts;
use wf_host::driver::so_far_value;
use wf_host::ports::Journal;
use wf_host::replay::replay_records;

use super::recorded::Recorded;
use super::words;

/// One of these.
pub struct Doubtful {
    /// Empty when only its connector knows of it.
    pub run: String,
    pub workflow: String,
    /// `crm.append_note`; empty when the plan of the run is not to be had.
    pub action: String,
    pub about: String,
    pub request_id: String,
    pub sent: Timestamp,
    pub why: String,
}

impl Doubtful {
    /// One that only its connector knows of.
    #[must_use]
    pub fn claimed(action: String, request_id: String, sent: Timestamp) -> Self {
        let why = "a vendor was asked for it, and no reply is remembered".to_owned();
        Self { run: String::new(), workflow: String::new(), action, about: String::new(), request_id, sent, why }
    }

    pub fn json(&self) -> Json {
        let or_null = |text: &str| if text.is_empty() { Json::Null } else { text.into() };
        json!({
            "run": or_null(&self.run),
            "workflow": or_null(&self.workflow),
            "action": or_null(&self.action),
            "about": or_null(&self.about),
            "request_id": self.request_id,
            "sent": self.sent.to_string(),
            "why": self.why,
        })
    }
}

/// What of a run is in doubt.
pub async fn doubts_of(journal: &dyn Journal, recorded: &Recorded) -> Vec<Doubtful> {
    let found = doubts(&recorded.records);
    if found.is_empty() {
        return Vec::new();
    }
    let report = match &recorded.ended {
        Some(end) => end.report.to_serde(),
        None => {
            let plan = recorded.plan(journal).await.ok();
            let replayed = plan.and_then(|plan| replay_records(&recorded.records, recorded.run, plan, None).ok());
            replayed.map(|replayed| so_far_value(replayed.run.report()).to_serde()).unwrap_or_default()
        }
    };
    let sent = report["sent"].as_array().cloned().unwrap_or_default();
    let under_way = if recorded.ended.is_some() {
        "it was sent, and nothing was heard of it"
    } else {
        "it is under way, or was when its engine ended"
    };
    let told = |doubt: wf_host::doubts::Doubt| {
        let at = doubt.address.to_string();
        let of = sent.iter().find(|one| one["at"] == at.as_str());
        let text = |name: &str| of.and_then(|one| one[name].as_str()).unwrap_or_default().to_owned();
        Doubtful {
            run: recorded.run.to_text(),
            workflow: recorded.workflow.clone(),
            action: text("action"),
            about: text("about"),
            request_id: doubt.request_id,
            sent: doubt.sent,
            why: doubt.why.unwrap_or_else(|| under_way.to_owned()),
        }
    };
    found.into_iter().map(told).collect()
}

/// A few lines each.
#[must_use]
pub fn doubts_table(doubts: &[Doubtful]) -> String {
    let told = |doubt: &Doubtful| {
        let action = if doubt.action.is_empty() { "something" } else { &doubt.action };
        let about = if doubt.about.is_empty() { String::new() } else { format!(" ({})", doubt.about) };
        let of = match doubt.run.as_str() {
            "" => String::new(),
            run => format!(", run {run} of {}", doubt.workflow),
        };
        let (sent, id, why) = (words::time(doubt.sent), &doubt.request_id, &doubt.why);
        format!("{sent}  {action}{about}{of}\n    request {id}: {why}\n")
    };
    doubts.iter().map(told).collect()
}
