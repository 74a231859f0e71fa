//! Both sides, over a connection in memory.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use wf_grpc::{Asked, Call, CallError, Code, Reply, Status, call, serve};

fn asked(method: &str, message: &[u8]) -> Asked {
    Asked {
        secure: false,
        authority: "model.example:443".into(),
        path: format!("/{method}"),
        headers: vec![("x-key".into(), "k".into())],
        message: message.to_vec(),
        timeout: Duration::from_secs(5),
        most: 1000,
    }
}

async fn handler(call: Call) -> Reply {
    match call.method.as_str() {
        "a.B/Echo" => Reply::Message(
            [call.authority.as_bytes(), b" ", format!("{:?} ", call.headers).as_bytes(), &call.message].concat(),
        ),
        "a.B/Long" => Reply::Message(vec![b'x'; 1001]),
        "a.B/Big" => Reply::Message(vec![b'x'; 1000]),
        "a.B/Cut" => Reply::Cut,
        "a.B/HangUp" => Reply::HangUp,
        "a.B/Silent" => std::future::pending().await,
        other => {
            Reply::Status(Status { code: Code::UNIMPLEMENTED, message: format!("kein {other}: 100 % für nichts") })
        }
    }
}

fn server() -> DuplexStream {
    let (client, server) = tokio::io::duplex(64 * 1024);
    tokio::spawn(serve(server, handler));
    client
}

#[tokio::test]
async fn a_message_goes_out_and_one_comes_back() {
    let answer = call(server(), asked("a.B/Echo", b"hello")).await;
    assert_eq!(answer.map(|a| a.map(|m| m.to_vec())), Ok(Ok(br#"model.example:443 [("x-key", "k")] hello"#.to_vec())));
    let empty = call(server(), asked("a.B/Echo", b"")).await;
    assert_eq!(empty.map(|a| a.map(|m| m.to_vec())), Ok(Ok(br#"model.example:443 [("x-key", "k")] "#.to_vec())));
    // more than the window of a stream
    let long = vec![b'y'; 500_000];
    let answer = call(server(), Asked { most: 1_000_000, ..asked("a.B/Echo", &long) }).await;
    assert_eq!(answer.map(|a| a.map(|m| m.len())), Ok(Ok(500_035)));
}

#[tokio::test]
async fn a_refusal_is_an_answer() {
    let answer = call(server(), asked("a.B/None", b"")).await;
    let message = "kein a.B/None: 100 % für nichts".to_owned();
    assert_eq!(answer, Ok(Err(Status { code: Code::UNIMPLEMENTED, message })));
}

#[tokio::test]
async fn an_answer_may_be_so_long_and_no_longer() {
    assert_eq!(call(server(), asked("a.B/Big", b"")).await.map(|a| a.map(|m| m.len())), Ok(Ok(1000)));
    assert_eq!(call(server(), asked("a.B/Long", b"")).await, Err(CallError::TooLong));
}

#[tokio::test]
async fn what_breaks_off_is_known_from_what_never_left() {
    for method in ["a.B/Cut", "a.B/HangUp"] {
        let answer = call(server(), asked(method, b"")).await;
        assert!(matches!(answer, Err(CallError::Broken(_))), "{method}: {answer:?}");
    }
    let (client, gone) = tokio::io::duplex(1024);
    drop(gone);
    let answer = call(client, asked("a.B/Echo", b"")).await;
    assert!(matches!(answer, Err(CallError::NotSent(_) | CallError::Broken(_))), "{answer:?}");
    let bad = call(server(), Asked { authority: "no host".into(), ..asked("a.B/Echo", b"") }).await;
    assert!(matches!(bad, Err(CallError::Request(_))), "{bad:?}");
}

#[tokio::test]
async fn silence_lasts() {
    let waited = tokio::time::timeout(Duration::from_millis(50), call(server(), asked("a.B/Silent", b""))).await;
    assert!(waited.is_err());
}

#[tokio::test]
async fn who_speaks_something_else_is_no_server() {
    let (client, mut server) = tokio::io::duplex(1024);
    tokio::spawn(async move {
        let mut heard = [0; 16];
        let _ = server.read(&mut heard).await;
        let _ = server.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
    });
    let answer = call(client, asked("a.B/Echo", b"")).await;
    assert!(matches!(answer, Err(CallError::NotSent(_) | CallError::Broken(_))), "{answer:?}");
}
