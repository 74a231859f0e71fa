//! A request as it is written, made into one that can leave.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use reqwest::Url;
use wf_plan::{Auth, AuthKind, Request};
use wf_value::{Expose, Text, Value};

use crate::body::{Body, body};
use crate::outgoing::{Bad, NotBuilt, encoded, pairs, plain};
use crate::scene::{Reads, Scene};
use crate::sessions::Session;
use crate::url::url;

/// A request, ready to leave. It holds secrets and prints none: it has no `Debug`.
pub(crate) struct Built {
    pub(crate) method: String,
    pub(crate) url: Url,
    pub(crate) headers: Vec<Header>,
    pub(crate) body: Option<Bytes>,
    pub(crate) follow_redirects: bool,
    /// Part of its URL is a secret, as of an incoming webhook: neither logs nor metrics show its path.
    pub(crate) secret_url: bool,
}

pub(crate) struct Header {
    pub(crate) name: String,
    pub(crate) value: String,
    /// For the host that was asked only: not handed to another one by a redirect.
    pub(crate) private: bool,
}

impl Built {
    /// An empty one for that URL.
    pub(crate) fn at(url: &str) -> Result<Self, NotBuilt> {
        let url = Url::parse(url).map_err(|why| NotBuilt::Unusable(format!("its URL cannot be read: {why}")))?;
        let method = String::from("GET");
        Ok(Self { method, url, headers: Vec::new(), body: None, follow_redirects: false, secret_url: false })
    }

    pub(crate) fn header(&mut self, name: &str, value: impl Into<String>, private: bool) {
        self.headers.retain(|header| !header.name.eq_ignore_ascii_case(name));
        self.headers.push(Header { name: name.to_owned(), value: value.into(), private });
    }

    pub(crate) fn has_header(&self, name: &str) -> bool {
        self.headers.iter().any(|header| header.name.eq_ignore_ascii_case(name))
    }

    /// Adds to the query, behind what is there.
    pub(crate) fn query(&mut self, pairs: &[(String, String)]) {
        if pairs.is_empty() {
            return;
        }
        let query = match self.url.query().filter(|query| !query.is_empty()) {
            Some(before) => format!("{before}&{}", encoded(pairs)),
            None => encoded(pairs),
        };
        self.url.set_query(Some(&query));
    }

    /// The same for equal requests: URL, headers and body. It tells nothing of what it was made from.
    pub(crate) fn hash(&self) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new();
        hasher.update(self.method.as_bytes()).update(b" ").update(self.url.as_str().as_bytes());
        for header in &self.headers {
            hasher.update(b"\n").update(header.name.as_bytes()).update(b":").update(header.value.as_bytes());
        }
        hasher.update(b"\n\n").update(self.body.as_deref().unwrap_or_default());
        hasher.finalize().into()
    }
}

/// The request in its scene, without login. `link`: the next page's URL, asked as it stands without `query`.
pub(crate) fn build(request: &Request, scene: &Scene<'_>, link: Option<&Url>) -> Result<Built, NotBuilt> {
    let base = request.base_url.as_ref().map(|base| scene.value(base));
    let secret_url = base.as_ref().is_some_and(Value::has_secret);
    let url = match link {
        Some(link) => link.clone(),
        None => scene.with(Reads::Typed, |ctx| url(base.as_ref(), request.target.as_ref(), ctx))?,
    };
    let query = match request.query.as_ref().filter(|_| link.is_none()) {
        Some(query) => pairs(&written(scene, query)?, "query")?,
        None => Vec::new(),
    };
    let headers = headers(request, scene)?;
    let body = match &request.body {
        Some((kind, value)) => Some(body(*kind, &written(scene, value)?)?),
        None => None,
    };
    let mut built = Built {
        method: request.verb.to_string(),
        url,
        headers,
        body: None,
        follow_redirects: request.follow_redirects,
        secret_url,
    };
    built.query(&query);
    if let Some(Body { bytes, content_type, insists }) = body {
        if insists || !built.has_header("content-type") {
            built.header("content-type", content_type, false);
        }
        built.body = Some(bytes);
    }
    Ok(built)
}

/// What is to be sent, or the first reason why it is not.
fn written(scene: &Scene<'_>, written: &wf_expr::Written) -> Result<Value, NotBuilt> {
    let value = scene.with(Reads::Typed, |ctx| written.sent(ctx));
    match value.first_unknown() {
        Some(why) => Err(why.into()),
        None => Ok(value),
    }
}

/// The headers of the file and of the request, whose own win by name.
pub(crate) fn headers(request: &Request, scene: &Scene<'_>) -> Result<Vec<Header>, NotBuilt> {
    let mut all: Vec<Header> = Vec::new();
    for headers in &request.headers {
        let own = layer(&written(scene, headers)?)?;
        all.retain(|before| !own.iter().any(|header| header.name.eq_ignore_ascii_case(&before.name)));
        all.extend(own);
    }
    Ok(all)
}

/// The headers of one mapping; a list repeats its name.
fn layer(headers: &Value) -> Result<Vec<Header>, NotBuilt> {
    let header = |(name, value): (String, String)| {
        check_header(&name, &value)?;
        let private =
            matches!(name.to_ascii_lowercase().as_str(), "authorization" | "cookie") || is_secret(headers, &name);
        Ok(Header { name, value, private })
    };
    pairs(headers, "headers")?.into_iter().map(header).collect()
}

fn is_secret(headers: &Value, name: &str) -> bool {
    headers.as_map().and_then(|map| map.raw(name)).is_some_and(Value::has_secret)
}

fn check_header(name: &str, value: &str) -> Result<(), NotBuilt> {
    let fits = reqwest::header::HeaderName::from_bytes(name.as_bytes()).is_ok()
        && reqwest::header::HeaderValue::from_bytes(value.as_bytes()).is_ok();
    if fits {
        return Ok(());
    }
    let expectation = "holds what no header can hold".to_owned();
    Err(Bad { place: name.to_owned(), expectation }.into())
}

/// A value of a login; without it there is no account for `whom`.
pub(crate) fn credential(
    written: &wf_expr::Written,
    what: &str,
    scene: &Scene<'_>,
    whom: &str,
) -> Result<String, NotBuilt> {
    match scene.value(written) {
        Value::Null => Err(NotBuilt::NoAccount(format!("there is no account for {whom}"))),
        Value::Unknown(why) => Err(why.into()),
        value => plain(&value).ok_or_else(|| Bad::value(what, &value).into()),
    }
}

/// Adds what proves who asks: the static kinds of login. `whom`: who is asked, for people.
pub(crate) fn sign(built: &mut Built, auth: &Auth, scene: &Scene<'_>, whom: &str) -> Result<(), NotBuilt> {
    let text = |written, what| credential(written, what, scene, whom);
    let header = |built: &mut Built, name: &str, value: String| {
        check_header(name, &value)?;
        built.header(name, value, true);
        Ok(())
    };
    match &auth.kind {
        AuthKind::Basic { user, password } => {
            let login = format!("{}:{}", text(user, "user")?, text(password, "password")?);
            header(built, "authorization", format!("Basic {}", STANDARD.encode(login)))
        }
        AuthKind::Bearer(token) => header(built, "authorization", format!("Bearer {}", text(token, "bearer")?)),
        AuthKind::ApiKey { header: name, query, value } => {
            let key = text(value, "api_key")?;
            if let Some(query) = query {
                built.query(&[(query.to_string(), key.clone())]);
            }
            match name {
                Some(name) => header(built, name, key),
                None => Ok(()),
            }
        }
        AuthKind::Hmac { header: name, key } => {
            let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, text(key, "hmac")?.as_bytes());
            let signature = ring::hmac::sign(&key, built.body.as_deref().unwrap_or_default());
            header(built, name, signature.as_ref().iter().map(|byte| format!("{byte:02x}")).collect())
        }
        AuthKind::Login { .. } | AuthKind::OAuth2 { .. } => Ok(()),
    }
}

/// Adds the session: cookies, and the token of the short form.
pub(crate) fn attach(built: &mut Built, auth: &Auth, session: &Session) -> Result<(), NotBuilt> {
    if !session.cookies.is_empty() {
        let own =
            built.headers.iter().find(|header| header.name.eq_ignore_ascii_case("cookie")).map(|h| h.value.clone());
        let cookies = session.cookies.iter().map(|(name, value)| format!("{name}={value}"));
        let cookies: Vec<String> = own.into_iter().chain(cookies).collect();
        let cookies = cookies.join("; ");
        check_header("cookie", &cookies)?;
        built.header("cookie", cookies, true);
    }
    if matches!(auth.kind, AuthKind::OAuth2 { .. }) {
        let token = session.values.as_map().and_then(|map| map.raw("token")).and_then(plain).unwrap_or_default();
        let value = format!("Bearer {token}");
        check_header("authorization", &value)?;
        built.header("authorization", value, true);
    }
    Ok(())
}

/// Where a request goes, for people: its host. Only when nothing of its base is secret.
pub(crate) fn host(request: &Request, scene: &Scene<'_>) -> Option<String> {
    let base = scene.value(request.base_url.as_ref()?);
    if base.has_secret() {
        return None;
    }
    let text: Text = base.print_with(Expose::No).ok()?;
    Some(Url::parse(&text).ok()?.host_str()?.to_owned())
}
