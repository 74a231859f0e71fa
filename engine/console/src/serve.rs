//! Listening, until it is told to stop.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// How long requests under way are waited for.
const PATIENCE: Duration = Duration::from_secs(1);

/// A server that runs. Dropping it stops it without waiting.
pub struct Listening {
    /// Where it listens: the port that was free when 0 was asked for.
    pub address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<()>,
}

#[derive(Debug, thiserror::Error)]
#[error("cannot listen on {address}: {why}")]
pub struct ServeError {
    pub address: SocketAddr,
    pub why: std::io::Error,
}

/// A port that is held, and not answered yet: whoever connects waits.
pub struct Bound {
    /// The port that was free when 0 was asked for.
    pub address: SocketAddr,
    listener: TcpListener,
}

/// Takes the port of an address.
///
/// # Errors
/// The port is taken, or may not be used.
pub async fn bind(address: SocketAddr) -> Result<Bound, ServeError> {
    let failed = |why| ServeError { address, why };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    Ok(Bound { address, listener })
}

impl Bound {
    /// Answers with `router` from now on.
    pub fn serve(self, router: Router) -> Listening {
        let Self { address, listener } = self;
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(async move {
            let until = async move {
                // a dropped sender stops it, too
                let _ = stopped.await;
            };
            let _ = axum::serve(listener, router).with_graceful_shutdown(until).await;
        });
        Listening { address, stop: Some(stop), task }
    }
}

/// Serves `router` at an address.
///
/// # Errors
/// The port is taken, or may not be used.
pub async fn serve(address: SocketAddr, router: Router) -> Result<Listening, ServeError> {
    Ok(bind(address).await?.serve(router))
}

impl Listening {
    /// Takes no new requests, and waits a moment for those under way: whoever never ends his request keeps nobody from stopping.
    pub async fn stop(mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        let _ = tokio::time::timeout(PATIENCE, &mut self.task).await;
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.task.abort();
    }
}
