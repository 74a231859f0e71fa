//! Records by key in this process' memory.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use wf_host::ports::{Clock, KeyError, KeyStore, KeyStores};

/// A store of one process, on the engine's clock.
#[derive(Clone)]
pub struct MemoryKeys {
    clock: Arc<dyn Clock>,
    records: Arc<Mutex<BTreeMap<String, Kept>>>,
}

struct Kept {
    value: Bytes,
    /// `None`: for ever.
    until: Option<Timestamp>,
}

impl MemoryKeys {
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, records: Arc::default() }
    }

    /// All that is there, in the order of the keys. For tests.
    #[must_use]
    pub fn all(&self) -> Vec<(String, Bytes)> {
        self.alive().iter().map(|(key, kept)| (key.clone(), kept.value.clone())).collect()
    }

    /// The records, without those that have ended.
    fn alive(&self) -> MutexGuard<'_, BTreeMap<String, Kept>> {
        let now = self.clock.now();
        let mut records = self.records.lock().unwrap_or_else(PoisonError::into_inner);
        records.retain(|_, kept| kept.until.is_none_or(|until| now < until));
        records
    }

    fn until(&self, ttl: Duration) -> Timestamp {
        let ttl = SignedDuration::try_from(ttl).unwrap_or(SignedDuration::MAX);
        self.clock.now().saturating_add(ttl).unwrap_or(Timestamp::MAX)
    }
}

impl KeyStores for MemoryKeys {
    /// Whatever is named: there is only this one.
    fn open(&self, _server: &str) -> Result<Arc<dyn KeyStore>, KeyError> {
        Ok(Arc::new(self.clone()))
    }
}

#[async_trait]
impl KeyStore for MemoryKeys {
    async fn get(&self, key: &str) -> Result<Option<Bytes>, KeyError> {
        Ok(self.alive().get(key).map(|kept| kept.value.clone()))
    }

    async fn list(&self, prefix: &str) -> Result<Vec<(String, Bytes)>, KeyError> {
        let records = self.alive();
        let from = records.range(prefix.to_owned()..).take_while(|(key, _)| key.starts_with(prefix));
        Ok(from.map(|(key, kept)| (key.clone(), kept.value.clone())).collect())
    }

    async fn set(&self, key: &str, value: Bytes, ttl: Option<Duration>, only_new: bool) -> Result<bool, KeyError> {
        let mut records = self.alive();
        if only_new && records.contains_key(key) {
            return Ok(false);
        }
        records.insert(key.to_owned(), Kept { value, until: ttl.map(|ttl| self.until(ttl)) });
        Ok(true)
    }

    async fn delete(&self, key: &str) -> Result<bool, KeyError> {
        Ok(self.alive().remove(key).is_some())
    }

    async fn expire(&self, key: &str, ttl: Duration) -> Result<bool, KeyError> {
        let until = self.until(ttl);
        let mut records = self.alive();
        let kept = records.get_mut(key).map(|kept| kept.until = Some(until));
        Ok(kept.is_some())
    }

    async fn rename(&self, key: &str, to: &str) -> Result<bool, KeyError> {
        let mut records = self.alive();
        let Some(kept) = records.remove(key) else { return Ok(false) };
        records.insert(to.to_owned(), kept);
        Ok(true)
    }

    async fn add(&self, key: &str, by: i64, ttl: Option<Duration>) -> Result<i64, KeyError> {
        let until = ttl.map(|ttl| self.until(ttl));
        let mut records = self.alive();
        let kept = records.entry(key.to_owned()).or_insert_with(|| Kept { value: "0".into(), until: None });
        let number = std::str::from_utf8(&kept.value).ok().and_then(|text| text.parse::<i64>().ok());
        let number = number.ok_or_else(|| KeyError::Refused("it holds no whole number".into()))?;
        let sum = number.checked_add(by).ok_or_else(|| KeyError::Refused("the number is too large".into()))?;
        kept.value = sum.to_string().into();
        if until.is_some() {
            kept.until = until;
        }
        Ok(sum)
    }
}
