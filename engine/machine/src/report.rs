//! The report of a run, while it is written.

use std::collections::BTreeMap;
use std::sync::Arc;

use wf_expr::WrittenKind;
use wf_plan::{Address, Loop, StepId};
use wf_value::{Text, Unknown, Value};

use crate::ended::{Failed, LoopReport, Report, SentKind, SentReport, Undecided};

/// Place of a loop in the report.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LoopId(usize);

#[derive(Debug, Default)]
pub(crate) struct Reporting {
    report: Report,
    loops: BTreeMap<StepId, LoopId>,
}

/// Reasons with holes could be as many as there are items.
const REASONS: usize = 200;
const OTHER_REASONS: &str = "other reasons";

impl Reporting {
    pub(crate) fn take(&mut self) -> Report {
        std::mem::take(&mut self.report)
    }

    pub(crate) fn so_far(&self) -> &Report {
        &self.report
    }

    /// A loop begins; all runs of the same step are summed up.
    pub(crate) fn begin_loop(&mut self, step: StepId, each: &Loop, items: u64) -> LoopId {
        let loops = &mut self.report.loops;
        let id = *self.loops.entry(step).or_insert_with(|| {
            loops.push(LoopReport { step: Some(step), title: title(each), ..LoopReport::default() });
            LoopId(loops.len() - 1)
        });
        if let Some(report) = loops.get_mut(id.0) {
            report.items += items;
        }
        id
    }

    fn of_loop(&mut self, id: LoopId, count: impl FnOnce(&mut LoopReport)) {
        if let Some(report) = self.report.loops.get_mut(id.0) {
            count(report);
        }
    }

    pub(crate) fn item_done(&mut self, id: LoopId) {
        self.of_loop(id, |report| report.done += 1);
    }

    pub(crate) fn left_out(&mut self, id: LoopId) {
        self.of_loop(id, |report| report.left_out += 1);
    }

    pub(crate) fn item_skipped(&mut self, id: LoopId, reason: &Text) {
        self.of_loop(id, |report| count(&mut report.skipped, reason));
    }

    pub(crate) fn item_failed(&mut self, id: LoopId) {
        self.of_loop(id, |report| report.failed += 1);
    }

    pub(crate) fn item_undecided(&mut self, id: LoopId) {
        self.of_loop(id, |report| report.undecided += 1);
    }

    pub(crate) fn item_held(&mut self, id: LoopId) {
        self.of_loop(id, |report| report.held += 1);
    }

    /// A flow, or the run, was skipped.
    pub(crate) fn skip(&mut self, reason: &Text) {
        count(&mut self.report.skips, reason);
    }

    pub(crate) fn undecided(&mut self, address: Address, item: Text, place: Text, why: Arc<Unknown>) {
        if self.report.undecided.len() >= Report::NAMED {
            self.report.undecided_more += 1;
            return;
        }
        self.report.undecided.push(Undecided { address, item, place, why });
    }

    pub(crate) fn failed(&mut self, address: Address, item: Text, reason: Text) {
        if self.report.failures.len() >= Report::NAMED {
            self.report.failures_more += 1;
            return;
        }
        self.report.failures.push(Failed { address, item, reason });
    }

    pub(crate) fn failed_call(&mut self, call: &Text) {
        count(&mut self.report.failed_calls, call);
    }

    /// Gives the place among what was sent, for [`Self::answered`].
    pub(crate) fn sent(&mut self, address: Address, kind: SentKind, action: Text, about: Text, held: bool) -> usize {
        self.report.sent.push(SentReport { address, kind, action, about, status: None, held, lost: None });
        self.report.sent.len() - 1
    }

    pub(crate) fn lost(&mut self, address: &Address, cause: Text) {
        self.report.lose(address, cause);
    }

    pub(crate) fn answered(&mut self, sent: Option<usize>, status: u16) {
        if let Some(sent) = sent.and_then(|place| self.report.sent.get_mut(place)) {
            sent.status = Some(status);
        }
    }
}

fn count(counts: &mut Vec<(Text, u64)>, name: &Text) {
    if let Some((_, n)) = counts.iter_mut().find(|(known, _)| known == name) {
        *n += 1;
    } else if counts.len() < REASONS {
        counts.push((name.clone(), 1));
    } else {
        let other = Text::from(OTHER_REASONS);
        match counts.iter_mut().find(|(known, _)| *known == other) {
            Some((_, n)) => *n += 1,
            None => counts.push((other, 1)),
        }
    }
}

/// `ticket in tickets.body`: how people call a loop.
fn title(each: &Loop) -> Text {
    match &each.list.kind {
        WrittenKind::Code(code) => format!("{} in {}", each.var, cut(&code.text, 60)).into(),
        _ => each.var.clone(),
    }
}

/// An item in a few words: a text or number as it is, of a map the first fields that are one.
pub(crate) fn short(value: &Value) -> Text {
    let Value::Map(map) = value else { return cut(&value.print_lenient(), 80) };
    let mut words = String::new();
    let mut named = 0;
    for (key, raw) in map.raw_iter() {
        let telling = match raw {
            Value::Text(text) => !text.is_empty() && text.len() <= 60,
            Value::Int(_) | Value::Big(_) | Value::Id(_) => true,
            _ => false,
        };
        if !telling {
            continue;
        }
        if named > 0 {
            words.push_str(", ");
        }
        words.push_str(key);
        words.push_str(": ");
        words.push_str(&raw.print_lenient());
        named += 1;
        if named == 4 || words.len() > 100 {
            break;
        }
    }
    cut(&words, 140)
}

/// The beginning of a text, on one line.
fn cut(text: &str, characters: usize) -> Text {
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(characters) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()).into(),
        None => line.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wf_value::Map;

    #[test]
    fn an_item_is_named_by_what_tells_it_apart() {
        let row: Map = [("ticketID", Value::Int(12)), ("note", Value::Null), ("serial", Value::text("VC1"))]
            .into_iter()
            .map(|(key, value)| (Text::from(key), value))
            .collect();
        assert_eq!(short(&row.into()).as_str(), "ticketID: 12, serial: VC1");
        assert_eq!(short(&Value::text("a\n  b")).as_str(), "a b");
        assert_eq!(short(&Value::text("secret").secret()).as_str(), "***");
    }

    #[test]
    fn reasons_are_counted_and_bounded() {
        let mut counts = Vec::new();
        for n in 0..1_000 {
            count(&mut counts, &format!("reason {n}").into());
        }
        assert_eq!(counts.len(), REASONS + 1);
        assert_eq!(counts.iter().map(|(_, n)| n).sum::<u64>(), 1_000);
    }
}
