//! What a picture shows.

/// A workflow as a picture: what starts it, its flows, how they lead to each other, and the tables and params they use.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    pub workflow: String,
    pub title: String,
    /// What part of the workflow this is; `None`: all of it, in full.
    pub view: Option<String>,
    pub starts: Vec<Start>,
    pub flows: Vec<Flow>,
    pub edges: Vec<Edge>,
    pub tables: Vec<Table>,
    pub params: Vec<Param>,
}

/// A trigger.
#[derive(Clone, Debug)]
pub struct Start {
    /// `every`, `cron`, `message`, `http`, `task`
    pub word: &'static str,
    /// `10m`
    pub text: String,
    /// `also at start`
    pub details: Vec<String>,
    /// Numbers of the params it uses.
    pub params: Vec<usize>,
}

/// A flow, or the main steps.
#[derive(Clone, Debug, Default)]
pub struct Flow {
    pub name: String,
    pub doc: Option<String>,
    pub inputs: Vec<String>,
    /// `path:line:column`
    pub place: String,
    pub lines: Vec<Line>,
    /// Numbers of the tables and params that it uses.
    pub tables: Vec<usize>,
    pub params: Vec<usize>,
    /// It stands beside what the picture is about: drawn without its lines.
    pub aside: bool,
}

/// A step, or a reason of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// How many loops and blocks it stands in.
    pub depth: usize,
    pub act: Act,
    /// `tickets.find`, `ticket in open`, the reason of a guard
    pub text: String,
    /// `if x == null`, `where …`, `parallel 5`
    pub details: Vec<String>,
    pub place: String,
}

/// What a line does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    Read,
    Write,
    Tell,
    Run,
    For,
    OnError,
    Let,
    Set,
    Skip,
    Stop,
    Fail,
    Return,
    Recheck,
    Defer,
    Cancel,
    Metric,
}

impl Act {
    /// As it is written in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Tell => "tell",
            Self::Run => "run",
            Self::For => "for",
            Self::OnError => "on error",
            Self::Let => "let",
            Self::Set => "set",
            Self::Skip => "skip",
            Self::Stop => "stop",
            Self::Fail => "fail",
            Self::Return => "return",
            Self::Recheck => "recheck",
            Self::Defer => "defer",
            Self::Cancel => "cancel",
            Self::Metric => "metric",
        }
    }
}

/// One flow leads to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
    pub from: End,
    /// The number of a flow.
    pub to: usize,
    pub how: How,
}

/// Where an edge begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    Start(usize),
    Flow(usize),
}

/// When the other one runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    Now,
    /// By a recheck, or when a task was given up.
    Later,
}

/// A decision table.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// `grade(item)`
    pub title: String,
    /// `heavy: item.weight > 5`
    pub computed: Vec<String>,
    pub columns: Vec<String>,
    /// As many cells as columns, empty ones for any, then the value.
    pub rows: Vec<Vec<String>>,
}

/// A number of the analysts.
#[derive(Clone, Debug, Default)]
pub struct Param {
    pub name: String,
    /// With its unit; empty: the environment must set it.
    pub default: String,
    pub doc: String,
}
