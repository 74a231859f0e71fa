//! Whether everything was done once: the vendors' ledger beside what the store says.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use wf_host::ports::{Journal, Kind};
use wf_host::record::read_origin;

use crate::drill::Drill;

/// What a run writes, beside its mark.
const WRITES: [&str; 6] = ["note-1", "note-2", "note-3", "mail", "again", "task"];
const TELLS: [&str; 3] = ["chat-1", "chat-2", "chat-3"];

/// The only write of the drill whose action says `doubt: report`.
const REPORTED: &str = "mail";

/// The mark of a run and what was written of it: `2022-06-01T14:00:00.123Z note-1`.
fn key_in(text: &str) -> Option<String> {
    let (_, after) = text.split_once("drill ")?;
    let mut words = after.split([' ', ',', '"', '\\']).filter(|word| !word.is_empty());
    Some(format!("{} {}", words.next()?, words.next()?))
}

/// How often the vendors did what.
pub(crate) fn written(drill: &Drill) -> BTreeMap<String, u32> {
    let mut written = BTreeMap::new();
    for entry in drill.vendors.ledger().entries().iter().filter(|entry| entry.acted) {
        if let Some(key) = key_in(&entry.body.to_string()) {
            *written.entry(key).or_default() += 1;
        }
    }
    written
}

/// What `wfctl runs doubts` lists.
pub(crate) struct Doubt {
    pub(crate) key: String,
    pub(crate) request_id: String,
    pub(crate) run: String,
    action: String,
    why: String,
}

impl Doubt {
    pub(crate) fn is_under_way(&self) -> bool {
        self.why.starts_with("it is under way")
    }
}

pub(crate) fn doubts(drill: &Drill) -> Vec<Doubt> {
    let out = drill.wfctl(&["runs", "doubts", "--output", "json"]).output().unwrap_or_else(|e| panic!("{e}"));
    let text = String::from_utf8_lossy(&out.stdout);
    let json: serde_json::Value =
        serde_json::from_str(&text).unwrap_or_else(|e| panic!("{e}: {text} {}", String::from_utf8_lossy(&out.stderr)));
    let doubt = |one: &serde_json::Value| {
        let text = |name: &str| one[name].as_str().unwrap_or_default().to_owned();
        Doubt {
            key: key_in(&text("about")).unwrap_or_default(),
            request_id: text("request_id"),
            run: text("run"),
            action: text("action"),
            why: text("why"),
        }
    };
    json.as_array().into_iter().flatten().map(doubt).collect()
}

pub(crate) struct Verdict {
    /// Runs of the schedule.
    pub(crate) runs: u64,
    written: BTreeMap<String, u32>,
    /// Writes that stand nowhere.
    missing: Vec<String>,
    /// Tells that stand nowhere.
    untold: usize,
    doubts: Vec<Doubt>,
    unended: Vec<String>,
    ticks_without_run: usize,
}

impl Verdict {
    pub(crate) fn of(drill: &Drill) -> Self {
        let written = written(drill);
        let store = drill.store().unwrap_or_else(|| panic!("nothing was recorded"));
        let (mut marks, mut unended) = (Vec::new(), Vec::new());
        let ticks_without_run = drill.runtime.block_on(async {
            for run in store.runs(None, 1_000_000).await.unwrap_or_else(|e| panic!("{e}")) {
                let records = store.read(run.run, 1).await.unwrap_or_else(|e| panic!("{e}"));
                if run.ended.as_deref() != Some("well") {
                    unended.push(format!("{} {:?}", run.run, run.ended));
                }
                match records.first().map(|record| &record.kind) {
                    Some(Kind::Started { start, .. }) if read_origin(start).by == "drill/main" => {
                        marks.push(run.started.to_string());
                    }
                    Some(Kind::Started { .. }) => {}
                    other => panic!("run {} begins with {other:?}", run.run),
                }
            }
            let mut without = 0;
            for tick in wf_host::ports::Ticks::list(&store, None, 1_000_000).await.unwrap_or_else(|e| panic!("{e}")) {
                if let wf_host::ports::TickOutcome::Ran { run } | wf_host::ports::TickOutcome::Late { run, .. } =
                    tick.outcome
                    && store.info(run).await.unwrap_or_else(|e| panic!("{e}")).is_none()
                {
                    without += 1;
                }
            }
            without
        });
        let absent = |what: &[&str]| -> Vec<String> {
            let all = marks.iter().flat_map(|mark| what.iter().map(move |what| format!("{mark} {what}")));
            all.filter(|key| !written.contains_key(key)).collect()
        };
        let (missing, untold) = (absent(&WRITES), absent(&TELLS).len());
        Self { runs: marks.len() as u64, missing, untold, doubts: doubts(drill), unended, ticks_without_run, written }
    }

    /// Nothing stands twice, nothing is missing but what is listed in doubt, and only that is which may be.
    pub(crate) fn check(&self, in_flight: &BTreeSet<String>) {
        let twice: Vec<_> = self.written.iter().filter(|(_, n)| **n > 1).collect();
        assert!(twice.is_empty(), "written twice: {twice:?}");
        for key in &self.missing {
            let doubt = self.doubts.iter().find(|doubt| doubt.key == *key);
            let doubt = doubt.unwrap_or_else(|| panic!("{key} was never written, and nobody says so: {self}"));
            assert!(
                key.ends_with(REPORTED),
                "{key} is in doubt, and its action can be asked or repeated: {}",
                doubt.why
            );
        }
        for doubt in &self.doubts {
            let may_be = doubt.action.starts_with("notifier.");
            assert!(may_be, "{} {} is in doubt: {}", doubt.action, doubt.key, doubt.why);
            // a message that nobody waits for is on its way after the engine's part is done: only its connector knows
            let known =
                in_flight.contains(&doubt.request_id) || doubt.run.is_empty() && doubt.action == "notifier.chat";
            assert!(known, "{} {} is in doubt, and was not in flight at a kill", doubt.action, doubt.key);
        }
        assert!(self.unended.is_empty(), "runs that did not end well: {:?}", self.unended);
        assert_eq!(self.ticks_without_run, 0, "ticks whose run never began");
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} runs of the schedule, {} things written, {} writes missing, {} tells missing, {} in doubt",
            self.runs,
            self.written.len(),
            self.missing.len(),
            self.untold,
            self.doubts.len()
        )
    }
}
