//! The orchestrators over real HTTP.

mod support;

use serde_json::{Value, json};
use support::{HOST, MINUTE, START, World, read, rows};

const LINKS: &str = "monitoring/getEnterpriseEdgeLinkStatus";
const EVENTS: &str = "event/getEnterpriseEvents";

fn names(rows: &Value, field: &str) -> Vec<String> {
    support::rows(rows).iter().map(|row| row[field].as_str().unwrap_or("null").to_owned()).collect()
}

#[tokio::test]
async fn wrong_credentials_are_redirected_and_no_cookie_is_401() {
    let world = World::small("");
    let wrong = world
        .velocloud(HOST, "login/operatorLogin")
        .json(&json!({"username": "u", "password": "wrong"}))
        .send()
        .await
        .unwrap();
    assert_eq!((wrong.status().as_u16(), wrong.headers().contains_key("set-cookie")), (302, false));
    let (status, body) = read(world.velocloud(HOST, LINKS).json(&json!({})).send().await.unwrap()).await;
    assert_eq!((status, body["error"]["message"].as_str()), (401, Some("tokenError [no session cookie]")));
}

#[tokio::test]
async fn a_session_runs_out_and_belongs_to_one_host() {
    let world = World::small("velocloud: {session_lasts: 1h}\n");
    let session = world.session(HOST).await;
    let ask = async |host: &str| {
        world.velocloud(host, LINKS).header("cookie", &session).json(&json!({})).send().await.unwrap()
    };
    assert_eq!(rows(&read(ask(HOST).await).await.1).len(), 6);
    for (host, minutes) in [("vco2.example.com", 0), (HOST, 60)] {
        world.pass(minutes * MINUTE);
        let answer = ask(host).await;
        assert_eq!((answer.status().as_u16(), answer.headers()["expires"].to_str().unwrap()), (200, "0"));
        let body: Value = answer.json().await.unwrap();
        assert_eq!(body["error"]["message"], "tokenError [expired session cookie]");
    }
}

#[tokio::test]
async fn hosts_are_told_apart_by_their_name() {
    let world = World::small("");
    let (_, rows) = world.ask("vco2.example.com", LINKS, json!({})).await;
    assert_eq!(names(&rows, "edgeState"), ["NEVER_ACTIVATED", "NEVER_ACTIVATED"]);
    assert_eq!(rows[0]["edgeLastContact"], "0000-00-00 00:00:00");
    assert_eq!(rows[0]["edgeSystemUpSince"], Value::Null);
    let (status, _) = read(world.velocloud("vco3.example.com", LINKS).json(&json!({})).send().await.unwrap()).await;
    assert_eq!(status, 404);
    let hosts: Vec<String> = world.running.routes().into_iter().map(|(host, _)| host).collect();
    assert_eq!(hosts, [HOST, "vco2.example.com"]);
}

#[tokio::test]
async fn link_rows_follow_the_clock() {
    let world = World::small("");
    let (status, rows) = world.ask(HOST, LINKS, json!({})).await;
    assert_eq!(status, 200);
    assert_eq!(names(&rows, "edgeSerialNumber"), ["VC1", "VC1", "VC2", "VC2", "VC8", "VC8"]);
    assert_eq!(names(&rows, "linkState"), ["STABLE", "DISCONNECTED", "STABLE", "STABLE", "STABLE", "STABLE"]);
    let row = &rows[1];
    assert_eq!(row["enterpriseName"], "Acme|5|");
    assert_eq!((&row["edgeId"], &row["linkId"]), (&json!(1), &json!(12)));
    assert_eq!(row["linkLastActive"], "2022-06-01T12:00:00.000Z");
    assert_eq!(rows[2]["edgeSystemUpSince"], "2022-06-01T13:00:00.000Z");
    assert_eq!(rows[4]["edgeHASerialNumber"], "VC9");
    world.pass(-150 * MINUTE);
    let (_, rows) = world.ask(HOST, LINKS, json!({})).await;
    assert_eq!(names(&rows, "edgeState"), ["CONNECTED", "CONNECTED", "OFFLINE", "OFFLINE", "CONNECTED", "CONNECTED"]);
    assert_eq!(names(&rows, "linkState")[1..4], ["STABLE", "DISCONNECTED", "DISCONNECTED"]);
    assert_eq!(rows[2]["edgeLastContact"], "2022-06-01T11:00:00.000Z");
}

#[tokio::test]
async fn rows_can_lack_fields_and_have_others() {
    let scenario = "
now: 2022-06-01T14:00:00Z
hosts: [{name: h.example.com}]
clients:
  - id: 5
    name: Acme
    host: h.example.com
    enterprise: 1
    edges:
      - {serial: A1, row: {edgeState: ~}, links: [{interface: GE1}, {interface: GE2, omit: [edgeState], row: {isp: Telco}}]}
      - {serial: A2, links: []}
";
    let world = World::start(&wf_sandbox::Scenario::from_yaml("rows", scenario).unwrap());
    let (_, rows) = world.ask("h.example.com", LINKS, json!({})).await;
    assert_eq!(rows[0].get("edgeState"), Some(&Value::Null));
    assert_eq!((rows[1].get("edgeState"), &rows[1]["isp"]), (None, &json!("Telco")));
    assert_eq!(
        (&rows[2]["edgeSerialNumber"], &rows[2]["linkId"], &rows[2]["linkState"]),
        (&json!("A2"), &Value::Null, &Value::Null)
    );
}

#[tokio::test]
async fn events_are_filtered_and_the_newest_come_first() {
    let world = World::small("events: [{edges: VC1, at: -90m, event: LINK_ALIVE, message: 'Interface GE1 is up'}]\n");
    let interval = json!({"start": "2022-05-25 14:00:00+00:00", "end": "2022-06-01 14:00:00.000000+00:00"});
    let filter = json!({"limit": null, "rules": [{"field": "event", "op": "is", "values": ["EDGE_UP", "EDGE_DOWN", "LINK_ALIVE", "LINK_DEAD"]}]});
    let all = json!({"enterpriseId": 100, "interval": interval, "filter": filter});
    let (status, body) = world.ask(HOST, EVENTS, all.clone()).await;
    assert_eq!(status, 200);
    assert_eq!(names(&body["data"], "event"), ["EDGE_UP", "LINK_ALIVE", "LINK_DEAD", "EDGE_DOWN"]);
    assert_eq!(body["data"][1]["message"], "Interface GE1 is up");
    assert_eq!(body["data"][2]["message"], "Link GE2 is now DEAD");
    assert_eq!(
        (&body["data"][2]["category"], &body["data"][2]["eventTime"]),
        (&json!("NETWORK"), &json!("2022-06-01T12:00:00.000Z"))
    );
    assert_eq!(body["metaData"]["more"], false);

    let mut one = all.clone();
    one["edgeId"] = json!([2]);
    one["interval"]["start"] = json!(START - 90 * MINUTE);
    let (_, body) = world.ask(HOST, EVENTS, one).await;
    assert_eq!(names(&body["data"], "event"), ["EDGE_UP"]);

    let mut limited = all.clone();
    limited["filter"] = json!({"limit": 2});
    let (_, body) = world.ask(HOST, EVENTS, limited).await;
    assert_eq!(
        (names(&body["data"], "event"), &body["metaData"]["more"]),
        (vec!["EDGE_UP".into(), "HA_FAILED".into()], &json!(true))
    );

    let mut foreign = all;
    foreign["enterpriseId"] = json!(200);
    let (status, body) = world.ask(HOST, EVENTS, foreign).await;
    assert_eq!((status, body["error"]["message"].as_str()), (400, Some("no access to enterprise 200")));
}

#[tokio::test]
async fn enterprises_edges_modules_and_gateways() {
    let world = World::small("");
    let (_, found) =
        world.ask(HOST, "network/getNetworkEnterprises", json!({"enterprises": [], "with": ["edges"]})).await;
    let edges = rows(&found[0]["edges"]);
    let states: Vec<_> =
        edges.iter().map(|edge| (edge["serialNumber"].as_str().unwrap(), edge["haState"].as_str().unwrap())).collect();
    assert_eq!(states, [("VC1", "UNCONFIGURED"), ("VC2", "UNCONFIGURED"), ("VC8", "FAILED")]);
    assert_eq!((&edges[2]["haSerialNumber"], &edges[2]["enterpriseId"]), (&json!("VC9"), &json!(100)));
    world.pass(10 * MINUTE);
    let (_, found) =
        world.ask(HOST, "network/getNetworkEnterprises", json!({"enterprises": [100], "with": ["edges"]})).await;
    assert_eq!(found[0]["edges"][2]["haState"], "READY");
    let (_, none) = world.ask(HOST, "network/getNetworkEnterprises", json!({"enterprises": [7]})).await;
    assert_eq!(none, json!([]));

    let (_, found) =
        world.ask(HOST, "enterprise/getEnterpriseEdges", json!({"enterpriseId": 100, "with": ["links"]})).await;
    assert_eq!((&found[1]["id"], &found[1]["links"][0]["logicalId"]), (&json!(2), &json!("lid-2-GE1")));

    let modules = json!({"enterpriseId": 100, "edgeId": 1, "modules": ["WAN"]});
    let (_, found) = world.ask(HOST, "edge/getEdgeConfigurationModules", modules).await;
    let links = rows(&found["WAN"]["data"]["links"]);
    assert_eq!(
        (&links[1]["interfaces"], &links[1]["type"], &links[1]["mode"]),
        (&json!(["GE2"]), &json!("WIRELESS"), &json!("PUBLIC"))
    );
    let (status, _) =
        world.ask(HOST, "edge/getEdgeConfigurationModules", json!({"enterpriseId": 100, "edgeId": 9})).await;
    assert_eq!(status, 400);

    let (_, found) = world.ask(HOST, "monitoring/getAggregates", json!({})).await;
    assert_eq!((&found["enterprises"][0]["name"], &found["edgeCount"]), (&json!("Acme|5|"), &json!(3)));

    let (_, found) = world.ask(HOST, "network/getNetworkGateways", json!({})).await;
    assert_eq!(names(&found, "gatewayState"), ["CONNECTED", "OFFLINE"]);
    let metrics = json!({"gatewayId": 1, "interval": {"start": START - MINUTE}, "metrics": ["tunnelCount", "cpuPct"]});
    let (_, found) = world.ask(HOST, "metrics/getGatewayStatusMetrics", metrics).await;
    assert_eq!(found["tunnelCount"], json!({"min": 24.0, "max": 36.0, "average": 30.0}));
    assert!(found["cpuPct"]["average"].as_f64().unwrap() > 0.0);
}

#[tokio::test]
async fn metrics_are_plausible_and_repeatable() {
    let world = World::small("");
    let interval = json!({"start": "2022-06-01T13:25:00Z", "end": "2022-06-01T14:00:00Z"});
    let path = "monitoring/getAggregateEdgeLinkMetrics";
    let (_, first) = world.ask(HOST, path, json!({"interval": interval})).await;
    let (_, second) = world.ask(HOST, path, json!({"interval": interval})).await;
    assert_eq!(first, second);
    assert_eq!(rows(&first).len(), 6);
    assert_eq!((&first[0]["link"]["edgeSerialNumber"], &first[0]["name"]), (&json!("VC1"), &json!("GE1")));
    assert!(first[0]["bytesTx"].as_i64().unwrap() > 0 && first[1]["bytesTx"] == 0, "{first}");
    let (status, _) = world.ask(HOST, path, json!({"interval": {"start": "soon"}})).await;
    assert_eq!(status, 400);

    let mut query = json!({"enterpriseId": 100, "edgeId": 1, "interval": {"start": START - 60 * MINUTE, "end": START}, "metrics": ["bytesTx", "bytesRx"]});
    let (_, series) = world.ask(HOST, "metrics/getEdgeLinkSeries", query.clone()).await;
    let one = &series[0]["series"][0];
    assert_eq!(
        (rows(&one["data"]).len(), &one["tickInterval"], &one["startTime"]),
        (12, &json!(300_000), &json!(START - 60 * MINUTE))
    );
    assert_eq!(series[1]["series"][1]["max"], 0.0);
    query["interval"]["start"] = json!(START - 10 * MINUTE);
    let (_, series) = world.ask(HOST, "metrics/getEdgeLinkSeries", query.clone()).await;
    assert_eq!(series[0]["series"][0]["data"], json!([]));
    query["interval"]["start"] = json!(START - 30 * 24 * 60 * MINUTE);
    let (_, series) = world.ask(HOST, "metrics/getEdgeLinkSeries", query).await;
    assert_eq!(rows(&series[0]["series"][0]["data"]).len(), 1_024);
}

#[tokio::test]
async fn odd_requests_never_break_it() {
    let world = World::small("");
    let session = world.session(HOST).await;
    for path in [
        LINKS,
        EVENTS,
        "metrics/getEdgeLinkSeries",
        "monitoring/getAggregateEdgeLinkMetrics",
        "network/getNetworkEnterprises",
        "nowhere",
    ] {
        for body in [
            "{",
            "[]",
            "null",
            "\"x\"",
            r#"{"interval":{"start":-9223372036854775808,"end":9223372036854775807},"enterpriseId":100,"edgeId":1,"metrics":["x"]}"#,
        ] {
            let request = world.velocloud(HOST, path).header("cookie", &session).body(body);
            let status = request.send().await.unwrap().status().as_u16();
            assert!([200, 400, 404].contains(&status), "{path} {body}: {status}");
        }
    }
}
