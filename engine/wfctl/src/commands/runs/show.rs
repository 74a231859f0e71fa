//! `wfctl runs show`

use crate::args::ShowRun;
use crate::commands::explain::{json as wants_json, open};
use crate::exit::{Exit, Refusal};
use crate::explain::recorded::{Recorded, find};
use crate::explain::{Doubtful, doubts_of, doubts_table, outlined};
use crate::output;

/// Shows one run.
pub fn show(args: &ShowRun) -> Result<Exit, Refusal> {
    let json = wants_json(args.output, "runs show")?;
    crate::commands::runtime()?.block_on(async {
        let store = open(&args.store)?;
        let recorded = Recorded::read(&store, find(&store, &args.run).await?).await?;
        let doubts = doubts_of(&store, &recorded).await;
        if json {
            output::print_json(&serde_json::json!({
                "run": recorded.run.to_text(),
                "workflow": recorded.workflow,
                "plan": recorded.plan_hash(),
                "begun_by": recorded.origin().by,
                "taken_up": recorded.taken_up(),
                "started": recorded.started.to_string(),
                "ended": recorded.ended.as_ref().map(|end| end.at.to_string()),
                "records": recorded.records.len(),
                "doubts": doubts.iter().map(Doubtful::json).collect::<Vec<_>>(),
            }));
            return Ok(Exit::Fine);
        }
        // an outline needs the plan of a run that is not over; all else is told without it
        match outlined(&store, &recorded, false).await {
            Ok(outline) => output::print(&outline),
            Err(why) => output::print(&format!("{}\n{}\n", recorded.heading(), why.message)),
        }
        let by = recorded.origin().by;
        let by = if by.is_empty() { String::new() } else { format!("begun by {by}; ") };
        let taken = match recorded.taken_up() {
            0 => String::new(),
            1 => "; taken up by another engine".into(),
            n => format!("; taken up by another engine {n} times"),
        };
        output::print(&format!("\n{by}{} records, plan {}{taken}\n", recorded.records.len(), recorded.plan_hash()));
        if !doubts.is_empty() {
            output::print(&format!("\nnobody knows whether this happened:\n{}", doubts_table(&doubts)));
        }
        Ok(Exit::Fine)
    })
}
