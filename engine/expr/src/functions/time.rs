//! Functions of times and durations.

use std::any::Any;
use std::sync::Arc;

use jiff::civil::{DateTime, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp};
use wf_value::{Pattern, Type, Unknown, Value, zone_of};

use super::{Answer, Args, Body::Plain, Function, Param, Unfit};
use crate::code::Ready;
use crate::types::{Takes, TypeCall, rules};

const ZONE: &[Param] = &[Param::Value];
const TWO: &[Param] = &[Param::Value, Param::Value];

fn count_type(call: &mut TypeCall<'_>) -> Type {
    call.gives(&[Takes::Time], Type::Integer)
}

pub(super) static FUNCTIONS: &[Function] = &[
    Function::method(
        "parseTime",
        &[Param::Value, Param::Optional],
        "text.parseTime(format, zone)",
        Plain(parse_time),
        |call| {
            rules::pattern(call, 1);
            call.gives(&[Takes::Text, Takes::Text, Takes::Zone], Type::timestamp())
        },
    )
    .doc(
        "The time that a text writes: `YYYY MMMM MMM MM M DD D HH hh h mm ss SSSSSS A ZZ`, `[…]` may be \
             missing, letters in `'…'` stand for themselves, `ISO` is ISO in all its spellings. The zone is that \
             of a text that says none. Unknown when the text is written otherwise.",
    )
    .examples(&[
        ("'6/1/2022 2:05:00 PM'.parseTime('M/D/YYYY h:mm:ss A', 'UTC').epochMs()", "1654092300000"),
        ("'2022-06-01 10:00'.parseTime('YYYY-MM-DD HH:mm', 'US/Eastern') == timestamp('2022-06-01T14:00:00Z')", "true"),
    ])
    .ready(prepare_read),
    Function::method("format", TWO, "time.format(format, zone)", Plain(format), |call| {
        rules::pattern(call, 1);
        call.gives(&[Takes::Time, Takes::Text, Takes::Zone], Type::Text)
    })
    .doc(
        "The time as a text, in a zone (a name, or hours): with the letters of `parseTime`; `[…]` is left out \
             when it is zero.",
    )
    .examples(&[
        ("timestamp('2022-06-01T14:05:00Z').format('MMM D, YYYY @ h:mm A', 'US/Eastern')", "'Jun 1, 2022 @ 10:05 AM'"),
        ("timestamp('2022-06-01T14:05:00Z').format('HH:mm:ss[.SSSSSS]ZZ', -4)", "'10:05:00-04:00'"),
    ])
    .ready(prepare_print),
    Function::method("hour", ZONE, "time.hour(zone)", Plain(hour), |call| {
        call.gives(&[Takes::Time, Takes::Zone], Type::Integer)
    })
    .doc("The hour of the day in a zone, 0 to 23.")
    .examples(&[("timestamp('2022-06-01T14:05:00Z').hour('US/Eastern')", "10")]),
    Function::method("weekday", ZONE, "time.weekday(zone)", Plain(weekday), rules::weekday)
        .doc("The day of the week in a zone: Mon, Tue, Wed, Thu, Fri, Sat or Sun.")
        .examples(&[("timestamp('2022-06-01T14:05:00Z').weekday('UTC')", "'Wed'")]),
    Function::free(
        "inHours",
        &[Param::Value, Param::Value, Param::Value],
        "inHours(hour, from, to)",
        Plain(in_hours),
        rules::in_hours,
    )
    .doc(
        "Whether an hour lies in the hours from `from` up to `to` (not included), over midnight too; the same \
             hour twice is the whole day.",
    )
    .examples(&[
        ("inHours(8, 8, 18)", "true"),
        ("inHours(18, 8, 18)", "false"),
        ("inHours(2, 22, 6)", "true"),
        ("inHours(5, 0, 0)", "true"),
    ]),
    Function::method("untilHour", TWO, "time.untilHour(hour, zone)", Plain(until_hour), |call| {
        call.gives(&[Takes::Time, Takes::Integer, Takes::Zone], Type::Duration)
    })
    .doc("How long it is until the clocks of a zone next show that full hour; nothing when they do.")
    .examples(&[("timestamp('2022-06-01T14:30:00Z').untilHour(8, 'US/Eastern')", "21h30m")]),
    Function::method("offset", ZONE, "time.offset(zone)", Plain(offset), |call| {
        call.gives(&[Takes::Time, Takes::Zone], Type::Number.optional())
    })
    .doc(
        "By how many hours the clocks of a zone are ahead of UTC at that time; null when there is no such \
             zone.",
    )
    .examples(&[
        ("timestamp('2022-06-01T14:00:00Z').offset('US/Eastern')", "-4"),
        ("timestamp('2022-06-01T14:00:00Z').offset('Asia/Kolkata')", "5.5"),
        ("timestamp('2022-06-01T14:00:00Z').offset('US/' + 'Nowhere')", "null"),
    ]),
    Function::method("startOf", TWO, "time.startOf('day', zone)", Plain(start_of), |call| {
        call.gives(&[Takes::Time, Takes::Text, Takes::Zone], Type::timestamp())
    })
    .doc("The beginning of the day, or of the month, in a zone.")
    .examples(&[(
        "timestamp('2022-06-01T02:00:00Z').startOf('month', 'US/Eastern').written()",
        "'2022-05-01T04:00:00Z'",
    )]),
    Function::method("addMonths", TWO, "time.addMonths(n, zone)", Plain(add_months), |call| {
        call.gives(&[Takes::Time, Takes::Integer, Takes::Zone], Type::timestamp())
    })
    .doc(
        "The same day and time `n` months later in a zone, the last day of a shorter month; negative numbers \
             go back.",
    )
    .examples(&[("timestamp('2022-01-31T12:00:00Z').addMonths(1, 'UTC').written()", "'2022-02-28T12:00:00Z'")]),
    Function::method("epochMs", &[], "time.epochMs()", Plain(epoch_ms), count_type)
        .doc("Milliseconds since the beginning of 1970 in UTC.")
        .examples(&[("timestamp('1970-01-01T00:00:01Z').epochMs()", "1000")]),
    Function::method("wholeDays", &[Param::Value], "time.wholeDays(since)", Plain(whole_days), count_type)
        .doc("How many times 24 hours went by since another time; what is less than one is cut off.")
        .examples(&[("timestamp('2022-06-03T11:59:00Z').wholeDays(timestamp('2022-06-01T12:00:00Z'))", "1")]),
    Function::method("wholeMonths", &[Param::Value], "time.wholeMonths(since)", Plain(whole_months), count_type)
        .doc(
            "How many months went by since another time (in UTC): one is over when its day and time are reached, \
             in a shorter month its last day.",
        )
        .examples(&[("timestamp('2022-03-01T05:00:00Z').wholeMonths(timestamp('2022-01-30T04:59:59Z'))", "1")]),
    Function::method("truncate", &[Param::Value], "duration.truncate(unit)", Plain(truncate), |call| {
        call.gives(&[Takes::Duration], Type::Duration)
    })
    .doc("The duration in whole units; what is less than one is cut off.")
    .examples(&[("1h30m59s.truncate(1m)", "1h30m")]),
    Function::method("seconds", &[], "duration.seconds()", Plain(seconds), |call| {
        call.gives(&[Takes::Duration], Type::Number)
    })
    .doc("How many seconds a duration has.")
    .examples(&[("2m.seconds()", "120"), ("1500ms.seconds()", "1.5")]),
];

/// A format that was compiled at load.
#[derive(Debug)]
struct Compiled(Pattern);

impl Ready for Compiled {
    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn prepare_print(args: &[Option<&Value>]) -> Result<Option<Box<dyn Ready>>, Unfit> {
    let Some(Some(Value::Text(format))) = args.get(1) else { return Ok(None) };
    match Pattern::parse(format) {
        Ok(pattern) => Ok(Some(Box::new(Compiled(pattern)))),
        Err(error) => Err(Unfit { arg: 1, message: error.message, offset: Some(error.offset) }),
    }
}

fn prepare_read(args: &[Option<&Value>]) -> Result<Option<Box<dyn Ready>>, Unfit> {
    let ready = prepare_print(args)?;
    let compiled = ready.as_deref().and_then(|ready| ready.as_any().downcast_ref::<Compiled>());
    if let Some(message) = compiled.and_then(|compiled| compiled.0.unreadable()) {
        return Err(Unfit { arg: 1, message: format!("no time can be read by it: {message}"), offset: None });
    }
    Ok(ready)
}

/// Does something with the format that the first argument after the receiver is.
fn with_pattern<T>(args: &Args<'_>, use_it: impl FnOnce(&Pattern) -> T) -> Result<T, Arc<Unknown>> {
    if let Some(compiled) = args.call.ready.and_then(|ready| ready.as_any().downcast_ref::<Compiled>()) {
        return Ok(use_it(&compiled.0));
    }
    let format = args.text(1)?;
    match Pattern::parse(&format) {
        Ok(pattern) => Ok(use_it(&pattern)),
        Err(error) => Err(args.call.operand(format!("`{}` is no format of times: {error}", args.call.words(1)))),
    }
}

pub(super) fn zone(args: &Args<'_>, i: usize) -> Result<TimeZone, Arc<Unknown>> {
    zone_of(args.value(i)).ok_or_else(|| args.wrong(i, "a time zone"))
}

fn parse_time(args: &Args<'_>) -> Answer {
    let text = args.text(0)?;
    let zone = if args.len() > 2 { Some(zone(args, 2)?) } else { None };
    match with_pattern(args, |pattern| pattern.read(&text, zone.as_ref()))? {
        Some(at) => Ok(at.into()),
        None => {
            let format = args.text(1)?;
            let shown = if text.len() <= 60 { format!("'{text}'") } else { format!("`{}`", args.call.words(0)) };
            Err(args.call.operand(format!("{shown} is no time written as {format}")))
        }
    }
}

fn format(args: &Args<'_>) -> Answer {
    let (at, zone) = (args.time(0)?, zone(args, 2)?);
    with_pattern(args, |pattern| pattern.print(at, &zone)).map(Value::from)
}

/// What the clocks of a zone show.
fn clock(args: &Args<'_>, zone_arg: usize) -> Result<(TimeZone, DateTime), Arc<Unknown>> {
    let (at, zone) = (args.time(0)?, zone(args, zone_arg)?);
    let clock = zone.to_datetime(at);
    Ok((zone, clock))
}

fn hour(args: &Args<'_>) -> Answer {
    Ok(i64::from(clock(args, 1)?.1.hour()).into())
}

fn weekday(args: &Args<'_>) -> Answer {
    let day = match clock(args, 1)?.1.weekday() {
        Weekday::Monday => "Mon",
        Weekday::Tuesday => "Tue",
        Weekday::Wednesday => "Wed",
        Weekday::Thursday => "Thu",
        Weekday::Friday => "Fri",
        Weekday::Saturday => "Sat",
        Weekday::Sunday => "Sun",
    };
    Ok(day.into())
}

fn in_hours(args: &Args<'_>) -> Answer {
    let (hour, from, to) = (args.number(0)?.as_f64(), args.number(1)?.as_f64(), args.number(2)?.as_f64());
    Ok(if from < to { from <= hour && hour < to } else { from <= hour || hour < to || from == to }.into())
}

fn out_of_range(args: &Args<'_>) -> Arc<Unknown> {
    args.call.range("the time is out of range")
}

fn until_hour(args: &Args<'_>) -> Answer {
    let (zone, clock) = clock(args, 2)?;
    let hour = args.int(1)?;
    let Some(hour) = i8::try_from(hour).ok().filter(|hour| (0..24).contains(hour)) else {
        return Err(args.call.range(format!("`{}` is {hour}, an hour is 0 to 23", args.call.words(1))));
    };
    let (now, mut day) = (args.time(0)?, clock.date());
    // the second day is always later, but when clocks are set back the first may be too
    for _ in 0..3 {
        let next = zone.to_timestamp(day.at(hour, 0, 0, 0)).map_err(|_| out_of_range(args))?;
        if next >= now {
            return Ok(Value::Duration(next.duration_since(now)));
        }
        day = day.tomorrow().map_err(|_| out_of_range(args))?;
    }
    Err(out_of_range(args))
}

#[allow(clippy::cast_precision_loss, reason = "seconds of a day")]
fn offset(args: &Args<'_>) -> Answer {
    let at = args.time(0)?;
    let Some(zone) = zone_of(args.value(1)) else {
        return match args.value(1) {
            Value::Text(_) => Ok(Value::Null),
            _ => Err(args.wrong(1, "a time zone")),
        };
    };
    let seconds = zone.to_offset(at).seconds();
    Ok(if seconds % 3600 == 0 { i64::from(seconds / 3600).into() } else { (f64::from(seconds) / 3600.0).into() })
}

fn start_of(args: &Args<'_>) -> Answer {
    let (zone, clock) = clock(args, 2)?;
    let date = match args.text(1)?.as_str() {
        "day" => clock.date(),
        "month" => clock.date().first_of_month(),
        _ => return Err(args.wrong(1, "'day' or 'month'")),
    };
    zone.to_timestamp(date.at(0, 0, 0, 0)).map(Value::from).map_err(|_| out_of_range(args))
}

/// So many months later, by the clocks of a zone.
fn later(at: Timestamp, months: i64, zone: &TimeZone) -> Option<Timestamp> {
    let span = Span::new().try_months(months).ok()?;
    zone.to_timestamp(zone.to_datetime(at).checked_add(span).ok()?).ok()
}

fn add_months(args: &Args<'_>) -> Answer {
    let (at, months, zone) = (args.time(0)?, args.int(1)?, zone(args, 2)?);
    later(at, months, &zone).map(Value::from).ok_or_else(|| out_of_range(args))
}

fn epoch_ms(args: &Args<'_>) -> Answer {
    Ok(args.time(0)?.as_millisecond().into())
}

fn whole_days(args: &Args<'_>) -> Answer {
    let hours = args.time(0)?.duration_since(args.time(1)?).as_hours();
    Ok((hours / 24).into())
}

fn whole_months(args: &Args<'_>) -> Answer {
    let (now, since) = (args.time(0)?, args.time(1)?);
    let (a, b) = (TimeZone::UTC.to_datetime(since), TimeZone::UTC.to_datetime(now));
    let mut months = (i64::from(b.year()) - i64::from(a.year())) * 12 + i64::from(b.month()) - i64::from(a.month());
    // the one under way is not over yet
    if months > 0 && later(since, months, &TimeZone::UTC).is_none_or(|end| end > now) {
        months -= 1;
    } else if months < 0 && later(since, months, &TimeZone::UTC).is_none_or(|end| end < now) {
        months += 1;
    }
    Ok(months.into())
}

fn truncate(args: &Args<'_>) -> Answer {
    let (duration, unit) = (args.duration(0)?.as_nanos(), args.duration(1)?.as_nanos());
    if unit <= 0 {
        return Err(args.call.range(format!("`{}` is no unit: it is not longer than nothing", args.call.words(1))));
    }
    let whole = SignedDuration::try_from_nanos_i128(duration / unit * unit);
    whole.map(Value::Duration).ok_or_else(|| args.call.range("the duration is out of range"))
}

fn seconds(args: &Args<'_>) -> Answer {
    let duration = args.duration(0)?;
    Ok(if duration.subsec_nanos() == 0 { duration.as_secs().into() } else { duration.as_secs_f64().into() })
}
