//! `--since`: what the runs of a workflow came to, one after the other; rechecks with the run that booked them.

use jiff::{SignedDuration, Timestamp};
use wf_host::ports::{Journal, RunInfo};

use super::answer::heard;
use super::brief::counted;
use super::conclude::conclude;
use super::listing::recorded_at;
use super::plans::Plans;
use super::recorded::Recorded;
use super::sentence::Sentence;
use super::words;
use crate::exit::Refusal;
use crate::sheet::{Sheet, Tint};

/// Runs that are looked through.
const LOOKED_THROUGH: usize = 10_000;

/// From when on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Since {
    /// By the time that the runs saw.
    Moment(Timestamp),
    /// Back from now, by when they were recorded.
    Ago(SignedDuration),
}

impl Since {
    /// `2022-06-01T14:00:00Z`, or `2h`.
    ///
    /// # Errors
    /// It is neither.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        if let Some(ago) = wf_value::duration::parse(text) {
            return Ok(Self::Ago(ago));
        }
        let moment = text.parse().map(Self::Moment);
        moment.map_err(|_| {
            Refusal::wrong(format!("--since {text}: write a moment, as 2022-06-01T14:00:00Z, or how long ago, as 2h"))
        })
    }

    #[must_use]
    pub fn holds(self, info: &RunInfo, now: Timestamp) -> bool {
        match self {
            Self::Moment(moment) => info.started >= moment,
            Self::Ago(ago) => now.duration_since(recorded_at(info.run).unwrap_or(info.started)) <= ago,
        }
    }
}

/// What became of an item, or of all, in the runs of a workflow since then, the oldest first.
pub async fn over_runs(
    journal: &dyn Journal,
    workflow: &str,
    since: Since,
    item: Option<&str>,
) -> Result<String, Refusal> {
    let unreadable = |e: wf_host::ports::JournalError| Refusal::failed(e.to_string());
    let now = Timestamp::now();
    let mut runs = journal.runs(None, LOOKED_THROUGH).await.map_err(unreadable)?;
    let known = runs.iter().any(|info| is_of(info, workflow));
    if !known {
        let near = wf_source::nearest(workflow, runs.iter().map(|info| info.workflow.as_str()));
        let near = near.map(|near| format!("; did you mean {near}?")).unwrap_or_default();
        return Err(Refusal::wrong(format!(
            "no run of a workflow {workflow} was recorded{near} (--since needs a workflow)"
        )));
    }
    runs.retain(|info| is_of(info, workflow) && since.holds(info, now));
    runs.reverse();
    let sheet = Sheet::of_stdout();
    let mut out = String::new();
    let mut plans = Plans::default();
    let (mut without, mut before, mut same) = (0, None::<Vec<String>>, 0);
    for info in &runs {
        let recorded = Recorded::read(journal, info.run).await?;
        let sentences = match item {
            None => Vec::new(),
            Some(item) => match said(journal, &mut plans, &recorded, item).await? {
                Some(sentences) => sentences,
                None => {
                    without += 1;
                    continue;
                }
            },
        };
        let gist = gist(&sentences);
        if item.is_some() && before.as_ref() == Some(&gist) {
            same += 1;
            continue;
        }
        likewise(&mut out, sheet, &mut same);
        let by = recorded.booked_by().map(|by| format!(", recheck of {by}")).unwrap_or_default();
        let heading = format!("{}  run {}{by}: {}", words::time(info.started), info.run, recorded.ending());
        sheet.put(&mut out, 0, &heading, Tint::Bold, "");
        for sentence in &sentences {
            sheet.put(&mut out, sentence.level + 1, &sentence.text, Tint::Plain, &sentence.place);
        }
        before = Some(gist);
    }
    likewise(&mut out, sheet, &mut same);
    if let Some(item) = item.filter(|_| without > 0) {
        let all = if without == runs.len() { "all of them" } else { "of them" };
        let text = format!("({} {all} held nothing of {item})", counted(without, "run"));
        sheet.put(&mut out, 0, &text, Tint::Dim, "");
    }
    if runs.is_empty() {
        out.push_str(&format!("no run of {workflow} since then\n"));
    }
    Ok(out)
}

fn is_of(info: &RunInfo, workflow: &str) -> bool {
    info.workflow == workflow || info.workflow.split('@').next() == Some(workflow)
}

/// The conclusion about an item; `None`: nothing in the run holds it.
async fn said(
    journal: &dyn Journal,
    plans: &mut Plans,
    recorded: &Recorded,
    item: &str,
) -> Result<Option<Vec<Sentence>>, Refusal> {
    let plan = plans.of(journal, recorded).await?;
    let heard = heard(recorded, &plan, item)?;
    Ok(heard.ok().map(|heard| conclude(&heard, item, &plan.files)))
}

/// Sentences without the values they name: runs that say the same are told once.
fn gist(sentences: &[Sentence]) -> Vec<String> {
    let plain = |one: &Sentence| format!("{} {}", one.text.split(" (").next().unwrap_or_default(), one.place);
    sentences.iter().map(plain).collect()
}

fn likewise(out: &mut String, sheet: Sheet, same: &mut usize) {
    if *same > 0 {
        let text = format!(
            "… and the same in the {} after it",
            if *same == 1 { "run".into() } else { format!("{same} runs") }
        );
        sheet.put(out, 1, &text, Tint::Dim, "");
        *same = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn since_is_a_moment_or_how_long_ago() {
        assert_eq!(Since::parse("2h").ok(), Some(Since::Ago(SignedDuration::from_hours(2))));
        assert_eq!(Since::parse("1970-01-01T00:00:00Z").ok(), Some(Since::Moment(Timestamp::UNIX_EPOCH)));
        assert!(Since::parse("yesterday").is_err_and(|refusal| refusal.message.contains("--since yesterday: write")));
    }
}
