//! Checking everything: the files of this repository, and the drafts of all workflows beside it where they are there.
//!
//! `cargo bench -p wf-check`. Fails when the files of this repository take more than 100 ms; the drafts show what comes.

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "a benchmark reads files and the clock, and prints"
)]

#[path = "../tests/support/mod.rs"]
mod support;

use std::hint::black_box;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use wf_check::{Project, check};

const RUNS: usize = 15;
const MOST: Duration = Duration::from_millis(100);

fn main() -> ExitCode {
    let root = support::root();
    let drafts = root.join("../shared/design/prototypes");
    let median = measure("this repository", &support::tree(&root));
    if drafts.is_dir() {
        measure("the drafts", &support::tree(&drafts));
    }
    if median <= MOST { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The median.
fn measure(name: &str, tree: &Project) -> Duration {
    let mut times: Vec<Duration> = (0..RUNS)
        .map(|_| {
            let begin = Instant::now();
            black_box(check(black_box(tree)));
            begin.elapsed()
        })
        .collect();
    times.sort();
    let median = times.get(RUNS / 2).copied().unwrap_or_default();
    let bytes: usize = tree.iter().map(|(_, text)| text.len()).sum();
    println!("{name}: {} files, {} kB: {median:.1?}, at most {MOST:.0?}", tree.iter().count(), bytes / 1_000);
    median
}
