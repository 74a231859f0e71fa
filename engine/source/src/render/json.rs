//! One JSON object a diagnostic, places as lines and columns.

use serde_json::{Value, json as object};

use crate::{Diagnostic, Files, Span};

/// `[{code, name, severity, message, file, line, column, end_line, end_column, label, notes, help, fix}]`
#[must_use]
pub fn json(files: &Files, diagnostics: &[Diagnostic]) -> Value {
    Value::Array(diagnostics.iter().map(|d| one(files, d)).collect())
}

fn one(files: &Files, d: &Diagnostic) -> Value {
    let mut out = place(files, d.span);
    let notes: Vec<Value> = d
        .notes
        .iter()
        .map(|note| {
            let mut out = note.span.map_or_else(|| object!({}), |span| place(files, span));
            out["text"] = note.text.as_str().into();
            out
        })
        .collect();
    out["code"] = d.rule.code.into();
    out["name"] = d.rule.name.into();
    out["severity"] = d.severity.word().into();
    out["message"] = d.message.as_str().into();
    out["label"] = d.label.as_deref().into();
    out["help"] = d.help.as_deref().into();
    out["notes"] = notes.into();
    out["fix"] = d.fix.as_ref().map_or(Value::Null, |fix| {
        let mut out = place(files, fix.span);
        out["replacement"] = fix.replacement.as_str().into();
        out
    });
    out
}

fn place(files: &Files, span: Span) -> Value {
    let Some(file) = files.get(span.file) else { return object!({"file": null}) };
    let (start, end) = (file.place(span.start as usize), file.place(span.end as usize));
    object!({"file": file.path, "line": start.line, "column": start.column, "end_line": end.line, "end_column": end.column})
}
