//! What the peers of the affecting monitor answer, encoded beforehand. Nothing in it is random: everything follows from the number of an edge.

use std::fmt::Write;

use bytes::Bytes;

use crate::shared::answer::{HOST, answer, list, number_after, record};

/// Of each hundred edges these are well; the next one's wired link is slow, the last one's wireless link jitters.
const WELL: usize = 98;
const SLOW: usize = 98;
const JITTERS: usize = 99;

/// Edges of one customer.
pub(crate) const OF_A_CUSTOMER: usize = 50;

/// Everything that is answered, as it comes over the bus.
pub(crate) struct Answers {
    cache: Bytes,
    metrics: Bytes,
    events: Vec<Bytes>,
    none: Bytes,
    created: Bytes,
    ok: Bytes,
}

impl Answers {
    /// For `edges` edges, a multiple of 100.
    pub(crate) fn of(edges: usize) -> Self {
        assert_eq!(edges % 100, 0, "a multiple of 100");
        Self {
            cache: answer(&list(edges, record)),
            metrics: answer(&list(edges, rows)),
            events: (0..edges / OF_A_CUSTOMER).map(|customer| answer(&events(customer))).collect(),
            none: answer("[]"),
            created: answer(r#"{"ticketIds":[2000001]}"#),
            ok: answer(r#""ok""#),
        }
    }

    pub(crate) fn to(&self, subject: &str, request: &[u8]) -> Bytes {
        let answer = match subject {
            "customer.cache.get" => &self.cache,
            "get.links.metric.info" => &self.metrics,
            "alert.request.event.enterprise" => &self.events[number_after(request, br#""enterprise_id":"#) - 1],
            "bruin.ticket.basic.request" => &self.none,
            "bruin.ticket.creation.request" => &self.created,
            _ => &self.ok,
        };
        answer.clone()
    }
}

/// What must be asked, by subject: each of the ten looks reads the metrics, two of them the events of all customers.
pub(crate) fn requests(edges: usize) -> Vec<(&'static str, usize)> {
    let troubles = edges * (100 - WELL) / 100;
    vec![
        ("alert.request.event.enterprise", 2 * edges / OF_A_CUSTOMER),
        // open and resolved ones of a link in trouble, open ones of an edge that is well
        ("bruin.ticket.basic.request", 2 * troubles + (edges - troubles)),
        ("bruin.ticket.creation.request", troubles),
        ("bruin.ticket.note.append.request", troubles),
        ("customer.cache.get", 1),
        ("get.links.metric.info", 10),
        ("notification.slack.request", troubles),
    ]
}

/// The two rows of metrics of an edge, with all that VeloCloud sends.
fn rows(i: usize) -> String {
    let row = |j: usize, interface: &str, label: &str, latency: f64, jitter: f64| {
        let (id, c, link_id) = (i + 1, i / OF_A_CUSTOMER, (i + 1) * 10 + j);
        let mut text = String::new();
        let _ = write!(
            text,
            concat!(
                r#"{{"linkId":{link_id},"bytesTx":{tx},"bytesRx":{rx},"packetsTx":4012,"packetsRx":5120,"totalBytes":{total},"totalPackets":9132,"#,
                r#""p1BytesRx":0,"p1BytesTx":0,"p1PacketsRx":0,"p1PacketsTx":0,"p2BytesRx":0,"p2BytesTx":0,"p2PacketsRx":0,"p2PacketsTx":0,"#,
                r#""p3BytesRx":0,"p3BytesTx":0,"p3PacketsRx":0,"p3PacketsTx":0,"controlBytesRx":60210,"controlBytesTx":51877,"#,
                r#""controlPacketsRx":410,"controlPacketsTx":398,"bpsOfBestPathRx":100500000,"bpsOfBestPathTx":50500000,"#,
                r#""bestJitterMsRx":{jitter},"bestJitterMsTx":2.5,"bestLatencyMsRx":{latency},"bestLatencyMsTx":14.25,"#,
                r#""bestLossPctRx":0,"bestLossPctTx":0.05,"scoreTx":4.4,"scoreRx":4.39,"signalStrength":0,"state":0,"name":"{interface}","#
            ),
            link_id = link_id,
            tx = 1_000_000 + i,
            rx = 1_500_000 + i,
            total = 2_500_000 + 2 * i,
            jitter = jitter,
            latency = latency,
            interface = interface,
        );
        let _ = write!(
            text,
            concat!(
                r#""link":{{"enterpriseName":"Client {c:04}|{client}|","enterpriseId":{enterprise},"enterpriseProxyId":null,"#,
                r#""enterpriseProxyName":null,"edgeName":"SITE-{i:05}","edgeState":"CONNECTED","#,
                r#""edgeSystemUpSince":"2022-05-20T02:10:00.000Z","edgeServiceUpSince":"2022-05-20T02:11:00.000Z","#,
                r#""edgeLastContact":"2022-06-01T13:58:00.000Z","edgeId":{id},"edgeSerialNumber":"VC{serial:07}","#,
                r#""edgeHASerialNumber":null,"edgeModelNumber":"edge520","edgeLatitude":40.7,"edgeLongitude":-74.0,"#,
                r#""displayName":"{label} {i}","isp":null,"interface":"{interface}","internalId":"int-{id}-{j}","#,
                r#""linkState":"STABLE","linkLastActive":"2022-06-01T13:55:00.000Z","linkVpnState":"STABLE","#,
                r#""linkId":{link_id},"linkIpAddress":"10.{a}.{b}.{j}","host":"{HOST}"}}}}"#
            ),
            c = c,
            client = 30_000 + c,
            enterprise = 1 + c,
            i = i,
            id = id,
            serial = 1_000_000 + i,
            label = label,
            interface = interface,
            j = j,
            link_id = link_id,
            a = (i / 250) % 250,
            b = i % 250,
            HOST = HOST,
        );
        text
    };
    let latency = if i % 100 == SLOW { 180.5 } else { 12.75 };
    let jitter = if i % 100 == JITTERS { 61.5 } else { 1.5 };
    format!("{},{}", row(1, "GE1", "Fiber", latency, 1.5), row(2, "GE2", "LTE", 30.0, jitter))
}

/// Two links of each customer died twice, which is no trouble.
fn events(customer: usize) -> String {
    let event = |edge: usize| {
        format!(
            r#"{{"event":"LINK_DEAD","category":"NETWORK","eventTime":"2022-06-01T13:57:10.000Z","message":"Link GE2 is now DEAD","edgeName":"SITE-{edge:05}"}}"#
        )
    };
    let first = customer * OF_A_CUSTOMER;
    let all = [first, first + 1, first, first + 1].map(event);
    format!("[{}]", all.join(","))
}
