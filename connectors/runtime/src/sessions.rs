//! Sessions: one for each resolved login, made on first use, by one request for all that wait (`connectors.md` §5).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use wf_host::ports::Clock;
use wf_value::Value;

/// What a login gave. Its values are secrets.
pub(crate) struct Session {
    /// In its cell, from 1: a later one has a higher number.
    pub(crate) number: u64,
    /// The named values; null when it is made of cookies only.
    pub(crate) values: Value,
    pub(crate) cookies: Vec<(String, String)>,
    pub(crate) since: Timestamp,
    /// Never used from then on.
    pub(crate) until: Option<Timestamp>,
}

/// When a login is made again.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Rules {
    /// An older session is renewed before use; one that cannot be renewed serves on.
    pub(crate) max_age: Option<SignedDuration>,
    /// No new login sooner than this after the last one, except after a refused session.
    pub(crate) pace: Option<SignedDuration>,
}

/// Which session is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Want {
    Any,
    /// One that is newer than this: that one was refused. 0: there was none.
    NewerThan(u64),
}

/// What a login gave, before it has a number.
pub(crate) struct Login {
    pub(crate) values: Value,
    pub(crate) cookies: Vec<(String, String)>,
    pub(crate) until: Option<Timestamp>,
}

/// The sessions of one face, by the hash of their login.
#[derive(Default)]
pub(crate) struct Sessions {
    cells: Mutex<HashMap<[u8; 32], Arc<Cell>>>,
}

#[derive(Default)]
struct Cell {
    /// Held by whoever logs in.
    gate: tokio::sync::Mutex<()>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    session: Option<Arc<Session>>,
    /// Logins that have ended, well or not.
    ended: u64,
    last: Option<Timestamp>,
    failure: String,
    numbers: u64,
}

impl Sessions {
    /// The session for a login, made by `login` when there is none that serves. `Err`: why there is none.
    pub(crate) async fn get(
        &self,
        key: [u8; 32],
        rules: Rules,
        want: Want,
        clock: &dyn Clock,
        login: impl AsyncFnOnce() -> Result<Login, String>,
    ) -> Result<Arc<Session>, String> {
        let cell = self.cells.lock().unwrap_or_else(PoisonError::into_inner).entry(key).or_default().clone();
        let seen = {
            let state = cell.lock();
            if let Some(session) = state.serves(want, rules, clock.now()) {
                return Ok(session);
            }
            state.ended
        };
        let _gate = cell.gate.lock().await;
        {
            let mut state = cell.lock();
            let now = clock.now();
            if let Some(session) = state.serves(want, rules, now) {
                return Ok(session);
            }
            // somebody logged in while we waited: what came of it holds for us
            let told = state.ended != seen;
            let too_soon = match (want, rules.pace, state.last) {
                (Want::Any, Some(pace), Some(last)) => now.duration_since(last) < pace,
                _ => false,
            };
            if told || too_soon {
                return state.old(want, now).ok_or_else(|| state.failure.clone());
            }
            if let Want::NewerThan(number) = want
                && state.session.as_ref().is_some_and(|session| session.number <= number)
            {
                state.session = None;
            }
        }
        let ended = login().await;
        let mut state = cell.lock();
        let now = clock.now();
        state.ended += 1;
        state.last = Some(now);
        match ended {
            Ok(Login { values, cookies, until }) => {
                state.numbers += 1;
                let session = Arc::new(Session { number: state.numbers, values, cookies, since: now, until });
                state.session = Some(session.clone());
                state.failure = "the next login is not due yet".to_owned();
                Ok(session)
            }
            Err(why) => {
                state.failure.clone_from(&why);
                state.old(want, now).ok_or(why)
            }
        }
    }
}

impl Cell {
    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// The session, when it needs no renewal.
    fn serves(&self, want: Want, rules: Rules, now: Timestamp) -> Option<Arc<Session>> {
        let session = self.old(want, now)?;
        let is_old = rules.max_age.is_some_and(|max_age| now.duration_since(session.since) >= max_age);
        (want != Want::Any || !is_old).then_some(session)
    }

    /// The session, however old, when it may still be used.
    fn old(&self, want: Want, now: Timestamp) -> Option<Arc<Session>> {
        let session = self.session.as_ref()?;
        let newer = match want {
            Want::Any => true,
            Want::NewerThan(number) => session.number > number,
        };
        (newer && session.until.is_none_or(|until| now < until)).then(|| session.clone())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use wf_host::clock::{VirtualClock, attend};

    use super::*;

    struct Desk {
        sessions: Sessions,
        clock: Arc<VirtualClock>,
        logins: AtomicU64,
    }

    impl Desk {
        fn new() -> Arc<Self> {
            let clock = Arc::new(VirtualClock::new(Timestamp::UNIX_EPOCH));
            Arc::new(Self { sessions: Sessions::default(), clock, logins: AtomicU64::new(0) })
        }

        /// A login takes a second.
        async fn get(&self, rules: Rules, want: Want, works: bool) -> Result<u64, String> {
            let login = async || {
                self.logins.fetch_add(1, Ordering::SeqCst);
                self.clock.sleep(std::time::Duration::from_secs(1)).await;
                let until = None;
                if works {
                    Ok(Login { values: Value::Null, cookies: Vec::new(), until })
                } else {
                    Err("refused".to_owned())
                }
            };
            self.sessions.get([0; 32], rules, want, &*self.clock, login).await.map(|session| session.number)
        }

        fn logins(&self) -> u64 {
            self.logins.load(Ordering::SeqCst)
        }

        async fn together(self: &Arc<Self>, n: usize, want: Want, works: bool) -> Vec<Result<u64, String>> {
            let hold = self.clock.busy();
            let tasks: Vec<_> = (0..n)
                .map(|_| {
                    let desk = self.clone();
                    tokio::spawn(attend(
                        self.clock.clone(),
                        async move { desk.get(Rules::default(), want, works).await },
                    ))
                })
                .collect();
            drop(hold);
            let mut found = Vec::new();
            for task in tasks {
                found.push(task.await.unwrap_or_else(|why| Err(why.to_string())));
            }
            found
        }
    }

    const HOUR: SignedDuration = SignedDuration::from_hours(1);

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn one_login_serves_all_who_wait_and_one_failure_is_told_to_all() {
        let desk = Desk::new();
        assert!(desk.together(50, Want::Any, false).await.iter().all(|found| found == &Err("refused".to_owned())));
        assert_eq!(desk.logins(), 1);
        assert!(desk.together(50, Want::Any, true).await.iter().all(|found| found == &Ok(1)));
        assert_eq!(desk.logins(), 2);
        assert!(desk.together(50, Want::NewerThan(1), true).await.iter().all(|found| found == &Ok(2)));
        assert_eq!(desk.logins(), 3);
        // who finds that it changed since does not log in
        assert_eq!(desk.get(Rules::default(), Want::NewerThan(1), true).await, Ok(2));
        assert_eq!(desk.logins(), 3);
    }

    #[tokio::test]
    async fn an_old_session_is_renewed_and_serves_on_when_that_fails() {
        let desk = Desk::new();
        let rules = Rules { max_age: Some(HOUR), pace: None };
        assert_eq!(desk.get(rules, Want::Any, true).await, Ok(1));
        desk.clock.sleep(std::time::Duration::from_secs(3_599)).await;
        assert_eq!(desk.get(rules, Want::Any, false).await, Ok(1));
        assert_eq!(desk.logins(), 1);
        desk.clock.sleep(std::time::Duration::from_secs(1)).await;
        assert_eq!(desk.get(rules, Want::Any, false).await, Ok(1));
        assert_eq!(desk.get(rules, Want::Any, true).await, Ok(2));
        assert_eq!(desk.logins(), 3);
    }

    #[tokio::test]
    async fn a_refused_session_does_not_serve_on() {
        let desk = Desk::new();
        assert_eq!(desk.get(Rules::default(), Want::Any, true).await, Ok(1));
        assert_eq!(desk.get(Rules::default(), Want::NewerThan(1), false).await, Err("refused".into()));
        assert_eq!(desk.get(Rules::default(), Want::Any, false).await, Err("refused".into()));
    }

    #[tokio::test]
    async fn the_pace_holds_but_for_a_refused_session() {
        let desk = Desk::new();
        let rules = Rules { max_age: Some(SignedDuration::from_mins(1)), pace: Some(HOUR) };
        assert_eq!(desk.get(rules, Want::Any, false).await, Err("refused".into()));
        assert_eq!(desk.get(rules, Want::Any, true).await, Err("refused".into()));
        assert_eq!(desk.logins(), 1);
        assert_eq!(desk.get(rules, Want::NewerThan(0), true).await, Ok(1));
        desk.clock.sleep(std::time::Duration::from_secs(120)).await;
        assert_eq!(desk.get(rules, Want::Any, true).await, Ok(1));
        desk.clock.sleep(std::time::Duration::from_secs(3_600)).await;
        assert_eq!(desk.get(rules, Want::Any, true).await, Ok(2));
    }
}
