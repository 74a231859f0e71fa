//! CEL's `text.format(list)`: a text with places for values, `%s` and the like.

use std::sync::Arc;

use wf_value::{List, Type, Unknown, Value};

use super::args::Number;
use super::convert::{float, print, seconds};
use super::{Answer, Args, Body::Plain, Function, Param};
use crate::types::Takes;

pub(super) static FUNCTIONS: &[Function] =
    &[Function::method("format", &[Param::Value], "text.format(list)", Plain(format_text), |call| {
        call.gives(&[Takes::Text, Takes::List], Type::Text)
    })
    .doc(
        "CEL's: the text with the elements of the list in place of `%s` (anything), `%d` (numbers), `%f` `%e` \
             (decimals, `%.2f` says how many), `%b` `%o` `%x` `%X` (other bases); `%%` is a `%`. A text with \
             holes `{{ }}` says the same more plainly.",
    )
    .examples(&[("'%s has %d of %.1f'.format(['x', 3, 2.25])", "'x has 3 of 2.2'"), ("'%x'.format([255])", "'ff'")])];

/// More decimals than this no number has.
const MOST: usize = 100;

fn format_text(args: &Args<'_>) -> Answer {
    let (text, values) = (args.text(0)?, args.whole_list(1)?);
    fill(&text, values).map(Value::from).map_err(|reason| match reason {
        Refused::Unknown(reason) => reason,
        Refused::Pattern(reason) => args.call.operand(reason),
    })
}

enum Refused {
    Unknown(Arc<Unknown>),
    Pattern(String),
}

fn refused<T>(reason: impl Into<String>) -> Result<T, Refused> {
    Err(Refused::Pattern(reason.into()))
}

fn fill(text: &str, values: &List) -> Result<String, Refused> {
    let mut filled = String::with_capacity(text.len() + 8 * values.len());
    let mut values = values.iter();
    let mut rest = text;
    while let Some((before, place)) = rest.split_once('%') {
        filled.push_str(before);
        if let Some(after) = place.strip_prefix('%') {
            filled.push('%');
            rest = after;
            continue;
        }
        let (precision, place) = match place.strip_prefix('.') {
            Some(place) => {
                let end = place.find(|c: char| !c.is_ascii_digit()).unwrap_or(place.len());
                let (digits, place) = place.split_at(end);
                match digits.parse() {
                    Ok(precision) if precision <= MOST => (Some(precision), place),
                    _ => return refused(format!("'%.{digits}' does not say how many decimals, at most {MOST}")),
                }
            }
            None => (None, place),
        };
        let mut chars = place.chars();
        let Some(kind) = chars.next() else { return refused("the format ends behind a %") };
        rest = chars.as_str();
        match values.next() {
            None => return refused(format!("there is no value for '%{kind}'")),
            Some(Value::Unknown(reason)) => return Err(Refused::Unknown(reason)),
            Some(value) => filled.push_str(&shown(kind, precision, &value)?),
        }
    }
    filled.push_str(rest);
    Ok(filled)
}

fn shown(kind: char, precision: Option<usize>, value: &Value) -> Result<String, Refused> {
    let number = Number::of(value);
    let decimals = precision.unwrap_or(6);
    Ok(match (kind, value, number) {
        ('s', value, _) => text(value)?,
        ('d' | 'f' | 'e', Value::Float(f), _) if !f.is_finite() => float(*f),
        ('d', Value::Int(_) | Value::Float(_) | Value::Big(_), _) => text(value)?,
        ('f', _, Some(number)) => format!("{:.decimals$}", number.as_f64()),
        ('e', _, Some(number)) => exponent(format!("{:.decimals$e}", number.as_f64())),
        ('b', Value::Bool(b), _) => u8::from(*b).to_string(),
        ('b' | 'o' | 'x' | 'X', Value::Int(n), _) => {
            let (sign, n) = (if *n < 0 { "-" } else { "" }, n.unsigned_abs());
            match kind {
                'b' => format!("{sign}{n:b}"),
                'o' => format!("{sign}{n:o}"),
                'x' => format!("{sign}{n:x}"),
                _ => format!("{sign}{n:X}"),
            }
        }
        ('x' | 'X', Value::Text(text), _) => hex(kind, text.as_bytes()),
        ('x' | 'X', Value::Bytes(bytes), _) => hex(kind, bytes),
        ('d' | 'f' | 'e' | 'b' | 'o' | 'x' | 'X', value, _) => {
            return refused(format!("'%{kind}' cannot show {}", value.kind()));
        }
        _ => return refused(format!("there is no '%{kind}'; use %s %d %f %e %b %o %x %X")),
    })
}

/// `1.5e3` as CEL writes it: `1.5e+03`.
fn exponent(shown: String) -> String {
    let Some((number, exponent)) = shown.split_once('e') else { return shown };
    let (sign, digits) = exponent.strip_prefix('-').map_or(('+', exponent), |digits| ('-', digits));
    format!("{number}e{sign}{digits:0>2}")
}

fn hex(kind: char, bytes: &[u8]) -> String {
    let upper = kind == 'X';
    bytes.iter().map(|b| if upper { format!("{b:02X}") } else { format!("{b:02x}") }).collect()
}

/// Anything: lists and maps in brackets, keys sorted, durations in seconds.
fn text(value: &Value) -> Result<String, Refused> {
    Ok(match value {
        Value::Null => "null".into(),
        Value::Float(f) => float(*f),
        Value::Duration(duration) => format!("{}s", seconds(*duration)),
        Value::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        Value::List(list) => {
            if let Some(reason) = list.partial_reason() {
                return Err(Refused::Unknown(reason.into()));
            }
            let elements = list.iter().map(|element| text(&element)).collect::<Result<Vec<_>, _>>()?;
            format!("[{}]", elements.join(", "))
        }
        Value::Map(map) => {
            let mut members =
                map.iter().map(|(k, v)| Ok(format!("{k}: {}", text(&v)?))).collect::<Result<Vec<_>, Refused>>()?;
            members.sort();
            format!("{{{}}}", members.join(", "))
        }
        other => print(other).map_err(Refused::Unknown)?.to_string(),
    })
}
