//! Independent pieces of work over the cores of the machine.

use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// A file is read in well under a millisecond, and a thread costs about as much as a few of them.
const FEWEST_A_THREAD: usize = 16;
/// As much as the first thread of a process has: what is nested is read by recursion.
const STACK: usize = 8 * 1024 * 1024;

/// Does `work(0)` to `work(pieces - 1)`, beginning with the first, on as many threads as there are cores and pieces for. Comes back when
/// all are done.
pub fn spread(pieces: usize, work: &(dyn Fn(usize) + Sync)) {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let helpers = cores.min(pieces / FEWEST_A_THREAD).saturating_sub(1);
    let next = AtomicUsize::new(0);
    let take = || {
        loop {
            let piece = next.fetch_add(1, Ordering::Relaxed);
            if piece >= pieces {
                return;
            }
            work(piece);
        }
    };
    thread::scope(|scope| {
        for _ in 0..helpers {
            // without a helper the rest is done here
            let _ = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, take);
        }
        take();
    });
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use super::*;

    #[test]
    fn each_piece_is_done_once() {
        for pieces in [0, 1, 15, 16, 1_000] {
            let done: Vec<AtomicUsize> = (0..pieces).map(|_| AtomicUsize::new(0)).collect();
            spread(pieces, &|i| {
                done[i].fetch_add(1, Ordering::Relaxed);
            });
            assert!(done.iter().all(|times| times.load(Ordering::Relaxed) == 1), "{pieces}");
        }
    }
}
