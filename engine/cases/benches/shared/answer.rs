//! What answers are written with, and the record of an edge that all of them are about.

use std::fmt::Write;

use bytes::Bytes;

/// The number that stands behind a mark in a request; 0 where there is none.
pub(crate) fn number_after(request: &[u8], mark: &[u8]) -> usize {
    let at = request.windows(mark.len()).position(|w| w == mark).map_or(0, |at| at + mark.len());
    let digits = request[at..].iter().take_while(|b| b.is_ascii_digit());
    digits.fold(0, |number, digit| number * 10 + usize::from(digit - b'0'))
}

/// An answer as it comes over the bus.
pub(crate) fn answer(body: &str) -> Bytes {
    format!(r#"{{"status":200,"body":{body}}}"#).into()
}

/// What is said of each edge, as a list.
pub(crate) fn list(edges: usize, one: fn(usize) -> String) -> String {
    let mut text = String::from("[");
    for i in 0..edges {
        let _ = write!(text, "{}{}", if i > 0 { "," } else { "" }, one(i));
    }
    text + "]"
}

pub(crate) const HOST: &str = "mettel.velocloud.net";
/// The number of the first serial.
pub(crate) const SERIALS: usize = 1_000_000;

pub(crate) fn serial(i: usize) -> String {
    format!("VC{:07}", SERIALS + i)
}

pub(crate) fn enterprise(i: usize) -> String {
    format!("Client {:04}|{}|", i / 50, 30_000 + i / 50)
}

/// What the customer cache knows of an edge.
pub(crate) fn record(i: usize) -> String {
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
