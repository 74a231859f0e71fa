//! `--set`: what a recorded run would have decided with other params.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use wf_check::{Given, resolve_params};
use wf_host::otherwise::{Otherwise, Unheld, otherwise};
use wf_host::ports::Journal;
use wf_host::replay::replay_records;
use wf_machine::Start;
use wf_plan::{Address, Params, Part, Plan, Provenance};
use wf_value::Text;

use super::brief::{brief, counted, named};
use super::collect::Collector;
use super::conclude::conclude;
use super::fates::{Fate, Fates};
use super::needle::Needle;
use super::origins::Origins;
use super::recorded::Recorded;
use super::sentence::Sentence;
use super::steps::Steps;
use crate::exit::Refusal;
use crate::sheet::{Sheet, Tint};

/// Items of one kind of change that are named.
const NAMED: usize = 5;

/// What would have come of a run, or of one item of it, with other values for some params.
pub async fn with_other_params(
    journal: &dyn Journal,
    recorded: &Recorded,
    item: Option<&str>,
    sets: &[(Text, Given)],
) -> Result<String, Refusal> {
    let plan = recorded.plan(journal).await?;
    let start = recorded.start(&plan);
    let start = start.ok_or_else(|| Refusal::failed("what the run began with does not fit its plan"))?;
    let params = changed(&plan, &start, sets)?;
    let sheet = Sheet::of_stdout();
    let mut out = sheet.titled(&recorded.heading());
    out.push('\n');
    sheet.put(&mut out, 0, &instead(&plan, &start, &params), Tint::Bold, "");
    out.push('\n');
    let other = |tracer| {
        otherwise(&recorded.records, recorded.run, plan.clone(), params.clone(), Some(tracer))
            .map_err(|e| Refusal::failed(e.to_string()))
    };
    let Some(item) = item else {
        let (mut was, mut would) = (Fates::default(), Fates::default());
        then(recorded, &plan, &mut was)?;
        let result = other(&mut would)?;
        Changes { was: &was, would: &would, other: &result, plan: &plan, sheet }.told(&mut out);
        return Ok(out);
    };
    let collector = |start: &Start| {
        let origins = Origins::new(&plan, start);
        Collector::new(plan.clone(), origins, Needle::new(item))
    };
    let mut was = collector(&start);
    then(recorded, &plan, &mut was)?;
    let mut would = collector(&Start { params: params.clone(), ..start });
    let result = other(&mut would)?;
    let said = |collector: Collector, unheld: &[Unheld]| {
        let Ok(heard) = collector.finish() else {
            return vec![Sentence::new(0, format!("{item}: nothing holds it"), "")];
        };
        let entries = heard.story.entries();
        let reached = unheld.iter().find_map(|one| Some((one, *entries.iter().find(|e| e.address == one.address)?)));
        match reached {
            None => conclude(&heard, item, &plan.files),
            Some((unheld, entry)) => {
                let place = plan.files.locate(entry.span);
                vec![Sentence::new(
                    0,
                    format!("{item}: it {}; what would follow is not known", would_do(unheld)),
                    &place,
                )]
            }
        }
    };
    let (was, would) = (said(was, &[]), said(would, &result.unheld));
    if was == would {
        sheet.put(&mut out, 0, &format!("nothing would have been decided differently for {item}:"), Tint::Plain, "");
        tell(&mut out, sheet, &was);
    } else {
        out.push_str("it was so:\n");
        tell(&mut out, sheet, &was);
        out.push_str("\nit would have been so:\n");
        tell(&mut out, sheet, &would);
    }
    Ok(out)
}

fn then(recorded: &Recorded, plan: &Arc<Plan>, tracer: &mut dyn wf_machine::Tracer) -> Result<(), Refusal> {
    let replayed = replay_records(&recorded.records, recorded.run, plan.clone(), Some(tracer));
    replayed.map(|_| ()).map_err(|e| Refusal::failed(e.to_string()))
}

fn tell(out: &mut String, sheet: Sheet, sentences: &[Sentence]) {
    for sentence in sentences {
        sheet.put(out, sentence.level + 1, &sentence.text, Tint::Plain, &sentence.place);
    }
}

/// The params of the run, but for those that are set.
fn changed(plan: &Plan, start: &Start, sets: &[(Text, Given)]) -> Result<Arc<Params>, Refusal> {
    // what has no default was set by the environment of that time: only what is set here is read
    let read = |params: &Params| {
        let mut changed = (*start.params).clone();
        for (i, from) in params.from.iter().enumerate().filter(|(_, from)| **from == Provenance::Set) {
            if let (Some(value), Some(of), Some(new)) =
                (changed.values.get_mut(i), changed.from.get_mut(i), params.values.get(i))
            {
                *value = new.clone();
                *of = from.clone();
            }
        }
        Arc::new(changed)
    };
    let unset = |d: &wf_source::Diagnostic| !sets.iter().any(|(name, _)| d.message.contains(name.as_str()));
    match resolve_params(plan, None, None, sets) {
        Ok(params) => Ok(read(&params)),
        Err(found) => {
            let mine = found.iter().find(|d| !unset(d)).or(found.first());
            Err(Refusal::wrong(mine.map(|d| format!("--set: {}", d.message)).unwrap_or_default()))
        }
    }
}

/// `with note_gap = 2h instead of 30m`
fn instead(plan: &Plan, start: &Start, params: &Params) -> String {
    let both = start.params.values.iter().zip(&params.values).zip(&plan.module.params);
    let said: Vec<String> = both
        .filter(|((was, now), _)| was != now)
        .map(|((was, now), param)| format!("{} = {} instead of {}", param.name, brief(now), brief(was)))
        .collect();
    if said.is_empty() {
        return "with the values that it had".into();
    }
    format!("with {}", said.join(", "))
}

struct Changes<'a> {
    was: &'a Fates,
    would: &'a Fates,
    other: &'a Otherwise,
    plan: &'a Plan,
    sheet: Sheet,
}

/// Loop, how it ended, how it would have ended.
type Change = (u32, String, String);

impl Changes<'_> {
    fn told(&self, out: &mut String) {
        let changes = self.items();
        let sent = self.sent();
        if changes.is_empty() && sent.is_empty() && self.other.unheld.is_empty() && self.was.run == self.would.run {
            out.push_str("nothing would have been decided differently\n");
            return;
        }
        if self.was.run != self.would.run {
            let text = format!("the run: {} → {}", word(&self.was.run), word(&self.would.run));
            self.sheet.put(out, 0, &text, Tint::Bad, "");
        }
        let steps = Steps::of(self.plan);
        let mut title = None;
        for ((step, was, would), items) in &changes {
            if title != Some(*step) {
                title = Some(*step);
                let info = steps.get(*step);
                let over = info.map(|info| info.over.clone()).unwrap_or_default();
                let place = info.map(|info| self.plan.files.locate(info.span)).unwrap_or_default();
                self.sheet.put(out, 0, &format!("for {over}"), Tint::Bold, &place);
            }
            self.sheet.put(out, 1, &format!("{:>4}  {} → {}", items.len(), word(was), word(would)), Tint::Plain, "");
            let nothing = Needle::new("");
            for fate in items.iter().take(NAMED) {
                let line = self.sheet.cut(5, &format!("{} = {}", fate.var, named(&fate.value, &nothing)));
                self.sheet.put(out, 5, &line, Tint::Dim, "");
            }
            if items.len() > NAMED {
                self.sheet.put(out, 5, &format!("… and {} more", items.len() - NAMED), Tint::Dim, "");
            }
        }
        for (text, n) in &sent {
            self.sheet.put(out, 0, &format!("{n:>6}  {text}"), Tint::Plain, "");
        }
        for unheld in self.other.unheld.iter().filter(|unheld| self.of_no_item(unheld)) {
            let text = format!("the run {}; what would follow is not known", would_do(unheld));
            let place = steps.at(&unheld.address).map(|step| self.plan.files.locate(step.span)).unwrap_or_default();
            self.sheet.put(out, 0, &text, Tint::Bad, &place);
        }
        let same = self.was.items.iter().filter(|(address, fate)| {
            let as_before = self.would.items.get(*address).is_some_and(|now| now.how == fate.how);
            as_before && self.unheld_in(address).is_none()
        });
        self.sheet.put(
            out,
            0,
            &format!("{} would have ended as they did", counted(same.count(), "item")),
            Tint::Plain,
            "",
        );
    }

    /// Items that end otherwise; those inside of such a one go with it.
    fn items(&self) -> BTreeMap<Change, Vec<&Fate>> {
        let mut changes: BTreeMap<Change, Vec<&Fate>> = BTreeMap::new();
        let mut gone: Vec<&Address> = Vec::new();
        let all: BTreeSet<&Address> = self.was.items.keys().chain(self.would.items.keys()).collect();
        for address in all {
            let (was, would) = (self.was.items.get(address), self.would.items.get(address));
            let Some(fate) = would.or(was).filter(|_| !gone.iter().any(|around| address.0.starts_with(&around.0)))
            else {
                continue;
            };
            let how = |fate: Option<&Fate>| fate.map_or_else(|| "not there".to_owned(), |fate| fate.how.clone());
            let after = match self.unheld_in(address) {
                Some(unheld) if self.innermost(&unheld.address) == Some(address) => would_do(unheld),
                // an item inside of it is told
                Some(_) => continue,
                None => how(would),
            };
            if how(was) != after {
                gone.push(address);
                changes.entry((address.step().unwrap_or_default(), how(was), after)).or_default().push(fate);
            }
        }
        changes
    }

    fn unheld_in(&self, item: &Address) -> Option<&Unheld> {
        self.other.unheld.iter().find(|unheld| unheld.address.0.starts_with(&item.0))
    }

    /// The innermost item around an address.
    fn innermost(&self, address: &Address) -> Option<&Address> {
        let around = self.would.items.keys().filter(|item| address.0.starts_with(&item.0));
        around.max_by_key(|item| item.0.len())
    }

    fn of_no_item(&self, unheld: &Unheld) -> bool {
        self.innermost(&unheld.address).is_none()
    }

    /// What would have been sent beside, or no more; nothing where that is not known.
    fn sent(&self) -> BTreeMap<String, usize> {
        let reads: Vec<&Address> =
            self.other.unheld.iter().filter(|u| !u.writes).filter_map(|u| self.innermost(&u.address)).collect();
        let known = |address: &Address| {
            // the report of a call that nobody knows
            let report = matches!(address.0.split_last(), Some((Part::Call(_), call))
                if self.other.unheld.iter().any(|unheld| unheld.address.0 == call));
            !report && !reads.iter().any(|item| address.0.starts_with(&item.0))
        };
        let mut counts = BTreeMap::new();
        for (all, others, said) in [
            (&self.was.sent, &self.would.sent, "would not have been sent"),
            (&self.would.sent, &self.was.sent, "would have been sent beside"),
        ] {
            for (_, action) in all.iter().filter(|(address, _)| !others.contains_key(*address) && known(address)) {
                *counts.entry(format!("{action} {said}")).or_default() += 1;
            }
        }
        counts
    }
}

/// What is known of a call whose answer is not.
fn would_do(unheld: &Unheld) -> String {
    if unheld.writes {
        format!("would send {}", unheld.what)
    } else {
        format!("would ask {}, whose answer the record does not hold", unheld.what)
    }
}

fn word(how: &str) -> &str {
    if how.is_empty() { "not ended" } else { how }
}
