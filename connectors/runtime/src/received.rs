//! A vendor's answer as expressions see it, and what came of a request before any row is asked.

use std::borrow::Cow;
use std::sync::{Arc, LazyLock};

use arcstr::ArcStr;
use wf_plan::{Request, Word};
use wf_value::{Decoder, Map, Shape, Text, Value};

use crate::blot::Blotter;
use crate::build::Built;
use crate::http::Answer;
use crate::kinds;
use crate::outgoing::{Bad, NotBuilt};

/// Characters of an answer that a message quotes.
const QUOTED: usize = 500;

/// What came back from the vendor, read.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    /// Of gRPC the number of its code, 200 for OK.
    pub(crate) status: u16,
    /// The status in a word, where it has one.
    pub(crate) name: Option<&'static str>,
    /// By name in lower case; of one that came several times, all with commas between.
    pub(crate) headers: Map,
    /// JSON where the content type says so, else text.
    pub(crate) body: Value,
    /// As it came.
    pub(crate) text: Text,
    /// Whether the content type says that it is JSON.
    pub(crate) is_json: bool,
    /// Why the body cannot be read as what it says it is.
    pub(crate) broken: Option<String>,
    pub(crate) cookies: Vec<String>,
    /// Where it came from; of http.
    pub(crate) url: Option<reqwest::Url>,
}

impl Received {
    /// `call` is the origin of lists in the body.
    pub(crate) fn read(answer: Answer, call: &Text) -> Self {
        let content_type = header(&answer, "content-type").unwrap_or_default().to_ascii_lowercase();
        let is_json = is_json(&content_type);
        let mut headers = wf_value::MapBuilder::with_capacity(answer.headers.len());
        let mut seen: Vec<(&str, String)> = Vec::with_capacity(answer.headers.len());
        for (name, value) in &answer.headers {
            match seen.iter_mut().find(|(known, _)| *known == name.as_str()) {
                Some((_, values)) => *values = format!("{values}, {value}"),
                None => seen.push((name, value.clone())),
            }
        }
        for (name, value) in seen {
            headers.insert(name.into(), value.into());
        }
        let mut broken = answer.too_long.then(|| "the answer is longer than it may be".to_owned());
        let text = text(&answer.body, &content_type);
        let whole = Text::of(&text, 0, text.len()).unwrap_or_default();
        let body = if !is_json || broken.is_some() {
            Value::Text(whole.clone())
        } else if answer.body.iter().all(u8::is_ascii_whitespace) {
            Value::Null
        } else if std::str::from_utf8(&answer.body).is_err() {
            broken = Some("the answer is no JSON: bytes that are no UTF-8".to_owned());
            Value::Text(whole.clone())
        } else {
            Decoder::new().call(call.clone()).decode_text(&text).unwrap_or_else(|why| {
                broken = Some(format!("the answer is no JSON: {why}"));
                Value::Text(whole.clone())
            })
        };
        let Answer { status, cookies, url, .. } = answer;
        Self {
            status,
            name: None,
            headers: headers.finish(),
            body,
            text: whole,
            is_json,
            broken,
            cookies,
            url: Some(url),
        }
    }

    /// A value, as transports other than http answer.
    pub(crate) fn value(body: Value) -> Self {
        Self { body, is_json: true, ..Self::text(200, "") }
    }

    /// A code of a protocol that has names for them, and what was said with it.
    pub(crate) fn code(status: u16, name: &'static str, said: &str) -> Self {
        Self { name: Some(name), ..Self::text(status, said) }
    }

    /// What a server said, with a status for it.
    pub(crate) fn text(status: u16, said: &str) -> Self {
        Self {
            status,
            name: None,
            headers: Map::default(),
            body: said.into(),
            text: said.into(),
            is_json: false,
            broken: None,
            cookies: Vec::new(),
            url: None,
        }
    }

    /// Without secrets that it repeats: of what was refused, as answers of 2xx are what was asked for.
    pub(crate) fn blotted(self, blotter: &Blotter) -> Self {
        match blotter.blot(&self.text) {
            Cow::Owned(text) if !self.is_success() => Self { body: text.as_str().into(), text: text.into(), ..self },
            _ => self,
        }
    }

    pub(crate) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// `404 - what it said`
    pub(crate) fn message(&self) -> String {
        let end = self.text.char_indices().nth(QUOTED).map_or(self.text.len(), |(end, _)| end);
        let status = self.name.map_or_else(|| self.status.to_string(), str::to_owned);
        match self.text.get(..end).unwrap_or_default().trim() {
            "" => status,
            said => format!("{status} - {said}"),
        }
    }

    /// Why a 2xx answer is not what the request says it gets; broken JSON is not, whatever the status.
    fn unusable(&self, request: &Request) -> Option<String> {
        if let Some(broken) = &self.broken {
            return Some(broken.clone());
        }
        if !self.is_success() {
            return None;
        }
        if request.expects_json && !self.is_json && !self.text.is_empty() {
            return Some("the answer is no JSON".to_owned());
        }
        (!kinds::fits(&self.body, &request.vendor))
            .then(|| format!("the answer is {}, it should be {}", self.body.kind(), request.vendor.noun()))
    }
}

/// `application/json` and `application/<anything>+json`, with or without parameters.
fn is_json(content_type: &str) -> bool {
    let kind = content_type.split(';').next().unwrap_or_default().trim();
    kind.strip_prefix("application/").is_some_and(|kind| kind == "json" || kind.ends_with("+json"))
}

fn header<'a>(answer: &'a Answer, name: &str) -> Option<&'a str> {
    answer.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

/// The bytes as text. Latin-1 is the one old charset that vendors still name; all else is UTF-8, with `\u{fffd}` for what is none.
fn text(bytes: &[u8], content_type: &str) -> ArcStr {
    let latin = ["iso-8859-1", "latin1", "windows-1252"].iter().any(|charset| content_type.contains(charset));
    match std::str::from_utf8(bytes) {
        Ok(text) if !latin => text.into(),
        _ if latin => bytes.iter().map(|byte| char::from(*byte)).collect::<String>().into(),
        _ => String::from_utf8_lossy(bytes).into(),
    }
}

/// No answer: a word of `no_connection`, `timeout`, `no_answer`, and why; of a login that failed before `not_logged_in`.
#[derive(Clone, Debug)]
pub(crate) struct Lost {
    pub(crate) word: Word,
    /// A sentence; never a secret.
    pub(crate) message: String,
}

impl Lost {
    pub(crate) fn new(word: Word, message: impl Into<String>) -> Self {
        Self { word, message: message.into() }
    }
}

/// What came of a request, before rows.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    /// `None`: an answer with a status that says all.
    pub(crate) word: Option<Word>,
    pub(crate) received: Option<Received>,
    /// A sentence; never a secret.
    pub(crate) message: String,
    /// `[{loc, msg, type}]` of a refused input.
    pub(crate) errors: Value,
}

impl Outcome {
    /// An answer, looked at as the request says.
    pub(crate) fn answered(received: Received, request: &Request) -> Self {
        match received.unusable(request) {
            Some(why) => {
                Self { word: Some(Word::Unusable), message: why, received: Some(received), errors: Value::Null }
            }
            None => Self { word: None, message: received.message(), received: Some(received), errors: Value::Null },
        }
    }

    /// A word with nothing from the vendor.
    pub(crate) fn word(word: Word, message: impl Into<String>) -> Self {
        Self { word: Some(word), received: None, message: message.into(), errors: Value::Null }
    }

    pub(crate) fn bad_input(errors: Value, message: impl Into<String>) -> Self {
        Self { errors, ..Self::word(Word::BadInput, message) }
    }

    /// The vendor refused the login that we have: its answer counts as a 401.
    pub(crate) fn refused(received: Received) -> Self {
        let message = received.message();
        let received = Received { status: 401, ..received };
        Self { word: Some(Word::NotLoggedIn), received: Some(received), message, errors: Value::Null }
    }

    /// The same answer, which turned out to be unusable.
    pub(crate) fn unusable(self, why: impl Into<String>) -> Self {
        Self { word: Some(Word::Unusable), message: why.into(), ..self }
    }

    /// The vendor's status; `None` when he was not asked or did not answer.
    pub(crate) fn status(&self) -> Option<u16> {
        self.received.as_ref().map(|received| received.status)
    }

    /// Whether it surely changed nothing at the vendor's.
    pub(crate) fn surely_not_acted(&self) -> bool {
        match self.word {
            Some(Word::NoConnection | Word::NotLoggedIn | Word::NoAccount | Word::BadInput) => true,
            Some(Word::Unusable) => self.received.is_none(),
            Some(_) => false,
            None => self.status() == Some(429),
        }
    }

    /// `answer`: `{status, headers, body, text, message, url, errors}`. `template` is the path as written: the URL itself may hold secrets.
    pub(crate) fn to_value(&self, template: &Text, body: impl FnOnce(&Value) -> Value) -> Value {
        static SHAPE: LazyLock<Arc<Shape>> = LazyLock::new(|| {
            let keys = ["status", "headers", "body", "text", "message", "url", "errors"];
            Arc::new(Shape::new(keys.map(Text::from).into()))
        });
        let received = self.received.as_ref();
        let values = vec![
            received.map_or(Value::Null, |r| Value::Int(r.status.into())),
            received.map_or_else(|| Map::default().into(), |r| r.headers.clone().into()),
            received.map_or(Value::Null, |r| body(&r.body)),
            received.map_or_else(|| Value::text(""), |r| Value::Text(r.text.clone())),
            self.message.as_str().into(),
            Value::Text(template.clone()),
            self.errors.clone(),
        ];
        Map::with_shape(SHAPE.clone(), values).into()
    }
}

impl From<Lost> for Outcome {
    fn from(lost: Lost) -> Self {
        Self::word(lost.word, lost.message)
    }
}

impl From<NotBuilt> for Outcome {
    fn from(why: NotBuilt) -> Self {
        match why {
            NotBuilt::Bad(bad) => {
                let Bad { place, expectation } = &bad;
                Self::bad_input(vec![bad.to_value()].into(), format!("`{place}` {expectation}"))
            }
            NotBuilt::NoAccount(why) => Self::word(Word::NoAccount, why),
            NotBuilt::Unusable(why) => Self::word(Word::Unusable, format!("the request could not be sent: {why}")),
        }
    }
}

/// The path of a request as metrics and `answer.url` show it: without host, runs of digits and placeholders as `{id}`. Of a request
/// that names no path it is that of the URL, unless that is a secret: whoever may read metrics must not learn a webhook.
pub(crate) fn endpoint(template: &str, built: Option<&Built>) -> String {
    let path = match template.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("", |at| &rest[at..]),
        None if template.starts_with('/') => template,
        None => template.find('/').map_or("", |at| &template[at..]),
    };
    let path = match (path, built) {
        ("", Some(built)) if template.is_empty() && !built.secret_url => built.url.path(),
        (path, _) => path,
    };
    let mut out = String::with_capacity(path.len());
    let mut digits = false;
    for c in path.split('?').next().unwrap_or_default().chars() {
        if c.is_ascii_digit() {
            if !digits {
                out.push_str("{id}");
            }
            digits = true;
        } else {
            digits = false;
            out.push(c);
        }
    }
    let out = out.trim_end_matches('/');
    if out.is_empty() { "/".to_owned() } else { out.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_are_bounded() {
        assert_eq!(endpoint("/api/Ticket/{id}/details/42", None), "/api/Ticket/{id}/details/{id}");
        assert_eq!(endpoint("{id}/identity/connect/token", None), "/identity/connect/token");
        assert_eq!(endpoint("https://{id}.example.com/services/u/42.0", None), "/services/u/{id}.{id}");
        assert_eq!(endpoint("/api/Ticket/", None), "/api/Ticket");
        assert_eq!(endpoint("", None), "/");
    }

    #[test]
    fn json_is_what_says_so() {
        for yes in ["application/json", "application/json; charset=utf-8", "application/problem+json"] {
            assert!(is_json(yes), "{yes}");
        }
        for no in ["", "text/json", "application/xml", "application/jsonx", "text/html"] {
            assert!(!is_json(no), "{no}");
        }
    }
}
