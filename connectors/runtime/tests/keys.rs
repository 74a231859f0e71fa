//! Records by key, from their file to the store.

mod support;

use std::sync::Arc;
use std::time::Duration;

use support::{Desk, start, tools};
use wf_connectors::Tools;
use wf_host::clock::VirtualClock;
use wf_host::ports::{Clock, KeyError, KeyStore, KeyStores};
use wf_local::MemoryKeys;

const FILE: &str = r#"transport: keys
config: {base_url: {type: text}}
server: =config.base_url
keys:
  device:
    key: "{{ env.name }}-{{ host }}"
    input: {host: text}
    value: {serial: text, links: optional list of link}
    ttl: 1h
  note:
    key: "note-{{ id }}"
    input: {id: scalar}
    value: text
  due:
    key: next_due
    value: {type: timestamp, format: "MM/DD/YYYY, HH:mm:ss", zone: UTC}
  lenient:
    key: "lenient-{{ id }}"
    input: {id: scalar}
    value: {serial: text}
    unfit: absent
  missing:
    key: "missing-{{ id }}"
    input: {id: scalar}
    counter: true
shapes: {link: {name: text}}
"#;

/// A store that can be looked into, in virtual time.
fn world() -> (MemoryKeys, Arc<VirtualClock>, Desk) {
    let clock = Arc::new(VirtualClock::new(start()));
    let keys = MemoryKeys::new(clock.clone());
    let tools = Tools { keys: Arc::new(keys.clone()), ..tools(clock.clone()) };
    (keys, clock, Desk::with(FILE, "store:6379", tools))
}

fn held(keys: &MemoryKeys) -> Vec<String> {
    keys.all().iter().map(|(key, value)| format!("{key} {}", String::from_utf8_lossy(value))).collect()
}

async fn put(keys: &MemoryKeys, key: &str, value: &'static str) {
    let store = keys.open("any").unwrap_or_else(|why| panic!("{why}"));
    assert_eq!(store.set(key, value.into(), None, false).await, Ok(true));
}

#[tokio::test]
async fn a_record_is_kept_read_and_ends() {
    let (keys, clock, desk) = world();
    assert_eq!(desk.ask("device.get", r#"{"host":"a"}"#).await, (200, "null".into()));
    let set = r#"{"host":"a","value":{"serial":"VC1","links":null,"more":1}}"#;
    assert_eq!(desk.ask("device.set", set).await, (200, "null".into()));
    assert_eq!(held(&keys), [r#"test-a {"serial":"VC1","links":null,"more":1}"#], "as it is, nulls too");
    let found = r#"{"serial":"VC1","links":null,"more":1}"#;
    assert_eq!(desk.ask("device.get", r#"{"host":"a"}"#).await, (200, found.into()));
    assert_eq!(desk.ask("device.exists", r#"{"host":"a"}"#).await, (200, "true".into()));
    assert_eq!(desk.ask("device.set_new", set).await, (200, "false".into()));
    assert_eq!(desk.ask("device.list", "{}").await, (200, format!("[{found}]")));

    clock.sleep(Duration::from_secs(3_599)).await;
    assert_eq!(desk.ask("device.exists", r#"{"host":"a"}"#).await, (200, "true".into()));
    clock.sleep(Duration::from_secs(1)).await;
    assert_eq!(desk.ask("device.exists", r#"{"host":"a"}"#).await, (200, "false".into()));

    let short = r#"{"host":"a","value":{"serial":"VC1"},"ttl":"5s"}"#;
    assert_eq!(desk.ask("device.set_new", short).await, (200, "true".into()));
    assert_eq!(desk.ask("device.expire", r#"{"host":"a","ttl":"2m"}"#).await, (200, "null".into()));
    clock.sleep(Duration::from_secs(60)).await;
    assert_eq!(desk.ask("device.rename", r#"{"host":"a","to":"test-b"}"#).await, (200, "null".into()));
    assert_eq!(held(&keys), [r#"test-b {"serial":"VC1"}"#]);
    let (status, body) = desk.ask("device.rename", r#"{"host":"a","to":"test-b"}"#).await;
    assert_eq!((status, body.as_str()), (404, r#""there is no such record""#));
    assert_eq!(desk.ask("device.delete", r#"{"host":"b"}"#).await, (200, "null".into()));
    assert_eq!(desk.ask("device.delete", r#"{"host":"b"}"#).await, (200, "null".into()));
    assert_eq!(held(&keys), Vec::<String>::new());
}

#[tokio::test]
async fn texts_are_kept_plain_and_numbers_are_counted() {
    let (keys, _, desk) = world();
    assert_eq!(desk.ask("note.set", r#"{"id":7,"value":"say \"hi\""}"#).await.0, 200);
    assert_eq!(desk.ask("due.set", r#"{"value":"06/01/2022, 15:00:00"}"#).await.0, 200);
    assert_eq!(desk.ask("missing.add", r#"{"id":7}"#).await, (200, "1".into()));
    assert_eq!(desk.ask("missing.add", r#"{"id":7,"value":4}"#).await, (200, "5".into()));
    assert_eq!(held(&keys), ["missing-7 5", "next_due 06/01/2022, 15:00:00", r#"note-7 say "hi""#]);
    assert_eq!(desk.ask("note.get", r#"{"id":"7"}"#).await, (200, r#""say \"hi\"""#.into()));
    assert_eq!(desk.ask("due.get", "{}").await, (200, r#""06/01/2022, 15:00:00""#.into()));
    assert_eq!(desk.ask("missing.get", r#"{"id":7}"#).await, (200, "5".into()));
    assert_eq!(desk.ask("missing.get", r#"{"id":8}"#).await, (200, "null".into()));
    assert_eq!(desk.ask("note.set", r#"{"id":7,"value":""}"#).await.0, 200);
    assert_eq!(desk.ask("note.get", r#"{"id":7}"#).await, (200, r#""""#.into()), "kept, and empty");
}

#[tokio::test]
async fn what_does_not_fit_is_a_failed_read_or_counts_as_absent() {
    let (keys, _, desk) = world();
    put(&keys, "test-broken", "{").await;
    put(&keys, "test-other", r#"{"serial":5,"links":[{"name":"a"},{}]}"#).await;
    put(&keys, "test-right", r#"{"serial":"VC1"}"#).await;
    for host in ["broken", "other"] {
        let (status, body) = desk.ask("device.get", &format!(r#"{{"host":"{host}"}}"#)).await;
        assert_eq!(status, 502, "{body}");
        assert!(body.contains(&format!("test-{host}")), "{body}");
    }
    let all = r#"["{",{"serial":5,"links":[{"name":"a"},{}]},{"serial":"VC1"}]"#;
    assert_eq!(desk.ask("device.list", "{}").await, (200, all.into()), "its reader sets aside what does not fit");
    put(&keys, "lenient-1", "[]").await;
    put(&keys, "lenient-2", r#"{"serial":"VC2"}"#).await;
    assert_eq!(desk.ask("lenient.get", r#"{"id":1}"#).await, (200, "null".into()));
    assert_eq!(desk.ask("lenient.list", "{}").await, (200, r#"[{"serial":"VC2"}]"#.into()));
    // all fields given: that record and none that begins like it
    put(&keys, "lenient-22", r#"{"serial":"VC22"}"#).await;
    assert_eq!(desk.ask("lenient.list", r#"{"id":2}"#).await, (200, r#"[{"serial":"VC2"}]"#.into()));
}

#[tokio::test]
async fn what_cannot_be_a_key_or_a_time_is_refused() {
    let (keys, _, desk) = world();
    let refused = [
        ("device.get", r#"{"host":""}"#, "host"),
        ("device.set", r#"{"host":"a","value":{"serial":"x"},"ttl":"0s"}"#, "ttl"),
        ("device.rename", r#"{"host":"a","to":""}"#, "to"),
        ("missing.add", r#"{"id":7,"value":"many"}"#, "value"),
    ];
    for (action, body, place) in refused {
        let (status, said) = desk.ask(action, body).await;
        assert!(status == 400 && said.contains(place), "{action} {body}: {status} {said}");
    }
    assert_eq!(held(&keys), Vec::<String>::new());
}

/// A store that is not there.
struct Nowhere(KeyError);

#[async_trait::async_trait]
impl KeyStore for Nowhere {
    async fn get(&self, _: &str) -> Result<Option<bytes::Bytes>, KeyError> {
        Err(self.0.clone())
    }
    async fn list(&self, _: &str) -> Result<Vec<(String, bytes::Bytes)>, KeyError> {
        std::future::pending().await
    }
    async fn set(&self, _: &str, _: bytes::Bytes, _: Option<Duration>, _: bool) -> Result<bool, KeyError> {
        Err(self.0.clone())
    }
    async fn delete(&self, _: &str) -> Result<bool, KeyError> {
        Err(self.0.clone())
    }
    async fn expire(&self, _: &str, _: Duration) -> Result<bool, KeyError> {
        Err(self.0.clone())
    }
    async fn rename(&self, _: &str, _: &str) -> Result<bool, KeyError> {
        Err(self.0.clone())
    }
    async fn add(&self, _: &str, _: i64, _: Option<Duration>) -> Result<i64, KeyError> {
        Err(self.0.clone())
    }
}

impl KeyStores for Nowhere {
    fn open(&self, _: &str) -> Result<Arc<dyn KeyStore>, KeyError> {
        Ok(Arc::new(Self(self.0.clone())))
    }
}

#[tokio::test]
async fn a_store_that_is_away_refuses_or_is_silent_is_told_apart() {
    for (why, status) in [
        (KeyError::NoConnection("refused".into()), 500),
        (KeyError::NoAnswer("cut".into()), 500),
        (KeyError::Refused("OOM command not allowed".into()), 500),
    ] {
        let clock = Arc::new(VirtualClock::new(start()));
        let said = why.to_string();
        let tools = Tools { keys: Arc::new(Nowhere(why)), ..tools(clock) };
        let desk = Desk::with(FILE, "store", tools);
        let (found, body) = desk.ask("device.get", r#"{"host":"a"}"#).await;
        assert!(found == status && body.contains(&said), "{found} {body}");
        assert_eq!(desk.ask("device.list", "{}").await.0, 504, "the time of one call is over");
    }
}
