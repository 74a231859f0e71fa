//! Single values that JSON writes in more than one way. What is wrong with one is told without it: it may be secret.

use base64::Engine;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use wf_value::{Id, Value};

/// A whole number: a number without a fraction, or digits.
pub(crate) fn whole<N: TryFrom<i128>>(value: &Value) -> Result<N, String> {
    let digits = |text: &str| {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let is_one = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
        is_one.then(|| text.parse::<i128>().ok()).flatten()
    };
    let number = match value {
        Value::Int(n) | Value::Id(Id::Number(n)) => Some(i128::from(*n)),
        Value::Big(text) | Value::Text(text) | Value::Id(Id::Text(text)) => digits(text),
        // beyond 2^96 no number of 64 bits is meant, and below it the conversion is exact
        #[allow(clippy::cast_possible_truncation, reason = "checked")]
        Value::Float(f) if f.fract() == 0.0 && f.abs() < 7.9e28 => Some(*f as i128),
        _ => None,
    };
    let number = number.ok_or_else(|| format!("is {}, it should be a whole number", value.kind()))?;
    N::try_from(number).map_err(|_| "is out of range".to_owned())
}

/// Any number, or one in digits.
pub(crate) fn number(value: &Value) -> Result<f64, String> {
    let parsed = |text: &str| match text {
        "NaN" => Some(f64::NAN),
        "Infinity" => Some(f64::INFINITY),
        "-Infinity" => Some(f64::NEG_INFINITY),
        text if text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.' | b'e' | b'E')) => {
            text.parse().ok()
        }
        _ => None,
    };
    let number = match value {
        #[allow(clippy::cast_precision_loss, reason = "a float was asked for")]
        Value::Int(n) | Value::Id(Id::Number(n)) => Some(*n as f64),
        Value::Float(f) => Some(*f),
        Value::Big(text) | Value::Text(text) | Value::Id(Id::Text(text)) => parsed(text),
        _ => None,
    };
    number.ok_or_else(|| format!("is {}, it should be a number", value.kind()))
}

/// A number that 32 bits hold.
pub(crate) fn short_number(value: &Value) -> Result<f32, String> {
    let number = number(value)?;
    #[allow(clippy::cast_possible_truncation, reason = "a float of 32 bits was asked for")]
    let short = number as f32;
    if number.is_finite() && !short.is_finite() { Err("is out of range".to_owned()) } else { Ok(short) }
}

/// The shortest decimal that is the same float of 32 bits.
pub(crate) fn shortest(number: f32) -> f64 {
    number.to_string().parse().unwrap_or_else(|_| f64::from(number))
}

/// A number as JSON has it: what is none there is a text.
pub(crate) fn written(number: f64) -> Value {
    if number.is_finite() {
        Value::Float(number)
    } else if number.is_nan() {
        "NaN".into()
    } else if number > 0.0 {
        "Infinity".into()
    } else {
        "-Infinity".into()
    }
}

/// Bytes, or base64 of either alphabet, padded or not.
pub(crate) fn bytes(value: &Value) -> Result<Vec<u8>, String> {
    const CONFIG: GeneralPurposeConfig =
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    const PLAIN: GeneralPurpose = GeneralPurpose::new(&base64::alphabet::STANDARD, CONFIG);
    const OF_URLS: GeneralPurpose = GeneralPurpose::new(&base64::alphabet::URL_SAFE, CONFIG);
    let text = match value {
        Value::Bytes(bytes) => return Ok(bytes.to_vec()),
        Value::Text(text) => text,
        other => return Err(format!("is {}, it should be base64", other.kind())),
    };
    PLAIN.decode(text.as_str()).or_else(|_| OF_URLS.decode(text.as_str())).map_err(|_| "is no base64".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_are_numbers_or_digits() {
        for value in [Value::Int(7), Value::Float(7.0), Value::text("7"), Value::text("007")] {
            assert_eq!(whole::<i32>(&value), Ok(7), "{value:?}");
        }
        assert_eq!(whole::<u64>(&Value::Big("18446744073709551615".into())), Ok(u64::MAX));
        for value in [
            Value::Float(7.5),
            Value::text("7.0"),
            Value::text(""),
            Value::text("-"),
            Value::text(" 7"),
            Value::Bool(true),
        ] {
            assert!(whole::<i32>(&value).is_err(), "{value:?}");
        }
        assert_eq!(whole::<i32>(&Value::Int(2_147_483_648)), Err("is out of range".to_owned()));
        assert!(whole::<u32>(&Value::Int(-1)).is_err() && whole::<i64>(&Value::Float(1e19)).is_err());
    }

    #[test]
    fn floats_are_the_shortest_decimal() {
        assert_eq!(shortest(0.948_438_47), 0.948_438_47);
        assert_eq!(shortest(0.1), 0.1);
        assert_eq!(short_number(&Value::text("0.5")), Ok(0.5));
        assert!(short_number(&Value::Float(1e300)).is_err() && number(&Value::text("half")).is_err());
        assert_eq!(written(f64::NAN).as_str(), Some("NaN"));
    }

    #[test]
    fn bytes_are_base64_of_either_alphabet() {
        for text in ["+/8=", "-_8=", "+/8", "-_8"] {
            assert_eq!(bytes(&Value::text(text)), Ok(vec![0xfb, 0xff]), "{text}");
        }
        assert!(bytes(&Value::text("no base64!")).is_err() && bytes(&Value::Int(1)).is_err());
    }
}
