//! Steps as lines of a box.

use wf_plan::{
    Accept, Block, Call, Effect, Leave, LeaveKind, Loop, LoopBody, LoopError, Module, OnError, Parallel, Retry, Step,
    Verb,
};
use wf_source::{Files, Span};

use super::model::{Act, Line};
use super::uses::{Uses, inside};

/// Said of a step whose failure is ignored.
pub const GOES_ON: &str = "when it fails: go on";

/// The steps of a block, those inside them too.
pub fn lines(module: &Module, files: &Files, block: &Block) -> Vec<Line> {
    let mut writer = Writer { module, files, lines: Vec::new() };
    writer.block(block, 0);
    writer.lines
}

struct Writer<'a> {
    module: &'a Module,
    files: &'a Files,
    lines: Vec<Line>,
}

impl Writer<'_> {
    fn block(&mut self, block: &Block, depth: usize) {
        for step in block.steps.iter() {
            self.step(step, depth);
            let (body, on_error) = inside(step);
            if let Some(body) = body {
                self.block(body, depth + 1);
            }
            for block in on_error {
                self.put(depth, Act::OnError, "if it fails".into(), Vec::new(), step.span);
                self.block(block, depth + 1);
            }
        }
    }

    fn put(&mut self, depth: usize, act: Act, text: String, details: Vec<String>, span: Span) {
        let place = self.files.locate(span);
        self.lines.push(Line { depth, act, text, details, place });
    }

    fn step(&mut self, step: &Step, depth: usize) {
        let condition = step.condition.as_ref().map(|code| format!("if {}", self.source(code.span)));
        let mut details: Vec<String> = condition.into_iter().collect();
        let (act, text) = match &step.verb {
            Verb::Leave(leave) => return self.leave(leave, details, depth),
            Verb::Call(call) => {
                details.extend(accept(call));
                (act(call), call.action.full_name().to_string())
            }
            Verb::Publish(call) => (act(call), call.action.full_name().to_string()),
            Verb::Run { flow, .. } => (Act::Run, self.flow(flow.0)),
            Verb::Let(values) => (Act::Let, self.names(step, values.len())),
            Verb::Set(values) => (Act::Set, self.names(step, values.len())),
            Verb::For(each) => {
                details.splice(0..0, self.each(each));
                (Act::For, format!("{} in {}", each.var, self.source(each.list.span)))
            }
            Verb::Return(value) => (Act::Return, value.as_ref().map(|v| self.source(v.span)).unwrap_or_default()),
            Verb::Metric { metric, .. } => {
                (Act::Metric, self.module.metrics.get(*metric as usize).map(|m| m.name.to_string()).unwrap_or_default())
            }
            Verb::Recheck { flow, list, by, after, .. } => {
                details.push(format!("of {}", self.source(list.span)));
                details.extend(by.iter().map(|by| format!("by {}", self.source(by.span))));
                (Act::Recheck, format!("{} after {}", self.flow(flow.0), self.source(after.span)))
            }
            Verb::Defer { task, key, after, at, .. } => {
                details.extend(after.iter().map(|after| format!("after {}", self.source(after.span))));
                details.extend(at.iter().map(|at| format!("at {}", self.source(at.span))));
                details.push(format!("key {}", self.source(key.span)));
                (Act::Defer, task.to_string())
            }
            Verb::Cancel { task, key } => {
                details.push(format!("key {}", self.source(key.span)));
                (Act::Cancel, task.to_string())
            }
            Verb::Request(request) => (if request.is_write { Act::Write } else { Act::Read }, "request".into()),
        };
        let mut uses = Uses::default();
        uses.step(&self.module.program, step);
        details.extend(self.decided(&uses));
        details.extend(step.retry.as_ref().map(retry));
        details.extend(match &step.on_error {
            OnError::Skip => Some("when it fails: skip".to_owned()),
            OnError::Ignore => Some(GOES_ON.to_owned()),
            OnError::Fail | OnError::Block { .. } => None,
        });
        self.put(depth, act, text, details, step.span);
        if let Verb::For(each) = &step.verb
            && let LoopBody::Run { flow, .. } = &each.body
        {
            self.put(depth + 1, Act::Run, self.flow(flow.0), Vec::new(), step.span);
        }
    }

    /// One line for each reason.
    fn leave(&mut self, leave: &Leave, around: Vec<String>, depth: usize) {
        let act = match leave.kind {
            LeaveKind::Skip => Act::Skip,
            LeaveKind::Stop => Act::Stop,
            LeaveKind::Fail => Act::Fail,
        };
        for reason in &leave.reasons {
            let mut details = around.clone();
            if let Some(code) = &reason.condition {
                let mut uses = Uses::default();
                uses.code(&self.module.program, code);
                details.push(format!("if {}", self.source(code.span)));
                details.extend(self.decided(&uses));
            }
            self.put(depth, act, self.source(reason.text.span), details, reason.span);
        }
    }

    /// The tables that have a say.
    fn decided(&self, uses: &Uses) -> Option<String> {
        let tables = uses.tables.iter().filter_map(|table| self.module.program.tables.get(*table));
        let names: Vec<&str> = tables.map(|table| table.name.as_str()).collect();
        (!names.is_empty()).then(|| format!("by table {}", names.join(", ")))
    }

    fn each(&self, each: &Loop) -> Vec<String> {
        let mut details: Vec<String> =
            each.filter.iter().map(|filter| format!("where {}", self.source(filter.span))).collect();
        details.extend(match &each.parallel {
            Parallel::One => None,
            Parallel::Count(count) => Some(format!("parallel {}", self.source(count.span))),
            Parallel::Pool(pool) => self.module.pools.get(*pool as usize).map(|p| format!("parallel {}", p.name)),
            Parallel::Yes => Some("parallel".to_owned()),
        });
        details.extend(match &each.on_error {
            LoopError::LeaveOut => Some("an item that fails is left out".to_owned()),
            LoopError::Fail => Some("an item that fails ends it".to_owned()),
            LoopError::GoOn | LoopError::Block { .. } => None,
        });
        details
    }

    fn flow(&self, number: u32) -> String {
        self.module.flows.get(number as usize).map(|flow| flow.name.to_string()).unwrap_or_default()
    }

    /// The keys of a `let`, a `state` or a `set`: names of slots are those of a frame that is not at hand here, so the file is asked.
    fn names(&self, step: &Step, most: usize) -> String {
        let values: Vec<Span> = match &step.verb {
            Verb::Let(values) => values.iter().map(|(_, value)| value.span).collect(),
            Verb::Set(values) => values.iter().map(|(_, value)| value.span).collect(),
            _ => Vec::new(),
        };
        let names: Vec<&str> = values.iter().take(most).filter_map(|span| key_before(self.files, *span)).collect();
        names.join(", ")
    }

    /// As it is written, on one line, without marks and quotes.
    fn source(&self, span: Span) -> String {
        source(self.files, span)
    }
}

/// What stands under a span, as the picture shows it.
pub fn source(files: &Files, span: Span) -> String {
    let text = files.text(span).split_whitespace().collect::<Vec<_>>().join(" ");
    let text = [">-", ">", "|-", "|"].iter().find_map(|mark| text.strip_prefix(mark)).unwrap_or(&text).trim();
    let within = |quote: char| text.strip_prefix(quote)?.strip_suffix(quote).filter(|inner| !inner.contains(quote));
    let text = within('"').or_else(|| within('\'')).unwrap_or(text);
    text.strip_prefix('=').unwrap_or(text).trim().to_owned()
}

/// The key whose value begins at a span.
fn key_before(files: &Files, span: Span) -> Option<&str> {
    let text = &files.get(span.file)?.text;
    let before = text.get(..span.start as usize)?;
    let end = before.rfind(':')?;
    let key = before.get(..end)?.rsplit(|c: char| c.is_whitespace() || matches!(c, '{' | ',')).next()?;
    Some(key.trim_matches(['"', '\'']))
}

fn act(call: &Call) -> Act {
    match call.action.effect {
        Effect::Read => Act::Read,
        Effect::Write => Act::Write,
        Effect::Tell => Act::Tell,
    }
}

fn accept(call: &Call) -> Option<String> {
    let Accept { any, statuses, outcomes } = call.accept.as_ref()?;
    if *any {
        return Some("whatever comes back".into());
    }
    let statuses = statuses.0.iter().map(ToString::to_string);
    let all: Vec<String> = statuses.chain(outcomes.iter().map(ToString::to_string)).collect();
    (!all.is_empty()).then(|| format!("ok: {}", all.join(", ")))
}

fn retry(retry: &Retry) -> String {
    let mut when: Vec<String> = retry.when.statuses.0.iter().map(ToString::to_string).collect();
    when.extend(retry.when.outcomes.iter().map(ToString::to_string));
    for (set, word) in [
        (retry.failed, "failed"),
        (retry.undecided, "undecided"),
        (retry.timeout, "timeout"),
        (retry.no_connection, "no connection"),
    ] {
        when.extend(set.then(|| word.to_owned()));
    }
    format!("tries again: {}", when.join(", "))
}
