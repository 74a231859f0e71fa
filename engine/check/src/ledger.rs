//! What was found out about names over the whole project: who uses what, who asks for what is not there.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use wf_source::{Diagnostic, Span};
use wf_value::Text;

use crate::names::{Asked, DefKey, LocalKind};
use crate::uses::Uses;

/// A name made by steps.
#[derive(Clone, Debug)]
pub(crate) struct MadeName {
    pub(crate) name: Arc<str>,
    pub(crate) kind: LocalKind,
    /// `the main steps`, `the flow x`.
    pub(crate) owner: String,
}

#[derive(Default)]
pub(crate) struct Ledger {
    pub(crate) found: Vec<Diagnostic>,
    /// What is told only when nothing is wrong.
    pub(crate) unused: Vec<Diagnostic>,
    /// Names that nothing defines, to be settled when all is known.
    pub(crate) asked: Vec<Asked>,
    /// Used by what runs anyway: main steps, triggers, environments.
    pub(crate) used: HashSet<DefKey>,
    /// Which definition uses which.
    pub(crate) used_by: HashSet<(DefKey, DefKey)>,
    pub(crate) uses: Uses,
    /// Names of steps by their places, and which of them are asked for.
    pub(crate) made: BTreeMap<Span, MadeName>,
    pub(crate) used_locals: HashSet<Span>,
    /// Arguments of defines and tables that their bodies ask for, by number.
    pub(crate) used_args: HashSet<(DefKey, usize)>,
    /// Outcomes that `accept`, `when` and their like name, by action.
    pub(crate) outcomes_used: HashSet<(String, Text)>,
    /// The same of outcomes that the action does not have.
    pub(crate) outcomes_asked: Vec<(String, Arc<str>, Diagnostic)>,
}
