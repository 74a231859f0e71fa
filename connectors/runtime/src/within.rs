//! Work that may take so long and no longer.

use std::time::Duration;

use wf_host::ports::Clock;

/// What came of the work in that time of the engine's clock. A virtual one stands still while somebody may still answer: `patience` is how
/// much real time he has before his silence lets it go on.
pub(crate) async fn within<T>(
    clock: &dyn Clock,
    patience: Duration,
    timeout: Duration,
    work: impl Future<Output = T>,
) -> Option<T> {
    let mut work = std::pin::pin!(work);
    if clock.is_virtual() {
        let _busy = clock.busy();
        tokio::select! {
            biased;
            done = &mut work => return Some(done),
            () = tokio::time::sleep(patience) => {}
        }
    }
    tokio::select! {
        biased;
        done = work => Some(done),
        () = clock.sleep(timeout) => None,
    }
}
