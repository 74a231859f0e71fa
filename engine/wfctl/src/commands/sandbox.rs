//! `wfctl sandbox`

use crate::args::Sandbox;
use crate::exit::{Exit, Refusal};
use crate::output;
use crate::wiring::Simulated;
use crate::wiring::scenario::Pace;

/// Simulated vendors until Ctrl-C.
pub fn sandbox(args: &Sandbox) -> Result<Exit, Refusal> {
    super::runtime()?.block_on(async {
        let simulated = Simulated::start(&args.scenario, Pace::Real)?;
        for (connector, key, value) in simulated.running.settings() {
            output::print(&format!("{connector}.{key} = {value}\n"));
        }
        for (host, address) in simulated.routes() {
            output::print(&format!("{host} listens on http://{address}\n"));
        }
        output::say("simulated vendors run; Ctrl-C ends them");
        let _ = tokio::signal::ctrl_c().await;
        Ok(Exit::Fine)
    })
}
