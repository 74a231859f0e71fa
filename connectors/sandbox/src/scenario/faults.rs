//! What the vendors do wrong, and when.

use serde::Deserialize;
use serde_json::Value;

use super::{Flag, Size, Span, When};
use crate::server::vendor::Vendor;

/// Of the requests that fit all of vendor, host, method, path and time: leaves the first `skip` alone, then strikes
/// every `every`-th, at most `count` times.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FaultSpec {
    pub(crate) fault: FaultKind,
    pub(crate) vendor: Vendor,
    /// An orchestrator; VeloCloud only.
    pub(crate) host: Option<String>,
    pub(crate) method: Option<String>,
    /// `*` stands for any text: `/api/Ticket/*/notes`. Left out: every path.
    pub(crate) path: Option<String>,
    pub(crate) from: Option<When>,
    pub(crate) until: Option<When>,
    #[serde(default)]
    pub(crate) skip: u64,
    pub(crate) count: Option<u64>,
    pub(crate) every: Option<u64>,
    /// Of `status`.
    pub(crate) status: Option<u16>,
    /// Of `status` and `garbage`: text, or any other value as JSON.
    pub(crate) body: Option<Value>,
    /// Of `large`.
    pub(crate) size: Option<Size>,
    /// Real time that passes before the vendor does anything; of any fault.
    pub(crate) delay: Option<Span>,
    /// Whether the vendor did what it was asked for before it went wrong.
    pub(crate) acted: Option<Flag>,
}

#[derive(Debug, Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FaultKind {
    /// Nobody listens on the vendor's port. By time alone.
    Refuse,
    /// The connection is closed before the answer's first byte.
    HangUp,
    /// No answer ever comes.
    Silence,
    /// Half of the answer's body comes, then the connection is closed.
    Cut,
    /// Success, a JSON content type, and no JSON.
    Garbage,
    /// The right answer, blown up to `size`.
    Large,
    /// The session or token of the request has run out.
    Expired,
    /// Another status.
    Status,
    /// The right answer, late.
    Delay,
}

impl FaultKind {
    /// Whether the vendor has carried the request out, where the scenario does not say.
    pub(crate) fn acts(self) -> bool {
        matches!(self, FaultKind::Cut | FaultKind::Garbage | FaultKind::Large | FaultKind::Delay)
    }
}
