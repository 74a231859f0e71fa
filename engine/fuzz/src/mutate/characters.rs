//! Changes by characters and words.

use super::{EDGES, long, nested};
use crate::Random;

const STRANGE: &[&str] = &[
    "\u{feff}",
    "\0",
    "\u{a0}",
    "\u{202e}",
    "\u{2028}",
    "\r",
    "\r\n",
    "\t",
    "🐱",
    "é",
    "e\u{301}",
    "\u{ffff}",
    "‘",
    "“",
    "…",
    "\u{1b}[31m",
    "\u{7f}",
    "\u{85}",
    "ǅ",
    "ß",
    "İ",
    "\u{200d}",
];
const MARKS: &[&str] = &[
    ":", ": ", "- ", "#", " #", "'", "\"", "{", "}", "[", "]", "(", ")", ",", "|", ">", "|-", ">+2", "&a", "*a", "!",
    "!!str", "---", "...", "%", "@", "`", "\\", "\n", "\n  ", "  ", "?", "=", "==", "$.", "{{", "}}", "{{#if ",
    "{{/if}}", "<<: ", "~", "..", "::", "0", "-", "\\u00", "\\x", "\\",
];

pub(super) fn change(random: &mut Random, text: &str, other: &str, words: &[&'static str]) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    let piece = random.piece(chars.len());
    let put = |chars: &mut Vec<char>, at: std::ops::Range<usize>, text: &str| drop(chars.splice(at, text.chars()));
    match random.below(12) {
        0 => drop(chars.drain(piece)),
        1 => put(&mut chars, piece.start..piece.start, random.word(MARKS)),
        2 => put(&mut chars, piece.start..piece.start, random.word(STRANGE)),
        3 | 4 => put(&mut chars, piece.start..piece.start, random.word(words)),
        5 => put(&mut chars, piece, random.word(words)),
        6 => put(&mut chars, piece, random.word(EDGES)),
        7 => {
            let copy: Vec<char> = chars[piece.clone()].to_vec();
            let to = random.below(chars.len() + 1);
            chars.splice(to..to, copy);
        }
        8 => number(random, &mut chars),
        9 => {
            let others: Vec<char> = other.chars().collect();
            let from = random.piece(others.len());
            chars.splice(piece.start..piece.start, others[from].iter().copied());
        }
        10 => {
            let deep = if random.once_in(2) { nested(random) } else { long(random) };
            if random.once_in(8) {
                put(&mut chars, piece, &deep);
            } else if !chars.is_empty() {
                let (a, b) = (random.below(chars.len()), random.below(chars.len()));
                chars.swap(a, b);
            }
        }
        _ => {
            if random.once_in(4) {
                chars.truncate(piece.start);
            } else {
                put(&mut chars, piece, random.word(MARKS));
            }
        }
    }
    chars.into_iter().collect()
}

/// A number of it becomes another one.
fn number(random: &mut Random, chars: &mut Vec<char>) {
    let starts: Vec<usize> = (0..chars.len())
        .filter(|i| chars[*i].is_ascii_digit() && (*i == 0 || !chars[i - 1].is_ascii_digit()))
        .collect();
    let Some(&from) = random.pick(&starts) else { return };
    let to = (from..chars.len()).find(|i| !chars[*i].is_ascii_digit()).unwrap_or(chars.len());
    let new = random.word(&[
        "0",
        "00",
        "1",
        "59",
        "60",
        "99",
        "255",
        "65536",
        "2147483648",
        "9223372036854775808",
        "1e9",
        "0.1",
        "-1",
    ]);
    chars.splice(from..to, new.chars());
}
