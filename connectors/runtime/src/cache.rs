//! Results that are kept for a while; equal keys asked for at once are computed once (`connectors.md` §6).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};
use wf_host::ports::Clock;

use crate::answers::Reply;

/// Results that are kept at once; the one that ends first makes room.
const MOST: usize = 10_000;

#[derive(Default)]
pub(crate) struct Cache {
    entries: Mutex<HashMap<String, Arc<Entry>>>,
}

#[derive(Default)]
struct Entry {
    /// Held by whoever computes.
    gate: tokio::sync::Mutex<()>,
    kept: Mutex<Option<(Reply, Timestamp)>>,
}

impl Cache {
    /// The kept result of `key`, or what `compute` gives; kept when `stays` says so.
    pub(crate) async fn get(
        &self,
        key: String,
        keep: SignedDuration,
        clock: &dyn Clock,
        stays: impl FnOnce(&Reply) -> bool,
        compute: impl AsyncFnOnce() -> Reply,
    ) -> Reply {
        let entry = self.entry(&key, clock.now());
        if let Some(kept) = entry.fresh(clock.now()) {
            return kept;
        }
        let _gate = entry.gate.lock().await;
        if let Some(kept) = entry.fresh(clock.now()) {
            return kept;
        }
        let reply = compute().await;
        if stays(&reply) {
            let until = clock.now().saturating_add(keep).unwrap_or(Timestamp::MAX);
            *entry.lock() = Some((reply.clone(), until));
        }
        reply
    }

    fn entry(&self, key: &str, now: Timestamp) -> Arc<Entry> {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(entry) = entries.get(key) {
            return entry.clone();
        }
        if entries.len() >= MOST {
            // what is under way is held by more than this map
            entries.retain(|_, entry| Arc::strong_count(entry) > 1 || entry.until().is_some_and(|until| until > now));
        }
        if entries.len() >= MOST {
            let ends = entries.iter().filter_map(|(key, entry)| Some((entry.until()?, key)));
            if let Some(first) = ends.min().map(|(_, key)| key.clone()) {
                entries.remove(&first);
            }
        }
        entries.entry(key.to_owned()).or_default().clone()
    }
}

impl Entry {
    fn lock(&self) -> MutexGuard<'_, Option<(Reply, Timestamp)>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn until(&self) -> Option<Timestamp> {
        self.lock().as_ref().map(|(_, until)| *until)
    }

    fn fresh(&self, now: Timestamp) -> Option<Reply> {
        self.lock().as_ref().filter(|(_, until)| now < *until).map(|(reply, _)| reply.clone())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI64, Ordering};

    use wf_host::clock::{VirtualClock, attend};
    use wf_value::Value;

    use super::*;

    const MINUTE: SignedDuration = SignedDuration::from_mins(1);

    async fn get(cache: &Cache, clock: &VirtualClock, key: &str, computed: &AtomicI64, status: u16) -> i64 {
        let compute = async || {
            clock.sleep(std::time::Duration::from_secs(1)).await;
            Reply { status, body: Value::Int(computed.fetch_add(1, Ordering::SeqCst)), word: None }
        };
        let reply = cache.get(key.into(), MINUTE, clock, |reply| reply.status == 200, compute).await;
        reply.body.as_int().unwrap_or(-1)
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn equal_keys_at_once_are_computed_once() {
        let clock = Arc::new(VirtualClock::new(Timestamp::UNIX_EPOCH));
        let shared = Arc::new((Cache::default(), AtomicI64::new(0)));
        let hold = clock.busy();
        let tasks: Vec<_> = (0..20)
            .map(|i| {
                let (shared, inner) = (shared.clone(), clock.clone());
                let work = async move { get(&shared.0, &inner, if i < 10 { "a" } else { "b" }, &shared.1, 200).await };
                tokio::spawn(attend(clock.clone(), work))
            })
            .collect();
        drop(hold);
        for task in tasks {
            assert!(task.await.is_ok_and(|n| n < 2));
        }
        assert_eq!(shared.1.load(Ordering::SeqCst), 2);
    }

    #[tokio::test]
    async fn results_are_forgotten_in_time_and_failures_at_once() {
        let (cache, clock, computed) = (Cache::default(), VirtualClock::new(Timestamp::UNIX_EPOCH), AtomicI64::new(0));
        assert_eq!(get(&cache, &clock, "a", &computed, 500).await, 0);
        assert_eq!(get(&cache, &clock, "a", &computed, 200).await, 1);
        assert_eq!(get(&cache, &clock, "a", &computed, 200).await, 1);
        clock.sleep(std::time::Duration::from_secs(60)).await;
        assert_eq!(get(&cache, &clock, "a", &computed, 200).await, 2);
    }

    #[test]
    fn room_is_made_for_new_results() {
        let cache = Cache::default();
        for i in 0..MOST + 10 {
            let entry = cache.entry(&i.to_string(), Timestamp::UNIX_EPOCH);
            let until = Timestamp::UNIX_EPOCH + SignedDuration::from_secs(1 + i64::try_from(i).unwrap_or_default());
            *entry.lock() = Some((Reply { status: 200, body: Value::Null, word: None }, until));
        }
        let entries = cache.entries.lock().unwrap_or_else(PoisonError::into_inner);
        assert!(entries.len() <= MOST && !entries.contains_key("0") && entries.contains_key(&(MOST + 9).to_string()));
    }
}
