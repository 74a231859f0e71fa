//! `wfctl runs resume`

use std::path::Path;

use wf_host::engine::{Engine, Settings};
use wf_host::ports::{Share, TurnError};
use wf_plan::Plan;

use crate::args::ResumeRun;
use crate::commands::run::{is_fine, serve, tell};
use crate::exit::{Exit, Refusal};
use crate::explain::recorded::{Recorded, find};
use crate::stopping::told_to_stop;
use crate::tree::Tree;
use crate::wiring::{self, KeptPlans, Unfit, Wanted, World};
use crate::{commands, output};

/// Goes on with a run, in this process, and says what came of it.
pub fn resume(root: Option<&Path>, args: &ResumeRun) -> Result<Exit, Refusal> {
    let tree = Tree::read(root)?;
    let checked = tree.sound(args.output, "nothing was gone on with")?;
    commands::runtime()?.block_on(async {
        let world = World::open(&args.bus, Some(&args.store.store), None, None).await?;
        let journal = world.ports.journal.clone();
        let recorded = Recorded::read(&*journal, find(&*journal, &args.run).await?).await?;
        let of_run = recorded.environment().filter(|name| *name != "none");
        let environment = args.env.as_deref().or(of_run);
        // the connectors are those of the files as they are now, the run keeps the plan that it had
        let name = recorded.workflow.split('@').next().unwrap_or_default().to_owned();
        let wanted = Wanted { names: &[name], environment, sets: &[], dry_run: false };
        let elsewhere = |_: &Plan| args.bus.nats.is_some();
        let (chosen, called) = wiring::with_called(&checked, &wanted, elsewhere).map_err(|unfit| match unfit {
            Unfit::Refused(refusal) => refusal,
            Unfit::Found(found) => {
                output::print(&output::diagnostics(&checked.files, &found, args.output));
                Refusal::wrong("nothing was gone on with: params are not right")
            }
        })?;
        let _alone = alone(&world, &recorded)?;
        let engine = Engine::new(world.ports.clone(), Settings { keep_reads: true, ..Settings::default() });
        let answering = serve(&checked, &chosen, &called, &world, &engine).await?;
        let plans = KeptPlans::new(journal, Some(&checked));
        let left = engine.take_up(recorded.run, &plans).await;
        let left = left.map_err(|e| Refusal::failed(format!("run {} cannot be gone on with: {e}", recorded.run)))?;
        let files = left.workflow().plan.files.clone();
        let mut stop = Box::pin(told_to_stop()?);
        let mut going = Box::pin(engine.finish(left));
        let finished = tokio::select! {
            finished = &mut going => finished,
            () = &mut stop => {
                output::say("stopping: writes under way are waited for; the run can be gone on with again");
                tokio::join!(engine.drain(std::time::Duration::ZERO), going).1
            }
        };
        answering.drain().await;
        let fine = is_fine(&finished);
        tell(&[finished], (args.output, &args.store), &files);
        Ok(if fine { Exit::Fine } else { Exit::Failed })
    })
}

/// Whether nobody else drives it: an engine that serves goes on with its own runs, and one by hand may still go on.
fn alone(world: &World, recorded: &Recorded) -> Result<Vec<wf_host::ports::Turn>, Refusal> {
    let run = recorded.run;
    let turn = |what: String| {
        world.ports.turns.take(&what, Share::Alone, "wfctl runs resume").map_err(|error| {
            Refusal::failed(match error {
                TurnError::Taken(who) => format!(
                    "run {run} is not gone on with: somebody may be at it, {who}. Whoever wants it ended says wfctl runs cancel {run}"
                ),
                TurnError::Unknown(why) => format!("whether somebody is at run {run} is not known: {why}"),
            })
        })
    };
    let mut turns = vec![turn("serve".into())?];
    if recorded.origin().by == "hand" {
        turns.push(turn(format!("workflow {}", recorded.workflow))?);
    }
    Ok(turns)
}
