//! Patterns of cron: read by the `cron` crate, matched against the wall clock, and mapped to instants where clocks are changed.
//!
//! Five fields (minute, hour, day of month, month, day of week), or six with seconds in front. Sunday is 0, 7 or SUN. When both a day of
//! month and a day of week are given, either will do, as in every cron.
//!
//! When clocks go forward, a time that does not exist is due at the first instant that does, unless the hour is `*`: then the hour is just
//! missing. When they go back, a fixed time is due the first time only; one with `*` in its hour, minute or second both times.

use std::str::FromStr;

use cron::{Schedule, TimeUnitSpec};
use jiff::civil::{Date, DateTime, time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};

/// A pattern that was read.
#[derive(Clone, Debug)]
pub struct Cron {
    seconds: Vec<i8>,
    minutes: Vec<i8>,
    hours: Vec<i8>,
    days: Vec<i8>,
    months: Vec<i8>,
    /// Sunday is 1.
    weekdays: Vec<i8>,
    /// Whether one of day of month and day of week is enough.
    either_day: bool,
    every_hour: bool,
    every: bool,
    text: String,
}

/// A pattern that is none.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum CronError {
    #[error(
        "a cron has five fields (minute, hour, day, month, day of week), or six with seconds in front; this one has {0}"
    )]
    Fields(usize),
    #[error("'{text}' is no {field} ({range})")]
    Field { field: &'static str, text: String, range: &'static str },
    #[error("'{0}' is never due")]
    Never(String),
}

const FIELDS: [(&str, &str); 6] = [
    ("second", "0 to 59"),
    ("minute", "0 to 59"),
    ("hour", "0 to 23"),
    ("day of a month", "1 to 31"),
    ("month", "1 to 12, or JAN to DEC"),
    ("day of a week", "0 to 7 from Sunday to Sunday, or SUN to SAT"),
];
const WEEKDAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/// How far ahead is looked: a 29 February comes at least every 8 years.
const YEARS: i32 = 9;

impl Cron {
    /// Reads a pattern.
    ///
    /// # Errors
    /// A field is wrong, or nothing ever fits.
    pub fn parse(text: &str) -> Result<Self, CronError> {
        let mut fields: Vec<String> = match text.trim() {
            "@yearly" | "@annually" => "0 0 1 1 *",
            "@monthly" => "0 0 1 * *",
            "@weekly" => "0 0 * * 0",
            "@daily" | "@midnight" => "0 0 * * *",
            "@hourly" => "0 * * * *",
            other => other,
        }
        .split_whitespace()
        .map(str::to_owned)
        .collect();
        if fields.len() == 5 {
            fields.insert(0, "0".into());
        }
        if fields.len() != 6 {
            return Err(CronError::Fields(fields.len()));
        }
        let wild = |field: &str| field.starts_with(['*', '?']);
        let either_day = !wild(&fields[3]) && !wild(&fields[5]);
        let every_hour = fields[2].contains('*');
        let every = fields[..3].iter().any(|f| f.contains('*'));
        let read = |i: usize| field(i, &fields[i]);
        let cron = Self {
            seconds: read(0)?,
            minutes: read(1)?,
            hours: read(2)?,
            days: read(3)?,
            months: read(4)?,
            weekdays: read(5)?,
            either_day,
            every_hour,
            every,
            text: text.to_owned(),
        };
        match cron.next(Timestamp::UNIX_EPOCH, &TimeZone::UTC) {
            Some(_) => Ok(cron),
            None => Err(CronError::Never(text.to_owned())),
        }
    }

    /// As it is written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The first instant after `after` at which it is due on the clocks of `zone`.
    #[must_use]
    pub fn next(&self, after: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let nano = SignedDuration::from_nanos(1);
        // Between two changes of the clocks, wall time and instants go alike.
        let mut from = after.saturating_add(nano).ok()?;
        let end = zone.to_datetime(after).checked_add(YEARS.years()).ok()?;
        while zone.to_datetime(from) < end {
            let offset = zone.to_offset(from);
            let change = zone.following(from).next().map(|t| t.timestamp());
            let last = change.map_or(DateTime::MAX, |at| offset.to_datetime(at));
            let mut wall = offset.to_datetime(from);
            while let Some(found) = self.wall(wall, last.min(end)) {
                if self.every || !repeated(zone, from, found) {
                    return offset.to_timestamp(found).ok();
                }
                wall = found.checked_add(1.second()).ok()?;
            }
            let change = change?;
            let resumed = zone.to_offset(change).to_datetime(change);
            if !self.every_hour && resumed > last && self.wall(last, resumed).is_some() {
                return Some(change);
            }
            from = change;
        }
        None
    }

    /// The first wall time from `from` on, before `end`.
    fn wall(&self, from: DateTime, end: DateTime) -> Option<DateTime> {
        let mut date = from.date();
        let mut begin = from.time();
        while date.to_datetime(begin) < end {
            if self.fits(date)
                && let Some(found) = self.time(date, begin)
            {
                return (found < end).then_some(found);
            }
            date = date.tomorrow().ok()?;
            begin = time(0, 0, 0, 0);
        }
        None
    }

    fn fits(&self, date: Date) -> bool {
        let day = self.days.contains(&date.day());
        let weekday = self.weekdays.contains(&date.weekday().to_sunday_one_offset());
        self.months.contains(&date.month()) && if self.either_day { day || weekday } else { day && weekday }
    }

    /// The first time of that day that is not before `begin`.
    fn time(&self, date: Date, begin: jiff::civil::Time) -> Option<DateTime> {
        let hours = self.hours.iter().filter(|h| **h >= begin.hour());
        hours
            .flat_map(|h| self.minutes.iter().map(move |m| (*h, *m)))
            .filter(|(h, m)| (*h, *m) >= (begin.hour(), begin.minute()))
            .flat_map(|(h, m)| self.seconds.iter().map(move |s| time(h, m, *s, 0)))
            .find(|t| *t >= begin)
            .map(|t| date.to_datetime(t))
    }
}

/// Whether the clocks showed this wall time before already: they were put back at or before `at`, by so much.
fn repeated(zone: &TimeZone, at: Timestamp, wall: DateTime) -> bool {
    let nano = SignedDuration::from_nanos(1);
    let Ok(later) = at.saturating_add(nano) else { return false };
    let Some(change) = zone.preceding(later).next() else { return false };
    let Ok(before) = change.timestamp().saturating_sub(nano) else { return false };
    wall < zone.to_offset(before).to_datetime(change.timestamp())
}

/// The numbers of a field.
fn field(i: usize, text: &str) -> Result<Vec<i8>, CronError> {
    let (name, range) = FIELDS[i];
    let wrong = || CronError::Field { field: name, text: text.to_owned(), range };
    let written = if i == 5 { weekdays(text).ok_or_else(wrong)? } else { text.to_owned() };
    let mut pattern = ["0", "*", "*", "*", "*", "*"];
    pattern[i] = &written;
    let schedule = Schedule::from_str(&pattern.join(" ")).map_err(|_| wrong())?;
    let numbers = |unit: &dyn Fn(&Schedule) -> Vec<u32>| -> Vec<i8> {
        unit(&schedule).into_iter().filter_map(|n| i8::try_from(n).ok()).collect()
    };
    let numbers = match i {
        0 => numbers(&|s| s.seconds().iter().collect()),
        1 => numbers(&|s| s.minutes().iter().collect()),
        2 => numbers(&|s| s.hours().iter().collect()),
        3 => numbers(&|s| s.days_of_month().iter().collect()),
        4 => numbers(&|s| s.months().iter().collect()),
        _ => numbers(&|s| s.days_of_week().iter().collect()),
    };
    if numbers.is_empty() { Err(wrong()) } else { Ok(numbers) }
}

/// Days of the week by name: the crate counts them from 1, everybody else from 0 with a second Sunday at 7.
fn weekdays(text: &str) -> Option<String> {
    let number = |day: &str| match day.parse::<usize>() {
        Ok(n) => (n <= 7).then_some(n),
        Err(_) => WEEKDAYS.iter().position(|name| name.eq_ignore_ascii_case(day)),
    };
    let mut days = Vec::new();
    for part in text.split(',') {
        let (span, step) = match part.split_once('/') {
            Some((span, step)) => (span, Some(step.parse::<usize>().ok().filter(|n| *n > 0)?)),
            None => (part, None),
        };
        let (first, last) = match span.split_once('-') {
            _ if span == "*" || span == "?" => (0, 6),
            Some((first, last)) => (number(first)?, number(last)?),
            None => (number(span)?, if step.is_some() { 6 } else { number(span)? }),
        };
        // FRI-SUN goes over the end of the week.
        let last = if last < first { last + 7 } else { last };
        days.extend((first..=last).step_by(step.unwrap_or(1)).map(|day| WEEKDAYS[day % 7]));
    }
    Some(days.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn due(pattern: &str, zone: &str, from: &str, n: usize) -> Vec<String> {
        let cron = Cron::parse(pattern).unwrap_or_else(|e| panic!("{e}"));
        let zone = TimeZone::get(zone).unwrap_or_else(|e| panic!("{e}"));
        let mut at: Timestamp = from.parse().unwrap_or_else(|e| panic!("{e}"));
        let mut due = Vec::new();
        for _ in 0..n {
            at = cron.next(at, &zone).unwrap_or_else(|| panic!("never"));
            due.push(at.to_zoned_datetime(zone.clone()).strftime("%m-%d %H:%M:%S%:z").to_string());
        }
        due
    }

    #[test]
    fn five_fields_and_six() {
        assert_eq!(due("30 2 * * *", "UTC", "2026-06-01T02:30:00Z", 1), ["06-02 02:30:00+00:00"]);
        assert_eq!(
            due("*/20 30 2 * * *", "UTC", "2026-06-01T02:30:20Z", 2),
            ["06-01 02:30:40+00:00", "06-02 02:30:00+00:00"]
        );
        assert_eq!(due("0 0 1 * *", "UTC", "2026-12-15T00:00:00Z", 1), ["01-01 00:00:00+00:00"]);
        assert_eq!(due("@hourly", "UTC", "2026-06-01T02:30:00.5Z", 1), ["06-01 03:00:00+00:00"]);
        assert_eq!(due("0 0 29 2 *", "UTC", "2096-03-01T00:00:00Z", 1), ["02-29 00:00:00+00:00"]);
    }

    #[test]
    fn days_of_the_week_count_from_sunday() {
        // 7 June 2026 is a Sunday.
        for sunday in ["0", "7", "SUN", "sun"] {
            assert_eq!(due(&format!("0 3 * * {sunday}"), "UTC", "2026-06-02T00:00:00Z", 1), ["06-07 03:00:00+00:00"]);
        }
        let week = due("0 3 * * FRI-SUN", "UTC", "2026-06-02T00:00:00Z", 4);
        assert_eq!(
            week,
            ["06-05 03:00:00+00:00", "06-06 03:00:00+00:00", "06-07 03:00:00+00:00", "06-12 03:00:00+00:00"]
        );
        assert_eq!(
            due("0 3 * * 1-5/2", "UTC", "2026-06-02T00:00:00Z", 2),
            ["06-03 03:00:00+00:00", "06-05 03:00:00+00:00"]
        );
    }

    #[test]
    fn either_day_will_do() {
        let days = due("0 0 15 * MON", "UTC", "2026-06-09T00:00:00Z", 3);
        assert_eq!(days, ["06-15 00:00:00+00:00", "06-22 00:00:00+00:00", "06-29 00:00:00+00:00"]);
        let days = due("0 0 10 * MON", "UTC", "2026-06-09T00:00:00Z", 2);
        assert_eq!(days, ["06-10 00:00:00+00:00", "06-15 00:00:00+00:00"]);
    }

    #[test]
    fn what_is_wrong_is_named() {
        let wrong = |text| Cron::parse(text).err().map(|e| e.to_string()).unwrap_or_default();
        assert_eq!(wrong("61 * * * *"), "'61' is no minute (0 to 59)");
        assert_eq!(wrong("0 0 * * 8"), "'8' is no day of a week (0 to 7 from Sunday to Sunday, or SUN to SAT)");
        assert_eq!(wrong("0 0 * JANU *"), "'JANU' is no month (1 to 12, or JAN to DEC)");
        assert!(wrong("0 0 * *").ends_with("this one has 4"));
        assert!(wrong("").ends_with("this one has 0"));
        assert_eq!(wrong("0 0 30 2 *"), "'0 0 30 2 *' is never due");
        assert!(wrong("0 0 * * */0").contains("no day of a week"));
        assert!(wrong("x/é 0 * * *").contains("no minute"));
    }

    #[test]
    fn a_fixed_time_in_a_gap_is_due_at_the_first_instant_after_it() {
        let madrid = due("30 2 * * *", "Europe/Madrid", "2026-03-28T00:00:00Z", 3);
        assert_eq!(madrid, ["03-28 02:30:00+01:00", "03-29 03:00:00+02:00", "03-30 02:30:00+02:00"]);
        let york = due("30 2 * * *", "America/New_York", "2026-03-07T12:00:00Z", 2);
        assert_eq!(york, ["03-08 03:00:00-04:00", "03-09 02:30:00-04:00"]);
        // Several times of one gap are one instant.
        let twice = due("0,30 2,3 * * *", "Europe/Madrid", "2026-03-29T00:00:00Z", 3);
        assert_eq!(twice, ["03-29 03:00:00+02:00", "03-29 03:30:00+02:00", "03-30 02:00:00+02:00"]);
    }

    #[test]
    fn a_fixed_time_in_a_fold_is_due_the_first_time_only() {
        let madrid = due("30 2 * * *", "Europe/Madrid", "2026-10-24T12:00:00Z", 2);
        assert_eq!(madrid, ["10-25 02:30:00+02:00", "10-26 02:30:00+01:00"]);
        let york = due("30 1 * * *", "America/New_York", "2026-10-31T12:00:00Z", 2);
        assert_eq!(york, ["11-01 01:30:00-04:00", "11-02 01:30:00-05:00"]);
    }

    #[test]
    fn a_wildcard_is_due_both_times_and_in_order() {
        let madrid = due("*/30 1-3 * * *", "Europe/Madrid", "2026-10-24T22:30:00Z", 9);
        assert_eq!(
            madrid,
            [
                "10-25 01:00:00+02:00",
                "10-25 01:30:00+02:00",
                "10-25 02:00:00+02:00",
                "10-25 02:30:00+02:00",
                "10-25 02:00:00+01:00",
                "10-25 02:30:00+01:00",
                "10-25 03:00:00+01:00",
                "10-25 03:30:00+01:00",
                "10-26 01:00:00+01:00",
            ]
        );
        let york = due("30 * * * *", "America/New_York", "2026-11-01T04:40:00Z", 3);
        assert_eq!(york, ["11-01 01:30:00-04:00", "11-01 01:30:00-05:00", "11-01 02:30:00-05:00"]);
    }

    #[test]
    fn an_hour_that_is_missing_is_missed_by_every_hour() {
        let york = due("10 * * * *", "America/New_York", "2026-03-08T06:00:00Z", 2);
        assert_eq!(york, ["03-08 01:10:00-05:00", "03-08 03:10:00-04:00"]);
    }

    #[test]
    fn a_time_just_before_and_after_a_change_is_due_once() {
        let madrid = due("0 3 * * *", "Europe/Madrid", "2026-10-24T12:00:00Z", 2);
        assert_eq!(madrid, ["10-25 03:00:00+01:00", "10-26 03:00:00+01:00"]);
        let gap = due("0 3 * * *", "Europe/Madrid", "2026-03-28T12:00:00Z", 2);
        assert_eq!(gap, ["03-29 03:00:00+02:00", "03-30 03:00:00+02:00"]);
    }
}
