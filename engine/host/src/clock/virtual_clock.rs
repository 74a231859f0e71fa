//! Time that moves only when nothing is under way.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use async_trait::async_trait;
use jiff::Timestamp;

use crate::ports::{Busy, Clock};

/// As soon as the last [`Busy`] is gone, the clock jumps to the earliest sleeper and wakes it: one at a time, in order of time, among
/// equals in the order in which they began to sleep. A sleeper that was woken is busy until it has noticed. Whoever looks on from outside
/// (a test, a runner of cases) holds a [`Busy`] while it looks, or time runs on meanwhile.
#[derive(Clone, Debug)]
pub struct VirtualClock {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    now: Timestamp,
    /// Guards that are held.
    busy: usize,
    /// By time and order of beginning.
    sleepers: BTreeMap<(Timestamp, u64), Option<Waker>>,
    /// Woken, not yet noticed.
    fired: std::collections::BTreeSet<u64>,
    next: u64,
}

impl VirtualClock {
    #[must_use]
    pub fn new(now: Timestamp) -> Self {
        let state =
            State { now, busy: 0, sleepers: BTreeMap::new(), fired: std::collections::BTreeSet::new(), next: 0 };
        Self { shared: Arc::new(Shared { state: Mutex::new(state) }) }
    }

    /// How many sleep; for tests and for reports of what everybody waits for.
    #[must_use]
    pub fn sleepers(&self) -> usize {
        self.shared.lock().sleepers.len()
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn release(&self) {
        let mut state = self.lock();
        state.busy = state.busy.saturating_sub(1);
        self.advance(state);
    }

    /// Wakes the earliest sleeper when nothing is under way.
    fn advance(&self, mut state: MutexGuard<'_, State>) {
        if state.busy > 0 || !state.fired.is_empty() {
            return;
        }
        let Some(((at, id), waker)) = state.sleepers.pop_first() else { return };
        state.now = state.now.max(at);
        state.fired.insert(id);
        drop(state);
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

#[async_trait]
impl Clock for VirtualClock {
    fn now(&self) -> Timestamp {
        self.shared.lock().now
    }

    async fn sleep_until(&self, at: Timestamp) {
        Sleep { shared: self.shared.clone(), at, id: None }.await;
    }

    fn busy(&self) -> Busy {
        self.shared.lock().busy += 1;
        Busy::new(Guard(self.shared.clone()))
    }
}

struct Guard(Arc<Shared>);

impl Drop for Guard {
    fn drop(&mut self) {
        self.0.release();
    }
}

/// A sleeper; one that is dropped is forgotten.
struct Sleep {
    shared: Arc<Shared>,
    at: Timestamp,
    id: Option<u64>,
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let shared = self.shared.clone();
        let mut state = shared.lock();
        let Some(id) = self.id else {
            if self.at <= state.now {
                return Poll::Ready(());
            }
            let id = state.next;
            state.next += 1;
            state.sleepers.insert((self.at, id), Some(cx.waker().clone()));
            self.id = Some(id);
            shared.advance(state);
            return Poll::Pending;
        };
        if state.fired.remove(&id) {
            self.id = None;
            shared.advance(state);
            return Poll::Ready(());
        }
        state.sleepers.insert((self.at, id), Some(cx.waker().clone()));
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        let Some(id) = self.id.take() else { return };
        let mut state = self.shared.lock();
        state.sleepers.remove(&(self.at, id));
        if state.fired.remove(&id) {
            self.shared.advance(state);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::SignedDuration;

    use super::super::attend;
    use super::*;

    fn clock() -> Arc<VirtualClock> {
        Arc::new(VirtualClock::new(Timestamp::UNIX_EPOCH))
    }

    fn after(seconds: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_secs(seconds)
    }

    /// Wakes itself and lets others go first.
    async fn come_back() {
        let mut again = false;
        std::future::poll_fn(|cx| {
            if std::mem::replace(&mut again, true) {
                return Poll::Ready(());
            }
            cx.waker().wake_by_ref();
            Poll::Pending
        })
        .await;
    }

    async fn in_time<T>(future: impl Future<Output = T>) -> T {
        tokio::time::timeout(Duration::from_secs(10), future)
            .await
            .unwrap_or_else(|_| panic!("virtual time stands still"))
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn timers_fire_in_wake_up_order() {
        let clock = clock();
        let woken = Arc::new(Mutex::new(Vec::new()));
        let hold = clock.busy();
        let tasks: Vec<_> = [30, 10, 20, 10, 1000, 0]
            .into_iter()
            .enumerate()
            .map(|(i, seconds)| {
                let (inner, woken) = (clock.clone(), woken.clone());
                tokio::spawn(attend(clock.clone(), async move {
                    inner.sleep_until(after(seconds)).await;
                    woken.lock().unwrap_or_else(PoisonError::into_inner).push((seconds, i, inner.now()));
                }))
            })
            .collect();
        drop(hold);
        for task in tasks {
            in_time(task).await.unwrap_or_else(|e| panic!("{e}"));
        }
        let woken = woken.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mut sorted = woken.clone();
        sorted.sort_by_key(|(seconds, ..)| *seconds);
        assert_eq!(woken, sorted);
        assert!(woken.iter().all(|(seconds, _, now)| *now == after(*seconds)), "{woken:?}");
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn no_timer_is_dropped() {
        let clock = clock();
        let tasks: Vec<_> = (0..500_i64)
            .map(|i| {
                let inner = clock.clone();
                tokio::spawn(attend(clock.clone(), async move {
                    for round in 1..=10 {
                        inner.sleep(Duration::from_millis(1 + (i as u64 * 7919 * round) % 1000)).await;
                    }
                    1
                }))
            })
            .collect();
        let mut done = 0;
        for task in tasks {
            done += in_time(task).await.unwrap_or_default();
        }
        assert_eq!(done, 500);
        assert_eq!(clock.sleepers(), 0);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn time_stands_still_while_somebody_works() {
        let clock = clock();
        let hold = clock.busy();
        let inner = clock.clone();
        let sleeper = tokio::spawn(attend(clock.clone(), async move { inner.sleep(Duration::from_secs(5)).await }));
        tokio::time::sleep(Duration::from_millis(30)).await;
        assert_eq!(clock.now(), Timestamp::UNIX_EPOCH);
        assert!(!sleeper.is_finished());
        drop(hold);
        in_time(sleeper).await.unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(clock.now(), after(5));
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_message_under_way_keeps_time_from_moving() {
        // The receiver has a timeout; the sender sends before it, after a chain of tasks that each only wait for the one before.
        let clock = clock();
        for _ in 0..200 {
            let hold = clock.busy();
            let (first, mut previous) = tokio::sync::oneshot::channel::<()>();
            for _ in 0..5 {
                let (sender, next) = tokio::sync::oneshot::channel();
                let before = std::mem::replace(&mut previous, next);
                tokio::spawn(attend(clock.clone(), async move {
                    let _ = before.await;
                    come_back().await;
                    let _ = sender.send(());
                }));
            }
            let inner = clock.clone();
            let waiter = tokio::spawn(attend(clock.clone(), async move {
                tokio::select! {
                    _ = previous => true,
                    () = inner.sleep(Duration::from_secs(1)) => false,
                }
            }));
            let _ = first.send(());
            drop(hold);
            assert!(in_time(waiter).await.unwrap_or_default(), "time overtook a message");
        }
    }

    #[tokio::test]
    async fn a_dropped_sleeper_is_forgotten() {
        let clock = clock();
        let hold = clock.busy();
        let sleep = clock.sleep(Duration::from_secs(1));
        assert!(tokio::time::timeout(Duration::from_millis(1), sleep).await.is_err());
        assert_eq!(clock.sleepers(), 0);
        drop(hold);
        assert_eq!(clock.now(), Timestamp::UNIX_EPOCH);
    }
}
