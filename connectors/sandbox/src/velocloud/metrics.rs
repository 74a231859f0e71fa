//! Traffic and quality of links, load of gateways: plausible, and the same at every call for the same interval.

use std::sync::Arc;

use axum::extract::State;
use bytes::Bytes;
use serde_json::{Map, Value, json};

use super::{
    configuration::enterprise,
    monitoring::row,
    session::{Caller, error},
};
use crate::{
    json::{field, integer, texts},
    model::{
        degraded,
        network::{Edge, Link},
    },
    server::answer::{Answer, read_json},
    time::{self, MINUTE},
    world::World,
};

/// Distance of two points of a series, ms.
const TICK: i64 = 5 * MINUTE;
/// Most points of one series.
const MAX_POINTS: i64 = 1_024;

/// `{interval: {start, end?}}`: one element for each link of the orchestrator.
pub(crate) async fn link_metrics(
    State(world): State<Arc<World>>,
    caller: Caller,
    body: Bytes,
) -> Result<Answer, Answer> {
    let body = read_json(&body)?;
    let now = world.now();
    let (from, until) = interval(&body, now)?;
    let rows = world.network.edges_of_host(caller.host).flat_map(|edge| {
        edge.links.iter().map(|link| {
            let mut metrics = totals(edge, link, from, until, now);
            metrics.insert("link".to_owned(), row(&world.network, edge, Some(link), now));
            Value::Object(metrics)
        })
    });
    Ok(Answer::ok(rows.collect()))
}

/// `{enterpriseId, edgeId, interval, metrics: [name…]}`: one element for each link, a point every 5 minutes.
pub(crate) async fn link_series(
    State(world): State<Arc<World>>,
    caller: Caller,
    body: Bytes,
) -> Result<Answer, Answer> {
    let body = read_json(&body)?;
    let (client, _) = enterprise(&world, &caller, &body)?;
    let now = world.now();
    let (from, until) = interval(&body, now)?;
    let id = field(&body, "edgeId").and_then(integer).ok_or_else(|| error(400, "no edgeId"))?;
    let edge = world
        .network
        .edges_of_client(client)
        .find(|edge| edge.id == id)
        .ok_or_else(|| error(400, &format!("no access to edge {id}")))?;
    let metrics = texts(field(&body, "metrics").unwrap_or(&Value::Null));
    let start = from.div_euclid(TICK) * TICK;
    let points = if until - from < 15 * MINUTE { 0 } else { (until - start).div_euclid(TICK).min(MAX_POINTS) };
    let of_link = |link: &Link| {
        let series = |metric: &String| {
            let data: Vec<f64> = (0..points).map(|n| point(edge, link, metric, start + n * TICK)).collect();
            json!({
                "metric": metric,
                "startTime": start,
                "tickInterval": TICK,
                "total": data.iter().sum::<f64>(),
                "min": data.iter().copied().reduce(f64::min),
                "max": data.iter().copied().reduce(f64::max),
                "data": data,
            })
        };
        json!({
            "linkId": link.id,
            "edgeId": edge.id,
            "link": {"id": link.id, "interface": link.interface, "internalId": link.internal_id, "displayName": link.label},
            "name": link.interface,
            "series": metrics.iter().map(series).collect::<Vec<_>>(),
        })
    };
    Ok(Answer::ok(edge.links.iter().map(of_link).collect()))
}

/// `{gatewayId, interval, metrics: [name…]}`
pub(crate) async fn gateway_metrics(
    State(world): State<Arc<World>>,
    caller: Caller,
    body: Bytes,
) -> Result<Answer, Answer> {
    let body = read_json(&body)?;
    let id = field(&body, "gatewayId").and_then(integer).ok_or_else(|| error(400, "no gatewayId"))?;
    let gateway = world.network.hosts[caller.host]
        .gateways
        .iter()
        .find(|gateway| gateway.id == id)
        .ok_or_else(|| error(400, &format!("no access to gateway {id}")))?;
    let mut answer = Map::new();
    for metric in texts(field(&body, "metrics").unwrap_or(&Value::Null)) {
        let average = gateway
            .metrics
            .get(&metric)
            .and_then(Value::as_f64)
            .unwrap_or_else(|| 20.0 + 60.0 * share(&[id, text_number(&metric)]));
        answer
            .insert(metric, json!({"min": (average * 0.8).floor(), "max": (average * 1.2).ceil(), "average": average}));
    }
    Ok(Answer::ok(Value::Object(answer)))
}

fn interval(body: &Value, now: i64) -> Result<(i64, i64), Answer> {
    let moment = |name: &str| body.pointer(&format!("/interval/{name}"));
    let from = moment("start").and_then(time::read).ok_or_else(|| error(400, "interval.start is no time"))?;
    let until = match moment("end") {
        None | Some(Value::Null) => now,
        Some(end) => time::read(end).ok_or_else(|| error(400, "interval.end is no time"))?,
    };
    if until < from { Err(error(400, "interval.end is before interval.start")) } else { Ok((from, until)) }
}

/// What a link did between two moments.
fn totals(edge: &Edge, link: &Link, from: i64, until: i64, now: i64) -> Map<String, Value> {
    let is_down = edge.link_state(link, now) == "DISCONNECTED";
    let seconds = if is_down { 0 } else { (until - from) / 1_000 };
    let rate = |salt: i64| 20_000.0 + 400_000.0 * share(&[link.id, salt]);
    let (tx, rx) = ((rate(1) * seconds as f64) as i64, (rate(2) * seconds as f64) as i64);
    let mut all = Map::new();
    let mut put = |name: &str, value: Value| {
        all.insert(name.to_owned(), link.metrics.get(name).cloned().unwrap_or(value));
    };
    put("linkId", json!(link.id));
    put("name", json!(link.interface));
    put("state", json!(edge.link_state(link, now)));
    for (name, bytes) in [("bytesTx", tx), ("bytesRx", rx), ("totalBytes", tx + rx)] {
        put(name, json!(bytes));
    }
    for (name, bytes) in [("packetsTx", tx), ("packetsRx", rx), ("totalPackets", tx + rx)] {
        put(name, json!(bytes / 700));
    }
    for (class, part) in [("p1", 2), ("p2", 3), ("p3", 5), ("control", 40)] {
        for (way, bytes) in [("Rx", rx), ("Tx", tx)] {
            put(&format!("{class}Bytes{way}"), json!(bytes / part));
            put(&format!("{class}Packets{way}"), json!(bytes / part / 700));
        }
    }
    for (way, salt) in [("Rx", 10), ("Tx", 20)] {
        let quality = |n: i64, low: f64, high: f64| {
            let value = low + (high - low) * share(&[link.id, salt + n]);
            json!((value * 100.0).round() / 100.0)
        };
        put(
            &format!("bpsOfBestPath{way}"),
            if is_down { json!(0) } else { json!((20e6 + 80e6 * share(&[link.id, salt])) as i64) },
        );
        put(&format!("bestJitterMs{way}"), quality(1, 0.5, 8.0));
        put(&format!("bestLatencyMs{way}"), quality(2, 5.0, 60.0));
        put(&format!("bestLossPct{way}"), quality(3, 0.0, 0.6));
        put(&format!("score{way}"), quality(4, 4.0, 4.4));
    }
    put("signalStrength", json!(0));
    degraded::weigh(&link.degraded, &mut all, from, until);
    all
}

/// One point of a series.
fn point(edge: &Edge, link: &Link, metric: &str, at: i64) -> f64 {
    if let Some(bad) = degraded::at(&link.degraded, metric, at) {
        return bad;
    }
    if let Some(fixed) = link.metrics.get(metric).and_then(Value::as_f64) {
        return fixed;
    }
    if edge.link_state(link, at) == "DISCONNECTED" {
        return 0.0;
    }
    let share = share(&[link.id, text_number(metric), at]);
    let value = match metric {
        name if name.starts_with("bestLatency") => 5.0 + 55.0 * share,
        name if name.starts_with("bestJitter") => 0.5 + 7.5 * share,
        name if name.starts_with("bestLoss") => 0.6 * share,
        name if name.starts_with("score") => 4.0 + 0.4 * share,
        name if name.starts_with("bps") => 20e6 + 80e6 * share,
        _ => (20_000.0 + 400_000.0 * share) * (TICK / 1_000) as f64,
    };
    (value * 100.0).round() / 100.0
}

/// A number in [0, 1) that follows from the seeds alone (splitmix64).
fn share(seeds: &[i64]) -> f64 {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    for &seed in seeds {
        state = state.wrapping_add(seed as u64).wrapping_add(0x9e37_79b9_7f4a_7c15);
        state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        state ^= state >> 31;
    }
    (state >> 11) as f64 / (1_u64 << 53) as f64
}

fn text_number(text: &str) -> i64 {
    text.bytes().fold(7, |number: i64, byte| number.wrapping_mul(31).wrapping_add(i64::from(byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn made_up_numbers_are_the_same_every_time_and_spread() {
        assert_eq!(share(&[1, 2]), share(&[1, 2]));
        let mean = (0..1_000).map(|n| share(&[n])).sum::<f64>() / 1_000.0;
        assert!((0.45..0.55).contains(&mean), "{mean}");
    }
}
