//! What is said of common mistakes, word for word. The files of `messages/` hold broken files, divided by `=====`.

use std::fmt::Write;

use wf_source::{Diagnostic, Files, render};
use wf_syntax::{read, tree};

fn documents(text: &str) -> impl Iterator<Item = &str> {
    text.trim_end().split("\n=====\n")
}

/// One line a message: place, code, words, the help, the repair.
fn lines(files: &Files, found: &[Diagnostic]) -> String {
    let mut out = String::new();
    for d in found {
        let _ = write!(out, "{} {} {}", files.locate(d.span), d.rule.code, d.message);
        for note in &d.notes {
            let place = note.span.map_or(String::new(), |s| files.locate(s));
            let _ = write!(out, "\n    note: {} {place}", note.text);
        }
        if let Some(help) = &d.help {
            let _ = write!(out, "\n    help: {help}");
        }
        if let Some(fix) = &d.fix {
            let _ = write!(out, "\n    fix:  {} → {}", files.text(fix.span), fix.replacement);
        }
        out.push('\n');
    }
    out
}

fn messages(text: &str) -> String {
    let mut out = String::new();
    for document in documents(text) {
        let mut files = Files::default();
        let id = files.add("f", document);
        let found = read(id, document, None).diagnostics;
        let _ = writeln!(out, "{document}\n─────\n{}", lines(&files, &found));
    }
    out
}

#[test]
fn messages_about_workflows() {
    insta::assert_snapshot!(messages(include_str!("messages/workflow.txt")));
}

#[test]
fn messages_about_connectors() {
    insta::assert_snapshot!(messages(include_str!("messages/connector.txt")));
}

#[test]
fn messages_about_other_files() {
    insta::assert_snapshot!(messages(include_str!("messages/others.txt")));
}

/// YAML alone, as people see it.
#[test]
fn messages_about_yaml() {
    let mut out = String::new();
    for document in documents(include_str!("messages/yaml.txt")) {
        let mut files = Files::default();
        let id = files.add("f.yaml", document);
        let found = tree::parse(id, document).diagnostics;
        let _ = writeln!(out, "══════\n{document}\n──────\n{}", render::human(&files, &found, render::Style::PLAIN));
    }
    insta::assert_snapshot!(out);
}
