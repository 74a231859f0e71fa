//! `wfctl runs list`

use serde_json::Value as Json;

use crate::args::ListRuns;
use crate::commands::explain::{json as wants_json, open};
use crate::exit::{Exit, Refusal};
use crate::explain::{Listed, listed, table};
use crate::output;

/// Lists recorded runs, the newest first.
pub fn list(args: &ListRuns) -> Result<Exit, Refusal> {
    let json = wants_json(args.output, "runs")?;
    crate::commands::runtime()?.block_on(async {
        let store = open(&args.store)?;
        let runs = listed(&store, args.workflow.as_deref(), args.most, args.unfinished).await;
        let runs = runs.map_err(|e| Refusal::failed(e.to_string()))?;
        if json {
            output::print_json(&Json::Array(runs.iter().map(Listed::json).collect()));
        } else if runs.is_empty() {
            output::say(&nothing(args.workflow.as_deref()));
        } else {
            output::print(&table(&runs));
        }
        Ok(Exit::Fine)
    })
}

fn nothing(workflow: Option<&str>) -> String {
    workflow.map_or_else(|| "nothing was recorded yet".into(), |name| format!("no run of {name} was recorded"))
}
