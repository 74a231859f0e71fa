//! `wfctl run`

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use wf_connectors::Serving;
use wf_host::Workflow;
use wf_host::driver::{Progress, report_value, so_far_value};
use wf_host::engine::{Engine, Finished, Once, Settings};
use wf_host::ports::{Subscription, Turn, TurnError};
use wf_machine::{Limits, Writes};
use wf_plan::Plan;
use wf_source::Files;

use super::together;
use crate::args::{Output, Run, StoreArgs};
use crate::exit::{Exit, Refusal};
use crate::output;
use crate::sheet::Sheet;
use crate::show::{self, Ending};
use crate::stopping::{Early, told_to_stop};
use crate::tree::Tree;
use crate::wiring::{self, Chosen, Unfit, Wanted, World, scenario, stands_in_for, vendors};

/// Messages that nobody waits for may take so long after a run to be handed on.
const GRACE: Duration = Duration::from_secs(30);

/// Nothing new begins; what was sent is seen through, so that the store knows whether it happened.
const STOPPING: &str = "stopping: writes under way are waited for; a second signal ends it at once";
const STOPPED: &str = "stopped before the end; what was done so far is in the store: wfctl explain last";

/// Runs a workflow once, waits for its rechecks, and says what it decided; or all of them through a stretch of simulated time.
pub fn run(root: Option<&Path>, args: &Run) -> Result<Exit, Refusal> {
    let early = Early::say("stopped before it began; nothing was run")?;
    let tree = Tree::read(root)?;
    let checked = tree.sound(args.output, "nothing was run")?;
    let names: Vec<String> = args.workflow.iter().cloned().collect();
    let wanted = Wanted { names: &names, environment: args.env.as_deref(), sets: &args.sets, dry_run: args.dry_run };
    // on a bus that is shared with other processes they answer there
    let elsewhere = |plan: &Plan| args.bus.nats.is_some() || args.sandbox.is_some() && stands_in_for(plan);
    let (chosen, called) = match wiring::with_called(&checked, &wanted, elsewhere) {
        Ok(both) => both,
        Err(Unfit::Refused(refusal)) => return Err(refusal),
        Err(Unfit::Found(found)) => {
            output::print(&output::diagnostics(&checked.files, &found, args.output));
            let none = if args.env.is_none() { "; no environment was named: --env NAME" } else { "" };
            return Err(Refusal::wrong(format!("nothing was run: params are not right{none}")));
        }
    };
    let until = args.until.as_deref().map(duration).transpose()?;
    let now = args.now.as_deref().map(moment).transpose()?;
    for (option, file) in [("--ledger", &args.ledger), ("--chart", &args.chart)] {
        file.as_deref().map(|file| scenario::check_writable(option, file)).transpose()?;
    }
    if let (true, Some(scenario), Some(until)) = (args.all, &args.sandbox, until) {
        return together::run(&checked, &chosen, (scenario, until), args, early);
    }
    super::runtime()?.block_on(async {
        let world = World::open(&args.bus, Some(&args.store.store), args.sandbox.as_deref(), now).await?;
        let settings =
            Settings { keep_reads: true, own_rechecks: true, limits: Limits::default(), ..Settings::default() };
        let engine = Engine::new(world.ports.clone(), settings);
        let answering = serve(&checked, &chosen, &called, &world, &engine).await?;
        let exit = run_all(&world, &engine, &chosen, (until, args), &checked.files, early).await;
        answering.drain().await;
        if let (Some(path), Some(simulated)) = (&args.ledger, &world.simulated) {
            simulated.write_ledger(path)?;
        }
        if let (Some(path), Some(simulated)) = (&args.chart, &world.simulated) {
            simulated.write_chart(path)?;
        }
        exit
    })
}

/// Whoever answers in this process. On a bus that is shared with other processes the connectors there answer.
pub(super) struct Answering {
    connectors: Vec<Serving>,
    /// Workflows that are called, and simulated ones.
    _others: Vec<Subscription>,
}

impl Answering {
    /// Messages that nobody waited for are still on their way to the vendor when the run is over.
    pub(super) async fn drain(self) {
        drain(self.connectors).await;
    }
}

/// Waits until what was sent to these connectors is handed on.
pub(super) async fn drain(connectors: Vec<Serving>) {
    let drained = async {
        for serving in connectors {
            serving.drain().await;
        }
    };
    if tokio::time::timeout(GRACE, drained).await.is_err() {
        output::say(&format!("some messages were not handed on within {GRACE:?}: a vendor does not answer"));
    }
}

pub(super) async fn serve(
    checked: &wf_check::Checked,
    chosen: &Chosen,
    called: &[Arc<Workflow>],
    world: &World,
    engine: &Engine,
) -> Result<Answering, Refusal> {
    if world.shared_bus {
        return Ok(Answering { connectors: Vec::new(), _others: Vec::new() });
    }
    let all: Vec<_> = chosen.workflows.iter().chain(called).cloned().collect();
    let connectors = vendors::called_by(checked, &all);
    let environment = chosen.environment.as_ref();
    let connectors = vendors::serve(&connectors, world, environment).await?;
    let answered = engine.answer_messages(called).await;
    let mut others = answered.map_err(|e| Refusal::failed(e.to_string()))?;
    if let Some(simulated) = &world.simulated {
        others.extend(simulated.subscribe(&*world.ports.bus, called).await?);
    }
    Ok(Answering { connectors, _others: others })
}

async fn run_all(
    world: &World,
    engine: &Engine,
    chosen: &Chosen,
    (until, args): (Option<SignedDuration>, &Run),
    files: &Files,
    early: Early,
) -> Result<Exit, Refusal> {
    let begun = world.ports.clock.now();
    let mut stop = Box::pin(told_to_stop()?);
    drop(early);
    let mut finished = Vec::new();
    for workflow in &chosen.workflows {
        let _turn = tokio::select! {
            turn = turn(engine, world, workflow, args.beside) => turn?,
            () = &mut stop => return Err(Refusal::failed("stopped before it began; nothing was run")),
        };
        let (progress, seen) = tokio::sync::watch::channel(Progress::default());
        let line = show::watch(seen);
        let once = Once { progress: Some(progress), ..Once::of(workflow.clone()) };
        let mut running = Box::pin(engine.run_once(once));
        let done = tokio::select! {
            done = &mut running => done,
            () = &mut stop => {
                output::say(STOPPING);
                let (_, done) = tokio::join!(engine.drain(Duration::ZERO), running);
                finished.push(done);
                tell(&finished, (args.output, &args.store), files);
                return Err(Refusal::failed(STOPPED));
            }
        };
        if let Some(line) = line {
            let _ = line.await;
        }
        finished.push(done);
    }
    let until = until.map(|time| begun.saturating_add(time).unwrap_or(begun));
    let waiting = engine.rechecks().await.map(|b| b.len()).unwrap_or(0);
    if waiting > 0 {
        output::say(&format!("waiting for {waiting} rechecks; Ctrl-C ends it"));
    }
    let mut settling = Box::pin(engine.settle(until));
    finished.extend(tokio::select! {
        later = &mut settling => later,
        () = &mut stop => {
            output::say(STOPPING);
            tokio::select! {
                _ = engine.drain(Duration::ZERO) => {}
                later = settling => finished.extend(later),
            }
            tell(&finished, (args.output, &args.store), files);
            return Err(Refusal::failed(STOPPED));
        }
    });
    tell(&finished, (args.output, &args.store), files);
    Ok(if finished.iter().all(is_fine) { Exit::Fine } else { Exit::Failed })
}

/// The right to run it while nobody else does on this store. A run that nobody else can notice needs none: it holds its writes back, or
/// has vendors of its own.
async fn turn(engine: &Engine, world: &World, workflow: &Workflow, beside: bool) -> Result<Option<Turn>, Refusal> {
    let has_own_vendors = world.simulated.is_some() && !world.shared_bus;
    if beside || workflow.writes != Writes::On || has_own_vendors {
        return Ok(None);
    }
    let name = workflow.name();
    let waits = |who: &str| output::say(&format!("waiting: {name} runs already, {who}; Ctrl-C ends it"));
    engine.turn_by_hand(workflow, waits).await.map_err(|error| {
        Refusal::failed(match error {
            TurnError::Taken(who) => format!(
                "{name} runs already, {who}; nothing was begun. Wait for its end, or let both run, which may write the same twice: --beside"
            ),
            TurnError::Unknown(why) => format!("nothing was begun: whether {name} runs already is not known: {why}"),
        })
    })
}

/// Says what came of runs.
pub(super) fn tell(finished: &[Finished], (how, store): (Output, &StoreArgs), files: &Files) {
    if how == Output::Json {
        let runs = finished.iter().map(|f| {
            let report = match &f.ended {
                Ok(ended) => report_value(ended).to_serde(),
                Err(cut) => so_far_value(&cut.so_far).to_serde(),
            };
            serde_json::json!({
                "run": f.run.to_text(),
                "workflow": f.workflow,
                "report": report,
                "stopped": f.ended.as_ref().err().map(ToString::to_string),
            })
        });
        return output::print_json(&serde_json::Value::Array(runs.collect()));
    }
    for f in finished {
        match &f.ended {
            Ok(ended) => output::print(&show::report(&f.workflow, ended, files, Sheet::of_stdout())),
            Err(cut) => output::print(&show::so_far(&f.workflow, cut, files, Sheet::of_stdout())),
        }
        // whoever reads only the end hears of losses, too
        let lost = f.ended.as_ref().ok().and_then(|ended| show::losses(&report_value(ended).to_serde()));
        let lost = lost.map(|lost| format!("{lost}; ")).unwrap_or_default();
        output::say(&format!("\n{lost}why? wfctl explain {} [an edge, a ticket, …]{}", f.run, store.option()));
    }
}

/// Fine: well, early for a reason, or held on purpose; nothing undecided, and not everything lost.
pub(super) fn is_fine(finished: &Finished) -> bool {
    finished.ended.as_ref().is_ok_and(|ended| Ending::of(&report_value(ended).to_serde()).fine)
}

fn moment(text: &str) -> Result<Timestamp, Refusal> {
    text.parse().map_err(|_| Refusal::wrong(format!("--now {text}: write a moment, as 2022-06-01T14:00:00Z")))
}

fn duration(text: &str) -> Result<SignedDuration, Refusal> {
    wf_value::duration::parse(text)
        .ok_or_else(|| Refusal::wrong(format!("--until {text}: write a duration, as 30m or 1h30m")))
}
