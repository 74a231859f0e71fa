//! `wfctl graph`

use std::path::Path;

use wf_source::nearest;

use crate::args::{Graph, GraphOutput, Output};
use crate::exit::{Exit, Refusal};
use crate::graph;
use crate::output;
use crate::tree::Tree;
use crate::wiring::plan;

/// Draws a workflow, or one flow of it.
pub fn graph(root: Option<&Path>, args: &Graph) -> Result<Exit, Refusal> {
    let tree = Tree::read(root)?;
    let checked = tree.check();
    let plan = match plan(&checked, &args.workflow) {
        Ok(plan) => plan,
        // a workflow with mistakes has no plan: what is wrong says more than that it is not there
        Err(_) if checked.diagnostics.iter().any(wf_source::Diagnostic::is_error) => {
            let errors: Vec<_> = checked.diagnostics.iter().filter(|d| d.is_error()).cloned().collect();
            output::print(&output::diagnostics(&checked.files, &errors, Output::Human));
            return Ok(Exit::Wrong);
        }
        Err(refusal) => return Err(refusal),
    };
    let all = graph::read(plan);
    let shown = match &args.flow {
        None => graph::views::whole(&all),
        Some(name) => graph::views::around(&all, flow(&all, name)?),
    };
    let text = match args.output {
        GraphOutput::Svg => graph::svg(&shown),
        GraphOutput::Mermaid => graph::mermaid(&shown),
        GraphOutput::Dot => graph::dot(&shown),
        GraphOutput::Json => serde_json::to_string_pretty(&graph::json(&shown)).unwrap_or_default() + "\n",
    };
    match &args.write {
        None => output::print(&text),
        Some(path) => {
            std::fs::write(path, text)
                .map_err(|e| Refusal::wrong(format!("{} cannot be written: {e}", path.display())))?;
            output::say(&format!("wrote {}", path.display()));
        }
    }
    Ok(Exit::Fine)
}

fn flow(graph: &graph::model::Graph, name: &str) -> Result<usize, Refusal> {
    graph::views::named(graph, name).ok_or_else(|| {
        let all = graph.flows.iter().map(|flow| flow.name.as_str());
        Refusal::wrong(match nearest(name, all.clone()) {
            Some(near) => format!("{} has no flow {name}; did you mean {near}?", graph.workflow),
            None => format!("{} has no flow {name}: there is {}", graph.workflow, wf_source::one_of(all, 30)),
        })
    })
}
