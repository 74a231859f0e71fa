//! A request to a vendor (connectors.md §3): of an action, a step or a login.

use wf_source::{Diagnostic, Span};

use crate::{
    ast::{
        Answers, Cache, Limits, Name, Pages, Retry, Text, Transport, TypeExpr,
        answers::ANSWERS,
        config::{CACHE, LIMITS, PAGES},
        modifiers::RETRY,
        rules,
    },
    keys::{Key, Kind, may},
    read::{Fields, Reader},
    tree::Node,
};

/// What goes to the vendor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// `GET /path/{{ x }}`; none for `keys` and `bus`, and in an action with `steps`.
    pub line: Option<Text>,
    /// In the order written.
    pub parts: Vec<Part>,
    /// Type of the vendor's 2xx body.
    pub vendor: Option<TypeExpr>,
    /// `None` when nothing is said; an empty list is one.
    pub answers: Option<Answers>,
    pub reply: Option<Node>,
    pub pages: Option<Pages>,
    pub retry: Option<Retry>,
    pub expired: Option<Text>,
    pub redirects: Option<Name>,
    pub cache: Option<Cache>,
    pub limits: Option<Limits>,
}

/// What goes with the request line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub kind: PartKind,
    pub key: Span,
    pub value: Node,
}

/// The parts of a request that are written as values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PartKind {
    Query,
    Headers,
    Json,
    Form,
    Multipart,
    Text,
    Bytes,
    Message,
    Mail,
    Criteria,
    Uids,
    Peek,
    AddFlags,
    RemoveFlags,
    Match,
    Document,
    Set,
    Sort,
    LeaveOut,
    Limit,
    Group,
    ContentType,
}

impl Request {
    /// A part, when the request has it.
    #[must_use]
    pub fn part(&self, kind: PartKind) -> Option<&Node> {
        self.parts.iter().find(|p| p.kind == kind).map(|p| &p.value)
    }
}

const SENT: Kind = Kind::Any(&[Kind::Map("name", &Kind::Value), Kind::Literal("a map")]);

pub(crate) const REQUEST_LINE: &[Key] = &[may(
    "request",
    Kind::Text,
    "What the vendor is asked: GET /path/{{ x }}, package.Service/Method, FIND collection.",
)];

/// What goes with a request; [`PART_KINDS`] says with which transports.
pub(crate) const PARTS: &[Key] = &[
    may("query", SENT, "Parameters of the address."),
    may("headers", SENT, "Headers; an action's own win by name."),
    may("json", Kind::Value, "The body, as JSON."),
    may("form", SENT, "The body, as a form."),
    may("multipart", SENT, "The body, as parts."),
    may("text", Kind::Text, "The body, as text."),
    may("bytes", Kind::Text, "The body, as bytes."),
    may("message", SENT, "The message, in proto3's JSON mapping."),
    may("mail", Kind::Map("field", &Kind::Value), "from, to, subject, text, html, images, attachments."),
    may("criteria", SENT, "Which mails: unseen, since, from."),
    may("uids", Kind::Value, "The mails by their numbers."),
    may("peek", Kind::Flag, "The mails stay unread."),
    may("add_flags", Kind::Value, "Flags to be set."),
    may("remove_flags", Kind::Value, "Flags to be taken away."),
    may("match", SENT, "Which documents: {field: {is, in, gt, gte, lt, lte}}."),
    may("document", Kind::Value, "The document to be stored."),
    may("set", SENT, "Fields to be changed."),
    may("sort", Kind::Value, "The order of the documents."),
    may("leave_out", Kind::List(&Kind::Text), "Fields that are not read."),
    may("limit", Kind::Value, "How many at most."),
    may("group", Kind::Value, "How documents are put together."),
    may("content_type", Kind::Text, "The content type of the object."),
];

const PART_KINDS: &[(&str, PartKind, &[Transport])] = &[
    ("query", PartKind::Query, &[Transport::Http]),
    ("headers", PartKind::Headers, &[Transport::Http]),
    ("json", PartKind::Json, &[Transport::Http]),
    ("form", PartKind::Form, &[Transport::Http]),
    ("multipart", PartKind::Multipart, &[Transport::Http]),
    ("text", PartKind::Text, &[Transport::Http, Transport::Objects]),
    ("bytes", PartKind::Bytes, &[Transport::Http, Transport::Objects]),
    ("message", PartKind::Message, &[Transport::Grpc]),
    ("mail", PartKind::Mail, &[Transport::Smtp]),
    ("criteria", PartKind::Criteria, &[Transport::Imap]),
    ("uids", PartKind::Uids, &[Transport::Imap]),
    ("peek", PartKind::Peek, &[Transport::Imap]),
    ("add_flags", PartKind::AddFlags, &[Transport::Imap]),
    ("remove_flags", PartKind::RemoveFlags, &[Transport::Imap]),
    ("match", PartKind::Match, &[Transport::Documents]),
    ("document", PartKind::Document, &[Transport::Documents]),
    ("set", PartKind::Set, &[Transport::Documents]),
    ("sort", PartKind::Sort, &[Transport::Documents]),
    ("leave_out", PartKind::LeaveOut, &[Transport::Documents]),
    ("limit", PartKind::Limit, &[Transport::Documents]),
    ("group", PartKind::Group, &[Transport::Documents]),
    ("content_type", PartKind::ContentType, &[Transport::Objects]),
];

/// Bodies of http, of which a request has one.
const BODIES: [&str; 5] = ["json", "form", "multipart", "text", "bytes"];

pub(crate) const VENDOR_KEYS: &[Key] = &[
    may("vendor", Kind::Type, "The type of the vendor's 2xx body."),
    may("answers", ANSWERS, "Rows for what the vendor answers; the first that holds ends it."),
    may("reply", Kind::Value, "The body of the reply to a 2xx."),
    may("pages", Kind::Keys(&PAGES), "How a list is read page by page."),
    may("retry", Kind::Keys(&RETRY), "Asks again after failures of that kind."),
    may("expired", Kind::Expr, "The answer shows that the session has ended."),
    may("redirects", Kind::Word(&["follow", "none"]), "Whether redirects are followed."),
    may("cache", Kind::Keys(&CACHE), "Keeps results."),
    may("limits", Kind::Keys(&LIMITS), "Times and sizes of this request."),
];

impl Reader<'_> {
    /// A request out of the mapping of an action, a step or a login.
    pub(crate) fn request(&mut self, fields: &Fields<'_>) -> Request {
        let mut parts = vec![];
        for entry in fields.node.entries() {
            let Some((name, kind, transports)) = PART_KINDS.iter().find(|(name, ..)| *name == entry.key.text()) else {
                continue;
            };
            if fields.maybe(name).is_none() {
                continue;
            }
            if let Some(transport) = self.transport.filter(|t| !transports.contains(t)) {
                self.other_transport(entry.key.span, name, transport, transports);
            }
            parts.push(Part { kind: *kind, key: entry.key.span, value: entry.value.clone() });
        }
        self.one_body(fields);
        Request {
            line: self.text(fields.maybe("request")),
            parts,
            vendor: self.type_expr(fields.maybe("vendor")),
            answers: self.answers(fields.maybe("answers")),
            reply: fields.maybe("reply").cloned(),
            pages: self.pages(fields.maybe("pages"), fields.key_span("pages")),
            retry: self.retry(fields.maybe("retry"), fields.key_span("retry")),
            expired: self.expr(fields.maybe("expired")),
            redirects: self.name(fields.maybe("redirects")),
            cache: self.cache(fields.maybe("cache"), fields.key_span("cache")),
            limits: self.limits(fields.maybe("limits"), fields.key_span("limits")),
        }
    }

    fn other_transport(&mut self, span: Span, part: &str, transport: Transport, of: &[Transport]) {
        let message = format!("`{part}` is no part of a request by {}", transport.word());
        let owners = wf_source::one_of(of.iter().map(|t| t.word()), 4);
        let allowed = PART_KINDS.iter().filter(|(.., t)| t.contains(&transport)).map(|(name, ..)| *name);
        let allowed = wf_source::one_of(allowed, 12);
        self.push(
            Diagnostic::error(&rules::OTHER_TRANSPORT, span, message)
                .help(format!("it belongs to {owners}; {} has {allowed}", transport.word())),
        );
    }

    fn one_body(&mut self, fields: &Fields<'_>) {
        let bodies: Vec<&str> = BODIES.into_iter().filter(|b| fields.has(b)).collect();
        if let [first, second, ..] = bodies.as_slice() {
            self.push(
                Diagnostic::error(
                    &rules::TWO_CHOICES,
                    fields.key_span(second),
                    format!("a request has one body, not `{first}` and `{second}`"),
                )
                .note(Some(fields.key_span(first)), format!("`{first}` stands here"))
                .help("keep one of them"),
            );
        }
    }
}
