//! A request that a case expects, and how one that came differs from it.

use wf_plan::Method;
use wf_source::Span;
use wf_syntax::ast::VendorCall;
use wf_value::{Map, Value};

use super::answer::Act;
use super::asked::Asked;
use super::grpc::{self, Calls};
use super::mail;
use crate::expected::{Difference, Expected, Mode, What, show};

/// One request, and what is answered.
#[derive(Clone, Debug)]
pub struct ExpectedRequest {
    pub method: String,
    /// Percent-decoded.
    pub path: String,
    query: Expected,
    headers: Option<Expected>,
    body: Body,
    pub act: Act,
    pub span: Span,
}

#[derive(Clone, Debug)]
enum Body {
    None,
    Json(Expected),
    Form(Expected),
    Multipart(Expected),
    Text(Expected),
    /// Of gRPC.
    Message(Expected),
    Mail(Expected),
}

impl ExpectedRequest {
    /// `base` stands for `{stub}`.
    ///
    /// # Errors
    /// It cannot be read; a sentence and its place.
    pub fn read(call: &VendorCall, base: &str, calls: &Calls) -> Result<Self, (String, Span)> {
        let answer = call.answer.as_ref().ok_or_else(|| ("it does not say what is answered".to_owned(), call.span))?;
        let is_mail = call.expect.iter().any(|part| part.name.as_str() == "mail");
        let (line, span) = match &call.request {
            Some(request) => (request.as_str(), request.span),
            None if is_mail => ("SMTP", call.span),
            None => return Err(("it does not say what is asked".to_owned(), call.span)),
        };
        let (method, path) = line.split_once(' ').unwrap_or((line, ""));
        let mut read = Self {
            method: method.to_owned(),
            path: path.to_owned(),
            query: Expected { what: What::Map(vec![]), span: call.span },
            headers: None,
            body: Body::None,
            act: Act::Refused,
            span,
        };
        if method == "SMTP" {
            read.mail(call)?;
            read.act = Act::read_smtp(answer).map_err(|why| (why, answer.span))?;
            return Ok(read);
        }
        if path.is_empty() && line.contains('/') && !line.starts_with('/') {
            let method = calls.find(line).map_err(|why| (why, span))?;
            (read.method, read.path) = (String::new(), line.to_owned());
            read.message(call, &method)?;
            read.act = Act::read_grpc(answer, &method).map_err(|why| (why, answer.span))?;
            return Ok(read);
        }
        if !path.starts_with('/') {
            return Err((format!("`{line}` is no request: METHOD /path, package.Service/Method, SMTP"), span));
        }
        read.http(call)?;
        read.act = Act::read(answer, base).map_err(|why| (why, answer.span))?;
        Ok(read)
    }

    fn http(&mut self, call: &VendorCall) -> Result<(), (String, Span)> {
        for part in &call.expect {
            let expected = Expected::read(&part.value);
            match part.name.as_str() {
                "query" => self.query = texts(expected),
                "headers" => self.headers = Some(texts(expected)),
                "json" => self.body = Body::Json(expected),
                "form" => self.body = Body::Form(texts(expected)),
                "multipart" => self.body = Body::Multipart(expected),
                "text" => self.body = Body::Text(expected),
                other => return Err((format!("an HTTP request has no `{other}`"), part.name.span)),
            }
        }
        Ok(())
    }

    fn message(&mut self, call: &VendorCall, method: &Method) -> Result<(), (String, Span)> {
        self.body = Body::Message(Expected { what: What::Map(vec![]), span: call.span });
        for part in &call.expect {
            match part.name.as_str() {
                "message" => self.body = Body::Message(grpc::expected(&part.value, method)),
                "headers" => self.headers = Some(texts(Expected::read(&part.value))),
                other => return Err((format!("a call of gRPC has no `{other}`"), part.name.span)),
            }
        }
        Ok(())
    }

    fn mail(&mut self, call: &VendorCall) -> Result<(), (String, Span)> {
        self.body = Body::Mail(Expected { what: What::Any, span: call.span });
        for part in &call.expect {
            match part.name.as_str() {
                "mail" => self.body = Body::Mail(mail::expected(&part.value)),
                "headers" => self.headers = Some(texts(Expected::read(&part.value))),
                other => return Err((format!("a mail has no `{other}`"), part.name.span)),
            }
        }
        Ok(())
    }

    /// `GET /path`, `package.Service/Method`, `SMTP`
    #[must_use]
    pub fn line(&self) -> String {
        format!("{} {}", self.method, self.path).trim().to_owned()
    }

    #[must_use]
    pub fn is_at(&self, method: &str, path: &str) -> bool {
        self.method == method && self.path == path
    }

    /// The `host` it is sent to, where the case says it.
    #[must_use]
    pub fn host(&self) -> Option<&str> {
        let What::Map(entries) = &self.headers.as_ref()?.what else { return None };
        match &entries.iter().find(|(name, _)| name.as_str() == "host")?.1.what {
            What::Is(host) => host.as_str(),
            _ => None,
        }
    }

    /// The text that it expects in a field of its form.
    #[must_use]
    pub fn form_field(&self, name: &str) -> Option<&str> {
        let Body::Form(Expected { what: What::Map(entries), .. }) = &self.body else { return None };
        match &entries.iter().find(|(known, _)| known.as_str() == name)?.1.what {
            What::Is(text) => text.as_str(),
            _ => None,
        }
    }

    /// How one of the same method and path differs.
    #[must_use]
    pub fn differences(&self, asked: &Asked) -> Vec<Difference> {
        let mut found = within("query", self.query.differences(&asked.query(), Mode::Exact));
        if let Some(headers) = &self.headers {
            found.extend(within("headers", headers.differences(&asked.headers(), Mode::Subset)));
        }
        match &self.body {
            Body::None if asked.body.is_empty() => {}
            Body::None => found.push(self.other_body("no body", &format!("{:?}", shortened(&asked.text())))),
            Body::Message(expected) => found.extend(self.body_differences("message", expected, asked.json(), asked)),
            Body::Mail(Expected { what: What::Any, .. }) => {}
            Body::Mail(expected) => match asked.json() {
                // a file is told by its text or by its size
                Ok(mail) => found.extend(within("mail", expected.differences(&mail, Mode::Subset))),
                Err(why) => found.push(self.other_body("a mail", &why)),
            },
            Body::Json(expected) => found.extend(self.body_differences("json", expected, asked.json(), asked)),
            Body::Form(expected) => found.extend(self.body_differences("form", expected, Ok(asked.form()), asked)),
            Body::Multipart(expected) => {
                found.extend(self.body_differences("multipart", expected, asked.multipart(), asked));
            }
            Body::Text(expected) => {
                let text = Value::text(asked.text().as_str());
                found.extend(self.body_differences("text", expected, Ok(text), asked));
            }
        }
        found
    }

    fn body_differences(
        &self,
        part: &str,
        expected: &Expected,
        actual: Result<Value, String>,
        asked: &Asked,
    ) -> Vec<Difference> {
        match actual {
            _ if asked.body.is_empty() && !expected.holds(&Value::text(""), Mode::Exact) => {
                vec![Difference {
                    span: expected.span,
                    ..self.other_body(&format!("{part} {}", expected.words()), "no body")
                }]
            }
            Ok(actual) => within(part, expected.differences(&actual, Mode::Exact)),
            Err(why) => {
                vec![Difference {
                    span: expected.span,
                    ..self.other_body(&format!("{part} {}", expected.words()), &why)
                }]
            }
        }
    }

    fn other_body(&self, expected: &str, actual: &str) -> Difference {
        Difference { path: "body".into(), expected: expected.to_owned(), actual: actual.to_owned(), span: self.span }
    }
}

impl Asked {
    /// In one line, for messages.
    #[must_use]
    pub fn words(&self) -> String {
        let query = self.query();
        let query = match query.as_map().is_none_or(Map::is_empty) {
            true => String::new(),
            false => format!(" query {}", show(&query)),
        };
        let body = if self.body.is_empty() { String::new() } else { format!(" body {}", shortened(&self.text())) };
        format!("{}{query}{body}", self.line())
    }
}

fn shortened(text: &str) -> String {
    const MOST: usize = 300;
    match text.char_indices().nth(MOST) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

fn within(part: &str, differences: Vec<Difference>) -> Vec<Difference> {
    let inside = |path: String| match path.chars().next() {
        None => part.to_owned(),
        Some('[') => format!("{part}{path}"),
        Some(_) => format!("{part}.{path}"),
    };
    differences.into_iter().map(|d| Difference { path: inside(d.path), ..d }).collect()
}

/// Where only texts can stand, a number that the case writes is one.
fn texts(expected: Expected) -> Expected {
    let what = match expected.what {
        What::Is(value) if value.as_str().is_none() => What::Is(Value::text(value.print_lenient())),
        What::List(items) => What::List(items.into_iter().map(texts).collect()),
        What::Map(entries) => What::Map(entries.into_iter().map(|(key, value)| (key, texts(value))).collect()),
        other => other,
    };
    Expected { what, span: expected.span }
}
