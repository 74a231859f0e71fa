//! Diagnostics: each at a place inside its file, and showable to people, programs and GitHub.

use wf_source::{Diagnostic, Files, Span, render};
use wf_syntax::tree::MAX_TOLD;

use super::{Seen, Wrong, must};

/// Holds all that is told against its file.
pub(super) fn places(files: &Files, found: &[Diagnostic], seen: &mut Seen) -> Result<(), Wrong> {
    // as many as are told of a file
    let found = found.get(..MAX_TOLD).unwrap_or(found);
    for told in found {
        seen.add(told.rule.code);
        let notes = told.notes.iter().filter_map(|note| note.span);
        let fix = told.fix.as_ref().map(|fix| fix.span);
        for span in std::iter::once(told.span).chain(notes).chain(fix) {
            must(is_inside(files, span), "a place outside its file", || format!("{told:?}"))?;
        }
        must(!told.message.is_empty(), "a message that says nothing", || format!("{told:?}"))?;
    }
    let (people, github) = (render::human(files, found, render::Style::PLAIN), render::github(files, found));
    let programs = render::json(files, found).to_string();
    let shown = found.is_empty() || !people.is_empty() && !github.is_empty() && !programs.is_empty();
    must(shown, "a finding that nobody is shown", || format!("{found:?}"))
}

fn is_inside(files: &Files, span: Span) -> bool {
    let text = files.get(span.file).map(|file| &file.text);
    text.is_some_and(|text| span.start <= span.end && text.get(span.start as usize..span.end as usize).is_some())
}
