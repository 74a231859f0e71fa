//! The clock of the machine.

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};

use crate::ports::{Busy, Clock};

/// Wall time. A sleeper looks again at least once a minute, so that a clock that was set, or a machine that was asleep, is noticed.
#[derive(Clone, Copy, Debug, Default)]
pub struct RealClock;

const LOOK: SignedDuration = SignedDuration::from_secs(60);

#[async_trait]
impl Clock for RealClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    async fn sleep_until(&self, at: Timestamp) {
        loop {
            let left = at.duration_since(Timestamp::now());
            if left <= SignedDuration::ZERO {
                return;
            }
            // Zero cannot come: `left` is positive and `LOOK` is.
            tokio::time::sleep(left.min(LOOK).unsigned_abs()).await;
        }
    }

    fn busy(&self) -> Busy {
        Busy::none()
    }

    fn is_virtual(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn it_sleeps_until_then_and_not_for_what_is_past() {
        let begun = Timestamp::now();
        RealClock.sleep_until(begun - SignedDuration::from_hours(1)).await;
        let then = begun + SignedDuration::from_millis(20);
        RealClock.sleep_until(then).await;
        assert!(RealClock.now() >= then);
    }
}
