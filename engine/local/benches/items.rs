//! A loop of 10,000 items, one write over the in-process bus and one decision each, 64 in flight, in real time: items a second without a
//! journal's disk and with it. `cargo bench -p wf-local --bench items`

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a bench")]

use std::sync::Arc;
use std::time::Instant;

use async_trait::async_trait;
use serde_json::json;
use wf_host::Workflow;
use wf_host::clock::RealClock;
use wf_host::engine::{Engine, Once, Settings};
use wf_host::ports::{Incoming, Ports, Replier, Reply};
use wf_machine::Writes;
use wf_plan::Params;

#[path = "../../machine/tests/machine/support/lower.rs"]
#[allow(dead_code)]
mod lower;
#[path = "../../machine/tests/machine/support/names.rs"]
#[allow(dead_code)]
mod names;

const ITEMS: usize = 10_000;

struct Vendor(String);

#[async_trait]
impl Replier for Vendor {
    async fn handle(&self, message: Incoming) -> Reply {
        if message.subject == "read.rows" {
            Some(self.0.clone().into())
        } else {
            Some(r#"{"status":200,"body":"ok"}"#.into())
        }
    }
}

fn workflow(verb: &str) -> Arc<Workflow> {
    let made = lower::plan(json!({"steps": [
        {"id": "rows", "call": "read.rows"},
        {"for": "row", "in": "rows.body", "parallel": 64, "steps": [
            {"id": "one", "call": verb, "with": {"id": "=row.id"}},
            {"skip": {"it is out": "row.state == 'OUT' || one.body == 'no'"}},
        ]},
        // Makes a run of reads one that could write, so that all of it is kept.
        {"call": "write.never", "if": "size(rows.body) == 0"},
    ]}));
    let params = Params { values: made.params, from: Vec::new() };
    let env = wf_value::Value::Null;
    Arc::new(Workflow { plan: made.plan, instance: None, params: params.into(), env, writes: Writes::On })
}

fn measure(name: &str, verb: &str, ports: Ports) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let rows: Vec<_> = (0..ITEMS).map(|i| json!({"id": i, "state": "IN"})).collect();
        let vendor = Arc::new(Vendor(json!({"status": 200, "body": rows}).to_string()));
        let mut subscriptions = Vec::new();
        for subject in ["read.rows", "read.one", "write.one"] {
            subscriptions.push(ports.bus.subscribe(subject, None, vendor.clone()).await.unwrap());
        }
        let engine = Engine::new(ports, Settings::default());
        let workflow = workflow(verb);
        let mut rates = Vec::new();
        for _ in 0..5 {
            let begun = Instant::now();
            let ended = engine.run_once(Once::of(workflow.clone())).await.ended.unwrap();
            assert_eq!(ended.report.loops[0].done as usize, ITEMS);
            rates.push(ITEMS as f64 / begun.elapsed().as_secs_f64());
        }
        rates.sort_by(f64::total_cmp);
        println!("{name:32} {:8.0} items/s (median of 5; {:.0} to {:.0})", rates[2], rates[0], rates[4]);
    });
}

fn main() {
    let clock = Arc::new(RealClock);
    let folder = tempfile::tempdir().unwrap();
    measure("reads, journal in memory", "read.one", wf_local::in_memory(clock.clone()));
    measure(
        "reads, journal on disk",
        "read.one",
        wf_local::on_disk(clock.clone(), folder.path().join("r.db")).unwrap(),
    );
    measure("writes, journal in memory", "write.one", wf_local::in_memory(clock.clone()));
    measure("writes, journal on disk", "write.one", wf_local::on_disk(clock, folder.path().join("w.db")).unwrap());
}
