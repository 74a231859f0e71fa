//! What time it is in the simulated world.

use std::{sync::Arc, time::Instant};

/// Gives the present moment of the simulated world in milliseconds since the epoch. Never goes backwards.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// A clock that begins at `start` (ms) and runs `speed` times as fast as the real one; 0 stands still.
#[must_use]
pub fn real_clock(start: i64, speed: f64) -> Clock {
    let began = Instant::now();
    Arc::new(move || {
        let passed = began.elapsed().as_secs_f64() * 1000.0 * speed;
        start.saturating_add(passed as i64)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_of_speed_zero_stands_still() {
        let clock = real_clock(1_000, 0.0);
        std::thread::sleep(std::time::Duration::from_millis(5));
        assert_eq!(clock(), 1_000);
    }

    #[test]
    fn a_fast_clock_runs_ahead() {
        let clock = real_clock(1_000, 10_000.0);
        std::thread::sleep(std::time::Duration::from_millis(5));
        assert!(clock() >= 51_000, "{}", clock());
    }
}
