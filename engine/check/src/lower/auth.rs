//! Logging in (`connectors.md` §5), in the scope of the request that needs it.

use wf_expr::Written;
use wf_plan::{Auth, AuthKind, Cookies};
use wf_source::{Diagnostic, Span};
use wf_syntax::ast;
use wf_syntax::tree::Node;
use wf_value::{Type, Value};

use super::body::Body;
use super::context::broken_written;
use super::requests::{FaceParts, Slots};
use super::{literals, rules};

impl Body<'_> {
    pub(crate) fn auth(&self, auth: &ast::Auth, parts: &FaceParts<'_>, slots: Slots) -> Auth {
        self.face_level(|| {
            let kind = self.auth_kind(auth, parts, slots);
            let mark = self.scope.mark();
            self.show_given("answer", slots.answer());
            let sight = self.sight();
            let lowered = Auth {
                kind,
                max_age: auth.max_age.as_ref().map(|node| sight.duration(node, "h")),
                lasts: auth.lasts.as_ref().map(|text| sight.bare(text)),
                expired: auth.expired.as_ref().map(|text| sight.code(text)),
                repeat: self.repeat(auth.repeat.as_ref()),
                computed_repeat: auth
                    .repeat
                    .as_ref()
                    .filter(|node| super::inputs::computed(node))
                    .map(|node| sight.typed(node, &Type::Integer, "")),
                pace: auth.pace.as_ref().map(|node| sight.duration(node, "s")),
                send_anyway: auth.send_anyway.as_ref().is_some_and(|s| s.value),
            };
            self.scope.forget(mark);
            lowered
        })
    }

    fn auth_kind(&self, auth: &ast::Auth, parts: &FaceParts<'_>, slots: Slots) -> AuthKind {
        let sight = self.sight();
        let needed = |node: &Option<Node>, span: Span, what: &str| -> Written {
            match node {
                Some(node) => sight.written(node),
                None => {
                    let message = format!("this login needs `{what}`");
                    self.cx.tell(Diagnostic::error(&rules::LOGIN, span, message));
                    broken_written(span)
                }
            }
        };
        match &auth.login {
            ast::Login::Basic { span, user, password } => {
                AuthKind::Basic { user: needed(user, *span, "user"), password: needed(password, *span, "password") }
            }
            ast::Login::Bearer(node) => AuthKind::Bearer(sight.written(node)),
            ast::Login::ApiKey { span, header, query, value } => AuthKind::ApiKey {
                header: header.as_ref().map(|h| (*h.value).into()),
                query: query.as_ref().map(|q| (*q.value).into()),
                value: needed(value, *span, "value"),
            },
            ast::Login::Hmac { span, header, key } => AuthKind::Hmac {
                header: header.as_ref().map(|h| (*h.value).into()).unwrap_or_default(),
                key: needed(key, *span, "key"),
            },
            ast::Login::Oauth2 { span, token_url, client_id, client_secret, scope } => AuthKind::OAuth2 {
                token_url: needed(token_url, *span, "token_url"),
                client_id: needed(client_id, *span, "client_id"),
                client_secret: needed(client_secret, *span, "client_secret"),
                scope: scope.as_ref().map(|node| sight.written(node)),
            },
            ast::Login::Request(request) => self.login(auth, request, parts, slots),
            ast::Login::Broken => {
                self.cx.set_broken();
                AuthKind::Bearer(broken_written(auth.span))
            }
        }
    }

    /// A login is a request of its own: without the file's headers, rows and login.
    fn login(&self, auth: &ast::Auth, request: &ast::Request, parts: &FaceParts<'_>, slots: Slots) -> AuthKind {
        let plain = ast::Connector {
            auth: None,
            headers: None,
            expects: None,
            answers: vec![],
            retry: None,
            redirects: Some(ast::Spanned::new("none".into(), auth.span)),
            ..parts.face.clone()
        };
        let action =
            ast::Action { effect: ast::Effect::Read, request: ast::Request::default(), ..parts.action.clone() };
        let parts = FaceParts { face: &plain, action: &action };
        let mark = self.scope.mark();
        let lowered = self.request(request, &parts, auth.span, false);
        self.show_given("answer", slots.answer());
        let (mut session, mut cookies) = (vec![], Cookies::None);
        match &auth.session {
            Some(ast::Session::Cookie(name)) => cookies = Cookies::One((*name.value).into()),
            Some(ast::Session::Cookies(_)) => cookies = Cookies::All,
            Some(ast::Session::Values(bindings)) => {
                for binding in bindings {
                    session.push(((*binding.name.value).into(), self.sight().written(&binding.value)));
                }
            }
            None => {
                self.cx.tell(
                    Diagnostic::error(
                        &rules::LOGIN,
                        auth.span,
                        "nothing says what of the login's answer is the session",
                    )
                    .help(
                        "`session: {cookie: name}`, `session: cookies`, or values: `session: {token: =answer.body.t}`",
                    ),
                );
            }
        }
        self.scope.forget(mark);
        AuthKind::Login {
            retry: request.retry.as_ref().map(|retry| self.sight().retry(retry, None)),
            request: Box::new(lowered),
            session,
            cookies,
        }
    }

    fn repeat(&self, node: Option<&Node>) -> u32 {
        let Some(node) = node.filter(|node| !super::inputs::computed(node)) else { return 1 };
        match literals::literal(node, &Type::Integer, "") {
            Ok(Value::Int(n)) if (0..=10).contains(&n) => u32::try_from(n).unwrap_or(1),
            Ok(_) => {
                self.cx.tell(Diagnostic::error(
                    &rules::BOUNDS,
                    node.span,
                    "a request is sent again 0 to 10 times after a new login",
                ));
                1
            }
            Err(found) => {
                found.into_iter().for_each(|d| self.cx.tell(d));
                1
            }
        }
    }
}
