//! Tasks that count as busy whenever they could go on.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

use crate::ports::{Busy, Clock};

/// The future, watched over: it holds a [`Busy`] from the moment it is woken until it waits again. So virtual time moves only when every
/// attended task waits for the clock, or for another one that does. Costs nothing on a real clock.
///
/// On a virtual clock the future is polled without tokio's budget, which would put it off without waking it; for the same reason attended
/// code does not call `tokio::task::yield_now`.
pub fn attend<F: Future>(clock: Arc<dyn Clock>, future: F) -> Attended<F> {
    let attendant = clock.is_virtual().then(|| {
        let busy = Mutex::new(Woken { busy: Some(clock.busy()), waker: None });
        Arc::new(Attendant { clock, woken: busy })
    });
    Attended { attendant, future: Box::pin(future) }
}

/// See [`attend`].
pub struct Attended<F> {
    attendant: Option<Arc<Attendant>>,
    future: Pin<Box<F>>,
}

struct Attendant {
    clock: Arc<dyn Clock>,
    woken: Mutex<Woken>,
}

struct Woken {
    /// Held from waking to waiting.
    busy: Option<Busy>,
    /// The task's own.
    waker: Option<Waker>,
}

impl Wake for Attendant {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        let waker = {
            let mut woken = self.woken.lock().unwrap_or_else(PoisonError::into_inner);
            if woken.waker.is_some() && woken.busy.is_none() {
                woken.busy = Some(self.clock.busy());
            }
            woken.waker.clone()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

impl<F: Future> Future for Attended<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let Some(attendant) = self.attendant.clone() else { return self.future.as_mut().poll(cx) };
        // Whatever wakes it from here on is for the next poll.
        let working = attendant.clock.busy();
        let before = {
            let mut woken = attendant.woken.lock().unwrap_or_else(PoisonError::into_inner);
            if !woken.waker.as_ref().is_some_and(|w| w.will_wake(cx.waker())) {
                woken.waker = Some(cx.waker().clone());
            }
            woken.busy.take()
        };
        drop(before);
        let waker = Waker::from(attendant.clone());
        let mut unhindered = tokio::task::unconstrained(self.future.as_mut());
        let result = Pin::new(&mut unhindered).poll(&mut Context::from_waker(&waker));
        if result.is_ready() {
            attendant.stop();
        }
        drop(working);
        result
    }
}

impl Attendant {
    /// Nobody will poll again: wakers that are still around hold nothing.
    fn stop(&self) {
        let held = {
            let mut woken = self.woken.lock().unwrap_or_else(PoisonError::into_inner);
            woken.waker = None;
            woken.busy.take()
        };
        drop(held);
    }
}

impl<F> Drop for Attended<F> {
    fn drop(&mut self) {
        if let Some(attendant) = &self.attendant {
            attendant.stop();
        }
    }
}
