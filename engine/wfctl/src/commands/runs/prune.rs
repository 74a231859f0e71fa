//! `wfctl runs prune`

use std::path::PathBuf;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use wf_local::SqliteStore;

use crate::args::Prune;
use crate::commands::explain::open;
use crate::exit::{Exit, Refusal};
use crate::output;

/// Whoever takes up what another engine left looks back by a day: nothing younger than two goes.
const LEAST: SignedDuration = SignedDuration::from_hours(48);

/// How often an engine that serves does it.
const EVERY: Duration = Duration::from_secs(24 * 60 * 60);

/// How old what goes must be.
pub fn age(option: &str, text: &str) -> Result<SignedDuration, Refusal> {
    let age = wf_value::duration::parse(text).filter(|age| *age >= LEAST);
    age.ok_or_else(|| Refusal::wrong(format!("{option} {text}: write a duration of two days at least, as 30d")))
}

fn before(age: SignedDuration) -> Timestamp {
    Timestamp::now().saturating_sub(age).unwrap_or(Timestamp::MIN)
}

/// Takes old runs out of a store, now and once a day, until it is dropped.
pub async fn every_day(store: PathBuf, age: SignedDuration) {
    loop {
        let pruned = match SqliteStore::open(&store) {
            Ok(store) => store.prune(before(age)).await,
            Err(error) => Err(error),
        };
        match pruned {
            Ok(gone) if gone.runs > 0 => tracing::info!(runs = gone.runs, ticks = gone.ticks, "old runs are gone"),
            Ok(_) => {}
            Err(error) => tracing::error!(%error, "old runs could not be taken out of the store"),
        }
        tokio::time::sleep(EVERY).await;
    }
}

/// Takes old runs out of the store.
pub fn prune(args: &Prune) -> Result<Exit, Refusal> {
    let before = before(age("--older", &args.older)?);
    let failed = |e: wf_local::StoreError| Refusal::failed(e.to_string());
    crate::commands::runtime()?.block_on(async {
        let store = open(&args.store)?;
        if args.dry_run {
            let runs = store.older(before).await.map_err(failed)?;
            output::say(&format!("{} would go", counted(runs, "run")));
            return Ok(Exit::Fine);
        }
        let gone = store.prune(before).await.map_err(failed)?;
        let (runs, ticks) = (counted(gone.runs, "run"), counted(gone.ticks, "tick"));
        output::say(&format!("{runs}, {ticks} and {} are gone", counted(gone.payloads, "payload")));
        drop(store);
        if args.compact {
            SqliteStore::compact(&args.store.store).map_err(failed)?;
        }
        Ok(Exit::Fine)
    })
}

fn counted(n: u64, what: &str) -> String {
    if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") }
}
