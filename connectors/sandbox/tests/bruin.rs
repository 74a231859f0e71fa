//! The ticketing system over real HTTP.

mod support;

use serde_json::{Value, json};
use support::{MINUTE, World, read, rows};

#[tokio::test]
async fn only_the_right_credentials_give_a_token_and_it_runs_out() {
    let world = World::small("");
    let url = format!("{}/identity/connect/token", world.setting("bruin", "login_url"));
    for (user, secret, grant) in
        [("sandbox-client", "wrong", "client_credentials"), ("sandbox-client", "sandbox-secret", "password")]
    {
        let form = [("grant_type", grant), ("scope", "public_api")];
        let answer = world.http.post(&url).basic_auth(user, Some(secret)).form(&form).send().await.unwrap();
        assert_eq!(answer.status(), 400);
    }
    let token = world.token().await;
    let ask =
        async |token: &str| world.bruin("GET", "/api/Ticket/basic", token).send().await.unwrap().status().as_u16();
    assert_eq!((ask(&token).await, ask("token-99").await), (200, 401));
    world.pass(60 * MINUTE);
    assert_eq!(ask(&token).await, 401);
}

#[tokio::test]
async fn lists_are_paged_and_filtered() {
    let world = World::example("triage.yaml");
    let query = "TicketStatus=New&TicketStatus=InProgress&TicketStatus=Draft&TicketTopic=VOO&ProductCategory=SD-WAN";
    let mut seen = Vec::new();
    for (page, size) in [(1, 25), (2, 25), (3, 17), (4, 0)] {
        let (status, body) = world.get(&format!("/api/Ticket/basic?{query}&PageSize=25&PageNumber={page}")).await;
        assert_eq!(status, 200);
        assert_eq!(
            (&body["total"], &body["start"], &body["currentPageSize"]),
            (&json!(67), &json!((page - 1) * 25), &json!(size))
        );
        assert_eq!(rows(&body["responses"]).len(), size);
        seen.extend(rows(&body["responses"]).iter().map(|row| row["ticketID"].as_i64().unwrap()));
    }
    let mut sorted = seen.clone();
    sorted.dedup();
    assert_eq!((sorted.len(), seen.is_sorted()), (67, true));

    let total = async |query: &str| world.get(&format!("/api/Ticket/basic?{query}")).await.1["total"].clone();
    assert_eq!(total("TicketStatus=Resolved").await, 1);
    assert_eq!(total("TicketTopic=VAS").await, 1);
    assert_eq!(total("TicketID=700708").await, 1);
    assert_eq!(total("ServiceNumber=VC1000024").await, 1);
    assert_eq!(total("ClientId=39999").await, 2);
    assert_eq!(total("ClientId=1").await, 0);
    assert_eq!(total("StartDate=2022-06-01T13:35:00Z").await, 6);
    assert_eq!(total("EndDate=2022-06-01T08:30:00Z").await, 1);
    assert_eq!(world.get("/api/Ticket/basic?ClientId=x").await.0, 400);

    let (_, body) = world.get("/api/Ticket?TicketId=700622").await;
    assert_eq!(body["responses"][0]["serviceNumbers"], json!(["VC1000026"]));
    assert_eq!((&body["responses"][0]["clientName"], &body["responses"][0]["topic"]), (&json!("Acme"), &json!("VOO")));
}

#[tokio::test]
async fn a_note_is_seen_by_details() {
    let world = World::small("");
    let (status, body) =
        world.write("POST", "/api/Ticket/100/notes", json!({"note": "hello", "serviceNumbers": ["VC1"]})).await;
    assert_eq!((status, body), (200, json!({"noteId": 100_002, "ticketId": 100})));
    world.pass(MINUTE);
    let many = json!({"notes": [
        {"noteValue": "by serial", "serviceNumber": "VC1", "noteType": "ADN"},
        {"noteValue": "by detail", "detailId": 10_001, "noteType": "CON"},
    ]});
    let (status, body) = world.write("POST", "/api/Ticket/100/notes/advanced", many).await;
    assert_eq!(status, 200);
    assert_eq!(
        body["ticketNotes"][1],
        json!({"noteID": 100_004, "noteType": "CON", "noteValue": "by detail", "serviceNumber": "VC1", "detailID": 10_001})
    );
    let (_, details) = world.get("/api/Ticket/100/details").await;
    let notes: Vec<_> = rows(&details["ticketNotes"])
        .iter()
        .map(|note| (note["noteValue"].as_str().unwrap(), note["createdDate"].as_str().unwrap()))
        .collect();
    assert_eq!(
        notes,
        [
            ("first note", "2022-06-01T09:00:00.000-04:00"),
            ("hello", "2022-06-01T10:00:00.000-04:00"),
            ("by serial", "2022-06-01T10:01:00.000-04:00"),
            ("by detail", "2022-06-01T10:01:00.000-04:00"),
        ]
    );
    assert_eq!(details["ticketNotes"][3]["serviceNumber"], json!(["VC1"]));
    assert_eq!(details["ticketDetails"][0]["detailValue"], "VC1");
    let (_, history) = world.get("/api/Ticket/AITicketData?ticketId=100").await;
    assert_eq!(history["result"][1]["Notes"], "hello");
}

#[tokio::test]
async fn notes_that_it_refuses_change_nothing() {
    let world = World::small("");
    let long = "x".repeat(1_500);
    for (path, body, status) in [
        ("/api/Ticket/100/notes", json!({"note": long}), 400),
        ("/api/Ticket/100/notes", json!({"serviceNumbers": []}), 400),
        ("/api/Ticket/7/notes", json!({"note": "x"}), 404),
        ("/api/Ticket/seven/notes", json!({"note": "x"}), 400),
        ("/api/Ticket/7/notes/advanced", json!({"notes": []}), 404),
        ("/api/Ticket/100/notes/advanced", json!({"notes": [{"noteValue": "fine"}, {"noteValue": long}]}), 400),
        (
            "/api/Ticket/100/notes/advanced",
            json!({"notes": [{"noteValue": "fine"}, {"noteValue": "x", "detailId": 9}]}),
            404,
        ),
    ] {
        assert_eq!(world.write("POST", path, body).await.0, status, "{path}");
    }
    let (_, details) = world.get("/api/Ticket/100/details").await;
    assert_eq!(rows(&details["ticketNotes"]).len(), 1);
    assert_eq!(world.get("/api/Ticket/7/details").await.0, 404);
    assert!(world.running.ledger().entries().iter().all(|entry| !entry.acted));
}

#[tokio::test]
async fn tasks_are_resolved_opened_and_moved() {
    let world = World::small("");
    let status_of = async || world.get("/api/Ticket?TicketId=101").await.1["responses"][0]["ticketStatus"].clone();
    for detail in [10_101, 10_102] {
        let path = format!("/api/Ticket/101/details/{detail}/status");
        assert_eq!(world.write("PUT", &path, json!({"Status": "R", "Interfaces": ["GE1"]})).await.0, 200);
    }
    assert_eq!(status_of().await, "Resolved");
    assert_eq!(world.write("PUT", "/api/Ticket/101/details/10101/status", json!({"Status": "O"})).await.0, 200);
    assert_eq!(status_of().await, "InProgress");
    assert_eq!(world.write("PUT", "/api/Ticket/101/details/9/status", json!({"Status": "O"})).await.0, 404);

    let (_, next) = world.get("/api/Ticket/101/nextresult?ServiceNumber=VC8&DetailId=10101").await;
    assert_eq!(next["currentTaskName"], "IPA Investigate");
    let queue = rows(&next["nextResults"]).iter().find(|row| row["resultName"] == "HNOC Investigate").unwrap();
    let body = json!({"details": [{"serviceNumber": "VC8"}], "notes": [], "resultTypeId": queue["resultTypeId"]});
    assert_eq!(world.write("PUT", "/api/Ticket/101/details/work", body).await.0, 200);
    let (_, details) = world.get("/api/Ticket/101/details").await;
    assert_eq!(details["ticketDetails"][0]["currentTaskName"], "HNOC Investigate");
    let wrong = json!({"details": [{"serviceNumber": "VC8"}], "resultTypeId": 1});
    assert_eq!(world.write("PUT", "/api/Ticket/101/details/work", wrong).await.0, 400);
    assert_eq!(world.get("/api/Ticket/101/nextresult").await.0, 400);

    assert_eq!(world.write("POST", "/api/Ticket/101/detail/unpause", json!({"DetailId": 10_101})).await.0, 200);
    assert_eq!(world.write("POST", "/api/Ticket/101/detail/unpause", json!({})).await.0, 400);
    assert_eq!(
        world.get("/api/Ticket/101/details/10101/detailids?interfaces=GE1").await.1,
        json!({"detailIds": [10_101]})
    );
}

#[tokio::test]
async fn severity_close_mails_and_subscribers() {
    let world = World::small("");
    let (status, body) = world.write("PUT", "/api/Ticket/100/severity", json!({"Severity": "3", "Reason": "x"})).await;
    assert_eq!((status, body), (200, json!({"TicketId": 100, "Result": true})));
    assert_eq!(world.write("PUT", "/api/Ticket/100/severity", json!({"Severity": 9})).await.0, 400);
    let mail = json!({"TicketId": 100, "NotificationType": "TicketPIABDeviceLostPower-E-Mail", "Detail": {"ServiceNumber": "VC1"}});
    assert_eq!(world.write("POST", "/api/Notification/email/milestone", mail).await.1["eventId"], 10_001);
    let user = json!({"subscriptionType": "2", "user": {"email": "a@b.example"}});
    assert_eq!(world.write("POST", "/api/Ticket/100/subscribeUser", user).await.0, 200);
    assert_eq!(world.write("PUT", "/api/Ticket/100/close", json!({})).await.0, 400);
    assert_eq!(world.write("PUT", "/api/Ticket/100/close", json!({"CloseNote": "done"})).await.0, 200);
    let (_, body) = world.get("/api/Ticket/basic?TicketID=100").await;
    let row = &body["responses"][0];
    assert_eq!(
        (&row["severity"], &row["ticketStatus"], &row["mostRecentNote"]),
        (&json!(3), &json!("Closed"), &json!("done"))
    );
    assert_eq!(world.running.state()["tickets"][0]["subscribers"][0]["email"], "a@b.example");
}

#[tokio::test]
async fn outage_tickets_are_opened_once() {
    let world = World::small("");
    let ask = async |serial: &str, client: i64| {
        let body = json!({"ClientID": client, "WTNs": [serial], "RequestDescription": "x"});
        world.write("POST", "/api/Ticket/repair", body).await.1["items"][0].clone()
    };
    assert_eq!(
        (ask("VC1", 5).await["errorCode"].clone(), ask("VC1", 5).await["ticketId"].clone()),
        (json!(409), json!(100))
    );
    let made = ask("VC2", 5).await;
    assert_eq!((&made["errorCode"], &made["wtn"]), (&Value::Null, &json!("VC2")));
    assert_eq!(ask("VC2", 5).await["errorCode"], 409);
    assert_eq!(ask("VC2", 6).await["ticketId"], 0);
    let (_, details) = world.get(&format!("/api/Ticket/{}/details", made["ticketId"])).await;
    assert_eq!(details["ticketDetails"][0]["detailValue"], "VC2");
    let (_, row) = world.get(&format!("/api/Ticket/basic?TicketID={}", made["ticketId"])).await;
    assert_eq!(
        (&row["responses"][0]["createdBy"], &row["responses"][0]["createDate"]),
        (&json!("IPA System"), &json!("6/1/2022 2:00:00 PM"))
    );

    world.write("PUT", "/api/Ticket/100/details/10001/status", json!({"Status": "R"})).await;
    assert_eq!(ask("VC1", 5).await["errorCode"], 471);
    assert_eq!(world.write("POST", "/api/Ticket/repair", json!({"ClientID": 5, "WTNs": []})).await.0, 400);
}

#[tokio::test]
async fn resolved_tickets_are_opened_again_where_the_scenario_says_so() {
    let world = World::small("bruin: {reopens: yes}\n");
    for detail in [10_101, 10_102] {
        world.write("PUT", &format!("/api/Ticket/101/details/{detail}/status"), json!({"Status": "R"})).await;
    }
    let body = json!({"ClientID": 5, "WTNs": ["VC8"]});
    let (_, answer) = world.write("POST", "/api/Ticket/repair", body).await;
    assert_eq!((&answer["items"][0]["errorCode"], &answer["items"][0]["ticketId"]), (&json!(472), &json!(101)));
    assert_eq!(world.get("/api/Ticket/basic?TicketID=101").await.1["responses"][0]["ticketStatus"], "InProgress");
}

#[tokio::test]
async fn affecting_tickets() {
    let world = World::small("");
    let body = json!({"clientId": 5, "category": "VAS", "services": [{"serviceNumber": "VC1"}], "contacts": [{"email": "a@b.example", "name": "A", "type": "site"}], "notes": [{"noteValue": "n"}]});
    let (status, made) = world.write("POST", "/api/Ticket/", body.clone()).await;
    assert_eq!(status, 200);
    let (_, details) = world.get(&format!("/api/Ticket/{}/details", made["ticketIds"][0])).await;
    assert_eq!(
        (&details["ticketDetails"][0]["detailValue"], &details["ticketNotes"][0]["noteValue"]),
        (&json!("VC1"), &json!("n"))
    );
    assert_eq!(world.write("POST", "/api/Ticket/", body.clone()).await.0, 409);
    let mut foreign = body;
    foreign["clientId"] = json!(6);
    assert_eq!(world.write("POST", "/api/Ticket/", foreign).await.0, 400);
}

#[tokio::test]
async fn inventory_sites_contacts_and_circuits() {
    let world = World::small("");
    let (_, body) = world.get("/api/Inventory?ServiceNumber=VC1&ServiceNumber=VC9&ServiceNumber=VX").await;
    let found: Vec<_> = rows(&body["documents"])
        .iter()
        .map(|d| (d["serviceNumber"].as_str().unwrap(), d["siteId"].as_i64().unwrap()))
        .collect();
    assert_eq!(found, [("VC1", 500_000), ("VC9", 500_002)]);
    assert_eq!(world.get("/api/Inventory?ServiceNumber=VC1&ClientId=6").await.1["documents"], json!([]));

    let (_, body) = world.get("/api/Inventory/Attribute?ClientId=5&ServiceNumber=VC1&Status=A").await;
    assert_eq!(body["attributes"][0], json!({"key": "Management Status", "value": "Active – Gold Monitoring"}));
    assert!(rows(&body["attributes"]).contains(&json!({"key": "GE2 Access Type", "value": "Wireless"})));
    assert_eq!(world.get("/api/Inventory/Attribute?ClientId=5&ServiceNumber=VX").await.0, 404);

    let (_, body) = world.get("/api/Site?ClientId=5&SiteId=500001").await;
    assert_eq!(
        (&body["documents"][0]["siteLabel"], &body["documents"][0]["timeZone"]),
        (&json!("ACME-2"), &json!("Eastern"))
    );
    assert_eq!(world.get("/api/Site?ClientId=5&SiteId=1").await.1["documents"], json!([]));
    assert_eq!(world.get("/api/Site?ClientId=5").await.0, 400);

    let (_, body) = world.get("/api/Ticket/Contacts?ClientId=5").await;
    assert_eq!((&body["results"][0]["firstName"], &body["count"]), (&json!("Dana"), &json!(2)));
    assert_eq!(world.get("/api/Ticket/topics?ClientId=5&ServiceNumber=VC1").await.1["callTypes"][0]["category"], "VOO");

    let (_, body) = world.get("/api/Inventory/circuit?CircuitId=lid-2-GE1").await;
    assert_eq!((&body["wtn"], &body["clientID"]), (&json!("VC2"), &json!(5)));
    assert_eq!(world.get("/api/Inventory/circuit?CircuitId=x").await.0, 204);
}

#[tokio::test]
async fn odd_bodies_never_break_it() {
    let world = World::small("");
    let token = world.token().await;
    for (method, path) in [
        ("POST", "/api/Ticket/100/notes"),
        ("POST", "/api/Ticket/100/notes/advanced"),
        ("PUT", "/api/Ticket/100/details/10001/status"),
        ("PUT", "/api/Ticket/100/details/work"),
        ("POST", "/api/Ticket/repair"),
        ("POST", "/api/Ticket"),
        ("POST", "/api/Ticket/100/detail/unpause"),
        ("PUT", "/api/Ticket/100/severity"),
        ("PUT", "/api/Ticket/100/close"),
        ("POST", "/api/Notification/email/milestone"),
        ("POST", "/api/Ticket/100/subscribeUser"),
    ] {
        for body in
            ["{", "[]", "null", "5", "", r#"{"notes":5,"details":[5],"WTNs":{},"ClientID":9223372036854775807}"#]
        {
            let (status, _) = read(world.bruin(method, path, &token).body(body).send().await.unwrap()).await;
            assert_eq!(status, 400, "{method} {path} {body}");
        }
    }
}
