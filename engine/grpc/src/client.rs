//! One call, asked.

use std::error::Error as _;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper::client::conn::http2;
use hyper::header::{CONTENT_TYPE, HeaderMap, HeaderValue, TE, USER_AGENT};
use hyper::{Method, Request, Response, Version};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncRead, AsyncWrite};
use wf_proto::Code;

use crate::frame::{HEAD, framed, unframed};
use crate::status::Status;

/// What is asked.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Whether the connection is encrypted.
    pub secure: bool,
    /// `host:port`, as the server knows itself.
    pub authority: String,
    /// `/package.Service/Method`
    pub path: String,
    /// What is sent along, in their order.
    pub headers: Vec<(String, String)>,
    pub message: Vec<u8>,
    /// What the server is told of the time that it has; whoever calls keeps it.
    pub timeout: Duration,
    /// Bytes that the answer may have.
    pub most: usize,
}

/// Why there is no answer. What was asked is not told.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    #[error("the request cannot be made: {0}")]
    Request(String),
    /// Nothing was sent, or the server says that it did not look at it.
    #[error("no connection: {0}")]
    NotSent(String),
    #[error("the connection broke off before an answer: {0}")]
    Broken(String),
    #[error("the answer cannot be read: {0}")]
    Unreadable(String),
    #[error("the answer is longer than it may be")]
    TooLong,
}

/// Asks over a connection, which serves for this call.
///
/// # Errors
/// There is no answer. A code that is not `OK` is one: `Ok(Err(status))`.
pub async fn call<S>(stream: S, asked: Asked) -> Result<Result<Bytes, Status>, CallError>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let most = asked.most.saturating_add(HEAD);
    let request = request(asked)?;
    let connected = http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await;
    let (mut sender, connection) = connected.map_err(|why| CallError::NotSent(sentence(&why)))?;
    sender.ready().await.map_err(|why| CallError::NotSent(sentence(&why)))?;
    let answered = async {
        let response = sender.send_request(request).await.map_err(|why| lost(&why))?;
        read(response, most).await
    };
    // the connection lives as long as the call, and no longer
    let mut answered = std::pin::pin!(answered);
    tokio::select! {
        biased;
        answered = &mut answered => answered,
        ended = connection => match ended {
            // what came before the end may be a whole answer
            Ok(()) => answered.await,
            Err(why) => match futures::FutureExt::now_or_never(answered) {
                Some(answered) => answered,
                None => Err(lost(&why)),
            },
        },
    }
}

fn request(asked: Asked) -> Result<Request<Full<Bytes>>, CallError> {
    let scheme = if asked.secure { "https" } else { "http" };
    let body = framed(&asked.message).map_err(CallError::Request)?;
    let mut request = Request::builder()
        .version(Version::HTTP_2)
        .method(Method::POST)
        .uri(format!("{scheme}://{}{}", asked.authority, asked.path))
        .header(CONTENT_TYPE, "application/grpc")
        .header(TE, "trailers")
        .header(USER_AGENT, concat!("wfctl/", env!("CARGO_PKG_VERSION")))
        .header("grpc-timeout", timeout(asked.timeout));
    for (name, value) in asked.headers {
        request = request.header(name, value);
    }
    request.body(Full::new(body)).map_err(|why| CallError::Request(why.to_string()))
}

/// At most eight digits and a unit.
fn timeout(timeout: Duration) -> String {
    let most = 99_999_999;
    match timeout.as_millis() {
        ms if ms <= most => format!("{ms}m"),
        ms if ms / 1000 <= most => format!("{}S", ms / 1000),
        ms => format!("{}H", (ms / 3_600_000).min(most)),
    }
}

async fn read(response: Response<Incoming>, most: usize) -> Result<Result<Bytes, Status>, CallError> {
    let (head, body) = response.into_parts();
    if let Some(status) = status(&head.headers) {
        // all that there is to say
        return if status.code == Code::OK { Err(no_message()) } else { Ok(Err(status)) };
    }
    let kind = head.headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    if head.status.as_u16() != 200 || !kind.starts_with(b"application/grpc") {
        let message = format!("HTTP {} from a server that speaks no gRPC", head.status.as_u16());
        return Ok(Err(Status { code: Code::of_http(head.status.as_u16()), message }));
    }
    let collected = Limited::new(body, most).collect().await;
    let collected = collected.map_err(|why| match why.downcast_ref::<hyper::Error>() {
        Some(why) => CallError::Broken(sentence(why)),
        None if why.is::<LengthLimitError>() => CallError::TooLong,
        None => CallError::Broken(why.to_string()),
    })?;
    let status = collected.trailers().and_then(status);
    let status = status.ok_or_else(|| CallError::Broken("it ended without a status".to_owned()))?;
    if status.code != Code::OK {
        return Ok(Err(status));
    }
    let message = unframed(&collected.to_bytes()).map_err(CallError::Unreadable)?;
    message.map(Ok).ok_or_else(no_message)
}

fn no_message() -> CallError {
    CallError::Unreadable("OK without a message".to_owned())
}

fn status(headers: &HeaderMap) -> Option<Status> {
    let code = headers.get("grpc-status")?;
    let message = headers.get("grpc-message").map(HeaderValue::as_bytes).unwrap_or_default();
    Some(Status::read(code.to_str().unwrap_or_default(), message))
}

fn lost(why: &hyper::Error) -> CallError {
    let refused = h2_reason(why).is_some_and(|reason| reason == h2::Reason::REFUSED_STREAM);
    if refused || why.is_canceled() {
        return CallError::NotSent(sentence(why));
    }
    CallError::Broken(sentence(why))
}

fn h2_reason(why: &hyper::Error) -> Option<h2::Reason> {
    why.source()?.downcast_ref::<h2::Error>()?.reason()
}

/// The innermost cause, which says most.
fn sentence(why: &hyper::Error) -> String {
    let mut words = why.to_string();
    let mut cause = why.source();
    while let Some(inner) = cause {
        words = inner.to_string();
        cause = inner.source();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timeouts_are_told_in_eight_digits() {
        assert_eq!(timeout(Duration::from_secs(120)), "120000m");
        assert_eq!(timeout(Duration::from_secs(200_000)), "200000S");
        assert_eq!(timeout(Duration::MAX), "99999999H");
    }
}
