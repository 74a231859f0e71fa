//! A step: exactly one verb, and modifiers (language.md §6).

use wf_source::{Diagnostic, Span};

use crate::{
    ast::{
        Accept, Binding, Call, Cancel, Defer, Doubt, For, Leave, Metric, Name, OnError, Publish, Recheck, Request,
        Retry, Run, Tell, Text,
        modifiers::{ACCEPT, DOUBT_KIND, ON_ERROR, ON_ERROR_OF_FOR, RETRY},
        requests::{PARTS, REQUEST_LINE, VENDOR_KEYS},
        rules,
        with::WITH,
    },
    keys::{Choice, Choices, Dialect, Key, Keys, Kind, may, must},
    read::{Fields, Reader},
    tree::Node,
};

/// One step: a verb and its modifiers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub span: Span,
    /// The key of the verb; the step itself when it has none.
    pub at: Span,
    pub id: Option<Name>,
    /// `if`
    pub condition: Option<Text>,
    /// There is an `if`, though it may not have been readable.
    pub conditional: bool,
    pub verb: Verb,
    pub modifiers: Modifiers,
}

/// What a step does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verb {
    Call(Call),
    Publish(Publish),
    Run(Run),
    Let(Vec<Binding>),
    For(Box<For>),
    Skip(Leave),
    Stop(Leave),
    Fail(Leave),
    Return(Node),
    Recheck(Recheck),
    Defer(Defer),
    Cancel(Cancel),
    Metric(Metric),
    State(Vec<Binding>),
    Set(Vec<Binding>),
    /// In connectors only.
    Request(Box<Request>),
    /// No verb, or two; reported already.
    Broken,
}

/// What may stand beside several verbs; the reader refuses those that do not belong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Modifiers {
    pub accept: Option<Accept>,
    pub retry: Option<Retry>,
    pub timeout: Option<Node>,
    pub on_error: Option<OnError>,
    pub tell: Option<Tell>,
    pub doubt: Option<Doubt>,
}

const IF: Key = may("if", Kind::Expr, "Only then; a step that is not done leaves null.");
const ID: Key = may("id", Kind::Name, "The name of the result.");
const RETRY_KEY: Key = may("retry", Kind::Keys(&RETRY), "Tries again after failures of that kind.");
const HANDLED: Key = may("on_error", ON_ERROR, "What then: fail, skip, ignore, or steps that see `error`.");
const NAMED: &[Key] = &[ID, IF, HANDLED];
const PLAIN: &[Key] = &[IF, HANDLED];
const WITH_KEY: Key = may("with", WITH, "What it is handed: a mapping, or a list of names that are passed on.");
const REASONS: Kind = Kind::Any(&[Kind::Text, Kind::Map("reason", &Kind::Expr)]);
const FILED: &[Key] = &[may("as", Kind::Name, "Files the item under that name."), IF];

macro_rules! verb {
    ($id:literal, $what:literal, $groups:expr) => {
        Choice { key: $id, keys: &Keys { id: concat!("step_", $id), what: $what, groups: $groups } }
    };
}

const CALL: &[Key] = &[
    must("call", Kind::Name, "Sends a request, `connector.action`, and waits for the reply."),
    WITH_KEY,
    may("accept", ACCEPT, "Which answers are ok: outcomes or statuses, or any."),
    RETRY_KEY,
];
const RUN: &[Key] = &[must("run", Kind::Name, "Runs a flow of this file or of a library."), WITH_KEY, RETRY_KEY];
const LET: &[Key] = &[must("let", Kind::Map("name", &Kind::Value), "Names values, in order; they never change.")];
const FOR: &[Key] = &[
    must("for", Kind::Name, "A loop over a list: the name of its item."),
    must("in", Kind::Any(&[Kind::Expr, Kind::List(&Kind::Value)]), "The list."),
    may("where", Kind::Expr, "Which items; the others count as left out."),
    may("parallel", Kind::Text, "How many at a time: a number, yes (the engine's limit), a pool, or an expression."),
    may("steps", Kind::Steps, "What is done with each item."),
    may("run", Kind::Name, "The flow that each item is handed to."),
    WITH_KEY,
    may("collect", Kind::Value, "The value of each item after its steps; `values` of the result has them."),
    may("on_error", ON_ERROR_OF_FOR, "What becomes of items that fail: leave_out, fail, or steps that see `error`."),
    RETRY_KEY,
    ID,
    IF,
];
const SKIP: &[Key] =
    &[must("skip", REASONS, "Ends this item, flow or run, with a reason; or reasons with their conditions.")];
const STOP: &[Key] =
    &[must("stop", REASONS, "Ends the nearest `for`, with a reason; or reasons with their conditions.")];
const FAIL: &[Key] = &[must("fail", REASONS, "Fails, with a reason; or reasons with their conditions.")];
const RETURN: &[Key] =
    &[must("return", Kind::Value, "What the flow gives; in a message or http flow `{status, outcome, body}`.")];
const METRIC: &[Key] = &[
    must("metric", Kind::Name, "Counts or observes: the name of a metric."),
    may("labels", Kind::Any(&[Kind::Map("label", &Kind::Value), Kind::Literal("a map")]), "Its labels."),
    may("value", Kind::Value, "How much; 1."),
    may("rows", Kind::Expr, "Replaces a whole set of gauges: maps of the labels and `value`."),
];
const RECHECK: &[Key] = &[
    must("recheck", Kind::Any(&[Kind::Expr, Kind::List(&Kind::Value)]), "Looks at these again later: the list."),
    must("by", Kind::Expr, "What an `item` is known by; one that is booked keeps its time."),
    must("after", Kind::Literal("a duration"), "How long from now."),
    must("run", Kind::Name, "The flow that gets `items`."),
    WITH_KEY,
];
const DEFER: &[Key] = &[
    must("defer", Kind::Name, "Books a task for later: its type."),
    must("key", Kind::Text, "What the booking is known by; the first one wins."),
    may("after", Kind::Literal("a duration"), "How long from now."),
    may("at", Kind::Literal("a time"), "When; without `after` and `at` it is due now."),
    WITH_KEY,
];
const CANCEL: &[Key] = &[
    must("cancel", Kind::Name, "Takes a booked task back: its type."),
    must("key", Kind::Text, "What the booking is known by."),
];

/// The verbs of workflows.
pub(crate) static STEP: Choices = Choices {
    id: "step",
    what: "a step",
    list: &[
        verb!(
            "call",
            "a `call`",
            &[
                CALL,
                &[
                    may("timeout", Kind::Literal("a duration"), "How long the reply is waited for."),
                    may("tell", Kind::Text, "Reports a failure: true, each, or a condition on `failed`."),
                    may("doubt", DOUBT_KIND, "What to do when nobody knows whether a write happened."),
                ],
                NAMED
            ]
        ),
        // its `id` names nothing: the checker says so, knowing whether it is not rather the verb that is wrong
        verb!(
            "publish",
            "a `publish`",
            &[
                &[
                    must("publish", Kind::Name, "Sends a tell or a write, `connector.action`, and expects nothing."),
                    WITH_KEY
                ],
                NAMED
            ]
        ),
        verb!("run", "a `run`", &[RUN, NAMED]),
        verb!("let", "a `let`", &[LET, PLAIN]),
        verb!("for", "a `for`", &[FOR]),
        verb!("skip", "a `skip`", &[SKIP, FILED]),
        verb!("stop", "a `stop`", &[STOP, FILED]),
        verb!("fail", "a `fail`", &[FAIL, FILED]),
        verb!("return", "a `return`", &[RETURN, &[IF]]),
        verb!("recheck", "a `recheck`", &[RECHECK, PLAIN]),
        verb!("defer", "a `defer`", &[DEFER, NAMED]),
        verb!("cancel", "a `cancel`", &[CANCEL, NAMED]),
        verb!("metric", "a `metric`", &[METRIC, PLAIN]),
        verb!(
            "state",
            "a `state`",
            &[&[must(
                "state",
                Kind::Map("name", &Kind::Value),
                "Values that `set` may change, carried through the loop that follows."
            )]]
        ),
        verb!(
            "set",
            "a `set`",
            &[&[must("set", Kind::Map("name", &Kind::Value), "Changes values of a `state`.")], PLAIN]
        ),
    ],
};

/// The verbs of actions.
pub(crate) static CONNECTOR_STEP: Choices = Choices {
    id: "connector_step",
    what: "a step",
    list: &[
        verb!(
            "request",
            "a `request`",
            &[
                REQUEST_LINE,
                PARTS,
                VENDOR_KEYS,
                &[may("accept", ACCEPT, "Which answers are ok; any makes each a value to look at.")],
                NAMED
            ]
        ),
        verb!("call", "a `call`", &[CALL, NAMED]),
        verb!("run", "a `run`", &[RUN, NAMED]),
        verb!("let", "a `let`", &[LET, PLAIN]),
        verb!("for", "a `for`", &[FOR]),
        verb!("return", "a `return`", &[RETURN, &[IF]]),
        verb!("skip", "a `skip`", &[SKIP, FILED]),
        verb!("stop", "a `stop`", &[STOP, FILED]),
        verb!("fail", "a `fail`", &[FAIL, FILED]),
    ],
};

/// Keys of other verbs that are no verbs beside these.
const MODIFIERS: &[(&str, &[&str])] = &[("for", &["run"]), ("recheck", &["run"]), ("request", &["set"])];

impl Step {
    /// A `return`, or a reason without a condition.
    fn leaves_always(&self) -> bool {
        let sure = match &self.verb {
            Verb::Return(_) => true,
            Verb::Skip(leave) | Verb::Stop(leave) | Verb::Fail(leave) => {
                leave.reasons.len() == 1 && leave.reasons.iter().all(|r| r.condition.is_none())
            }
            _ => false,
        };
        sure && !self.conditional
    }
}

impl Reader<'_> {
    pub(crate) fn steps(&mut self, node: Option<&Node>) -> Vec<Step> {
        let steps: Vec<Step> = node.map(Node::items).unwrap_or_default().iter().map(|item| self.step(item)).collect();
        if let Some(leaving) = steps.windows(2).find(|pair| pair[0].leaves_always()) {
            self.unreachable(&leaving[0], &leaving[1]);
        }
        steps
    }

    fn unreachable(&mut self, leaving: &Step, next: &Step) {
        let verb = self.text.get(leaving.at.start as usize..leaving.at.end as usize).unwrap_or("");
        let message = format!("`{verb}` always leaves here: the steps after it are never done");
        self.push(
            Diagnostic::error(&rules::UNREACHABLE, leaving.at, message)
                .note(Some(next.at), "the first that is never done")
                .help("put `if: condition` beside it to say when it leaves"),
        );
    }

    fn step(&mut self, node: &Node) -> Step {
        let broken = Step {
            span: node.span,
            at: node.span,
            id: None,
            condition: None,
            conditional: false,
            verb: Verb::Broken,
            modifiers: Modifiers::default(),
        };
        if node.is_broken() {
            return broken;
        }
        if let Some(text) = node.as_text() {
            self.no_step(node, text);
            return broken;
        }
        let choices = if self.dialect == Dialect::Workflow { &STEP } else { &CONNECTOR_STEP };
        if self.foreign_verb(node, choices) {
            return broken;
        }
        let Some((choice, entry)) = self.choose(node, choices, MODIFIERS) else { return broken };
        let Some(fields) = Fields::open_choice(self, node, choice.keys, entry.key.span, Some(choices)) else {
            return broken;
        };
        Step {
            span: node.span,
            at: entry.key.span,
            id: self.name(fields.maybe("id")),
            condition: self.expr(fields.maybe("if")),
            conditional: fields.has("if"),
            modifiers: Modifiers {
                accept: self.accept(fields.maybe("accept")),
                retry: self.retry(fields.maybe("retry"), entry.key.span),
                timeout: fields.maybe("timeout").cloned(),
                on_error: self.on_error(fields.maybe("on_error")),
                tell: self.tell(fields.maybe("tell")),
                doubt: self.doubt(fields.maybe("doubt"), entry.key.span),
            },
            verb: self.verb(choice.key, &fields),
        }
    }

    fn verb(&mut self, verb: &str, fields: &Fields<'_>) -> Verb {
        match verb {
            "call" => Verb::Call(self.call(fields)),
            "publish" => Verb::Publish(self.publish(fields)),
            "run" => Verb::Run(self.run(fields)),
            "let" => Verb::Let(self.bindings(fields.get("let"), "a value")),
            "for" => Verb::For(Box::new(self.for_loop(fields))),
            "skip" => Verb::Skip(self.leave(fields, "skip")),
            "stop" => Verb::Stop(self.leave(fields, "stop")),
            "fail" => Verb::Fail(self.leave(fields, "fail")),
            "return" => fields.value("return").map_or(Verb::Broken, Verb::Return),
            "recheck" => Verb::Recheck(self.recheck(fields)),
            "defer" => Verb::Defer(self.defer(fields)),
            "cancel" => Verb::Cancel(self.cancel(fields)),
            "metric" => Verb::Metric(self.metric_step(fields)),
            "state" => Verb::State(self.bindings(fields.get("state"), "a value")),
            "set" => Verb::Set(self.bindings(fields.get("set"), "a value")),
            "request" => Verb::Request(Box::new(self.request(fields))),
            _ => Verb::Broken,
        }
    }

    /// `- call:x`, `- skip`
    fn no_step(&mut self, node: &Node, text: &str) {
        let verb = text.split(':').next().unwrap_or(text).trim();
        let known = STEP.find(verb).is_some() || CONNECTOR_STEP.find(verb).is_some();
        let wrong = Diagnostic::error(&rules::WRONG_KIND, node.span, "a step is a mapping, this is a text");
        self.push(match text.split_once(':') {
            Some((key, rest)) if known => {
                let repaired = format!("{key}: {}", rest.trim());
                wrong.help(format!("a blank is missing after the `:`: write `{repaired}`")).fix(node.span, repaired)
            }
            None if known => wrong.help(format!("as in `- {verb}: …`")),
            _ => wrong.help("as in `- call: connector.action`"),
        });
    }

    /// Verbs that stand only in the other kind of file.
    fn foreign_verb(&mut self, node: &Node, choices: &Choices) -> bool {
        let other = if self.dialect == Dialect::Workflow { &CONNECTOR_STEP } else { &STEP };
        let has_own = node.entries().iter().any(|e| choices.find(e.key.text()).is_some());
        let Some(entry) =
            node.entries().iter().find(|e| other.find(e.key.text()).is_some() && choices.find(e.key.text()).is_none())
        else {
            return false;
        };
        if has_own {
            return false;
        }
        let wrong = Diagnostic::error(
            &rules::MISPLACED_KEY,
            entry.key.span,
            format!("`{}` does not stand here", entry.key.text()),
        );
        self.push(if self.dialect == Dialect::Workflow {
            wrong.help("requests to vendors stand in connectors; a workflow says `call: connector.action`")
        } else {
            wrong.help("an action does nothing durable and tells nobody; that is the workflow's work")
        });
        true
    }
}
