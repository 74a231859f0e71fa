//! One request and its answer: logged in, repeated after a new login, made again where `retry` says so.

use reqwest::Url;
use wf_expr::Truth;
use wf_plan::{Auth, AuthKind, Word};
use wf_value::{Text, Type, Value};

use crate::blot::Blotter;
use crate::build::{Built, Header, attach, build, host, sign};
use crate::http::HttpClient;
use crate::live_face::{Ask, Client, LiveFace};
use crate::login::NoSession;
use crate::outgoing::plain;
use crate::received::{Outcome, Received, endpoint};
use crate::retry;
use crate::sessions::Want;

const REQUEST_ID: &str = "x-request-id";

impl LiveFace {
    /// Asks the vendor once, or as often as `retry` says. `link`: the next page's URL, asked as it stands.
    pub(crate) async fn exchange(&self, ask: &mut Ask<'_>, link: Option<&Url>) -> Outcome {
        let begun = self.clock.now();
        let mut attempt = 1;
        loop {
            let outcome = match &self.client {
                Client::Http(http) => self.logged_in(http, ask, link).await,
                Client::Grpc(grpc) => self.call(grpc, ask).await,
                Client::Imap(imap) => self.call(imap, ask).await,
                Client::Keys(keys) => self.call(keys, ask).await,
                Client::Smtp(smtp) => self.call(smtp, ask).await,
                Client::Bucket(bucket) => self.ask_bucket(bucket, ask).await,
                Client::Folder(folder) => self.call(folder, ask).await,
            };
            let again = ask.request.retry.as_ref().filter(|retry| retry::is_met(retry, &outcome, ask.changes));
            let now = self.clock.now();
            let wait = again.and_then(|retry| retry::wait(retry, &ask.scene, attempt, begun, now));
            let Some(wait) = wait else { return outcome };
            tracing::debug!(action = ask.call.as_str(), attempt, why = ?outcome.word, status = outcome.status(), "asked again");
            attempt += 1;
            self.clock.sleep(wait.unsigned_abs()).await;
        }
    }

    async fn logged_in(&self, http: &HttpClient, ask: &mut Ask<'_>, link: Option<&Url>) -> Outcome {
        let request = ask.request;
        let Some(auth) = request.auth.as_deref() else {
            return match build(request, &ask.scene, link) {
                Ok(mut built) => {
                    ask.name(http.names_requests(), &mut built);
                    self.send(http, ask, &built).await.map_or_else(|lost| lost, |got| Outcome::answered(got, request))
                }
                Err(why) => why.into(),
            };
        };
        let mut session = match self.session(http, ask, auth, Want::Any).await {
            Ok(session) => session,
            Err(NoSession::Account(why)) => return Outcome::word(Word::NoAccount, why),
            Err(NoSession::Failed(why)) => {
                tracing::warn!(connector = self.connector.name.as_str(), why, "no session");
                if !auth.send_anyway {
                    return Outcome::word(Word::NotLoggedIn, why);
                }
                None
            }
        };
        let said = ask.scene.count(auth.computed_repeat.as_ref());
        let mut repeats = said.unwrap_or(auth.repeat as usize);
        let mut repeated = false;
        loop {
            ask.scene.set(ask.request.session, session.as_ref().map_or(Value::Null, |session| session.values.clone()));
            let mut built = match build(ask.request, &ask.scene, link) {
                Ok(built) => built,
                Err(why) => return why.into(),
            };
            let whom = host(ask.request, &ask.scene).unwrap_or_else(|| self.connector.name.to_string());
            ask.name(http.names_requests(), &mut built);
            if let Err(why) = sign(&mut built, auth, &ask.scene, &whom) {
                return why.into();
            }
            if let Some(session) = &session
                && let Err(why) = attach(&mut built, auth, session)
            {
                return why.into();
            }
            let received = match self.send(http, ask, &built).await {
                Ok(received) => received,
                Err(lost) => return lost,
            };
            if !self.is_expired(ask, auth, &received) {
                return Outcome::answered(received, ask.request);
            }
            if !matches!(auth.kind, AuthKind::Login { .. } | AuthKind::OAuth2 { .. }) {
                return Outcome::refused(received);
            }
            if repeated && repeats == 0 {
                // a new login did not help: another one would not either
                return Outcome::refused(received);
            }
            let refused = session.as_ref().map_or(0, |session| session.number);
            match self.session(http, ask, auth, Want::NewerThan(refused)).await {
                Ok(newer) if repeats > 0 => {
                    session = newer;
                    repeats -= 1;
                    repeated = true;
                }
                Ok(_) => return Outcome::refused(received),
                Err(NoSession::Account(why) | NoSession::Failed(why)) => {
                    tracing::warn!(connector = self.connector.name.as_str(), why, "no new session");
                    return Outcome::refused(received);
                }
            }
        }
    }

    /// Whether the vendor refused the session. What cannot be told is no refusal.
    fn is_expired(&self, ask: &mut Ask<'_>, auth: &Auth, received: &Received) -> bool {
        let Some(expired) = ask.request.expired.as_ref().or(auth.expired.as_ref()) else {
            return received.status == 401;
        };
        let outcome =
            Outcome { word: None, message: received.message(), received: Some(received.clone()), errors: Value::Null };
        ask.scene.set(ask.request.answer, outcome.to_value(&ask.request.template, Clone::clone));
        ask.scene.truth(expired) == Truth::Yes
    }

    /// The secrets of the settings, and what this request proves itself with.
    fn blotter_of(&self, built: &Built) -> Blotter {
        let mut blotter = self.blotter.clone();
        let private = built.headers.iter().filter(|header| header.private && header.name != REQUEST_ID);
        for Header { name, value, .. } in private {
            match name.to_ascii_lowercase().as_str() {
                "authorization" => blotter.add(value.split_once(' ').map_or(value.as_str(), |(_, proof)| proof)),
                "cookie" => value.split("; ").filter_map(|one| one.split_once('=')).for_each(|(_, is)| blotter.add(is)),
                _ => blotter.add(value),
            }
        }
        blotter
    }

    /// Sends a request as soon as the limits allow it; its answer is counted.
    pub(crate) async fn send(&self, http: &HttpClient, ask: &Ask<'_>, built: &Built) -> Result<Received, Outcome> {
        let (request, scene) = (ask.request, &ask.scene);
        let host = built.url.host_str().unwrap_or_default();
        self.rates.wait(host, self.rate(request, scene), &*self.clock).await;
        let endpoint = endpoint(&request.template, Some(built));
        let begun = self.clock.now();
        let answer = http.send(built, self.allowance(request, scene)).await;
        let took = self.clock.now().duration_since(begun).as_millis();
        let (action, method) = (ask.call.as_str(), built.method.as_str());
        match answer {
            Ok(mut answer) => {
                tracing::debug!(action, method, endpoint, status = answer.status, took, "the vendor answered");
                if !(200..300).contains(&answer.status) {
                    answer.blot(&self.blotter_of(built));
                }
                self.usage.count(method, &endpoint, answer.status);
                let raw = answer.body.clone();
                let mut received = Received::read(answer, &Text::clone(&ask.call));
                // a file, as it came
                if *request.vendor.required() == Type::Bytes && received.is_success() && received.broken.is_none() {
                    received.body = Value::Bytes((&*raw).into());
                }
                Ok(received)
            }
            Err(lost) => {
                tracing::warn!(action, method, endpoint, why = lost.message, took, "the vendor did not answer");
                Err(lost.into())
            }
        }
    }
}

impl Ask<'_> {
    /// Where requests are to say which message they are for, and no header of the file says it already.
    pub(crate) fn name(&self, wanted: bool, built: &mut Built) {
        let id = plain(&self.request_id).filter(|_| wanted && !built.has_header(REQUEST_ID));
        if let Some(id) = id.filter(|id| id.bytes().all(|byte| byte.is_ascii_graphic())) {
            built.header(REQUEST_ID, id, true);
        }
    }
}
