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

/// What is answered on a subject to a request, as it comes over the bus.
pub(crate) type Answering = Arc<dyn Fn(&str, &[u8]) -> Bytes + Send + Sync>;

/// Answers on one subject.
struct Peer {
    answers: Answering,
    asked: AtomicUsize,
    /// Answers that were given, for the floors.
    given: Mutex<Vec<Bytes>>,
    /// What was asked, where somebody wants to ask it again.
    heard: Option<Mutex<Vec<Incoming>>>,
}

#[async_trait]
impl Replier for Peer {
    async fn handle(&self, message: Incoming) -> Reply {
        self.asked.fetch_add(1, Ordering::Relaxed);
        let answer = (self.answers)(&message.subject, &message.payload);
        if message.wants_reply {
            self.given.lock().unwrap_or_else(PoisonError::into_inner).push(answer.clone());
        }
        if let Some(heard) = &self.heard {
            heard.lock().unwrap_or_else(PoisonError::into_inner).push(message);
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
    /// Only of peers that keep what they hear.
    pub(crate) heard: Vec<Incoming>,
}

impl Peers {
    pub(crate) async fn of(plan: &Plan, answers: &Answering, bus: &dyn Bus, keep: bool) -> Self {
        let mut peers = BTreeMap::new();
        for action in &plan.actions {
            let WrittenKind::Literal { value: Value::Text(subject), .. } = &action.subject.kind else { continue };
            let heard = keep.then(Mutex::default);
            let peer = Peer { answers: answers.clone(), asked: AtomicUsize::new(0), given: Mutex::default(), heard };
            let peer = Arc::new(peer);
            let subscription = bus.subscribe(subject, None, peer.clone()).await.expect("a bus that is open");
            peers.insert(subject.to_string(), (peer, subscription));
        }
        Self(peers)
    }

    /// What nobody waits for is counted, too, when it has arrived.
    pub(crate) async fn drain(self) -> Asked {
        let mut asked = Asked { counts: BTreeMap::new(), given: Vec::new(), heard: Vec::new() };
        for (subject, (peer, subscription)) in self.0 {
            subscription.drain().await;
            let count = peer.asked.load(Ordering::Relaxed);
            if count > 0 {
                asked.counts.insert(subject, count);
            }
            asked.given.push(std::mem::take(&mut *peer.given.lock().unwrap_or_else(PoisonError::into_inner)));
            if let Some(heard) = &peer.heard {
                asked.heard.append(&mut heard.lock().unwrap_or_else(PoisonError::into_inner));
            }
        }
        asked
    }
}
