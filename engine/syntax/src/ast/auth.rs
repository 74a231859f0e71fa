//! `auth` of a connector (connectors.md §5): exactly one kind, and how long a session lasts.

use wf_source::Span;

use crate::{
    ast::{Binding, Name, Request, Spanned, Text},
    tree::Node,
};

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

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Session {
    /// `{cookie: name}`
    Cookie(Name),
    /// `cookies`: all that the login set.
    Cookies(Span),
    /// `{token: =answer.body.t}`
    Values(Vec<Binding>),
}
