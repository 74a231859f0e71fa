//! The ticks of one schedule.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use wf_plan::Cron;

/// A tick whose run begins later than this is counted as late.
pub const LATE: SignedDuration = SignedDuration::from_secs(1);

/// `misfire_grace` of a cron that says none.
pub const DEFAULT_GRACE: SignedDuration = SignedDuration::from_secs(60);

/// Missed ticks that are named; older ones are counted.
const NAMED: usize = 1_000;

/// Ticks that are counted one by one; beyond, after years of standing still, only those at the end.
const COUNTED: usize = 20_000;

/// When a schedule ticks, of the trigger's values.
#[derive(Clone, Debug)]
pub enum Timing {
    /// Always as long after the tick before.
    Every(SignedDuration),
    Cron {
        cron: Cron,
        zone: TimeZone,
        /// A tick that is missed by no more still runs.
        grace: SignedDuration,
    },
}

/// What has come due.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Due {
    /// The tick that runs now: the newest, when it is not too old.
    pub run: Option<Timestamp>,
    /// Those that nobody ran, the oldest first.
    pub missed: Vec<Timestamp>,
    /// Still older ones.
    pub more_missed: u64,
    /// The newest of them all.
    pub newest: Option<Timestamp>,
}

impl Timing {
    /// The first tick after the one at `last`; `None`: there is none any more.
    #[must_use]
    pub fn next(&self, last: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Every(interval) => last.checked_add(*interval).ok(),
            Self::Cron { cron, zone, .. } => cron.next(last, zone),
        }
    }

    /// Every tick after `last` up to `now`.
    #[must_use]
    pub fn due(&self, last: Timestamp, now: Timestamp) -> Due {
        let mut due = match self {
            Self::Every(interval) => every(*interval, last, now),
            Self::Cron { cron, zone, grace } => self.counted(last, now, |from| {
                // From shortly before the ticks that may still run.
                let near = now.saturating_sub(*grace).unwrap_or(Timestamp::MIN).max(from);
                cron.next(near, zone)
            }),
        };
        due.newest = due.missed.last().copied();
        due.run = due.newest.filter(|tick| now.duration_since(*tick) <= self.grace());
        if due.run.is_some() {
            due.missed.pop();
        }
        due
    }

    fn grace(&self) -> SignedDuration {
        match self {
            Self::Every(_) => SignedDuration::MAX,
            Self::Cron { grace, .. } => *grace,
        }
    }

    fn counted(&self, last: Timestamp, now: Timestamp, resume: impl Fn(Timestamp) -> Option<Timestamp>) -> Due {
        let mut due = Due::default();
        let mut next = self.next(last);
        let mut count = 0;
        while let Some(tick) = next.filter(|tick| *tick <= now) {
            due.missed.push(tick);
            count += 1;
            if due.missed.len() > 2 * NAMED {
                due.more_missed += NAMED as u64;
                due.missed.drain(..NAMED);
            }
            next = if count == COUNTED { resume(tick) } else { self.next(tick) };
        }
        let surplus = due.missed.len().saturating_sub(NAMED);
        due.more_missed += surplus as u64;
        due.missed.drain(..surplus);
        due
    }
}

fn every(interval: SignedDuration, last: Timestamp, now: Timestamp) -> Due {
    let mut due = Due::default();
    let (passed, step) = (now.duration_since(last).as_nanos(), interval.as_nanos());
    if step <= 0 || passed < step {
        return due;
    }
    let count = passed / step;
    let named = count.min(NAMED as i128);
    due.more_missed = u64::try_from(count - named).unwrap_or(u64::MAX);
    let tick = |n: i128| Timestamp::from_nanosecond(last.as_nanosecond() + n * step).ok();
    due.missed = (count - named + 1..=count).filter_map(tick).collect();
    due
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap_or_else(|e| panic!("{e}"))
    }

    fn cron(pattern: &str, zone: &str, grace: SignedDuration) -> Timing {
        let cron = Cron::parse(pattern).unwrap_or_else(|e| panic!("{e}"));
        let zone = TimeZone::get(zone).unwrap_or_else(|e| panic!("{e}"));
        Timing::Cron { cron, zone, grace }
    }

    #[test]
    fn every_keeps_its_beat_and_the_newest_tick_runs() {
        let timing = Timing::Every(SignedDuration::from_mins(10));
        let last = at("2026-06-01T00:00:00Z");
        assert_eq!(timing.next(last), Some(at("2026-06-01T00:10:00Z")));
        assert_eq!(timing.due(last, at("2026-06-01T00:09:59.9Z")), Due::default());
        let due = timing.due(last, at("2026-06-01T00:35:00Z"));
        assert_eq!(due.run, Some(at("2026-06-01T00:30:00Z")));
        assert_eq!(due.missed, [at("2026-06-01T00:10:00Z"), at("2026-06-01T00:20:00Z")]);
        assert_eq!(due.more_missed, 0);
    }

    #[test]
    fn an_interval_does_not_care_about_the_clocks() {
        // The night of 29 March has 23 hours in Madrid; six hours are six hours.
        let timing = Timing::Every(SignedDuration::from_hours(6));
        assert_eq!(timing.next(at("2026-03-28T22:00:00Z")), Some(at("2026-03-29T04:00:00Z")));
    }

    #[test]
    fn years_of_standing_still_cost_little() {
        let timing = Timing::Every(SignedDuration::from_secs(1));
        let due = timing.due(at("2000-01-01T00:00:00Z"), at("2026-01-01T00:00:00.5Z"));
        assert_eq!(due.run, Some(at("2026-01-01T00:00:00Z")));
        assert_eq!((due.missed.len(), due.more_missed > 800_000_000), (NAMED - 1, true));
        let due = cron("* * * * *", "UTC", DEFAULT_GRACE).due(at("2000-01-01T00:00:00Z"), at("2026-01-01T00:00:30Z"));
        assert_eq!(due.run, Some(at("2026-01-01T00:00:00Z")));
        assert!(due.missed.len() < NAMED && due.more_missed > 10_000);
        assert!(due.missed.iter().is_sorted());
    }

    #[test]
    fn a_cron_tick_runs_late_within_its_grace_and_is_missed_after_it() {
        let timing = cron("0 3 * * *", "Europe/Madrid", SignedDuration::from_hours(1));
        let last = at("2026-06-01T01:00:00Z");
        let in_time = timing.due(last, at("2026-06-02T02:00:00Z"));
        assert_eq!((in_time.run, in_time.missed.len()), (Some(at("2026-06-02T01:00:00Z")), 0));
        let too_late = timing.due(last, at("2026-06-03T02:00:01Z"));
        assert_eq!(too_late.run, None);
        assert_eq!(too_late.missed, [at("2026-06-02T01:00:00Z"), at("2026-06-03T01:00:00Z")]);
        assert_eq!(too_late.newest, Some(at("2026-06-03T01:00:00Z")));
    }

    #[test]
    fn every_tick_of_a_year_is_due_once_across_both_changes_of_the_clocks() {
        for (zone, pattern, ticks) in [
            ("Europe/Madrid", "30 2 * * *", 365),
            ("America/New_York", "30 2 * * *", 365),
            ("Europe/Madrid", "30 1 * * *", 365),
            ("America/New_York", "30 1 * * *", 365),
            ("Europe/Madrid", "0 * * * *", 8760),
            ("America/New_York", "*/30 * * * *", 17520),
            ("UTC", "30 2 * * *", 365),
        ] {
            let timing = cron(pattern, zone, SignedDuration::from_hours(24));
            let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
            let new_year = |year: i16| {
                let midnight = jiff::civil::date(year, 1, 1).at(0, 0, 0, 0);
                zone.to_timestamp(midnight).unwrap_or_default()
            };
            let (mut last, end) = (new_year(2026) - SignedDuration::from_nanos(1), new_year(2027));
            let mut count = 0;
            while let Some(tick) = timing.next(last).filter(|tick| *tick < end) {
                assert!(tick > last);
                assert_eq!(timing.due(last, tick).run, Some(tick));
                (last, count) = (tick, count + 1);
            }
            assert_eq!(count, ticks, "{pattern} in {zone:?}");
        }
    }
}
