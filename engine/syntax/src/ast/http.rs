//! `http` of a workflow (connectors.md §11).

use wf_source::Span;

use crate::{
    ast::{Name, Spanned, Text},
    tree::Node,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Http {
    pub span: Span,
    pub port: Option<Node>,
    pub prefix: Option<Node>,
    /// `slash: optional`
    pub slash_optional: bool,
    /// `any`, or a list of origins.
    pub cors: Option<Node>,
    pub pretty: Option<Spanned<bool>>,
    pub docs: Option<Text>,
    pub max_body: Option<Node>,
    /// Networks.
    pub allow: Option<Node>,
    pub auth: Option<HttpAuth>,
    /// Shape of every reply that no flow worded.
    pub errors: Option<Node>,
}

/// Tried in this order; all that are named must hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpAuth {
    pub span: Span,
    pub bearer: Option<Node>,
    pub api_key: Option<ApiKeyGuard>,
    pub hmac: Option<HmacGuard>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKeyGuard {
    pub span: Span,
    pub header: Option<Name>,
    pub key: Option<Node>,
    pub status: Option<Node>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HmacGuard {
    pub span: Span,
    pub header: Option<Name>,
    pub secret: Option<Node>,
    /// `sha256`
    pub digest: Option<Name>,
    /// `hex` or `base64`
    pub encoding: Option<Name>,
    pub prefix: Option<Name>,
    pub status: Option<Node>,
}
