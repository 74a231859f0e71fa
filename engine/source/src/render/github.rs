//! Workflow commands of GitHub Actions: annotations on the changed lines of a pull request.

use std::fmt::Write;

use crate::{Diagnostic, Files, Severity};

/// One line `::error file=…,line=…,col=…,title=…::message` a diagnostic.
#[must_use]
pub fn github(files: &Files, diagnostics: &[Diagnostic]) -> String {
    let mut out = String::new();
    for d in diagnostics {
        let command = match d.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Hint => "notice",
        };
        let mut text = d.message.clone();
        for more in d.label.iter().chain(d.help.iter()) {
            text.push('\n');
            text.push_str(more);
        }
        let Some(file) = files.get(d.span.file) else { continue };
        let (start, end) = (file.place(d.span.start as usize), file.place(d.span.end as usize));
        let _ = writeln!(
            out,
            "::{command} file={},line={},endLine={},col={},endColumn={},title={}::{}",
            property(&file.path),
            start.line,
            end.line,
            start.column,
            end.column,
            property(&format!("{} {}", d.rule.code, d.rule.name)),
            data(&text)
        );
    }
    out
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
