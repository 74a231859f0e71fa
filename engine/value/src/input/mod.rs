//! What comes from outside into an action, a flow, a param: made to fit its type without loss, or refused field by field.

mod coerce;
mod refusal;
mod spec;
mod take;

pub use coerce::coerce;
pub use refusal::{Refusal, Step};
pub use spec::{Extra, Fallback, InputField, InputSpec, Presence};
