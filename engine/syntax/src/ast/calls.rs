//! `calls`, `tell`, `defaults` (language.md §5).

use wf_source::{Diagnostic, Span};

use crate::{
    ast::{
        Accept, Name, OnError, Retry, Tell, Text, With,
        modifiers::{ACCEPT, ON_ERROR, RETRY},
        rules,
        with::WITH,
    },
    keys::{Keys, Kind, may, must},
    read::{Fields, Reader, is_name},
    tree::{Entry, Node},
};

/// What holds for every call of an action, or of all of a connector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallRule {
    pub span: Span,
    /// `connector.action` or `connector.*`
    pub action: Name,
    pub timeout: Option<Node>,
    pub tell: Option<Tell>,
    pub accept: Option<Accept>,
    pub on_error: Option<OnError>,
    pub retry: Option<Retry>,
    /// What a report names; `None` where the action decides.
    pub about: Option<Vec<Text>>,
    pub with: Option<With>,
}

/// How failed calls are reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TellPolicy {
    pub span: Span,
    pub publish: Option<Name>,
    pub with: Option<With>,
}

/// Modifiers of all steps below that say nothing themselves; the nearest wins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Defaults {
    pub span: Span,
    pub on_error: Option<OnError>,
    pub tell: Option<Tell>,
    pub timeout: Option<Node>,
    pub retry: Option<Retry>,
}

const TELL_DOC: &str = "Reports a failure: true, each, or a condition on `failed`.";

pub(crate) static CALL_RULE: Keys = Keys {
    id: "call_rule",
    what: "a rule for calls",
    groups: &[&[
        may("timeout", Kind::Literal("a duration"), "How long a reply is waited for."),
        may("tell", Kind::Text, TELL_DOC),
        may("accept", ACCEPT, "Which answers are ok: outcomes or statuses, or any."),
        may("on_error", ON_ERROR, "What then: fail, skip, ignore, or steps that see `error`."),
        may("retry", Kind::Keys(&RETRY), "Tries again after failures of that kind."),
        may("about", Kind::List(&Kind::Expr), "What a report of a failed call names, in this order."),
        may("with", WITH, "Inputs of every such call; the step's own win."),
    ]],
};

pub(crate) static TELL: Keys = Keys {
    id: "tell",
    what: "the section `tell`",
    groups: &[&[
        must("publish", Kind::Name, "The action that reports a failed call."),
        must("with", WITH, "Its inputs; they see `failed`."),
    ]],
};

pub(crate) static DEFAULTS: Keys = Keys {
    id: "defaults",
    what: "the section `defaults`",
    groups: &[&[
        may("on_error", ON_ERROR, "What then: fail, skip, ignore, or steps that see `error`."),
        may("tell", Kind::Text, TELL_DOC),
        may("timeout", Kind::Literal("a duration"), "How long a reply is waited for."),
        may("retry", Kind::Keys(&RETRY), "Tries again after failures of that kind."),
    ]],
};

impl Reader<'_> {
    pub(crate) fn call_rules(&mut self, node: Option<&Node>) -> Vec<CallRule> {
        let entries = node.map(Node::entries).unwrap_or_default();
        entries.iter().filter(|e| !e.key.text().is_empty()).filter_map(|e| self.call_rule(e)).collect()
    }

    fn call_rule(&mut self, entry: &Entry) -> Option<CallRule> {
        let action = entry.key.text();
        if !is_name(action) || !action.contains('.') {
            let message = format!("`{action}` is no action");
            self.push(
                Diagnostic::error(&rules::NO_NAME, entry.key.span, message)
                    .help("as in `connector.action`, or `connector.*` for all of it"),
            );
        }
        let fields = Fields::open(self, &entry.value, &CALL_RULE, entry.key.span)?;
        Some(CallRule {
            span: entry.value.span,
            action: (&entry.key).into(),
            timeout: fields.value("timeout"),
            tell: self.tell(fields.get("tell")),
            accept: self.accept(fields.get("accept")),
            on_error: self.on_error(fields.get("on_error")),
            retry: self.retry(fields.get("retry"), fields.key_span("retry")),
            about: self.exprs(fields.get("about"), "about"),
            with: self.with(fields.get("with")),
        })
    }

    pub(crate) fn tell_policy(&mut self, node: Option<&Node>, owner: Span) -> Option<TellPolicy> {
        let node = node?;
        let fields = Fields::open(self, node, &TELL, owner)?;
        Some(TellPolicy {
            span: node.span,
            publish: self.name(fields.get("publish")),
            with: self.with(fields.get("with")),
        })
    }

    pub(crate) fn defaults(&mut self, node: Option<&Node>, owner: Span) -> Option<Defaults> {
        let node = node?;
        let fields = Fields::open(self, node, &DEFAULTS, owner)?;
        Some(Defaults {
            span: node.span,
            on_error: self.on_error(fields.get("on_error")),
            tell: self.tell(fields.get("tell")),
            timeout: fields.value("timeout"),
            retry: self.retry(fields.get("retry"), fields.key_span("retry")),
        })
    }
}
