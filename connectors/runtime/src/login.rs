//! Logging in: what is sent, and what of its answer is the session (`connectors.md` §5).

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};
use wf_expr::Written;
use wf_plan::{Auth, AuthKind, BodyKind, Cookies, Request, Retry};
use wf_value::{Map, Text, Type, Value};

use crate::body::body;
use crate::build::{Built, build};
use crate::cookies::{Cookie, jar};
use crate::http::{Allowance, HttpClient};
use crate::live_face::{Ask, LiveFace};
use crate::outgoing::plain;
use crate::received::{Outcome, Received, endpoint};
use crate::retry;
use crate::scene::{Reads, Scene};
use crate::sessions::{Login, Rules, Session, Want};

/// Why there is no session.
pub(crate) enum NoSession {
    /// A value of the login is null.
    Account(String),
    /// The login failed; a sentence without secrets.
    Failed(String),
}

/// A login that is ready to leave.
struct Entry<'a> {
    built: Built,
    endpoint: String,
    allowance: Allowance,
    retry: Option<&'a Retry>,
    given: Given<'a>,
    /// Slots in which expressions find the login's answer: those of the login, and those beside it.
    slots: [u16; 2],
    template: Text,
    /// Whether only JSON is an answer.
    expects_json: bool,
}

/// What of the answer is the session.
enum Given<'a> {
    Named {
        values: &'a [(Text, Written)],
        cookies: &'a Cookies,
    },
    /// `access_token`
    Token,
}

impl LiveFace {
    /// The session for a request; `None`: it needs none.
    pub(crate) async fn session(
        &self,
        http: &HttpClient,
        ask: &Ask<'_>,
        auth: &Auth,
        want: Want,
    ) -> Result<Option<Arc<Session>>, NoSession> {
        let scene = &ask.scene;
        let entry = match &auth.kind {
            AuthKind::Login { request, session, cookies, retry } => {
                self.form(request, session, cookies, retry.as_ref(), ask)?
            }
            AuthKind::OAuth2 { token_url, client_id, client_secret, scope } => {
                self.short_form(token_url, client_id, client_secret, scope.as_ref(), ask)?
            }
            _ => return Ok(None),
        };
        let rules = Rules { max_age: scene.duration(auth.max_age.as_ref()), pace: scene.duration(auth.pace.as_ref()) };
        let key = entry.built.hash();
        let login = async || self.log_in(http, auth, &entry, scene.clone()).await;
        let session = self.sessions.get(key, rules, want, &*self.clock, login).await;
        session.map(Some).map_err(|why| NoSession::Failed(format!("the login failed: {why}")))
    }

    /// `login: {request, …}`
    fn form<'a>(
        &self,
        request: &'a Request,
        values: &'a [(Text, Written)],
        cookies: &'a Cookies,
        retry: Option<&'a Retry>,
        ask: &Ask<'_>,
    ) -> Result<Entry<'a>, NoSession> {
        let scene = &ask.scene;
        let parts = [request.base_url.as_ref(), request.target.as_ref(), request.query.as_ref()];
        let parts =
            parts.into_iter().flatten().chain(&request.headers).chain(request.body.as_ref().map(|(_, body)| body));
        self.complete(ask, parts)?;
        let built = build(request, scene, None).map_err(|why| NoSession::Failed(Outcome::from(why).message))?;
        Ok(Entry {
            endpoint: endpoint(&request.template, Some(&built)),
            built,
            allowance: self.allowance(request, scene),
            retry: retry.or(request.retry.as_ref()),
            given: Given::Named { values, cookies },
            slots: [request.answer, ask.request.answer],
            template: request.template.clone(),
            expects_json: request.expects_json,
        })
    }

    /// `oauth2: {…}`
    fn short_form<'a>(
        &self,
        token_url: &Written,
        client_id: &Written,
        client_secret: &Written,
        scope: Option<&Written>,
        ask: &Ask<'_>,
    ) -> Result<Entry<'a>, NoSession> {
        let (scene, request) = (&ask.scene, ask.request);
        self.complete(ask, [token_url, client_id, client_secret])?;
        let text = |written: &Written, what: &str| {
            plain(&scene.value(written)).ok_or_else(|| NoSession::Failed(format!("its {what} is no text")))
        };
        let failed = |why: String| NoSession::Failed(why);
        let url = reqwest::Url::parse(&text(token_url, "token_url")?)
            .map_err(|why| failed(format!("its token_url cannot be read: {why}")))?;
        let secret_url = scene.value(token_url).has_secret();
        let mut form: Vec<(Text, Value)> = vec![("grant_type".into(), "client_credentials".into())];
        if let Some(scope) = scope {
            form.push(("scope".into(), scene.value(scope)));
        }
        let form = body(BodyKind::Form, &form.into_iter().collect::<Map>().into());
        let form = form.map_err(|why| failed(Outcome::from(why).message))?;
        let mut built = Built {
            method: "POST".into(),
            url,
            headers: Vec::new(),
            body: Some(form.bytes),
            follow_redirects: false,
            secret_url,
        };
        let login = format!("{}:{}", text(client_id, "client_id")?, text(client_secret, "client_secret")?);
        built.header("authorization", format!("Basic {}", STANDARD.encode(login)), true);
        built.header("content-type", form.content_type, false);
        Ok(Entry {
            endpoint: endpoint("", Some(&built)),
            built,
            allowance: self.allowance(request, scene),
            retry: None,
            given: Given::Token,
            slots: [request.answer, request.answer],
            template: Text::default(),
            expects_json: true,
        })
    }

    /// Every value of the login must be there.
    fn complete<'w>(&self, ask: &Ask<'_>, parts: impl IntoIterator<Item = &'w Written>) -> Result<(), NoSession> {
        let null = parts.into_iter().find_map(|part| ask.scene.with(Reads::Typed, |ctx| part.first_null(ctx)));
        if null.is_none() {
            return Ok(());
        }
        let whom = crate::build::host(ask.request, &ask.scene).unwrap_or_else(|| self.connector.name.to_string());
        Err(NoSession::Account(format!("there is no account for {whom}")))
    }

    async fn log_in(
        &self,
        http: &HttpClient,
        auth: &Auth,
        entry: &Entry<'_>,
        mut scene: Scene<'_>,
    ) -> Result<Login, String> {
        let begun = self.clock.now();
        let mut attempt = 1;
        loop {
            let outcome = match http.send(&entry.built, entry.allowance).await {
                Ok(answer) => {
                    self.usage.count(&entry.built.method, &entry.endpoint, answer.status);
                    let received = Received::read(answer, &self.connector.name);
                    Outcome { word: None, message: received.message(), received: Some(received), errors: Value::Null }
                }
                Err(lost) => lost.into(),
            };
            let again = entry.retry.filter(|retry| retry::is_met(retry, &outcome, false));
            let now = self.clock.now();
            let wait = again.and_then(|retry| retry::wait(retry, &scene, attempt, begun, now));
            let Some(wait) = wait else { return self.open(auth, entry, outcome, &mut scene) };
            attempt += 1;
            self.clock.sleep(wait.unsigned_abs()).await;
        }
    }

    /// The session that an answer opens.
    fn open(&self, auth: &Auth, entry: &Entry<'_>, outcome: Outcome, scene: &mut Scene<'_>) -> Result<Login, String> {
        let answer = outcome.to_value(&entry.template, Clone::clone);
        let Some(received) = outcome.received else { return Err(outcome.message) };
        let status = received.status;
        if !received.is_success() {
            // what the vendor says of a login may repeat the login
            return Err(format!("it was answered with {status}"));
        }
        if let Some(broken) = &received.broken {
            return Err(broken.clone());
        }
        if entry.expects_json && !received.is_json {
            return Err("its answer is no JSON".to_owned());
        }
        for slot in entry.slots {
            scene.set(slot, answer.clone());
        }
        let now = self.clock.now();
        let mut until =
            received.body.as_map().and_then(|map| map.raw("expires_in")).and_then(|seconds| after(now, seconds));
        let mut end = |at: Option<Timestamp>| until = until.into_iter().chain(at).min();
        if let Some(lasts) = &auth.lasts {
            let lasts = scene.duration(Some(lasts)).ok_or("its answer does not say how long it lasts")?;
            end(Some(now.saturating_add(lasts).unwrap_or(Timestamp::MAX)));
        }
        let mut login = Login { values: Value::Null, cookies: Vec::new(), until: None };
        match &entry.given {
            Given::Token => {
                let token = received.body.as_map().and_then(|map| map.raw("access_token")).and_then(Value::as_str);
                let token = token.filter(|token| !token.is_empty()).ok_or("its answer has no access_token")?;
                login.values = [(Text::from("token"), Value::text(token).secret())].into_iter().collect::<Map>().into();
            }
            Given::Named { values, cookies } => {
                let jar = jar(&received.cookies, now);
                let set: Vec<&Cookie> = match cookies {
                    Cookies::None => Vec::new(),
                    Cookies::All if jar.is_empty() => return Err("its answer sets no cookies".to_owned()),
                    Cookies::All => jar.iter().collect(),
                    Cookies::One(name) => {
                        let cookie = jar.iter().find(|cookie| cookie.name == name.as_str());
                        vec![cookie.ok_or_else(|| format!("its answer does not set the cookie {name}"))?]
                    }
                };
                for cookie in set {
                    end(cookie.until);
                    login.cookies.push((cookie.name.clone(), cookie.value.clone()));
                }
                login.values = named(values, scene)?;
            }
        }
        login.until = until;
        Ok(login)
    }
}

/// The named values of a session: all of them must be there.
fn named(values: &[(Text, Written)], scene: &Scene<'_>) -> Result<Value, String> {
    if values.is_empty() {
        return Ok(Value::Null);
    }
    let value = |(name, written): &(Text, Written)| match scene.read(written, Reads::of(&Type::Any)) {
        Value::Null | Value::Unknown(_) => Err(format!("its answer gives no {name}")),
        value => Ok((name.clone(), value.secret())),
    };
    Ok(values.iter().map(value).collect::<Result<Map, String>>()?.into())
}

/// So many seconds after `now`.
fn after(now: Timestamp, seconds: &Value) -> Option<Timestamp> {
    let seconds = match seconds {
        Value::Text(text) => wf_value::whole(text)?,
        Value::Float(seconds) => SignedDuration::try_from_secs_f64(*seconds).ok()?.as_secs(),
        other => other.as_int()?,
    };
    Some(now.saturating_add(SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MAX))
}
