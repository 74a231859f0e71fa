//! `wf-fuzz SECONDS [TARGET] [SEED]`, `wf-fuzz --replay [FILE]…`: see `scripts/fuzz`.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::Context;
use wf_fuzz::campaign::Found;
use wf_fuzz::judge::Judge;
use wf_fuzz::repository::Repository;
use wf_fuzz::targets::{self, Target};
use wf_fuzz::worker::{self, Verdict};
use wf_fuzz::{Input, campaign, corpus};

const USAGE: &str = "scripts/fuzz SECONDS [TARGET] [SEED]: SECONDS of changed inputs for each target (all), or for one
scripts/fuzz --replay [FILE]...: the corpus, or these files of it";

fn main() -> anyhow::Result<ExitCode> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args.as_slice() {
        ["--worker", target] => worker::serve(target).map(|()| ExitCode::SUCCESS),
        ["--replay", files @ ..] => replay(files),
        [seconds, rest @ ..] if rest.len() < 3 && seconds.parse::<u64>().is_ok() => {
            fuzz(Duration::from_secs(seconds.parse()?), rest.first().copied(), rest.get(1).copied())
        }
        _ => anyhow::bail!("{USAGE}\ntargets: {}", names().join(", ")),
    }
}

fn names() -> Vec<&'static str> {
    targets::all().iter().map(|target| target.name()).collect()
}

fn target(name: &str) -> anyhow::Result<Box<dyn Target>> {
    targets::by_name(name).with_context(|| format!("there is no target `{name}`; there are {}", names().join(", ")))
}

fn fuzz(time: Duration, name: Option<&str>, seed: Option<&str>) -> anyhow::Result<ExitCode> {
    let clock = || std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(1, |d| d.as_secs());
    let seed = seed.map_or_else(|| Ok(clock()), str::parse).context("the seed is a number")?;
    let names = match name {
        None | Some("all") => names(),
        Some(name) => vec![target(name)?.name()],
    };
    println!("seed {seed}, {} s a target", time.as_secs());
    let (repository, program) = (Repository::read()?, std::env::current_exe()?);
    let (next, wrong) = (AtomicUsize::new(0), AtomicUsize::new(0));
    // one target a core
    let work = || -> anyhow::Result<()> {
        while let Some(name) = names.get(next.fetch_add(1, Ordering::Relaxed)) {
            let found = campaign::run(program.clone(), &*target(name)?, &repository, (time, seed), &corpus::folder())?;
            print!("{}", told(name, &found));
            wrong.fetch_add(found.wrong.len(), Ordering::Relaxed);
        }
        Ok(())
    };
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..cores.min(names.len())).map(|_| scope.spawn(work)).collect();
        workers
            .into_iter()
            .try_for_each(|worker| worker.join().unwrap_or_else(|_| anyhow::bail!("a campaign broke off")))
    })?;
    Ok(if wrong.into_inner() == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn told(target: &str, found: &Found) -> String {
    let rate = found.inputs as f64 / found.took.as_secs_f64();
    let mut told =
        format!("{target:13} {:8} inputs, {rate:7.0} a second, answered in {} ways\n", found.inputs, found.ways);
    for (path, what) in &found.wrong {
        told += &format!("  WRONG {}: {}\n  again: scripts/fuzz --replay {}\n", what.what, what.detail, path.display());
    }
    told
}

fn replay(files: &[&str]) -> anyhow::Result<ExitCode> {
    let inputs: Vec<(PathBuf, Input)> = if files.is_empty() {
        let of = |target: Box<dyn Target>| corpus::of(&corpus::folder(), target.name());
        targets::all().into_iter().map(of).collect::<anyhow::Result<Vec<_>>>()?.concat()
    } else {
        files.iter().map(|file| Ok((file.into(), Input::read(&std::fs::read(file)?)))).collect::<anyhow::Result<_>>()?
    };
    let (mut wrong, count) = (0, inputs.len());
    for (path, input) in inputs {
        let name = path.parent().and_then(|folder| folder.file_name()).unwrap_or_default().to_string_lossy();
        let target = target(&name).with_context(|| format!("{}: its folder names its target", path.display()))?;
        if let Verdict::Wrong(what) = Judge::new(std::env::current_exe()?, target.name()).ask(&input)? {
            println!("{}: {}: {}", path.display(), what.what, what.detail);
            wrong += 1;
        }
    }
    println!("{count} inputs, {wrong} wrong");
    Ok(if wrong == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
