//! What of a workflow one picture shows.

use std::collections::BTreeSet;

use super::model::{Act, Edge, End, Flow, Graph, Line, Table};

/// More lines than this are no picture any more: the overview is shown instead.
const FULL: usize = 70;

/// The whole workflow: in full when it is small enough, else as an overview.
#[must_use]
pub fn whole(graph: &Graph) -> Graph {
    let reached = reached(graph);
    let lines: usize = reached.iter().filter_map(|flow| graph.flows.get(*flow)).map(|flow| flow.lines.len()).sum();
    if lines <= FULL {
        return keep(graph, &reached);
    }
    let mut overview = keep(graph, &reached);
    overview.view = Some("overview".into());
    overview.tables.clear();
    for flow in &mut overview.flows {
        flow.lines = summary(&flow.lines);
    }
    overview
}

/// One flow in full, with what leads to it and what it leads to.
#[must_use]
pub fn around(graph: &Graph, number: usize) -> Graph {
    let mut shown: BTreeSet<usize> = BTreeSet::from([number]);
    for edge in &graph.edges {
        match edge.from {
            End::Flow(from) if from == number => _ = shown.insert(edge.to),
            End::Flow(from) if edge.to == number => _ = shown.insert(from),
            _ => {}
        }
    }
    let mut about = graph.clone();
    about.view = graph.flows.get(number).map(|flow| flow.name.clone());
    about.edges.retain(|edge| edge.from == End::Flow(number) || edge.to == number);
    for (other, flow) in about.flows.iter_mut().enumerate() {
        if other != number {
            *flow = Flow { lines: Vec::new(), tables: Vec::new(), params: Vec::new(), aside: true, ..flow.clone() };
        }
    }
    keep(&about, &shown)
}

/// The number of a flow by its name.
pub fn named(graph: &Graph, name: &str) -> Option<usize> {
    let name = if name == "main" { "main steps" } else { name };
    graph.flows.iter().position(|flow| flow.name == name)
}

/// The flows that some trigger leads to.
fn reached(graph: &Graph) -> BTreeSet<usize> {
    let mut reached = BTreeSet::new();
    let mut open: Vec<usize> =
        graph.edges.iter().filter(|e| matches!(e.from, End::Start(_))).map(|edge| edge.to).collect();
    while let Some(flow) = open.pop() {
        if reached.insert(flow) {
            open.extend(graph.edges.iter().filter(|e| e.from == End::Flow(flow)).map(|edge| edge.to));
        }
    }
    reached
}

/// The picture with these flows only, the triggers that lead to one, and the tables and params that they use.
fn keep(graph: &Graph, flows: &BTreeSet<usize>) -> Graph {
    let place = |flow: usize| flows.iter().position(|kept| *kept == flow);
    let started: Vec<usize> = (0..graph.starts.len())
        .filter(|start| graph.edges.iter().any(|e| e.from == End::Start(*start) && flows.contains(&e.to)))
        .collect();
    let edges = graph.edges.iter().filter_map(|edge| {
        let from = match edge.from {
            End::Start(start) => End::Start(started.iter().position(|kept| *kept == start)?),
            End::Flow(flow) => End::Flow(place(flow)?),
        };
        Some(Edge { from, to: place(edge.to)?, how: edge.how })
    });
    let kept: Vec<&Flow> = flows.iter().filter_map(|flow| graph.flows.get(*flow)).collect();
    let starts: Vec<_> = started.iter().filter_map(|start| graph.starts.get(*start)).cloned().collect();
    let tables: BTreeSet<usize> = kept.iter().flat_map(|flow| flow.tables.iter().copied()).collect();
    let mut params: BTreeSet<usize> = kept.iter().flat_map(|flow| flow.params.iter().copied()).collect();
    params.extend(starts.iter().flat_map(|start| start.params.iter().copied()));
    let tables: Vec<Table> = tables.iter().filter_map(|table| graph.tables.get(*table)).cloned().collect();
    Graph {
        workflow: graph.workflow.clone(),
        title: graph.title.clone(),
        view: graph.view.clone(),
        edges: edges.collect(),
        flows: kept.into_iter().cloned().collect(),
        tables,
        params: params.iter().filter_map(|param| graph.params.get(*param)).cloned().collect(),
        starts,
    }
}

/// What a flow does to the world, each action once, reads first.
fn summary(lines: &[Line]) -> Vec<Line> {
    let order = [Act::Read, Act::Write, Act::Tell, Act::Defer, Act::Cancel, Act::Metric];
    let mut kept: Vec<Line> = Vec::new();
    for act in order {
        for line in lines.iter().filter(|line| line.act == act) {
            if !kept.iter().any(|other| other.act == act && other.text == line.text) {
                kept.push(Line { depth: 0, details: Vec::new(), ..line.clone() });
            }
        }
    }
    kept
}
