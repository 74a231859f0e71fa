//! What an item of a loop costs the machine, answers and evaluation included: `cargo bench -p wf-machine --bench items`.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "a bench measures and prints")]

#[allow(dead_code, unused_imports, reason = "shared with the tests")]
#[path = "../tests/machine/support/mod.rs"]
mod support;

use std::time::Instant;

use serde_json::json;
use support::{World, ok};

const ITEMS: usize = 20_000;

fn main() {
    let mut rows: Vec<_> =
        (0..ITEMS).map(|id| json!({"id": id, "state": "UP", "seen": "2022-06-01T13:58:00Z"})).collect();
    rows[7] = json!({"id": 7});
    let plan = json!({
        "params": {"least": 5},
        "steps": [
            {"id": "rows", "call": "read.rows"},
            {"id": "seen", "for": "row", "in": "rows.body", "where": "row.state == 'UP'", "parallel": 64, "on_error": "leave_out", "run": "look"},
            {"return": "=size(seen.values)"},
        ],
        "flows": {"look": {"inputs": ["row"], "steps": [
            {"id": "got", "call": "read.one", "with": {"id": "=row.id"}},
            {"skip": {"it is small": "row.id < params.least", "it is late": "now - row.seen > 1h"}},
            {"let": {"note": "Row {{ row.id }} is {{ got.body.state }}"}},
            {"call": "write.note", "with": {"id": "=row.id", "note": "=note"}},
            {"return": "=note"},
        ]}},
    });
    let mut times: Vec<f64> = (0..9)
        .map(|_| {
            let rows = rows.clone();
            let world = World::new(plan.clone(), move |name, _| match name {
                "read.rows" => ok(json!(rows)),
                _ => ok(json!({"state": "UP"})),
            });
            let start = Instant::now();
            let over = world.run();
            let took = start.elapsed().as_secs_f64();
            assert_eq!(over.returned(), json!(ITEMS - 6));
            took
        })
        .collect();
    times.sort_by(f64::total_cmp);
    #[allow(clippy::cast_precision_loss, reason = "a number of items")]
    let each = times[4] / ITEMS as f64 * 1e6;
    println!(
        "{ITEMS} items of two calls, median of nine: {:.0} ms, {each:.1} µs an item with its two answers",
        times[4] * 1e3
    );
}
