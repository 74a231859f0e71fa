//! Decoding the link answer of benchmark B1 (docs: benchmarks, B1): CPU time beside `serde_json`, medians of nine in one process.
//!
//! `serde_json::Value` is measured as the workspace has it (`preserve_order`) and as it is by default: since features are the same for a
//! whole build, [`Tree`] stands for the latter, with the same numbers, strings and `BTreeMap`, filled by the same reader.
//!
//! `cargo bench -p wf-value --bench decode [-- N]`, N edges, 5000 unless said. Fails when the ratio of the median is over 0.45.

#![expect(clippy::disallowed_methods, clippy::disallowed_macros, reason = "a benchmark reads the clock and prints")]

use std::collections::BTreeMap;
use std::fmt;
use std::hint::black_box;
use std::process::ExitCode;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use wf_value::{Decoder, decode};

const RUNS: usize = 9;
/// Decodings for one measurement: some kernels count CPU time in ticks of 4 ms.
const REPEATS: usize = 6;
const MOST: f64 = 0.45;

fn main() -> ExitCode {
    let edges = std::env::args().skip(1).find_map(|arg| arg.parse().ok()).unwrap_or(5_000);
    let answer = link_answer(edges);
    println!(
        "link answer, N = {edges}: {:.1} MB; milliseconds of CPU, median of {RUNS} (least)",
        answer.len() as f64 / 1e6
    );
    let mut decoder = Decoder::new();
    let ours = measure("wf_value::decode", || decode(&answer).ok());
    let kept = measure("Decoder that is kept", || decoder.decode(&answer).ok());
    let ordered =
        measure("serde_json::Value, preserve_order", || serde_json::from_slice::<serde_json::Value>(&answer).ok());
    let default = measure("serde_json::Value, default", || serde_json::from_slice::<Tree>(&answer).ok());
    let (value, json) =
        (decode(&answer).unwrap_or_default(), serde_json::from_slice::<serde_json::Value>(&answer).unwrap_or_default());
    measure("Value::encode", || value.encode().ok());
    measure("serde_json::to_string", || serde_json::to_string(&json).ok());
    let worst = ours / ordered.min(default);
    println!(
        "ratio: {:.3} of preserve_order, {:.3} of default (kept decoder {:.3}, {:.3})",
        ours / ordered,
        ours / default,
        kept / ordered,
        kept / default
    );
    if worst <= MOST { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Median of the CPU time that one `decode` takes, in milliseconds; giving the results back is measured apart.
fn measure<T>(name: &str, mut decode: impl FnMut() -> Option<T>) -> f64 {
    assert!(black_box(decode()).is_some(), "{name}: the answer does not decode");
    let per_run = |nanoseconds: u64| nanoseconds as f64 / 1e6 / REPEATS as f64;
    let mut times = Vec::new();
    let mut drops = Vec::new();
    for _ in 0..RUNS {
        let start = cpu();
        let values: Vec<_> = (0..REPEATS).map(|_| black_box(decode())).collect();
        let decoded = cpu();
        drop(values);
        drops.push(per_run(cpu() - decoded));
        times.push(per_run(decoded - start));
    }
    times.sort_by(f64::total_cmp);
    drops.sort_by(f64::total_cmp);
    let median = times[RUNS / 2];
    println!("{name:36} {median:7.2} ({:.2}), dropping it {:.2}", times[0], drops[RUNS / 2]);
    median
}

/// Nanoseconds that this thread has run.
fn cpu() -> u64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").expect("this benchmark needs Linux");
    text.split(' ').next().and_then(|n| n.parse().ok()).expect("nanoseconds first")
}

/// As benchmark B1 says it, for every edge its two links.
fn link_answer(edges: usize) -> Vec<u8> {
    let mut rows = Vec::with_capacity(2 * edges);
    for i in 0..edges {
        let c = i / 50;
        let (edge_state, states) = match i % 100 {
            0..90 => ("CONNECTED", ["STABLE", "STABLE"]),
            90..98 => ("CONNECTED", ["STABLE", "DISCONNECTED"]),
            _ => ("OFFLINE", ["DISCONNECTED", "DISCONNECTED"]),
        };
        for (j, (interface, label)) in [("GE1", "Fiber"), ("GE2", "LTE")].into_iter().enumerate() {
            let (j, state) = (j + 1, states[j]);
            rows.push(format!(
                concat!(
                    r#"{{"host":"mettel.velocloud.net","enterpriseName":"Client {c:04}|{client}|","enterpriseId":{enterprise},"#,
                    r#""enterpriseProxyId":null,"enterpriseProxyName":null,"edgeName":"SITE-{i:05}","edgeState":"{edge_state}","#,
                    r#""edgeSystemUpSince":"2022-05-20T02:10:00.000Z","edgeServiceUpSince":"2022-05-20T02:11:00.000Z","#,
                    r#""edgeLastContact":"2022-06-01T13:58:00.000Z","edgeId":{edge},"edgeSerialNumber":"VC{serial:07}","#,
                    r#""edgeHASerialNumber":null,"edgeModelNumber":"edge520","edgeLatitude":40.7,"edgeLongitude":-74.0,"#,
                    r#""displayName":"{label} {i}","isp":null,"interface":"{interface}","internalId":"int-{edge}-{j}","#,
                    r#""linkState":"{state}","linkLastActive":"2022-06-01T13:55:00.000Z","linkVpnState":"{state}","#,
                    r#""linkId":{link},"linkIpAddress":"10.{a}.{b}.{j}"}}"#
                ),
                c = c,
                client = 30_000 + c,
                enterprise = 1 + c,
                i = i,
                edge_state = edge_state,
                edge = i + 1,
                serial = 1_000_000 + i,
                label = label,
                interface = interface,
                j = j,
                state = state,
                link = (i + 1) * 10 + j,
                a = (i / 250) % 250,
                b = i % 250,
            ));
        }
    }
    format!(r#"{{"status":200,"body":[{}]}}"#, rows.join(",")).into_bytes()
}

/// `serde_json::Value` without features.
#[allow(dead_code, reason = "only its making is measured")]
enum Tree {
    Null,
    Bool(bool),
    Number(serde_json::Number),
    String(String),
    Array(Vec<Tree>),
    Object(BTreeMap<String, Tree>),
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TreeVisitor)
    }
}

struct TreeVisitor;

impl<'de> Visitor<'de> for TreeVisitor {
    type Value = Tree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON")
    }

    fn visit_unit<E>(self) -> Result<Tree, E> {
        Ok(Tree::Null)
    }

    fn visit_bool<E>(self, b: bool) -> Result<Tree, E> {
        Ok(Tree::Bool(b))
    }

    fn visit_i64<E>(self, n: i64) -> Result<Tree, E> {
        Ok(Tree::Number(n.into()))
    }

    fn visit_u64<E>(self, n: u64) -> Result<Tree, E> {
        Ok(Tree::Number(n.into()))
    }

    fn visit_f64<E>(self, n: f64) -> Result<Tree, E> {
        Ok(serde_json::Number::from_f64(n).map_or(Tree::Null, Tree::Number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Tree, E> {
        Ok(Tree::String(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Tree, E> {
        Ok(Tree::String(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Tree, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Tree::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Tree, A::Error> {
        let mut members = BTreeMap::new();
        while let Some((key, value)) = map.next_entry()? {
            members.insert(key, value);
        }
        Ok(Tree::Object(members))
    }
}
