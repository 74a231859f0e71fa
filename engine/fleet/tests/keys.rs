//! Records by key, against a real `redis-server`.

use std::sync::Arc;
use std::time::Duration;

use wf_fleet::RedisKeys;
use wf_host::clock::RealClock;
use wf_host::conformance::keys_suite;
use wf_host::ports::{KeyError, KeyStores};
use wf_testkit::{RedisConfig, RedisServer};

type Tested = Result<(), Box<dyn std::error::Error>>;

#[tokio::test(flavor = "multi_thread")]
async fn redis_does_what_a_store_of_records_must_do() -> Tested {
    let server = RedisServer::start();
    let address = server.url().trim_start_matches("redis://").to_owned();
    keys_suite(RedisKeys::default().open(&address)?, Arc::new(RealClock), "env").await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn more_keys_than_one_scan_shows() -> Tested {
    let server = RedisServer::start();
    let store = RedisKeys::default().open(&server.url())?;
    for n in 0..2_500 {
        store.set(&format!("many-{n:04}"), n.to_string().into(), None, false).await?;
        store.set(&format!("other-{n:04}"), "x".into(), None, false).await?;
    }
    let all = store.list("many-").await?;
    assert_eq!(all.len(), 2_500);
    assert!(all.windows(2).all(|pair| pair[0].0 < pair[1].0), "in the order of their keys");
    assert_eq!(all.last().map(|(key, value)| (key.as_str(), &value[..])), Some(("many-2499", &b"2499"[..])));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_not_there_or_refuses_is_told_without_the_password() -> Tested {
    let mut server = RedisServer::start();
    let store = RedisKeys::default().open(&server.url())?;
    store.set("a", "1".into(), None, false).await?;
    server.kill();
    let lost = store.get("a").await;
    assert!(matches!(lost, Err(KeyError::NoConnection(_) | KeyError::NoAnswer(_))), "{lost:?}");
    let nobody = RedisKeys::default().open(&server.url())?;
    let lost = nobody.get("a").await;
    assert!(matches!(lost, Err(KeyError::NoConnection(_))), "{lost:?}");
    server.restart();
    let mut found = store.get("b").await;
    for _ in 0..100 {
        if found == Ok(None) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        found = store.get("b").await;
    }
    assert_eq!(found, Ok(None), "it is there again");

    let extra = ["--requirepass", "other"].map(String::from).to_vec();
    let locked = RedisServer::start_with(RedisConfig { extra, ..RedisConfig::default() });
    let url = locked.url().replace("redis://", "redis://:s3cret@");
    let refused = RedisKeys::default().open(&url)?.get("a").await;
    let why = refused.err().map(|why| why.to_string()).unwrap_or_default();
    assert!(!why.is_empty() && !why.contains("s3cret"), "{why}");
    Ok(())
}
