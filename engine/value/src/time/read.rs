//! A text by its pattern.

use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, civil};

use super::pattern::{Field, Part, Parts, Pattern};
use super::print::MONTHS;
use super::{iso, zone};

impl Pattern {
    /// The moment that a text writes; `None` when it does not follow the pattern, names no moment, or says no zone while none is given.
    ///
    /// Numbers of two digits may come with one (`6/1/2022` for `MM/DD/YYYY`) or with a zero, names of months and AM/PM in any case,
    /// an offset as `Z`, `+00:00`, `+0000` or `+00`. Without a month or day it is the first, without a time of day midnight. A time that
    /// the clocks of the zone skip is read with the offset before, one that they show twice is the first.
    #[must_use]
    pub fn read(&self, text: &str, zone: Option<&TimeZone>) -> Option<Timestamp> {
        match &self.parts {
            Parts::Iso => iso::read(text, zone),
            Parts::Of(parts) => {
                let mut clock = Clock::default();
                match clock.read(parts, text)? {
                    "" => clock.moment(zone),
                    _ => None,
                }
            }
        }
    }
}

/// What was read so far.
#[derive(Clone, Default)]
struct Clock {
    year: Option<i16>,
    month: Option<i8>,
    day: Option<i8>,
    hour: Option<i8>,
    half_hour: Option<i8>,
    afternoon: Option<bool>,
    minute: i8,
    second: i8,
    nanosecond: i32,
    offset: Option<Offset>,
}

impl Clock {
    /// What follows the parts; `None` when the text is another.
    fn read<'t>(&mut self, parts: &[Part], mut text: &'t str) -> Option<&'t str> {
        for part in parts {
            text = match part {
                Part::Literal(literal) => text.strip_prefix(literal.as_str())?,
                Part::Field(field) => self.read_field(*field, text)?,
                Part::Optional(parts) => {
                    let mut with = self.clone();
                    match with.read(parts, text) {
                        Some(rest) => {
                            *self = with;
                            rest
                        }
                        None => text,
                    }
                }
            };
        }
        Some(text)
    }

    fn read_field<'t>(&mut self, field: Field, text: &'t str) -> Option<&'t str> {
        match field {
            Field::Year => {
                let (year, rest) = digits(text, 4, 4)?;
                self.year = Some(i16::try_from(year).ok()?);
                return Some(rest);
            }
            Field::Fraction(_) => {
                let (fraction, rest) = digits(text, 1, 9)?;
                let missing = 9 - u32::try_from(text.len() - rest.len()).ok()?;
                self.nanosecond = fraction * 10_i32.pow(missing);
                return Some(rest);
            }
            Field::MonthName | Field::MonthShort => {
                let length = |name: &str| if field == Field::MonthShort { 3 } else { name.len() };
                let (i, name) = MONTHS.iter().enumerate().find(|(_, name)| {
                    let name = name.get(..length(name)).unwrap_or_default();
                    text.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
                })?;
                self.month = Some(i8::try_from(i + 1).ok()?);
                return text.get(length(name)..);
            }
            Field::Half => {
                let half = text.get(..2)?;
                self.afternoon = match half {
                    _ if half.eq_ignore_ascii_case("AM") => Some(false),
                    _ if half.eq_ignore_ascii_case("PM") => Some(true),
                    _ => return None,
                };
                return text.get(2..);
            }
            Field::Offset | Field::Zone => {
                let (offset, rest) = zone::offset(text)?;
                self.offset = Some(offset);
                return Some(rest);
            }
            _ => {}
        }
        let (number, rest) = digits(text, 1, 2)?;
        let number = i8::try_from(number).ok()?;
        match field {
            Field::Month { .. } => self.month = Some(number),
            Field::Day { .. } => self.day = Some(number),
            Field::Hour { .. } => self.hour = Some(number),
            Field::HalfHour { .. } => self.half_hour = Some(number),
            Field::Minute => self.minute = number,
            _ => self.second = number,
        }
        Some(rest)
    }

    fn moment(&self, zone: Option<&TimeZone>) -> Option<Timestamp> {
        let hour = match (self.hour, self.half_hour, self.afternoon) {
            (Some(hour), ..) => hour,
            (None, Some(hour @ 1..=12), Some(afternoon)) => hour % 12 + if afternoon { 12 } else { 0 },
            (None, None, _) => 0,
            _ => return None,
        };
        let date = Date::new(self.year?, self.month.unwrap_or(1), self.day.unwrap_or(1)).ok()?;
        let time = civil::Time::new(hour, self.minute, self.second, self.nanosecond).ok()?;
        match self.offset {
            Some(offset) => offset.to_timestamp(date.to_datetime(time)).ok(),
            None => zone?.to_timestamp(date.to_datetime(time)).ok(),
        }
    }
}

/// A number of at least and at most so many digits at the beginning of a text, and what follows.
fn digits(text: &str, least: usize, most: usize) -> Option<(i32, &str)> {
    let count = text.bytes().take(most).take_while(u8::is_ascii_digit).count();
    if count < least {
        return None;
    }
    let (number, rest) = text.split_at(count);
    Some((number.parse().ok()?, rest))
}
