//! Calls, answered.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Empty, Full, Limited};
use hyper::body::{Body, Frame, Incoming};
use hyper::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::Notify;
use wf_proto::Code;

use crate::frame::{framed, unframed};
use crate::status::{Status, encoded};

/// A call that came.
#[derive(Clone, Debug)]
pub struct Call {
    /// `package.Service/Method`
    pub method: String,
    /// Whom it is meant for: `host:port`.
    pub authority: String,
    /// What was sent along: names in lower case, in their order; of HTTP's own none.
    pub headers: Vec<(String, String)>,
    pub message: Bytes,
}

/// What becomes of a call.
#[derive(Clone, Debug)]
pub enum Reply {
    Message(Vec<u8>),
    Status(Status),
    /// The connection is closed in the middle of the answer.
    Cut,
    /// The connection is closed before anything is answered.
    HangUp,
}

/// More than any client sends.
const MOST: usize = 256 * 1024 * 1024;

type AnyBody = UnsyncBoxBody<Bytes, Infallible>;

/// Answers the calls of one connection until it is closed. An answer that takes its time holds up no other one.
pub async fn serve<S, H, F>(stream: S, handler: H)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    H: Fn(Call) -> F + Clone + Send + 'static,
    F: Future<Output = Reply> + Send,
{
    let closed = Arc::new(Notify::new());
    let close = closed.clone();
    let service = service_fn(move |request: Request<Incoming>| {
        let (handler, close) = (handler.clone(), close.clone());
        async move {
            let reply = match read(request).await {
                Ok(call) => handler(call).await,
                Err(status) => Reply::Status(status),
            };
            Ok::<_, Infallible>(match reply {
                Reply::Message(message) => answer(&message),
                Reply::Status(status) => refusal(&status),
                Reply::Cut => response(UnsyncBoxBody::new(Half { begun: false, close })),
                Reply::HangUp => {
                    close.notify_one();
                    std::future::pending().await
                }
            })
        }
    });
    let connection = http2::Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), service);
    tokio::select! {
        // whoever asked has thought better of it
        _ = connection => {}
        () = closed.notified() => {}
    }
}

async fn read(request: Request<Incoming>) -> Result<Call, Status> {
    let failed = |code, message: &str| Status { code, message: message.to_owned() };
    let is_grpc =
        request.headers().get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"application/grpc"));
    if !is_grpc {
        return Err(failed(Code::UNIMPLEMENTED, "this is no call of gRPC"));
    }
    let method = request.uri().path().trim_start_matches('/').to_owned();
    let authority = request.uri().authority().map(ToString::to_string).unwrap_or_default();
    let headers = sent_along(request.headers());
    let body = Limited::new(request.into_body(), MOST).collect().await;
    let body = body.map_err(|why| failed(Code::INTERNAL, &why.to_string()))?.to_bytes();
    let message = unframed(&body).map_err(|why| failed(Code::INTERNAL, &why))?;
    let message = message.ok_or_else(|| failed(Code::INTERNAL, "a call without a message"))?;
    Ok(Call { method, authority, headers, message })
}

fn sent_along(headers: &HeaderMap) -> Vec<(String, String)> {
    let own = |name: &str| {
        matches!(name, "content-type" | "content-length" | "te" | "user-agent") || name.starts_with("grpc-")
    };
    let all = headers.iter().filter(|(name, _)| !own(name.as_str()));
    all.map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())).collect()
}

fn response(body: AnyBody) -> Response<AnyBody> {
    let mut response = Response::new(body);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/grpc"));
    response
}

fn answer(message: &[u8]) -> Response<AnyBody> {
    match framed(message) {
        Ok(frame) => {
            let mut trailers = HeaderMap::new();
            trailers.insert("grpc-status", HeaderValue::from_static("0"));
            response(Full::new(frame).with_trailers(std::future::ready(Some(Ok(trailers)))).boxed_unsync())
        }
        Err(message) => refusal(&Status { code: Code::INTERNAL, message }),
    }
}

/// Only headers: nothing follows.
fn refusal(status: &Status) -> Response<AnyBody> {
    let mut response = response(Empty::new().boxed_unsync());
    response.headers_mut().insert("grpc-status", HeaderValue::from(status.code.number()));
    if let Ok(message) = HeaderValue::from_str(&encoded(&status.message)) {
        response.headers_mut().insert("grpc-message", message);
    }
    response
}

/// A body that ends in the middle, with the connection.
struct Half {
    begun: bool,
    close: Arc<Notify>,
}

impl Body for Half {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.begun {
            self.close.notify_one();
            return Poll::Pending;
        }
        self.begun = true;
        // a head that announces more than follows
        Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(b"\0\0\0\x01\0half an answer")))))
    }
}
