//! The scenarios that people find in `examples/scenarios`.

mod support;

use std::collections::BTreeMap;

use serde_json::{Value, json};
use support::{World, example, rows};
use wf_sandbox::{Scenario, ScenarioError};

const LINKS: &str = "monitoring/getEnterpriseEdgeLinkStatus";
const OPEN: &str =
    "/api/Ticket/basic?TicketStatus=New&TicketStatus=InProgress&TicketStatus=Draft&TicketTopic=VOO&PageSize=500";

#[test]
fn every_example_builds() {
    let folder = example("");
    let mut found = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "yaml") {
            let scenario = Scenario::from_path(&path).unwrap_or_else(|error| panic!("{error}"));
            assert!(scenario.title.is_some(), "{} has no title", path.display());
            let runtime = tokio::runtime::Runtime::new().unwrap();
            runtime.block_on(async { World::start(&scenario).running.stop().await });
            found += 1;
        }
    }
    assert!(found >= 5, "{found}");
}

#[test]
fn a_scenario_that_is_not_there_is_named() {
    let error = Scenario::from_path(&example("nowhere.yaml")).unwrap_err();
    assert!(matches!(&error, ScenarioError::Read { path, .. } if path.ends_with("nowhere.yaml")), "{error}");
}

#[test]
fn like_stays_in_its_folder_and_goes_in_no_circle() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
    for (name, like) in [("circle.yaml", "circle.yaml"), ("outside.yaml", "../triage.yaml")] {
        std::fs::write(folder.join(name), format!("like: {like}\n")).unwrap();
        let message = Scenario::from_path(&folder.join(name)).unwrap_err().to_string();
        assert!(message.contains("must name a file of the same folder"), "{message}");
    }
}

#[tokio::test]
async fn a_scenario_like_another_has_its_world_and_its_own_faults() {
    let world = World::example("faults.yaml");
    assert_eq!(world.get("/api/Ticket/700001/details").await.0, 500);
    assert_eq!(world.get("/api/Ticket/700002/details").await.0, 200);
    assert_eq!(world.running.state()["edges"], World::example("triage.yaml").running.state()["edges"]);
}

#[tokio::test]
async fn triage_has_every_kind_of_outage_and_ticket() {
    let world = World::example("triage.yaml");
    let state = world.running.state();
    assert!(rows(&state["edges"]).len() >= 200);
    assert!(rows(&world.get(OPEN).await.1["responses"]).len() >= 60);

    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for edge in rows(&state["edges"]) {
        let off = edge["state"] == "OFFLINE";
        let ha = edge["haState"] != "UNCONFIGURED";
        let partner_off = edge["haState"] == "FAILED";
        let link_down = edge["links"].as_object().unwrap().values().any(|link| link == "DISCONNECTED");
        let kind = match (off, ha, partner_off, link_down) {
            (false, false, _, true) => "link down",
            (true, false, _, _) => "edge down",
            (false, true, false, true) => "link down of a pair",
            (true, true, false, _) => "soft down",
            (true, true, true, _) => "hard down",
            (false, true, true, true) => "neither kind",
            (false, _, true, false) => "standby lost",
            (false, ..) => "healthy",
        };
        *kinds.entry(kind).or_default() += 1;
    }
    for kind in [
        "link down",
        "edge down",
        "link down of a pair",
        "soft down",
        "hard down",
        "neither kind",
        "standby lost",
        "healthy",
    ] {
        assert!(kinds.contains_key(kind), "no edge is {kind}: {kinds:?}");
    }

    let (_, cache) = world.running.answer("customer.cache.get", &json!({"filter": {}})).unwrap();
    let known: Vec<&str> = rows(&cache).iter().map(|record| record["serial_number"].as_str().unwrap()).collect();
    assert!(known.contains(&"VC1250000") && known.contains(&"VC1300100") && !known.contains(&"VC1300000"));
}

#[tokio::test]
async fn triage_has_edges_with_many_events_in_a_day() {
    let world = World::example("triage.yaml");
    let events = json!({
        "enterpriseId": 100,
        "edgeId": [11],
        "interval": {"start": "2022-05-31 14:00:00+00:00", "end": "2022-06-01 14:00:00+00:00"},
        "filter": {"limit": null},
    });
    let (_, body) = world.ask("mettel.velocloud.net", "event/getEnterpriseEvents", events).await;
    let found = rows(&body["data"]);
    assert!(found.len() > 30, "{}", found.len());
    assert!(found.iter().all(|event| event["edgeName"] == "ACME-11"));
}

#[tokio::test]
async fn the_same_scenario_gives_the_same_answers() {
    let (one, two) = (World::example("triage.yaml"), World::example("triage.yaml"));
    assert_eq!(one.running.state(), two.running.state());
    for host in ["mettel.velocloud.net", "metvco02.mettel.net"] {
        assert_eq!(one.ask(host, LINKS, json!({})).await, two.ask(host, LINKS, json!({})).await);
    }
    assert_eq!(one.get(OPEN).await, two.get(OPEN).await);
}

#[tokio::test]
async fn large_has_ten_thousand_rows_and_one_without_state() {
    let world = World::example("large.yaml");
    let (_, links) = world.ask("mettel.velocloud.net", LINKS, json!({})).await;
    let without: Vec<&Value> = rows(&links).iter().filter(|row| row.get("edgeState").is_none()).collect();
    assert_eq!((rows(&links).len(), without.len(), &without[0]["edgeSerialNumber"]), (10_000, 1, &json!("VC5002499")));
    let (_, cache) = world.running.answer("customer.cache.get", &json!({"filter": {}})).unwrap();
    assert_eq!(rows(&cache).len(), 5_000);
    assert!(cache.to_string().len() > 1_048_576);
    assert_eq!(world.get("/api/Ticket/basic").await.1["total"], 5_000);
}
