//! `wfctl runs cancel`

use jiff::Timestamp;

use crate::args::CancelRun;
use crate::commands::explain::open;
use crate::exit::{Exit, Refusal};
use crate::explain::recorded::{Recorded, find};
use crate::output;

/// Ends a run that has not ended.
pub fn cancel(args: &CancelRun) -> Result<Exit, Refusal> {
    crate::commands::runtime()?.block_on(async {
        let store = open(&args.store)?;
        let recorded = Recorded::read(&store, find(&store, &args.run).await?).await?;
        // without its plan it can be ended, too, only not told of
        let plan = recorded.plan(&store).await.ok();
        let ended = wf_host::cancel(&store, recorded.run, plan, &args.reason, Timestamp::now()).await;
        ended.map_err(|e| Refusal::failed(format!("nothing was ended: {e}")))?;
        output::say(&format!("run {} of {} is ended", recorded.run, recorded.workflow));
        let left = wf_host::doubts::doubts(&recorded.records).len();
        if left > 0 {
            output::say(&format!("of what it sent, the end of {left} is not known: wfctl runs show {}", recorded.run));
        }
        Ok(Exit::Fine)
    })
}
