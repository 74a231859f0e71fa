//! Time: real, or virtual for cases and tests.

use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;

/// The engine's clock. Virtual time moves only when nothing is under way: whoever works holds a [`Busy`]. Tasks that only wait for each
/// other and for the clock are wrapped in [`crate::clock::attend`], which does that for them; whoever waits for the world outside (a
/// socket, a disk, a thread) holds one himself.
#[async_trait]
pub trait Clock: Send + Sync {
    fn now(&self) -> Timestamp;

    async fn sleep_until(&self, at: Timestamp);

    /// Keeps virtual time from moving until it is dropped; nothing on a real clock.
    fn busy(&self) -> Busy;

    /// Whether time moves by itself only when nothing is under way.
    fn is_virtual(&self) -> bool {
        true
    }

    async fn sleep(&self, time: Duration) {
        let time = jiff::SignedDuration::try_from(time).unwrap_or(jiff::SignedDuration::MAX);
        self.sleep_until(self.now().saturating_add(time).unwrap_or(Timestamp::MAX)).await;
    }
}

/// Something is under way.
pub struct Busy(#[allow(dead_code, reason = "kept for its drop")] Option<Box<dyn std::any::Any + Send + Sync>>);

impl Busy {
    /// Holds `guard`, whose drop says that it is over.
    pub fn new(guard: impl std::any::Any + Send + Sync) -> Self {
        Self(Some(Box::new(guard)))
    }

    #[must_use]
    pub fn none() -> Self {
        Self(None)
    }
}
