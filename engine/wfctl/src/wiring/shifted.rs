//! The clock of a simulated world: it begins at the scenario's moment and goes at the pace of real time.

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use wf_host::clock::RealClock;
use wf_host::ports::{Busy, Clock};

/// Real time, shifted.
#[derive(Clone, Copy, Debug)]
pub struct ShiftedClock {
    by: SignedDuration,
}

impl ShiftedClock {
    /// A clock that shows `moment` now.
    pub fn showing(moment: Timestamp) -> Self {
        Self { by: moment.duration_since(Timestamp::now()) }
    }
}

#[async_trait]
impl Clock for ShiftedClock {
    fn now(&self) -> Timestamp {
        let now = Timestamp::now();
        now.saturating_add(self.by).unwrap_or(now)
    }

    async fn sleep_until(&self, at: Timestamp) {
        let real = at.saturating_sub(self.by).unwrap_or(Timestamp::MAX);
        RealClock.sleep_until(real).await;
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
    async fn it_begins_where_it_is_told_and_goes_on() {
        let begin: Timestamp = Timestamp::UNIX_EPOCH;
        let clock = ShiftedClock::showing(begin);
        clock.sleep_until(begin + SignedDuration::from_millis(30)).await;
        let passed = clock.now().duration_since(begin);
        assert!(passed >= SignedDuration::from_millis(30) && passed < SignedDuration::from_secs(30), "{passed:?}");
    }
}
