//! A connection to a server that answers in lines: he who talks without end is cut off instead of being remembered.

use std::io::{Error, ErrorKind, Result};
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use lettre::transport::smtp::client::AsyncTokioStream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::connection::Wire;

/// Bytes that may come between two things that we say. The library that reads lines from it knows no end of a line that has none.
const MOST: usize = 512 * 1024;

#[derive(Debug)]
pub(super) struct Bounded {
    wire: Box<dyn Wire>,
    peer: SocketAddr,
    heard: usize,
}

impl Bounded {
    pub(super) fn new(wire: Box<dyn Wire>, peer: SocketAddr) -> Self {
        Self { wire, peer, heard: 0 }
    }
}

impl AsyncRead for Bounded {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<Result<()>> {
        if self.heard > MOST {
            return Poll::Ready(Err(Error::new(ErrorKind::InvalidData, "the server talks without end")));
        }
        let before = into.filled().len();
        ready!(Pin::new(&mut self.wire).poll_read(cx, into))?;
        self.heard += into.filled().len() - before;
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Bounded {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, said: &[u8]) -> Poll<Result<usize>> {
        self.heard = 0;
        Pin::new(&mut self.wire).poll_write(cx, said)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.wire).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.wire).poll_shutdown(cx)
    }
}

impl AsyncTokioStream for Bounded {
    fn peer_addr(&self) -> Result<SocketAddr> {
        Ok(self.peer)
    }
}
