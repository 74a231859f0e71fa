//! A picture's content, from a plan.

use wf_expr::{Written, WrittenKind};
use wf_plan::{AtStart, Overlap, Plan, Step, Trigger, TriggerKind, Verb};
use wf_value::Value;

use super::lines::{GOES_ON, lines, source};
use super::model::{Act, Edge, End, Flow, Graph, How, Line, Param, Start, Table};
use super::uses::{Uses, inside};

/// Everything that a picture of a workflow may show. Flows that nothing leads to are left out.
#[must_use]
pub fn read(plan: &Plan) -> Graph {
    let reader = Reader { plan };
    let mut graph = Graph {
        workflow: plan.name.to_string(),
        title: plan.title.to_string(),
        starts: plan.triggers.iter().map(|trigger| reader.start(trigger)).collect(),
        flows: plan.module.flows.iter().map(|flow| reader.flow(flow)).collect(),
        tables: plan.module.program.tables.iter().map(|table| reader.table(table)).collect(),
        params: plan.module.params.iter().map(param).collect(),
        ..Graph::default()
    };
    for (number, trigger) in plan.triggers.iter().enumerate() {
        let from = End::Start(number);
        graph.edges.push(Edge { from, to: trigger.flow.0 as usize, how: How::Now });
        if let TriggerKind::Task { gave_up: Some(flow), .. } = &trigger.kind {
            graph.edges.push(Edge { from, to: flow.0 as usize, how: How::Later });
        }
    }
    for (number, flow) in plan.module.flows.iter().enumerate() {
        flow.body.each_step(&mut |step| {
            for (to, how) in targets(step) {
                let edge = Edge { from: End::Flow(number), to, how };
                if !graph.edges.contains(&edge) {
                    graph.edges.push(edge);
                }
            }
        });
    }
    graph
}

/// The flows that a step leads to.
fn targets(step: &Step) -> Vec<(usize, How)> {
    match &step.verb {
        Verb::Run { flow, .. } => vec![(flow.0 as usize, How::Now)],
        Verb::Recheck { flow, .. } => vec![(flow.0 as usize, How::Later)],
        Verb::For(each) => match &each.body {
            wf_plan::LoopBody::Run { flow, .. } => vec![(flow.0 as usize, How::Now)],
            wf_plan::LoopBody::Steps(_) => Vec::new(),
        },
        _ => Vec::new(),
    }
}

struct Reader<'a> {
    plan: &'a Plan,
}

impl Reader<'_> {
    fn flow(&self, flow: &wf_plan::Flow) -> Flow {
        let mut uses = Uses::default();
        let mut blocks = vec![&flow.body];
        while let Some(block) = blocks.pop() {
            for step in block.steps.iter() {
                uses.step(&self.plan.module.program, step);
                let (body, on_error) = inside(step);
                blocks.extend(body.into_iter().chain(on_error));
            }
        }
        let mut lines = lines(&self.plan.module, &self.plan.files, &flow.body);
        let all_go_on = goes_on_throughout(&mut lines);
        let doc = flow.doc.as_ref().map(ToString::to_string).into_iter();
        let said: Vec<String> = doc.chain(all_go_on.then(|| "a step that fails stops no other".to_owned())).collect();
        Flow {
            name: if flow.name.as_str() == "main" { "main steps".into() } else { flow.name.to_string() },
            doc: (!said.is_empty()).then(|| said.join("; ")),
            inputs: flow.inputs.iter().map(|input| input.name.to_string()).collect(),
            place: self.plan.files.locate(flow.span),
            lines,
            tables: uses.tables.into_iter().collect(),
            params: uses.params.into_iter().collect(),
            aside: false,
        }
    }

    fn start(&self, trigger: &Trigger) -> Start {
        let mut uses = Uses::default();
        let mut details = Vec::new();
        let mut seen: Vec<&Written> = Vec::new();
        let (word, text) = match &trigger.kind {
            TriggerKind::Every { interval, at_start } => {
                seen.push(interval);
                details.extend(self.default_of(interval));
                details.extend(self.at_start(at_start));
                ("every", self.value(interval))
            }
            TriggerKind::Cron { pattern, timezone, at_start, .. } => {
                seen.push(pattern);
                seen.extend(timezone);
                details.extend(timezone.iter().map(|zone| self.value(zone)));
                details.extend(self.at_start(at_start));
                ("cron", self.value(pattern))
            }
            TriggerKind::Message { subject, .. } => ("message", subject.to_string()),
            TriggerKind::Http { method, path, .. } => ("http", format!("{method} {path}")),
            TriggerKind::Task { task, every, give_up_after, .. } => {
                seen.extend(every.iter().chain(give_up_after));
                details.extend(every.iter().map(|every| format!("looked for every {}", self.value(every))));
                details.extend(give_up_after.iter().map(|after| format!("given up after {}", self.value(after))));
                ("task", task.to_string())
            }
        };
        if let Some((name, list)) = &trigger.each {
            seen.push(list);
            details.push(format!("for {name} in {}", source(&self.plan.files, list.span)));
        }
        // messages and requests come as they like; what overlaps is worth a word where there is a clock
        match trigger.overlap {
            Overlap::Skip => {}
            Overlap::Queue => details.push("waits for the run before".into()),
            Overlap::Allow => details.push("runs may overlap".into()),
        }
        for written in seen {
            uses.written(&self.plan.module.program, written);
        }
        Start { word, text, details, params: uses.params.into_iter().collect() }
    }

    fn at_start(&self, at_start: &AtStart) -> Option<String> {
        match at_start {
            AtStart::No => None,
            AtStart::Now => Some("and when the engine starts".into()),
            AtStart::After(after) => match self.value(after).as_str() {
                "false" => None,
                "true" => Some("and when the engine starts".into()),
                after => Some(format!("and {after} after the engine starts")),
            },
        }
    }

    /// A literal, or what a param is when nobody says otherwise; else as it is written.
    fn value(&self, written: &Written) -> String {
        let default = self.param_of(written).and_then(|param| param.default.as_ref());
        default.map_or_else(|| source(&self.plan.files, written.span), shown)
    }

    fn default_of(&self, written: &Written) -> Option<String> {
        self.param_of(written).map(|param| format!("params.{}", param.name))
    }

    fn param_of(&self, written: &Written) -> Option<&wf_plan::Param> {
        let WrittenKind::Code(code) = &written.kind else { return None };
        let wf_expr::Kind::Param(number) = &code.kind else { return None };
        self.plan.module.params.get(*number as usize)
    }

    fn table(&self, table: &wf_expr::Table) -> Table {
        let source = |span| source(&self.plan.files, span);
        let given: Vec<&str> = table.given.iter().map(wf_value::Text::as_str).collect();
        let used: Vec<usize> = (0..table.columns.len())
            .filter(|column| table.rows.iter().any(|row| row.cells.iter().any(|(at, ..)| at == column)))
            .collect();
        let computed = table
            .columns
            .iter()
            .filter_map(|column| column.code.as_ref().map(|code| format!("{}: {}", column.name, source(code.span))));
        let mut rows: Vec<Vec<String>> = Vec::new();
        for row in &table.rows {
            let cell = |column: &usize| {
                row.cells.iter().find(|(at, ..)| at == column).map(|(_, _, span)| source(*span)).unwrap_or_default()
            };
            let mut cells: Vec<String> = used.iter().map(cell).collect();
            cells.push(source(row.then.span));
            rows.push(cells);
        }
        if let Some(otherwise) = &table.otherwise {
            let mut cells = vec![String::new(); used.len()];
            if let Some(first) = cells.first_mut() {
                *first = "otherwise".into();
            }
            cells.push(source(otherwise.span));
            rows.push(cells);
        }
        Table {
            title: format!("{}({})", table.name, given.join(", ")),
            computed: computed.collect(),
            columns: used.iter().filter_map(|at| table.columns.get(*at)).map(|c| c.name.to_string()).collect(),
            rows,
        }
    }
}

/// What is said of every step is said once, of the flow.
fn goes_on_throughout(lines: &mut [Line]) -> bool {
    let may_fail = |line: &&Line| line.depth == 0 && !matches!(line.act, Act::For | Act::Let | Act::Set);
    let all = lines.iter().filter(may_fail).count();
    let going_on = lines.iter().filter(may_fail).filter(|line| line.details.iter().any(|d| d == GOES_ON)).count();
    if all < 3 || going_on < all {
        return false;
    }
    for line in lines.iter_mut().filter(|line| line.depth == 0) {
        line.details.retain(|detail| detail != GOES_ON);
    }
    true
}

fn param(param: &wf_plan::Param) -> Param {
    let mut default = param.default.as_ref().map(shown).unwrap_or_default();
    // a duration says its own unit
    let measured = matches!(param.default, Some(Value::Int(_) | Value::Float(_) | Value::Big(_)));
    if let Some(unit) = param.unit.as_ref().filter(|_| measured) {
        default = format!("{default} {unit}");
    }
    Param { name: param.name.to_string(), default, doc: param.doc.to_string() }
}

/// A value as a picture shows it: lists without marks.
fn shown(value: &Value) -> String {
    match value {
        Value::Null => "null".into(),
        Value::List(list) if list.is_empty() => "none".into(),
        Value::List(list) => list.iter().map(|item| shown(&item)).collect::<Vec<_>>().join(", "),
        Value::Map(map) if map.is_empty() => "none".into(),
        other => other.print_lenient().to_string(),
    }
}
