//! What could not be learned, and why.

use wf_source::Span;

use crate::Text;

/// Why something is unknown. Decides nothing but what people are told, and whether `ifUnknown` may look through it ([`Self::is_held`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UnknownKind {
    /// The call that would have told failed.
    Failed,
    /// A write that would have told was held back.
    Held,
    /// A required field is absent.
    Missing,
    /// A value is not of the type it was declared with.
    Drift,
    /// An operand or argument that the operation does not take, null among them.
    Operand,
    /// An index or a key that is not there, a number out of range.
    Range,
    /// A list of which some elements could not be judged.
    Partial,
    /// A decision table without a row that holds.
    NoRow,
    /// A limit on time, size or depth was reached.
    Limit,
}

impl UnknownKind {
    #[must_use]
    pub fn is_held(self) -> bool {
        self == Self::Held
    }

    /// One word for reports and metrics.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::Held => "held",
            Self::Missing => "missing",
            Self::Drift => "drift",
            Self::Operand => "operand",
            Self::Range => "range",
            Self::Partial => "partial",
            Self::NoRow => "no_row",
            Self::Limit => "limit",
        }
    }
}

/// The reason that an unknown value carries: the first one in reading order.
#[derive(Clone, Debug, PartialEq)]
pub struct Unknown {
    pub kind: UnknownKind,
    /// A sentence without full stop: `siteName is missing`, `crm.get_rows failed: 500 - boom`. Never holds a secret.
    pub reason: Text,
    /// The expression that met it first.
    pub span: Option<Span>,
    /// The call it came from, and the place inside its answer: `crm.get_rows, row 4711`.
    pub call: Option<Text>,
}

impl Unknown {
    #[must_use]
    pub fn new(kind: UnknownKind, reason: impl Into<Text>) -> Self {
        Self { kind, reason: reason.into(), span: None, call: None }
    }

    #[must_use]
    pub fn at(mut self, span: Option<Span>) -> Self {
        self.span = self.span.or(span);
        self
    }

    #[must_use]
    pub fn from_call(mut self, call: Option<Text>) -> Self {
        self.call = self.call.or(call);
        self
    }

    /// The reason with the call it came from.
    #[must_use]
    pub fn sentence(&self) -> String {
        match &self.call {
            Some(call) => format!("{} ({call})", self.reason),
            None => self.reason.to_string(),
        }
    }
}
