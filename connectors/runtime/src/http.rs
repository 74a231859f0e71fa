//! The HTTP client: one request, at most one answer, and which of the ways in which there is none.

use std::borrow::Cow;
use std::error::Error as _;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::header::{HeaderName, HeaderValue, LOCATION, SET_COOKIE};
use reqwest::{Client, Method, Url};
use wf_host::ports::Clock;
use wf_plan::Word;

use crate::blot::Blotter;
use crate::build::Built;
use crate::error::StartError;
use crate::received::Lost;
use crate::within::within;

/// Says where a request goes, anew for each one.
pub trait Router: std::fmt::Debug + Send + Sync {
    /// The address that is asked, without encryption; `None`: as the options say for that host. The URL's scheme is `http`, `https`, `grpc`,
    /// `smtp` or `imap`.
    fn route(&self, method: &str, url: &Url) -> Option<SocketAddr>;
}

/// Where requests go.
#[derive(Clone, Debug)]
pub struct HttpOptions {
    /// Requests for these hosts go to that address, without encryption: HTTP with the host's name in `Host`.
    pub routes: Vec<(String, SocketAddr)>,
    /// The same for every host that `routes` does not name, loopback addresses excepted.
    pub route_all_hosts_to: Option<SocketAddr>,
    /// Asked first.
    pub router: Option<Arc<dyn Router>>,
    /// Requests say in `x-request-id` which message they are for: simulated vendors put it into their ledger.
    pub name_requests: bool,
    /// On a virtual clock: how much real time a vendor has before his silence lets virtual time go on.
    pub patience: Duration,
}

impl Default for HttpOptions {
    fn default() -> Self {
        let patience = Duration::from_millis(500);
        Self { routes: Vec::new(), route_all_hosts_to: None, router: None, name_requests: false, patience }
    }
}

impl HttpOptions {
    /// Where a host is asked instead of under its name; `None`: there.
    pub(crate) fn elsewhere(&self, host: &str) -> Option<SocketAddr> {
        let route = self.routes.iter().find(|(known, _)| known.eq_ignore_ascii_case(host)).map(|(_, to)| *to);
        // an address of this machine is where somebody listens already
        let here = host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback());
        route.or(self.route_all_hosts_to.filter(|_| !here))
    }
}

/// What came back, whole.
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// In the order they came, names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Bytes,
    /// Longer than it may be: the body is not here.
    pub(crate) too_long: bool,
    /// `Set-Cookie` of this answer and of the redirects before it.
    pub(crate) cookies: Vec<String>,
    /// Where it came from, after redirects.
    pub(crate) url: Url,
}

/// What one call may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Allowance {
    pub(crate) timeout: Duration,
    pub(crate) bytes: usize,
}

pub(crate) struct HttpClient {
    client: Client,
    options: HttpOptions,
    clock: Arc<dyn Clock>,
}

/// A vendor that takes longer to take a connection is not there.
const CONNECT: Duration = Duration::from_secs(30);
const REDIRECTS: usize = 10;

impl HttpClient {
    /// Whether requests are to say which message they are for.
    pub(crate) fn names_requests(&self) -> bool {
        self.options.name_requests
    }

    pub(crate) fn new(
        verify: bool,
        ca_file: Option<&Path>,
        options: HttpOptions,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, StartError> {
        // the second one who installs it finds it there
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .connect_timeout(CONNECT)
            .tls_danger_accept_invalid_certs(!verify);
        if let Some(file) = ca_file {
            let failed = |why: String| StartError::Tls(format!("{}: {why}", file.display()));
            let pem = std::fs::read(file).map_err(|why| failed(why.to_string()))?;
            let certificates = reqwest::Certificate::from_pem_bundle(&pem).map_err(|why| failed(sentence(&why)))?;
            builder = builder.tls_certs_merge(certificates);
        }
        let client = builder.build().map_err(|why| StartError::Tls(sentence(&why)))?;
        Ok(Self { client, options, clock })
    }

    /// Sends it and waits for the whole answer; redirects are followed where the request says so.
    pub(crate) async fn send(&self, built: &Built, allowance: Allowance) -> Result<Answer, Lost> {
        let answer =
            within(&*self.clock, self.options.patience, allowance.timeout, self.follow(built, allowance.bytes)).await;
        answer.unwrap_or_else(|| {
            let seconds = allowance.timeout.as_secs_f64();
            Err(Lost { word: Word::Timeout, message: format!("no answer within {seconds} s") })
        })
    }

    async fn follow(&self, built: &Built, bytes: usize) -> Result<Answer, Lost> {
        let mut hop =
            Hop { method: method(&built.method)?, url: built.url.clone(), body: built.body.clone(), private: true };
        let mut cookies = Vec::new();
        for _ in 0..REDIRECTS {
            let mut answer = self.once(built, &hop, bytes).await?;
            cookies.append(&mut answer.cookies);
            match answer.redirect().filter(|_| built.follow_redirects) {
                Some(next) => hop.go(next, answer.status),
                None => return Ok(Answer { cookies, ..answer }),
            }
        }
        Err(Lost { word: Word::NoAnswer, message: format!("it was sent on more than {REDIRECTS} times") })
    }

    async fn once(&self, built: &Built, hop: &Hop, bytes: usize) -> Result<Answer, Lost> {
        let (url, host) = self.route(&hop.method, &hop.url);
        let mut request = self.client.request(hop.method.clone(), url);
        for header in built.headers.iter().filter(|header| hop.private || !header.private) {
            let is_of_body = header.name.eq_ignore_ascii_case("content-type");
            if is_of_body && hop.body.is_none() && built.body.is_some() {
                continue;
            }
            let (Ok(name), Ok(value)) =
                (HeaderName::from_bytes(header.name.as_bytes()), HeaderValue::from_bytes(header.value.as_bytes()))
            else {
                continue;
            };
            request = request.header(name, value);
        }
        if let Some(host) = host.and_then(|host| HeaderValue::from_str(&host).ok()) {
            request = request.header(reqwest::header::HOST, host);
        }
        if let Some(body) = &hop.body {
            request = request.body(body.clone());
        } else if matches!(hop.method, Method::POST | Method::PUT | Method::PATCH) {
            // some servers wait for a body when none is announced
            request = request.header(reqwest::header::CONTENT_LENGTH, 0);
        }
        let mut response = request.send().await.map_err(|why| lost(&why))?;
        let status = response.status().as_u16();
        let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers = response.headers().iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect();
        let cookies = response.headers().get_all(SET_COOKIE).iter().map(text).collect();
        let mut answer = Answer { status, headers, body: Bytes::new(), too_long: false, cookies, url: hop.url.clone() };
        let announced = response.content_length().and_then(|length| usize::try_from(length).ok());
        if announced.is_some_and(|length| length > bytes && hop.method != Method::HEAD) {
            return Ok(Answer { too_long: true, ..answer });
        }
        let mut body = BytesMut::with_capacity(announced.unwrap_or_default().min(bytes));
        while let Some(chunk) = response.chunk().await.map_err(|why| cut(&why))? {
            if body.len() + chunk.len() > bytes {
                return Ok(Answer { too_long: true, ..answer });
            }
            body.extend_from_slice(&chunk);
        }
        answer.body = body.freeze();
        Ok(answer)
    }

    /// Where the request really goes, and the name that stands in `Host` then.
    fn route(&self, method: &Method, url: &Url) -> (Url, Option<String>) {
        let name = url.host_str().unwrap_or_default();
        let asked = self.options.router.as_ref().and_then(|router| router.route(method.as_str(), url));
        let Some(to) = asked.or_else(|| self.options.elsewhere(name)) else { return (url.clone(), None) };
        let host = match url.port() {
            Some(port) => format!("{name}:{port}"),
            None => name.to_owned(),
        };
        let mut routed = url.clone();
        let moved = routed.set_scheme("http").is_ok()
            && routed.set_ip_host(to.ip()).is_ok()
            && routed.set_port(Some(to.port())).is_ok();
        if moved { (routed, Some(host)) } else { (url.clone(), None) }
    }
}

/// One request of a chain of redirects.
struct Hop {
    method: Method,
    url: Url,
    body: Option<Bytes>,
    /// Whether it is still the host that was asked first.
    private: bool,
}

impl Hop {
    fn go(&mut self, next: Url, status: u16) {
        if matches!(status, 301..=303) && self.method != Method::HEAD {
            self.method = Method::GET;
            self.body = None;
        }
        self.private &= next.origin() == self.url.origin();
        self.url = next;
    }
}

impl Answer {
    /// Takes away the secrets that it repeats.
    pub(crate) fn blot(&mut self, blotter: &Blotter) {
        let blotted = |text: &str| match blotter.blot(text) {
            Cow::Owned(blotted) => Some(blotted),
            Cow::Borrowed(_) => None,
        };
        if let Some(body) = std::str::from_utf8(&self.body).ok().and_then(blotted) {
            self.body = body.into();
        }
        for (_, value) in &mut self.headers {
            if let Some(blotted) = blotted(value) {
                *value = blotted;
            }
        }
    }

    /// Where it sends us.
    fn redirect(&self) -> Option<Url> {
        if !matches!(self.status, 301 | 302 | 303 | 307 | 308) {
            return None;
        }
        let location = self.headers.iter().find(|(name, _)| name == LOCATION.as_str())?;
        let next = self.url.join(&location.1).ok()?;
        matches!(next.scheme(), "http" | "https").then_some(next)
    }
}

fn method(name: &str) -> Result<Method, Lost> {
    Method::from_bytes(name.as_bytes())
        .map_err(|_| Lost { word: Word::Unusable, message: format!("`{name}` is no method") })
}

fn lost(why: &reqwest::Error) -> Lost {
    if why.is_connect() {
        return Lost { word: Word::NoConnection, message: format!("no connection: {}", sentence(why)) };
    }
    Lost { word: Word::NoAnswer, message: format!("the connection broke off before an answer: {}", sentence(why)) }
}

fn cut(why: &reqwest::Error) -> Lost {
    Lost { word: Word::NoAnswer, message: format!("the answer was cut off: {}", sentence(why)) }
}

/// The innermost cause, which says most, and never holds a URL.
fn sentence(error: &reqwest::Error) -> String {
    let mut cause: Option<&dyn std::error::Error> = error.source();
    let mut words = String::from("it failed");
    while let Some(inner) = cause {
        words = inner.to_string();
        cause = inner.source();
    }
    words
}
