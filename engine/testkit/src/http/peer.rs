//! The listening side: one thread that accepts, one per connection.

use std::collections::VecDeque;
use std::io::{self, BufReader};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::answer::{Answer, Reply};
use super::request::Asked;
use crate::ports::free_listener;

type Answerer = dyn Fn(&Asked) -> Answer + Send + Sync;

/// An HTTP/1.1 peer on a real loopback socket. It answers as it is told, also wrongly or never, and records what it was
/// asked, in order. Connections are kept alive as the asker likes.
pub struct FaultyHttp {
    address: SocketAddr,
    shared: Arc<Shared>,
    listening: Option<JoinHandle<()>>,
}

struct Shared {
    answer: Box<Answerer>,
    state: Mutex<State>,
    arrived: Condvar,
}

#[derive(Default)]
struct State {
    asked: Vec<Asked>,
    /// The open connections by number, so that they can be broken.
    connections: Vec<(usize, TcpStream)>,
    accepted: usize,
    refusing: bool,
}

impl Shared {
    /// The state; a connection's thread that panicked leaves it whole, since each change is one step.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl FaultyHttp {
    /// A peer that gives these answers, one a request whatever it asks, and after the last one status 500 with a body
    /// that says so.
    ///
    /// # Panics
    /// When it can not listen, so that the test fails.
    #[track_caller]
    pub fn script(answers: impl IntoIterator<Item = impl Into<Answer>>) -> Self {
        let left: Mutex<VecDeque<Answer>> = Mutex::new(answers.into_iter().map(Into::into).collect());
        Self::start(move |asked| {
            let next = left.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
            next.unwrap_or_else(|| {
                let text = format!("nothing is scripted for {} {}", asked.method, asked.target);
                Answer::Reply(Reply::status(500).body(text))
            })
        })
    }

    /// A peer that decides by the request.
    ///
    /// # Panics
    /// When it can not listen, so that the test fails.
    #[track_caller]
    pub fn start(answer: impl Fn(&Asked) -> Answer + Send + Sync + 'static) -> Self {
        let shared = Arc::new(Shared { answer: Box::new(answer), state: Mutex::default(), arrived: Condvar::new() });
        let listener = free_listener();
        let address = match listener.local_addr() {
            Ok(address) => address,
            Err(error) => panic!("a listener has no address: {error}"),
        };
        let mut peer = Self { address, shared, listening: None };
        peer.listen(listener);
        peer
    }

    /// Refuses connections from now on and breaks the open ones.
    pub fn refuse(&mut self) {
        let Some(listening) = self.listening.take() else { return };
        self.shared.state().refusing = true;
        // The accepting thread looks at the flag when somebody comes.
        let _ = TcpStream::connect(self.address);
        let _ = listening.join();
        for (_, connection) in self.shared.state().connections.drain(..) {
            let _ = connection.shutdown(Shutdown::Both);
        }
    }

    /// Listens at the same address again after [`FaultyHttp::refuse`].
    ///
    /// # Panics
    /// When somebody else took the port meanwhile, so that the test fails.
    #[track_caller]
    pub fn listen_again(&mut self) {
        if self.listening.is_some() {
            return;
        }
        match TcpListener::bind(self.address) {
            Ok(listener) => self.listen(listener),
            Err(error) => panic!("can not listen at {}: {error}", self.address),
        }
    }

    fn listen(&mut self, listener: TcpListener) {
        self.shared.state().refusing = false;
        let shared = Arc::clone(&self.shared);
        self.listening = Some(thread::spawn(move || accept(&listener, &shared)));
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address as clients want it, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What was asked so far, in the order in which requests were complete.
    pub fn asked(&self) -> Vec<Asked> {
        self.shared.state().asked.clone()
    }

    /// Waits until so many requests were made, and gives all made until then.
    ///
    /// # Panics
    /// When there are fewer after `within`, so that the test fails.
    #[track_caller]
    pub fn wait_for(&self, count: usize, within: Duration) -> Vec<Asked> {
        let deadline = Instant::now() + within;
        let mut state = self.shared.state();
        while state.asked.len() < count {
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "{} of {count} requests were made within {within:?}", state.asked.len());
            state = self.shared.arrived.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        state.asked.clone()
    }
}

impl Drop for FaultyHttp {
    fn drop(&mut self) {
        self.refuse();
    }
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    for stream in listener.incoming() {
        let Ok(stream) = stream else { continue };
        let Ok(handle) = stream.try_clone() else { continue };
        let number = {
            let mut state = shared.state();
            if state.refusing {
                return;
            }
            let number = state.accepted;
            state.accepted += 1;
            state.connections.push((number, handle));
            number
        };
        let shared = Arc::clone(shared);
        thread::spawn(move || {
            // The asker may go away at any moment: that is its business, and nobody is left to be told.
            let _ = serve(stream, number, &shared);
            // The last handle closes the connection; with a reset, if that was the answer.
            shared.state().connections.retain(|(open, _)| *open != number);
        });
    }
}

fn serve(stream: TcpStream, number: usize, shared: &Shared) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream.try_clone()?);
    while let Some(asked) = Asked::read(&mut reader, number)? {
        shared.state().asked.push(asked.clone());
        shared.arrived.notify_all();
        let answer = (shared.answer)(&asked);
        if !answer.send(&stream, asked.method == "HEAD")? || asked.wants_close() {
            break;
        }
    }
    Ok(())
}
