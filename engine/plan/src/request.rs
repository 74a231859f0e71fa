//! One request to a vendor (`connectors.md` §3, §4, §6).

use wf_expr::{Code, Written};
use wf_source::Span;
use wf_value::{Text, Type};

use crate::{Accept, Auth, Limits, Retry, StatusSet};

/// A request as it is written, with all that its action and its file say about it. Everything is evaluated in the scope of its step: a
/// `base_url` of `https://{{ host }}` sees the `host` of this very action, or of the loop around the request.
#[derive(Debug)]
pub struct Request {
    /// `GET`, `POST`, … (http); `SEND`, `SEARCH`, … of other transports; a gRPC method in `target`.
    pub verb: Text,
    /// What `target` stands on.
    pub base_url: Option<Written>,
    /// The path with placeholders, an absolute URL, or nothing (the base URL itself). Segments between are percent-encoded.
    pub target: Option<Written>,
    /// The call that a request of grpc makes.
    pub method: Option<wf_proto::Method>,
    /// The path as written, placeholders as `{id}`: label of metrics.
    pub template: Text,
    pub query: Option<Written>,
    /// The file's, then the action's: what comes later wins by name. One entry when both name theirs, so that a null takes away.
    pub headers: Vec<Written>,
    /// How to log in; sessions are shared by all requests whose resolved login is the same.
    pub auth: Option<Box<Auth>>,
    /// What it says of its own; the face's hold for the rest.
    pub limits: Limits,
    pub body: Option<(BodyKind, Written)>,
    /// Further keys of other transports (`message`, `mail`, `criteria`, `match`, …), by name.
    pub extra: Vec<(Text, Written)>,
    /// Type of the vendor's 2xx body.
    pub vendor: Type,
    /// The request's own rows, then the action's, then the file's.
    pub answers: Vec<AnswerRow>,
    pub reply: Option<Written>,
    pub pages: Option<Pages>,
    /// Of a `request` step: which replies are ok for the steps that follow; default 2xx. `any` makes every one a value to look at.
    pub accept: Option<Accept>,
    pub retry: Option<Retry>,
    pub expired: Option<Code>,
    pub follow_redirects: bool,
    pub cache: Option<Cache>,
    pub expects_json: bool,
    /// Whether it changes something: then it is asked at most once, unless it surely did not act.
    pub is_write: bool,
    /// The output that `reply`, or the body without it, must have the outermost kind of; `None` inside steps.
    pub output: Option<Type>,
    /// Slots of the innermost frame: `answer`, `page`, `read`, `session`.
    pub answer: u16,
    pub page: u16,
    pub read: u16,
    pub session: u16,
    pub span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyKind {
    Json,
    Form,
    Multipart,
    Text,
    Bytes,
}

/// A row of `answers`: the first that holds ends it.
#[derive(Debug)]
pub struct AnswerRow {
    pub test: RowTest,
    pub status: Option<Written>,
    pub body: Option<Written>,
    pub span: Span,
}

/// What a row is about.
#[derive(Debug)]
pub struct RowTest {
    /// Empty with `condition`: about 2xx.
    pub is: StatusSet,
    pub condition: Option<Code>,
}

/// How a list is read page by page (`connectors.md` §6); either `next` or `link`.
#[derive(Debug)]
pub struct Pages {
    /// `page` of the first request; null when left out.
    pub start: Option<Written>,
    pub items: Written,
    pub next: Option<Written>,
    /// The next page's URL.
    pub link: Option<Written>,
}

/// How long a result is kept, and for whom.
#[derive(Debug)]
pub struct Cache {
    /// Printed: equal texts have the same result.
    pub key: Written,
    /// A duration.
    pub keep: Written,
}
