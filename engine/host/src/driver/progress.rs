//! How far a run is, for a display while it goes on.

use wf_machine::Report;
use wf_value::Text;

/// Where a run stands. Read as often as wanted: only the newest is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// In the order in which they began.
    pub loops: Vec<LoopProgress>,
    /// Calls that were answered, and that are under way.
    pub calls: u64,
    pub calls_going: u64,
    /// Writes and tells that went out, or were held back.
    pub sent: u64,
    pub held: u64,
    pub undecided: u64,
    pub over: bool,
}

/// How many items of a loop are over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LoopProgress {
    pub title: Text,
    pub over: u64,
    pub of: u64,
}

impl Progress {
    pub(super) fn of(report: &Report, calls: u64, calls_going: u64) -> Self {
        let held = report.sent.iter().filter(|s| s.held).count() as u64;
        let loops = report.loops.iter().map(|l| LoopProgress {
            title: l.title.clone(),
            over: l.done + l.left_out + l.skipped.iter().map(|(_, n)| n).sum::<u64>() + l.failed + l.undecided + l.held,
            of: l.items,
        });
        Self {
            loops: loops.collect(),
            calls,
            calls_going,
            sent: report.sent.len() as u64 - held,
            held,
            undecided: report.undecided_count(),
            over: false,
        }
    }
}
