//! What one face may ask of its vendor: calls started a second, per host.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use wf_host::ports::Clock;

/// Evenly spaced starts, on the engine's clock. At most one second's worth may start at once after a pause.
#[derive(Default)]
pub(crate) struct Rates {
    /// When the next one may start if no burst is left, by host.
    next: Mutex<HashMap<String, Timestamp>>,
}

impl Rates {
    /// Waits until one more call may start. A rate that is no number above 0 limits nothing.
    pub(crate) async fn wait(&self, host: &str, rate: Option<f64>, clock: &dyn Clock) {
        let Some(rate) = rate.filter(|rate| rate.is_finite() && *rate > 0.0) else { return };
        let wait = self.take(host, rate, clock.now());
        if !wait.is_zero() {
            clock.sleep(wait).await;
        }
    }

    /// Takes the next place and says how long it is until then.
    fn take(&self, host: &str, rate: f64, now: Timestamp) -> Duration {
        let gap = SignedDuration::try_from_secs_f64(1.0 / rate).unwrap_or(SignedDuration::MAX);
        let burst = SignedDuration::try_from_secs_f64((rate - 1.0).max(0.0) / rate).unwrap_or(SignedDuration::ZERO);
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let place = next.get(host).copied().unwrap_or(now).max(now);
        next.insert(host.to_owned(), place.saturating_add(gap).unwrap_or(Timestamp::MAX));
        let wait = place.duration_since(now) - burst;
        if wait.is_positive() { wait.unsigned_abs() } else { Duration::ZERO }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_start_as_fast_as_the_rate_and_hosts_do_not_wait_for_each_other() {
        let rates = Rates::default();
        let now = Timestamp::UNIX_EPOCH;
        let waits: Vec<_> = (0..6).map(|_| rates.take("a", 2.0, now).as_millis()).collect();
        assert_eq!(waits, [0, 0, 500, 1000, 1500, 2000]);
        assert_eq!(rates.take("b", 2.0, now).as_millis(), 0);
        let later = now + SignedDuration::from_secs(10);
        let waits: Vec<_> = (0..3).map(|_| rates.take("a", 2.0, later).as_millis()).collect();
        assert_eq!(waits, [0, 0, 500]);
    }

    #[test]
    fn less_than_one_a_second_is_a_rate_too() {
        let rates = Rates::default();
        let waits: Vec<_> = (0..3).map(|_| rates.take("a", 0.5, Timestamp::UNIX_EPOCH).as_secs()).collect();
        assert_eq!(waits, [0, 2, 4]);
    }
}
