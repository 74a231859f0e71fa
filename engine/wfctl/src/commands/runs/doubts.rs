//! `wfctl runs doubts`

use std::sync::Arc;

use jiff::Timestamp;
use wf_connectors::KeptClaims;
use wf_host::clock::RealClock;
use wf_host::ports::{EMBEDDED, Journal, KeyStores};
use wf_local::{SqliteKeys, SqliteStore};

use crate::args::Doubts;
use crate::commands::explain::{json as wants_json, open};
use crate::exit::{Exit, Refusal};
use crate::explain::recorded::Recorded;
use crate::explain::{Doubtful, Since, doubts_of, doubts_table};
use crate::output;

/// Runs that are looked through.
const LOOKED_THROUGH: usize = 10_000;

/// Lists writes and tells of which nobody knows whether they happened.
pub fn doubts(args: &Doubts) -> Result<Exit, Refusal> {
    let json = wants_json(args.output, "runs doubts")?;
    let since = Since::parse(&args.since)?;
    crate::commands::runtime()?.block_on(async {
        let store = Arc::new(open(&args.store)?);
        let runs = store.runs(None, LOOKED_THROUGH).await.map_err(|e| Refusal::failed(e.to_string()))?;
        let now = Timestamp::now();
        let mut found = Vec::new();
        for info in runs.iter().rev().filter(|info| since.holds(info, now)) {
            let of = args.workflow.as_deref();
            if of.is_some_and(|of| info.workflow != of && info.workflow.split('@').next() != Some(of)) {
                continue;
            }
            let recorded = Recorded::read(&*store, info.run).await?;
            found.extend(doubts_of(&*store, &recorded).await);
        }
        if args.workflow.is_none() {
            let known: Vec<String> = found.iter().map(|doubt: &Doubtful| doubt.request_id.clone()).collect();
            let claimed = claimed(store).await?;
            found.extend(claimed.into_iter().filter(|doubt| !known.contains(&doubt.request_id)));
        }
        if json {
            output::print_json(&found.iter().map(Doubtful::json).collect());
        } else if found.is_empty() {
            output::say("nothing is in doubt");
        } else {
            output::print(&doubts_table(&found));
        }
        Ok(Exit::Fine)
    })
}

/// What connectors asked a vendor for and remember no reply to: messages that nobody waits for are found only there.
async fn claimed(store: Arc<SqliteStore>) -> Result<Vec<Doubtful>, Refusal> {
    let keys = SqliteKeys::new(store, Arc::new(RealClock)).open(EMBEDDED);
    let keys = keys.map_err(|e| Refusal::failed(e.to_string()))?;
    let claimed = KeptClaims::new(keys).doubtful().await.map_err(|e| Refusal::failed(e.to_string()))?;
    Ok(claimed.into_iter().map(|claim| Doubtful::claimed(claim.action, claim.request_id, claim.since)).collect())
}
