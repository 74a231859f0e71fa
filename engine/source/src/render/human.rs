//! For people at a terminal: rustc's layout, the line itself, carets under the place.

use annotate_snippets::{AnnotationKind, Group, Level, Patch, Renderer, Snippet};

use crate::{Diagnostic, Files, Severity, Span};

/// How much a terminal can show.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    pub colour: bool,
    /// Columns of the terminal.
    pub width: usize,
}

impl Style {
    pub const PLAIN: Self = Self { colour: false, width: 140 };
}

/// All diagnostics, a blank line between them.
#[must_use]
pub fn human(files: &Files, diagnostics: &[Diagnostic], style: Style) -> String {
    let renderer = if style.colour { Renderer::styled() } else { Renderer::plain() }.term_width(style.width);
    diagnostics.iter().map(|d| renderer.render(&report(files, d)) + "\n").collect::<Vec<_>>().join("\n")
}

fn report<'a>(files: &'a Files, d: &'a Diagnostic) -> Vec<Group<'a>> {
    let level = match d.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Hint => Level::INFO.with_name("hint"),
    };
    let mut main = level
        .primary_title(d.message.as_str())
        .id(d.rule.code)
        .elements(Vec::<Snippet<'a, annotate_snippets::Annotation<'a>>>::new());
    if let Some(snippet) = snippet(files, d.span, AnnotationKind::Primary, d.label.as_deref()) {
        main = main.element(snippet);
    }
    let mut groups = Vec::new();
    for note in &d.notes {
        match note.span.and_then(|span| snippet(files, span, AnnotationKind::Context, None)) {
            Some(snippet) => groups.push(Level::NOTE.secondary_title(note.text.as_str()).element(snippet)),
            None => main = main.element(Level::NOTE.message(note.text.as_str())),
        }
    }
    if let Some(help) = &d.help {
        match d.fix.as_ref().and_then(|fix| files.get(fix.span.file).map(|file| (file, fix))) {
            Some((file, fix)) => {
                let patch = Patch::new(fix.span.start as usize..fix.span.end as usize, fix.replacement.as_str());
                let shown = Snippet::source(&*file.text).path(file.path.as_str()).patch(patch);
                groups.push(Level::HELP.secondary_title(help.as_str()).element(shown));
            }
            None => main = main.element(Level::HELP.message(help.as_str())),
        }
    }
    groups.insert(0, main);
    groups
}

fn snippet<'a>(
    files: &'a Files,
    span: Span,
    kind: AnnotationKind,
    label: Option<&'a str>,
) -> Option<Snippet<'a, annotate_snippets::Annotation<'a>>> {
    let file = files.get(span.file)?;
    // a place of many lines is shown by its first one
    let start = (span.start as usize).min(file.text.len());
    let mut end = (span.end as usize).clamp(start, file.text.len());
    if let Some(line_end) = file.text.get(start..end).and_then(|t| t.find('\n')) {
        end = start + line_end;
    }
    let annotation = kind.span(start..end).label(label);
    Some(Snippet::source(&*file.text).path(file.path.as_str()).fold(true).annotation(annotation))
}
