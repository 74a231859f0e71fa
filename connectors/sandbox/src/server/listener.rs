//! A listener whose connections can fail the way real ones do: refused, closed before the answer, cut in its middle.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    extract::connect_info::Connected,
    serve::{IncomingStream, Listener},
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpSocket, TcpStream},
    time::sleep,
};

/// How soon a listener notices that it must refuse connections, or take them again.
const LOOK_AGAIN: Duration = Duration::from_millis(10);

/// Says whether connections are refused now.
pub(crate) type Refuses = Box<dyn Fn() -> bool + Send + Sync>;

/// A vendor's port. While it refuses, the port stays bound, but nobody listens on it: so connecting really fails.
pub(crate) struct Door {
    addr: SocketAddr,
    port: Port,
    /// `None`: never.
    refuses: Option<Refuses>,
}

enum Port {
    Open(TcpListener),
    Shut(#[expect(dead_code, reason = "keeps the port ours while nobody listens on it")] TcpSocket),
    /// Lost for a moment between the two.
    Unbound,
}

impl Door {
    /// Binds a port of the loopback interface; 0 picks a free one.
    pub(crate) fn bind(port: u16, refuses: Option<Refuses>) -> io::Result<Door> {
        let socket = bound(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))?;
        let addr = socket.local_addr()?;
        let shut = refuses.as_ref().is_some_and(|refuses| refuses());
        let port = if shut { Port::Shut(socket) } else { Port::Open(socket.listen(1024)?) };
        Ok(Door { addr, port, refuses })
    }

    pub(crate) fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Opens or shuts the port, whatever is due.
    fn turn(&mut self, shut: bool) -> io::Result<()> {
        if matches!((&self.port, shut), (Port::Open(_), false) | (Port::Shut(_), true)) {
            return Ok(());
        }
        self.port = Port::Unbound;
        let socket = bound(self.addr)?;
        self.port = if shut { Port::Shut(socket) } else { Port::Open(socket.listen(1024)?) };
        Ok(())
    }
}

fn bound(addr: SocketAddr) -> io::Result<TcpSocket> {
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    socket.bind(addr)?;
    Ok(socket)
}

impl Listener for Door {
    type Io = Wire;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Wire, SocketAddr) {
        loop {
            let shut = self.refuses.as_ref().is_some_and(|refuses| refuses());
            if let Err(error) = self.turn(shut) {
                tracing::warn!(%error, addr = %self.addr, "cannot open the port again, trying on");
            }
            let Port::Open(listener) = &self.port else {
                sleep(LOOK_AGAIN).await;
                continue;
            };
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                () = sleep(LOOK_AGAIN), if self.refuses.is_some() => continue,
            };
            match accepted {
                Ok(_) if self.refuses.as_ref().is_some_and(|refuses| refuses()) => {}
                Ok((stream, addr)) => {
                    let _ = stream.set_nodelay(true);
                    return (Wire { stream, fate: Fate::default(), left: None }, addr);
                }
                Err(error) => {
                    tracing::warn!(%error, "cannot accept a connection");
                    sleep(LOOK_AGAIN).await;
                }
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.addr)
    }
}

/// What shall become of a connection; the handler of a request decides it for the answer that it gives.
#[derive(Debug, Clone, Default)]
pub(crate) struct Fate(Arc<Mutex<Mode>>);

#[derive(Debug, Clone, Copy, Default)]
enum Mode {
    #[default]
    Whole,
    HangUp,
    Cut {
        body: usize,
    },
}

impl Fate {
    /// Nothing of the answer goes out.
    pub(crate) fn hang_up(&self) {
        self.set(Mode::HangUp);
    }

    /// The head goes out, and so many bytes of the body.
    pub(crate) fn cut_after(&self, body: usize) {
        self.set(Mode::Cut { body });
    }

    fn set(&self, mode: Mode) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = mode;
    }

    fn mode(&self) -> Mode {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Connected<IncomingStream<'_, Door>> for Fate {
    fn connect_info(stream: IncomingStream<'_, Door>) -> Fate {
        stream.io().fate.clone()
    }
}

/// A connection that ends as its fate says.
pub(crate) struct Wire {
    stream: TcpStream,
    fate: Fate,
    /// Bytes that may still go out, once the answer's head has passed.
    left: Option<usize>,
}

impl AsyncRead for Wire {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let allowed = match (self.fate.mode(), self.left) {
            (Mode::Whole, _) => bytes.len(),
            (Mode::HangUp, _) => 0,
            (Mode::Cut { .. }, Some(left)) => left,
            (Mode::Cut { body }, None) => match bytes.windows(4).position(|four| four == b"\r\n\r\n") {
                Some(end) => {
                    self.left = Some(end + 4 + body);
                    end + 4 + body
                }
                None => bytes.len(),
            },
        };
        if allowed == 0 {
            return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
        }
        let written = Pin::new(&mut self.stream).poll_write(cx, &bytes[..allowed.min(bytes.len())]);
        if let (Some(left), Poll::Ready(Ok(count))) = (self.left.as_mut(), &written) {
            *left = left.saturating_sub(*count);
        }
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
