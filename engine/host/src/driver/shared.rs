//! What all runs of an engine have in common.

use std::sync::Arc;

use tokio::sync::{Notify, Semaphore};
use wf_value::Value;

use crate::ports::Ports;

/// What all runs of an engine share.
pub struct Shared {
    pub ports: Ports,
    /// Calls that may be under way at once; others wait.
    pub calls: Arc<Semaphore>,
    /// Judges the data of a task before it is booked.
    pub tasks: Arc<dyn TaskInputs>,
    /// Told whenever a recheck is booked.
    pub booked: Notify,
}

/// Knows what workflows want of the tasks that they are started by.
pub trait TaskInputs: Send + Sync {
    /// Why `data` do not fit the workflow that takes tasks of this kind; `None`: they do, or nobody here takes them.
    fn refuse(&self, kind: &str, data: &Value) -> Option<String>;
}
