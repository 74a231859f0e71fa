//! `http` of a workflow (connectors.md §11).

use wf_source::Span;

use crate::{
    ast::{Name, Spanned, Text},
    keys::{Keys, Kind, may, must},
    read::{Fields, Reader},
    tree::Node,
};

/// Settings of all http triggers of a workflow.
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

/// Callers prove themselves with a key in a header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKeyGuard {
    pub span: Span,
    pub header: Option<Name>,
    pub key: Option<Node>,
    pub status: Option<Node>,
}

/// Callers prove themselves with a signature of the body.
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

static API_KEY: Keys = Keys {
    id: "http_api_key",
    what: "an `api_key`",
    groups: &[&[
        must("header", Kind::Text, "The header that carries it."),
        must("key", Kind::Value, "The key; null switches the guard off."),
        may("status", Kind::Value, "The status of a refusal; 401."),
    ]],
};

static HMAC: Keys = Keys {
    id: "http_hmac",
    what: "an `hmac`",
    groups: &[&[
        must("header", Kind::Text, "The header that carries the signature."),
        must("secret", Kind::Value, "The secret; null switches the guard off."),
        may("digest", Kind::Word(&["sha1", "sha256", "sha512"]), "The hash; sha256."),
        may("as", Kind::Word(&["hex", "base64"]), "How the signature is written; hex."),
        may("prefix", Kind::Text, "What stands before the signature: sha256=."),
        may("over", Kind::Word(&["body"]), "What is signed."),
        may("status", Kind::Value, "The status of a refusal; 401."),
    ]],
};

static HTTP_AUTH: Keys = Keys {
    id: "http_auth",
    what: "the section `auth`",
    groups: &[&[
        may("bearer", Kind::Value, "The token that callers send; null switches the guard off."),
        may("api_key", Kind::Keys(&API_KEY), "A key in a header."),
        may("hmac", Kind::Keys(&HMAC), "A signature over the body."),
    ]],
};

pub(crate) static HTTP: Keys = Keys {
    id: "http",
    what: "the section `http`",
    groups: &[&[
        may("port", Kind::Value, "The port that it listens on."),
        may("prefix", Kind::Text, "What stands before all paths."),
        may("slash", Kind::Word(&["optional"]), "optional: a path may end with a slash."),
        may(
            "cors",
            Kind::Any(&[Kind::Text, Kind::List(&Kind::Text)]),
            "Origins that may call from browsers: any, or a list.",
        ),
        may("pretty", Kind::Flag, "Replies are indented."),
        may("docs", Kind::Text, "The path of the generated description."),
        may("max_body", Kind::Literal("a size"), "The longest body that is taken; 413 above."),
        may("allow", Kind::Any(&[Kind::Text, Kind::List(&Kind::Text)]), "Networks that may call."),
        may("auth", Kind::Keys(&HTTP_AUTH), "Who may call; all that are named must hold."),
        may("errors", Kind::Value, "The body of every reply that no flow words; it sees `error`."),
    ]],
};

impl Reader<'_> {
    pub(crate) fn http(&mut self, node: Option<&Node>, owner: Span) -> Option<Http> {
        let node = node?;
        let fields = Fields::open(self, node, &HTTP, owner)?;
        Some(Http {
            span: node.span,
            port: fields.value("port"),
            prefix: fields.value("prefix"),
            slash_optional: fields.get("slash").is_some(),
            cors: fields.value("cors"),
            pretty: self.flag(fields.get("pretty")),
            docs: self.text(fields.get("docs")),
            max_body: fields.value("max_body"),
            allow: fields.value("allow"),
            auth: self.http_auth(fields.get("auth"), fields.key_span("auth")),
            errors: fields.value("errors"),
        })
    }

    fn http_auth(&mut self, node: Option<&Node>, owner: Span) -> Option<HttpAuth> {
        let node = node?;
        let fields = Fields::open(self, node, &HTTP_AUTH, owner)?;
        let api_key = fields.get("api_key").and_then(|n| {
            let inner = Fields::open(self, n, &API_KEY, fields.key_span("api_key"))?;
            Some(ApiKeyGuard {
                span: n.span,
                header: self.name(inner.get("header")),
                key: inner.value("key"),
                status: inner.value("status"),
            })
        });
        let hmac = fields.get("hmac").and_then(|n| {
            let inner = Fields::open(self, n, &HMAC, fields.key_span("hmac"))?;
            Some(HmacGuard {
                span: n.span,
                header: self.name(inner.get("header")),
                secret: inner.value("secret"),
                digest: self.name(inner.get("digest")),
                encoding: self.name(inner.get("as")),
                prefix: self.name(inner.get("prefix")),
                status: inner.value("status"),
            })
        });
        Some(HttpAuth { span: node.span, bearer: fields.value("bearer"), api_key, hmac })
    }
}
