//! Claims of request ids: the same wherever they are kept, and still there after the process that made them.

use std::sync::Arc;

use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use wf_connectors::{Claim, Claims, ClaimsError, Doubtful, KEPT, KeptClaims, MemoryClaims};
use wf_host::clock::VirtualClock;
use wf_host::ports::{Clock, EMBEDDED, KeyStore, KeyStores};
use wf_local::{MemoryKeys, SqliteKeys, SqliteStore};

const NOON: Timestamp = Timestamp::UNIX_EPOCH;

async fn suite(claims: &dyn Claims) -> Result<(), ClaimsError> {
    assert_eq!(claims.claim("s", "1", NOON).await?, Claim::New);
    assert_eq!(claims.claim("s", "1", NOON).await?, Claim::Doubt { since: NOON });
    assert_eq!(claims.claim("other", "1", NOON).await?, Claim::New);
    assert_eq!(claims.claim("s", "an id of others, with blanks", NOON).await?, Claim::New);
    for reply in [&b"reply"[..], b"=", b"", &[0, 255]] {
        claims.remember("s", "1", Bytes::copy_from_slice(reply), NOON).await?;
        assert_eq!(claims.claim("s", "1", NOON).await?, Claim::Replied(Bytes::copy_from_slice(reply)));
    }
    assert_eq!(claims.claim("other", "1", NOON).await?, Claim::Doubt { since: NOON });
    claims.release("other", "1").await?;
    assert_eq!(claims.claim("other", "1", NOON).await?, Claim::New, "what is given up is free");
    Ok(())
}

fn opened(stores: &dyn KeyStores) -> Arc<dyn KeyStore> {
    stores.open(EMBEDDED).unwrap_or_else(|e| panic!("{e}"))
}

#[tokio::test]
async fn claims_are_in_doubt_until_a_reply_is_remembered() -> Result<(), ClaimsError> {
    suite(&MemoryClaims::default()).await?;
    let clock: Arc<dyn Clock> = Arc::new(VirtualClock::new(NOON));
    suite(&KeptClaims::new(opened(&MemoryKeys::new(clock)))).await
}

#[tokio::test]
async fn claims_in_a_file_outlive_the_process_and_are_listed_while_they_are_in_doubt() -> Result<(), ClaimsError> {
    let folder = tempfile::tempdir().unwrap_or_else(|e| panic!("{e}"));
    let path = folder.path().join("claims.db");
    let clock: Arc<dyn Clock> = Arc::new(VirtualClock::new(NOON));
    let open = || {
        let store = SqliteStore::open(&path).unwrap_or_else(|e| panic!("{e}"));
        KeptClaims::new(opened(&SqliteKeys::new(Arc::new(store), clock.clone())))
    };
    suite(&open()).await?;
    let claims = open();
    assert_eq!(claims.claim("s", "1", NOON).await?, Claim::Replied(Bytes::from_static(&[0, 255])));
    assert_eq!(claims.claim("other", "1", NOON).await?, Claim::Doubt { since: NOON });
    let doubtful = |action: &str, id: &str| Doubtful { action: action.into(), request_id: id.into(), since: NOON };
    assert_eq!(claims.doubtful().await?, [doubtful("other", "1"), doubtful("s", "an id of others, with blanks")]);
    clock.sleep_until(NOON + KEPT + SignedDuration::from_secs(1)).await;
    assert_eq!(claims.doubtful().await?, []);
    assert_eq!(claims.claim("s", "1", NOON).await?, Claim::New, "a day is over");
    Ok(())
}
