//! What a run had under way when its engine ended: gone on with, by the engine that takes it up.

use std::time::Duration;

use wf_machine::Effect;
use wf_plan::{Action, Doubt, Word};

use super::calls::{self, Outgoing};
use super::drive::Driver;
use super::job::Stopped;
use crate::envelope::{IN_DOUBT, Way};
use crate::replay::Open;

impl Driver {
    /// Reads are asked again, what never left leaves now. What may have left goes out again under its id, to whoever knows that id.
    pub(super) async fn take_up(&mut self, Open { effect, in_doubt }: Open) -> Result<(), Stopped> {
        match effect {
            // it is written down already
            Effect::Timer { address, at } => self.timers.set(address, at),
            Effect::Call { address, request_id, action, body, timeout_ms } if in_doubt => {
                if let Some(why) = not_repeated(&action) {
                    self.answer(address, calls::none(Word::NoAnswer, why));
                    return Ok(());
                }
                match self.message(&action, Way::Call, &request_id, &body) {
                    Ok((subject, payload)) => {
                        let timeout = Duration::from_millis(u64::try_from(timeout_ms).unwrap_or(0));
                        self.calls.call(Outgoing { address, action, subject, payload, durable: None }, timeout).await;
                    }
                    Err(why) => self.answer(address, calls::none(Word::Unusable, why)),
                }
            }
            Effect::Publish { address, request_id, action, body } if in_doubt => {
                let message = match not_repeated(&action) {
                    Some(why) => Err(why),
                    None => self.message(&action, Way::Publish, &request_id, &body),
                };
                match message {
                    Ok((subject, payload)) => {
                        self.calls.publish(Outgoing { address, action, subject, payload, durable: None });
                    }
                    Err(why) => self.calls.lost(address, why),
                }
            }
            other => drop(self.carry_out(other).await?),
        }
        Ok(())
    }
}

/// Why a message that may have left is not sent again; `None`: it is. Whoever claims request ids knows by himself what he did with this
/// one; to others it is repeated only where that is harmless.
fn not_repeated(action: &Action) -> Option<String> {
    let harmless = matches!(action.doubt, Doubt::Repeat) && action.effect == wf_plan::Effect::Write;
    let why = "it was sent before the engine stopped, and no answer was recorded; it is not repeated";
    (!action.claims && !harmless).then(|| format!("{IN_DOUBT}: {why}"))
}
