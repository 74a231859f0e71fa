//! The recovery of devices over real HTTP.

mod support;

use reqwest::RequestBuilder;
use serde_json::{Value, json};
use support::{MINUTE, World, read};

const MORE: &str = "
digi:
  takes: 10m
  aborts: VC2
  recoveries: [{edges: VC1, ticket: 100, at: -2h, method: OEMPortal, success: no}]
";

const PATH: &str = "/DeviceManagement_API/rest/Recovery";

async fn token(world: &World, secret: &str) -> (u16, Value) {
    let login = world
        .http
        .post(format!("{}/Identity/rest/oauth/token", world.setting("digi", "base_url")))
        .basic_auth(world.setting("digi", "client_id"), Some(secret))
        .form(&[("grant_type", "client_credentials"), ("scope", "write:dms")]);
    read(login.send().await.unwrap()).await
}

async fn asked(world: &World, method: &str, what: &str, parameters: &[(&str, &str)]) -> (u16, Value) {
    let (_, login) = token(world, &world.setting("digi", "client_secret")).await;
    let url = format!("{}{PATH}/{what}", world.setting("digi", "base_url"));
    let request = world.http.request(method.parse().unwrap(), url).bearer_auth(login["access_token"].as_str().unwrap());
    let with = |request: RequestBuilder, (name, value): &(&str, &str)| request.header(*name, *value);
    read(parameters.iter().fold(request, with).send().await.unwrap()).await
}

/// The logical ids of the first links of VC1 and VC2.
const MAC: [&str; 2] = ["lid-1-GE1", "lid-2-GE1"];

#[tokio::test]
async fn a_login_is_checked() {
    let world = World::small(MORE);
    assert_eq!(token(&world, "other").await.0, 401);
    let (status, body) = token(&world, &world.setting("digi", "client_secret")).await;
    assert_eq!((status, body["expires_in"].as_i64()), (200, Some(3600)));
    let url = format!("{}{PATH}/Logs", world.setting("digi", "base_url"));
    assert_eq!(world.http.get(&url).bearer_auth("digi-1x").send().await.unwrap().status(), 401);
    world.pass(61 * MINUTE);
    let token = body["access_token"].as_str().unwrap();
    assert_eq!(world.http.get(&url).bearer_auth(token).send().await.unwrap().status(), 401, "it has run out");
}

#[tokio::test]
async fn a_reboot_is_logged_and_ends() {
    let world = World::small(MORE);
    let mac = MAC[0];
    let parameters = [("VeloSerial", "VC1"), ("Ticket", "100"), ("MAC", mac), ("IgzID", "r-7")];
    let (status, body) = asked(&world, "POST", "RecoverDevice", &parameters).await;
    assert_eq!(status, 200);
    let started = &body[0];
    assert!(started["Message"].as_str().unwrap().ends_with("Process ID = 2"), "{body}");
    assert_eq!((started["Ticket"].as_str(), started["DiscoveredMAC"]["MAC"].as_str()), (Some("100"), Some(mac)));

    let (_, all) = asked(&world, "GET", "Logs", &[]).await;
    assert_eq!((all["Count"].as_i64(), all["Logs"][0]["Method"].as_str()), (Some(2), Some("OEMPortal")));
    assert_eq!(
        (&all["Logs"][0]["Success"], &all["Logs"][0]["TimestampEND"]),
        (&json!(false), &json!("2022-06-01T12:10:00Z"))
    );
    let mine = |logs: &Value| {
        (logs["Count"].clone(), logs["Logs"][0]["Success"].clone(), logs["Logs"][0]["TimestampEND"].clone())
    };
    let (_, logs) = asked(&world, "GET", "Logs", &[("IgzID", "r-7")]).await;
    assert_eq!(mine(&logs), (json!(1), Value::Null, Value::Null), "it goes on");
    world.pass(10 * MINUTE);
    let (_, logs) = asked(&world, "GET", "Logs", &[("IgzID", "r-7")]).await;
    assert_eq!(mine(&logs), (json!(1), json!(true), json!("2022-06-01T14:10:00Z")));
    let (_, young) =
        asked(&world, "GET", "Logs", &[("StartDateTime", "2022-06-01 09:00:00-04:00"), ("Size", "5")]).await;
    assert_eq!((young["Count"].as_i64(), young["Size"].as_i64()), (Some(1), Some(5)));

    let entries = world.running.ledger().entries();
    let entry = entries.last().unwrap();
    assert_eq!((entry.vendor, entry.status, entry.request_id.as_deref()), ("digi", Some(200), Some("r-7")));
    assert_eq!(entry.body, json!({"VeloSerial": "VC1", "Ticket": "100", "MAC": mac}));
}

#[tokio::test]
async fn what_cannot_be_recovered_says_so() {
    let world = World::small(MORE);
    let mac = MAC[1];
    let of = |serial: &'static str, mac: &str| {
        [("VeloSerial", serial.to_owned()), ("Ticket", "1".to_owned()), ("MAC", mac.to_owned())]
    };
    let ask = async |parameters: [(&str, String); 3]| {
        let parameters = parameters.each_ref().map(|(name, value)| (*name, value.as_str()));
        asked(&world, "POST", "RecoverDevice", &parameters).await.1[0].clone()
    };
    assert!(ask(of("VC2", mac)).await["Message"].as_str().unwrap().contains("Aborted"));
    assert!(ask(of("VC2", "00:00")).await["error"].is_string(), "another device");
    assert!(ask(of("VC77", mac)).await["error"].is_string(), "no such edge");
    let (_, none) = asked(&world, "POST", "RecoverDevice", &[("VeloSerial", "VC1")]).await;
    assert!(none[0]["error"].is_string());
    let (_, wrong) = asked(&world, "GET", "Logs", &[("StartDateTime", "yesterday")]).await;
    assert!(wrong["Error"].is_string());
    assert_eq!(asked(&world, "GET", "Logs", &[]).await.1["Count"], 1, "nothing was begun");
}
