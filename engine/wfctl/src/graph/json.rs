//! The picture's content for other programs.

use serde_json::{Value, json as object};

use super::model::{End, Graph, How};

/// Everything the picture shows; ends of edges are names, starts `start 0`.
#[must_use]
pub fn json(graph: &Graph) -> Value {
    let flow = |number: usize| graph.flows.get(number).map(|flow| flow.name.clone()).unwrap_or_default();
    let end = |end: End| match end {
        End::Start(start) => format!("start {start}"),
        End::Flow(number) => flow(number),
    };
    object!({
        "workflow": graph.workflow,
        "title": graph.title,
        "view": graph.view,
        "starts": graph.starts.iter().map(|start| object!({
            "kind": start.word, "text": start.text, "details": start.details,
        })).collect::<Vec<_>>(),
        "flows": graph.flows.iter().map(|flow| object!({
            "name": flow.name, "doc": flow.doc, "inputs": flow.inputs, "at": flow.place,
            "steps": flow.lines.iter().map(|line| object!({
                "does": line.act.word(), "text": line.text, "details": line.details, "depth": line.depth, "at": line.place,
            })).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "edges": graph.edges.iter().map(|edge| object!({
            "from": end(edge.from), "to": flow(edge.to), "later": edge.how == How::Later,
        })).collect::<Vec<_>>(),
        "tables": graph.tables.iter().map(|table| object!({
            "name": table.title, "computed": table.computed, "columns": table.columns, "rows": table.rows,
        })).collect::<Vec<_>>(),
        "params": graph.params.iter().map(|param| object!({
            "name": param.name, "default": param.default, "doc": param.doc,
        })).collect::<Vec<_>>(),
    })
}
