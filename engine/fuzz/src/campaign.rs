//! Many inputs for one target, for a time.

use std::collections::HashSet;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::judge::Judge;
use crate::repository::Repository;
use crate::shrink::shrink;
use crate::targets::{Target, Wrong};
use crate::worker::Verdict;
use crate::{Input, Random, corpus, mutate};

/// Inputs that are changed further, at most.
const POOL: usize = 3_000;

/// What a campaign found.
#[derive(Debug)]
pub struct Found {
    pub inputs: u64,
    pub took: Duration,
    /// In how many ways inputs were answered.
    pub ways: usize,
    /// One a kind, made small.
    pub wrong: Vec<(PathBuf, Wrong)>,
}

/// Changes seeds for that long; what is answered wrong goes to the folder, one a kind.
///
/// # Errors
/// No worker can be started, or the folder cannot be written.
pub fn run(
    program: PathBuf,
    target: &dyn Target,
    repository: &Repository,
    (time, seed): (Duration, u64),
    folder: &std::path::Path,
) -> anyhow::Result<Found> {
    let mut judge = Judge::new(program, target.name());
    let mut random = Random::new(seed);
    let mut pool = target.seeds(repository);
    pool.extend(corpus::of(folder, target.name())?.into_iter().map(|(_, input)| input));
    anyhow::ensure!(!pool.is_empty(), "{} has no seeds", target.name());
    let (begun, mut ways, mut kinds) = (Instant::now(), HashSet::new(), HashSet::new());
    let mut found = Found { inputs: 0, took: Duration::ZERO, ways: 0, wrong: vec![] };
    // some of the seeds as they are: what they are answered is nothing new. Nothing here asks the clock but for the end, so that a seed gives
    // the same inputs again
    let seeds = pool.len();
    let mut plain: Vec<usize> = (0..seeds).collect();
    while begun.elapsed() < time {
        let as_it_is = found.inputs.is_multiple_of(5) && !plain.is_empty();
        let input = if as_it_is {
            pool[plain.swap_remove(random.below(plain.len()))].clone()
        } else {
            vary(target, &pool, &mut random)
        };
        found.inputs += 1;
        match judge.ask(&input)? {
            Verdict::Fine(way) => {
                if ways.insert(way) && !as_it_is && pool.len() < POOL {
                    pool.push(input);
                }
            }
            Verdict::Wrong(wrong) => {
                if kinds.insert(wrong.what.clone()) {
                    let small = shrink(&mut judge, &input, &wrong)?;
                    let detail = match judge.ask(&small)? {
                        Verdict::Wrong(of_small) if of_small.what == wrong.what => of_small,
                        _ => wrong,
                    };
                    let path = corpus::keep(folder, target.name(), &small, &detail)?;
                    found.wrong.push((path, detail));
                }
            }
        }
    }
    Ok(Found { took: begun.elapsed(), ways: ways.len(), ..found })
}

fn vary(target: &dyn Target, pool: &[Input], random: &mut Random) -> Input {
    if random.once_in(3)
        && let Some(invented) = target.invent(random)
    {
        return invented;
    }
    let mut input = random.pick(pool).cloned().unwrap_or_default();
    let changeable: Vec<usize> = (0..input.parts.len()).filter(|i| target.changes(&input.parts[*i].name)).collect();
    // what is short is drawn as often as what is long
    let Some(&at) = random.pick(&changeable) else { return input };
    let name = input.parts[at].name.clone();
    let other = random.pick(pool).and_then(|other| {
        let like = other.parts.iter().filter(|part| target.changes(&part.name));
        let of_name = like.clone().find(|part| part.name == name);
        of_name.or_else(|| like.last()).map(|part| part.bytes.clone())
    });
    let bytes = &mut input.parts[at].bytes;
    *bytes = mutate::mutate(random, bytes, &other.unwrap_or_default(), target.words());
    input
}
