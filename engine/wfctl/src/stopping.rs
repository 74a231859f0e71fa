//! Ctrl-C and SIGTERM: before the work has begun they end the program with a word, then whoever works decides.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::exit::Refusal;
use crate::output;

/// As shells tell of a program that a signal ended.
const ENDED_BY_SIGNAL: i32 = 130;

/// As long as it is kept, a signal says that sentence and ends the program.
pub struct Early {
    over: Arc<AtomicBool>,
}

impl Early {
    /// Listens from now on. What is said is true until it is dropped: nothing has happened yet, or nothing that matters.
    pub fn say(words: &'static str) -> Result<Self, Refusal> {
        let over = Arc::new(AtomicBool::new(false));
        let is_over = over.clone();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(failed)?;
        let mut signals = {
            let _context = runtime.enter();
            Signals::listen()?
        };
        let listening = std::thread::Builder::new().name("signals".into()).spawn(move || {
            runtime.block_on(signals.next());
            if !is_over.load(Ordering::SeqCst) {
                output::say(words);
                std::process::exit(ENDED_BY_SIGNAL);
            }
        });
        listening.map_err(failed)?;
        Ok(Self { over })
    }
}

impl Drop for Early {
    fn drop(&mut self) {
        self.over.store(true, Ordering::SeqCst);
    }
}

/// Comes with SIGTERM or Ctrl-C. A second one ends the process at once.
pub fn told_to_stop() -> Result<impl Future<Output = ()>, Refusal> {
    let mut signals = Signals::listen()?;
    Ok(async move {
        signals.next().await;
        tokio::spawn(async move {
            signals.next().await;
            std::process::exit(ENDED_BY_SIGNAL);
        });
    })
}

struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    fn listen() -> Result<Self, Refusal> {
        let terminate = signal(SignalKind::terminate()).map_err(failed)?;
        let interrupt = signal(SignalKind::interrupt()).map_err(failed)?;
        Ok(Self { terminate, interrupt })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

fn failed(error: std::io::Error) -> Refusal {
    Refusal::failed(format!("signals cannot be listened to: {error}"))
}
