//! The tickets that stand there when the scenario starts.

use std::collections::BTreeMap;

use super::{
    desk::{self, Desk, FIRST_QUEUE},
    expand::select,
    network::{Edge, Network},
    ticket::{Note, Task, Ticket},
};
use crate::{
    scenario::{NoteSpec, QueueSpec, Scenario, TaskSpec, TicketSpec, When},
    time::MINUTE,
};
use serde_json::{Value, json};

/// Number of the first ticket that gives none.
const FIRST_TICKET: i64 = 700_001;
/// Larger numbers are refused, so that the numbers made from them stay exact in JSON.
const LAST_TICKET: i64 = 9_999_999_999;

/// Two of the numbers are those that callers know by heart and send without asking for the queues first.
const QUEUES: [(i64, &str); 10] = [
    (1327, FIRST_QUEUE),
    (1547, "Dedicated Worker Queue"),
    (620, "No Trouble Found - Carrier Issue"),
    (621, "Holmdel NOC Investigate"),
    (622, "HNOC Investigate"),
    (623, "Repair Completed"),
    (624, "Wireless Repair Intervention Needed"),
    (625, "Wireless Repair Completed"),
    (626, "ASR Investigate"),
    (627, "Service Repair Worker"),
];

/// Builds the tickets. Adds a line to `problems` for everything that makes no sense.
pub(crate) fn desk(scenario: &Scenario, network: &Network, start: i64, problems: &mut Vec<String>) -> Desk {
    let bruin = scenario.bruin.clone().unwrap_or_default();
    let queues = bruin
        .queues
        .unwrap_or_else(|| QUEUES.iter().map(|&(id, name)| QueueSpec { id, name: name.to_owned() }).collect());
    let user = bruin.user.unwrap_or_else(|| "IPA System".to_owned());
    let mut desk = Desk { tickets: BTreeMap::new(), queues, user, reopens: bruin.reopens };
    let mut next = FIRST_TICKET;
    for (place, spec) in scenario.tickets.iter().flatten().enumerate() {
        let at = format!("tickets[{place}]");
        next = spec.id.unwrap_or(next);
        let edges: Vec<Option<&Edge>> = match &spec.for_each {
            Some(wanted) => select(network, wanted, start, &at, problems)
                .into_iter()
                .map(|index| Some(&network.edges[index]))
                .collect(),
            None => vec![None],
        };
        check(spec, &at, problems);
        for edge in edges {
            if !(1..=LAST_TICKET).contains(&next) {
                problems.push(format!("{at}: ticket numbers go from 1 to {LAST_TICKET}"));
                return desk;
            }
            let Some(ticket) = ticket(&desk, network, spec, edge, next, start) else {
                problems.push(format!("{at}: say which `client` it is of"));
                break;
            };
            if desk.tickets.insert(next, ticket).is_some() {
                problems.push(format!("{at}: ticket {next} stands there twice"));
            }
            next += 1;
        }
    }
    desk
}

fn check(spec: &TicketSpec, at: &str, problems: &mut Vec<String>) {
    let mut one_of = |what: &str, value: Option<&str>, known: &[&str]| {
        if let Some(value) = value.filter(|value| !known.contains(value)) {
            problems.push(format!("{at}: {what} `{value}` is none of {}", known.join(", ")));
        }
    };
    one_of("status", spec.status.as_deref(), &["New", "InProgress", "Draft", "Resolved", "Closed"]);
    one_of("topic", spec.topic.as_deref(), &["VOO", "VAS"]);
    for task in spec.tasks.iter().flatten() {
        one_of("task status", task.status.as_deref(), &["I", "R", "C"]);
    }
    for note in &spec.notes {
        one_of("note type", note.r#type.as_deref(), &["ADN", "CON"]);
    }
}

/// `None` when nobody knows whose ticket it is.
fn ticket(
    desk: &Desk,
    network: &Network,
    spec: &TicketSpec,
    edge: Option<&Edge>,
    id: i64,
    start: i64,
) -> Option<Ticket> {
    let client_id = spec.client.or_else(|| edge.map(|edge| network.client_of(edge).spec.id))?;
    let own = [TaskSpec { serial: "{serial}".to_owned(), id: None, status: None, assigned_to: None, queue: None }];
    let specs: &[TaskSpec] = match (&spec.tasks, edge) {
        (Some(tasks), _) => tasks,
        (None, Some(_)) => &own,
        (None, None) => &[],
    };
    let opened = spec.opened.unwrap_or(When::FromStart(-30 * MINUTE)).after(start);
    let tasks: Vec<Task> = specs.iter().enumerate().map(|(n, task)| self::task(task, edge, id, n, opened)).collect();
    let serials: Vec<String> = tasks.iter().map(|task| task.serial.clone()).collect();
    let notes = spec.notes.iter().enumerate();
    let first_edge = edge.or_else(|| serials.iter().find_map(|serial| network.edge(serial)));
    Some(Ticket {
        id,
        client_id,
        client_name: network.client(client_id).map_or_else(|| "Foreign".to_owned(), |c| c.spec.name.clone()),
        status: spec.status.clone().unwrap_or_else(|| "InProgress".to_owned()),
        topic: spec.topic.clone().unwrap_or_else(|| "VOO".to_owned()),
        product: spec.product.clone().unwrap_or_else(|| "SD-WAN".to_owned()),
        severity: spec.severity.unwrap_or(2),
        created_by: spec.created_by.clone().unwrap_or_else(|| desk.user.clone()),
        created: opened,
        address: first_edge.map_or_else(no_address, desk::address_of),
        notes: notes.map(|(n, note)| self::note(note, edge, &serials, id, n, start)).collect(),
        tasks,
        subscribers: Vec::new(),
    })
}

fn task(spec: &TaskSpec, edge: Option<&Edge>, ticket: i64, n: usize, opened: i64) -> Task {
    Task {
        id: spec.id.unwrap_or(ticket * 100 + n as i64 + 1),
        serial: filled(&spec.serial, edge),
        status: spec.status.clone().unwrap_or_else(|| "I".to_owned()),
        assigned_to: spec.assigned_to.clone().unwrap_or_else(|| "0".to_owned()),
        queue: spec.queue.clone().unwrap_or_else(|| FIRST_QUEUE.to_owned()),
        updated: opened,
    }
}

fn note(spec: &NoteSpec, edge: Option<&Edge>, serials: &[String], ticket: i64, n: usize, start: i64) -> Note {
    let serials = match &spec.serials {
        None => serials.to_vec(),
        Some(given) => given.iter().map(|serial| filled(serial, edge)).collect(),
    };
    Note {
        id: ticket * 1_000 + n as i64 + 1,
        text: spec.text.as_deref().map(|text| filled(text, edge)),
        serials: (!serials.is_empty()).then_some(serials),
        created: spec.at.after(start),
        creator: spec.by.clone().unwrap_or_else(|| "ipa@example.com".to_owned()),
        kind: spec.r#type.clone().unwrap_or_else(|| "ADN".to_owned()),
    }
}

fn filled(text: &str, edge: Option<&Edge>) -> String {
    let Some(edge) = edge else { return text.to_owned() };
    text.replace("{serial}", &edge.serial).replace("{ha_serial}", edge.ha_serial.as_deref().unwrap_or_default())
}

fn no_address() -> Value {
    json!({"address": "1 Main St", "city": "New York", "state": "NY", "zip": "10001", "country": "USA"})
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{model::expand, time::HOUR};

    const START: i64 = 1_654_092_000_000;

    fn build(tickets: &str) -> (Desk, Vec<String>) {
        let text = format!(
            "hosts: [{{name: h}}]\nclients: [{{id: 5, name: Acme, host: h, enterprise: 1, edges: {{serial: VC1, count: 5}}}}]\n\
             outages: [{{edges: [VC2, VC4], from: -1h}}]\ntickets:\n{tickets}"
        );
        let scenario = Scenario::from_yaml("test", &text).unwrap();
        let mut problems = Vec::new();
        let network = expand::network(&scenario, START, &mut problems);
        let desk = desk(&scenario, &network, START, &mut problems);
        (desk, problems)
    }

    #[test]
    fn a_ticket_for_each_edge_in_outage() {
        let (desk, problems) = build(
            "  - {id: 100, for_each: {in_outage: yes}, notes: [{text: 'about {serial}', at: -2h}]}\n  - {client: 99, tasks: [{serial: X}]}\n",
        );
        assert_eq!(problems, Vec::<String>::new());
        assert_eq!(desk.tickets.keys().copied().collect::<Vec<_>>(), [100, 101, 102]);
        let second = &desk.tickets[&101];
        assert_eq!((second.client_id, second.tasks[0].serial.as_str(), second.tasks[0].id), (5, "VC4", 10_101));
        assert_eq!(second.notes[0].text.as_deref(), Some("about VC4"));
        assert_eq!(second.notes[0].serials, Some(vec!["VC4".to_owned()]));
        assert_eq!(second.notes[0].created, START - 2 * HOUR);
        assert_eq!(desk.tickets[&102].client_name, "Foreign");
    }

    #[test]
    fn what_makes_no_sense_is_said() {
        let (_, problems) =
            build("  - {id: 1, client: 5, status: Open}\n  - {id: 1, client: 5}\n  - {id: 0, client: 5}\n");
        let all = problems.join("\n");
        assert!(all.contains("tickets[0]: status `Open` is none of New, InProgress"), "{all}");
        assert!(all.contains("tickets[1]: ticket 1 stands there twice"), "{all}");
        assert!(all.contains("tickets[2]: ticket numbers go from 1"), "{all}");
        let (_, problems) = build("  - {status: New}\n");
        assert!(problems[0].contains("say which `client`"), "{problems:?}");
    }
}
