//! Recoveries of cellular devices: asked for, logged, ended after a while.

use serde_json::{Value, json};

use super::{expand::select, network::Network};
use crate::{
    scenario::{DigiSpec, When},
    time::{MINUTE, iso_seconds},
};

/// How long a recovery takes where the scenario says nothing.
const TAKES: i64 = 5 * MINUTE;

/// All recoveries, in the order of their beginning.
#[derive(Debug)]
pub(crate) struct Recoveries {
    log: Vec<Recovery>,
    /// ms
    takes: i64,
    /// Places of edges whose recoveries are aborted at once.
    aborted: Vec<usize>,
}

#[derive(Debug)]
pub(crate) struct Recovery {
    pub(crate) serial: String,
    pub(crate) mac: Option<String>,
    pub(crate) ticket: String,
    /// What names the request that asked for it.
    pub(crate) asked_by: Option<String>,
    pub(crate) method: String,
    pub(crate) at: i64,
    pub(crate) succeeds: bool,
}

impl Recoveries {
    /// Those of before the start. Adds a line to `problems` for everything that makes no sense.
    pub(crate) fn build(spec: &DigiSpec, network: &Network, start: i64, problems: &mut Vec<String>) -> Recoveries {
        let aborted = spec
            .aborts
            .as_ref()
            .map(|edges| select(network, edges, start, "digi.aborts", problems))
            .unwrap_or_default();
        let mut log = Vec::new();
        for (place, recovery) in spec.recoveries.iter().enumerate() {
            let at = format!("digi.recoveries[{place}]");
            let when = recovery.at.map_or(start, |at: When| at.after(start));
            if when > start {
                problems.push(format!("{at}: it must be over, or going on, when the scenario starts"));
            }
            for index in select(network, &recovery.edges, start, &at, problems) {
                let edge = &network.edges[index];
                log.push(Recovery {
                    serial: edge.serial.clone(),
                    mac: edge.links.first().map(|link| link.logical_id.clone()),
                    ticket: recovery.ticket.to_string(),
                    asked_by: None,
                    method: recovery.method.clone().unwrap_or_else(|| "API Start".to_owned()),
                    at: when,
                    succeeds: recovery.success.is_none_or(|success| success.0),
                });
            }
        }
        log.sort_by_key(|recovery| recovery.at);
        Recoveries { log, takes: spec.takes.map_or(TAKES, |span| span.0), aborted }
    }

    pub(crate) fn is_aborted(&self, edge: usize) -> bool {
        self.aborted.contains(&edge)
    }

    /// Begins one; its number.
    pub(crate) fn begin(&mut self, recovery: Recovery) -> usize {
        self.log.push(recovery);
        self.log.len()
    }

    /// The rows of those that began at or after `from`, asked for by `asked_by` where that is said.
    pub(crate) fn rows(&self, from: i64, asked_by: Option<&str>, now: i64) -> Vec<Value> {
        let wanted = |recovery: &Recovery| {
            recovery.at >= from && asked_by.is_none_or(|id| recovery.asked_by.as_deref() == Some(id))
        };
        let numbered = self.log.iter().enumerate().filter(|(_, recovery)| wanted(recovery));
        numbered.map(|(place, recovery)| self.row(place + 1, recovery, now)).collect()
    }

    fn row(&self, number: usize, recovery: &Recovery, now: i64) -> Value {
        let end = recovery.at.saturating_add(self.takes);
        let is_over = end <= now;
        let mut row = json!({
            "Id": number,
            "igzID": recovery.asked_by,
            "RequestID": format!("R{number}"),
            "Method": recovery.method,
            "System": "DiGi",
            "VeloSerial": recovery.serial,
            "TicketID": recovery.ticket,
            "DeviceSN": recovery.mac.as_deref().map(|mac| mac.replace(':', "").to_uppercase()),
            "Notes": if is_over { "Recovery ended" } else { "Recovery going on" },
            "TimestampSTART": iso_seconds(recovery.at),
            "TimestampEND": is_over.then(|| iso_seconds(end)),
        });
        // nobody knows how it ends before it has
        if is_over {
            row["Success"] = recovery.succeeds.into();
        }
        row
    }
}
