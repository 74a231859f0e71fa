//! Changing a text: by what YAML or JSON says it is (`nodes`), by its lines (`lines`), by its characters (`characters`).

mod characters;
mod lines;
mod nodes;

use crate::Random;

/// Something of it changed, mostly little. `other`: a text of the same kind to take pieces from; `words`: what this kind of text is made of.
#[must_use]
pub fn mutate(random: &mut Random, bytes: &[u8], other: &[u8], words: &[&'static str]) -> Vec<u8> {
    let (Ok(text), Ok(other)) = (std::str::from_utf8(bytes), std::str::from_utf8(other)) else {
        return mangled(random, bytes);
    };
    let mut text = text.to_owned();
    // only what is changed first is known to be harmless to whoever reads its tree
    if random.below(2) == 0
        && let Some(changed) = nodes::change(random, &text, other)
    {
        text = changed;
        if random.once_in(2) {
            return text.into();
        }
    }
    for _ in 0..[1, 1, 1, 2, 3, 6][random.below(6)] {
        text = match random.below(3) {
            0 if text.lines().count() > 3 => lines::change(random, &text, other),
            _ => characters::change(random, &text, other, words),
        };
    }
    if random.once_in(200) { mangled(random, text.as_bytes()) } else { text.into() }
}

/// Bytes that need not be text.
fn mangled(random: &mut Random, bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..=random.below(4) {
        let piece = random.piece(bytes.len());
        match random.below(4) {
            0 => drop(bytes.drain(piece)),
            1 => bytes.insert(piece.start, random.number().to_le_bytes()[0]),
            2 => bytes.truncate(piece.start),
            _ => {
                if let Some(byte) = bytes.get_mut(piece.start) {
                    *byte ^= 1 << random.below(8);
                }
            }
        }
    }
    bytes
}

/// Values that are at the edge of something, as JSON, which YAML reads too.
const EDGES: &[&str] = &[
    "null",
    "true",
    "\"\"",
    "[]",
    "{}",
    "0",
    "-1",
    "1.5",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "18446744073709551616",
    "1e308",
    "1e-400",
    "123456789012345678901234567890",
    "4294967296",
    "\"0\"",
    "\" \"",
    "\"null\"",
    "\"ä🐱\"",
    "\"\\u0000\"",
    "\"a\\nb\"",
    "\"\\u202e\"",
    "\"2022-02-30T25:61:00Z\"",
    "\"9999-12-31T23:59:59.999999999Z\"",
    "\"-0001-01-01\"",
    "\"0000-00-00\"",
    "[null]",
    "[[[[]]]]",
    "{\"\":null}",
    "[1,\"1\",1.0,null,{}]",
    "\"<b>&amp;</b>\"",
    "\"{{ x }}\"",
    "\"=x\"",
    "\"$.x\"",
    "{\"status\":200}",
    "1970-01-01",
    "0x10",
    "1_000",
    ".nan",
    "-.inf",
    "~",
    "yes",
    "off",
];

/// The same nested deeply.
fn nested(random: &mut Random) -> String {
    let depth = [5, 40, 64, 65, 130, 600, 3_000][random.below(7)];
    match random.below(3) {
        0 => format!("{}{}", "[".repeat(depth), "]".repeat(depth)),
        1 => format!("{}1{}", "{\"a\":".repeat(depth), "}".repeat(depth)),
        _ => format!("{}{}", "(".repeat(depth), ")".repeat(depth)),
    }
}

fn long(random: &mut Random) -> String {
    let piece = random.word(&["a", "ä", "9", " ", "x.", "a-", "\\\\", "0.", "&#38;"]);
    format!("\"{}\"", piece.repeat([100, 5_000, 70_000][random.below(3)]))
}
