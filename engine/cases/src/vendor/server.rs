//! The servers of a case: they listen on loopback, ask the script, and are not there when the script says so.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::task::AbortHandle;
use wf_connectors::{Router, Url};
use wf_plan::{Connector, Transport};

use super::answer::Act;
use super::asked::{Asked, decoded};
use super::grpc::{self, Calls};
use super::imap;
use super::mailbox::Mailbox;
use super::script::Script;
use super::smtp;

/// Listens until it is dropped.
pub struct Server {
    address: SocketAddr,
    /// Of transports that are not HTTP/1, by the scheme that the connector's side knows them by.
    others: Vec<(&'static str, SocketAddr)>,
    script: Arc<Mutex<Script>>,
    mailbox: Arc<Mutex<Mailbox>>,
    /// Bound, and listened on by nobody: whoever connects is refused.
    closed: TcpSocket,
    listening: Vec<AbortHandle>,
}

impl Server {
    /// # Errors
    /// No port can be had.
    pub async fn start(script: Script, connector: &Connector, mailbox: Mailbox) -> io::Result<Self> {
        let bind = || TcpListener::bind((Ipv4Addr::LOCALHOST, 0));
        let listener = bind().await?;
        let closed = TcpSocket::new_v4()?;
        closed.bind((Ipv4Addr::LOCALHOST, 0).into())?;
        let script = Arc::new(Mutex::new(script));
        let address = listener.local_addr()?;
        let mut listening = vec![tokio::spawn(listen(listener, script.clone())).abort_handle()];
        let mut others = Vec::new();
        let calls = Calls::of(connector);
        if !calls.is_empty() {
            let listener = bind().await?;
            others.push(("grpc", listener.local_addr()?));
            listening.push(tokio::spawn(grpc::listen(listener, calls, script.clone())).abort_handle());
        }
        let speaks = |transport| connector.faces.iter().any(|face| face.transport == transport);
        let mailbox = Arc::new(Mutex::new(mailbox));
        if speaks(Transport::Imap) {
            let listener = bind().await?;
            others.push(("imap", listener.local_addr()?));
            listening.push(tokio::spawn(imap::listen(listener, mailbox.clone())).abort_handle());
        }
        if speaks(Transport::Smtp) {
            let listener = bind().await?;
            others.push(("smtp", listener.local_addr()?));
            listening.push(tokio::spawn(smtp::listen(listener, script.clone())).abort_handle());
        }
        Ok(Self { address, others, script, mailbox, closed, listening })
    }

    /// `http://127.0.0.1:40123`
    #[must_use]
    pub fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    /// As it is now.
    pub fn mailbox(&self) -> MutexGuard<'_, Mailbox> {
        imap::open(&self.mailbox)
    }

    pub fn script(&self) -> MutexGuard<'_, Script> {
        lock(&self.script)
    }

    /// Sends every request of a connector here, whatever its host, or to where nobody is.
    ///
    /// # Errors
    /// The closed port is not known.
    pub fn router(&self) -> io::Result<Arc<dyn Router>> {
        let closed = self.closed.local_addr()?;
        Ok(Arc::new(ToScript {
            open: self.address,
            others: self.others.clone(),
            closed,
            script: self.script.clone(),
            mailbox: self.mailbox.clone(),
        }))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.listening.iter().for_each(AbortHandle::abort);
    }
}

#[derive(Debug)]
struct ToScript {
    open: SocketAddr,
    others: Vec<(&'static str, SocketAddr)>,
    closed: SocketAddr,
    script: Arc<Mutex<Script>>,
    mailbox: Arc<Mutex<Mailbox>>,
}

impl Router for ToScript {
    fn route(&self, method: &str, url: &Url) -> Option<SocketAddr> {
        let host = match (url.host_str().unwrap_or_default(), url.port()) {
            (host, Some(port)) => format!("{host}:{port}"),
            (host, None) => host.to_owned(),
        };
        let path = decoded(url.path(), false);
        let (method, path) = match url.scheme() {
            "grpc" => ("", path.trim_start_matches('/')),
            "smtp" => ("SMTP", ""),
            _ => (method, path.as_str()),
        };
        let open = self.others.iter().find(|(scheme, _)| *scheme == url.scheme()).map_or(self.open, |(_, open)| *open);
        let refused = match url.scheme() {
            "imap" => imap::open(&self.mailbox).refused,
            _ => lock(&self.script).refuses(method, path, &host),
        };
        Some(if refused { self.closed } else { open })
    }
}

pub(super) fn lock(script: &Mutex<Script>) -> MutexGuard<'_, Script> {
    script.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn listen(listener: TcpListener, script: Arc<Mutex<Script>>) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => drop(tokio::spawn(serve(stream, script.clone()))),
            Err(error) => {
                lock(&script).unreadable(&format!("the vendor cannot take a connection: {error}"));
                return;
            }
        }
    }
}

/// One request.
async fn serve(mut stream: TcpStream, script: Arc<Mutex<Script>>) {
    let act = match Asked::read(&mut stream).await {
        Ok(Some(asked)) => {
            let bodiless = asked.method == "HEAD";
            (lock(&script).answer(&asked), bodiless)
        }
        // whoever asked has thought better of it
        Ok(None) => return,
        Err(error) => {
            lock(&script).unreadable(&error.to_string());
            (Act::text(400, "that is no request"), false)
        }
    };
    // that whoever asked went away is for the case to judge, by what follows
    let _ = act.0.carry_out(stream, act.1).await;
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;
    use crate::vendor::Logins;

    fn nobody() -> Connector {
        Connector { name: "x".into(), title: "X".into(), faces: vec![], files: wf_source::Files::default() }
    }

    #[tokio::test]
    async fn it_answers_on_a_real_socket_and_the_closed_port_refuses() {
        let server = Server::start(Script::new(Logins::default()), &nobody(), Mailbox::default())
            .await
            .unwrap_or_else(|e| panic!("{e}"));
        let mut stream = TcpStream::connect(server.address).await.unwrap_or_else(|e| panic!("{e}"));
        let _ = stream.write_all(b"GET /x HTTP/1.1\r\n\r\n").await;
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer).await;
        assert!(answer.starts_with("HTTP/1.1 404 ") && answer.ends_with("no case data"), "{answer}");
        assert_eq!(server.script().end().len(), 1);
        let closed = server.closed.local_addr().unwrap_or_else(|e| panic!("{e}"));
        let refused = TcpStream::connect(closed).await.map(|_| ()).map_err(|e| e.kind());
        assert_eq!(refused, Err(io::ErrorKind::ConnectionRefused));
    }
}
