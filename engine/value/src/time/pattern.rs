//! The pattern language of times: `M/D/YYYY h:mm:ss A`, `YYYY-MM-DD HH:mm:ss[.SSSSSS]ZZ`, `ISO`.

use crate::Text;

/// How a time is written, ready to read and print by.
#[derive(Clone, Debug, PartialEq)]
pub struct Pattern {
    pub(super) parts: Parts,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Parts {
    /// ISO 8601 in all its spellings.
    Iso,
    Of(Vec<Part>),
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Part {
    Literal(Text),
    Field(Field),
    /// `[…]`: left out when all of it is zero.
    Optional(Vec<Part>),
}

/// What a run of letters stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Year,
    MonthName,
    MonthShort,
    Month {
        padded: bool,
    },
    Day {
        padded: bool,
    },
    Hour {
        padded: bool,
    },
    HalfHour {
        padded: bool,
    },
    Minute,
    Second,
    /// So many digits.
    Fraction(usize),
    /// `AM`, `PM`
    Half,
    /// `+00:00`
    Offset,
    /// `Z`, else as [`Self::Offset`]
    Zone,
}

impl Field {
    /// What may be zero, so that `[…]` leaves it out.
    fn vanishes(self) -> bool {
        use Field::{Fraction, Hour, Minute, Offset, Second};
        matches!(self, Fraction(_) | Hour { .. } | Minute | Second | Offset)
    }
}

const FIELDS: [(&str, Field); 16] = [
    ("YYYY", Field::Year),
    ("MMMM", Field::MonthName),
    ("MMM", Field::MonthShort),
    ("MM", Field::Month { padded: true }),
    ("M", Field::Month { padded: false }),
    ("DD", Field::Day { padded: true }),
    ("D", Field::Day { padded: false }),
    ("HH", Field::Hour { padded: true }),
    ("H", Field::Hour { padded: false }),
    ("hh", Field::HalfHour { padded: true }),
    ("h", Field::HalfHour { padded: false }),
    ("mm", Field::Minute),
    ("ss", Field::Second),
    ("A", Field::Half),
    ("ZZ", Field::Offset),
    ("Z", Field::Zone),
];

/// What is wrong with a pattern.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct PatternError {
    /// In bytes, from 0.
    pub offset: usize,
    pub message: String,
}

impl PatternError {
    fn new(offset: usize, message: impl Into<String>) -> Self {
        Self { offset, message: message.into() }
    }
}

impl Pattern {
    /// Compiles a pattern. `T` stands for itself, other letters do in `'…'` (`''` is a quote).
    ///
    /// # Errors
    /// A letter that stands for nothing, with the nearest that does; a bracket or quote that does not end.
    pub fn parse(text: &str) -> Result<Self, PatternError> {
        if text == "ISO" {
            return Ok(Self { parts: Parts::Iso });
        }
        if text.len() > LONGEST {
            return Err(PatternError::new(0, format!("it is longer than {LONGEST} characters")));
        }
        let mut parser = Parser { text, at: 0 };
        let parts = parser.parts(None)?;
        if parts.is_empty() {
            return Err(PatternError::new(0, "it is empty"));
        }
        Ok(Self { parts: Parts::Of(parts) })
    }

    /// Why no moment can be read by it, though it prints: `it says no year`.
    #[must_use]
    pub fn unreadable(&self) -> Option<&'static str> {
        let Parts::Of(parts) = &self.parts else { return None };
        let has = |field: fn(Field) -> bool| parts.iter().any(|part| matches!(part, Part::Field(f) if field(*f)));
        if !has(|f| f == Field::Year) {
            return Some("it says no year (YYYY)");
        }
        let half = has(|f| matches!(f, Field::HalfHour { .. }));
        if half && !has(|f| f == Field::Half) && !has(|f| matches!(f, Field::Hour { .. })) {
            return Some("h says the hour only together with AM or PM (A)");
        }
        None
    }
}

/// Bytes of a pattern; nobody writes as many.
const LONGEST: usize = 500;

struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Parser<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Up to the end, or to the `]` of a bracket that was `opened` at that place.
    fn parts(&mut self, opened: Option<usize>) -> Result<Vec<Part>, PatternError> {
        let mut parts = Vec::new();
        while let Some(c) = self.rest().chars().next() {
            let start = self.at;
            match c {
                '[' if opened.is_some() => return Err(PatternError::new(start, "a [ stands inside another one")),
                '[' => {
                    self.at += 1;
                    let inner = self.parts(Some(start))?;
                    if !inner.iter().any(|part| matches!(part, Part::Field(field) if field.vanishes())) {
                        let message =
                            "[…] is left out when it is zero, but nothing in it can be (HH mm ss SSSSSS ZZ can)";
                        return Err(PatternError::new(start, message));
                    }
                    parts.push(Part::Optional(inner));
                }
                ']' if opened.is_some() => {
                    self.at += 1;
                    return Ok(parts);
                }
                ']' => return Err(PatternError::new(start, "a ] without [")),
                '\'' => {
                    let quoted = self.quoted()?;
                    literal(&mut parts, &quoted);
                }
                'T' => {
                    self.at += 1;
                    literal(&mut parts, "T");
                }
                c if c.is_ascii_alphabetic() => parts.push(Part::Field(self.field(c)?)),
                c => {
                    self.at += c.len_utf8();
                    literal(&mut parts, c.encode_utf8(&mut [0; 4]));
                }
            }
        }
        match opened {
            Some(start) => Err(PatternError::new(start, "the [ is not closed")),
            None => Ok(parts),
        }
    }

    fn quoted(&mut self) -> Result<String, PatternError> {
        let start = self.at;
        let mut out = String::new();
        loop {
            self.at += 1;
            let Some(end) = self.rest().find('\'') else {
                return Err(PatternError::new(start, "the quote is not closed"));
            };
            out.push_str(self.rest().get(..end).unwrap_or_default());
            self.at += end + 1;
            if self.at == start + 2 {
                return Ok("'".into());
            }
            if !self.rest().starts_with('\'') {
                return Ok(out);
            }
            out.push('\'');
        }
    }

    fn field(&mut self, letter: char) -> Result<Field, PatternError> {
        let start = self.at;
        let run = self.rest();
        let run = run.get(..run.find(|c| c != letter).unwrap_or(run.len())).unwrap_or_default();
        self.at += run.len();
        if letter == 'S' && run.len() <= 9 {
            return Ok(Field::Fraction(run.len()));
        }
        if let Some((_, field)) = FIELDS.iter().find(|(name, _)| *name == run) {
            return Ok(*field);
        }
        let nearest = FIELDS
            .iter()
            .map(|(name, _)| *name)
            .filter(|name| name.starts_with(letter))
            .min_by_key(|name| name.len().abs_diff(run.len()));
        let nearest =
            nearest.or_else(|| FIELDS.iter().map(|(name, _)| *name).find(|name| name.eq_ignore_ascii_case(run)));
        let nearest = nearest.or_else(|| {
            FIELDS
                .iter()
                .map(|(name, _)| *name)
                .find(|name| name.to_ascii_lowercase().starts_with(&run.to_ascii_lowercase()))
        });
        let message = match nearest {
            Some(nearest) => format!(
                "'{run}' stands for nothing; did you mean {nearest}? Letters that stand for themselves are written '{run}', in quotes"
            ),
            None => {
                format!("'{run}' stands for nothing; letters that stand for themselves are written '{run}', in quotes")
            }
        };
        Err(PatternError::new(start, message))
    }
}

/// Literals beside each other are one.
fn literal(parts: &mut Vec<Part>, text: &str) {
    match parts.last_mut() {
        Some(Part::Literal(before)) => *before = format!("{before}{text}").into(),
        _ => parts.push(Part::Literal(text.into())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> (usize, String) {
        Pattern::parse(text).err().map(|e| (e.offset, e.message)).unwrap_or_default()
    }

    #[test]
    fn patterns_that_are_in_use_compile() {
        for text in [
            "YYYY-MM-DD HH:mm:ss[.SSSSSS]ZZ",
            "YYYY-MM-DDTHH:mm:ssZ",
            "M/D/YYYY h:mm:ss A",
            "MM/DD/YYYY, HH:mm:ss",
            "MMMM DD YYYY - HH:mm:ss",
            "MMM DD, YYYY @ hh:mm A",
            "YYYY-MM-DD h.mmA",
            "YYYY-MM-DD 23:59:59.999999ZZ",
            "ISO",
        ] {
            assert_eq!(Pattern::parse(text).map(|p| p.unreadable()), Ok(None), "{text}");
        }
    }

    #[test]
    fn what_stands_for_nothing_is_told_with_the_nearest() {
        let (at, message) = error("YYYY-mm-dd");
        assert_eq!(at, 8);
        assert!(message.starts_with("'dd' stands for nothing; did you mean DD?"), "{message}");
        assert!(error("YY-MM").1.contains("did you mean YYYY?"));
        assert!(error("YYYY-MM-DD hh:mm a").1.contains("did you mean A?"));
        assert!(error("YYYY m").1.contains("did you mean mm?"));
        assert!(!error("YYYY x").1.contains("did you mean"));
        assert_eq!(error("").1, "it is empty");
        assert!(error(&"-".repeat(LONGEST + 1)).1.contains("longer"));
        assert_eq!(error("YYYY 'at").0, 5);
        assert_eq!(error("YYYY[.SSS").0, 4);
        assert_eq!(error("YYYY]").0, 4);
        assert_eq!(error("[MM[ss]]").0, 3);
        assert!(error("YYYY[-MM]").1.contains("nothing in it can be"));
    }

    #[test]
    fn what_can_only_be_printed_is_said() {
        let unreadable = |text: &str| Pattern::parse(text).ok().and_then(|p| p.unreadable());
        assert!(unreadable("hh:mm A").is_some_and(|m| m.contains("year")));
        assert!(unreadable("YYYY-MM-DD hh:mm").is_some_and(|m| m.contains("AM or PM")));
        assert!(unreadable("YYYY-MM-DD HH:mm").is_none());
    }

    #[test]
    fn quotes_hold_letters() {
        let parts = |text: &str| Pattern::parse(text).map(|p| p.parts);
        assert_eq!(parts("'at' 'it''s' ''"), Ok(Parts::Of(vec![Part::Literal("at it's '".into())])));
    }
}
