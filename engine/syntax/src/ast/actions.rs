//! An action of a connector (connectors.md §2).

use wf_source::{Diagnostic, Span};

use crate::{
    ast::{
        Accept, Binding, Doubt, Inputs, Name, Request, Spanned, Step, Text, Transport, TypeExpr,
        modifiers::{ACCEPT, DOUBT_KIND},
        requests::{PARTS, REQUEST_LINE, VENDOR_KEYS},
        rules,
    },
    keys::{Keys, Kind, may, must},
    read::{Fields, Reader},
    tree::{Entry, Node},
};

/// What a connector can be asked: input, request or steps, answers, output (connectors.md §3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    pub span: Span,
    pub name: Name,
    pub effect: Effect,
    /// Default `<connector>.<action>`; on a bus it may have holes.
    pub subject: Option<Text>,
    pub doc: Option<Name>,
    /// What a report of a failed call names, in this order.
    pub about: Option<Vec<Text>>,
    pub envelope: Option<Spanned<Envelope>>,
    pub input: Inputs,
    pub extra: Option<Spanned<Extra>>,
    /// `nulls: refuse`
    pub refuse_nulls: bool,
    pub needs: Vec<Name>,
    pub any_of: Vec<Name>,
    /// `let`
    pub lets: Vec<Binding>,
    /// The one request; its `answers`, `reply`, `retry` … also stand beside `steps`.
    pub request: Request,
    pub steps: Option<Vec<Step>>,
    pub output: Option<TypeExpr>,
    pub outcomes: Vec<Outcome>,
    pub accept: Option<Accept>,
    pub doubt: Option<Doubt>,
}

/// What asking does to the world: the section that the action stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Effect {
    Read,
    Write,
    Tell,
}

/// How a message on the bus is wrapped: `{request_id, body}`, not at all, or as either layout of notices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Envelope {
    Body,
    None,
    Notify,
}

/// What becomes of fields that are not declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extra {
    Scalars,
    Any,
}

/// `{created: 2xx, reopened: [472, 473], odd: {is: 400, if: …}}`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    pub name: Name,
    pub is: Vec<Name>,
    pub condition: Option<Text>,
}

static OUTCOME: Keys = Keys {
    id: "outcome",
    what: "an outcome",
    groups: &[&[
        must("is", Kind::Any(&[Kind::Text, Kind::List(&Kind::Text)]), "Its statuses."),
        may("if", Kind::Expr, "A condition on `body`, where the status is not enough."),
    ]],
};
const OUTCOME_KIND: Kind = Kind::Any(&[Kind::Text, Kind::List(&Kind::Text), Kind::Keys(&OUTCOME)]);
const INPUT: Kind = Kind::Any(&[Kind::Map("field", &Kind::Type), Kind::Name]);

pub(crate) static ACTION: Keys = Keys {
    id: "action",
    what: "an action",
    groups: &[
        &[
            may("subject", Kind::Text, "Its subject on the bus; connector.action when it is missing."),
            may("doc", Kind::Text, "A sentence that says what it does."),
            may("about", Kind::List(&Kind::Expr), "Fields that a report of a failed call names, in this order."),
            may("envelope", Kind::Word(&["body", "none", "notify"]), "How the payload stands in the message; body."),
            may("input", INPUT, "Its fields with their types, or the name of a shape."),
            may("extra", Kind::Word(&["scalars", "any"]), "Further fields that may come."),
            may("nulls", Kind::Word(&["refuse"]), "refuse: a null is bad input, because it must not become no filter."),
            may("needs", Kind::List(&Kind::Text), "Fields that must be filled: not null, empty or 0."),
            may("any_of", Kind::List(&Kind::Text), "Fields of which one must be given."),
            may("let", Kind::Map("name", &Kind::Value), "Names values before the request."),
        ],
        REQUEST_LINE,
        PARTS,
        VENDOR_KEYS,
        &[
            may("steps", Kind::Steps, "Several requests, instead of one."),
            may("output", Kind::Type, "The type of the body of a 2xx reply; `any` must be written out."),
            may("outcomes", Kind::Map("outcome", &OUTCOME_KIND), "Names of statuses: {created: 2xx, exists: 409}."),
            may("accept", ACCEPT, "Which outcomes or statuses are ok; 2xx."),
            may("doubt", DOUBT_KIND, "What to do when nobody knows whether a write happened; report."),
        ],
    ],
};

impl Reader<'_> {
    pub(crate) fn actions(&mut self, node: Option<&Node>, effect: Effect) -> Vec<Action> {
        let entries = self.section(node, "an action", Kind::Keys(&ACTION));
        entries.into_iter().filter_map(|e| self.action(e, effect)).collect()
    }

    fn action(&mut self, entry: &Entry, effect: Effect) -> Option<Action> {
        let fields = Fields::open(self, &entry.value, &ACTION, entry.key.span)?;
        let steps = fields.get("steps").map(|n| self.steps(Some(n)));
        self.check_body(&fields, entry, effect);
        let envelope = self.name(fields.get("envelope")).map(|name| {
            let envelope = match name.as_str() {
                "none" => Envelope::None,
                "notify" => Envelope::Notify,
                _ => Envelope::Body,
            };
            Spanned::new(envelope, name.span)
        });
        let extra = self
            .name(fields.get("extra"))
            .map(|name| Spanned::new(if name.as_str() == "any" { Extra::Any } else { Extra::Scalars }, name.span));
        let mut outcomes = vec![];
        for outcome in fields.get("outcomes").map(Node::entries).unwrap_or_default() {
            outcomes.extend(self.outcome(outcome));
        }
        Some(Action {
            span: entry.value.span,
            name: (&entry.key).into(),
            effect,
            subject: self.text(fields.get("subject")),
            doc: self.name(fields.get("doc")),
            about: self.exprs(fields.get("about"), "about"),
            envelope,
            input: self.inputs(fields.get("input")),
            extra,
            refuse_nulls: fields.get("nulls").is_some(),
            needs: self.names(fields.get("needs"), "needs"),
            any_of: self.names(fields.get("any_of"), "any_of"),
            lets: self.bindings(fields.get("let"), "a value"),
            request: self.request(&fields),
            steps,
            output: self.type_expr(fields.get("output")),
            outcomes,
            accept: self.accept(fields.get("accept")),
            doubt: self.doubt(fields.get("doubt"), fields.key_span("doubt")),
        })
    }

    /// `request` or `steps`, and what they give.
    fn check_body(&mut self, fields: &Fields<'_>, entry: &Entry, effect: Effect) {
        match (fields.has("request"), fields.has("steps")) {
            (true, true) => self.push(
                Diagnostic::error(
                    &rules::TWO_CHOICES,
                    fields.key_span("steps"),
                    "an action has either `request` or `steps`, not both",
                )
                .note(Some(fields.key_span("request")), "`request` stands here")
                .help("put the request into the steps"),
            ),
            (false, false) if self.transport.is_some_and(|t| t != Transport::Bus) => self.push(
                Diagnostic::error(
                    &rules::MISSING_KEY,
                    entry.key.span,
                    format!("the action `{}` needs `request` or `steps`", entry.key.text()),
                )
                .help("`request: GET /path` asks the vendor once"),
            ),
            _ => {}
        }
        let on_bus = self.transport == Some(Transport::Bus);
        if !(fields.has("output") || effect == Effect::Tell && on_bus) {
            self.push(
                Diagnostic::error(
                    &rules::MISSING_KEY,
                    entry.key.span,
                    format!("the action `{}` needs `output`", entry.key.text()),
                )
                .help("`output: list of ticket` says what a reply holds; `any` must be written out"),
            );
        }
    }

    fn outcome(&mut self, entry: &Entry) -> Option<Outcome> {
        let name = (&entry.key).into();
        if entry.value.is_map() {
            let fields = Fields::open(self, &entry.value, &OUTCOME, entry.key.span)?;
            let is = self.one_or_many(fields.get("is"), "is");
            return Some(Outcome { name, is, condition: self.expr(fields.get("if")) });
        }
        if entry.value.is_null() {
            self.error(&rules::WRONG_KIND, entry.key.span, format!("the outcome `{}` has no status", entry.key.text()));
            return None;
        }
        Some(Outcome { name, is: self.one_or_many(Some(&entry.value), entry.key.text()), condition: None })
    }
}
