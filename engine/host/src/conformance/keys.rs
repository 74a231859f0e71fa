//! The suite of stores of records: what `transport: keys` relies on.

use std::sync::Arc;
use std::time::Duration;

use crate::clock::attend;
use crate::ports::{Clock, KeyError, KeyStore};

/// What a store of records must do. `prefix` makes keys of its own; `clock` is the one that the store's records end by.
pub async fn keys_suite(store: Arc<dyn KeyStore>, clock: Arc<dyn Clock>, prefix: &str) {
    let suite = suite(&*store, &*clock, prefix);
    if let Err(error) = attend(clock.clone(), suite).await {
        panic!("the store failed: {error}");
    }
}

async fn suite(store: &dyn KeyStore, clock: &dyn Clock, prefix: &str) -> Result<(), KeyError> {
    let key = |name: &str| format!("{prefix}-{name}");
    let (a, b) = (key("a"), key("b"));
    assert_eq!(store.get(&a).await?, None);
    assert!(store.set(&a, "1".into(), None, false).await?);
    assert!(!store.set(&a, "2".into(), None, true).await?, "something is there");
    assert!(store.set(&b, "2".into(), None, true).await?, "nothing was there");
    assert_eq!(store.get(&a).await?, Some("1".into()));

    // what looks like a pattern is none, and no key stands for another that begins like it
    let odd = key("a*[x]?\\");
    store.set(&odd, "odd".into(), None, false).await?;
    assert_eq!(store.list(&odd).await?, [(odd.clone(), "odd".into())]);
    let all: Vec<String> = store.list(&key("")).await?.into_iter().map(|(key, _)| key).collect();
    assert_eq!(all, [a.clone(), odd.clone(), b.clone()]);
    assert_eq!(store.list(&key("nobody")).await?, []);

    assert!(store.rename(&odd, &a).await?);
    assert_eq!((store.get(&a).await?, store.get(&odd).await?), (Some("odd".into()), None));
    assert!(!store.rename(&odd, &b).await?, "there is nothing to rename");
    assert_eq!(store.get(&b).await?, Some("2".into()));
    assert!(store.delete(&b).await?);
    assert!(!store.delete(&b).await?);

    let n = key("n");
    assert_eq!(store.add(&n, 1, None).await?, 1);
    assert_eq!(store.add(&n, -3, None).await?, -2);
    assert_eq!(store.get(&n).await?, Some("-2".into()));
    assert!(matches!(store.add(&a, 1, None).await, Err(KeyError::Refused(_))), "it holds no number");

    // what ends
    const TTL: Duration = Duration::from_millis(400);
    store.set(&b, "short".into(), Some(TTL), false).await?;
    store.set(&n, "0".into(), Some(TTL), false).await?;
    assert_eq!(store.add(&n, 5, None).await?, 5);
    assert!(store.expire(&a, TTL).await?);
    assert!(!store.expire(&key("nobody"), TTL).await?);
    assert!(store.rename(&b, &odd).await?);
    assert!(store.get(&a).await?.is_some() && store.get(&odd).await?.is_some());
    clock.sleep(TTL + Duration::from_millis(200)).await;
    assert_eq!(store.list(&key("")).await?, [], "renamed, added to or not, it ends when it was to end");

    store.set(&a, "x".into(), Some(TTL), false).await?;
    store.set(&a, "y".into(), None, false).await?;
    assert_eq!(store.add(&n, 1, Some(TTL)).await?, 1);
    clock.sleep(TTL + Duration::from_millis(200)).await;
    assert_eq!(store.get(&a).await?, Some("y".into()), "what was set anew has no end");
    assert_eq!(store.get(&n).await?, None);
    store.delete(&a).await?;
    Ok(())
}
