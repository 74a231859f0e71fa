//! A story for people.

use wf_source::Files;

use super::entry::{Entry, Saw, What};
use super::story::{Part, Story};
use crate::sheet::{Sheet, Tint};

/// The story, one line for each decision, what it saw below it.
#[must_use]
pub fn told(story: &Story, files: &Files, sheet: Sheet) -> String {
    let mut out = String::new();
    for part in &story.parts {
        tell(&mut out, part, 0, files, sheet);
    }
    if story.more > 0 {
        out.push_str(&format!("… and {} more decisions about what stands beside it are left out\n", story.more));
    }
    out
}

fn tell(out: &mut String, part: &Part, level: usize, files: &Files, sheet: Sheet) {
    let entry = &part.entry;
    let inside = !part.parts.is_empty();
    let result = if entry.result.is_empty() || inside { String::new() } else { format!(" → {}", entry.result) };
    let line = format!("{} {}{result}", entry.what.begins(), entry.words());
    let tint = if matches!(entry.what, What::Item | What::Flow) { Tint::Bold } else { tint(entry) };
    let place = if files.get(entry.span.file).is_some() { files.locate(entry.span) } else { String::new() };
    sheet.put(out, level, &line, tint, &place);
    for saw in &entry.saw {
        // values are cut already, reasons are read to their end
        let whole = saw.from.is_some() || saw.value.starts_with("unknown");
        let line = if whole { value(saw) } else { sheet.cut(level + 2, &value(saw)) };
        sheet.put(out, level + 2, &line, Tint::Plain, "");
    }
    for part in &part.parts {
        tell(out, part, level + 1, files, sheet);
    }
    if inside && !entry.result.is_empty() {
        sheet.put(out, level + 1, &format!("→ {}", entry.result), tint_of(&entry.result), "");
    }
}

/// `params.note_gap = 30m (environments/production.yaml:13:15)`
fn value(saw: &Saw) -> String {
    let from = saw.from.as_ref().map(|from| format!(" ({from})")).unwrap_or_default();
    format!("{} = {}{from}", saw.name, saw.value)
}

fn tint(entry: &Entry) -> Tint {
    match entry.what {
        What::Dropped | What::SetAside | What::Held => Tint::Bad,
        What::Sent => Tint::Good,
        _ => tint_of(&entry.result),
    }
}

fn tint_of(result: &str) -> Tint {
    let bad = ["unknown", "undecided", "failed", "held", "4", "5"];
    if bad.iter().any(|word| result.starts_with(word)) { Tint::Bad } else { Tint::Plain }
}
