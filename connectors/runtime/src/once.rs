//! Writes that happen once: the id is claimed, the reply remembered, a claim without one is in doubt (`connectors.md` §7).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use wf_expr::Truth;
use wf_host::envelope::{self, IN_DOUBT};
use wf_plan::{Doubt, Effect, Envelope, Look};
use wf_value::{Time, Value};

use crate::action::{Performance, Performed};
use crate::answers::{Reply, fault, status};
use crate::claims::Claim;
use crate::live_connector::LiveConnector;
use crate::scene::Reads;

/// Requests under way: a second one of the same id waits for the reply of the first.
#[derive(Default)]
pub(crate) struct Gates {
    /// By subject and id.
    open: Mutex<HashMap<(String, String), Gate>>,
}

type Gate = Arc<tokio::sync::Mutex<()>>;

impl Gates {
    fn of(&self, subject: &str, id: &str) -> Gate {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|_, gate| Arc::strong_count(gate) > 1);
        open.entry((subject.to_owned(), id.to_owned())).or_default().clone()
    }
}

/// What the vendor can be asked about a write in doubt.
enum Found {
    Yes(Reply),
    No,
    /// Nobody can tell.
    Unknown(String),
}

impl LiveConnector {
    /// Carries the write out, or gives the reply that it was given before.
    pub(crate) async fn once(&self, performance: Performance<'_>, id: &str) -> Performed {
        // the action's name is one for each subject, and knows no placeholders
        let subject = performance.action.contract.full_name().as_str();
        let gate = self.gates.of(subject, id);
        let _gate = gate.lock().await;
        let clock = performance.face.clock.clone();
        let doubt = &performance.action.contract.doubt;
        match self.claims.claim(subject, id, clock.now()).await {
            Ok(Claim::New) => {}
            Ok(Claim::Replied(reply)) => {
                let answered = envelope::read_reply(Envelope::Body, subject, &reply);
                let reply = Reply { status: answered.status, body: answered.body, word: answered.why };
                return Performed { reply, acted: false };
            }
            Ok(Claim::Doubt { since }) => {
                let tells = performance.action.contract.effect == Effect::Tell;
                tracing::warn!(action = subject, %since, "asked before, and no reply was recorded");
                match doubt {
                    Doubt::Repeat if !tells => {}
                    Doubt::Look(look) if !tells => match self.look(&performance, look, since).await {
                        Found::Yes(reply) => {
                            self.remember(subject, id, &reply, clock.now()).await;
                            return Performed { reply, acted: false };
                        }
                        Found::No => {}
                        Found::Unknown(why) => return in_doubt(since, &why),
                    },
                    _ => return in_doubt(since, "it is not repeated"),
                }
            }
            Err(error) => {
                tracing::error!(action = subject, %error, "nothing is written without a claim");
                let body = Value::from(format!("not sent: {error}"));
                let reply = Reply { status: 500, body, word: Some(wf_plan::Word::NoConnection) };
                return Performed { reply, acted: false };
            }
        }
        let performed = performance.perform().await;
        if performed.acted {
            self.remember(subject, id, &performed.reply, clock.now()).await;
        } else if let Err(error) = self.claims.release(subject, id).await {
            tracing::error!(action = subject, %error, "a claim could not be given up");
        }
        performed
    }

    async fn remember(&self, subject: &str, id: &str, reply: &Reply, now: Timestamp) {
        let written = envelope::write_reply(Envelope::Body, None, reply.status, &reply.body);
        // a body that cannot be sent is replied as unusable: so it is when it is asked for again
        let written = written.or_else(|why| {
            let body = Value::from(format!("the reply cannot be sent: {why}"));
            envelope::write_reply(Envelope::Body, None, 502, &body)
        });
        let remembered = match written {
            Ok(bytes) => self.claims.remember(subject, id, bytes, now).await.map_err(|error| error.to_string()),
            Err(why) => Err(why.to_string()),
        };
        if let Err(error) = remembered {
            tracing::error!(action = subject, error, "a reply could not be remembered: its request is in doubt");
        }
    }

    /// Asks the vendor whether it happened.
    async fn look(&self, performance: &Performance<'_>, look: &Look, since: Timestamp) -> Found {
        let Some(module) = performance.face.module() else { return Found::Unknown("its file is not there".into()) };
        let mut scene = performance.face.scene(module, performance.scope(), 0);
        scene.set(look.sent_at, Value::Time(Arc::new(Time::new(since))));
        for (slot, written) in &look.lets {
            let value = scene.value(written);
            scene.set(*slot, value);
        }
        let with = scene.with(Reads::Typed, |ctx| look.with.sent(ctx));
        if let Some(why) = with.first_unknown() {
            return Found::Unknown(why.sentence());
        }
        let asked = self.perform(&look.call, None, with).await.reply;
        if !(200..300).contains(&asked.status) {
            return Found::Unknown(format!("{} failed: {} - {}", look.call, asked.status, asked.body.print_lenient()));
        }
        let output = self.find(&look.call).map(|(_, action)| action.contract.output.clone());
        let body = match output {
            Some(output) => asked.body.typed(&output),
            None => asked.body,
        };
        scene.set(look.answer, body);
        match scene.with(Reads::Typed, |ctx| look.found.truth(ctx)) {
            Truth::No => Found::No,
            Truth::Unknown(why) => Found::Unknown(why.sentence()),
            Truth::Yes => {
                let body = look.body.as_ref().map_or(Value::Null, |body| scene.value(body));
                let said = look.status.as_ref().map(|written| status(&scene.value(written)));
                match (fault(&body, None), said) {
                    (Some(why), _) => Found::Unknown(why),
                    (None, Some(None)) => Found::Unknown("the status to reply is none".into()),
                    (None, said) => Found::Yes(Reply { status: said.flatten().unwrap_or(200), body, word: None }),
                }
            }
        }
    }
}

/// A write of which nobody knows whether it happened; it was not asked for again.
fn in_doubt(since: Timestamp, why: &str) -> Performed {
    let body = Value::from(format!("{IN_DOUBT}: it was asked for at {since} and no answer was recorded; {why}"));
    Performed { reply: Reply { status: 504, body, word: Some(wf_plan::Word::NoAnswer) }, acted: false }
}
