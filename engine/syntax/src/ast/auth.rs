//! `auth` of a connector (connectors.md §5): exactly one kind, and how long a session lasts.

use wf_source::{Diagnostic, Span};

use crate::{
    ast::{
        Binding, Name, Request, Spanned, Text,
        requests::{PARTS, REQUEST_LINE, VENDOR_KEYS},
        rules,
    },
    keys::{Key, Keys, Kind, may, must},
    read::{Fields, Reader},
    tree::Node,
};

/// How requests of a connector are let in: one way to log in, and how long that lasts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Auth {
    pub span: Span,
    pub login: Login,
    /// Of `login`.
    pub session: Option<Session>,
    pub max_age: Option<Node>,
    pub lasts: Option<Text>,
    pub expired: Option<Text>,
    pub repeat: Option<Node>,
    pub pace: Option<Node>,
    pub send_anyway: Option<Spanned<bool>>,
}

/// The one way that `auth` names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Login {
    Basic {
        span: Span,
        user: Option<Node>,
        password: Option<Node>,
    },
    Bearer(Node),
    ApiKey {
        span: Span,
        header: Option<Name>,
        query: Option<Name>,
        value: Option<Node>,
    },
    Hmac {
        span: Span,
        header: Option<Name>,
        key: Option<Node>,
    },
    Oauth2 {
        span: Span,
        token_url: Option<Node>,
        client_id: Option<Node>,
        client_secret: Option<Node>,
        scope: Option<Node>,
    },
    Request(Box<Request>),
    /// None, or two; reported already.
    Broken,
}

/// What a login gives to the requests after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Session {
    /// `{cookie: name}`
    Cookie(Name),
    /// `cookies`: all that the login set.
    Cookies(Span),
    /// `{token: =answer.body.t}`
    Values(Vec<Binding>),
}

static BASIC: Keys = Keys {
    id: "auth_basic",
    what: "a `basic` login",
    groups: &[&[must("user", Kind::Value, "The user."), must("password", Kind::Value, "The password.")]],
};
static API_KEY: Keys = Keys {
    id: "auth_api_key",
    what: "an `api_key`",
    groups: &[&[
        may("header", Kind::Text, "The header that carries it …"),
        may("query", Kind::Text, "… or the parameter of the address."),
        must("value", Kind::Value, "The key."),
    ]],
};
static HMAC: Keys = Keys {
    id: "auth_hmac",
    what: "an `hmac`",
    groups: &[&[
        must("header", Kind::Text, "The header that carries the signature."),
        must("key", Kind::Value, "The secret."),
        may("over", Kind::Word(&["body"]), "What is signed."),
    ]],
};
static OAUTH2: Keys = Keys {
    id: "auth_oauth2",
    what: "an `oauth2` login",
    groups: &[&[
        must("token_url", Kind::Text, "Where tokens are given."),
        must("client_id", Kind::Value, "The client."),
        must("client_secret", Kind::Value, "Its secret."),
        may("scope", Kind::Text, "What the token is for."),
    ]],
};
static LOGIN: Keys = Keys { id: "auth_login", what: "a login", groups: &[REQUEST_LINE, PARTS, VENDOR_KEYS] };
const SESSION: Kind = Kind::Any(&[Kind::Word(&["cookies"]), Kind::Map("name", &Kind::Value)]);

const KINDS: &[Key] = &[
    may("basic", Kind::Keys(&BASIC), "User and password with each request."),
    may("bearer", Kind::Value, "A token with each request."),
    may("api_key", Kind::Keys(&API_KEY), "A key in a header or in the address."),
    may("hmac", Kind::Keys(&HMAC), "A signature over the body."),
    may("login", Kind::Keys(&LOGIN), "A request that gives a session."),
    may("oauth2", Kind::Keys(&OAUTH2), "Client credentials for a bearer token."),
];

pub(crate) static AUTH: Keys = Keys {
    id: "auth",
    what: "the section `auth`",
    groups: &[
        KINDS,
        &[
            may("session", SESSION, "What of the login's answer the session is: {cookie: name}, cookies, or values."),
            may("max_age", Kind::Literal("a duration"), "An older session is renewed before it is used."),
            may("lasts", Kind::Expr, "How long the session lasts, from the login's answer."),
            may("expired", Kind::Expr, "The answer shows that the session has ended; status 401."),
            may("repeat", Kind::Literal("a whole number"), "How often a request is sent again after a new login; 1."),
            may("pace", Kind::Literal("a duration"), "No new login sooner, except after a 401."),
            may("send_anyway", Kind::Flag, "A failed login does not hold the request back."),
        ],
    ],
};

impl Reader<'_> {
    pub(crate) fn auth(&mut self, node: Option<&Node>, owner: Span) -> Option<Auth> {
        let node = node?;
        let fields = Fields::open(self, node, &AUTH, owner)?;
        Some(Auth {
            span: node.span,
            login: self.login(&fields, owner),
            session: self.session(fields.get("session")),
            max_age: fields.value("max_age"),
            lasts: self.expr(fields.get("lasts")),
            expired: self.expr(fields.get("expired")),
            repeat: fields.value("repeat"),
            pace: fields.value("pace"),
            send_anyway: self.flag(fields.get("send_anyway")),
        })
    }

    fn login(&mut self, fields: &Fields<'_>, owner: Span) -> Login {
        let present: Vec<&str> = KINDS.iter().map(|k| k.name).filter(|k| fields.has(k)).collect();
        let names = || wf_source::one_of(KINDS.iter().map(|k| k.name), 9);
        let kind = match present.as_slice() {
            [one] => *one,
            [] => {
                if fields.node.entries().iter().all(|e| AUTH.find(e.key.text()).is_some()) {
                    self.push(
                        Diagnostic::error(&rules::NO_CHOICE, owner, "the section `auth` needs a kind of login")
                            .help(format!("one of {}", names())),
                    );
                }
                return Login::Broken;
            }
            [first, second, ..] => {
                self.push(
                    Diagnostic::error(
                        &rules::TWO_CHOICES,
                        fields.key_span(second),
                        format!("a login is either `{first}` or `{second}`, not both"),
                    )
                    .note(Some(fields.key_span(first)), format!("`{first}` stands here"))
                    .help("keep one of them"),
                );
                return Login::Broken;
            }
        };
        let Some(node) = fields.get(kind) else { return Login::Broken };
        let (span, at) = (node.span, fields.key_span(kind));
        let read = match kind {
            "bearer" => Some(Login::Bearer(node.clone())),
            "basic" => Fields::open(self, node, &BASIC, at).map(|f| Login::Basic {
                span,
                user: f.value("user"),
                password: f.value("password"),
            }),
            "api_key" => Fields::open(self, node, &API_KEY, at).map(|f| Login::ApiKey {
                span,
                header: self.name(f.get("header")),
                query: self.name(f.get("query")),
                value: f.value("value"),
            }),
            "hmac" => Fields::open(self, node, &HMAC, at).map(|f| Login::Hmac {
                span,
                header: self.name(f.get("header")),
                key: f.value("key"),
            }),
            "oauth2" => Fields::open(self, node, &OAUTH2, at).map(|f| Login::Oauth2 {
                span,
                token_url: f.value("token_url"),
                client_id: f.value("client_id"),
                client_secret: f.value("client_secret"),
                scope: f.value("scope"),
            }),
            _ => Fields::open(self, node, &LOGIN, at).map(|f| Login::Request(Box::new(self.request(&f)))),
        };
        read.unwrap_or(Login::Broken)
    }

    fn session(&mut self, node: Option<&Node>) -> Option<Session> {
        let node = node?;
        if node.as_scalar().is_some() {
            return Some(Session::Cookies(node.span));
        }
        match node.entries() {
            [only] if only.key.text() == "cookie" => self.name(Some(&only.value)).map(Session::Cookie),
            _ => Some(Session::Values(self.bindings(Some(node), "a value of the session"))),
        }
    }
}
