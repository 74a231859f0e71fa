//! All tickets, and what can be done to them. Every vendor action works on this one model.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{
    network::{Edge, Network},
    ticket::{NOTE_LIMIT, Note, Task, Ticket},
};
use crate::scenario::{QueueSpec, Reopens};

/// Queue of a new task.
pub(crate) const FIRST_QUEUE: &str = "IPA Investigate";
/// Tickets that are opened while the scenario runs are numbered from here.
const NEW_TICKETS: i64 = 4_000_000;

/// Why something cannot be done to a ticket.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    NoTicket(i64),
    NoTask(i64),
    NoteTooLong(usize),
    NoQueue(i64),
    Invalid(String),
}

#[derive(Debug)]
pub(crate) struct Desk {
    pub(crate) tickets: BTreeMap<i64, Ticket>,
    pub(crate) queues: Vec<QueueSpec>,
    /// The account that our own writes are done by.
    pub(crate) user: String,
    /// For whom asking for a ticket re-opens a resolved one.
    pub(crate) reopens: Reopens,
}

/// What asking for an outage ticket gave, for one service number.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Opened {
    /// 0: none.
    pub(crate) ticket: i64,
    /// 409 is open already, 471 is resolved, 472 was resolved and is open again, 473 the same with a new task.
    pub(crate) code: Option<i64>,
    pub(crate) message: Option<String>,
}

impl Desk {
    /// How many tickets somebody still works on.
    pub(crate) fn open(&self) -> usize {
        self.tickets.values().filter(|ticket| ticket.is_open()).count()
    }

    pub(crate) fn ticket(&self, id: i64) -> Result<&Ticket, Refusal> {
        self.tickets.get(&id).ok_or(Refusal::NoTicket(id))
    }

    pub(crate) fn ticket_mut(&mut self, id: i64) -> Result<&mut Ticket, Refusal> {
        self.tickets.get_mut(&id).ok_or(Refusal::NoTicket(id))
    }

    /// Appends a note; gives its number.
    pub(crate) fn add_note(
        &mut self,
        ticket: i64,
        text: Option<String>,
        serials: Option<Vec<String>>,
        kind: &str,
        now: i64,
    ) -> Result<i64, Refusal> {
        let creator = self.user.clone();
        let ticket = self.ticket_mut(ticket)?;
        check_note(text.as_deref())?;
        let id = ticket.id * 1_000 + ticket.notes.len() as i64 + 1;
        ticket.notes.push(Note { id, text, serials, created: now, creator, kind: kind.to_owned() });
        Ok(id)
    }

    /// Opens (`O`) or resolves (`R`) a task; the ticket follows when its last open task is resolved.
    pub(crate) fn set_status(&mut self, ticket: i64, detail: i64, status: &str, now: i64) -> Result<(), Refusal> {
        let ticket = self.ticket_mut(ticket)?;
        let status = match status {
            "O" => "I",
            "R" => "R",
            other => return Err(Refusal::Invalid(format!("unknown status `{other}`"))),
        };
        let task = ticket.tasks.iter_mut().find(|task| task.id == detail).ok_or(Refusal::NoTask(detail))?;
        status.clone_into(&mut task.status);
        task.updated = now;
        if ticket.tasks.iter().all(|task| task.status != "I") {
            "Resolved".clone_into(&mut ticket.status);
        } else if !ticket.is_open() {
            "InProgress".clone_into(&mut ticket.status);
        }
        Ok(())
    }

    /// The tasks of a ticket about lines of these interfaces of the edge of a task, by number.
    pub(crate) fn line_tasks(
        &self,
        network: &Network,
        ticket: i64,
        detail: i64,
        interfaces: &[String],
    ) -> Result<Vec<i64>, Refusal> {
        let ticket = self.ticket(ticket)?;
        let task = ticket.tasks.iter().find(|task| task.id == detail).ok_or(Refusal::NoTask(detail))?;
        let links = network.edge(&task.serial).map(|edge| edge.links.as_slice()).unwrap_or_default();
        let lines: Vec<&str> = links
            .iter()
            .filter(|link| interfaces.contains(&link.interface))
            .filter_map(|link| link.service_number.as_deref())
            .collect();
        Ok(ticket.tasks.iter().filter(|task| lines.contains(&task.serial.as_str())).map(|task| task.id).collect())
    }

    /// Finds a task by its number, or else by its service number: the task of a line is named with the number of its
    /// edge. `NoTask` carries 0 where only the latter was given.
    pub(crate) fn find_task(
        &mut self,
        ticket: i64,
        detail: Option<i64>,
        serial: Option<&str>,
    ) -> Result<&mut Task, Refusal> {
        let fits = |task: &&mut Task| match detail {
            Some(id) => task.id == id,
            None => serial.is_none_or(|serial| task.serial == serial),
        };
        if detail.is_none() && serial.is_none() {
            return Err(Refusal::Invalid("neither a service number nor a detail was given".to_owned()));
        }
        self.ticket_mut(ticket)?.tasks.iter_mut().find(fits).ok_or(Refusal::NoTask(detail.unwrap_or(0)))
    }

    /// Moves a task to the queue with this result type.
    pub(crate) fn move_task(
        &mut self,
        ticket: i64,
        detail: Option<i64>,
        serial: Option<&str>,
        result_type: i64,
        now: i64,
    ) -> Result<(), Refusal> {
        let queue = self.queues.iter().find(|queue| queue.id == result_type).ok_or(Refusal::NoQueue(result_type))?;
        let name = queue.name.clone();
        let task = self.find_task(ticket, detail, serial)?;
        task.queue = name;
        task.updated = now;
        Ok(())
    }

    pub(crate) fn close(&mut self, ticket: i64, note: String, now: i64) -> Result<(), Refusal> {
        self.add_note(ticket, Some(note), None, "ADN", now)?;
        let ticket = self.ticket_mut(ticket)?;
        "Closed".clone_into(&mut ticket.status);
        for task in &mut ticket.tasks {
            "C".clone_into(&mut task.status);
            task.updated = now;
        }
        Ok(())
    }

    /// Asks for an outage ticket about one service number.
    pub(crate) fn open_outage(&mut self, network: &Network, client: i64, serial: &str, now: i64) -> Opened {
        let Some(edge) = owned(network, client, serial) else {
            let message = format!("client {client} has no active inventory {serial}");
            return Opened { ticket: 0, code: None, message: Some(message) };
        };
        let of_topic = |ticket: &&Ticket| ticket.client_id == client && ticket.topic == "VOO";
        let mut own = self.tickets.values().filter(of_topic).filter(|ticket| ticket.task(serial).is_some());
        if let Some(ticket) = own.clone().find(|ticket| ticket.is_open() && is_worked(ticket, serial)) {
            let message = format!("ticket {} is in progress for {serial}", ticket.id);
            return Opened { ticket: ticket.id, code: Some(409), message: Some(message) };
        }
        if let Some(id) = own.rfind(|ticket| ticket.is_resolved() || ticket.is_open()).map(|ticket| ticket.id) {
            return self.resolved_ticket(id, serial, now);
        }
        let same_site: Vec<&str> = [Some(edge.serial.as_str()), edge.ha_serial.as_deref()]
            .into_iter()
            .flatten()
            .chain(edge.links.iter().filter_map(|link| link.service_number.as_deref()))
            .collect();
        let neighbour = self.tickets.values().filter(of_topic).rfind(|ticket| {
            ticket.is_resolved() && ticket.tasks.iter().any(|task| same_site.contains(&task.serial.as_str()))
        });
        if let (true, Some(id)) = (self.reopens.holds(client), neighbour.map(|ticket| ticket.id)) {
            self.add_task(id, serial, now);
            return Opened { ticket: id, code: Some(473), message: Some(format!("{serial} was added to ticket {id}")) };
        }
        let id = self.open_ticket(network, client, "VOO", &[(edge, serial)], now);
        Opened { ticket: id, code: None, message: None }
    }

    /// Opens a ticket with one task for each service number; gives its number. The number follows from the edge and
    /// not from the order of the calls, so that two runs of the same work give the same numbers.
    pub(crate) fn open_ticket(
        &mut self,
        network: &Network,
        client: i64,
        topic: &str,
        services: &[(&Edge, &str)],
        now: i64,
    ) -> i64 {
        let place = services.first().map_or(0, |(edge, _)| edge.index as i64);
        let mut id = NEW_TICKETS + place * 100;
        while self.tickets.contains_key(&id) {
            id += 1;
        }
        let address = services.first().map_or(Value::Null, |(edge, _)| address_of(edge));
        let ticket = Ticket {
            id,
            client_id: client,
            client_name: network.client(client).map(|client| client.spec.name.clone()).unwrap_or_default(),
            status: "New".to_owned(),
            topic: topic.to_owned(),
            product: "SD-WAN".to_owned(),
            severity: 2,
            created_by: self.user.clone(),
            created: now,
            address,
            tasks: Vec::new(),
            notes: Vec::new(),
            subscribers: Vec::new(),
        };
        self.tickets.insert(id, ticket);
        for (_, serial) in services {
            self.add_task(id, serial, now);
        }
        id
    }

    /// Adds a task for a line to the ticket of its edge, which may be `fresh`: in progress or resolved already, it says so.
    pub(crate) fn open_line(&mut self, ticket: i64, fresh: bool, line: &str, now: i64) -> Opened {
        let known = self.tickets.get(&ticket).and_then(|of| of.task(line)).map(|task| task.status.clone());
        let (code, message) = match known.as_deref() {
            None => {
                self.add_task(ticket, line, now);
                if fresh {
                    return Opened { ticket, code: None, message: None };
                }
                (0, format!("We'll add an additional line to ticket {ticket} for {line}"))
            }
            Some("I") => (409, format!("ticket {ticket} is in progress for {line}")),
            Some(_) => return self.resolved_ticket(ticket, line, now),
        };
        Opened { ticket, code: Some(code), message: Some(message) }
    }

    fn resolved_ticket(&mut self, id: i64, serial: &str, now: i64) -> Opened {
        let client = self.tickets.get(&id).map_or(0, |ticket| ticket.client_id);
        if !self.reopens.holds(client) {
            return Opened { ticket: id, code: Some(471), message: Some(format!("ticket {id} is resolved")) };
        }
        if let Some(ticket) = self.tickets.get_mut(&id) {
            "InProgress".clone_into(&mut ticket.status);
            for task in ticket.tasks.iter_mut().filter(|task| task.serial == serial) {
                "I".clone_into(&mut task.status);
                task.updated = now;
            }
        }
        Opened { ticket: id, code: Some(472), message: Some(format!("ticket {id} was re-opened")) }
    }

    fn add_task(&mut self, ticket: i64, serial: &str, now: i64) {
        let Some(ticket) = self.tickets.get_mut(&ticket) else { return };
        if !ticket.is_open() {
            "InProgress".clone_into(&mut ticket.status);
        }
        ticket.tasks.push(Task {
            id: ticket.id * 100 + ticket.tasks.len() as i64 + 1,
            serial: serial.to_owned(),
            status: "I".to_owned(),
            assigned_to: "0".to_owned(),
            queue: FIRST_QUEUE.to_owned(),
            updated: now,
        });
    }
}

/// Refuses notes that the ticketing system does not take. Characters count, not bytes.
pub(crate) fn check_note(text: Option<&str>) -> Result<(), Refusal> {
    let length = text.map_or(0, |text| text.chars().count());
    if length >= NOTE_LIMIT { Err(Refusal::NoteTooLong(length)) } else { Ok(()) }
}

/// The edge of this client that a service number belongs to: its own, its standby's or one of a line.
pub(crate) fn owned<'a>(network: &'a Network, client: i64, serial: &str) -> Option<&'a Edge> {
    let edge = network.edge(serial).or_else(|| {
        let has = |edge: &&Edge| edge.links.iter().any(|link| link.service_number.as_deref() == Some(serial));
        network.edges.iter().find(has)
    })?;
    (network.client_of(edge).spec.id == client).then_some(edge)
}

/// The address of an edge's site.
pub(crate) fn address_of(edge: &Edge) -> Value {
    let site = &edge.site;
    json!({"address": site.address, "city": site.city, "state": site.state, "zip": site.zip, "country": "USA"})
}

fn is_worked(ticket: &Ticket, serial: &str) -> bool {
    ticket.task(serial).is_some_and(|task| task.status == "I")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::expand,
        scenario::{Flag, Scenario},
    };

    const NOW: i64 = 1_654_092_000_000;

    fn desk(reopens: bool) -> (Network, Desk) {
        let text = "hosts: [{name: h}]\nclients: [{id: 5, name: Acme, host: h, enterprise: 1, edges: [{serial: VC1, ha_serial: VC2}, {serial: VC3}]}]\n";
        let network = expand::network(&Scenario::from_yaml("test", text).unwrap(), NOW, &mut Vec::new());
        let queues = vec![QueueSpec { id: 7, name: "Wireless".to_owned() }];
        (
            network,
            Desk { tickets: BTreeMap::new(), queues, user: "IPA".to_owned(), reopens: Reopens::All(Flag(reopens)) },
        )
    }

    #[test]
    fn asking_twice_gives_409_and_the_same_ticket() {
        let (network, mut desk) = desk(false);
        let first = desk.open_outage(&network, 5, "VC1", NOW);
        assert_eq!((first.code, first.ticket), (None, 4_000_000));
        let second = desk.open_outage(&network, 5, "VC1", NOW);
        assert_eq!((second.code, second.ticket), (Some(409), first.ticket));
        assert_eq!(desk.open_outage(&network, 6, "VC1", NOW).ticket, 0);
        assert_eq!(desk.open_outage(&network, 5, "VC3", NOW).ticket, 4_000_100);
    }

    #[test]
    fn a_resolved_ticket_is_named_or_opened_again() {
        for (reopens, code, status) in [(false, 471, "Resolved"), (true, 472, "InProgress")] {
            let (network, mut desk) = desk(reopens);
            let id = desk.open_outage(&network, 5, "VC1", NOW).ticket;
            desk.set_status(id, id * 100 + 1, "R", NOW).unwrap();
            assert_eq!(desk.ticket(id).unwrap().status, "Resolved");
            assert_eq!(desk.open_outage(&network, 5, "VC1", NOW).code, Some(code));
            assert_eq!(desk.ticket(id).unwrap().status, status);
        }
    }

    #[test]
    fn the_other_half_is_added_to_the_sites_resolved_ticket() {
        let (network, mut desk) = desk(true);
        let id = desk.open_outage(&network, 5, "VC1", NOW).ticket;
        desk.set_status(id, id * 100 + 1, "R", NOW).unwrap();
        let added = desk.open_outage(&network, 5, "VC2", NOW);
        assert_eq!((added.code, added.ticket), (Some(473), id));
        assert!(desk.ticket(id).unwrap().is_open());
        assert_eq!(desk.ticket(id).unwrap().tasks.len(), 2);
    }

    #[test]
    fn notes_of_1500_characters_are_refused() {
        let (network, mut desk) = desk(false);
        let id = desk.open_outage(&network, 5, "VC1", NOW).ticket;
        let refused = desk.add_note(id, Some("é".repeat(1_500)), None, "ADN", NOW);
        assert_eq!(refused, Err(Refusal::NoteTooLong(1_500)));
        assert!(desk.add_note(id, Some("é".repeat(1_499)), None, "ADN", NOW).is_ok());
        assert_eq!(desk.ticket(id).unwrap().notes.len(), 1);
    }

    #[test]
    fn tasks_move_between_queues() {
        let (network, mut desk) = desk(false);
        let id = desk.open_outage(&network, 5, "VC1", NOW).ticket;
        assert_eq!(desk.move_task(id, None, Some("VC1"), 99, NOW), Err(Refusal::NoQueue(99)));
        assert_eq!(desk.move_task(id, None, Some("VC9"), 7, NOW), Err(Refusal::NoTask(0)));
        desk.move_task(id, None, Some("VC1"), 7, NOW).unwrap();
        assert_eq!(desk.ticket(id).unwrap().tasks[0].queue, "Wireless");
    }
}
