//! Which requests are logins of a connector, and what a login is answered that the case does not list.

use wf_plan::{Auth, AuthKind, Block, Connector, Cookies, LoopBody, LoopError, OnError, Request, Verb};
use wf_value::{Map, Text, Value};

use super::answer::Act;
use super::asked::Asked;
use super::expected::ExpectedRequest;

const CLIENT_CREDENTIALS: &str = "client_credentials";

/// The logins of a connector.
#[derive(Clone, Debug, Default)]
pub struct Logins {
    /// Method and path with `{id}` for what differs.
    templates: Vec<(Text, Text)>,
    /// Whether it also gets tokens by client credentials: these are known by their form.
    client_credentials: bool,
    /// Cookies that are sessions.
    cookies: Vec<Text>,
}

impl Logins {
    #[must_use]
    pub fn of(connector: &Connector) -> Self {
        let mut logins = Self::default();
        for face in &connector.faces {
            for flow in &face.module.flows {
                let mut blocks = vec![&flow.body];
                while let Some(block) = blocks.pop() {
                    logins.add(block, &mut blocks);
                }
            }
        }
        logins
    }

    #[cfg(test)]
    pub(super) fn by_client_credentials() -> Self {
        Self { client_credentials: true, ..Self::default() }
    }

    fn add<'a>(&mut self, block: &'a Block, inner: &mut Vec<&'a Block>) {
        for step in block.steps.iter() {
            match &step.verb {
                Verb::Request(request) => self.add_request(request),
                Verb::For(each) => {
                    if let LoopBody::Steps(body) = &each.body {
                        inner.push(body);
                    }
                    if let LoopError::Block { block, .. } = &each.on_error {
                        inner.push(block);
                    }
                }
                _ => {}
            }
            if let OnError::Block { block, .. } = &step.on_error {
                inner.push(block);
            }
        }
    }

    fn add_request(&mut self, request: &Request) {
        match request.auth.as_deref().map(|Auth { kind, .. }| kind) {
            Some(AuthKind::OAuth2 { .. }) => self.client_credentials = true,
            Some(AuthKind::Login { request, cookies, .. }) => {
                let template = (request.verb.clone(), request.template.clone());
                if !self.templates.contains(&template) {
                    self.templates.push(template);
                }
                let cookie = match cookies {
                    Cookies::None => None,
                    Cookies::One(name) => Some(name.clone()),
                    // whatever it is called
                    Cookies::All => Some("session".into()),
                };
                self.cookies.extend(cookie.filter(|cookie| !self.cookies.contains(cookie)));
            }
            _ => {}
        }
    }

    /// Whether a case lists a login there.
    #[must_use]
    pub fn is_listed(&self, request: &ExpectedRequest) -> bool {
        let by_form = request.form_field("grant_type") == Some(CLIENT_CREDENTIALS);
        self.is_at(&request.method, &request.path) || self.client_credentials && by_form
    }

    fn is_at(&self, method: &str, path: &str) -> bool {
        self.templates.iter().any(|(verb, template)| verb.as_str() == method && ends_with(path, template))
    }

    #[must_use]
    pub fn is_one(&self, asked: &Asked) -> bool {
        let by_form =
            || asked.form().as_map().and_then(|f| f.raw("grant_type")?.as_str().map(|g| g == CLIENT_CREDENTIALS));
        self.is_at(&asked.method, &asked.path) || self.client_credentials && by_form() == Some(true)
    }

    /// A fresh token and a fresh session, the `number`th.
    #[must_use]
    pub fn answer(&self, number: u32) -> Act {
        let fields = [
            ("access_token", Value::text(format!("token-{number}").as_str())),
            ("token_type", "Bearer".into()),
            ("expires_in", Value::Int(3600)),
        ];
        let body: Map = fields.into_iter().map(|(name, value)| (Text::from(name), value)).collect();
        let mut act = Act::json(200, &body.into());
        if let Act::Answer { headers, .. } = &mut act {
            let cookie = |name: &Text| ("set-cookie".to_owned(), format!("{name}=session-{number}; Path=/"));
            headers.extend(self.cookies.iter().map(cookie));
        }
        act
    }
}

/// Whether the last segments of a path are those of a template; a template without a word of its own is nobody's.
fn ends_with(path: &str, template: &str) -> bool {
    let template = template.split_once("://").map_or(template, |(_, rest)| rest.split_once('/').map_or("", |(_, p)| p));
    let segments = |text: &str| text.split('/').filter(|s| !s.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    let (path, template) = (segments(path), segments(template));
    let same = |(written, actual): (&String, &String)| written.contains('{') || written == actual;
    template.iter().any(|s| !s.contains('{'))
        && path.len() >= template.len()
        && template.iter().rev().zip(path.iter().rev()).all(same)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_is_known_by_the_end_of_its_path() {
        assert!(ends_with("/portal/rest/login/operator", "/login/operator"));
        assert!(ends_with("/a/7/login", "https://{id}/{id}/login"));
        assert!(!ends_with("/login/other", "/login/operator"));
        assert!(!ends_with("/anything", "{id}"));
        assert!(!ends_with("/", "/login"));
    }

    #[test]
    fn client_credentials_are_known_by_their_form() {
        let logins = Logins::by_client_credentials();
        let body = b"grant_type=client_credentials&scope=x".to_vec();
        assert!(logins.is_one(&Asked { method: "POST".into(), body, ..Asked::default() }));
        assert!(!logins.is_one(&Asked { method: "POST".into(), body: b"grant=1".to_vec(), ..Asked::default() }));
    }

    #[test]
    fn every_login_is_answered_anew() {
        let logins = Logins { cookies: vec!["sid".into()], ..Logins::default() };
        let Act::Answer { headers, body, .. } = logins.answer(2) else { panic!("no answer") };
        assert!(headers.contains(&("set-cookie".into(), "sid=session-2; Path=/".into())));
        assert!(String::from_utf8_lossy(&body).contains("\"access_token\":\"token-2\""));
    }
}
