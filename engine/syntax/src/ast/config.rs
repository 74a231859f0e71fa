//! `limits`, `pages`, `cache`, `tls` of a connector.

use wf_source::{Diagnostic, Span};

use crate::{
    ast::{Text, rules},
    keys::{Keys, Kind, may, must},
    read::{Fields, Reader},
    tree::Node,
};

/// How much of a vendor may be used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// One vendor call.
    pub timeout: Option<Node>,
    /// Requests of one subject at a time.
    pub concurrency: Option<Node>,
    /// Calls started, per host: `50/s`.
    pub rate: Option<Node>,
    /// Pages of one list.
    pub pages: Option<Node>,
    /// Size of one answer.
    pub bytes: Option<Node>,
}

/// How a read goes on to the next page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pages {
    pub span: Span,
    pub start: Option<Node>,
    pub items: Option<Text>,
    pub next: Option<Text>,
    pub link: Option<Text>,
}

/// Answers that are kept: under which key and how long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cache {
    pub span: Span,
    pub key: Option<Node>,
    /// `for`
    pub ttl: Option<Node>,
}

/// How a server is spoken to in secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TlsMode {
    /// `starttls`
    StartTls(Span),
    /// `always`
    Always(Span),
    Options {
        span: Span,
        verify: Option<Node>,
        enabled: Option<Node>,
        ca_file: Option<Node>,
    },
}

pub(crate) static LIMITS: Keys = Keys {
    id: "limits",
    what: "the section `limits`",
    groups: &[&[
        may("timeout", Kind::Literal("a duration"), "How long one vendor call may take."),
        may("concurrency", Kind::Literal("a whole number"), "Requests of one subject at a time."),
        may("rate", Kind::Literal("a rate as 50/s"), "Calls started, per host."),
        may("pages", Kind::Literal("a whole number"), "Pages of one list."),
        may("bytes", Kind::Literal("a size"), "Size of one answer."),
    ]],
};

pub(crate) static PAGES: Keys = Keys {
    id: "pages",
    what: "the section `pages`",
    groups: &[&[
        may("start", Kind::Value, "`page` of the first request; null."),
        must("items", Kind::Expr, "The list of one page."),
        may("next", Kind::Expr, "The next `page`; null ends."),
        may("link", Kind::Expr, "The next page's address, instead of `next`."),
    ]],
};

pub(crate) static CACHE: Keys = Keys {
    id: "cache",
    what: "the section `cache`",
    groups: &[&[
        must("key", Kind::Text, "Equal keys have the same result."),
        must("for", Kind::Literal("a duration"), "How long a result is kept."),
    ]],
};

static TLS: Keys = Keys {
    id: "tls",
    what: "the section `tls`",
    groups: &[&[
        may("verify", Kind::Literal("yes or no"), "Whether the certificate is checked."),
        may("enabled", Kind::Literal("yes or no"), "Whether the connection is encrypted."),
        may("ca_file", Kind::Text, "Certificates that are trusted."),
    ]],
};
pub(crate) const TLS_KIND: Kind = Kind::Any(&[Kind::Word(&["starttls", "always"]), Kind::Keys(&TLS)]);

impl Reader<'_> {
    pub(crate) fn limits(&mut self, node: Option<&Node>, owner: Span) -> Option<Limits> {
        let fields = Fields::open(self, node?, &LIMITS, owner)?;
        Some(Limits {
            timeout: fields.value("timeout"),
            concurrency: fields.value("concurrency"),
            rate: fields.value("rate"),
            pages: fields.value("pages"),
            bytes: fields.value("bytes"),
        })
    }

    pub(crate) fn pages(&mut self, node: Option<&Node>, owner: Span) -> Option<Pages> {
        let node = node?;
        let fields = Fields::open(self, node, &PAGES, owner)?;
        match (fields.has("next"), fields.has("link")) {
            (true, true) => self.push(
                Diagnostic::error(
                    &rules::TWO_CHOICES,
                    fields.key_span("link"),
                    "pages have either `next` or `link`, not both",
                )
                .note(Some(fields.key_span("next")), "`next` stands here")
                .help("keep one of them"),
            ),
            (false, false) => self.push(
                Diagnostic::error(&rules::MISSING_KEY, owner, "pages need `next` or `link`")
                    .help("`next: =answer.body.token` gives the next `page`, null ends"),
            ),
            _ => {}
        }
        Some(Pages {
            span: node.span,
            start: fields.value("start"),
            items: self.expr(fields.get("items")),
            next: self.expr(fields.get("next")),
            link: self.expr(fields.get("link")),
        })
    }

    pub(crate) fn cache(&mut self, node: Option<&Node>, owner: Span) -> Option<Cache> {
        let node = node?;
        let fields = Fields::open(self, node, &CACHE, owner)?;
        Some(Cache { span: node.span, key: fields.value("key"), ttl: fields.value("for") })
    }

    pub(crate) fn tls(&mut self, node: Option<&Node>, owner: Span) -> Option<TlsMode> {
        let node = node?;
        match node.as_text() {
            Some("starttls") => return Some(TlsMode::StartTls(node.span)),
            Some(_) => return Some(TlsMode::Always(node.span)),
            None => {}
        }
        let fields = Fields::open(self, node, &TLS, owner)?;
        Some(TlsMode::Options {
            span: node.span,
            verify: fields.value("verify"),
            enabled: fields.value("enabled"),
            ca_file: fields.value("ca_file"),
        })
    }
}
