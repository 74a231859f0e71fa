//! Sizes in bytes as the language writes them: `4MB` is 4·10⁶, `4MiB` is 4·2²⁰.

const UNITS: [(&str, i64); 9] = [
    ("TiB", 1 << 40),
    ("TB", 1_000_000_000_000),
    ("GiB", 1 << 30),
    ("GB", 1_000_000_000),
    ("MiB", 1 << 20),
    ("MB", 1_000_000),
    ("KiB", 1 << 10),
    ("kB", 1_000),
    ("B", 1),
];

/// The number of bytes that a text writes: a whole number with its unit (`kB` also as `KB`), or a bare number of bytes.
#[must_use]
pub fn parse(text: &str) -> Option<i64> {
    let (number, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
    let size = match unit {
        "" => 1,
        "KB" => 1_000,
        _ => UNITS.iter().find(|(name, _)| *name == unit)?.1,
    };
    number.parse::<i64>().ok()?.checked_mul(size)
}

/// With the largest unit that gives a whole number; [`parse`] reads it back.
#[must_use]
pub fn print(bytes: i64) -> String {
    let exact = |size: i64| bytes != 0 && bytes % size == 0;
    let (unit, size) =
        UNITS.iter().filter(|(_, size)| exact(*size)).min_by_key(|(_, size)| bytes.abs() / size).unwrap_or(&("B", 1));
    format!("{}{unit}", bytes / size)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn sizes_are_read_and_printed() {
        for (text, bytes) in
            [("4MB", 4_000_000), ("4MiB", 4_194_304), ("64kB", 64_000), ("0B", 0), ("1GiB", 1 << 30), ("17B", 17)]
        {
            assert_eq!(parse(text), Some(bytes));
            assert_eq!(print(bytes), text);
        }
        assert_eq!(parse("512"), Some(512));
        assert_eq!(parse("8KB"), Some(8_000));
        for text in ["", "MB", "4 MB", "4mb", "-4MB", "4.5MB", "9999999TiB"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn there_and_back(bytes in 0_i64..) {
            prop_assert_eq!(parse(&print(bytes)), Some(bytes));
        }
    }
}
