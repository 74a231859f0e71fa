//! `triggers` (language.md §5, connectors.md §11).

use wf_source::Span;

use crate::{
    ast::{Listing, Name, Retry, Spanned, Text, modifiers::RETRY, rules},
    keys::{Choice, Choices, Key, Keys, Kind, may, must},
    read::{Fields, Reader},
    tree::Node,
};

/// What begins a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trigger {
    pub span: Span,
    pub kind: TriggerKind,
    pub flow: Option<Name>,
    pub overlap: Option<Spanned<Overlap>>,
    pub retry: Option<Retry>,
    /// Of schedules: also when the engine starts; `true` or how long after.
    pub at_start: Option<Node>,
    /// `for: x`, `in: …`: one trigger for each entry.
    pub each: Option<(Name, Option<Listing>)>,
}

/// What becomes of a trigger that fires while a run of it goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overlap {
    Skip,
    Queue,
    Allow,
}

/// A schedule, a message, a request, a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TriggerKind {
    Every {
        interval: Node,
    },
    Cron {
        cron: Node,
        timezone: Option<Node>,
        misfire_grace: Option<Node>,
    },
    Message {
        subject: Text,
        queue: Option<Text>,
        no_envelope: bool,
    },
    Http {
        route: Text,
        timeout: Option<Node>,
        raw_body: bool,
    },
    Task {
        task: Name,
        every: Option<Node>,
        give_up_after: Option<Node>,
        gave_up: Option<Name>,
    },
    /// Reported already.
    Broken,
}

const COMMON: &[Key] = &[
    may("flow", Kind::Name, "The flow that it starts; the main steps when it is missing."),
    may("overlap", Kind::Word(&["skip", "queue", "allow"]), "What becomes of a start while the run before goes on."),
    may("retry", Kind::Keys(&RETRY), "Runs again after a run of that kind."),
    may("for", Kind::Name, "One trigger for each entry of `in`, under this name."),
    may("in", Kind::Any(&[Kind::Expr, Kind::List(&Kind::Value)]), "The entries."),
];
const AT_START: Key = may("at_start", Kind::Text, "Also when the engine starts: true, or how long after.");

macro_rules! trigger {
    ($id:literal, $what:literal, $keys:expr) => {
        Choice { key: $id, keys: &Keys { id: concat!("trigger_", $id), what: $what, groups: &[$keys, COMMON] } }
    };
}

pub(crate) static TRIGGER: Choices = Choices {
    id: "trigger",
    what: "a trigger",
    list: &[
        trigger!(
            "every",
            "a schedule",
            &[must("every", Kind::Literal("a duration"), "The time between two starts."), AT_START]
        ),
        trigger!(
            "cron",
            "a schedule",
            &[
                must("cron", Kind::Text, "Five fields: minute, hour, day, month, weekday."),
                may("timezone", Kind::Text, "The zone of its times, as in US/Eastern."),
                may("misfire_grace", Kind::Literal("a duration"), "How late a missed start still counts."),
                AT_START,
            ]
        ),
        trigger!(
            "message",
            "a message trigger",
            &[
                must("message", Kind::Text, "The subject that it listens on."),
                may("queue", Kind::Text, "The queue group that shares the messages."),
                may("envelope", Kind::Word(&["none"]), "none: the payload is the body."),
            ]
        ),
        trigger!(
            "http",
            "an http trigger",
            &[
                must("http", Kind::Text, "Method and path: GET /path/{x}."),
                may("timeout", Kind::Literal("a duration"), "How long the caller waits for the reply."),
                may("body", Kind::Word(&["bytes"]), "bytes: the body is handed over as it came."),
            ]
        ),
        trigger!(
            "task",
            "a task trigger",
            &[
                must("task", Kind::Name, "The type of the tasks that it takes."),
                may("every", Kind::Literal("a duration"), "How often it looks for due tasks."),
                may("give_up_after", Kind::Literal("a duration"), "When a task that fails is given up."),
                may("gave_up", Kind::Name, "The flow that runs then."),
                AT_START,
            ]
        ),
    ],
};

impl Reader<'_> {
    pub(crate) fn triggers(&mut self, node: Option<&Node>) -> Vec<Trigger> {
        node.map(Node::items).unwrap_or_default().iter().filter_map(|item| self.trigger(item)).collect()
    }

    fn trigger(&mut self, node: &Node) -> Option<Trigger> {
        let (choice, entry) = self.choose(node, &TRIGGER, &[("task", &["every"])])?;
        let fields = Fields::open_choice(self, node, choice.keys, entry.key.span, Some(&TRIGGER))?;
        let overlap = self.name(fields.get("overlap")).map(|name| {
            let overlap = match name.as_str() {
                "queue" => Overlap::Queue,
                "allow" => Overlap::Allow,
                _ => Overlap::Skip,
            };
            Spanned::new(overlap, name.span)
        });
        if fields.has("for") != fields.has("in") {
            let (there, missing) = if fields.has("for") { ("for", "in") } else { ("in", "for") };
            self.error(
                &rules::MISSING_KEY,
                fields.key_span(there),
                format!("`{there}` of a trigger needs `{missing}`"),
            );
        }
        let each = self.name(fields.get("for"));
        Some(Trigger {
            span: node.span,
            kind: self.trigger_kind(choice.key, &fields),
            flow: self.name(fields.get("flow")),
            overlap,
            retry: self.retry(fields.get("retry"), fields.key_span("retry")),
            at_start: fields.maybe("at_start").cloned(),
            each: each.map(|name| (name, self.listing(fields.get("in")))),
        })
    }

    fn trigger_kind(&mut self, kind: &str, fields: &Fields<'_>) -> TriggerKind {
        let read = match kind {
            "every" => fields.value("every").map(|interval| TriggerKind::Every { interval }),
            "cron" => fields.value("cron").map(|cron| TriggerKind::Cron {
                cron,
                timezone: fields.value("timezone"),
                misfire_grace: fields.value("misfire_grace"),
            }),
            "message" => self.text(fields.get("message")).map(|subject| TriggerKind::Message {
                subject,
                queue: self.text(fields.get("queue")),
                no_envelope: fields.get("envelope").is_some(),
            }),
            "http" => self.text(fields.get("http")).map(|route| TriggerKind::Http {
                route,
                timeout: fields.value("timeout"),
                raw_body: fields.get("body").is_some(),
            }),
            _ => self.name(fields.get("task")).map(|task| TriggerKind::Task {
                task,
                every: fields.value("every"),
                give_up_after: fields.value("give_up_after"),
                gave_up: self.name(fields.get("gave_up")),
            }),
        };
        read.unwrap_or(TriggerKind::Broken)
    }
}
