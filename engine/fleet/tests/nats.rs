//! Against real `nats-server` and `redis-server` processes.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use wf_fleet::{NatsBus, NatsSettings, RedisStore, TokenFormat};
use wf_host::ports::{Bus, BusError, Incoming, Replier, Reply};
use wf_testkit::{NatsConfig, NatsServer, RedisServer};

type Tested = Result<(), Box<dyn std::error::Error>>;

const WAIT: Duration = Duration::from_secs(5);

/// Answers with what it got, and counts.
#[derive(Default)]
struct Echo(AtomicUsize);

#[async_trait]
impl Replier for Echo {
    async fn handle(&self, message: Incoming) -> Reply {
        self.0.fetch_add(1, Ordering::SeqCst);
        Some(message.payload)
    }
}

/// Has more to say than the bus takes.
struct Verbose;

#[async_trait]
impl Replier for Verbose {
    async fn handle(&self, _: Incoming) -> Reply {
        Some("x".repeat(2_000_000).into())
    }

    fn unsent(&self, _: &Incoming, why: &BusError) -> Reply {
        Some(format!("unsent: {why}").into())
    }
}

/// Takes a moment.
struct Slow;

#[async_trait]
impl Replier for Slow {
    async fn handle(&self, message: Incoming) -> Reply {
        tokio::time::sleep(Duration::from_millis(300)).await;
        Some(message.payload)
    }
}

struct Silent;

#[async_trait]
impl Replier for Silent {
    async fn handle(&self, _: Incoming) -> Reply {
        None
    }
}

fn settings(server: &NatsServer) -> NatsSettings {
    NatsSettings { url: server.url(), patience: Duration::from_secs(10), ..NatsSettings::default() }
}

async fn plain(server: &NatsServer) -> Result<NatsBus, Box<dyn std::error::Error>> {
    Ok(NatsBus::connect(settings(server), None).await?)
}

async fn with_store(
    server: &NatsServer,
    redis: &RedisServer,
    token: TokenFormat,
) -> Result<NatsBus, Box<dyn std::error::Error>> {
    let store = RedisStore::connect(&redis.url()).await?;
    Ok(NatsBus::connect(NatsSettings { token, ..settings(server) }, Some(Arc::new(store))).await?)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_answered_by_one_of_a_queue_group() -> Tested {
    let server = NatsServer::start();
    let (asker, answerer) = (plain(&server).await?, plain(&server).await?);
    let (one, two) = (Arc::new(Echo::default()), Arc::new(Echo::default()));
    let first = answerer.subscribe("echo", Some("group"), one.clone()).await?;
    let second = answerer.subscribe("echo", Some("group"), two.clone()).await?;
    for i in 0..40 {
        let payload = Bytes::from(format!(r#"{{"request_id":"{i}"}}"#));
        assert_eq!(asker.request("echo", payload.clone(), WAIT).await?, payload);
    }
    let (a, b) = (one.0.load(Ordering::SeqCst), two.0.load(Ordering::SeqCst));
    assert_eq!(a + b, 40);
    assert!(a > 0 && b > 0, "{a} and {b}");
    first.drain().await;
    second.drain().await;
    assert_eq!(asker.request("echo", "{}".into(), WAIT).await, Err(BusError::NoResponders("echo".into())));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn silence_ends_with_the_timeout() -> Tested {
    let server = NatsServer::start();
    let bus = plain(&server).await?;
    let _silent = bus.subscribe("silent", None, Arc::new(Silent)).await?;
    let wait = Duration::from_millis(200);
    assert_eq!(bus.request("silent", "{}".into(), wait).await, Err(BusError::Timeout(wait)));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_are_handled_at_the_same_time_and_a_drain_waits_for_them() -> Tested {
    let server = NatsServer::start();
    let bus = plain(&server).await?;
    let slow = bus.subscribe("slow", None, Arc::new(Slow)).await?;
    let begun = std::time::Instant::now();
    let asked: Vec<_> = (0..20)
        .map(|_| {
            let bus = bus.clone();
            tokio::spawn(async move { bus.request("slow", "{}".into(), WAIT).await })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(100)).await;
    slow.drain().await;
    for reply in asked {
        assert_eq!(reply.await??, "{}");
    }
    // one after the other they would take 6 s
    assert!(begun.elapsed() < Duration::from_secs(4), "{:?}", begun.elapsed());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn payloads_over_the_limit_travel_through_redis_in_both_formats() -> Tested {
    let (server, redis) = (NatsServer::start(), RedisServer::start());
    for token in [TokenFormat::Legacy, TokenFormat::Prefix] {
        let asker = with_store(&server, &redis, token).await?;
        let answerer = with_store(&server, &redis, token).await?;
        let subject = format!("large.{token:?}");
        let _echo = answerer.subscribe(&subject, Some("group"), Arc::new(Echo::default())).await?;
        let large = Bytes::from(format!(r#"{{"body":"{}"}}"#, "x".repeat(2_000_000)));
        assert_eq!(asker.request(&subject, large.clone(), WAIT).await?, large);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn exactly_the_limit_still_goes_inline() -> Tested {
    let server = NatsServer::start_with(NatsConfig { max_payload: Some(4096), ..NatsConfig::default() });
    let bus = plain(&server).await?;
    let _echo = bus.subscribe("echo", None, Arc::new(Echo::default())).await?;
    let payload = Bytes::from("x".repeat(4096));
    assert_eq!(bus.request("echo", payload.clone(), WAIT).await?, payload);
    let over = bus.request("echo", "x".repeat(4097).into(), WAIT).await;
    assert!(matches!(over, Err(BusError::Store { size: 4097, .. })), "{over:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_service_reads_and_writes_the_same_tokens() -> Tested {
    let (server, redis) = (NatsServer::start(), RedisServer::start());
    let ours = with_store(&server, &redis, TokenFormat::Legacy).await?;
    let _echo = ours.subscribe("ours", Some("group"), Arc::new(Echo::default())).await?;
    // the old service: a plain client, a plain Redis
    let old = async_nats::connect(server.url()).await?;
    let mut store = redis::Client::open(redis.url())?.get_multiplexed_async_connection().await?;
    let large = format!(r#"{{"request_id":"r","body":"{}"}}"#, "y".repeat(1_500_000));
    for (key, message) in [("k1", r#"{"is_stored": true, "token": "k1"}"#), ("_NATS_TMP k2", "_NATS_TMP k2")] {
        let () = redis::cmd("SET").arg(key).arg(&large).arg("EX").arg(300).query_async(&mut store).await?;
        let reply = old.request("ours", message.into()).await?;
        let token = std::str::from_utf8(&reply.payload)?;
        let found = token.split('"').rev().nth(1).unwrap_or_default();
        assert!(token.starts_with(r#"{"is_stored":true"#), "{token}");
        let kept: String = redis::cmd("GET").arg(found).query_async(&mut store).await?;
        assert_eq!(kept, large);
        let ttl: i64 = redis::cmd("TTL").arg(found).query_async(&mut store).await?;
        assert!((290..=300).contains(&ttl), "{ttl}");
        // it is left to expire
        let there: bool = redis::cmd("EXISTS").arg(key).query_async(&mut store).await?;
        assert!(there);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_token_is_like_no_reply() -> Tested {
    struct Gone;
    #[async_trait]
    impl Replier for Gone {
        async fn handle(&self, _: Incoming) -> Reply {
            Some(r#"{"is_stored": true, "token": "nobody-has-it"}"#.into())
        }
    }
    let (server, redis) = (NatsServer::start(), RedisServer::start());
    let bus = with_store(&server, &redis, TokenFormat::Legacy).await?;
    let _gone = bus.subscribe("gone", None, Arc::new(Gone)).await?;
    let lost = bus.request("gone", "{}".into(), WAIT).await;
    assert!(matches!(lost, Err(BusError::Lost(_))), "{lost:?}");
    // a request that is gone is dropped: its sender waits in vain
    let _echo = bus.subscribe("echo", None, Arc::new(Echo::default())).await?;
    let wait = Duration::from_millis(300);
    let dropped = bus.request("echo", r#"{"is_stored": true, "token": "gone"}"#.into(), wait).await;
    assert_eq!(dropped, Err(BusError::Timeout(wait)));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_is_down_is_said() -> Tested {
    let (server, redis) = (NatsServer::start(), RedisServer::start());
    let bus = with_store(&server, &redis, TokenFormat::Legacy).await?;
    let _verbose = bus.subscribe("large", None, Arc::new(Verbose)).await?;
    drop(redis);
    let short = bus.request("large", "x".into(), WAIT).await?;
    assert!(short.starts_with(b"unsent: the payload of 2000000 bytes"), "the requester is told at once: {short:?}");
    let refused = bus.request("any", "x".repeat(2_000_000).into(), WAIT).await;
    assert!(matches!(refused, Err(BusError::Store { size: 2_000_000, .. })), "{refused:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_comes_back_is_used_again() -> Tested {
    let mut server = NatsServer::start();
    let bus = plain(&server).await?;
    let _echo = bus.subscribe("echo", None, Arc::new(Echo::default())).await?;
    assert_eq!(bus.request("echo", "1".into(), WAIT).await?, "1");
    server.kill();
    let cut = bus.request("echo", "2".into(), Duration::from_millis(500)).await;
    assert!(cut.is_err(), "{cut:?}");
    let down = until(|| !bus.is_connected()).await;
    assert!(down, "it says that it is connected to a dead server");
    server.restart();
    assert!(until(|| bus.is_connected()).await, "it does not come back");
    let mut reply = Err(BusError::Connection("not asked".into()));
    for _ in 0..20 {
        reply = bus.request("echo", "3".into(), WAIT).await;
        if reply.is_ok() {
            break;
        }
        // the subscription is sent again just after the connection stands
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(reply?, "3");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_there_is_said_when_patience_is_over() -> Tested {
    let port = wf_testkit::free_port();
    let patience = Duration::from_millis(700);
    let settings =
        NatsSettings { url: format!("nats://user:pass-word@127.0.0.1:{port}"), patience, ..NatsSettings::default() };
    let error = NatsBus::connect(settings, None).await.err().map(|e| e.to_string()).unwrap_or_default();
    let expected = format!("no NATS server at 127.0.0.1:{port} answered within 700ms");
    assert!(error.contains(&expected), "{error}");
    assert!(!error.contains("pass-word"), "{error}");
    let error = RedisStore::connect(&format!("redis://user:pass-word@127.0.0.1:{port}/0")).await;
    let error = error.err().map(|e| e.to_string()).unwrap_or_default();
    assert!(error.contains(&format!("Redis at 127.0.0.1:{port}: ")), "{error}");
    assert!(!error.contains("pass-word"), "{error}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_published_when_the_server_has_it() -> Tested {
    let mut server = NatsServer::start();
    let heard = Arc::new(Echo::default());
    let bus = NatsBus::connect(NatsSettings { confirm: Duration::from_millis(300), ..settings(&server) }, None).await?;
    let listener = plain(&server).await?;
    let _heard = listener.subscribe("told", None, heard.clone()).await?;
    // what is confirmed behind it on the same connection says that the server knows the subscription
    assert_eq!(listener.publish("nobody.listens", "zero".into()).await, Ok(()));
    assert_eq!(bus.publish("told", "one".into()).await, Ok(()));
    assert_eq!(bus.publish("nobody.listens", "two".into()).await, Ok(()));
    server.pause();
    // a server that is told to pause does so a moment later
    let (mut sent, mut paused) = (1, Ok(()));
    while paused.is_ok() && sent < 100 {
        paused = bus.publish("told", "three".into()).await;
        sent += 1;
    }
    assert_eq!(paused, Err(BusError::Unconfirmed(Duration::from_millis(300))));
    server.resume();
    while paused.is_err() && sent < 100 {
        paused = bus.publish("told", "four".into()).await;
        sent += 1;
    }
    assert_eq!(paused, Ok(()));
    assert!(until(|| heard.0.load(Ordering::SeqCst) == sent).await, "the paused server had those before, too");
    // one whose server is away only for a while is handed over when it is back
    let patient = NatsBus::connect(settings(&server), None).await?;
    server.kill();
    assert!(until(|| !patient.is_connected()).await);
    let late = tokio::spawn({
        let patient = patient.clone();
        async move { patient.publish("told", "five".into()).await }
    });
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!late.is_finished());
    server.restart();
    assert_eq!(late.await?, Ok(()));
    Ok(())
}

async fn until(mut holds: impl FnMut() -> bool) -> bool {
    for _ in 0..100 {
        if holds() {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    false
}
