//! A workflow, or a library (language.md §5).

use wf_source::Span;

use crate::{
    ast::{
        Binding, CallRule, Defaults, Define, Field, Flow, Http, Inputs, Metrics, Name, ParamEntry, Step, Table,
        TellPolicy, Text, Trigger,
        calls::{CALL_RULE, DEFAULTS, TELL},
        flows::{FLOW, INPUTS},
        http::HTTP,
        metrics::METRICS_KIND,
        params::PARAM_KIND,
        tables::TABLE,
        triggers::TRIGGER,
        types::{ENUM_KIND, SHAPE_KIND},
    },
    keys::{Key, Keys, Kind, may, must},
    read::{Fields, Reader},
    tree::Node,
};

/// Whether a file runs, or lends its names to others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FileRole {
    #[default]
    Workflow,
    Library,
}

/// The sections of a workflow or library, as language.md §5 lists them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workflow {
    pub span: Span,
    pub role: FileRole,
    /// `None` when it is missing or wrong.
    pub name: Option<Name>,
    pub title: Option<Name>,
    /// Paths of libraries, relative to this file.
    pub uses: Vec<Text>,
    pub triggers: Vec<Trigger>,
    pub inputs: Inputs,
    pub http: Option<Http>,
    pub params: Vec<ParamEntry>,
    pub constants: Vec<Binding>,
    pub shapes: Vec<Field>,
    pub enums: Vec<Field>,
    pub types: Vec<Field>,
    pub tables: Vec<Table>,
    pub define: Vec<Define>,
    pub metrics: Option<Metrics>,
    pub pools: Vec<Binding>,
    pub calls: Vec<CallRule>,
    pub tell: Option<TellPolicy>,
    pub defaults: Option<Defaults>,
    pub flows: Vec<Flow>,
    /// The main flow; `None` when the file has none.
    pub steps: Option<Vec<Step>>,
}

static SHARED: &[Key] = &[
    may("title", Kind::Text, "What it does, in one sentence."),
    may("uses", Kind::List(&Kind::Text), "Libraries whose names this file sees: paths relative to it."),
    may("params", Kind::Map("param", &PARAM_KIND), "The numbers and words that an environment may change."),
    may("constants", Kind::Map("NAME", &Kind::Value), "Literal values in upper case: regexes, lists, names."),
    may("tables", Kind::Map("table", &Kind::Keys(&TABLE)), "Decisions by rows and columns."),
    may("define", Kind::Map("name(arguments)", &Kind::Value), "Named expressions and objects."),
    may("flows", Kind::Map("flow", &Kind::Keys(&FLOW)), "Named blocks of steps."),
    may("tell", Kind::Keys(&TELL), "How failed calls are reported."),
    may("metrics", METRICS_KIND, "Counters, gauges and histograms."),
];
static TYPES: &[Key] = &[
    may("shapes", Kind::Map("shape", &SHAPE_KIND), "Named objects: fields with their types."),
    may("enums", Kind::Map("enum", &ENUM_KIND), "Named sets of texts."),
    may("types", Kind::Map("type", &Kind::Type), "Other named types."),
];

pub(crate) static WORKFLOW: Keys = Keys {
    id: "workflow",
    what: "a workflow",
    groups: &[
        &[must("workflow", Kind::Name, "The name of the workflow; its folder has the same.")],
        SHARED,
        TYPES,
        &[
            may(
                "triggers",
                Kind::List(&Kind::Choices(&TRIGGER)),
                "What starts it: schedules, messages, http requests, tasks.",
            ),
            may("inputs", INPUTS, "What a trigger from outside hands over, with types."),
            may("http", Kind::Keys(&HTTP), "The server of its http triggers."),
            may("pools", Kind::Map("pool", &Kind::Literal("a number")), "Caps shared by all loops that name them."),
            may(
                "calls",
                Kind::Map("connector.action", &Kind::Keys(&CALL_RULE)),
                "What holds for every call of an action.",
            ),
            may("defaults", Kind::Keys(&DEFAULTS), "What holds for all steps."),
            may("steps", Kind::Steps, "The main flow."),
        ],
    ],
};

pub(crate) static LIBRARY: Keys = Keys {
    id: "library",
    what: "a library",
    groups: &[&[must("library", Kind::Name, "The name of the library.")], SHARED, TYPES],
};

impl Reader<'_> {
    /// A workflow or a library, by its first key.
    pub(crate) fn workflow(&mut self, root: &Node) -> Workflow {
        let role = if root.get("library").is_some() && root.get("workflow").is_none() {
            FileRole::Library
        } else {
            FileRole::Workflow
        };
        let keys = if role == FileRole::Library { &LIBRARY } else { &WORKFLOW };
        let Some(fields) = Fields::open(self, root, keys, first_key(root)) else {
            return Workflow::empty(root.span, role);
        };
        let name = if role == FileRole::Library { fields.get("library") } else { fields.get("workflow") };
        Workflow {
            name: self.name(name),
            title: self.name(fields.get("title")),
            uses: self.texts(fields.get("uses"), "uses"),
            triggers: self.triggers(fields.maybe("triggers")),
            inputs: self.inputs(fields.maybe("inputs")),
            http: self.http(fields.maybe("http"), fields.key_span("http")),
            params: self.params(fields.get("params")),
            constants: self.bindings(fields.get("constants"), "a constant"),
            shapes: self.shapes(fields.get("shapes")),
            enums: self.enums(fields.get("enums")),
            types: self.fields(fields.get("types")),
            tables: self.tables(fields.get("tables")),
            define: self.defines(fields.get("define")),
            metrics: self.metrics(fields.get("metrics")),
            pools: self.bindings(fields.maybe("pools"), "a pool"),
            calls: self.call_rules(fields.maybe("calls")),
            tell: self.tell_policy(fields.get("tell"), fields.key_span("tell")),
            defaults: self.defaults(fields.maybe("defaults"), fields.key_span("defaults")),
            flows: self.flows(fields.get("flows")),
            steps: fields.maybe("steps").map(|n| self.steps(Some(n))),
            ..Workflow::empty(root.span, role)
        }
    }
}

impl Workflow {
    fn empty(span: Span, role: FileRole) -> Self {
        Self {
            span,
            role,
            name: None,
            title: None,
            uses: vec![],
            triggers: vec![],
            inputs: Inputs::None,
            http: None,
            params: vec![],
            constants: vec![],
            shapes: vec![],
            enums: vec![],
            types: vec![],
            tables: vec![],
            define: vec![],
            metrics: None,
            pools: vec![],
            calls: vec![],
            tell: None,
            defaults: None,
            flows: vec![],
            steps: None,
        }
    }
}

/// Where a missing key of the whole file is reported.
pub(crate) fn first_key(root: &Node) -> Span {
    root.entries().first().map_or(root.span.begin(), |e| e.key.span)
}
