//! Messages that nobody answers and that did not leave: the run says so, and so does whoever replays it.

use std::sync::Arc;

use serde_json::{Value as Json, json};
use wf_host::driver::report_value;
use wf_host::ports::Ports;
use wf_host::replay::replay;
use wf_local::{BusSettings, MemoryBus};

use crate::support::{World, kinds, ok, settings, workflow};

/// A bus without a store for messages that are over its limit.
fn narrow(ports: &mut Ports) {
    let settings = BusSettings { max_payload: 400, store: false };
    ports.bus = Arc::new(MemoryBus::with(ports.clock.clone(), settings));
}

async fn lost(steps: Json) -> (Json, Vec<&'static str>) {
    let world = World::with(narrow, settings(), &["tell.x", "read.one"], |_, _| ok(json!(1))).await;
    let of = workflow(json!({"steps": steps}));
    let finished = world.run(&of).await;
    let report = report_value(finished.ended.as_ref().unwrap());
    let replayed = replay(&*world.ports.journal, finished.run, of.plan.clone(), None).await;
    let again = report_value(&replayed.unwrap().ended.unwrap());
    assert_eq!(again.encode().unwrap(), report.encode().unwrap());
    (report.to_serde(), kinds(&world.records(finished.run).await))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_that_did_not_leave_is_a_failure_and_not_told() {
    let long = json!({"publish": "tell.x", "with": {"message": "x".repeat(500)}});
    let short = json!({"publish": "tell.x", "with": {"message": "hello"}});
    let read = json!({"id": "one", "call": "read.one"});
    // known while the run goes on, and only when it has ended
    for steps in [json!([long, read, short]), json!([read, short, long])] {
        let (report, kinds) = lost(steps).await;
        let sent = report["sent"].as_array().unwrap();
        let lost: Vec<bool> = sent.iter().map(|one| !one["lost"].is_null()).collect();
        assert_eq!(lost.iter().filter(|lost| **lost).count(), 1, "{report}");
        let failures = report["failures"].as_array().unwrap();
        let reason = failures[0]["reason"].as_str().unwrap();
        assert!(failures.len() == 1 && reason.starts_with("tell.x was not sent: the payload of 5"), "{report}");
        assert!(kinds.contains(&"lost") && kinds.contains(&"published"), "{kinds:?}");
    }
}
