//! CEL's own functions that take times and durations apart. The language's own ones say more: `hour`, `weekday`, `format`, `seconds`.

use std::sync::Arc;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use wf_value::{Type, Unknown, Value};

use super::time::zone;
use super::{Answer, Args, Body::Plain, Function, Param};
use crate::types::{Takes, TypeCall};

const ZONE: &[Param] = &[Param::Optional];

fn count(call: &mut TypeCall<'_>) -> Type {
    call.gives(&[Takes::Any], Type::Integer)
}

pub(super) static FUNCTIONS: &[Function] = &[
    Function::method("getFullYear", ZONE, "time.getFullYear(zone)", Plain(full_year), count)
        .doc("The year in a zone, without one in UTC.")
        .examples(&[("timestamp('2022-06-01T14:05:00Z').getFullYear()", "2022")]),
    Function::method("getMonth", ZONE, "time.getMonth(zone)", Plain(month), count)
        .doc("The month in a zone, without one in UTC; January is 0.")
        .examples(&[("timestamp('2022-06-01T14:05:00Z').getMonth()", "5")]),
    Function::method("getDate", ZONE, "time.getDate(zone)", Plain(date), count)
        .doc("The day of the month in a zone, without one in UTC; the first is 1.")
        .examples(&[("timestamp('2022-06-01T02:05:00Z').getDate('US/Eastern')", "31")]),
    Function::method("getDayOfMonth", ZONE, "time.getDayOfMonth(zone)", Plain(day_of_month), count)
        .doc("The day of the month in a zone, without one in UTC; the first is 0.")
        .examples(&[("timestamp('2022-06-01T14:05:00Z').getDayOfMonth()", "0")]),
    Function::method("getDayOfWeek", ZONE, "time.getDayOfWeek(zone)", Plain(day_of_week), count)
        .doc("The day of the week in a zone, without one in UTC; Sunday is 0.")
        .examples(&[("timestamp('2022-06-01T14:05:00Z').getDayOfWeek()", "3")]),
    Function::method("getDayOfYear", ZONE, "time.getDayOfYear(zone)", Plain(day_of_year), count)
        .doc("The day of the year in a zone, without one in UTC; the first is 0.")
        .examples(&[("timestamp('2022-02-01T14:05:00Z').getDayOfYear()", "31")]),
    Function::method("getHours", ZONE, "time.getHours(zone)", Plain(hours), count)
        .doc("The hour of the day of a time in a zone, without one in UTC; of a duration its whole hours.")
        .examples(&[("timestamp('2022-06-01T14:05:00Z').getHours(-4)", "10"), ("90m.getHours()", "1")]),
    Function::method("getMinutes", ZONE, "time.getMinutes(zone)", Plain(minutes), count)
        .doc("The minute of the hour of a time in a zone, without one in UTC; of a duration its whole minutes.")
        .examples(&[("timestamp('2022-06-01T14:05:00Z').getMinutes()", "5"), ("1h30m.getMinutes()", "90")]),
    Function::method("getSeconds", ZONE, "time.getSeconds(zone)", Plain(seconds), count)
        .doc("The second of the minute of a time; of a duration its whole seconds.")
        .examples(&[("timestamp('2022-06-01T14:05:09Z').getSeconds()", "9"), ("1m30s.getSeconds()", "90")]),
    Function::method("getMilliseconds", ZONE, "time.getMilliseconds(zone)", Plain(milliseconds), count)
        .doc("The millisecond of the second of a time; of a duration the milliseconds beyond its whole seconds.")
        .examples(&[
            ("timestamp('2022-06-01T14:05:09.123Z').getMilliseconds()", "123"),
            ("1500ms.getMilliseconds()", "500"),
        ]),
];

/// What the clocks of a zone show. CEL writes offsets without their plus sign, too.
fn clock_at(args: &Args<'_>, at: Timestamp) -> Result<DateTime, Arc<Unknown>> {
    let zone = match args.given(1) {
        None => TimeZone::UTC,
        Some(Value::Text(name)) if name.starts_with(|c: char| c.is_ascii_digit()) && name.contains(':') => {
            wf_value::zone(&format!("+{name}")).ok_or_else(|| args.wrong(1, "a time zone"))?
        }
        Some(_) => zone(args, 1)?,
    };
    Ok(zone.to_datetime(at))
}

fn clock(args: &Args<'_>) -> Result<DateTime, Arc<Unknown>> {
    clock_at(args, args.time(0)?)
}

fn full_year(args: &Args<'_>) -> Answer {
    Ok(i64::from(clock(args)?.year()).into())
}

fn month(args: &Args<'_>) -> Answer {
    Ok((i64::from(clock(args)?.month()) - 1).into())
}

fn date(args: &Args<'_>) -> Answer {
    Ok(i64::from(clock(args)?.day()).into())
}

fn day_of_month(args: &Args<'_>) -> Answer {
    Ok((i64::from(clock(args)?.day()) - 1).into())
}

fn day_of_week(args: &Args<'_>) -> Answer {
    Ok(i64::from(clock(args)?.weekday().to_sunday_zero_offset()).into())
}

fn day_of_year(args: &Args<'_>) -> Answer {
    Ok((i64::from(clock(args)?.day_of_year()) - 1).into())
}

/// A part of a time as the clocks show it, or of a duration.
fn part(args: &Args<'_>, time: fn(DateTime) -> i64, duration: fn(SignedDuration) -> i64) -> Answer {
    match args.value(0) {
        Value::Duration(whole) if args.len() == 1 => Ok(duration(*whole).into()),
        Value::Time(moment) => Ok(time(clock_at(args, moment.at)?).into()),
        _ => Err(args.wrong(0, "a time or a duration")),
    }
}

fn hours(args: &Args<'_>) -> Answer {
    part(args, |clock| clock.hour().into(), |whole| whole.as_hours())
}

fn minutes(args: &Args<'_>) -> Answer {
    part(args, |clock| clock.minute().into(), |whole| whole.as_mins())
}

fn seconds(args: &Args<'_>) -> Answer {
    part(args, |clock| clock.second().into(), |whole| whole.as_secs())
}

fn milliseconds(args: &Args<'_>) -> Answer {
    part(args, |clock| clock.millisecond().into(), |whole| whole.subsec_millis().into())
}
