//! `wfctl serve`: the engine, until it is told to stop.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use wf_check::Checked;
use wf_connectors::Serving;
use wf_console::{bind, health_router, metrics_router};
use wf_host::Workflow;
use wf_host::engine::{Engine, Left, Schedules, Settings};
use wf_host::ports::{Share, Turn, TurnError};
use wf_plan::TriggerKind;

use super::runs::prune;
use crate::args::{Output, Serve};
use crate::exit::{Exit, Refusal};
use crate::output;
use crate::stopping::told_to_stop;
use crate::tree::Tree;
use crate::wiring::watch::{BEAT, Watcher};
use crate::wiring::{self, Chosen, KeptPlans, Unfit, Wanted, World, vendors};

/// What goes on may take so long after SIGTERM; what has not ended then can be taken up again from the journal.
const GRACE: Duration = Duration::from_secs(30);

/// Everything that a set of files decides.
struct Loaded {
    checked: Checked,
    chosen: Chosen,
}

/// Serves schedules and messages; takes over changed files that are right.
pub fn serve(root: Option<&Path>, args: &Serve) -> Result<Exit, Refusal> {
    let root = Tree::root(root)?;
    // before the first look at a file: what changes while it starts is noticed
    let watcher = Watcher::new(&root);
    let tree = Tree::read(Some(&root))?;
    let loaded = match load(&tree, args) {
        Ok(loaded) => loaded,
        Err(NotTaken { text, refusal }) => {
            output::print(&text);
            return Err(refusal);
        }
    };
    super::runtime()?.block_on(run(&tree, args, loaded, watcher))
}

async fn run(tree: &Tree, args: &Serve, loaded: Loaded, mut watcher: Watcher) -> Result<Exit, Refusal> {
    let world = World::open(&args.bus, Some(&args.store.store), args.sandbox.as_deref(), None).await?;
    let _alone = alone(args, &world)?;
    if let Some(keep) = &args.keep {
        let age = prune::age("--keep", keep)?;
        tokio::spawn(prune::every_day(args.store.store.clone(), age));
    }
    // before anything runs: an engine must not begin work and then fail at a port
    let health = bind(args.health).await.map_err(|e| Refusal::failed(format!("{e}; --health names another")))?;
    let metrics = bind(args.metrics).await.map_err(|e| Refusal::failed(format!("{e}; --metrics names another")))?;
    // a world that is simulated in this process ends with it: nobody could go on in it
    let durable = world.simulated.is_none() || !answers_here(args);
    let engine = Engine::new(world.ports.clone(), Settings { durable, ..Settings::default() });
    let mut stop = Box::pin(told_to_stop()?);
    let _simulated = match &world.simulated {
        Some(simulated) if answers_here(args) => {
            simulated.subscribe(&*world.ports.bus, &loaded.chosen.workflows).await?
        }
        _ => Vec::new(),
    };
    let mut connectors = serve_connectors(args, &world, &loaded).await?;
    // said first: a run that begins at start stands below it in the log
    let mut served: Vec<String> = loaded.chosen.workflows.iter().map(|w| w.name()).collect();
    output::say(&format!(
        "serving {} in {}; health on http://{}/_health, metrics on http://{}/metrics",
        served.join(", "),
        args.env,
        health.address,
        metrics.address
    ));
    let workflows = loaded.chosen.workflows.clone();
    workflows.iter().for_each(|workflow| say_not_served(workflow));
    let left = if durable { take_up(&engine, &world, &loaded.checked).await? } else { Left::default() };
    engine.deploy(workflows, Schedules::Tick).await.map_err(|e| Refusal::failed(e.to_string()))?;
    engine.go_on(left).await;
    // they answer only now: whoever waits for health may send work at once
    let ready = {
        let engine = engine.clone();
        Arc::new(move || not_ready(&engine))
    };
    let health = health.serve(health_router(ready));
    let metrics = metrics.serve(metrics_router(world.ports.metrics.clone()));
    loop {
        tokio::select! {
            () = &mut stop => break,
            () = tokio::time::sleep(BEAT) => {}
        }
        if watcher.settled_change() {
            reload(tree, args, &world, &engine, (&mut connectors, &mut served)).await;
        }
    }
    output::say("stopping: no new work, what goes on may end");
    let left = engine.drain(GRACE).await;
    for serving in connectors {
        serving.drain().await;
    }
    health.stop().await;
    metrics.stop().await;
    if left > 0 {
        let then = if durable { "; the next engine on this store takes them up" } else { "" };
        output::say(&format!("{} had not ended after {GRACE:?}{then}", runs(left)));
    }
    Ok(Exit::Fine)
}

/// Takes over what the engine before left on this store, and says so.
async fn take_up(engine: &Engine, world: &World, checked: &Checked) -> Result<Left, Refusal> {
    let plans = KeptPlans::new(world.ports.journal.clone(), Some(checked));
    let left = engine.take_up_all(&plans).await.map_err(|e| Refusal::failed(e.to_string()))?;
    if !left.is_empty() {
        output::say(&format!("{} go on that the engine before had left", runs(left.len())));
    }
    for (run, workflow, why) in &left.refused {
        output::say(&format!(
            "run {run} of {workflow} is left as it is: {why}; wfctl runs show {run} tells of it, wfctl runs cancel {run} ends it"
        ));
    }
    Ok(left)
}

fn runs(n: usize) -> String {
    if n == 1 { "1 run".into() } else { format!("{n} runs") }
}

/// What a workflow asks for and does not get.
fn say_not_served(workflow: &Workflow) {
    for trigger in &workflow.plan.triggers {
        if let TriggerKind::Http { method, path, .. } = &trigger.kind {
            output::say(&format!(
                "{}: nobody answers at {method} {path}: `http:` triggers are checked and not served yet (docs/limits.md)",
                workflow.name()
            ));
        }
    }
}

/// Two engines on one store would each keep its schedules: the second one is refused.
fn alone(args: &Serve, world: &World) -> Result<Turn, Refusal> {
    let who = format!("wfctl serve --env {}", args.env);
    world.ports.turns.take("serve", Share::Alone, &who).map_err(|error| {
        let store = args.store.store.display();
        Refusal::failed(match error {
            TurnError::Taken(who) => format!(
                "another engine serves {store}: {who}; nothing was begun. Stop that one first, or give this one a store of its own with --store"
            ),
            TurnError::Unknown(why) => format!("nothing was begun: whether another engine serves {store} is not known: {why}"),
        })
    })
}

/// Takes changed files over, whole, or says what is wrong and goes on with the old ones.
async fn reload(
    tree: &Tree,
    args: &Serve,
    world: &World,
    engine: &Engine,
    (connectors, served): (&mut Vec<Serving>, &mut Vec<String>),
) {
    let refused = |why: &str| {
        world.ports.metrics.count(wf_host::metrics::names::RELOADS, &[("outcome", "refused")]);
        output::say(why);
        output::say("the changed files are refused whole; what ran before goes on");
    };
    let tree = match Tree::read(Some(&tree.root)) {
        Ok(tree) => tree,
        Err(refusal) => return refused(&refusal.message),
    };
    let loaded = match load(&tree, args) {
        Ok(loaded) => loaded,
        Err(NotTaken { text, refusal }) => return refused(&format!("{text}{}", refusal.message)),
    };
    let is_left = |name: &String| loaded.chosen.workflows.iter().any(|w| w.name() == *name);
    let gone: Vec<String> = served.iter().filter(|name| !is_left(name)).cloned().collect();
    if loaded.chosen.workflows.is_empty() && !gone.is_empty() {
        // a folder that is being exchanged, or is not mounted, is no wish to stop everything
        return refused(&format!("no workflow is left: {} would end", gone.join(", ")));
    }
    // the new ones answer before the old ones stop
    let new = match serve_connectors(args, world, &loaded).await {
        Ok(new) => new,
        Err(refusal) => return refused(&refusal.message),
    };
    let now: Vec<String> = loaded.chosen.workflows.iter().map(|w| w.name()).collect();
    if let Err(e) = engine.deploy(loaded.chosen.workflows, Schedules::Tick).await {
        // deploy counted it
        output::say(&format!("{e}\nthe changed files are refused whole; what ran before goes on"));
        return;
    }
    let old = std::mem::replace(connectors, new);
    tokio::spawn(async move {
        for serving in old {
            serving.drain().await;
        }
    });
    *served = now;
    let gone = if gone.is_empty() { String::new() } else { format!("; no longer served: {}", gone.join(", ")) };
    output::say(&format!("changed files are taken over; runs that go on keep what they began with{gone}"));
}

/// Why files were not taken.
struct NotTaken {
    /// Diagnostics.
    text: String,
    refusal: Refusal,
}

impl From<Refusal> for NotTaken {
    fn from(refusal: Refusal) -> Self {
        Self { text: String::new(), refusal }
    }
}

fn load(tree: &Tree, args: &Serve) -> Result<Loaded, NotTaken> {
    let checked = tree.check();
    let not_right = |found: &[wf_source::Diagnostic]| NotTaken {
        text: output::diagnostics(&checked.files, found, Output::Human),
        refusal: Refusal::wrong("the files are not right"),
    };
    if checked.has_errors() {
        return Err(not_right(&checked.diagnostics));
    }
    let wanted = Wanted { names: &args.workflows, environment: Some(&args.env), sets: &[], dry_run: false };
    match wiring::workflows(&checked, &wanted) {
        Ok(chosen) => Ok(Loaded { chosen, checked }),
        Err(Unfit::Refused(refusal)) => Err(refusal.into()),
        Err(Unfit::Found(found)) => Err(not_right(&found)),
    }
}

/// Whether connectors and simulated vendors answer in this process.
fn answers_here(args: &Serve) -> bool {
    args.bus.nats.is_none() || args.with_connectors
}

async fn serve_connectors(args: &Serve, world: &World, loaded: &Loaded) -> Result<Vec<Serving>, Refusal> {
    if !answers_here(args) {
        return Ok(Vec::new());
    }
    let connectors = vendors::called_by(&loaded.checked, &loaded.chosen.workflows);
    vendors::serve(&connectors, world, loaded.chosen.environment.as_ref()).await
}

fn not_ready(engine: &Engine) -> Vec<String> {
    let mut reasons = Vec::new();
    if !engine.ports().bus.is_connected() {
        reasons.push("the bus cannot be reached".to_owned());
    }
    if reasons.is_empty() && !engine.is_ready() {
        reasons.push("the engine is stopping".to_owned());
    }
    reasons
}
