//! The scripted HTTP peer, seen from the other end of a real socket.

use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use wf_testkit::{Answer, FaultyHttp, Reply};

const GET: &[u8] = b"GET /links?page=2 HTTP/1.1\r\nhost: peer\r\nconnection: close\r\n\r\n";

/// Sends bytes and reads what comes until the other side closes.
fn exchange(peer: &FaultyHttp, request: &[u8]) -> io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(peer.address())?;
    stream.set_read_timeout(Some(Duration::from_millis(500)))?;
    stream.write_all(request)?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(answer)
}

#[test]
fn replies_come_in_order_and_requests_are_recorded() {
    let peer = FaultyHttp::script([Reply::json("{\"a\":1}"), Reply::status(429).header("retry-after", "7")]);
    let first = exchange(&peer, GET).unwrap();
    assert_eq!(
        String::from_utf8(first).unwrap(),
        "HTTP/1.1 200 scripted\r\ncontent-type: application/json\r\ncontent-length: 7\r\n\r\n{\"a\":1}"
    );
    let second = exchange(&peer, b"POST /x HTTP/1.1\r\nconnection: close\r\ncontent-length: 2\r\n\r\nhi").unwrap();
    assert!(second.starts_with(b"HTTP/1.1 429 scripted\r\nretry-after: 7\r\n"));
    let third = String::from_utf8(exchange(&peer, GET).unwrap()).unwrap();
    assert!(third.starts_with("HTTP/1.1 500 ") && third.ends_with("nothing is scripted for GET /links?page=2"));

    let asked = peer.asked();
    assert_eq!(asked.len(), 3);
    assert_eq!((asked[0].path(), asked[0].query(), asked[0].header("Host")), ("/links", "page=2", Some("peer")));
    assert_eq!((asked[1].method.as_str(), asked[1].text().as_str(), asked[1].connection), ("POST", "hi", 1));
}

#[test]
fn a_connection_serves_several_requests() {
    let peer = FaultyHttp::start(|asked| Reply::status(200).body(asked.path()).into());
    let mut stream = TcpStream::connect(peer.address()).unwrap();
    stream.write_all(b"GET /a HTTP/1.1\r\n\r\nGET /b HTTP/1.1\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert_eq!(answer.matches("HTTP/1.1 200").count(), 2);
    assert!(answer.contains("/a") && answer.ends_with("/b"));
    assert!(peer.asked().iter().all(|asked| asked.connection == 0));
}

#[test]
fn chunked_replies_end_with_the_empty_chunk() {
    let peer = FaultyHttp::script([Reply::status(200).body("hello").chunked()]);
    let answer = String::from_utf8(exchange(&peer, GET).unwrap()).unwrap();
    assert!(answer.ends_with("transfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"), "{answer}");
}

#[test]
fn an_answer_to_head_has_no_body() {
    let peer = FaultyHttp::script([Reply::status(200).body("hello")]);
    let answer = exchange(&peer, b"HEAD / HTTP/1.1\r\nconnection: close\r\n\r\n").unwrap();
    assert!(answer.ends_with(b"content-length: 5\r\n\r\n"));
}

#[test]
fn a_cut_body_is_shorter_than_announced() {
    let peer = FaultyHttp::script([Answer::CutBody(Reply::json("0123456789"), 4)]);
    let answer = String::from_utf8(exchange(&peer, GET).unwrap()).unwrap();
    assert!(answer.ends_with("content-length: 10\r\n\r\n0123"), "{answer}");
}

#[test]
fn garbage_and_a_close_without_a_word() {
    let peer = FaultyHttp::script([Answer::Garbage(vec![0xff, 0, 13, 10]), Answer::Close]);
    assert_eq!(exchange(&peer, GET).unwrap(), [0xff, 0, 13, 10]);
    assert_eq!(exchange(&peer, GET).unwrap(), []);
}

#[test]
fn a_reset_is_seen_as_one() {
    let peer = FaultyHttp::script([Answer::Reset]);
    assert_eq!(exchange(&peer, GET).unwrap_err().kind(), ErrorKind::ConnectionReset);
}

#[test]
fn silence_lasts_until_the_asker_gives_up() {
    let peer = FaultyHttp::script([Answer::Silence]);
    let error = exchange(&peer, GET).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut), "{error}");
    assert_eq!(peer.asked().len(), 1);
}

#[test]
fn late_and_dripping_answers_take_their_time() {
    let reply = Reply::status(200).body("abcd");
    let drip = Answer::Drip { reply: reply.clone(), bytes: 1, every: Duration::from_millis(20) };
    let peer = FaultyHttp::script([Answer::from(reply).late(Duration::from_millis(80)), drip]);
    for _ in 0..2 {
        let start = Instant::now();
        assert!(exchange(&peer, GET).unwrap().ends_with(b"abcd"));
        assert!(start.elapsed() >= Duration::from_millis(60));
    }
}

#[test]
fn ten_megabytes_arrive_whole() {
    let peer = FaultyHttp::script([Answer::large(10 << 20)]);
    let answer = exchange(&peer, GET).unwrap();
    assert_eq!(answer.iter().filter(|byte| **byte == b'x').count(), 10 << 20);
}

#[test]
fn refusing_breaks_connections_and_listening_again_heals() {
    let mut peer = FaultyHttp::start(|_| Reply::status(204).into());
    let mut open = TcpStream::connect(peer.address()).unwrap();
    open.write_all(b"GET / HTTP/1.1\r\n\r\n").unwrap();
    peer.wait_for(1, Duration::from_secs(5));

    peer.refuse();
    assert_eq!(exchange(&peer, GET).unwrap_err().kind(), ErrorKind::ConnectionRefused);
    open.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    let mut rest = String::new();
    open.read_to_string(&mut rest).unwrap();
    assert!(rest.starts_with("HTTP/1.1 204 "));

    peer.listen_again();
    assert_eq!(exchange(&peer, GET).unwrap(), b"HTTP/1.1 204 scripted\r\n\r\n");
    assert_eq!(peer.asked().len(), 2);
}
