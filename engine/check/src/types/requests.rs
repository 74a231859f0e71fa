//! Requests to a vendor: what is sent, what is made of the answer.

use wf_expr::template::Part;
use wf_expr::types::join::forms;
use wf_expr::types::words;
use wf_expr::{Code, Written, WrittenKind};
use wf_plan::{AnswerRow, Auth, AuthKind, BodyKind, Pages, Request, Status, Transport, Word};
use wf_source::{Diagnostic, Span};
use wf_value::{Field, Text, Type};

use super::loops::elements;
use super::walk::Walk;
use super::{results, rules};

impl Walk<'_> {
    /// The type of its result.
    pub(super) fn request(&mut self, request: &Request) -> Type {
        let body = self.exchange(request);
        results::of_request(body)
    }

    /// Walks a request; the type of the body that it replies.
    fn exchange(&mut self, request: &Request) -> Type {
        if let Some(auth) = &request.auth {
            let session = self.auth(auth);
            self.set(request.session, session);
        }
        self.set(request.page, Type::Any);
        self.set(request.answer, results::answer(request.vendor.clone()));
        if let Some(pages) = &request.pages {
            let items = self.check(&pages.items, &Type::list(Type::Any), None);
            self.set(request.read, Type::list(elements(&items)));
        }
        self.sent(request);
        self.limits(&request.limits);
        if let Some(retry) = &request.retry {
            self.retry(retry);
        }
        if let Some(cache) = &request.cache {
            self.public(&cache.key, "the key of a cache");
            self.duration(&cache.keep);
        }
        self.set(request.answer, results::answer(Type::Any));
        if let Some(expired) = &request.expired {
            self.condition(expired);
        }
        rows(self, &request.answers);
        self.set(request.answer, results::answer(request.vendor.clone()));
        if let Some(pages) = &request.pages {
            self.pages(pages);
        }
        let given = match (&request.reply, &request.pages) {
            (Some(reply), _) => self.public(reply, "a reply"),
            (None, Some(_)) => self.slot_type(wf_expr::Slot { up: 0, index: request.read }).unwrap_or(Type::Any),
            (None, None) => request.vendor.clone(),
        };
        let replaced = request.answers.iter().any(replaces_the_reply);
        if let Some(output) = request.output.as_ref().filter(|_| !replaced) {
            self.fits_output(&given, output, request.reply.as_ref(), request.span);
        }
        given
    }

    fn sent(&mut self, request: &Request) {
        if let Some(base) = &request.base_url {
            self.infer(base);
        }
        match (&request.target, self.around.transport()) {
            (Some(target), Some(Transport::Http)) => self.path(target),
            (Some(target), Some(Transport::Keys)) => {
                self.public(target, "a key");
            }
            (Some(target), _) => {
                self.infer(target);
            }
            (None, _) => {}
        }
        if let Some(query) = &request.query {
            self.words_of_vendor(query, "the query");
        }
        for headers in &request.headers {
            self.words_of_vendor(headers, "a header");
        }
        match &request.body {
            Some((BodyKind::Form, written)) => self.words_of_vendor(written, "a form"),
            Some((BodyKind::Text, written)) => {
                self.check(written, &Type::Scalar, None);
            }
            Some((_, written)) => {
                self.infer(written);
            }
            None => {}
        }
        for (name, written) in &request.extra {
            match &request.method {
                Some(method) if name.as_str() == "message" => drop(self.check(written, &method.input.sent(), None)),
                _ => drop(self.infer(written)),
            }
        }
    }

    /// `/path/{{ x }}`: a placeholder is one segment, so a text or a number that is there.
    fn path(&mut self, target: &Written) {
        self.infer(target);
        let WrittenKind::Text(template) = &target.kind else { return };
        for part in &template.parts {
            if let Part::Hole { code, .. } = part {
                let ty = self.infer_code(code);
                self.placeholder(code, &ty);
            }
        }
    }

    fn placeholder(&mut self, code: &Code, ty: &Type) {
        let segment = |form: &Type| {
            !matches!(form, Type::Boolean | Type::List(_) | Type::Map(_) | Type::Shape(_) | Type::Bytes | Type::Null)
        };
        let name = words::name(code);
        let found = if !forms(ty).iter().any(segment) {
            Diagnostic::error(
                &rules::PLACEHOLDER,
                code.span,
                format!("{name} is {}, and a placeholder of a path is a text or a number", words::a(ty)),
            )
        } else if matches!(ty, Type::Optional(_)) {
            let message = format!("{name} may be null, and a placeholder of a path has to be there");
            Diagnostic::error(&rules::PLACEHOLDER, code.span, message).help(format!(
                "make the input required, or name it under `needs`; or write `{}.orElse('…')`",
                code.text
            ))
        } else {
            return;
        };
        self.tell(found);
    }

    /// Query, headers, forms: a boolean has no spelling there.
    fn words_of_vendor(&mut self, written: &Written, place: &str) {
        let WrittenKind::Map(entries) = &written.kind else {
            let ty = self.infer(written);
            for form in forms(&ty) {
                let Type::Shape(shape) = form else { continue };
                for field in &shape.fields {
                    self.no_boolean(&field.ty, &field.name, super::calls::code_span(written), place);
                }
            }
            return;
        };
        for entry in entries {
            let ty = self.infer(&entry.value);
            let name = match &entry.key {
                wf_expr::Key::Text(name) => name.clone(),
                wf_expr::Key::Holes(_) => Text::default(),
            };
            self.no_boolean(&ty, &name, super::calls::code_span(&entry.value), place);
        }
    }

    fn no_boolean(&mut self, ty: &Type, name: &Text, at: Span, place: &str) {
        let boolean = |ty: &Type| {
            let all = forms(ty);
            !all.is_empty() && all.iter().all(|form| *form == Type::Boolean)
        };
        let of_list = forms(ty).iter().any(|form| matches!(form, Type::List(of) if boolean(of)));
        if boolean(ty) || of_list {
            self.tell(
                Diagnostic::error(
                    &rules::BOOLEAN_SENT,
                    at,
                    format!("`{name}` is true or false, and {place} has no word for it"),
                )
                .help("write the vendor's word: `if(x, 'true', 'false')`"),
            );
        }
    }

    fn pages(&mut self, pages: &Pages) {
        if let Some(start) = &pages.start {
            self.infer(start);
        }
        if let Some(next) = &pages.next {
            self.infer(next);
        }
        if let Some(link) = &pages.link {
            self.check(link, &Type::Text, None);
        }
    }

    /// The type of `session`.
    fn auth(&mut self, auth: &Auth) -> Type {
        let mut session = vec![];
        match &auth.kind {
            AuthKind::Basic { user, password } => self.all([user, password]),
            AuthKind::Bearer(token) => self.all([token]),
            AuthKind::ApiKey { value, .. } => self.all([value]),
            AuthKind::Hmac { key, .. } => self.all([key]),
            AuthKind::OAuth2 { token_url, client_id, client_secret, scope } => {
                self.all([token_url, client_id, client_secret].into_iter().chain(scope));
            }
            AuthKind::Login { request, session: values, retry, .. } => {
                self.exchange(request);
                self.set(request.answer, results::answer(Type::Any));
                for (name, written) in values {
                    let ty = self.infer(written);
                    session.push(Field { name: name.clone(), ty, default: None });
                }
                if let Some(retry) = retry {
                    self.retry(retry);
                }
                self.lasting(auth, request.answer);
            }
        }
        for duration in auth.max_age.iter().chain(&auth.pace) {
            self.duration(duration);
        }
        if let Some(repeat) = &auth.computed_repeat {
            self.check(repeat, &Type::Integer, None);
        }
        Type::shape("session", session)
    }

    /// What is asked of the login's answer, and of those that come later.
    fn lasting(&mut self, auth: &Auth, answer: u16) {
        self.set(answer, results::answer(Type::Any));
        if let Some(lasts) = &auth.lasts {
            self.duration(lasts);
        }
        if let Some(expired) = &auth.expired {
            self.condition(expired);
        }
    }

    fn all<'a>(&mut self, all: impl IntoIterator<Item = &'a Written>) {
        for written in all {
            self.infer(written);
        }
    }
}

/// A row that holds for every good answer: nothing is left for `reply`.
fn replaces_the_reply(row: &AnswerRow) -> bool {
    let all_good = |status: &Status| match status {
        Status::Range(from, to) => *from <= 200 && *to >= 299,
        Status::Word(word) => *word == Word::Any,
    };
    row.test.condition.is_none() && row.test.is.0.iter().any(all_good)
}

/// Rows for answers: conditions, statuses, and what is replied then.
pub(super) fn rows(walk: &mut Walk<'_>, rows: &[AnswerRow]) {
    for row in rows {
        let mark = walk.mark();
        if let Some(condition) = &row.test.condition {
            walk.condition(condition);
            walk.assume(condition, true);
        }
        if let Some(status) = &row.status {
            walk.check(status, &Type::Integer, Some("status"));
        }
        if let Some(body) = &row.body {
            walk.public(body, "a reply");
        }
        walk.forget(mark);
    }
}
