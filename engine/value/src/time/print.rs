//! A moment by its pattern.

use std::fmt::Write;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};

use super::iso;
use super::pattern::{Field, Part, Parts, Pattern};

pub(super) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

impl Pattern {
    /// The text of a moment as the clocks of `zone` show it.
    #[must_use]
    pub fn print(&self, at: Timestamp, zone: &TimeZone) -> String {
        match &self.parts {
            Parts::Iso => iso::print(at, zone),
            Parts::Of(parts) => {
                let mut out = String::with_capacity(32);
                let offset = zone.to_offset(at);
                print(parts, offset.to_datetime(at), offset, &mut out);
                out
            }
        }
    }
}

/// Appends the parts; whether a field among them that can be zero is not.
fn print(parts: &[Part], at: DateTime, offset: Offset, out: &mut String) -> bool {
    let mut something = false;
    for part in parts {
        match part {
            Part::Literal(text) => out.push_str(text),
            Part::Field(field) => something |= print_field(*field, at, offset, out),
            Part::Optional(parts) => {
                let start = out.len();
                if !print(parts, at, offset, out) {
                    out.truncate(start);
                }
            }
        }
    }
    something
}

/// Appends a field; whether it shows something else than zero.
fn print_field(field: Field, at: DateTime, offset: Offset, out: &mut String) -> bool {
    let month = MONTHS.get(usize::try_from(at.month() - 1).unwrap_or_default()).unwrap_or(&"");
    let half = if at.hour() % 12 == 0 { 12 } else { at.hour() % 12 };
    let mut number = |number: i8, width: usize| {
        let _ = write!(out, "{number:0width$}");
        number != 0
    };
    let width = |padded: bool| if padded { 2 } else { 1 };
    match field {
        Field::Month { padded } => number(at.month(), width(padded)),
        Field::Day { padded } => number(at.day(), width(padded)),
        Field::Hour { padded } => number(at.hour(), width(padded)),
        Field::HalfHour { padded } => number(half, width(padded)),
        Field::Minute => number(at.minute(), 2),
        Field::Second => number(at.second(), 2),
        Field::Year => {
            let _ = write!(out, "{:04}", at.year());
            true
        }
        Field::MonthName => {
            out.push_str(month);
            true
        }
        Field::MonthShort => {
            out.push_str(month.get(..3).unwrap_or_default());
            true
        }
        Field::Fraction(digits) => {
            let nanoseconds = format!("{:09}", at.subsec_nanosecond());
            let shown = nanoseconds.get(..digits).unwrap_or(&nanoseconds);
            out.push_str(shown);
            shown.bytes().any(|b| b != b'0')
        }
        Field::Half => {
            out.push_str(if at.hour() < 12 { "AM" } else { "PM" });
            true
        }
        Field::Zone if offset.seconds() == 0 => {
            out.push('Z');
            true
        }
        Field::Offset | Field::Zone => {
            let seconds = offset.seconds();
            let (sign, minutes) = (if seconds < 0 { '-' } else { '+' }, seconds.abs() / 60);
            let _ = write!(out, "{sign}{:02}:{:02}", minutes / 60, minutes % 60);
            seconds != 0
        }
    }
}
