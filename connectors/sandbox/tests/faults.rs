//! What clients see of each fault.

mod support;

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use support::{HOST, MINUTE, World, read};

const LINKS: &str = "monitoring/getEnterpriseEdgeLinkStatus";

fn faults(list: &str) -> World {
    World::small(&format!("faults: [{list}]\n"))
}

/// A note on ticket 100, whatever comes of it.
async fn note(world: &World, token: &str) -> Result<(u16, Value), reqwest::Error> {
    let answer = world.bruin("POST", "/api/Ticket/100/notes", token).json(&json!({"note": "n"})).send().await?;
    let status = answer.status().as_u16();
    let text = answer.text().await?;
    Ok((status, serde_json::from_str(&text).unwrap_or(Value::String(text))))
}

fn notes(world: &World) -> usize {
    support::rows(&world.running.state()["tickets"][0]["details"]["ticketNotes"]).len()
}

#[tokio::test]
async fn refuse_shuts_the_port_for_a_while() {
    let world = faults("{fault: refuse, vendor: bruin, from: start, until: +2m}");
    let url = format!("{}/identity/connect/token", world.setting("bruin", "login_url"));
    let error = world.http.post(&url).send().await.unwrap_err();
    assert!(error.is_connect(), "{error:?}");
    let (status, _) = read(world.velocloud(HOST, LINKS).send().await.unwrap()).await;
    assert_eq!(status, 401, "the other vendors are there");
    world.pass(2 * MINUTE);
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(world.get("/api/Ticket/100/details").await.0, 200);
}

#[tokio::test]
async fn refuse_that_begins_later_ends_open_connections_too() {
    let world = faults("{fault: refuse, vendor: bruin, from: +1m}");
    let token = world.token().await;
    world.pass(MINUTE);
    assert!(note(&world, &token).await.is_err());
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(note(&world, &token).await.unwrap_err().is_connect());
    assert_eq!(notes(&world), 1);
}

#[tokio::test]
async fn hang_up_closes_before_the_answer() {
    let world = faults("{fault: hang_up, vendor: bruin, path: /api/Ticket/*/notes, count: 1}");
    let token = world.token().await;
    let error = note(&world, &token).await.unwrap_err();
    assert!(error.is_request() && !error.is_connect() && !error.is_timeout(), "{error:?}");
    assert_eq!(notes(&world), 1);
    assert_eq!(note(&world, &token).await.unwrap().0, 200);
    let shown: Vec<_> = world.running.ledger().entries().iter().map(|e| (e.status, e.acted)).collect();
    assert_eq!(shown, [(None, false), (Some(200), true)]);
}

#[tokio::test]
async fn silence_never_answers_and_may_have_acted() {
    let world = faults("{fault: silence, vendor: bruin, path: '*/notes', acted: yes}");
    let token = world.token().await;
    let request = world.bruin("POST", "/api/Ticket/100/notes", &token).json(&json!({"note": "n"}));
    let error = request.timeout(Duration::from_millis(300)).send().await.unwrap_err();
    assert!(error.is_timeout(), "{error:?}");
    assert_eq!(notes(&world), 2);
    let waiting = tokio::spawn(world.bruin("POST", "/api/Ticket/100/notes", &token).json(&json!({"note": "n"})).send());
    tokio::time::sleep(Duration::from_millis(100)).await;
    let began = Instant::now();
    world.running.stop().await;
    assert!(waiting.await.unwrap().is_err());
    assert!(began.elapsed() < Duration::from_millis(1_500), "the stop does not wait for silence");
}

#[tokio::test]
async fn cut_sends_the_head_and_half_of_the_body() {
    let world = faults("{fault: cut, vendor: bruin, path: '*/notes', count: 1}");
    let token = world.token().await;
    let answer = world.bruin("POST", "/api/Ticket/100/notes", &token).json(&json!({"note": "n"})).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert!(answer.text().await.is_err());
    assert_eq!(notes(&world), 2, "it was written all the same");
    assert!(world.running.ledger().entries()[0].acted);
    assert_eq!(note(&world, &token).await.unwrap().0, 200);
}

#[tokio::test]
async fn garbage_is_no_json_under_a_json_content_type() {
    let world = faults("{fault: garbage, vendor: velocloud, path: '*/getEnterpriseEdgeLinkStatus'}");
    let session = world.session(HOST).await;
    let answer = world.velocloud(HOST, LINKS).header("cookie", session).json(&json!({})).send().await.unwrap();
    assert_eq!(
        (answer.status().as_u16(), answer.headers()["content-type"].to_str().unwrap()),
        (200, "application/json")
    );
    assert!(answer.json::<Value>().await.is_err());
}

#[tokio::test]
async fn large_is_the_right_answer_blown_up() {
    let world = faults("{fault: large, vendor: velocloud, path: '*/getEnterpriseEdgeLinkStatus', size: 10MB}");
    let session = world.session(HOST).await;
    let answer = world.velocloud(HOST, LINKS).header("cookie", session).json(&json!({})).send().await.unwrap();
    let bytes = answer.bytes().await.unwrap();
    assert!((10_000_000..10_001_000).contains(&bytes.len()), "{}", bytes.len());
    let rows: Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!((support::rows(&rows).len(), &rows[1]["linkState"]), (6, &json!("DISCONNECTED")));
}

#[tokio::test]
async fn expired_ends_the_session_of_the_request() {
    let world = faults(
        "{fault: expired, vendor: bruin, path: '*/notes', count: 1}, {fault: expired, vendor: velocloud, host: vco1.example.com, path: '*/getAggregates', count: 1}",
    );
    let token = world.token().await;
    assert_eq!(note(&world, &token).await.unwrap().0, 401);
    assert_eq!(note(&world, &token).await.unwrap().0, 401, "the token stays dead");
    assert_eq!(note(&world, &world.token().await).await.unwrap().0, 200);
    let session = world.session(HOST).await;
    let answer = world
        .velocloud(HOST, "monitoring/getAggregates")
        .header("cookie", session)
        .json(&json!({}))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.headers()["expires"], "0");
    assert_eq!(world.ask(HOST, "monitoring/getAggregates", json!({})).await.1["edgeCount"], 3);
}

#[tokio::test]
async fn statuses_delays_and_login_failures() {
    let world = faults(
        "{fault: status, vendor: bruin, path: '*/notes', count: 1, status: 400, body: {message: locked}}, \
         {fault: status, vendor: bruin, path: '*/notes', count: 1, status: 503}, \
         {fault: delay, vendor: bruin, path: '*/notes', delay: 200ms}, \
         {fault: status, vendor: bruin, path: /identity/connect/token, from: +1m, status: 401}",
    );
    let token = world.token().await;
    assert_eq!(note(&world, &token).await.unwrap(), (400, json!({"message": "locked"})));
    assert_eq!(note(&world, &token).await.unwrap(), (503, json!("the vendor answers 503")));
    assert_eq!(notes(&world), 1);
    let began = Instant::now();
    assert_eq!(note(&world, &token).await.unwrap().0, 200);
    assert!(began.elapsed() >= Duration::from_millis(200));
    world.pass(MINUTE);
    let url = format!("{}/identity/connect/token", world.setting("bruin", "login_url"));
    assert_eq!(world.http.post(url).send().await.unwrap().status(), 401);
}

#[tokio::test]
async fn one_in_fifty_strikes_two_percent() {
    let world = faults("{fault: cut, vendor: bruin, path: '*/details', every: 50}");
    let token = world.token().await;
    let mut cut = Vec::new();
    for number in 1..=150 {
        let answer = world.bruin("GET", "/api/Ticket/100/details", &token).send().await.unwrap();
        if answer.text().await.is_err() {
            cut.push(number);
        }
    }
    assert_eq!(cut, [50, 100, 150]);
}
