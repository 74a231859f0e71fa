//! A ticket, its tasks and notes, and how the ticketing system writes them.

use serde_json::{Value, json};

use crate::time::{iso_eastern, us_utc};

/// Notes of so many characters or more are refused.
pub(crate) const NOTE_LIMIT: usize = 1_500;

#[derive(Debug, Clone)]
pub(crate) struct Ticket {
    pub(crate) id: i64,
    pub(crate) client_id: i64,
    pub(crate) client_name: String,
    /// `New`, `InProgress`, `Draft`, `Resolved`, `Closed`.
    pub(crate) status: String,
    /// `VOO` or `VAS`.
    pub(crate) topic: String,
    pub(crate) product: String,
    pub(crate) severity: i64,
    pub(crate) created_by: String,
    pub(crate) created: i64,
    pub(crate) address: Value,
    pub(crate) tasks: Vec<Task>,
    pub(crate) notes: Vec<Note>,
    pub(crate) subscribers: Vec<Value>,
}

#[derive(Debug, Clone)]
pub(crate) struct Task {
    pub(crate) id: i64,
    pub(crate) serial: String,
    /// `I`, `R` or `C`.
    pub(crate) status: String,
    pub(crate) assigned_to: String,
    pub(crate) queue: String,
    pub(crate) updated: i64,
}

#[derive(Debug, Clone)]
pub(crate) struct Note {
    pub(crate) id: i64,
    pub(crate) text: Option<String>,
    /// `None`: about the ticket as a whole.
    pub(crate) serials: Option<Vec<String>>,
    pub(crate) created: i64,
    pub(crate) creator: String,
    pub(crate) kind: String,
}

impl Ticket {
    /// Somebody still works on it.
    pub(crate) fn is_open(&self) -> bool {
        matches!(self.status.as_str(), "New" | "InProgress" | "Draft")
    }

    pub(crate) fn is_resolved(&self) -> bool {
        self.status == "Resolved"
    }

    pub(crate) fn task(&self, serial: &str) -> Option<&Task> {
        self.tasks.iter().find(|task| task.serial == serial)
    }

    /// Matches the ticket's status as a filter writes it (`In-Progress` is `InProgress`).
    pub(crate) fn has_status(&self, filter: &str) -> bool {
        filter.replace('-', "").eq_ignore_ascii_case(&self.status)
    }

    /// The row that lists of tickets show; `/api/Ticket/basic`.
    pub(crate) fn basic(&self) -> Value {
        json!({
            "clientID": self.client_id,
            "clientName": self.client_name,
            "ticketID": self.id,
            "callType": "REP",
            "category": self.topic,
            "topic": self.topic,
            "productCategory": self.product,
            "referenceTicketNumber": 0,
            "ticketStatus": self.status,
            "address": self.address,
            "createDate": us_utc(self.created),
            "createdBy": self.created_by,
            "creationNote": null,
            "resolveDate": "",
            "resolvedby": null,
            "closeDate": null,
            "closedBy": null,
            "lastUpdate": null,
            "updatedBy": null,
            "mostRecentNote": self.notes.last().and_then(|note| note.text.as_deref()).unwrap_or(" "),
            "nextScheduledDate": "",
            "flags": "",
            "severity": self.severity,
        })
    }

    /// As [`Ticket::basic`] with the service numbers; `/api/Ticket`.
    pub(crate) fn full(&self) -> Value {
        let mut row = self.basic();
        row["serviceNumbers"] = self.tasks.iter().map(|task| Value::from(task.serial.as_str())).collect();
        row
    }

    /// `/api/Ticket/{id}/details`
    pub(crate) fn details(&self) -> Value {
        json!({
            "ticketDetails": self.tasks.iter().map(Task::row).collect::<Vec<_>>(),
            "ticketNotes": self.notes.iter().map(Note::row).collect::<Vec<_>>(),
        })
    }
}

impl Task {
    fn row(&self) -> Value {
        json!({
            "detailID": self.id,
            "detailType": "Repair_WTN",
            "detailStatus": self.status,
            "detailValue": self.serial,
            "assignedToName": self.assigned_to,
            "currentTaskID": null,
            "currentTaskName": self.queue,
            "lastUpdatedBy": 0,
            "lastUpdatedAt": iso_eastern(self.updated),
        })
    }
}

impl Note {
    fn row(&self) -> Value {
        json!({
            "noteId": self.id,
            "noteType": self.kind,
            "noteValue": self.text,
            "serviceNumber": self.serials,
            "createdDate": iso_eastern(self.created),
            "creator": self.creator,
        })
    }
}
