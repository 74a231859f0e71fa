//! Numbers with a fraction in decimal, as short as they can be told apart from their neighbours.

/// As the old system's JSON has it: always recognisable as no whole number (`2.0`), with an exponent from 1e16 on and below 1e-4
/// (`1e+16`, `1.5e-05`). The number is finite.
pub(crate) fn python(number: f64) -> String {
    let scientific = format!("{number:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if !(-4..16).contains(&exponent) {
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{digits}e{sign}{:02}", exponent.abs());
    }
    let plain = number.to_string();
    if plain.contains('.') { plain } else { plain + ".0" }
}

/// As people read it: whole numbers without fraction, as long as their digits are certain.
pub(crate) fn plain(number: f64) -> String {
    const CERTAIN: f64 = 9_007_199_254_740_992.0;
    if number.fract() == 0.0 && number.abs() < CERTAIN {
        // `-0` is no number that people know
        return (number + 0.0).to_string();
    }
    python(number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn as_python_writes_them() {
        for (number, text) in [
            (2.0, "2.0"),
            (-0.0, "-0.0"),
            (40.7, "40.7"),
            (0.1, "0.1"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (1.5e-7, "1.5e-07"),
            (1e15, "1000000000000000.0"),
            (1e16, "1e+16"),
            (123_456_789_012_345_678.0, "1.2345678901234568e+17"),
            (1e100, "1e+100"),
            (f64::MAX, "1.7976931348623157e+308"),
            (5e-324, "5e-324"),
        ] {
            assert_eq!(python(number), text);
        }
    }

    #[test]
    fn as_people_read_them() {
        for (number, text) in
            [(2.0, "2"), (-0.0, "0"), (2.5, "2.5"), (-3.0, "-3"), (1e15, "1000000000000000"), (1e22, "1e+22")]
        {
            assert_eq!(plain(number), text);
        }
    }

    proptest! {
        #[test]
        fn nothing_is_lost(number in any::<f64>().prop_filter("finite", |n| n.is_finite())) {
            prop_assert_eq!(python(number).parse::<f64>().map(f64::to_bits), Ok(number.to_bits()));
            prop_assert_eq!(plain(number).parse::<f64>(), Ok(number));
        }
    }
}
