//! The input of benchmark B1 and what its peers answer, encoded beforehand. Nothing in it is random: everything follows from the number of
//! an edge.

use std::fmt::Write;

use bytes::Bytes;

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

const SERIALS: usize = 1_000_000;
const TICKETS: usize = 2_000_000;

/// Place of an edge that is not well among those.
fn outage(edge: usize) -> usize {
    edge / 100 * (100 - WELL) + edge % 100 - WELL
}

fn number_after(request: &[u8], mark: &[u8]) -> usize {
    let at = request.windows(mark.len()).position(|w| w == mark).map_or(0, |at| at + mark.len());
    let digits = request[at..].iter().take_while(|b| b.is_ascii_digit());
    digits.fold(0, |number, digit| number * 10 + usize::from(digit - b'0'))
}

fn answer(body: &str) -> Bytes {
    format!(r#"{{"status":200,"body":{body}}}"#).into()
}

fn list(edges: usize, one: fn(usize) -> String) -> String {
    let mut text = String::from("[");
    for i in 0..edges {
        let _ = write!(text, "{}{}", if i > 0 { "," } else { "" }, one(i));
    }
    text + "]"
}

fn serial(i: usize) -> String {
    format!("VC{:07}", SERIALS + i)
}

/// `host` is written by each caller: it stands in another order in each answer.
const HOST: &str = "mettel.velocloud.net";

fn enterprise(i: usize) -> String {
    format!("Client {:04}|{}|", i / 50, 30_000 + i / 50)
}

/// State of the edge and of its two links.
fn states(i: usize) -> (&'static str, [&'static str; 2]) {
    match i % 100 {
        r if r < WELL => ("CONNECTED", ["STABLE", "STABLE"]),
        r if r < LINK_DOWN => ("CONNECTED", ["STABLE", "DISCONNECTED"]),
        _ => ("OFFLINE", ["DISCONNECTED", "DISCONNECTED"]),
    }
}

fn record(i: usize) -> String {
    let (c, id, serial, enterprise) = (i / 50, i + 1, serial(i), enterprise(i));
    let (client, site) = (30_000 + c, 500_000 + i);
    format!(
        concat!(
            r#"{{"edge":{{"host":"{host}","enterprise_id":{enterprise_id},"enterprise_name":"{enterprise}","edge_id":{id}}},"#,
            r#""edge_name":"SITE-{i:05}","last_contact":"2022-06-01T11:00:00.000Z","logical_ids":["#,
            r#"{{"interface_name":"GE1","logical_id":"lid-{id}-GE1","access_type":"Cable","service_number":null}},"#,
            r#"{{"interface_name":"GE2","logical_id":"lid-{id}-GE2","access_type":"Wireless","service_number":null}}],"#,
            r#""serial_number":"{serial}","ha_serial_number":null,"#,
            r#""bruin_client_info":{{"client_id":{client},"client_name":"Client {c:04}","site_id":{site}}},"#,
            r#""site_details":{{"clientID":{client},"clientName":"Client {c:04}","siteID":"{site}","siteLabel":"SITE-{i:05}","#,
            r#""timeZone":"EDT","tzOffset":-4,"primaryContactName":"Site Desk","primaryContactPhone":null,"#,
            r#""primaryContactEmail":"site@example.com"}},"ticket_contact_details":null,"#,
            r#""ticket_contact_additional_subscribers":null,"links_configuration":["#,
            r#"{{"interfaces":["GE1"],"mode":"PUBLIC","type":"WIRED"}},{{"interfaces":["GE2"],"mode":"PUBLIC","type":"WIRELESS"}}]}}"#
        ),
        host = HOST,
        enterprise_id = 1 + c,
        enterprise = enterprise,
        id = id,
        i = i,
        serial = serial,
        client = client,
        c = c,
        site = site,
    )
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
