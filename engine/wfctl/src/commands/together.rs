//! `wfctl run --all`: every workflow as its triggers say, through a stretch of a simulated world's time.

use std::io::{IsTerminal, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use wf_check::Checked;
use wf_connectors::Serving;
use wf_host::Workflow;
use wf_host::clock::attend;
use wf_host::engine::{Engine, Schedules, Settings};
use wf_host::ports::{Clock, Subscription};

use super::run::drain;
use crate::args::{Output, Run};
use crate::exit::{Exit, Refusal};
use crate::output;
use crate::sheet::Sheet;
use crate::show::{LeftOut, Together};
use crate::stopping::{Early, told_to_stop};
use crate::wiring::{Chosen, World, vendors};

/// What goes on at the end may take so long of the simulated time.
const GRACE: Duration = Duration::from_secs(15 * 60);

/// How often the line that shows the time is drawn.
const BEAT: Duration = Duration::from_millis(200);

/// Runs them and says what each came to.
pub fn run(
    checked: &Checked,
    chosen: &Chosen,
    (scenario, until): (&Path, SignedDuration),
    args: &Run,
    early: Early,
) -> Result<Exit, Refusal> {
    super::runtime()?.block_on(async {
        let world = World::of_jumps(scenario, &args.store.store)?;
        let clock = world.ports.clock.clone();
        // time stands still until everything is there
        let held = clock.busy();
        let (workflows, left_out) = who_can(checked, chosen, &world);
        if workflows.is_empty() {
            let why = left_out.iter().map(|left| format!("\n  {}: {}", left.name, left.why.join("; ")));
            return Err(Refusal::wrong(format!("no workflow can run here:{}", why.collect::<String>())));
        }
        let answering = serve(checked, chosen, &workflows, &world).await?;
        let settings = Settings { keep_reads: true, own_rechecks: true, ..Settings::default() };
        let engine = Engine::new(world.ports.clone(), settings);
        let (mark, begun, really) = (Timestamp::now(), clock.now(), Instant::now());
        let end = begun.saturating_add(until).map_err(|e| Refusal::wrong(format!("--until: {e}")))?;
        let mut stop = Box::pin(told_to_stop()?);
        drop(early);
        engine.deploy(workflows, Schedules::Tick).await.map_err(|e| Refusal::failed(e.to_string()))?;
        let day = attend(clock.clone(), {
            let (clock, engine) = (clock.clone(), engine.clone());
            async move {
                clock.sleep_until(end).await;
                let over = clock.now();
                (over, engine.drain(GRACE).await)
            }
        });
        let mut day = tokio::spawn(day);
        drop(held);
        let line = show_time(clock.clone(), begun, end);
        let (over, cut) = tokio::select! {
            day = &mut day => day.map_err(|e| Refusal::failed(format!("it broke off: {e}")))?,
            () = &mut stop => {
                output::say("stopping: what goes on may end; a second signal ends it at once");
                (clock.now(), engine.drain(Duration::ZERO).await)
            }
        };
        line.abort();
        drain(answering.0).await;
        let together = Together::read(&*world.ports.journal, mark, &engine.begun())
            .await
            .map_err(|e| Refusal::failed(e.to_string()))?;
        let took = really.elapsed();
        if let (Some(path), Some(simulated)) = (&args.ledger, &world.simulated) {
            simulated.write_ledger(path)?;
        }
        if let (Some(path), Some(simulated)) = (&args.chart, &world.simulated) {
            simulated.write_chart(path)?;
        }
        let span = (begun, over);
        match args.output {
            Output::Json => output::print_json(&together.json(span, &left_out)),
            Output::Human | Output::Github => output::print(&together.table(span, &left_out, Sheet::of_stdout())),
        }
        let cut = match cut {
            0 => String::new(),
            1 => "1 run had not ended; ".to_owned(),
            more => format!("{more} runs had not ended; "),
        };
        output::say(&format!(
            "\n{cut}all that took {:.1} s. why? wfctl explain {{WORKFLOW}} {{ITEM}} --since {begun}{}",
            took.as_secs_f64(),
            args.store.option()
        ));
        if over < end {
            let asked = wf_value::duration::print(until);
            return Err(Refusal::failed(format!("stopped before the {asked} were over")));
        }
        Ok(if together.is_fine() { Exit::Fine } else { Exit::Failed })
    })
}

/// Workflows all of whose connectors can be served here; the others with what they lack.
fn who_can(checked: &Checked, chosen: &Chosen, world: &World) -> (Vec<Arc<Workflow>>, Vec<LeftOut>) {
    let (mut can, mut left_out) = (Vec::new(), Vec::new());
    for workflow in &chosen.workflows {
        let mut why = vendors::missing(checked, workflow, chosen.environment.as_ref(), world.simulated.as_ref());
        if workflow.plan.triggers.is_empty() {
            why.push("nothing triggers it".to_owned());
        }
        if why.is_empty() {
            can.push(workflow.clone());
        } else {
            left_out.push(LeftOut { name: workflow.name(), why });
        }
    }
    (can, left_out)
}

async fn serve(
    checked: &Checked,
    chosen: &Chosen,
    workflows: &[Arc<Workflow>],
    world: &World,
) -> Result<(Vec<Serving>, Vec<Subscription>), Refusal> {
    let simulated = match &world.simulated {
        Some(simulated) => simulated.subscribe(&*world.ports.bus, workflows).await?,
        None => Vec::new(),
    };
    let needed = vendors::called_by(checked, workflows);
    let environment = chosen.environment.as_ref();
    let connectors = vendors::serve(&needed, world, environment).await?;
    Ok((connectors, simulated))
}

/// On a terminal, how much of the time is over.
fn show_time(clock: Arc<dyn Clock>, begun: Timestamp, end: Timestamp) -> tokio::task::JoinHandle<()> {
    tokio::spawn(async move {
        if !std::io::stderr().is_terminal() {
            return;
        }
        let of = wf_value::duration::print(end.duration_since(begun));
        loop {
            tokio::time::sleep(BEAT).await;
            let minutes = clock.now().duration_since(begun).as_mins();
            let mut err = std::io::stderr().lock();
            let _ = write!(err, "\r\x1b[K{}h{:02} of {of}\r", minutes / 60, minutes % 60);
            let _ = err.flush();
        }
    })
}
