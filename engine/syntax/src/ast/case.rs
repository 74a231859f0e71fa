//! A case of a workflow: what the outside world answers, what happens, what must follow.

use wf_source::Span;

use crate::{
    ast::{Binding, Name, Spanned, rules, workflow::first_key},
    keys::{Keys, Kind, may, must},
    read::{Fields, Reader},
    tree::Node,
};

/// One case of a workflow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    pub span: Span,
    pub system: Option<Name>,
    pub process: Option<Name>,
    pub title: Option<Name>,
    /// ISO time at which the trigger fires.
    pub now: Option<Name>,
    pub environment: Option<Name>,
    pub params: Vec<Binding>,
    pub trigger: Option<CaseTrigger>,
    /// Virtual time let pass.
    pub run_for: Option<Name>,
    /// Keys beforehand; a value that is no text stands for its JSON.
    pub state: Vec<Binding>,
    /// Documents beforehand, by collection.
    pub documents: Vec<Binding>,
    pub given: Vec<Given>,
    pub expect: Option<Expect>,
}

/// What happens to the workflow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CaseTrigger {
    Schedule {
        span: Span,
        runs: Option<Node>,
        ticks: Option<Spanned<bool>>,
    },
    Message {
        span: Span,
        subject: Option<Name>,
        body: Option<Node>,
    },
    Http {
        span: Span,
        method: Option<Name>,
        path: Option<Name>,
        query: Vec<Binding>,
        raw_query: Option<Name>,
        headers: Vec<Binding>,
        body: Option<Node>,
    },
    /// Reported already.
    Broken,
}

/// What a neighbour answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    pub span: Span,
    /// A subject on the bus …
    pub subject: Option<Name>,
    /// … or a method and URL.
    pub http: Option<Name>,
    pub body: Option<Node>,
    pub query: Option<Node>,
    pub headers: Option<Node>,
    pub form: Option<Node>,
    pub json: Option<Node>,
    /// `{status, body}`, `{status, json}`, `timeout`, `refused`: one a call, the last one repeats.
    pub replies: Vec<Node>,
}

/// What must follow. What is left out is not compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expect {
    pub span: Span,
    /// `None` when nothing is said of them.
    pub writes: Option<Vec<ExpectedWrite>>,
    /// `{status, body, headers}`
    pub reply: Option<Node>,
    pub state: Vec<Binding>,
    pub tasks: Option<Vec<ExpectedTask>>,
    pub documents: Vec<Binding>,
    pub metrics: Vec<ExpectedMetric>,
}

/// A request that changes something outside, by the way it goes out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExpectedWrite {
    Bus { span: Span, subject: Name, body: Option<Node> },
    Mail { span: Span, mail: Node },
    Http { span: Span, request: Name, parts: Vec<Binding> },
}

/// A task that is pending when the case ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpectedTask {
    pub span: Span,
    pub task: Option<Name>,
    pub due: Option<Name>,
    pub key: Option<Name>,
}

/// A series at the end of the case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpectedMetric {
    pub span: Span,
    pub name: Option<Name>,
    pub labels: Vec<Binding>,
    pub value: Option<Node>,
    /// `none: true`: no series, or only zeros.
    pub none: bool,
}

pub(crate) const MATCHED: Kind = Kind::Value;
const ENTRIES: Kind = Kind::Map("name", &Kind::Value);

macro_rules! trigger {
    ($id:literal, $keys:expr) => {
        Keys {
            id: concat!("case_trigger_", $id),
            what: concat!("a trigger of the kind ", $id),
            groups: &[
                &[must(
                    "kind",
                    Kind::Word(&["schedule", "message", "http"]),
                    "What happens: schedule, message or http.",
                )],
                $keys,
            ],
        }
    };
}
static SCHEDULE: Keys = trigger!(
    "schedule",
    &[
        may("runs", Kind::Text, "How often the schedule fires; 1."),
        may("ticks", Kind::Flag, "The schedule fires again inside `run_for`."),
    ]
);
static MESSAGE: Keys = trigger!(
    "message",
    &[
        must("subject", Kind::Text, "The subject of the message."),
        may("body", MATCHED, "The body of its envelope, or the payload."),
    ]
);
static HTTP: Keys = trigger!(
    "http",
    &[
        must("method", Kind::Word(&["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]), "The method."),
        must("path", Kind::Text, "The path."),
        may("query", ENTRIES, "Its parameters, decoded."),
        may("raw_query", Kind::Text, "The parameters as they are sent."),
        may("headers", ENTRIES, "Headers."),
        may("body", MATCHED, "The body: an object or list is sent as JSON, a text as it stands."),
    ]
);
/// For editors, which do not look at `kind`.
static ANY_TRIGGER: Keys = Keys {
    id: "case_trigger",
    what: "a trigger",
    groups: &[&[
        must("kind", Kind::Word(&["schedule", "message", "http"]), "What happens: schedule, message or http."),
        may("runs", Kind::Text, "How often the schedule fires; 1."),
        may("ticks", Kind::Flag, "The schedule fires again inside `run_for`."),
        may("subject", Kind::Text, "The subject of the message."),
        may("method", Kind::Text, "The method of the request."),
        may("path", Kind::Text, "The path of the request."),
        may("query", ENTRIES, "Parameters of the request, decoded."),
        may("raw_query", Kind::Text, "The parameters as they are sent."),
        may("headers", ENTRIES, "Headers of the request."),
        may("body", MATCHED, "The body."),
    ]],
};

static GIVEN: Keys = Keys {
    id: "given",
    what: "a neighbour's answer",
    groups: &[&[
        may("subject", Kind::Text, "The subject that is asked …"),
        may("http", Kind::Text, "… or the method and address."),
        may("body", MATCHED, "A subset that the request's body contains."),
        may("query", ENTRIES, "A subset of the parameters, decoded."),
        may("headers", ENTRIES, "A subset of the headers."),
        may("form", ENTRIES, "A subset of the form."),
        may("json", MATCHED, "A subset of the JSON body."),
        must(
            "replies",
            Kind::List(&Kind::Value),
            "One a call, in order; the last one repeats: {status, body}, timeout, refused.",
        ),
    ]],
};

static WRITE: Keys = Keys {
    id: "expected_write",
    what: "an expected write",
    groups: &[&[
        may("subject", Kind::Text, "The subject of the request."),
        may("body", MATCHED, "Its body, exactly."),
        may("mail", ENTRIES, "A mail: from, to, subject, text, html, images, attachments."),
        may("http", Kind::Text, "Method and address of a request to a vendor."),
        may("json", MATCHED, "Its JSON body, exactly."),
        may("form", ENTRIES, "Its form."),
        may("query", ENTRIES, "Its parameters."),
        may("headers", ENTRIES, "Its headers, those named."),
        may("text", MATCHED, "Its raw body."),
    ]],
};
static TASK: Keys = Keys {
    id: "expected_task",
    what: "an expected task",
    groups: &[&[
        must("type", Kind::Text, "Its type."),
        must("due", Kind::Text, "When it is due, as an ISO time."),
        must("key", Kind::Text, "Its key."),
    ]],
};
static METRIC: Keys = Keys {
    id: "expected_metric",
    what: "an expected metric",
    groups: &[&[
        must("name", Kind::Text, "The name of the metric."),
        may("labels", ENTRIES, "Its labels, all of them."),
        may("value", Kind::Value, "Its value at the end."),
        may("none", Kind::Flag, "There is no series of it, or only zeros."),
    ]],
};
static REPLY: Keys = Keys {
    id: "expected_reply",
    what: "an expected reply",
    groups: &[&[
        may("status", Kind::Value, "Its status."),
        may("body", MATCHED, "Its body."),
        may("headers", ENTRIES, "Its headers, those named."),
    ]],
};
static EXPECT: Keys = Keys {
    id: "expect",
    what: "the section `expect`",
    groups: &[&[
        may("writes", Kind::List(&Kind::Keys(&WRITE)), "Every request that changes the outside world, and no other."),
        may("reply", Kind::Keys(&REPLY), "The reply to the message or request."),
        may("state", ENTRIES, "Keys that hold this afterwards; null: absent."),
        may("tasks", Kind::List(&Kind::Keys(&TASK)), "Tasks that are pending at the end."),
        may("documents", ENTRIES, "Whole collections afterwards."),
        may("metrics", Kind::List(&Kind::Keys(&METRIC)), "Metrics at the end; each that is named is complete."),
    ]],
};

pub(crate) static CASE: Keys = Keys {
    id: "case",
    what: "a case",
    groups: &[&[
        must("system", Kind::Name, "The workflow."),
        may("process", Kind::Text, "Which entry point, where there are several."),
        must("title", Kind::Text, "What it shows, in one sentence."),
        must("now", Kind::Text, "The clock when the trigger fires, as an ISO time."),
        may("environment", Kind::Text, "The name of the environment."),
        may("params", ENTRIES, "Params that differ from their defaults."),
        must("trigger", Kind::Keys(&ANY_TRIGGER), "What happens."),
        may("run_for", Kind::Text, "Virtual time let pass after the trigger."),
        may("state", ENTRIES, "What the store holds beforehand, by key."),
        may("documents", ENTRIES, "What the document store holds beforehand, by collection."),
        may("given", Kind::List(&Kind::Keys(&GIVEN)), "What the neighbours answer, tried from top to bottom."),
        must("expect", Kind::Keys(&EXPECT), "What must follow."),
    ]],
};

impl Reader<'_> {
    pub(crate) fn case(&mut self, root: &Node) -> Option<Case> {
        let fields = Fields::open(self, root, &CASE, first_key(root))?;
        let given = fields.get("given").map(Node::items).unwrap_or_default();
        Some(Case {
            span: root.span,
            system: self.name(fields.get("system")),
            process: self.name(fields.get("process")),
            title: self.name(fields.get("title")),
            now: self.name(fields.get("now")),
            environment: self.name(fields.get("environment")),
            params: self.entries(fields.get("params")),
            trigger: self.case_trigger(fields.get("trigger"), fields.key_span("trigger")),
            run_for: self.name(fields.get("run_for")),
            state: self.entries(fields.get("state")),
            documents: self.entries(fields.get("documents")),
            given: given.iter().filter_map(|n| self.given(n)).collect(),
            expect: self.expect(fields.get("expect"), fields.key_span("expect")),
        })
    }

    fn case_trigger(&mut self, node: Option<&Node>, owner: Span) -> Option<CaseTrigger> {
        let node = node?;
        let keys = match node.get("kind").and_then(Node::as_text) {
            Some("schedule") => &SCHEDULE,
            Some("message") => &MESSAGE,
            Some("http") => &HTTP,
            _ => &ANY_TRIGGER,
        };
        let Some(fields) = Fields::open(self, node, keys, owner) else { return Some(CaseTrigger::Broken) };
        let span = node.span;
        Some(match fields.get("kind").and_then(Node::as_text) {
            Some("schedule") => {
                CaseTrigger::Schedule { span, runs: fields.value("runs"), ticks: self.flag(fields.get("ticks")) }
            }
            Some("message") => {
                CaseTrigger::Message { span, subject: self.name(fields.get("subject")), body: fields.value("body") }
            }
            Some("http") => CaseTrigger::Http {
                span,
                method: self.name(fields.get("method")),
                path: self.name(fields.get("path")),
                query: self.entries(fields.get("query")),
                raw_query: self.name(fields.get("raw_query")),
                headers: self.entries(fields.get("headers")),
                body: fields.value("body"),
            },
            _ => CaseTrigger::Broken,
        })
    }

    fn given(&mut self, node: &Node) -> Option<Given> {
        let fields = Fields::open(self, node, &GIVEN, node.span.begin())?;
        if fields.has("subject") == fields.has("http") && !is_misspelt(node, &GIVEN, &["subject", "http"]) {
            let place = node.entries().first().map_or(node.span, |e| e.key.span);
            self.error(&rules::NO_CHOICE, place, "a neighbour's answer has either `subject` or `http`");
        }
        Some(Given {
            span: node.span,
            subject: self.name(fields.get("subject")),
            http: self.name(fields.get("http")),
            body: fields.value("body"),
            query: fields.value("query"),
            headers: fields.value("headers"),
            form: fields.value("form"),
            json: fields.value("json"),
            replies: self.nodes(fields.get("replies")),
        })
    }

    fn expect(&mut self, node: Option<&Node>, owner: Span) -> Option<Expect> {
        let node = node?;
        let fields = Fields::open(self, node, &EXPECT, owner)?;
        if let Some(reply) = fields.get("reply") {
            Fields::open(self, reply, &REPLY, fields.key_span("reply"));
        }
        let metrics = fields.get("metrics").map(Node::items).unwrap_or_default();
        Some(Expect {
            span: node.span,
            writes: fields.get("writes").map(|n| n.items().iter().filter_map(|w| self.expected_write(w)).collect()),
            reply: fields.value("reply"),
            state: self.entries(fields.get("state")),
            tasks: fields.get("tasks").map(|n| n.items().iter().filter_map(|t| self.expected_task(t)).collect()),
            documents: self.entries(fields.get("documents")),
            metrics: metrics.iter().filter_map(|m| self.expected_metric(m)).collect(),
        })
    }

    fn expected_write(&mut self, node: &Node) -> Option<ExpectedWrite> {
        let fields = Fields::open(self, node, &WRITE, node.span.begin())?;
        let span = node.span;
        if let Some(subject) = self.name(fields.get("subject")) {
            return Some(ExpectedWrite::Bus { span, subject, body: fields.value("body") });
        }
        if let Some(mail) = fields.value("mail") {
            return Some(ExpectedWrite::Mail { span, mail });
        }
        if let Some(request) = self.name(fields.get("http")) {
            let parts = self.entries(Some(node)).into_iter().filter(|b| b.name.as_str() != "http").collect();
            return Some(ExpectedWrite::Http { span, request, parts });
        }
        let place = node.entries().first().map_or(node.span, |e| e.key.span);
        if !is_misspelt(node, &WRITE, &["subject", "mail", "http"]) {
            self.error(&rules::NO_CHOICE, place, "an expected write has `subject`, `mail` or `http`");
        }
        None
    }

    fn expected_task(&mut self, node: &Node) -> Option<ExpectedTask> {
        let fields = Fields::open(self, node, &TASK, node.span.begin())?;
        Some(ExpectedTask {
            span: node.span,
            task: self.name(fields.get("type")),
            due: self.name(fields.get("due")),
            key: self.name(fields.get("key")),
        })
    }

    fn expected_metric(&mut self, node: &Node) -> Option<ExpectedMetric> {
        let fields = Fields::open(self, node, &METRIC, node.span.begin())?;
        Some(ExpectedMetric {
            span: node.span,
            name: self.name(fields.get("name")),
            labels: self.entries(fields.get("labels")),
            value: fields.value("value"),
            none: self.flag(fields.get("none")).is_some_and(|f| f.value),
        })
    }
}

/// One of these keys is there, misspelt: that is told already.
fn is_misspelt(node: &Node, keys: &Keys, wanted: &[&str]) -> bool {
    let mut strangers = node.entries().iter().map(|e| e.key.text()).filter(|key| keys.find(key).is_none());
    strangers.any(|key| wf_source::nearest(key, wanted.iter().copied()).is_some())
}
