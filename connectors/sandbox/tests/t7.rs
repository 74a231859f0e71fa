//! The model, as a client with nothing but its `.proto` file sees it.

mod support;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use support::World;
use tokio::net::TcpStream;
use wf_grpc::{Asked, CallError, Status, call};
use wf_proto::{Defaults, Protos, Unlisted};
use wf_value::Text;

fn protos() -> Protos {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../t7/entrypoint.proto");
    let text = std::fs::read_to_string(&file).unwrap_or_else(|why| panic!("{}: {why}", file.display()));
    let text: Arc<str> = text.into();
    Protos::compile("entrypoint.proto", &|_| Some(text.clone())).unwrap_or_else(|why| panic!("{why:?}"))
}

/// The answer in JSON, its code, or why there is none.
async fn ask(world: &World, method: &str, message: &str) -> Result<Result<String, Status>, CallError> {
    let method = protos().method(&format!("entrypoint.Entrypoint/{method}")).unwrap();
    let message = method.input.build(&wf_value::decode(message).unwrap(), Unlisted::Refuse).unwrap();
    let asked = Asked {
        secure: false,
        authority: world.running.t7_addr.to_string(),
        path: format!("/{}", method.name),
        headers: vec![],
        message,
        timeout: Duration::from_secs(5),
        most: 100_000,
    };
    let Ok(stream) = TcpStream::connect(world.running.t7_addr).await else {
        return Err(CallError::NotSent("refused".into()));
    };
    let answer = tokio::time::timeout(Duration::from_secs(5), call(stream, asked)).await.expect("an answer in time")?;
    let read = |bytes: bytes::Bytes| method.output.read(&bytes, Defaults::Omit, &Text::default());
    Ok(match answer {
        Ok(bytes) => match read(bytes) {
            Ok(value) => Ok(value.encode().unwrap()),
            Err(why) => return Err(CallError::Unreadable(why.to_string())),
        },
        Err(status) => Err(status),
    })
}

const ROWS: &str = r#""ticket_rows": [{"asset": "VC1", "task": "x"}, {"asset": "VC2"}, {"asset": "VC8"}]"#;

#[tokio::test]
async fn predictions_are_those_of_the_scenario_or_of_how_the_edge_is() {
    let world = World::small(
        "t7:\n  predictions:\n    - {edges: VC8, results: {Repair Completed: 0.5, Request Completed: 0.25}}\n    - {edges: VC2, error: no history}\n",
    );
    let message = format!(r#"{{"ticket_id": 100, {ROWS}, "assets_to_predict": ["VC1", "VC2", "VC8", "VC9"]}}"#);
    let answer = ask(&world, "Prediction", &message).await.unwrap().unwrap();
    let answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
    let expected = json!([
        {"asset": "VC1", "task_results": [{"name": "Request Completed", "probability": 0.95}, {"name": "No Trouble Found", "probability": 0.03}, {"name": "Holmdel NOC Investigate", "probability": 0.02}]},
        {"asset": "VC2", "error": {"code": "error_in_prediction", "message": "no history"}},
        {"asset": "VC8", "task_results": [{"name": "Repair Completed", "probability": 0.5}, {"name": "Request Completed", "probability": 0.25}]},
        {"asset": "VC9", "error": {"code": "error_in_prediction", "message": "no rows for this asset"}},
    ]);
    assert_eq!((&answer["ticket_id"], &answer["asset_predictions"]), (&json!("100"), &expected));
    // to predict changes nothing
    assert_eq!(world.running.ledger().entries().len(), 0);
}

#[tokio::test]
async fn an_edge_that_fails_is_to_be_looked_into() {
    let world = World::small("  - {id: 102, for_each: VC2}\n");
    let message = r#"{"ticket_id": 1, "ticket_rows": [{"asset": "VD1"}], "assets_to_predict": ["VD1"]}"#;
    let answer = ask(&world, "Prediction", message).await.unwrap().unwrap();
    assert!(answer.contains(r#""task_results":[{"name":"Holmdel NOC Investigate","probability":0.85}"#), "{answer}");
}

#[tokio::test]
async fn what_is_learnt_stands_in_the_ledger() {
    let world = World::small("");
    let saved = ask(&world, "SaveMetrics", &format!(r#"{{"ticket_id": 100, {ROWS}}}"#)).await.unwrap().unwrap();
    assert_eq!(saved, r#"{"message":"Saved 3 metrics"}"#);
    let live = r#"{"ticket_id": 100, "asset_id": "VC1", "automated_successfully": true}"#;
    ask(&world, "SaveLiveMetrics", live).await.unwrap().unwrap();
    let entries = world.running.ledger().entries();
    let entry = &entries[1];
    assert_eq!((entry.vendor, entry.status, entry.acted), ("t7", Some(200), true));
    assert_eq!(entry.path, "entrypoint.Entrypoint/SaveLiveMetrics");
    assert_eq!(entry.body, json!({"ticket_id": 100, "asset_id": "VC1", "automated_successfully": true}));
    assert_eq!(entries[0].body["ticket_rows"][2]["asset"], "VC8");
}

#[tokio::test]
async fn faults_strike_it_as_they_do_others() {
    let fault = |what: &str| World::small(&format!("faults:\n  - {{vendor: t7, {what}}}\n"));
    let live = r#"{"ticket_id": 1, "asset_id": "VC1"}"#;
    let busy = fault("fault: status, status: 503, body: restarting");
    let status = ask(&busy, "SaveLiveMetrics", live).await.unwrap().unwrap_err();
    assert_eq!((status.code.name(), status.message.as_str()), ("UNAVAILABLE", "restarting"));
    let entry = busy.running.ledger().entries().remove(0);
    assert_eq!((entry.status, entry.acted), (Some(14), false));
    for what in ["fault: cut", "fault: hang_up, acted: true"] {
        let world = fault(what);
        let lost = ask(&world, "SaveLiveMetrics", live).await;
        assert!(matches!(lost, Err(CallError::Broken(_))), "{what}: {lost:?}");
        let entry = world.running.ledger().entries().remove(0);
        assert_eq!((entry.status, entry.acted), (None, true), "{what}");
    }
    let garbage = ask(&fault("fault: garbage"), "SaveLiveMetrics", live).await;
    assert!(matches!(garbage, Err(CallError::Unreadable(_))), "{garbage:?}");
    let refused = ask(&fault("fault: refuse"), "SaveLiveMetrics", live).await;
    assert!(matches!(refused, Err(CallError::NotSent(_))), "{refused:?}");
    // only the path that is meant
    let other = fault("fault: status, status: 500, path: '*/Prediction'");
    assert!(ask(&other, "SaveLiveMetrics", live).await.unwrap().is_ok());
}

#[tokio::test]
async fn predictions_that_make_no_sense_are_told() {
    let text = format!("{}t7: {{predictions: [{{edges: VC1}}, {{edges: VC1, results: {{a: 2}}}}]}}\n", support::SMALL);
    let scenario = wf_sandbox::Scenario::from_yaml("s", &text).unwrap();
    let why = wf_sandbox::Sandbox::start(&scenario, wf_sandbox::Options::default()).err().map(|why| why.to_string());
    let why = why.unwrap_or_default();
    assert!(why.contains("t7.predictions[0]: say `results` or an `error`"), "{why}");
    assert!(why.contains("t7.predictions[1]: the probability of a must be between 0 and 1"), "{why}");
}
