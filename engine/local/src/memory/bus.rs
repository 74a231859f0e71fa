//! The bus inside the process. It carries the same bytes as a real one, so that nothing passes here that would not pass there.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures::FutureExt;
use futures::future::poll_immediate;
use tokio::sync::{mpsc, watch};
use wf_host::clock::attend;
use wf_host::ports::{Bus, BusError, Clock, Incoming, Replier, Subscription};

/// What a broker would be configured with.
#[derive(Clone, Copy, Debug)]
pub struct BusSettings {
    /// Bytes that a message may have; longer ones go through the store.
    pub max_payload: usize,
    /// Whether there is a store for longer ones. It is this process' memory: they are handed over as they are.
    pub store: bool,
}

impl Default for BusSettings {
    fn default() -> Self {
        Self { max_payload: 1_048_576, store: true }
    }
}

/// A bus of one process: queue groups take turns, everyone else gets a copy, timeouts are of the engine's clock.
#[derive(Clone)]
pub struct MemoryBus {
    shared: Arc<Shared>,
}

struct Shared {
    clock: Arc<dyn Clock>,
    settings: BusSettings,
    subjects: Mutex<HashMap<String, Vec<Group>>>,
    next: AtomicU64,
    stored: AtomicU64,
    closed: AtomicBool,
}

/// Subscribers of which one gets a message: a queue group, or a single one without.
struct Group {
    queue: Option<String>,
    members: Vec<Arc<Member>>,
    turn: usize,
}

struct Member {
    id: u64,
    replier: Arc<dyn Replier>,
    /// Messages that it works on.
    working: AtomicUsize,
    changed: watch::Sender<()>,
}

impl MemoryBus {
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self::with(clock, BusSettings::default())
    }

    #[must_use]
    pub fn with(clock: Arc<dyn Clock>, settings: BusSettings) -> Self {
        let shared = Shared {
            clock,
            settings,
            subjects: Mutex::default(),
            next: AtomicU64::new(0),
            stored: AtomicU64::new(0),
            closed: AtomicBool::new(false),
        };
        Self { shared: Arc::new(shared) }
    }

    /// How many payloads were over the limit.
    #[must_use]
    pub fn stored(&self) -> u64 {
        self.shared.stored.load(Ordering::Relaxed)
    }

    /// As if the broker had gone: everything fails from now on. For tests.
    pub fn close(&self) {
        self.shared.closed.store(true, Ordering::SeqCst);
    }

    fn check(&self, payload: &Bytes) -> Result<(), BusError> {
        if !self.is_connected() {
            return Err(BusError::Connection("it is closed".into()));
        }
        self.shared.check_size(payload)
    }

    /// Hands the message to one member of every group; gives the replies. `None`: nobody listens.
    async fn deliver(&self, subject: &str, payload: &Bytes, wants_reply: bool) -> Option<Replies> {
        let members = self.shared.turn(subject);
        if members.is_empty() {
            return None;
        }
        let mut replies = Replies::default();
        for member in members {
            let message = Incoming { subject: subject.to_owned(), payload: payload.clone(), wants_reply };
            let handled = handle(self.shared.clone(), Working::begin(member), message);
            // Who can answer at once does so here; the others get a task of their own.
            let mut handled = AssertUnwindSafe(handled).catch_unwind().map(|reply| reply.ok().flatten()).boxed();
            match poll_immediate(&mut handled).await {
                Some(reply) => replies.first = replies.first.or(reply),
                None => {
                    let later = replies.later.get_or_insert_with(mpsc::unbounded_channel).0.clone();
                    let sent = handled.map(move |reply| reply.map(|reply| later.send(reply)));
                    tokio::spawn(attend(self.shared.clock.clone(), sent));
                }
            }
        }
        Some(replies)
    }
}

/// What comes back of one message.
#[derive(Default)]
struct Replies {
    first: Option<Bytes>,
    /// Of those who did not answer at once.
    later: Option<(mpsc::UnboundedSender<Bytes>, mpsc::UnboundedReceiver<Bytes>)>,
}

impl Replies {
    /// Waits until everybody is done with the message.
    async fn handled(self) {
        if let Some((sender, mut later)) = self.later {
            drop(sender);
            while later.recv().await.is_some() {}
        }
    }

    /// The next one; never comes when nobody replies any more.
    async fn next(self) -> Bytes {
        if let Some((sender, mut later)) = self.later {
            drop(sender);
            if let Some(reply) = later.recv().await {
                return reply;
            }
        }
        // Silence: nobody will reply any more, and the requester cannot know.
        std::future::pending().await
    }
}

/// The reply of a member, where one is wanted and can be carried.
async fn handle(shared: Arc<Shared>, working: Working, message: Incoming) -> Option<Bytes> {
    let replier = &working.0.replier;
    let (subject, payload) = (message.subject.clone(), message.payload.clone());
    let wants_reply = message.wants_reply;
    let reply = replier.handle(message).await.filter(|_| wants_reply)?;
    match shared.check_size(&reply) {
        Ok(()) => Some(reply),
        Err(error) => {
            tracing::error!(%error, "a reply could not be sent");
            replier.unsent(&Incoming { subject, payload, wants_reply }, &error)
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, HashMap<String, Vec<Group>>> {
        self.subjects.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn check_size(&self, payload: &Bytes) -> Result<(), BusError> {
        if payload.len() <= self.settings.max_payload {
            return Ok(());
        }
        if !self.settings.store {
            return Err(BusError::Store { size: payload.len(), why: "there is no store".into() });
        }
        self.stored.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    fn turn(&self, subject: &str) -> Vec<Arc<Member>> {
        let mut subjects = self.lock();
        let groups = subjects.get_mut(subject).map(Vec::as_mut_slice).unwrap_or_default();
        let next = |group: &mut Group| {
            let member = group.members.get(group.turn % group.members.len().max(1)).cloned();
            group.turn = group.turn.wrapping_add(1);
            member
        };
        groups.iter_mut().filter_map(next).collect()
    }

    fn remove(&self, subject: &str, id: u64) {
        let mut subjects = self.lock();
        if let Some(groups) = subjects.get_mut(subject) {
            groups.iter_mut().for_each(|group| group.members.retain(|m| m.id != id));
            groups.retain(|group| !group.members.is_empty());
            if groups.is_empty() {
                subjects.remove(subject);
            }
        }
    }
}

/// Counts a message under way until it is dropped, also when its handler panics.
struct Working(Arc<Member>);

impl Working {
    fn begin(member: Arc<Member>) -> Self {
        member.working.fetch_add(1, Ordering::SeqCst);
        Self(member)
    }
}

impl Drop for Working {
    fn drop(&mut self) {
        self.0.working.fetch_sub(1, Ordering::SeqCst);
        let _ = self.0.changed.send(());
    }
}

#[async_trait]
impl Bus for MemoryBus {
    async fn request(&self, subject: &str, payload: Bytes, timeout: Duration) -> Result<Bytes, BusError> {
        self.check(&payload)?;
        let Some(replies) = self.deliver(subject, &payload, true).await else {
            return Err(BusError::NoResponders(subject.to_owned()));
        };
        if let Some(reply) = replies.first {
            return Ok(reply);
        }
        tokio::select! {
            biased;
            reply = replies.next() => Ok(reply),
            () = self.shared.clock.sleep(timeout) => Err(BusError::Timeout(timeout)),
        }
    }

    async fn publish(&self, subject: &str, payload: Bytes) -> Result<(), BusError> {
        self.check(&payload)?;
        if let Some(replies) = self.deliver(subject, &payload, false).await {
            // what is in this process' memory does not outlive it: it is handed on when whoever hears it is done with it
            replies.handled().await;
        }
        Ok(())
    }

    async fn subscribe(
        &self,
        subject: &str,
        queue: Option<&str>,
        replier: Arc<dyn Replier>,
    ) -> Result<Subscription, BusError> {
        if !self.is_connected() {
            return Err(BusError::Connection("it is closed".into()));
        }
        let id = self.shared.next.fetch_add(1, Ordering::Relaxed);
        let changed = watch::Sender::new(());
        let member = Arc::new(Member { id, replier, working: AtomicUsize::new(0), changed });
        {
            let mut subjects = self.shared.lock();
            let groups = subjects.entry(subject.to_owned()).or_default();
            match groups.iter_mut().find(|g| queue.is_some() && g.queue.as_deref() == queue) {
                Some(group) => group.members.push(member.clone()),
                None => groups.push(Group { queue: queue.map(str::to_owned), members: vec![member.clone()], turn: 0 }),
            }
        }
        let (shared, subject) = (self.shared.clone(), subject.to_owned());
        Ok(Subscription::new(move || {
            shared.remove(&subject, id);
            Box::pin(async move {
                let mut changes = member.changed.subscribe();
                while member.working.load(Ordering::SeqCst) > 0 {
                    let _ = changes.changed().await;
                }
            })
        }))
    }

    fn is_connected(&self) -> bool {
        !self.shared.closed.load(Ordering::SeqCst)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicU32;

    use jiff::Timestamp;
    use wf_host::clock::VirtualClock;
    use wf_host::ports::Reply;

    use super::*;

    /// Says who it is, after a while, or never.
    struct Says(&'static str, Duration, Arc<dyn Clock>, AtomicU32);

    #[async_trait]
    impl Replier for Says {
        async fn handle(&self, message: Incoming) -> Reply {
            self.3.fetch_add(1, Ordering::SeqCst);
            self.2.sleep(self.1).await;
            (!self.0.is_empty()).then(|| format!("{}:{}", self.0, message.payload.len()).into())
        }

        /// Those with a name that is too long say so.
        fn unsent(&self, request: &Incoming, why: &BusError) -> Reply {
            let BusError::Store { size, .. } = why else { return None };
            (request.payload != "1").then(|| size.to_string().into())
        }
    }

    fn world(settings: BusSettings) -> (Arc<dyn Clock>, MemoryBus) {
        let clock: Arc<dyn Clock> = Arc::new(VirtualClock::new(Timestamp::UNIX_EPOCH));
        (clock.clone(), MemoryBus::with(clock, settings))
    }

    fn says(clock: &Arc<dyn Clock>, who: &'static str, seconds: u64) -> Arc<Says> {
        Arc::new(Says(who, Duration::from_secs(seconds), clock.clone(), AtomicU32::new(0)))
    }

    async fn ask(clock: &Arc<dyn Clock>, bus: &MemoryBus, payload: &[u8], seconds: u64) -> Result<String, BusError> {
        let request = bus.request("s", Bytes::copy_from_slice(payload), Duration::from_secs(seconds));
        let reply = attend(clock.clone(), request).await?;
        Ok(String::from_utf8_lossy(&reply).into_owned())
    }

    /// When the question was over, too, in seconds.
    async fn ask_until(clock: &Arc<dyn Clock>, bus: &MemoryBus, seconds: u64) -> (Result<Bytes, BusError>, i64) {
        let request =
            async { (bus.request("s", Bytes::new(), Duration::from_secs(seconds)).await, clock.now().as_second()) };
        attend(clock.clone(), request).await
    }

    #[tokio::test]
    async fn a_queue_group_takes_turns_and_others_get_copies() {
        let (clock, bus) = world(BusSettings::default());
        let (a, b, copy) = (says(&clock, "a", 0), says(&clock, "b", 0), says(&clock, "", 0));
        let _one = bus.subscribe("s", Some("q"), a.clone()).await;
        let _two = bus.subscribe("s", Some("q"), b.clone()).await;
        let _three = bus.subscribe("s", None, copy.clone()).await;
        let mut who = Vec::new();
        for _ in 0..4 {
            who.push(ask(&clock, &bus, b"12", 1).await.unwrap_or_else(|e| panic!("{e}")));
        }
        assert_eq!(who, ["a:2", "b:2", "a:2", "b:2"]);
        assert_eq!(copy.3.load(Ordering::SeqCst), 4);
    }

    #[tokio::test]
    async fn nobody_listening_is_known_at_once_and_silence_takes_its_time() {
        let (clock, bus) = world(BusSettings::default());
        assert_eq!(ask(&clock, &bus, b"", 5).await, Err(BusError::NoResponders("s".into())));
        assert_eq!(clock.now(), Timestamp::UNIX_EPOCH);
        let _silent = bus.subscribe("s", None, says(&clock, "", 0)).await;
        assert_eq!(ask(&clock, &bus, b"", 5).await, Err(BusError::Timeout(Duration::from_secs(5))));
        assert_eq!(clock.now().as_second(), 5);
    }

    #[tokio::test]
    async fn a_reply_in_time_comes_and_one_too_late_does_not() {
        let (clock, bus) = world(BusSettings::default());
        let _slow = bus.subscribe("s", None, says(&clock, "slow", 3)).await;
        assert_eq!(ask_until(&clock, &bus, 4).await, (Ok(Bytes::from("slow:0")), 3));
        assert_eq!(ask_until(&clock, &bus, 2).await, (Err(BusError::Timeout(Duration::from_secs(2))), 5));
    }

    #[tokio::test]
    async fn payloads_over_the_limit_need_the_store_and_equal_is_not_over() {
        let (clock, bus) = world(BusSettings { max_payload: 10, store: true });
        let _a = bus.subscribe("s", None, says(&clock, "a", 0)).await;
        assert_eq!(ask(&clock, &bus, &[b'x'; 10], 1).await.as_deref(), Ok("a:10"));
        assert_eq!(bus.stored(), 0);
        assert_eq!(ask(&clock, &bus, &[b'x'; 11], 1).await.as_deref(), Ok("a:11"));
        assert_eq!(bus.stored(), 1);
        let (clock, bus) = world(BusSettings { max_payload: 3, store: false });
        let _a = bus.subscribe("s", None, says(&clock, "long name", 0)).await;
        assert!(matches!(ask(&clock, &bus, b"1234", 1).await, Err(BusError::Store { size: 4, .. })));
        assert_eq!(ask(&clock, &bus, b"12", 1).await.as_deref(), Ok("11"));
        // The reply is too long and nothing stands for it: the requester waits in vain.
        assert!(matches!(ask(&clock, &bus, b"1", 1).await, Err(BusError::Timeout(_))));
    }

    #[tokio::test]
    async fn a_drained_subscription_finishes_what_it_began_and_begins_nothing() {
        let (clock, bus) = world(BusSettings::default());
        let slow = says(&clock, "slow", 3);
        let subscription = bus.subscribe("s", None, slow.clone()).await.unwrap_or_else(|e| panic!("{e}"));
        let hold = clock.busy();
        let asked = {
            let (clock, bus) = (clock.clone(), bus.clone());
            tokio::spawn(async move { ask(&clock, &bus, b"", 9).await })
        };
        while slow.3.load(Ordering::SeqCst) == 0 {
            tokio::task::yield_now().await;
        }
        let draining = attend(clock.clone(), subscription.drain());
        drop(hold);
        draining.await;
        assert_eq!(clock.now().as_second(), 3);
        assert_eq!(asked.await.unwrap_or_else(|e| panic!("{e}")).as_deref(), Ok("slow:0"));
        assert_eq!(ask(&clock, &bus, b"", 5).await, Err(BusError::NoResponders("s".into())));
    }

    #[tokio::test]
    async fn a_dropped_subscription_is_gone_and_a_closed_bus_says_so() {
        let (clock, bus) = world(BusSettings::default());
        drop(bus.subscribe("s", None, says(&clock, "a", 0)).await);
        assert_eq!(ask(&clock, &bus, b"", 5).await, Err(BusError::NoResponders("s".into())));
        bus.close();
        assert!(matches!(ask(&clock, &bus, b"", 5).await, Err(BusError::Connection(_))));
        assert!(!bus.is_connected());
    }
}
