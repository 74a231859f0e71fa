//! What stands beside a verb: `retry`, `accept`, `on_error`, `tell`, `doubt` (language.md §6).

use wf_source::Span;

use crate::{
    ast::{Name, Spanned, Step, Text, With, with::WITH},
    keys::{Keys, Kind, may, must},
    read::{Fields, Reader},
    tree::Node,
};

/// When, how often and after which waits something is tried again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retry {
    pub span: Span,
    /// `timeout`, `no_connection`, statuses, outcomes, `failed`, `undecided`.
    pub when: Vec<Name>,
    /// A whole number, `forever`, or an expression.
    pub attempts: Option<Node>,
    /// A duration, `D to D`, a list of durations, or an expression.
    pub wait: Option<Node>,
    pub backoff: Option<Spanned<Backoff>>,
    pub within: Option<Node>,
}

/// Whether waits stay or double.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backoff {
    Fixed,
    Exponential,
}

/// Which answers are ok.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Accept {
    Any(Span),
    /// Outcomes and statuses: `[2xx, exists]`.
    Only(Vec<Name>),
}

/// What follows a failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OnError {
    Fail(Span),
    Skip(Span),
    Ignore(Span),
    /// Of a `for`: failed and undecided items are missing from `values`.
    LeaveOut(Span),
    /// Sees `error`.
    Block {
        span: Span,
        steps: Vec<Step>,
    },
}

/// When a failed call is reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tell {
    Yes(Span),
    No(Span),
    /// Every try.
    Each(Span),
    /// A condition on `failed`.
    If(Text),
}

/// What a write does when nobody knows whether it happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doubt {
    Repeat(Span),
    Report(Span),
    Look {
        span: Span,
        call: Option<Name>,
        with: Option<With>,
        found: Option<Text>,
        status: Option<Node>,
        body: Option<Node>,
    },
}

const DURATION: Kind = Kind::Literal("a duration");

pub(crate) static RETRY: Keys = Keys {
    id: "retry",
    what: "a retry",
    groups: &[&[
        must(
            "when",
            Kind::Any(&[Kind::Text, Kind::List(&Kind::Text)]),
            "Which failures: timeout, no_connection, 429, 5xx, an outcome, failed, undecided.",
        ),
        may("attempts", Kind::Literal("a whole number or `forever`"), "How often in all, the first time included."),
        may(
            "wait",
            Kind::Any(&[DURATION, Kind::List(&Kind::Value)]),
            "The wait before the next: 30s, 10s to 1m (random), or a list of each in turn.",
        ),
        may("backoff", Kind::Word(&["fixed", "exponential"]), "Whether the wait doubles each time."),
        may("within", DURATION, "A failure at or after this time is final."),
    ]],
};

static LOOK: Keys = Keys {
    id: "look",
    what: "a look",
    groups: &[&[
        must("call", Kind::Name, "A read of the same folder that shows whether it happened."),
        may("with", WITH, "Its inputs."),
        must("found", Kind::Expr, "Whether its `body` shows that it happened."),
        may("status", Kind::Value, "Status of the reply when it happened; 200."),
        may("body", Kind::Value, "Body of the reply when it happened; null."),
    ]],
};

pub(crate) static DOUBT: Keys = Keys {
    id: "doubt",
    what: "a doubt",
    groups: &[&[must("look", Kind::Keys(&LOOK), "Ask the vendor whether it happened before it is sent again.")]],
};

pub(crate) const ACCEPT: Kind = Kind::Any(&[Kind::Text, Kind::List(&Kind::Text)]);
pub(crate) const DOUBT_KIND: Kind = Kind::Any(&[Kind::Word(&["repeat", "report"]), Kind::Keys(&DOUBT)]);
pub(crate) const ON_ERROR: Kind = Kind::Any(&[Kind::Word(&["fail", "skip", "ignore"]), Kind::Steps]);
pub(crate) const ON_ERROR_OF_FOR: Kind = Kind::Any(&[Kind::Word(&["leave_out", "fail"]), Kind::Steps]);

impl Reader<'_> {
    pub(crate) fn retry(&mut self, node: Option<&Node>, owner: Span) -> Option<Retry> {
        let node = node?;
        let fields = Fields::open(self, node, &RETRY, owner)?;
        let backoff = self.name(fields.get("backoff")).map(|name| {
            let backoff = if name.as_str() == "exponential" { Backoff::Exponential } else { Backoff::Fixed };
            Spanned::new(backoff, name.span)
        });
        Some(Retry {
            span: node.span,
            when: self.one_or_many(fields.get("when"), "when"),
            attempts: fields.value("attempts"),
            wait: fields.value("wait"),
            backoff,
            within: fields.value("within"),
        })
    }

    pub(crate) fn accept(&mut self, node: Option<&Node>) -> Option<Accept> {
        let node = node?;
        if node.as_text() == Some("any") {
            return Some(Accept::Any(node.span));
        }
        Some(Accept::Only(self.one_or_many(Some(node), "accept")))
    }

    pub(crate) fn on_error(&mut self, node: Option<&Node>) -> Option<OnError> {
        let node = node?;
        if node.is_seq() {
            return Some(OnError::Block { span: node.span, steps: self.steps(Some(node)) });
        }
        match node.as_text()? {
            "skip" => Some(OnError::Skip(node.span)),
            "ignore" => Some(OnError::Ignore(node.span)),
            "leave_out" => Some(OnError::LeaveOut(node.span)),
            _ => Some(OnError::Fail(node.span)),
        }
    }

    pub(crate) fn tell(&mut self, node: Option<&Node>) -> Option<Tell> {
        let node = node?;
        match node.as_bool_word() {
            Some(true) => return Some(Tell::Yes(node.span)),
            Some(false) => return Some(Tell::No(node.span)),
            None if node.as_text() == Some("each") => return Some(Tell::Each(node.span)),
            None => {}
        }
        self.expr(Some(node)).map(Tell::If)
    }

    pub(crate) fn doubt(&mut self, node: Option<&Node>, owner: Span) -> Option<Doubt> {
        let node = node?;
        match node.as_text() {
            Some("repeat") => return Some(Doubt::Repeat(node.span)),
            Some(_) => return Some(Doubt::Report(node.span)),
            None => {}
        }
        let outer = Fields::open(self, node, &DOUBT, owner)?;
        let look = outer.get("look")?;
        let fields = Fields::open(self, look, &LOOK, outer.key_span("look"))?;
        Some(Doubt::Look {
            span: look.span,
            call: self.name(fields.get("call")),
            with: self.with(fields.get("with")),
            found: self.expr(fields.get("found")),
            status: fields.value("status"),
            body: fields.value("body"),
        })
    }
}
