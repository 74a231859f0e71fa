//! Writes in the ledger, the chat, the reply to `customer.cache.get`, and the sandbox's own pages.

mod support;

use serde_json::{Value, json};
use support::{HOST, MINUTE, START, World, read, rows};
use wf_sandbox::{Options, Sandbox, Scenario};

#[tokio::test]
async fn every_write_stands_in_the_ledger_and_no_read() {
    let world = World::small("");
    world.get("/api/Ticket/100/details").await;
    world.ask(HOST, "monitoring/getEnterpriseEdgeLinkStatus", json!({})).await;
    world.write("POST", "/api/Ticket/100/notes", json!({"note": "a"})).await;
    world.pass(MINUTE);
    world.write("POST", "/api/Ticket/9/notes", json!({"note": "b"})).await;
    let chat = world.http.post(world.running.slack_url()).json(&json!({"text": "c"})).send().await.unwrap();
    assert_eq!(read(chat).await, (200, json!("ok")));

    let entries = world.running.ledger().entries();
    let shown: Vec<_> =
        entries.iter().map(|e| (e.vendor, e.method.as_str(), e.path.as_str(), e.at, e.status, e.acted)).collect();
    assert_eq!(
        shown,
        [
            ("bruin", "POST", "/api/Ticket/100/notes", START, Some(200), true),
            ("bruin", "POST", "/api/Ticket/9/notes", START + MINUTE, Some(404), false),
            ("slack", "POST", "/services/sandbox", START + MINUTE, Some(200), true),
        ]
    );
    assert_eq!((&entries[0].body, entries[0].request_id.as_deref()), (&json!({"note": "a"}), Some("r-1")));

    for addr in [world.running.bruin_addr, world.running.velocloud_addr, world.running.slack_addr] {
        let (status, ledger) =
            read(world.http.get(format!("http://{addr}/sandbox/ledger")).send().await.unwrap()).await;
        assert_eq!((status, rows(&ledger).len(), &ledger[2]["body"]["text"]), (200, 3, &json!("c")));
    }
    let (_, state) =
        read(world.http.get(format!("http://{}/sandbox/state", world.running.bruin_addr)).send().await.unwrap()).await;
    assert_eq!((&state["edges"][0]["links"]["GE2"], &state["writes"]), (&json!("DISCONNECTED"), &json!(3)));
    assert_eq!(state["tickets"][0]["details"]["ticketNotes"][1]["noteValue"], "a");
}

#[tokio::test]
async fn the_chat_refuses_what_it_cannot_show() {
    let world = World::small("slack: {path: /services/T1/B1/x}\n");
    let url = world.running.slack_url();
    assert!(url.ends_with("/services/T1/B1/x"));
    assert_eq!(world.setting("notifier", "slack.webhook"), url);
    let post = async |url: &str, body: &'static str| read(world.http.post(url).body(body).send().await.unwrap()).await;
    assert_eq!(post(&url, "{").await, (400, json!("invalid_payload")));
    assert_eq!(post(&url, r#"{"text":5}"#).await, (400, json!("no_text")));
    assert_eq!(post(&url.replace("B1", "B2"), r#"{"text":"x"}"#).await.0, 404);
    assert!(world.running.ledger().entries().iter().all(|entry| !entry.acted));
}

#[tokio::test]
async fn two_runs_of_the_same_work_leave_equal_ledgers() {
    let (one, two) = (World::small(""), World::small(""));
    two.pass(3 * MINUTE);
    let notes = ["down since 2022-06-01 08:00:00-04:00", "seen at 2022-06-01 10:00:00-04:00"];
    for note in notes {
        one.write("POST", "/api/Ticket/100/notes", json!({"note": note})).await;
    }
    for note in [notes[1].replace("10:00:00", "10:03:00"), notes[0].to_owned()] {
        two.write("POST", "/api/Ticket/100/notes", json!({"note": note})).await;
    }
    for (first, second) in [("VC2", "VC8")] {
        for (world, serials) in [(&one, [first, second]), (&two, [second, first])] {
            for serial in serials {
                world.write("POST", "/api/Ticket/repair", json!({"ClientID": 5, "WTNs": [serial]})).await;
            }
        }
    }
    assert_eq!(one.running.ledger().canonical(), two.running.ledger().canonical());
    assert_eq!(
        one.running.state()["tickets"][2]["ticket"]["ticketID"],
        two.running.state()["tickets"][2]["ticket"]["ticketID"]
    );
    two.write("POST", "/api/Ticket/100/notes", json!({"note": "more"})).await;
    assert_ne!(one.running.ledger().canonical(), two.running.ledger().canonical());
}

#[tokio::test]
async fn the_customer_cache_is_answered_on_the_bus() {
    let world = World::small("");
    let ask = |body: Value| world.running.answer("customer.cache.get", &body).unwrap();
    let serials =
        |body: &Value| rows(body).iter().map(|r| r["serial_number"].as_str().unwrap().to_owned()).collect::<Vec<_>>();

    let (status, all) = ask(json!({"filter": {}, "last_contact_filter": null}));
    assert_eq!((status, serials(&all)), (200, vec!["VC1".into(), "VC2".into(), "VC8".into(), "VC9".into()]));
    let record = &all[0];
    assert_eq!(record["edge"], json!({"host": HOST, "enterprise_id": 100, "enterprise_name": "Acme|5|", "edge_id": 1}));
    assert_eq!(record["bruin_client_info"], json!({"client_id": 5, "client_name": "Acme", "site_id": 500_000}));
    assert_eq!(
        (&record["site_details"]["tzOffset"], &record["site_details"]["siteID"]),
        (&json!(-4), &json!("500000"))
    );
    assert_eq!(record["links_configuration"][1], json!({"interfaces": ["GE2"], "mode": "PUBLIC", "type": "WIRELESS"}));
    assert_eq!(
        record["logical_ids"][0],
        json!({"interface_name": "GE1", "logical_id": "lid-1-GE1", "access_type": "Cable", "service_number": null})
    );
    assert_eq!(
        (&record["ticket_contact_details"]["firstName"], rows(&record["ticket_contact_additional_subscribers"]).len()),
        (&json!("Dana"), 1)
    );
    assert_eq!((&all[2]["ha_serial_number"], &all[3]["ha_serial_number"]), (&json!("VC9"), &json!("VC8")));

    assert_eq!(serials(&ask(json!({"filter": {HOST: [100]}})).1).len(), 4);
    let (status, text) = ask(json!({"filter": {HOST: [7], "vco2.example.com": []}}));
    assert_eq!((status, text.as_str().unwrap().contains("vco1.example.com, vco2.example.com")), (202, true));
    assert_eq!(ask(json!({"filter": {}, "last_contact_filter": "2022-06-01T13:00:00Z"})).0, 200);
    assert_eq!(ask(json!({"filter": {}, "last_contact_filter": "2022-06-01T14:00:00Z"})).0, 404);
    for wrong in [
        Value::Null,
        json!({}),
        json!({"filter": null}),
        json!({"filter": {HOST: 5}}),
        json!({"filter": {HOST: ["x"]}}),
        json!({"filter": {}, "last_contact_filter": "soon"}),
    ] {
        assert_eq!(ask(wrong.clone()).0, 400, "{wrong}");
    }
    assert_eq!(world.running.answer("bruin.ticket.details.request", &json!({})), None);
}

#[tokio::test]
async fn the_customer_cache_may_still_be_built() {
    let world = World::small("cache: {built: +5m}\n");
    let ask = || world.running.answer("customer.cache.get", &json!({"filter": {}})).unwrap().0;
    assert_eq!(ask(), 202);
    world.pass(5 * MINUTE);
    assert_eq!(ask(), 200);
}

#[tokio::test]
async fn wrong_scenarios_are_refused_with_all_mistakes() {
    let scenario = Scenario::from_yaml(
        "wrong",
        "hosts: [{name: a+b}]\nspeed: -1\nslack: {path: x}\nfaults: [{fault: delay, vendor: bruin}]\ntickets: [{}]\n",
    )
    .unwrap();
    let message = Sandbox::start(&scenario, Options::default()).err().unwrap().to_string();
    assert!(message.contains("now:"), "{message}");
    let scenario = Scenario::from_yaml(
        "wrong",
        "now: 2022-06-01T14:00:00Z\nspeed: -1\nhosts: [{name: a+b}]\nslack: {path: x}\nfaults: [{fault: delay, vendor: bruin}]\ntickets: [{}]\n",
    )
    .unwrap();
    let message = Sandbox::start(&scenario, Options::default()).err().unwrap().to_string();
    for part in ["speed: must be 0 or more", "hosts[0]", "slack.path", "faults[0]", "tickets[0]"] {
        assert!(message.contains(part), "{part}: {message}");
    }
}

#[tokio::test]
async fn ports_can_be_given_and_are_free_again_after_the_stop() {
    let world = World::small("");
    let (port, other) = (world.running.bruin_addr.port(), world.running.slack_addr.port());
    let scenario = Scenario::from_yaml("small", support::SMALL).unwrap();
    let taken = Sandbox::start(&scenario, Options { bruin_port: port, ..Options::default() });
    assert!(taken.err().unwrap().to_string().contains(&port.to_string()));
    let ledger = world.running.ledger();
    world.write("POST", "/api/Ticket/100/notes", json!({"note": "a"})).await;
    world.running.stop().await;
    assert_eq!(ledger.entries().len(), 1);
    let again =
        Sandbox::start(&scenario, Options { bruin_port: port, slack_port: other, ..Options::default() }).unwrap();
    assert_eq!(again.bruin_addr.port(), port);
    again.stop().await;
}
