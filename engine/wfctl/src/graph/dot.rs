//! The picture for Graphviz.

use std::fmt::Write;

use super::model::{End, Graph, How};

/// A node for each trigger and flow, with its steps as lines.
#[must_use]
pub fn dot(graph: &Graph) -> String {
    let mut out = format!("digraph {} {{\n", quoted(&graph.workflow));
    let _ = writeln!(
        out,
        "  label={}; labelloc=t; node [shape=box, fontname=\"sans-serif\", fontsize=11];",
        quoted(&graph.title)
    );
    for (number, start) in graph.starts.iter().enumerate() {
        let label = format!("{} {}", start.word, start.text);
        let _ = writeln!(out, "  s{number} [shape=oval, label={}];", quoted(&label));
    }
    for (number, flow) in graph.flows.iter().enumerate() {
        let mut label = format!("{}\n", flow.name);
        for line in &flow.lines {
            let _ = writeln!(label, "{}{} {}", "    ".repeat(line.depth), line.act.word(), line.text);
        }
        let _ = writeln!(out, "  f{number} [label={}];", quoted(&label));
    }
    for edge in &graph.edges {
        let style = if edge.how == How::Later { " [style=dashed]" } else { "" };
        let _ = match edge.from {
            End::Start(start) => writeln!(out, "  s{start} -> f{}{style};", edge.to),
            End::Flow(flow) => writeln!(out, "  f{flow} -> f{}{style};", edge.to),
        };
    }
    out.push_str("}\n");
    out
}

/// Between quotes; line ends so that lines begin at the left.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\l"))
}
