//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args as Group, Parser, Subcommand, ValueEnum};

/// Checks, tests, tries, runs and explains workflows.
#[derive(Debug, Parser)]
#[command(name = "wfctl", version, arg_required_else_help = true, max_term_width = 100)]
pub struct Args {
    /// The folder that holds workflows/, connectors/ and environments/; found from here upward when it is not given
    #[arg(long, global = true, value_name = "FOLDER")]
    pub root: Option<PathBuf>,
    /// What is logged to standard error: error, warn, info, debug, or a filter by target
    #[arg(long, global = true, value_name = "LEVEL", env = "WFCTL_LOG")]
    pub log: Option<String>,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    Validate(Validate),
    Fmt(Fmt),
    Test(Test),
    Run(Run),
    Explain(Explain),
    Serve(Serve),
    Sandbox(Sandbox),
    Connectors(Connectors),
    Call(Call),
    Runs(Runs),
    Ticks(Ticks),
    Graph(Graph),
    Schema(Schema),
    Reference(Reference),
}

impl Command {
    /// What is logged when `--log` says nothing. A service tells what it does; a command tells its result, which holds what failed.
    pub fn default_log(&self) -> &'static str {
        match self {
            Self::Serve(_) | Self::Connectors(_) => "warn,wfctl=info,wf_host=info,wf_connectors=info,wf_fleet=info",
            // a message that nobody waits for is in no report: its loss is said here
            Self::Run(_) => "error,wf_connectors::service=warn",
            _ => "error",
        }
    }
}

/// How a command answers on standard output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Output {
    #[default]
    Human,
    Json,
    /// Annotations of GitHub Actions
    Github,
}

/// Checks files: names, types, units, closed sets, unused things; every finding with its line and column
#[derive(Debug, Group)]
#[command(
    after_help = "Examples:\n  wfctl validate\n  wfctl validate workflows/{workflow} --output json\n  wfctl validate --types {place}\n  wfctl validate --diff\n  wfctl validate --diff main"
)]
pub struct Validate {
    /// Files or folders to report on; everything when none is named. The whole tree is checked in any case
    pub paths: Vec<PathBuf>,
    #[arg(long, value_enum, default_value_t)]
    pub output: Output,
    /// Prints the type of what stands at that place instead
    #[arg(long, value_name = "FILE:LINE:COLUMN")]
    pub types: Option<String>,
    /// Tells what differs from that revision of git (`HEAD` when none is named), where it is used, which workflows it touches, and which
    /// environments leave it without effect
    #[arg(long, value_name = "REV", num_args = 0..=1, default_missing_value = "HEAD")]
    pub diff: Option<String>,
}

/// Writes files as everybody writes them; what they say stays the same
#[derive(Debug, Group)]
#[command(
    after_help = "Examples:\n  wfctl fmt\n  wfctl fmt --check\n  wfctl fmt workflows/lib\n  wfctl fmt - < draft.yaml"
)]
pub struct Fmt {
    /// Files or folders; everything of the project when none is named. `-` reads standard input and prints
    pub paths: Vec<PathBuf>,
    /// Writes nothing: names the files that would change, and ends with 2 when there are some
    #[arg(long)]
    pub check: bool,
}

/// Runs cases: recorded answers in, virtual time, what must follow
#[derive(Debug, Group)]
#[command(
    after_help = "Examples:\n  wfctl test\n  wfctl test workflows/{workflow}\n  wfctl test {case} --output junit"
)]
pub struct Test {
    /// Cases, or folders with cases; all workflows' and connectors' own when none is named
    pub paths: Vec<PathBuf>,
    #[arg(long, value_enum, default_value_t)]
    pub output: TestOutput,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum TestOutput {
    #[default]
    Human,
    Json,
    Junit,
}

/// Runs a workflow once, now, in this process; or all of them through a stretch of simulated time
#[derive(Debug, Group)]
#[command(
    after_help = "Without an environment whose file says `writes: on`, writes are held back and shown.\n\nExit codes: 0 it ended, single items may have failed or be undecided (the report says which); 1 it failed, nobody could decide what follows, or all items were lost; 2 files or arguments are wrong, nothing was run.\n\nExamples:\n  wfctl run {workflow} --sandbox {scenario} --env sandbox\n  wfctl run {workflow} --sandbox {scenario} --env sandbox --set {param} --dry-run\n  wfctl run {workflow} --sandbox {scenario} --env sandbox --output json\n  wfctl run --all --until 24h --sandbox {scenario} --env sandbox"
)]
pub struct Run {
    /// The workflow: its name, its folder or its file
    #[arg(required_unless_present = "all")]
    pub workflow: Option<String>,
    /// All workflows at once on simulated vendors, each as its triggers say, until that much of the scenario's time is over. It takes as long
    /// as the work takes: where everybody waits, time jumps
    #[arg(long, requires = "sandbox", requires = "until", conflicts_with_all = ["workflow", "sets", "now", "nats", "beside"])]
    pub all: bool,
    /// The environment: the name of a file in environments/
    #[arg(long, value_name = "NAME")]
    pub env: Option<String>,
    /// Another value for a param, written as in YAML
    #[arg(long = "set", value_name = "PARAM=VALUE")]
    pub sets: Vec<String>,
    /// Holds every write back, the workflow's own memory too
    #[arg(long)]
    pub dry_run: bool,
    /// Answers from simulated vendors, by a scenario file
    #[arg(long, value_name = "SCENARIO")]
    pub sandbox: Option<PathBuf>,
    /// The clock begins at that moment instead of now, as 2022-06-01T14:00:00Z
    #[arg(long, value_name = "TIME", conflicts_with = "sandbox")]
    pub now: Option<String>,
    /// Writes what the simulated vendors were asked to change into a file, without times and ids: runs can be compared by it. A file that ends
    /// in .json gets these, too, with the request ids that explain --write takes
    #[arg(long, value_name = "FILE", requires = "sandbox")]
    pub ledger: Option<PathBuf>,
    /// Runs also while another run of the workflow goes on: both may write the same
    #[arg(long)]
    pub beside: bool,
    /// Draws what became of the simulated world into an SVG file: what was down, what was open, what was written
    #[arg(long, value_name = "FILE", requires = "sandbox")]
    pub chart: Option<PathBuf>,
    /// Stops waiting for rechecks that are due later than that: a duration, as 30m
    #[arg(long, value_name = "DURATION")]
    pub until: Option<String>,
    #[command(flatten)]
    pub bus: BusArgs,
    #[command(flatten)]
    pub store: StoreArgs,
    #[arg(long, value_enum, default_value_t)]
    pub output: Output,
}

/// Where messages travel.
#[derive(Debug, Group)]
pub struct BusArgs {
    /// A NATS server instead of the bus inside this process: nats://host:4222
    #[arg(long, value_name = "URL", env = "WFCTL_NATS", hide_env_values = true)]
    pub nats: Option<String>,
    /// The Redis that holds payloads over the bus's limit: redis://host:6379
    #[arg(long, value_name = "URL", env = "WFCTL_REDIS", hide_env_values = true, requires = "nats")]
    pub redis: Option<String>,
}

/// Where runs are written down.
#[derive(Debug, Group)]
pub struct StoreArgs {
    /// The file that holds runs, so that they can be explained
    #[arg(long, value_name = "FILE", env = STORE_VARIABLE, default_value = STORE)]
    pub store: PathBuf,
}

const STORE: &str = ".wfctl/runs.db";
const STORE_VARIABLE: &str = "WFCTL_STORE";

impl StoreArgs {
    /// What a further command has to say to find the same store: nothing where it finds it anyway.
    #[must_use]
    pub fn option(&self) -> String {
        let found = std::env::var_os(STORE_VARIABLE).unwrap_or_else(|| STORE.into());
        if self.store.as_os_str() == found { String::new() } else { format!(" --store {}", self.store.display()) }
    }
}

/// Says why: replays a recorded run; what came of an item, for which reasons, and the decisions that led there
#[derive(Debug, Group)]
#[command(
    after_help = "Examples:\n  wfctl explain last\n  wfctl explain last ITEM\n  wfctl explain last ITEM --full\n  wfctl explain last --set {param}\n  wfctl explain {workflow} ITEM --since 1d\n  wfctl explain --write TICKET\n  wfctl explain {workflow} --write TICKET --since 1d\n  wfctl explain {workflow} ITEM --output json"
)]
pub struct Explain {
    /// The run: its id, `last`, or a workflow for its last run
    #[arg(required_unless_present = "write")]
    pub run: Option<String>,
    /// What the explanation is about: a serial, a ticket, any value that an element holds
    pub item: Option<String>,
    /// Everything that happened to the item, not only what decided
    #[arg(long, requires = "item")]
    pub full: bool,
    /// All runs of a workflow since then: a moment of their time, as 2022-06-01T14:00:00Z, or how long ago, as 2h
    #[arg(long, value_name = "TIME", conflicts_with_all = ["full", "sets"])]
    pub since: Option<String>,
    /// Why something was written, told or booked: all that holds this text, in the runs of all workflows (or of the run or workflow that is
    /// named). A ticket's number, a serial, some words of a note, a request id
    #[arg(long, value_name = "TEXT", conflicts_with_all = ["item", "full", "sets"])]
    pub write: Option<String>,
    /// What would have been decided with another value for a param, written as in YAML
    #[arg(long = "set", value_name = "PARAM=VALUE", conflicts_with = "full")]
    pub sets: Vec<String>,
    #[command(flatten)]
    pub store: StoreArgs,
    #[arg(long, value_enum, default_value_t)]
    pub output: Output,
}

/// The engine: schedules and messages start runs, changed files are taken over when they are right
#[derive(Debug, Group)]
#[command(
    after_help = "Examples:\n  wfctl serve --env production --nats nats://nats:4222 --redis redis://redis:6379\n  wfctl serve --sandbox {scenario} --env sandbox"
)]
pub struct Serve {
    /// The environment: the name of a file in environments/
    #[arg(long, value_name = "NAME")]
    pub env: String,
    /// Only these workflows; all when none is named
    pub workflows: Vec<String>,
    /// Also serves the connectors in this process. Without a NATS server it always does
    #[arg(long)]
    pub with_connectors: bool,
    /// Answers from simulated vendors, by a scenario file
    #[arg(long, value_name = "SCENARIO")]
    pub sandbox: Option<PathBuf>,
    #[command(flatten)]
    pub bus: BusArgs,
    #[command(flatten)]
    pub store: StoreArgs,
    /// Once a day takes runs out of the store that began so long ago and have ended: a duration of two days at least, as 30d
    #[arg(long, value_name = "DURATION")]
    pub keep: Option<String>,
    /// Where /_health and /_ready answer
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:5000")]
    pub health: SocketAddr,
    /// Where Prometheus finds the metrics
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:9090")]
    pub metrics: SocketAddr,
}

/// What connectors offer, and connectors alone on a NATS server
#[derive(Debug, Group)]
#[command(
    after_help = "Examples:\n  wfctl connectors list\n  wfctl connectors show {connector}\n  wfctl connectors serve {connector} --env production --nats nats://nats:4222 --redis redis://redis:6379"
)]
pub struct Connectors {
    #[command(subcommand)]
    pub command: ConnectorsCommand,
}

#[derive(Debug, Subcommand)]
pub enum ConnectorsCommand {
    List(ListConnectors),
    Show(ShowConnector),
    Serve(ServeConnectors),
}

/// Lists all actions: their names, what they do, their subjects
#[derive(Debug, Group)]
#[command(after_help = "Example:\n  wfctl connectors list {connector}")]
pub struct ListConnectors {
    /// The connectors; all when none is named
    pub names: Vec<String>,
    #[arg(long, value_enum, default_value_t)]
    pub output: Output,
}

/// Shows actions: what they take and answer, their outcomes, a line that calls them
#[derive(Debug, Group)]
#[command(after_help = "Examples:\n  wfctl connectors show {connector}")]
pub struct ShowConnector {
    /// A connector, or one action as CONNECTOR.ACTION
    pub name: String,
}

/// Serves connectors on a NATS server, without workflows
#[derive(Debug, Group)]
#[command(
    after_help = "Example:\n  wfctl connectors serve {connector} --env production --nats nats://nats:4222 --redis redis://redis:6379"
)]
pub struct ServeConnectors {
    /// The connectors, or single actions of one as CONNECTOR.ACTION; all connectors when none is named
    pub names: Vec<String>,
    /// The environment: the name of a file in environments/
    #[arg(long, value_name = "NAME")]
    pub env: Option<String>,
    /// Answers from simulated vendors, by a scenario file
    #[arg(long, value_name = "SCENARIO")]
    pub sandbox: Option<PathBuf>,
    /// Writes what the simulated vendors were asked to change into a file when it stops
    #[arg(long, value_name = "FILE", requires = "sandbox")]
    pub ledger: Option<PathBuf>,
    #[command(flatten)]
    pub bus: BusArgs,
    /// The file that remembers which writes vendors were asked for, so that none goes out twice; with --redis that remembers it, for all
    /// replicas
    #[arg(long, value_name = "FILE", env = "WFCTL_STORE", default_value = ".wfctl/connectors.db")]
    pub store: PathBuf,
    /// Where /_health and /_ready answer
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:5000")]
    pub health: SocketAddr,
    /// Where Prometheus finds the metrics
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:9090")]
    pub metrics: SocketAddr,
}

/// Asks for one action by hand, and shows what is answered
///
/// What changes something goes out where --env names an environment with `writes: on`, or to simulated vendors (--sandbox); else it is only
/// shown. Exit code 1: the answer is none that a workflow would call ok.
#[derive(Debug, Group)]
#[command(
    after_help = "Examples:\n  wfctl call {call} --sandbox {scenario}\n  wfctl call {call} --env production --nats nats://nats:4222 --output json"
)]
pub struct Call {
    /// The action, as CONNECTOR.ACTION, or its subject
    pub action: String,
    /// Its inputs as NAME=VALUE; a list or an object is written as JSON
    #[arg(value_name = "NAME=VALUE")]
    pub fields: Vec<String>,
    /// A file with the inputs as a JSON object, `-` for standard input; single NAME=VALUE win
    #[arg(long, value_name = "FILE")]
    pub input: Option<PathBuf>,
    /// The environment: the name of a file in environments/
    #[arg(long, value_name = "NAME")]
    pub env: Option<String>,
    /// Asks simulated vendors, by a scenario file
    #[arg(long, value_name = "SCENARIO")]
    pub sandbox: Option<PathBuf>,
    /// Shows what would be sent; what only reads is asked all the same
    #[arg(long)]
    pub dry_run: bool,
    #[command(flatten)]
    pub bus: BusArgs,
    #[arg(long, value_enum, default_value_t)]
    pub output: Output,
}

/// Simulated vendors alone, for programs of one's own
#[derive(Debug, Group)]
#[command(after_help = "Example:\n  wfctl sandbox {scenario}")]
pub struct Sandbox {
    /// The file that says what the simulated vendors know
    pub scenario: PathBuf,
}

/// Recorded runs: lists them, shows one, goes on with one or ends it, says what nobody knows the end of
#[derive(Debug, Group)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "Without a command it lists.\n\nExamples:\n  wfctl runs\n  wfctl runs {workflow} --most 5\n  wfctl runs show last\n  wfctl runs doubts --since 1d"
)]
pub struct Runs {
    #[command(subcommand)]
    pub what: Option<OfRuns>,
    #[command(flatten)]
    pub list: ListRuns,
}

#[derive(Debug, Subcommand)]
pub enum OfRuns {
    List(ListRuns),
    Show(ShowRun),
    Resume(ResumeRun),
    Cancel(CancelRun),
    Doubts(Doubts),
    Prune(Prune),
}

/// Lists recorded runs, the newest first
#[derive(Debug, Group)]
pub struct ListRuns {
    /// Only of this workflow
    pub workflow: Option<String>,
    /// How many
    #[arg(long, value_name = "NUMBER", default_value_t = 20)]
    pub most: usize,
    /// Only those that have not ended
    #[arg(long)]
    pub unfinished: bool,
    #[command(flatten)]
    pub store: StoreArgs,
    #[arg(long, value_enum, default_value_t)]
    pub output: Output,
}

/// Shows a run: who began it, what it waits for, what it decided and sent, what of that is in doubt
#[derive(Debug, Group)]
pub struct ShowRun {
    /// The run: its id or its beginning, `last`, or a workflow for its last run
    pub run: String,
    #[command(flatten)]
    pub store: StoreArgs,
    #[arg(long, value_enum, default_value_t)]
    pub output: Output,
}

/// Goes on with a run that was killed, to its end, in this process. What `wfctl serve` began the next `serve` goes on with by itself
#[derive(Debug, Group)]
pub struct ResumeRun {
    /// The run: its id or its beginning, `last`, or a workflow for its last run
    pub run: String,
    /// The environment that its connectors get; that of the run when none is named
    #[arg(long, value_name = "NAME")]
    pub env: Option<String>,
    #[command(flatten)]
    pub bus: BusArgs,
    #[command(flatten)]
    pub store: StoreArgs,
    #[arg(long, value_enum, default_value_t)]
    pub output: Output,
}

/// Ends a run that has not ended. An engine that still drives it stops with it at once; what it had sent is not called back
#[derive(Debug, Group)]
pub struct CancelRun {
    /// The run: its id or its beginning, `last`, or a workflow for its last run
    pub run: String,
    /// Why, for whoever reads of it later
    #[arg(long, value_name = "TEXT", default_value = "cancelled by hand")]
    pub reason: String,
    #[command(flatten)]
    pub store: StoreArgs,
}

/// Lists writes and tells of which nobody knows whether they happened: sent, and no answer was recorded. Look at the vendor's whether they
/// did
#[derive(Debug, Group)]
pub struct Doubts {
    /// Only of this workflow
    pub workflow: Option<String>,
    /// Of runs since then: a moment, as 2022-06-01T14:00:00Z, or how long ago, as 2h
    #[arg(long, value_name = "TIME", default_value = "7d")]
    pub since: String,
    #[command(flatten)]
    pub store: StoreArgs,
    #[arg(long, value_enum, default_value_t)]
    pub output: Output,
}

/// Takes old runs out of the store, with what only they needed. What has not ended stays
#[derive(Debug, Group)]
pub struct Prune {
    /// Runs that began so long ago, and ticks that were due: a duration of two days at least, as 30d
    #[arg(long, value_name = "DURATION")]
    pub older: String,
    /// Takes nothing away: says how much it would be
    #[arg(long)]
    pub dry_run: bool,
    /// Also gives the free room back to the disk; nobody can write to the store meanwhile
    #[arg(long, conflicts_with = "dry_run")]
    pub compact: bool,
    #[command(flatten)]
    pub store: StoreArgs,
}

/// Says what became of the ticks of schedules, the newest first: ran, late, skipped and why, or missed
#[derive(Debug, Group)]
#[command(after_help = "Examples:\n  wfctl ticks\n  wfctl ticks {workflow} --most 50\n  wfctl ticks --not-run")]
pub struct Ticks {
    /// Only of this workflow, or of this one of its schedules, as the list names it
    pub schedule: Option<String>,
    /// How many
    #[arg(long, value_name = "NUMBER", default_value_t = 20)]
    pub most: usize,
    /// Only those that were skipped or missed
    #[arg(long)]
    pub not_run: bool,
    #[command(flatten)]
    pub store: StoreArgs,
    #[arg(long, value_enum, default_value_t)]
    pub output: Output,
}

/// Draws a workflow: what starts it, its flows with their reads, writes and guards, how they lead to each other
#[derive(Debug, Group)]
#[command(
    after_help = "A large workflow is drawn as an overview; --flow NAME shows one of its flows in full, with those around it.\n\nExamples:\n  wfctl graph {workflow} --write picture.svg\n  wfctl graph {workflow} --flow main --write main.svg\n  wfctl graph {workflow} --output mermaid"
)]
pub struct Graph {
    /// The workflow: its name, its folder or its file
    pub workflow: String,
    /// One flow in full, with what leads to it and what it leads to; `main` for the steps of the file itself
    #[arg(long, value_name = "NAME")]
    pub flow: Option<String>,
    /// Into a file instead of standard output
    #[arg(long, value_name = "FILE")]
    pub write: Option<PathBuf>,
    #[arg(long, value_enum, default_value_t)]
    pub output: GraphOutput,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum GraphOutput {
    #[default]
    Svg,
    Mermaid,
    /// Graphviz
    Dot,
    Json,
}

/// Prints the JSON Schema of a kind of file, for editors
#[derive(Debug, Group)]
#[command(
    after_help = "Put this at the top of a file:\n  # yaml-language-server: $schema=../../schemas/workflow.json\n\nExamples:\n  wfctl schema workflow\n  wfctl schema --write schemas"
)]
pub struct Schema {
    /// workflow, connector, environment, case or connector-case
    pub kind: Option<String>,
    /// Writes all of them into a folder
    #[arg(long, value_name = "FOLDER", conflicts_with = "kind")]
    pub write: Option<PathBuf>,
}

/// Writes the reference pages: rules and functions
#[derive(Debug, Group)]
#[command(after_help = "Examples:\n  wfctl reference\n  wfctl reference --check")]
pub struct Reference {
    /// The folder, docs/ of this project
    #[arg(long, value_name = "FOLDER", default_value = "docs")]
    pub write: PathBuf,
    /// Writes nothing, and fails when a page is not as it would be written
    #[arg(long)]
    pub check: bool,
}
