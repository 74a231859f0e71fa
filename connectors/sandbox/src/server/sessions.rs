//! Tokens and sessions: issued at a login, valid for a while.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::time::HOUR;

pub(crate) const TOKEN_LASTS: i64 = HOUR;
pub(crate) const SESSION_LASTS: i64 = 24 * HOUR;

/// The keys that one vendor has given out.
#[derive(Debug)]
pub(crate) struct Sessions {
    prefix: &'static str,
    /// ms
    pub(crate) lasts: i64,
    issued: Mutex<Issued>,
}

#[derive(Debug, Default)]
struct Issued {
    count: u64,
    /// Key → (account that it belongs to, end in ms).
    keys: HashMap<String, (String, i64)>,
}

impl Sessions {
    pub(crate) fn new(prefix: &'static str, lasts: i64) -> Sessions {
        Sessions { prefix, lasts, issued: Mutex::default() }
    }

    /// A fresh key for an account (a host, a client id).
    pub(crate) fn issue(&self, account: &str, now: i64) -> String {
        let mut issued = self.lock();
        issued.count += 1;
        let key = format!("{}-{}", self.prefix, issued.count);
        issued.keys.insert(key.clone(), (account.to_owned(), now.saturating_add(self.lasts)));
        key
    }

    /// Whether the key was given to this account, and has not run out.
    pub(crate) fn holds(&self, account: &str, key: &str, now: i64) -> bool {
        self.lock().keys.get(key).is_some_and(|(owner, end)| owner == account && now < *end)
    }

    /// Makes one key invalid.
    pub(crate) fn revoke(&self, key: &str) {
        self.lock().keys.remove(key);
    }

    fn lock(&self) -> MutexGuard<'_, Issued> {
        self.issued.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_belongs_to_one_account_and_runs_out() {
        let sessions = Sessions::new("s", 100);
        let key = sessions.issue("h1", 1_000);
        assert!(sessions.holds("h1", &key, 1_099));
        assert!(!sessions.holds("h1", &key, 1_100));
        assert!(!sessions.holds("h2", &key, 1_000));
        sessions.revoke(&key);
        assert!(!sessions.holds("h1", &key, 1_000));
        assert_ne!(sessions.issue("h1", 0), key);
    }
}
