//! `wfctl connectors serve`: connectors alone, on a bus that others share.

use std::path::Path;
use std::sync::Arc;

use wf_console::{health_router, metrics_router, serve as listen};

use crate::args::{Output, ServeConnectors};
use crate::exit::{Exit, Refusal};
use crate::output;
use crate::stopping::told_to_stop;
use crate::tree::Tree;
use crate::wiring::{World, environment, scenario, vendors};

/// Serves connectors until SIGTERM.
pub fn serve_connectors(root: Option<&Path>, args: &ServeConnectors) -> Result<Exit, Refusal> {
    if args.bus.nats.is_none() {
        return Err(Refusal::wrong("connectors alone need a bus that others share: --nats nats://host:4222"));
    }
    let tree = Tree::read(root)?;
    let checked = tree.sound(Output::Human, "nothing is served")?;
    let connectors = vendors::named(&checked, &args.names)?;
    let environment = args.env.as_deref().map(|name| environment(&checked, name)).transpose()?;
    args.ledger.as_deref().map(|file| scenario::check_writable("--ledger", file)).transpose()?;
    // replicas share their claims where they share payloads; vendors that end with this process need none
    let store = (args.bus.redis.is_none() && args.sandbox.is_none()).then_some(args.store.as_path());
    super::runtime()?.block_on(async {
        let world = World::open(&args.bus, store, args.sandbox.as_deref(), None).await?;
        let stop = told_to_stop()?;
        let _simulated = match &world.simulated {
            Some(simulated) => simulated.subscribe(&*world.ports.bus, &[]).await?,
            None => Vec::new(),
        };
        let serving = vendors::serve(&connectors, &world, environment).await?;
        let bus = world.ports.bus.clone();
        let ready = move || if bus.is_connected() { vec![] } else { vec!["the bus cannot be reached".to_owned()] };
        let failed = |e: wf_console::ServeError| Refusal::failed(e.to_string());
        let health = listen(args.health, health_router(Arc::new(ready))).await.map_err(failed)?;
        let metrics = listen(args.metrics, metrics_router(world.ports.metrics.clone())).await.map_err(failed)?;
        let subjects: usize = serving.iter().map(wf_connectors::Serving::subjects).sum();
        let names: Vec<&str> = connectors.iter().map(|c| c.connector.name.as_str()).collect();
        output::say(&format!(
            "serving {} on {subjects} subjects; health on http://{}/_health",
            names.join(", "),
            health.address
        ));
        stop.await;
        output::say("stopping: requests under way are answered");
        for serving in serving {
            serving.drain().await;
        }
        health.stop().await;
        metrics.stop().await;
        if let (Some(path), Some(simulated)) = (&args.ledger, &world.simulated) {
            simulated.write_ledger(path)?;
        }
        Ok(Exit::Fine)
    })
}
