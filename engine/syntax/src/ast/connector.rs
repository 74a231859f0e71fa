//! One file of a connector's folder (connectors.md §1).

use wf_source::Span;

use crate::{
    ast::{
        Action, AnswerSet, Answers, Auth, Binding, Define, Effect, Field, Limits, Name, Param, Record, Retry, Spanned,
        Table, TlsMode,
        actions::ACTION,
        answers::ANSWERS,
        auth::AUTH,
        config::{LIMITS, TLS_KIND},
        modifiers::RETRY,
        records::RECORD,
        tables::TABLE,
        types::{ENUM_KIND, SHAPE_KIND},
        workflow::first_key,
    },
    keys::{Keys, Kind, may, must},
    read::{Fields, Reader},
    tree::Node,
};

/// A file of a connector: one transport, its settings and its actions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connector {
    pub span: Span,
    pub name: Option<Name>,
    pub title: Option<Name>,
    pub doc: Option<Name>,
    pub transport: Option<Spanned<Transport>>,
    pub queue: Option<Name>,
    pub config: Vec<Param>,
    pub base_url: Option<Node>,
    pub target: Option<Node>,
    /// Path of the proto file, relative to this one.
    pub proto: Option<Name>,
    /// `server` or `url`.
    pub server: Option<Node>,
    pub database: Option<Node>,
    pub options: Vec<Binding>,
    pub headers: Option<Node>,
    pub tls: Option<TlsMode>,
    /// `follow` or `none`
    pub redirects: Option<Name>,
    /// `json`
    pub expects: Option<Name>,
    pub limits: Option<Limits>,
    pub auth: Option<Auth>,
    pub retry: Option<Retry>,
    pub answers: Answers,
    pub answer_sets: Vec<AnswerSet>,
    /// `ignore` or `refuse`
    pub unknown_fields: Option<Name>,
    /// `omit` or `include`
    pub message_defaults: Option<Name>,
    pub keys: Vec<Record>,
    pub constants: Vec<Binding>,
    pub tables: Vec<Table>,
    pub define: Vec<Define>,
    pub enums: Vec<Field>,
    pub shapes: Vec<Field>,
    pub types: Vec<Field>,
    /// `reads`, `writes`, `tells`, in the order of the file.
    pub actions: Vec<Action>,
}

/// What a connector speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Transport {
    Http,
    Grpc,
    Smtp,
    Imap,
    Keys,
    Documents,
    Objects,
    Bus,
}

static MESSAGES: Keys = Keys {
    id: "messages",
    what: "the section `messages`",
    groups: &[&[
        may(
            "unknown_fields",
            Kind::Word(&["ignore", "refuse"]),
            "What becomes of fields that the message does not have.",
        ),
        may(
            "defaults",
            Kind::Word(&["omit", "include"]),
            "Whether fields with their default value stand in what came.",
        ),
    ]],
};

const TRANSPORTS: &[&str] = &["http", "grpc", "smtp", "imap", "keys", "documents", "objects", "bus"];

pub(crate) static CONNECTOR: Keys = Keys {
    id: "connector",
    what: "a connector",
    groups: &[&[
        must("connector", Kind::Name, "The name of the connector; its folder has the same."),
        may("title", Kind::Text, "Who it talks to; reports of failed calls begin with it."),
        may("doc", Kind::Text, "What else there is to know."),
        must("transport", Kind::Word(TRANSPORTS), "How it talks; it decides what a request can have."),
        may("queue", Kind::Text, "The queue group of all its subjects; two replicas share it."),
        may(
            "config",
            Kind::Map("setting", &Kind::Type),
            "Its settings with their types; from <FOLDER>_<NAME> or `env`.",
        ),
        may("base_url", Kind::Text, "What stands before all paths (http)."),
        may("target", Kind::Text, "Host and port (grpc)."),
        may("proto", Kind::Text, "The proto file (grpc)."),
        may("server", Kind::Text, "Host and port, or an address (smtp, imap, keys, documents)."),
        may("url", Kind::Text, "The same as `server`."),
        may("database", Kind::Text, "The database (documents)."),
        may("options", Kind::Map("option", &Kind::Value), "Options of the store."),
        may(
            "headers",
            Kind::Any(&[Kind::Map("header", &Kind::Value), Kind::Literal("a map")]),
            "Headers of every request.",
        ),
        may("tls", TLS_KIND, "Encryption: {verify, enabled, ca_file}, starttls, always."),
        may("redirects", Kind::Word(&["follow", "none"]), "Whether redirects are followed."),
        may("expects", Kind::Word(&["json"]), "json: a 2xx that is neither JSON nor empty is unusable."),
        may("limits", Kind::Keys(&LIMITS), "Times, sizes and caps."),
        may("auth", Kind::Keys(&AUTH), "How it logs in."),
        may("retry", Kind::Keys(&RETRY), "Asks again after failures of that kind."),
        may("answers", ANSWERS, "Rows for all actions, after their own."),
        may("answer_sets", Kind::Map("set", &ANSWERS), "Named lists of rows."),
        may("messages", Kind::Keys(&MESSAGES), "How messages are read and written (grpc)."),
        may("keys", Kind::Map("record", &Kind::Keys(&RECORD)), "The records (keys)."),
        may("constants", Kind::Map("NAME", &Kind::Value), "Literal values in upper case."),
        may("tables", Kind::Map("table", &Kind::Keys(&TABLE)), "Decisions by rows and columns."),
        may("define", Kind::Map("name(arguments)", &Kind::Value), "Named expressions and objects."),
        may("enums", Kind::Map("enum", &ENUM_KIND), "Named sets of texts."),
        may("shapes", Kind::Map("shape", &SHAPE_KIND), "Named objects: fields with their types."),
        may("types", Kind::Map("type", &Kind::Type), "Other named types."),
        may("reads", Kind::Map("action", &Kind::Keys(&ACTION)), "Actions that change nothing."),
        may(
            "writes",
            Kind::Map("action", &Kind::Keys(&ACTION)),
            "Actions that change something at the vendor, a mail too.",
        ),
        may("tells", Kind::Map("action", &Kind::Keys(&ACTION)), "Messages about what happened: chat, notices."),
    ]],
};

impl Transport {
    /// As it is written after `transport:`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Grpc => "grpc",
            Self::Smtp => "smtp",
            Self::Imap => "imap",
            Self::Keys => "keys",
            Self::Documents => "documents",
            Self::Objects => "objects",
            Self::Bus => "bus",
        }
    }

    fn of(word: &str) -> Option<Self> {
        const ALL: [Transport; 8] = [
            Transport::Http,
            Transport::Grpc,
            Transport::Smtp,
            Transport::Imap,
            Transport::Keys,
            Transport::Documents,
            Transport::Objects,
            Transport::Bus,
        ];
        ALL.into_iter().find(|t| t.word() == word)
    }
}

impl Reader<'_> {
    pub(crate) fn connector(&mut self, root: &Node) -> Option<Connector> {
        let fields = Fields::open(self, root, &CONNECTOR, first_key(root))?;
        let transport = fields.get("transport").and_then(|n| Some(Spanned::new(Transport::of(n.as_text()?)?, n.span)));
        self.transport = transport.as_ref().map(|t| t.value);
        let messages =
            fields.get("messages").and_then(|n| Fields::open(self, n, &MESSAGES, fields.key_span("messages")));
        let mut actions = vec![];
        for entry in root.entries() {
            let effect = match entry.key.text() {
                "reads" => Effect::Read,
                "writes" => Effect::Write,
                "tells" => Effect::Tell,
                _ => continue,
            };
            actions.extend(self.actions(fields.get(entry.key.text()), effect));
        }
        Some(Connector {
            span: root.span,
            name: self.name(fields.get("connector")),
            title: self.name(fields.get("title")),
            doc: self.name(fields.get("doc")),
            transport,
            queue: self.name(fields.get("queue")),
            config: self.settings(fields.get("config")),
            base_url: fields.value("base_url"),
            target: fields.value("target"),
            proto: self.name(fields.get("proto")),
            server: fields.value("server").or_else(|| fields.value("url")),
            database: fields.value("database"),
            options: self.entries(fields.get("options")),
            headers: fields.value("headers"),
            tls: self.tls(fields.get("tls"), fields.key_span("tls")),
            redirects: self.name(fields.get("redirects")),
            expects: self.name(fields.get("expects")),
            limits: self.limits(fields.get("limits"), fields.key_span("limits")),
            auth: self.auth(fields.get("auth"), fields.key_span("auth")),
            retry: self.retry(fields.get("retry"), fields.key_span("retry")),
            answers: self.answers(fields.get("answers")).unwrap_or_default(),
            answer_sets: self.answer_sets(fields.get("answer_sets")),
            unknown_fields: messages.as_ref().and_then(|m| self.name(m.get("unknown_fields"))),
            message_defaults: messages.as_ref().and_then(|m| self.name(m.get("defaults"))),
            keys: self.records(fields.get("keys")),
            constants: self.bindings(fields.get("constants"), "a constant"),
            tables: self.tables(fields.get("tables")),
            define: self.defines(fields.get("define")),
            enums: self.enums(fields.get("enums")),
            shapes: self.shapes(fields.get("shapes")),
            types: self.fields(fields.get("types")),
            actions,
        })
    }
}
