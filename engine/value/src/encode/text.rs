//! Texts in quotes: what needs no escape is found eight bytes at a time and copied in one piece.

use std::fmt::Write;

use crate::scan;

/// Appends a text in its quotes; with `ascii` everything beyond ASCII (and DEL) as `\uXXXX`.
pub(super) fn push(out: &mut String, text: &str, ascii: bool) {
    out.push('"');
    let mut rest = text;
    loop {
        let plain = if ascii { scan::beyond_plain_ascii(rest.as_bytes()) } else { scan::special(rest.as_bytes(), 0) };
        let (copied, tail) = rest.split_at(plain);
        out.push_str(copied);
        let mut tail = tail.chars();
        let Some(c) = tail.next() else { break };
        escape(out, c);
        rest = tail.as_str();
    }
    out.push('"');
}

fn escape(out: &mut String, c: char) {
    match c {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\u{8}' => out.push_str("\\b"),
        '\u{c}' => out.push_str("\\f"),
        c => {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // a String takes everything
                let _ = write!(out, "\\u{unit:04x}");
            }
        }
    }
}
