//! The picture as a Mermaid flowchart, which code hosts draw inside pages.

use std::fmt::Write;

use super::model::{End, Flow, Graph, How};

/// A node for each trigger and flow, with its steps as lines.
#[must_use]
pub fn mermaid(graph: &Graph) -> String {
    let mut out = format!("---\ntitle: {}\n---\nflowchart TD\n", quoted(&graph.title));
    for (number, start) in graph.starts.iter().enumerate() {
        let _ = writeln!(out, "  s{number}([\"{} {}\"])", start.word, escape(&start.text));
    }
    for (number, flow) in graph.flows.iter().enumerate() {
        let _ = writeln!(out, "  f{number}[\"{}\"]", label(flow));
    }
    for edge in &graph.edges {
        let arrow = if edge.how == How::Later { "-.->" } else { "-->" };
        let _ = match edge.from {
            End::Start(start) => writeln!(out, "  s{start} {arrow} f{}", edge.to),
            End::Flow(flow) => writeln!(out, "  f{flow} {arrow} f{}", edge.to),
        };
    }
    out
}

fn label(flow: &Flow) -> String {
    let mut label = format!("<b>{}</b>", escape(&flow.name));
    for line in &flow.lines {
        let indent = "&emsp;".repeat(line.depth);
        let _ = write!(label, "<br/>{indent}<i>{}</i> {}", line.act.word(), escape(&line.text));
    }
    label
}

/// As Mermaid reads it inside quotes: its own entities, and none of its marks.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' | '<' | '>' | '&' | '#' | '`' | '\\' | '{' | '}' => _ = write!(out, "#{};", u32::from(c)),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// As YAML, of which the first lines are.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
