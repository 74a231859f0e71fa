//! A request to a vendor: what is sent, with all that its action and its file say about it (`connectors.md` §3, §4, §6).

use wf_expr::{Key, Written, WrittenKind};
use wf_plan::{BodyKind, Cache, Limits, Pages, Request, Retry, mailbox};
use wf_source::{Diagnostic, Span, nearest, one_of};
use wf_syntax::ast::{self, PartKind};
use wf_syntax::tree::{Node, Style};
use wf_value::{Text, Type};

use super::body::Body;
use super::program::literal_written;
use super::rules;
use crate::names::{Local, LocalKind, Values};

/// What stands around a request: its file and its action.
#[derive(Clone, Copy)]
pub(crate) struct FaceParts<'a> {
    pub(crate) face: &'a ast::Connector,
    pub(crate) action: &'a ast::Action,
}

/// Verbs that change nothing.
pub(crate) const READING: [&str; 7] = ["GET", "HEAD", "SELECT", "SEARCH", "FETCH", "FIND", "AGGREGATE"];

/// What a request can ask for, by transport; http takes what a vendor takes.
fn verbs(transport: ast::Transport) -> &'static [&'static str] {
    match transport {
        ast::Transport::Http => &["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"],
        ast::Transport::Smtp => &["SEND"],
        ast::Transport::Imap => &["SELECT", "SEARCH", "FETCH", "STORE"],
        ast::Transport::Documents => &["FIND", "INSERT", "REPLACE", "UPSERT", "DELETE", "AGGREGATE"],
        ast::Transport::Objects => &["PUT", "GET", "DELETE"],
        ast::Transport::Grpc | ast::Transport::Keys | ast::Transport::Bus => &[],
    }
}

/// Members of a mail.
const MAIL: [&str; 8] = ["from", "to", "subject", "text", "html", "images", "attachments", "attachment_type"];

/// Slots that the runtime fills.
#[derive(Clone, Copy)]
pub(crate) struct Slots {
    answer: u16,
    page: u16,
    read: u16,
    pub(crate) session: u16,
}

impl Body<'_> {
    pub(crate) fn request_step(&self, step: &ast::Step, request: &ast::Request) -> Option<Request> {
        let parts = self.face?;
        let mut lowered = self.request(request, &parts, step.at, false);
        lowered.accept = step.modifiers.accept.as_ref().map(|accept| match accept {
            ast::Accept::Any(_) => wf_plan::Accept { any: true, statuses: Default::default(), outcomes: vec![] },
            ast::Accept::Only(names) => self.cx.accept(names, &[], "a request"),
        });
        Some(lowered)
    }

    /// `whole`: it is all that its action does.
    pub(crate) fn request(&self, request: &ast::Request, parts: &FaceParts<'_>, span: Span, whole: bool) -> Request {
        let face = parts.face;
        let beside = (!whole).then_some(&parts.action.request);
        let mark = self.scope.mark();
        let slots = self.slots(request.pages.is_some(), face.auth.is_some());
        let line = self.line(request, face);
        self.check_line(request, face);
        let is_write = parts.action.effect != ast::Effect::Read && !READING.contains(&line.verb.as_str());
        let sent = self.sent(request);
        let method = self.method(request.line.as_ref());
        if let (Some(method), Some((_, message))) =
            (&method, sent.extra.iter().find(|(name, _)| name.as_str() == "message"))
        {
            self.check_message(message, &method.input);
        }
        let came = method.as_ref().map_or(Type::Any, |method| method.output.received(self.defaults(face)));
        let query = request.part(PartKind::Query).map(|node| self.sight().written(node));
        let own_headers = request.part(PartKind::Headers).map(|node| self.sight().written(node));
        let (base_url, face_headers) = self.face_level(|| {
            let written = |node: &Option<Node>| node.as_ref().map(|n| self.sight().written(n));
            (written(&face.base_url), written(&face.headers))
        });
        let auth = face.auth.as_ref().map(|auth| Box::new(self.auth(auth, parts, slots)));
        self.show_given("answer", slots.answer);
        let sight = self.sight();
        let mut answers = request.answers.as_deref().map_or_else(Vec::new, |rows| self.rows(face, rows));
        if let Some(rows) = beside.and_then(|b| b.answers.as_deref()) {
            answers.extend(self.rows(face, rows));
        }
        answers.extend(self.face_level(|| self.rows(face, &face.answers)));
        let output = whole.then(|| parts.action.output.as_ref().map(|ty| self.cx.types.resolve(self.unit.get(), ty)));
        let lowered = Request {
            verb: line.verb,
            base_url,
            target: line.target,
            method,
            template: line.template,
            query,
            headers: merged(face_headers, own_headers),
            auth,
            limits: self.limits(request.limits.as_ref().or(beside.and_then(|b| b.limits.as_ref()))),
            body: sent.body,
            extra: sent.extra,
            vendor: request.vendor.as_ref().map_or(came, |ty| self.cx.types.resolve(self.unit.get(), ty)),
            answers,
            reply: request.reply.as_ref().map(|node| sight.written(node)),
            pages: request.pages.as_ref().and_then(|pages| self.pages(pages)),
            accept: None,
            retry: self.vendor_retry(request, beside, face, is_write),
            expired: request.expired.as_ref().or(beside.and_then(|b| b.expired.as_ref())).map(|text| sight.code(text)),
            follow_redirects: follows(request.redirects.as_ref(), beside, face),
            cache: request.cache.as_ref().and_then(|cache| self.cache(cache)),
            expects_json: face.expects.as_ref().is_some_and(|e| e.as_str() == "json"),
            is_write,
            output: output.flatten(),
            answer: slots.answer,
            page: slots.page,
            read: slots.read,
            session: slots.session,
            span,
        };
        self.scope.forget(mark);
        lowered
    }

    /// Names that the engine gives while a request is made; `answer` comes later.
    pub(crate) fn slots(&self, paged: bool, logs_in: bool) -> Slots {
        let slots = Slots {
            answer: self.scope.slot("answer"),
            page: self.scope.slot("page"),
            read: self.scope.slot("read"),
            session: self.scope.slot("session"),
        };
        if paged {
            self.show_given("page", slots.page);
            self.show_given("read", slots.read);
        }
        if logs_in {
            self.show_given("session", slots.session);
        }
        slots
    }

    pub(crate) fn show_given(&self, name: &str, slot: u16) {
        let span = Span::new(wf_source::FileId(u32::MAX), usize::from(slot), usize::from(slot));
        self.scope.show(Local { name: name.into(), slot, span, kind: LocalKind::Given, values: Values::NoLoop });
    }

    /// `GET /path/{{ x }}`
    fn line(&self, request: &ast::Request, face: &ast::Connector) -> Line {
        let Some(line) = &request.line else { return Line::default() };
        let text = &*line.text;
        let grpc = matches!(face.transport.as_ref().map(|t| t.value), Some(ast::Transport::Grpc));
        let end = if grpc { 0 } else { text.find(' ').unwrap_or(text.len()) };
        let verb: Text = if grpc { "CALL".into() } else { text[..end].into() };
        let begin = end + (text[end..].len() - text[end..].trim_start().len());
        if begin >= text.len() {
            return Line { verb, target: None, template: Text::default() };
        }
        let target = ast::Text {
            text: text[begin..].into(),
            map: line.map.part(begin, text.len()),
            style: Style::Double,
            span: line.map.span(begin, text.len()),
            bare: false,
        };
        Line { verb, template: template_of(&target.text).into(), target: Some(self.sight().words(&target)) }
    }

    /// The transport knows the verb, and the name of an object begins with its bucket.
    fn check_line(&self, request: &ast::Request, face: &ast::Connector) {
        let (Some(line), Some(transport)) = (&request.line, face.transport.as_ref().map(|t| t.value)) else { return };
        let verb = line.text.split(' ').next().unwrap_or_default();
        let known = verbs(transport);
        let at = |from: usize, to: usize| line.map.span(from, to);
        if !known.is_empty() && !known.contains(&verb) && !verb.contains("{{") && !line.text.starts_with('=') {
            let message = format!("`{verb}` is no request by {}", transport.word());
            let found = Diagnostic::error(&rules::LITERAL, at(0, verb.len()), message);
            let upper = verb.to_ascii_uppercase();
            self.cx.tell(match nearest(&upper, known.iter().copied()) {
                Some(near) => found.did_you_mean(Some(near), at(0, verb.len())),
                None => found.help(format!("it begins with {}", one_of(known.iter().copied(), 9))),
            });
        } else if transport == ast::Transport::Objects
            && line.text.get(verb.len()..).is_some_and(|r| r.starts_with(" /"))
        {
            let slash = verb.len() + 1;
            self.cx.tell(
                Diagnostic::error(
                    &rules::LITERAL,
                    at(slash, slash + 1),
                    "the name of an object begins with its bucket, not with `/`",
                )
                .help("as in `PUT {{ bucket }}/{{ key }}`")
                .fix(at(slash, slash + 1), ""),
            );
        }
    }

    /// Members that a part of a request does not have are sent by nobody.
    fn check_members(&self, part: &ast::Part) {
        let known: Vec<&str> = match part.kind {
            PartKind::Mail => MAIL.to_vec(),
            PartKind::Criteria => mailbox::criteria().collect(),
            _ => return,
        };
        for entry in part.value.entries() {
            let name = entry.key.text();
            if known.contains(&name) || name.contains("{{") {
                continue;
            }
            let message = format!("`{}` has no field `{name}`", part_name(part.kind));
            let found = Diagnostic::error(&rules::LITERAL, entry.key.span, message);
            self.cx.tell(match nearest(name, known.iter().copied()) {
                Some(near) => found.did_you_mean(Some(near), entry.key.span),
                None => found.help(format!("it has {}", one_of(known.iter().copied(), 30).replace(" or ", " and "))),
            });
        }
    }

    /// The body, and further keys of other transports.
    fn sent(&self, request: &ast::Request) -> Sent {
        let mut sent = Sent { body: None, extra: vec![] };
        let sight = self.sight();
        for part in &request.parts {
            let kind = match part.kind {
                PartKind::Query | PartKind::Headers => continue,
                PartKind::Json => Some(BodyKind::Json),
                PartKind::Form => Some(BodyKind::Form),
                PartKind::Multipart => Some(BodyKind::Multipart),
                PartKind::Text => Some(BodyKind::Text),
                PartKind::Bytes => Some(BodyKind::Bytes),
                _ => None,
            };
            self.check_members(part);
            let written = sight.written(&part.value);
            match kind {
                Some(kind) => sent.body = Some((kind, written)),
                None => sent.extra.push((part_name(part.kind).into(), written)),
            }
        }
        sent
    }

    fn pages(&self, pages: &ast::Pages) -> Option<Pages> {
        let sight = self.sight();
        if pages.next.is_none() && pages.link.is_none() {
            self.cx.tell(
                Diagnostic::error(&rules::PAGES, pages.span, "nothing says which page is next")
                    .help("`next: =…` gives the next `page`, null ends; or `link: =…`, its URL"),
            );
        }
        if let Some(next) = &pages.next {
            let asks = ["page", "read", "answer"].iter().any(|name| next.text.contains(name));
            if !asks {
                self.cx.tell(
                    Diagnostic::error(&rules::PAGES, next.span, "`next` is the same after each page")
                        .help("it asks for `page`, `read` or `answer`; null ends"),
                );
            }
        }
        Some(Pages {
            start: pages.start.as_ref().map(|node| sight.written(node)),
            items: sight.bare(pages.items.as_ref()?),
            next: pages.next.as_ref().map(|text| sight.bare(text)),
            link: pages.link.as_ref().map(|text| sight.bare(text)),
        })
    }

    fn cache(&self, cache: &ast::Cache) -> Option<Cache> {
        let sight = self.sight();
        Some(Cache { key: sight.written(cache.key.as_ref()?), keep: sight.duration(cache.ttl.as_ref()?, "m") })
    }

    pub(crate) fn limits(&self, limits: Option<&ast::Limits>) -> Limits {
        limits.map(|limits| self.sight().limits(limits)).unwrap_or_default()
    }

    /// Of the request, the action, the file; of a write only after what surely did not act.
    fn vendor_retry(
        &self,
        request: &ast::Request,
        beside: Option<&ast::Request>,
        face: &ast::Connector,
        is_write: bool,
    ) -> Option<Retry> {
        let own = request.retry.as_ref().or(beside.and_then(|b| b.retry.as_ref()));
        let mut retry = match (own, &face.retry) {
            (Some(own), _) => self.sight().retry(own, None),
            (None, Some(of_file)) => self.face_level(|| self.sight().retry(of_file, None)),
            (None, None) => return None,
        };
        let cut = is_write && cut_down(&mut retry);
        if let Some(own) = own.filter(|_| cut) {
            let message = "a write is repeated only when it surely did not happen";
            self.cx.tell(
                Diagnostic::hint(&rules::RETRY_OF_A_WRITE, own.span, message)
                    .help("of `when` remain no_connection, 429 and not_logged_in"),
            );
        }
        Some(retry)
    }

    /// What the file says for all its requests: a name that this action lacks is the action's mistake.
    pub(crate) fn face_level<R>(&self, within: impl FnOnce() -> R) -> R {
        let before = self.cx.ledger.borrow().asked.len();
        let result = within();
        let asked = self.cx.ledger.borrow_mut().asked.split_off(before);
        if let Some(parts) = self.face {
            let mut state = self.cx.state.borrow_mut();
            state.lacking.extend(asked.into_iter().map(|asked| (asked, parts.action.name.clone())));
        }
        result
    }
}

impl Slots {
    pub(crate) fn answer(self) -> u16 {
        self.answer
    }
}

#[derive(Default)]
struct Line {
    verb: Text,
    target: Option<Written>,
    template: Text,
}

struct Sent {
    body: Option<(BodyKind, Written)>,
    extra: Vec<(Text, Written)>,
}

/// True when something of it was taken away.
fn cut_down(retry: &mut Retry) -> bool {
    use wf_plan::{Status, StatusSet, Word};
    let kept = |status: &Status| {
        matches!(status, Status::Range(429, 429) | Status::Word(Word::NoConnection | Word::NotLoggedIn))
    };
    let everything = retry.failed || retry.undecided;
    let mut statuses: Vec<Status> = retry.when.statuses.0.iter().copied().filter(kept).collect();
    let class_of_429 = retry.when.statuses.holds(429) && !statuses.contains(&Status::one(429));
    if everything || class_of_429 {
        statuses.push(Status::one(429));
    }
    if everything {
        statuses.push(Status::Word(Word::NotLoggedIn));
    }
    let no_connection = retry.no_connection || everything || retry.when.statuses.names(Word::NoAnswer);
    let cut = everything || retry.timeout || retry.when.statuses.0.iter().any(|s| !kept(s));
    retry.when.statuses = StatusSet(statuses);
    retry.when.outcomes.clear();
    retry.failed = false;
    retry.undecided = false;
    retry.timeout = false;
    retry.no_connection = no_connection;
    cut
}

fn follows(own: Option<&ast::Name>, beside: Option<&ast::Request>, face: &ast::Connector) -> bool {
    let says = own.or(beside.and_then(|b| b.redirects.as_ref())).or(face.redirects.as_ref());
    says.is_none_or(|word| word.as_str() != "none")
}

/// Headers of the file and of the request; the request's win by name. Only headers that are computed keep the two apart: what their
/// names are shows when they are sent.
fn merged(face: Option<Written>, own: Option<Written>) -> Vec<Written> {
    match (face, own) {
        (None, own) => own.into_iter().collect(),
        (face, None) => face.into_iter().collect(),
        (Some(face), Some(own)) => match (face.kind, own.kind) {
            (WrittenKind::Map(theirs), WrittenKind::Map(ours)) => {
                let name = |key: &Key| match key {
                    Key::Text(text) => text.to_ascii_lowercase(),
                    Key::Holes(_) => String::new(),
                };
                let taken: Vec<String> = ours.iter().map(|e| name(&e.key)).collect();
                let theirs = theirs.into_iter().filter(|e| !taken.contains(&name(&e.key)));
                let entries = theirs.chain(ours).collect();
                vec![Written { kind: WrittenKind::Map(entries), span: own.span }]
            }
            (theirs, ours) => {
                vec![Written { kind: theirs, span: face.span }, Written { kind: ours, span: own.span }]
            }
        },
    }
}

/// The path for metrics: every placeholder and run of digits is `{id}`.
fn template_of(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    let mut rest = path;
    while let Some(c) = rest.chars().next() {
        if rest.starts_with("{{") {
            out.push_str("{id}");
            rest = rest.find("}}").and_then(|end| rest.get(end + 2..)).unwrap_or("");
        } else if c.is_ascii_digit() {
            out.push_str("{id}");
            rest = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        } else {
            out.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    out
}

fn part_name(kind: PartKind) -> &'static str {
    match kind {
        PartKind::Query => "query",
        PartKind::Headers => "headers",
        PartKind::Json => "json",
        PartKind::Form => "form",
        PartKind::Multipart => "multipart",
        PartKind::Text => "text",
        PartKind::Bytes => "bytes",
        PartKind::Message => "message",
        PartKind::Mail => "mail",
        PartKind::Criteria => "criteria",
        PartKind::Uids => "uids",
        PartKind::Peek => "peek",
        PartKind::AddFlags => "add_flags",
        PartKind::RemoveFlags => "remove_flags",
        PartKind::Match => "match",
        PartKind::Document => "document",
        PartKind::Set => "set",
        PartKind::Sort => "sort",
        PartKind::LeaveOut => "leave_out",
        PartKind::Limit => "limit",
        PartKind::Group => "group",
        PartKind::ContentType => "content_type",
    }
}

impl crate::names::Sight<'_> {
    pub(crate) fn limits(&self, limits: &ast::Limits) -> Limits {
        Limits {
            timeout: limits.timeout.as_ref().map(|node| self.duration(node, "s")),
            concurrency: limits.concurrency.as_ref().map(|node| self.typed(node, &Type::Integer, "")),
            rate: limits.rate.as_ref().map(|node| self.rate(node)),
            pages: limits.pages.as_ref().map(|node| self.typed(node, &Type::Integer, "")),
            bytes: limits.bytes.as_ref().map(|node| self.typed(node, &Type::Size, "")),
        }
    }

    /// `50/s`, `30/m`: calls a second.
    fn rate(&self, node: &Node) -> Written {
        if super::inputs::computed(node) {
            return self.written(node);
        }
        let text = node.as_text().unwrap_or("");
        let (count, unit) = text.split_once('/').unwrap_or((text, "s"));
        let seconds = match unit.trim() {
            "s" => 1.0,
            "m" => 60.0,
            "h" => 3600.0,
            _ => 0.0,
        };
        match count.trim().parse::<f64>() {
            Ok(count) if seconds > 0.0 && count > 0.0 && count.is_finite() => {
                literal_written((count / seconds).into(), node.span)
            }
            _ => {
                let message = format!("`{text}` is no rate");
                self.cx.tell(Diagnostic::error(&rules::LITERAL, node.span, message).help("as in `50/s` or `600/m`"));
                super::context::broken_written(node.span)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::template_of;

    #[test]
    fn metrics_see_no_values() {
        assert_eq!(template_of("/api/Ticket/{{ ticket_id }}/details"), "/api/Ticket/{id}/details");
        assert_eq!(template_of("/v2/x"), "/v{id}/x");
        assert_eq!(template_of("{{ a }}{{ b"), "{id}{id}");
    }
}
