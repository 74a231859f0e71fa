//! `kill -9` at any instant: the real `wfctl serve` is killed by the clock on the wall, again and again, while simulated vendors live on in this
//! process. At the end everything that was to be written stands at the vendors' once, or is said to be in doubt.
//!
//! Short by default. `WF_KILLS=500` (scripts/kill) says how often, `WF_KILL_SEED` how the instants are drawn.

mod by_hand;
mod drill;
mod phase;
mod verdict;

use std::time::Duration;

use drill::Drill;
use phase::{Phase, Phases};
use verdict::Verdict;

/// Kills of the short form.
const KILLS: u32 = 12;

/// What an engine lives between its start and its end, in milliseconds.
const LIVES: std::ops::Range<u64> = 150..1_600;

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

/// A number that looks random, the same for the same seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        // xorshift64*
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % end.max(1)
    }
}

#[test]
fn what_is_killed_at_any_instant_is_done_once() {
    let kills = number("WF_KILLS").and_then(|n| u32::try_from(n).ok()).unwrap_or(KILLS);
    let long = kills > KILLS;
    let mut dice = Dice(number("WF_KILL_SEED").unwrap_or(0x5eed).max(1));
    let drill = Drill::new();
    let mut phases = Phases::default();
    for kill in 1..=kills {
        let engine = drill.serve("drill");
        std::thread::sleep(Duration::from_millis(LIVES.start + dice.below(LIVES.end - LIVES.start)));
        engine.kill();
        let phase = phases.count(&drill);
        if long {
            println!("kill {kill} of {kills}: {phase:?}");
        }
    }
    // one that is left alone ends what is left, and begins nothing new
    let engine = drill.serve("quiet");
    drill.until_nothing_is_left(&engine);
    engine.stop();
    println!("{phases}");
    let verdict = Verdict::of(&drill);
    println!("{verdict}");
    assert!(verdict.runs > u64::from(kills) / 4, "hardly anything ran: {verdict}");
    verdict.check(phases.in_flight());
    for phase in Phase::AT_WORK {
        // a short form meets what it meets; a long one must have met everything
        assert!(!long || phases.of(phase) > 0, "no kill in the phase {phase:?}: {phases}");
    }
    assert!(phases.busy() > 0, "every kill met an engine that did nothing: {phases}");
}
