//! The bus's suite: what the wire's callers and repliers rely on.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;

use crate::clock::attend;
use crate::ports::{Bus, BusError, Clock, Incoming, Replier, Reply};

/// Gives back what it gets with a mark in front; `silence` is not answered.
struct Echo {
    mark: &'static str,
    heard: AtomicUsize,
    replies_wanted: AtomicUsize,
}

#[async_trait]
impl Replier for Echo {
    async fn handle(&self, message: Incoming) -> Reply {
        self.heard.fetch_add(1, Ordering::SeqCst);
        self.replies_wanted.fetch_add(usize::from(message.wants_reply), Ordering::SeqCst);
        let reply = [self.mark.as_bytes(), &message.payload].concat();
        (message.payload != "silence").then(|| reply.into())
    }
}

fn echo(mark: &'static str) -> Arc<Echo> {
    Arc::new(Echo { mark, heard: AtomicUsize::new(0), replies_wanted: AtomicUsize::new(0) })
}

/// What a bus must do. `prefix` makes subjects of its own.
pub async fn bus_suite(bus: Arc<dyn Bus>, clock: Arc<dyn Clock>, prefix: &str) {
    attend(clock.clone(), suite(bus, clock, prefix)).await;
}

async fn suite(bus: Arc<dyn Bus>, clock: Arc<dyn Clock>, prefix: &str) {
    let subject = format!("{prefix}.echo");
    let ask = async |payload: Bytes| bus.request(&subject, payload, Duration::from_millis(500)).await;
    assert!(bus.is_connected());
    assert_eq!(ask("x".into()).await, Err(BusError::NoResponders(subject.clone())));

    let (a, b, all) = (echo("a"), echo("b"), echo("c"));
    let subscribe = async |queue, replier: &Arc<Echo>| {
        bus.subscribe(&subject, queue, replier.clone()).await.unwrap_or_else(|e| panic!("{e}"))
    };
    let first = subscribe(Some("q"), &a).await;
    assert_eq!(ask("x".into()).await, Ok("ax".into()));
    assert_eq!(ask("silence".into()).await, Err(BusError::Timeout(Duration::from_millis(500))));
    let second = subscribe(Some("q"), &b).await;
    for _ in 0..40 {
        assert!(ask("x".into()).await.is_ok());
    }
    assert_eq!(a.heard.load(Ordering::SeqCst) + b.heard.load(Ordering::SeqCst), 42, "one of a group gets a message");
    assert!(b.heard.load(Ordering::SeqCst) > 0, "members of a group share");

    let big = Bytes::from(vec![b'x'; 2_500_000]);
    let reply = ask(big.clone()).await.unwrap_or_else(|e| panic!("{e}"));
    assert!(reply[1..] == big[..], "what is over the limit goes both ways");

    let copies = subscribe(None, &all).await;
    let before = a.heard.load(Ordering::SeqCst) + b.heard.load(Ordering::SeqCst);
    bus.publish(&subject, "p".into()).await.unwrap_or_else(|e| panic!("{e}"));
    let heard = || (a.heard.load(Ordering::SeqCst) + b.heard.load(Ordering::SeqCst), all.heard.load(Ordering::SeqCst));
    for _ in 0..200 {
        if heard() == (before + 1, 1) {
            break;
        }
        clock.sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(heard(), (before + 1, 1), "a group gets one, everybody else a copy");
    assert_eq!(all.replies_wanted.load(Ordering::SeqCst), 0, "nobody waits for the answer to what is published");
    bus.publish(&format!("{prefix}.nobody"), "p".into()).await.unwrap_or_else(|e| panic!("{e}"));

    copies.drain().await;
    first.drain().await;
    for _ in 0..5 {
        assert_eq!(ask("y".into()).await, Ok("by".into()), "a drained subscription gets nothing");
    }
    second.drain().await;
    assert_eq!(ask("x".into()).await, Err(BusError::NoResponders(subject.clone())));
}
