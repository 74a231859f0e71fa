//! The engine's own metrics: every name once, with what it means.

use wf_plan::MetricKind;

pub const RUNS_STARTED: &str = "wf_runs_started";
pub const RUNS_ENDED: &str = "wf_runs_ended";
pub const RUNS_GOING: &str = "wf_runs_going";
pub const RUN_SECONDS: &str = "wf_run_seconds";
pub const ITEMS: &str = "wf_items";
pub const SKIPS: &str = "wf_skips";
pub const UNDECIDED: &str = "wf_undecided";
pub const HELD: &str = "wf_held";
pub const CALLS: &str = "wf_calls";
pub const CALL_SECONDS: &str = "wf_call_seconds";
pub const CALLS_GOING: &str = "wf_calls_going";
pub const WRITES: &str = "wf_writes";
pub const TIMERS_DUE: &str = "wf_timers_due";
pub const TICKS: &str = "wf_ticks";
pub const TICK_DELAY_SECONDS: &str = "wf_tick_delay_seconds";
pub const STARTS_REFUSED: &str = "wf_starts_refused";
pub const RELOADS: &str = "wf_reloads";
pub const JOURNAL_ERRORS: &str = "wf_journal_errors";
pub const SERIES_DROPPED: &str = "wf_metric_series_dropped";

/// All of them, with their kinds and what they mean.
pub const ALL: &[(&str, MetricKind, &str)] = &[
    (RUNS_STARTED, MetricKind::Counter, "Runs begun, by workflow and trigger."),
    (RUNS_ENDED, MetricKind::Counter, "Runs ended, by workflow and how."),
    (RUNS_GOING, MetricKind::Gauge, "Runs under way, by workflow."),
    (RUN_SECONDS, MetricKind::Histogram, "How long runs took, by workflow."),
    (ITEMS, MetricKind::Counter, "Items of loops, by workflow, loop and how they ended."),
    (SKIPS, MetricKind::Counter, "Items, flows and runs that were skipped, by workflow and reason."),
    (UNDECIDED, MetricKind::Counter, "What nobody could decide, by workflow."),
    (HELD, MetricKind::Counter, "Writes and tells that were held back, by workflow and action."),
    (CALLS, MetricKind::Counter, "Calls of connectors, by workflow, action and status."),
    (CALL_SECONDS, MetricKind::Histogram, "How long calls of connectors took, by action."),
    (CALLS_GOING, MetricKind::Gauge, "Calls of connectors under way."),
    (WRITES, MetricKind::Counter, "Writes and tells that went out, by workflow, action and status."),
    (TIMERS_DUE, MetricKind::Counter, "Timers of runs that were due."),
    (TICKS, MetricKind::Counter, "Ticks of schedules, by schedule and how they ended."),
    (TICK_DELAY_SECONDS, MetricKind::Histogram, "How long after its tick a run began."),
    (STARTS_REFUSED, MetricKind::Counter, "Runs that were not begun, by workflow and reason."),
    (RELOADS, MetricKind::Counter, "Changes of the workflows, by whether they were taken."),
    (JOURNAL_ERRORS, MetricKind::Counter, "Failed operations of the journal."),
    (SERIES_DROPPED, MetricKind::Counter, "Series that were not kept because their metric has too many."),
];
