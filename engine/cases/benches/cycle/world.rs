//! What stands around the engine: a clock, and peers on the bus inside the process that answer at once.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use wf_expr::WrittenKind;
use wf_host::clock::RealClock;
use wf_host::ports::{Bus, Busy, Clock, Incoming, Replier, Reply, Subscription};
use wf_plan::Plan;
use wf_value::Value;

use crate::answers::Answers;

/// Real time that began by day at the sites: with quarantines of nothing it need not jump, and costs what a clock costs in production.
pub(crate) struct DayClock(SignedDuration);

impl DayClock {
    pub(crate) fn new() -> Self {
        let day: Timestamp = "2022-06-01T14:00:00Z".parse().expect("a moment");
        Self(day.duration_since(Timestamp::now()))
    }
}

#[async_trait]
impl Clock for DayClock {
    fn now(&self) -> Timestamp {
        Timestamp::now() + self.0
    }

    async fn sleep_until(&self, at: Timestamp) {
        RealClock.sleep_until(at - self.0).await;
    }

    fn busy(&self) -> Busy {
        Busy::none()
    }

    fn is_virtual(&self) -> bool {
        false
    }
}

/// Answers on one subject.
struct Peer {
    answers: Arc<Answers>,
    asked: AtomicUsize,
    /// Answers that were given, for the floors.
    given: Mutex<Vec<Bytes>>,
}

#[async_trait]
impl Replier for Peer {
    async fn handle(&self, message: Incoming) -> Reply {
        self.asked.fetch_add(1, Ordering::Relaxed);
        let answer = self.answers.to(&message.subject, &message.payload);
        if message.wants_reply {
            self.given.lock().unwrap_or_else(PoisonError::into_inner).push(answer.clone());
        }
        Some(answer)
    }
}

/// Everybody that a plan may ask.
pub(crate) struct Peers(BTreeMap<String, (Arc<Peer>, Subscription)>);

/// Requests by subject, and the answers that had to be read, those of a subject together.
pub(crate) struct Asked {
    pub(crate) counts: BTreeMap<String, usize>,
    pub(crate) given: Vec<Vec<Bytes>>,
}

impl Peers {
    pub(crate) async fn of(plan: &Plan, answers: &Arc<Answers>, bus: &dyn Bus) -> Self {
        let mut peers = BTreeMap::new();
        for action in &plan.actions {
            let WrittenKind::Literal { value: Value::Text(subject), .. } = &action.subject.kind else { continue };
            let peer = Peer { answers: answers.clone(), asked: AtomicUsize::new(0), given: Mutex::default() };
            let peer = Arc::new(peer);
            let subscription = bus.subscribe(subject, None, peer.clone()).await.expect("a bus that is open");
            peers.insert(subject.to_string(), (peer, subscription));
        }
        Self(peers)
    }

    /// What nobody waits for is counted, too, when it has arrived.
    pub(crate) async fn drain(self) -> Asked {
        let mut asked = Asked { counts: BTreeMap::new(), given: Vec::new() };
        for (subject, (peer, subscription)) in self.0 {
            subscription.drain().await;
            let count = peer.asked.load(Ordering::Relaxed);
            if count > 0 {
                asked.counts.insert(subject, count);
            }
            asked.given.push(std::mem::take(&mut *peer.given.lock().unwrap_or_else(PoisonError::into_inner)));
        }
        asked
    }
}
