//! Benchmark B1: one cycle of a monitor that watches N edges, on the engine with its stores and its bus in memory, beside what decoding the
//! same answers costs. Peers stand in the same process and answer at once with bytes prepared beforehand; every request is encoded, every
//! answer decoded, as over a broker. The peak of memory is that of the first cycle of a process.
//!
//! `cargo bench -p wf-cases --bench cycle` measures 100, 1,000, 5,000 and 50,000 edges, each in a process of its own, with logs at the level
//! of `wfctl serve` and without, and fails when a figure is over its limit; `-- N` measures N edges here, `-- N quiet` without logs.

#![allow(clippy::print_stdout, clippy::expect_used, clippy::disallowed_methods, reason = "a benchmark")]

mod answers;
mod cycle;
#[path = "../shared/mod.rs"]
mod shared;

use std::process::{Command, ExitCode};
use std::sync::Arc;

use answers::Answers;
use bytes::Bytes;
use cycle::Cycle;
use shared::meter::{Cost, all_of, decoding, least, median};
use wf_value::Decoder;

/// Against `serde_json::from_slice::<Value>` over the same bytes, and against our own decoder: processor time.
const OF_SERDE: f64 = 0.6;
const OF_OURS: f64 = 3.0;
/// MiB above the encoded answers, for 5,000 edges.
const MEMORY: f64 = 90.0;
/// What an edge of 50,000 costs beside one of 5,000.
const GROWTH: f64 = 1.2;

/// The level at which `wfctl serve` logs.
const LEVEL: &str = "warn,wfctl=info,wf_host=info,wf_connectors=info,wf_fleet=info";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with("--")).collect();
    match args.first().and_then(|n| n.parse().ok()) {
        Some(edges) => {
            measure(edges, args.iter().any(|arg| arg == "quiet"));
            ExitCode::SUCCESS
        }
        None => measure_all(),
    }
}

/// Each size in a process of its own, so that none finds memory that another one left.
fn measure_all() -> ExitCode {
    let of = |edges: usize, quiet: bool| -> Vec<f64> {
        let mut command = Command::new(std::env::current_exe().expect("this program"));
        command.arg(edges.to_string()).args(quiet.then_some("quiet"));
        let output = command.output().expect("a process");
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
        let (shown, figures) = text.trim_end().rsplit_once('\n').expect("lines");
        println!("{shown}\n");
        figures.split_whitespace().filter_map(|f| f.parse().ok()).collect()
    };
    for edges in [100, 1_000] {
        of(edges, false);
        of(edges, true);
    }
    let (loud, quiet, large) = (of(5_000, false), of(5_000, true), of(50_000, false));
    let mut held = true;
    let mut hold = |what: &str, figure: f64, most: f64| {
        held &= figure <= most;
        println!("{what}: {figure:.2}, at most {most}{}", if figure <= most { "" } else { " - TOO MUCH" });
    };
    for (name, figures) in [("with logs", loud.as_slice()), ("without logs", &quiet)] {
        let &[_, serde, ours, memory] = figures else { panic!("{figures:?}") };
        hold(&format!("5,000 edges {name}, CPU of serde_json"), serde, OF_SERDE);
        hold(&format!("5,000 edges {name}, CPU of our decoder"), ours, OF_OURS);
        hold(&format!("5,000 edges {name}, MiB above the answers"), memory, MEMORY);
    }
    hold("an edge of 50,000 beside one of 5,000", large[0] / loud[0], GROWTH);
    if held { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Prints what N edges cost; the last line is for [`measure_all`]: CPU of an edge, ratios to both decoders, memory.
fn measure(edges: usize, quiet: bool) {
    if !quiet {
        let null = std::fs::File::options().write(true).open("/dev/null").expect("a null device");
        tracing_subscriber::fmt().with_env_filter(LEVEL).with_writer(null).with_ansi(false).init();
    }
    let runs = if edges > 5_000 { 3 } else { 9 };
    let answers = Arc::new(Answers::of(edges));
    let workflow = cycle::workflow();
    let runtime = tokio::runtime::Runtime::new().expect("threads");
    // as `wfctl serve` does it: on the threads of the runtime
    let cycle = || {
        let running = runtime.spawn(cycle::run(workflow.clone(), answers.clone(), None));
        runtime.block_on(running).expect("a cycle that came out right")
    };
    let cold = cycle();
    let given = &cold.asked.given;
    let mut costs: [Vec<Cost>; 3] = Default::default();
    for _ in 0..runs {
        // taking turns, so that what else the machine does falls on all of them
        costs[0].push(cycle().cost);
        costs[1].push(decoding(given, Decoder::new, all_of));
        costs[2].push(decoding(given, || (), |(), bytes| serde_json::from_slice::<serde_json::Value>(bytes).ok()));
    }
    report(edges, quiet, &cold, &answers, &costs);
}

fn report(edges: usize, quiet: bool, cold: &Cycle, answers: &Answers, costs: &[Vec<Cost>; 3]) {
    let requests: usize = cold.asked.counts.values().sum();
    let decoded: usize = cold.asked.given.iter().flatten().map(Bytes::len).sum();
    let logs = if quiet { "no logs" } else { "logs as shipped" };
    println!(
        "N = {edges}, {logs}: {requests} requests, {} forwards, {:.1} MB decoded, median (least) of {}",
        edges / 10,
        decoded as f64 / 1e6,
        costs[0].len()
    );
    let cpu = |of: usize| median(costs[of].iter().map(|c| c.cpu));
    for (name, costs) in ["a cycle", "our decoder", "serde_json::Value"].into_iter().zip(costs) {
        let (wall, best_wall) = (median(costs.iter().map(|c| c.wall)), least(costs.iter().map(|c| c.wall)));
        let (cpu, best_cpu) = (median(costs.iter().map(|c| c.cpu)), least(costs.iter().map(|c| c.cpu)));
        println!("  {name:18} wall {wall:8.1} ms ({best_wall:.1}), CPU {cpu:8.1} ms ({best_cpu:.1})");
    }
    let above = cold.peak - cold.before;
    println!("  first cycle        wall {:8.1} ms, CPU {:8.1} ms", cold.cost.wall, cold.cost.cpu);
    println!(
        "  memory             {:.1} MiB before (answers {:.1}), at most {:.1}: {above:.1} above",
        cold.before,
        answers.size() as f64 / f64::from(1 << 20),
        cold.peak
    );
    println!("  CPU: {:.2} of serde_json, {:.2} of our decoder", cpu(0) / cpu(2), cpu(0) / cpu(1));
    println!("{} {} {} {above}", cpu(0) / edges as f64, cpu(0) / cpu(2), cpu(0) / cpu(1));
}
