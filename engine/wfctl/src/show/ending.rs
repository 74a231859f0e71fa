//! How a run ended, in words; whether that is fine.

use serde_json::Value as Json;

/// How a run ended, and whether anything came of it.
#[derive(Debug, PartialEq, Eq)]
pub struct Ending {
    /// `ended well`, `ended; 2 failed, 1 undecided`, `FAILED: why`
    pub words: String,
    /// It came to its end, and some item of its loops did, too, if any was lost.
    pub fine: bool,
}

impl Ending {
    /// Of a report ([`wf_host::driver::report_value`] as JSON).
    #[must_use]
    pub fn of(report: &Json) -> Self {
        let why = report["reason"].as_str().unwrap_or_default();
        let (words, fine) = match report["how"].as_str().unwrap_or_default() {
            "well" => return Self::well(report),
            "skipped" => (format!("ended early: {why}"), true),
            "held" => (format!("held: {why}"), true),
            "failed" => (format!("FAILED: {why}"), false),
            "undecided" => (format!("UNDECIDED: {why}"), false),
            how => (format!("{how}: {why}"), false),
        };
        let losses = losses(report).map(|losses| format!("; {losses}")).unwrap_or_default();
        Self { words: words + &losses, fine }
    }

    /// All its steps were done. That is not well when each and every item was lost on the way.
    fn well(report: &Json) -> Self {
        let Some(losses) = losses(report) else { return Self { words: "ended well".into(), fine: true } };
        let loops = || report["loops"].as_array().into_iter().flatten();
        let sum = |key: &str| loops().filter_map(|each| each[key].as_u64()).sum::<u64>();
        let skipped = loops().any(|each| each["skipped"].as_object().is_some_and(|skipped| !skipped.is_empty()));
        let lost = sum("failed") + sum("undecided");
        if lost == 0 || sum("done") > 0 || skipped {
            return Self { words: format!("ended; {losses}"), fine: true };
        }
        let items = if lost == 1 { "the only item was lost".into() } else { format!("all {lost} items were lost") };
        Self { words: format!("NOTHING DONE: {items}; {losses}"), fine: false }
    }
}

/// `2 failed, 1 undecided`; `None`: nothing was lost.
#[must_use]
pub fn losses(report: &Json) -> Option<String> {
    let count = |key: &str, more: &str| {
        report[key].as_array().map_or(0, Vec::len) as u64 + report[more].as_u64().unwrap_or_default()
    };
    let counts = [("failed", count("failures", "failures_more")), ("undecided", count("undecided", "undecided_more"))];
    let said: Vec<String> = counts.iter().filter(|(_, n)| *n > 0).map(|(what, n)| format!("{n} {what}")).collect();
    if said.is_empty() { None } else { Some(said.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn of(how: &str, done: u64, failed: u64, undecided: u64) -> (String, bool) {
        let nobody = |n| (0..n).map(|_| json!({})).collect::<Vec<_>>();
        let ending = Ending::of(&json!({
            "how": how,
            "reason": "why",
            "loops": [{"items": done + failed + undecided, "done": done, "failed": failed, "undecided": undecided, "skipped": {}}],
            "failures": nobody(failed),
            "undecided": nobody(undecided),
        }));
        (ending.words, ending.fine)
    }

    #[test]
    fn a_run_that_lost_everything_did_not_end_well() {
        assert_eq!(of("well", 3, 0, 0), ("ended well".into(), true));
        assert_eq!(of("well", 3, 2, 1), ("ended; 2 failed, 1 undecided".into(), true));
        assert_eq!(of("well", 0, 3, 0), ("NOTHING DONE: all 3 items were lost; 3 failed".into(), false));
        assert_eq!(of("well", 0, 0, 1), ("NOTHING DONE: the only item was lost; 1 undecided".into(), false));
        assert_eq!(of("failed", 0, 0, 0), ("FAILED: why".into(), false));
        assert_eq!(of("skipped", 0, 0, 0), ("ended early: why".into(), true));
        assert_eq!(of("cancelled", 0, 0, 0), ("cancelled: why".into(), false));
    }
}
