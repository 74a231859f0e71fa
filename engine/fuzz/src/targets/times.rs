//! Short texts with a meaning: crons, durations, sizes, moments, their formats, zones.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use wf_plan::Cron;
use wf_value::{Pattern, TimeFormat, Type, Value, duration, size, zone};

use super::{Seen, Target, Wrong, must};
use crate::repository::Repository;
use crate::{Input, Random};

pub(super) struct Times;

const WORDS: &[&str] = &[
    "*",
    "*/5",
    "1-5",
    "1,2",
    "MON",
    "SUN-SAT",
    "L",
    "?",
    "@daily",
    "JAN",
    "29 2",
    "1h",
    "30m",
    "1.5s",
    "500ms",
    "7d",
    "1w",
    "-",
    "4MB",
    "1GiB",
    "2022-06-01",
    "T14:00:00",
    ".000",
    "Z",
    "+02:00",
    "-0400",
    "%Y",
    "%-d",
    "%H:%M",
    "%Z",
    "%%",
    "yyyy",
    "MM",
    "dd",
    "HH",
    "'T'",
    "a",
    "epoch_ms",
    "Europe/Berlin",
    "America/New_York",
    "US/Eastern",
    "UTC",
    "+05:30",
    "EST5EDT",
];

const SEEDS: &[&str] = &[
    "*/5 * * * *",
    "0 30 2 29 2 *",
    "@hourly",
    "0 0 31 1-12/2 MON,FRI",
    "1h30m",
    "1500ms",
    "-7d",
    "4MB",
    "2022-06-01T13:58:00.000Z",
    "2022-06-01 13:58:00+00:00",
    "Wed, 01 Jun 2022 13:58:00 GMT",
    "1654092000000",
    "%Y-%m-%dT%H:%M:%S%z",
    "yyyy-MM-dd'T'HH:mm:ss.SSS",
    "dd/MM/yy hh:mm a",
    "Europe/Berlin",
    "120s to 300s",
];

impl Target for Times {
    fn name(&self) -> &'static str {
        "times"
    }

    fn seeds(&self, _: &Repository) -> Vec<Input> {
        SEEDS
            .iter()
            .map(|text| Input::of([("text", *text), ("moment", "2022-03-27T00:59:59Z"), ("zone", "Europe/Berlin")]))
            .collect()
    }

    fn invent(&self, random: &mut Random) -> Option<Input> {
        let mut text = String::new();
        for _ in 0..=random.below(7) {
            text += random.word(WORDS);
            text += random.word(&["", " ", "-", ":", "/"]);
        }
        let zone = random.word(&[
            "Europe/Berlin",
            "UTC",
            "Australia/Lord_Howe",
            "America/Sao_Paulo",
            "Pacific/Apia",
            "+14:00",
        ]);
        let moment = random.word(&[
            "2022-03-27T00:59:59Z",
            "1970-01-01T00:00:00Z",
            "9999-12-30T21:59:59Z",
            "-9999-01-02T02:00:00Z",
            "2011-12-30T10:00:00Z",
        ]);
        Some(Input::of([("text", text.as_str()), ("moment", moment), ("zone", zone)]))
    }

    fn words(&self) -> &[&'static str] {
        WORDS
    }

    fn check(&mut self, input: &Input) -> Result<Seen, Wrong> {
        let (text, mut seen) = (input.text("text"), Seen::default());
        let at: Timestamp = input.text("moment").parse().unwrap_or(Timestamp::UNIX_EPOCH);
        let tz = zone(&input.text("zone")).unwrap_or(TimeZone::UTC);
        match Cron::parse(&text) {
            Ok(cron) => {
                seen.add("cron");
                let mut last = at;
                for _ in 0..5 {
                    let Some(next) = cron.next(last, &tz) else { break };
                    must(next > last, "a cron that is due before", || format!("{next} after {last}"))?;
                    last = next;
                }
            }
            Err(why) => seen.add(&why.to_string().chars().take(20).collect::<String>()),
        }
        if let Some(read) = duration::parse(&text) {
            seen.add("duration");
            let printed = duration::print(read);
            let is_fine = |d: SignedDuration| d.subsec_nanos() % 1_000_000 != 0;
            must(
                is_fine(read) || duration::parse(&printed) == Some(read),
                "a duration is printed as another one",
                || printed.clone(),
            )?;
        }
        if let Some(bytes) = size::parse(&text) {
            seen.add("size");
            must(size::parse(&size::print(bytes)) == Some(bytes), "a size is printed as another one", || {
                size::print(bytes)
            })?;
        }
        if let Ok(pattern) = Pattern::parse(&text) {
            seen.add("pattern");
            let printed = pattern.print(at, &tz);
            seen.add(if pattern.read(&printed, Some(&tz)).is_some() { "read" } else { "not read" });
            let _ = pattern.read(&text, None);
        }
        if let Ok(format) = TimeFormat::new(Some(&text), Some(&input.text("zone"))) {
            seen.add("format");
            let _ = (format.read(&format.print(at)), format.read(&Value::text(text.as_str())));
        }
        let value = Value::text(text.as_str());
        for ty in [
            Type::timestamp(),
            Type::Duration,
            Type::Size,
            Type::Zone,
            Type::Regex,
            Type::Url,
            Type::Range(Type::Duration.into()),
        ] {
            seen.add(if wf_value::coerce(&value, &ty).is_ok() { "fits" } else { "does not" });
            seen.add(if wf_expr::read(&text, &ty).is_some() { "is one" } else { "is none" });
        }
        Ok(seen)
    }
}
