//! Tickets as they are when the scenario starts.

use serde::Deserialize;

use super::{Select, When};

/// One ticket, or with `for_each` one for each edge that it picks.
///
/// In the texts and serials of such tickets `{serial}` is the edge's serial, `{ha_serial}` its standby's.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TicketSpec {
    /// With `for_each` the first one's number. Default: one after the last.
    pub(crate) id: Option<i64>,
    pub(crate) for_each: Option<Select>,
    /// Default with `for_each`: the client of the edge.
    pub(crate) client: Option<i64>,
    pub(crate) status: Option<String>,
    /// `VOO` outage (default), `VAS` affecting.
    pub(crate) topic: Option<String>,
    pub(crate) product: Option<String>,
    pub(crate) severity: Option<i64>,
    pub(crate) created_by: Option<String>,
    pub(crate) opened: Option<When>,
    /// Default with `for_each`: one task, about the edge. Without: none.
    pub(crate) tasks: Option<Vec<TaskSpec>>,
    #[serde(default)]
    pub(crate) notes: Vec<NoteSpec>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TaskSpec {
    /// Any service number, also one that no edge has.
    pub(crate) serial: String,
    pub(crate) id: Option<i64>,
    /// `I` in progress (default), `R` resolved, `C` closed.
    pub(crate) status: Option<String>,
    pub(crate) assigned_to: Option<String>,
    /// Name of the work queue where it is.
    pub(crate) queue: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoteSpec {
    /// `~` is a note without text.
    pub(crate) text: Option<String>,
    /// Default: the serials of all tasks. `[]`: a note about the ticket as a whole (null at the vendor).
    pub(crate) serials: Option<Vec<String>>,
    pub(crate) at: When,
    pub(crate) by: Option<String>,
    /// `ADN` (default) or `CON`.
    pub(crate) r#type: Option<String>,
}

/// A work queue that tasks can be sent to.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct QueueSpec {
    pub(crate) id: i64,
    pub(crate) name: String,
}
