//! The input of benchmark B1 and what its peers answer, encoded beforehand. Nothing in it is random: everything follows from the number of
//! an edge.

use bytes::Bytes;

use crate::shared::answer::{HOST, SERIALS, answer, enterprise, list, number_after, record, serial};

/// Of each hundred edges these have a link down, and those after them are down.
const WELL: usize = 90;
const LINK_DOWN: usize = 98;

/// Everything that is answered, as it comes over the bus.
pub(crate) struct Answers {
    pub(crate) edges: usize,
    cache: Bytes,
    links: Bytes,
    network: Bytes,
    events: Bytes,
    none: Bytes,
    ticket: Bytes,
    ok: Bytes,
    /// Of each outage, in the order of its edges.
    created: Vec<Bytes>,
    details: Vec<Bytes>,
}

impl Answers {
    /// For `edges` edges, a multiple of 100.
    pub(crate) fn of(edges: usize) -> Self {
        assert_eq!(edges % 100, 0, "a multiple of 100");
        let out = |one: fn(usize) -> String| (0..edges).filter(|i| i % 100 >= WELL).map(|i| answer(&one(i))).collect();
        Self {
            edges,
            cache: answer(&list(edges, record)),
            links: answer(&list(edges, link_rows)),
            network: answer(&list(edges, network_row)),
            events: answer(EVENTS),
            none: answer("[]"),
            ticket: answer(r#"{"ticketID":0,"severity":1,"ticketStatus":"New"}"#),
            ok: answer(r#""ok""#),
            created: out(created),
            details: out(details),
        }
    }

    /// The answer to a request; what it asks for stands in its bytes as a serial number or the number of a ticket.
    pub(crate) fn to(&self, subject: &str, request: &[u8]) -> Bytes {
        let answer = match subject {
            "customer.cache.get" => &self.cache,
            "get.links.with.edge.info" => &self.links,
            "request.network.enterprise.edges" => &self.network,
            "bruin.ticket.basic.request" => &self.none,
            "bruin.ticket.creation.outage.request" => {
                &self.created[outage(number_after(request, br#""service_number":"VC"#) - SERIALS)]
            }
            "bruin.ticket.details.request" => {
                &self.details[outage(number_after(request, br#""ticket_id":"#) - TICKETS)]
            }
            "alert.request.event.edge" => &self.events,
            "bruin.single_ticket.basic.request" => &self.ticket,
            _ => &self.ok,
        };
        answer.clone()
    }

    /// Bytes that the prepared answers take.
    pub(crate) fn size(&self) -> usize {
        let single = [&self.cache, &self.links, &self.network, &self.events, &self.none, &self.ticket, &self.ok];
        single.into_iter().chain(&self.created).chain(&self.details).map(Bytes::len).sum()
    }
}

const TICKETS: usize = 2_000_000;

/// Place of an edge that is not well among those.
fn outage(edge: usize) -> usize {
    edge / 100 * (100 - WELL) + edge % 100 - WELL
}

/// State of the edge and of its two links.
fn states(i: usize) -> (&'static str, [&'static str; 2]) {
    match i % 100 {
        r if r < WELL => ("CONNECTED", ["STABLE", "STABLE"]),
        r if r < LINK_DOWN => ("CONNECTED", ["STABLE", "DISCONNECTED"]),
        _ => ("OFFLINE", ["DISCONNECTED", "DISCONNECTED"]),
    }
}

fn link_rows(i: usize) -> String {
    let (state, links) = states(i);
    let row = |j: usize, interface: &str, label: &str| {
        format!(
            concat!(
                r#"{{"host":"{host}","enterpriseName":"{enterprise}","enterpriseId":{enterprise_id},"enterpriseProxyId":null,"#,
                r#""enterpriseProxyName":null,"edgeName":"SITE-{i:05}","edgeState":"{state}","#,
                r#""edgeSystemUpSince":"2022-05-20T02:10:00.000Z","edgeServiceUpSince":"2022-05-20T02:11:00.000Z","#,
                r#""edgeLastContact":"2022-06-01T13:58:00.000Z","edgeId":{id},"edgeSerialNumber":"{serial}","#,
                r#""edgeHASerialNumber":null,"edgeModelNumber":"edge520","edgeLatitude":40.7,"edgeLongitude":-74.0,"#,
                r#""displayName":"{label} {i}","isp":null,"interface":"{interface}","internalId":"int-{id}-{j}","#,
                r#""linkState":"{link}","linkLastActive":"2022-06-01T13:55:00.000Z","linkVpnState":"{link}","#,
                r#""linkId":{link_id},"linkIpAddress":"10.{a}.{b}.{j}"}}"#
            ),
            host = HOST,
            enterprise = enterprise(i),
            enterprise_id = 1 + i / 50,
            i = i,
            state = state,
            id = i + 1,
            serial = serial(i),
            label = label,
            interface = interface,
            j = j,
            link = links[j - 1],
            link_id = (i + 1) * 10 + j,
            a = (i / 250) % 250,
            b = i % 250,
        )
    };
    format!("{},{}", row(1, "GE1", "Fiber"), row(2, "GE2", "LTE"))
}

fn network_row(i: usize) -> String {
    format!(
        r#"{{"enterpriseId":{},"id":{},"name":"SITE-{i:05}","serialNumber":"{}","haSerialNumber":null,"haState":"UNCONFIGURED","host":"{HOST}"}}"#,
        1 + i / 50,
        i + 1,
        serial(i)
    )
}

fn created(i: usize) -> String {
    format!(
        r#"{{"message":null,"items":[{{"ticketId":{},"inventoryId":{i},"wtn":"{}","errorMessage":null,"errorCode":null,"address":null}}]}}"#,
        TICKETS + i,
        serial(i)
    )
}

fn details(i: usize) -> String {
    format!(
        concat!(
            r#"{{"ticketDetails":[{{"detailID":{id},"detailType":"Repair_WTN","detailStatus":"I","detailValue":"{serial}","#,
            r#""assignedToName":"0","currentTaskID":null,"currentTaskName":"IPA Investigate","lastUpdatedBy":0,"#,
            r#""lastUpdatedAt":"2022-06-01T09:00:00.000-04:00"}}],"ticketNotes":[]}}"#
        ),
        id = 5_000_000 + i,
        serial = serial(i)
    )
}

const EVENTS: &str = concat!(
    r#"[{"event":"LINK_DEAD","category":"NETWORK","eventTime":"2022-06-01T13:57:10.000Z","message":"Link GE2 is now DEAD"},"#,
    r#"{"event":"LINK_ALIVE","category":"NETWORK","eventTime":"2022-05-31T08:00:00.000Z","message":"Link GE2 is no longer DEAD"},"#,
    r#"{"event":"EDGE_UP","category":"EDGE","eventTime":"2022-05-20T02:11:00.000Z","message":"Edge is up"},"#,
    r#"{"event":"EDGE_DOWN","category":"EDGE","eventTime":"2022-05-20T01:59:30.000Z","message":"Edge is down"}]"#
);
