//! A case of a connector: what arrives on the bus, what the vendor is asked and answers, what goes back.

use wf_source::Span;

use crate::{
    ast::{Binding, Name, workflow::first_key},
    keys::{Keys, Kind, may, must},
    read::{Fields, Reader},
    tree::Node,
};

/// A case of a connector: what it is asked, and what the vendor gets and answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectorCase {
    pub span: Span,
    pub connector: Option<Name>,
    pub title: Option<Name>,
    pub now: Option<Name>,
    pub config: Vec<Binding>,
    pub state: Vec<Binding>,
    pub mailbox: Option<Mailbox>,
    pub steps: Vec<Step>,
    pub state_after: Vec<Binding>,
    /// `[{uid, flags}]`
    pub mailbox_after: Vec<Node>,
}

/// The inbox beforehand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mailbox {
    /// `refused`: the server is down.
    Refused(Span),
    /// `{account, folder, password, messages}`
    Messages { span: Span, account: Option<Name>, folder: Option<Name>, password: Option<Name>, messages: Vec<Node> },
}

/// A request, and what must come of it. The steps of a case share sessions and caches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub span: Span,
    pub after: Option<Name>,
    pub request: Option<CaseRequest>,
    /// What the vendor is asked, in order; `None` when nothing is said.
    pub vendor: Option<Vec<VendorCall>>,
    /// The same, in any order.
    pub unordered: Option<Vec<VendorCall>>,
    /// `{status, body}` or `none`.
    pub reply: Option<Node>,
}

/// A message from the bus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseRequest {
    pub span: Span,
    pub subject: Option<Name>,
    pub body: Option<Node>,
    /// The whole message.
    pub payload: Option<Node>,
}

/// A request that the vendor must get, and its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VendorCall {
    pub span: Span,
    /// `GET /path`, `package.Service/Method`, `SMTP`, `SMTP LOGIN`
    pub request: Option<Name>,
    /// `query`, `json`, `form`, `headers`, `message`, `mail`, `text`, …: exact.
    pub expect: Vec<Binding>,
    /// `{status, json, …}`, or `refused`, `silence`, `cut`, `accepted`.
    pub answer: Option<Node>,
}

const ENTRIES: Kind = Kind::Map("name", &Kind::Value);

static REQUEST: Keys = Keys {
    id: "case_request",
    what: "a request on the bus",
    groups: &[&[
        must("subject", Kind::Text, "The subject."),
        may("body", Kind::Value, "The body of the envelope; without it the envelope has none."),
        may("payload", Kind::Value, "The whole message instead: JSON, or a raw text."),
    ]],
};
static EXPECTED: Keys = Keys {
    id: "vendor_request",
    what: "an expected request",
    groups: &[&[
        may("request", Kind::Text, "Method and path, package.Service/Method, SMTP, SMTP LOGIN."),
        may("query", ENTRIES, "Every parameter with the list of its values, exactly."),
        may("headers", ENTRIES, "Headers, those listed, names in lower case."),
        may("json", Kind::Value, "The JSON body, exactly."),
        may("form", ENTRIES, "The form, exactly."),
        may("multipart", ENTRIES, "The parts, exactly."),
        may("text", Kind::Value, "The raw body."),
        may("message", Kind::Value, "The message, in proto field names."),
        may("mail", ENTRIES, "The mail: from, to, subject, html, text, attachments, inline."),
    ]],
};
static ANSWER: Keys = Keys {
    id: "vendor_answer",
    what: "an answer of the vendor",
    groups: &[&[
        may("status", Kind::Value, "The status."),
        may("json", Kind::Value, "The body, as JSON."),
        may("text", Kind::Value, "The body, as text."),
        may("bytes_base64", Kind::Text, "The body, as bytes."),
        may("headers", ENTRIES, "Headers."),
        may("message", Kind::Value, "The message (grpc)."),
        may("code", Kind::Value, "The code of a refusal (grpc, smtp)."),
        may("details", Kind::Value, "What is said with it (grpc)."),
        may("recipients", Kind::Value, "Recipients that are refused one by one (smtp)."),
    ]],
};
const ANSWER_KIND: Kind = Kind::Any(&[Kind::Word(&["refused", "silence", "cut", "accepted"]), Kind::Keys(&ANSWER)]);
static VENDOR: Keys = Keys {
    id: "vendor_call",
    what: "a call of the vendor",
    groups: &[&[
        must("expect", Kind::Keys(&EXPECTED), "What the vendor is asked."),
        must("answer", ANSWER_KIND, "What it answers."),
    ]],
};
static REPLY: Keys = Keys {
    id: "case_reply",
    what: "a reply",
    groups: &[&[may("status", Kind::Value, "Its status."), may("body", Kind::Value, "Its body.")]],
};
static STEP: Keys = Keys {
    id: "case_step",
    what: "a step of a case",
    groups: &[&[
        may("after", Kind::Text, "Virtual time let pass before."),
        must("request", Kind::Keys(&REQUEST), "What arrives on the bus."),
        may("vendor", Kind::List(&Kind::Keys(&VENDOR)), "What the vendor is asked and answers, in this order."),
        may("unordered", Kind::List(&Kind::Keys(&VENDOR)), "The same, in any order."),
        must("reply", Kind::Any(&[Kind::Word(&["none"]), Kind::Keys(&REPLY)]), "What goes back; none: nothing."),
    ]],
};
static MAILBOX: Keys = Keys {
    id: "mailbox",
    what: "a mailbox",
    groups: &[&[
        must("account", Kind::Text, "The account."),
        may("folder", Kind::Text, "The folder."),
        may("password", Kind::Text, "The password that the server takes."),
        may("messages", Kind::List(&Kind::Value), "The mails: {uid, from, subject, date, text, flags}, or {uid, raw}."),
    ]],
};

pub(crate) static CONNECTOR_CASE: Keys = Keys {
    id: "connector_case",
    what: "a case",
    groups: &[&[
        must("connector", Kind::Name, "The connector."),
        must("title", Kind::Text, "What it shows, in one sentence."),
        must("now", Kind::Text, "The clock at the start, as an ISO time."),
        may("config", ENTRIES, "Settings that differ from their defaults."),
        may("state", ENTRIES, "What the store holds beforehand, by key."),
        may(
            "mailbox",
            Kind::Any(&[Kind::Word(&["refused"]), Kind::Keys(&MAILBOX)]),
            "What the mailbox holds; refused: the server is down.",
        ),
        must("steps", Kind::List(&Kind::Keys(&STEP)), "Requests, one after the other, in one process."),
        may("state_after", ENTRIES, "Keys that hold this afterwards; null: absent."),
        may("mailbox_after", Kind::List(&Kind::Value), "[{uid, flags}]"),
    ]],
};

impl Reader<'_> {
    pub(crate) fn connector_case(&mut self, root: &Node) -> Option<ConnectorCase> {
        let fields = Fields::open(self, root, &CONNECTOR_CASE, first_key(root))?;
        let steps = fields.get("steps").map(Node::items).unwrap_or_default();
        Some(ConnectorCase {
            span: root.span,
            connector: self.name(fields.get("connector")),
            title: self.name(fields.get("title")),
            now: self.name(fields.get("now")),
            config: self.entries(fields.get("config")),
            state: self.entries(fields.get("state")),
            mailbox: self.mailbox(fields.get("mailbox"), fields.key_span("mailbox")),
            steps: steps.iter().filter_map(|n| self.case_step(n)).collect(),
            state_after: self.entries(fields.get("state_after")),
            mailbox_after: self.nodes(fields.get("mailbox_after")),
        })
    }

    fn mailbox(&mut self, node: Option<&Node>, owner: Span) -> Option<Mailbox> {
        let node = node?;
        if node.as_scalar().is_some() {
            return Some(Mailbox::Refused(node.span));
        }
        let fields = Fields::open(self, node, &MAILBOX, owner)?;
        Some(Mailbox::Messages {
            span: node.span,
            account: self.name(fields.get("account")),
            folder: self.name(fields.get("folder")),
            password: self.name(fields.get("password")),
            messages: self.nodes(fields.get("messages")),
        })
    }

    fn case_step(&mut self, node: &Node) -> Option<Step> {
        let fields = Fields::open(self, node, &STEP, first_key(node))?;
        let request = fields.get("request").and_then(|n| {
            let request = Fields::open(self, n, &REQUEST, fields.key_span("request"))?;
            Some(CaseRequest {
                span: n.span,
                subject: self.name(request.get("subject")),
                body: request.value("body"),
                payload: request.value("payload"),
            })
        });
        if let Some(reply) = fields.get("reply").filter(|r| r.is_map()) {
            Fields::open(self, reply, &REPLY, fields.key_span("reply"));
        }
        Some(Step {
            span: node.span,
            after: self.name(fields.get("after")),
            request,
            vendor: fields.get("vendor").map(|n| self.vendor_calls(n)),
            unordered: fields.get("unordered").map(|n| self.vendor_calls(n)),
            reply: fields.value("reply"),
        })
    }

    fn vendor_calls(&mut self, node: &Node) -> Vec<VendorCall> {
        node.items().iter().filter_map(|n| self.vendor_call(n)).collect()
    }

    fn vendor_call(&mut self, node: &Node) -> Option<VendorCall> {
        let fields = Fields::open(self, node, &VENDOR, first_key(node))?;
        let expected = fields.get("expect").and_then(|n| Fields::open(self, n, &EXPECTED, fields.key_span("expect")));
        if let Some(answer) = fields.get("answer").filter(|n| n.is_map()) {
            Fields::open(self, answer, &ANSWER, fields.key_span("answer"));
        }
        let expect = self.entries(expected.as_ref().map(|e| e.node));
        Some(VendorCall {
            span: node.span,
            request: expected.as_ref().and_then(|e| self.name(e.get("request"))),
            expect: expect.into_iter().filter(|b| b.name.as_str() != "request").collect(),
            answer: fields.value("answer"),
        })
    }
}
