//! What an evaluation costs: `cargo bench -p wf-expr`. The condition on the document of 2.7 KB must take at most 1 µs.

#[path = "../tests/world/mod.rs"]
mod world;

use divan::Bencher;
use divan::counter::ItemsCount;
use wf_value::{Field, Type, Value};
use world::{World, json};

fn main() {
    divan::main();
}

const CONDITION: &str = "edge.state == 'OFFLINE' && edge.loss > params.loss && edge.links.exists(l, l.state == 'DOWN')";

/// An edge of about 2.7 KB with five links, the last of which is down.
fn document() -> String {
    let link = |i: usize| {
        let state = if i == 4 { "DOWN" } else { "STABLE" };
        format!(
            r#"{{"displayName": "Comcast Cable {i}", "interface": "GE{i}", "internalId": "00000001-ac48-47a0-81a7-80c8c320f48{i}",
            "bestLatencyMsRx": 12.5, "bestLatencyMsTx": 13.25, "bestJitterMsRx": 1, "bestJitterMsTx": 2, "bestLossPctRx": 0.0, "bestLossPctTx": 0.125,
            "bpsOfBestPathRx": 100450000, "bpsOfBestPathTx": 20300000, "linkIpAddress": "10.0.{i}.1", "isp": "Comcast", "state": "{state}"}}"#
        )
    };
    let links: Vec<String> = (0..5).map(link).collect();
    format!(
        r#"{{"edgeName": "Big Boss", "serial": "VC1234567", "enterpriseId": 137, "enterpriseName": "Acme | 86937 | Store 12", "host": "mettel.velocloud.net",
        "lastContact": "2022-06-01T13:58:00.000Z", "logicalId": "8456-cg76-sdf3-h64j", "modelNumber": "edge520v", "softwareVersion": "4.3.1",
        "siteName": "Store 12, Springfield", "street": "12 Main Street", "city": "Springfield", "zip": "01103", "haState": null, "haSerial": null,
        "loss": 2.5, "state": "OFFLINE", "links": [{}]}}"#,
        links.join(", ")
    )
}

fn edge_type() -> Type {
    let field = |name: &str, ty: Type| Field { name: name.into(), ty, default: None };
    let link = Type::shape(
        "link",
        vec![field("displayName", Type::Text), field("bestLossPctRx", Type::Number), field("state", Type::Text)],
    );
    Type::shape(
        "edge",
        vec![
            field("serial", Type::Text),
            field("lastContact", Type::timestamp()),
            field("loss", Type::Number),
            field("state", Type::Text),
            field("links", Type::list(link)),
        ],
    )
}

fn edges(n: usize, typed: bool) -> Value {
    let text = format!("[{}]", vec![document(); n].join(", "));
    let value = json(&text);
    if typed { value.typed(&Type::list(edge_type())) } else { value }
}

#[divan::bench(args = [false, true])]
fn condition(bencher: Bencher, typed: bool) {
    let document = json(&document());
    let edge = if typed { document.typed(&edge_type()) } else { document };
    let world = World::default().name("edge", edge).param("loss", Value::Float(1.5));
    let code = world.code(CONDITION);
    assert_eq!(world.ctx(|ctx| code.value(ctx)), Value::Bool(true));
    world.ctx(|ctx| {
        bencher.bench_local(|| {
            ctx.fuel.set(1_000_000);
            code.value(ctx)
        });
    });
}

/// The condition over a list, through a define.
#[divan::bench(args = [false, true])]
fn filter_1000_edges(bencher: Bencher, typed: bool) {
    let world = World::default()
        .name("edges", edges(1000, typed))
        .param("loss", Value::Float(1.5))
        .define("faulty(edge)", CONDITION);
    let code = world.code("size(edges.filter(edge, faulty(edge)))");
    assert_eq!(world.ctx(|ctx| code.value(ctx)), Value::Int(1000));
    world.ctx(|ctx| {
        bencher.counter(ItemsCount::new(1000_usize)).bench_local(|| {
            ctx.fuel.set(1_000_000);
            code.value(ctx)
        });
    });
}

#[divan::bench]
fn compile(bencher: Bencher) {
    let world = World::default().name("edge", Value::Null).param("loss", 1);
    bencher.bench_local(|| world.code(CONDITION));
}
