//! A connector at work: all its faces, and the way from a request to its reply.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use futures::future::BoxFuture;
use wf_expr::Written;
use wf_host::ports::Bus;
use wf_machine::Scope;
use wf_plan::{ConnectorAction, Effect};
use wf_value::input::{InputField, Refusal};
use wf_value::{Map, Text, Value};

use crate::action::{Performance, Performed, as_it_came, run_of};
use crate::answers::Reply;
use crate::claims::Claims;
use crate::live_face::LiveFace;
use crate::once::Gates;
use crate::received::Outcome;
use crate::transports::imap::Held;

pub(crate) struct LiveConnector {
    /// By the number of the face; none where others answer.
    pub(crate) faces: Vec<Option<LiveFace>>,
    /// Face and place of each action.
    pub(crate) actions: HashMap<Text, (usize, usize)>,
    pub(crate) bus: Arc<dyn Bus>,
    pub(crate) claims: Arc<dyn Claims>,
    pub(crate) gates: Gates,
    /// Requests without an id, so that each has a run of its own.
    pub(crate) nameless: AtomicU64,
}

impl LiveConnector {
    pub(crate) fn find(&self, action: &str) -> Option<(&LiveFace, &ConnectorAction)> {
        let (face, place) = self.actions.get(action)?;
        let face = self.faces.get(*face)?.as_ref()?;
        Some((face, face.file()?.actions.get(*place)?))
    }

    /// A request for an action from its body to its reply. Boxed: actions may call actions.
    pub(crate) fn perform<'a>(
        &'a self,
        name: &'a str,
        request_id: Option<Value>,
        body: Value,
    ) -> BoxFuture<'a, Performed> {
        Box::pin(async move {
            let Some((face, action)) = self.find(name) else {
                let body = Value::from(format!("there is no action `{name}` here"));
                return Performed { reply: Reply { status: 500, body, word: None }, acted: false };
            };
            let id = request_id.as_ref().filter(|id| !id.is_null()).map(|id| id.print_lenient().to_string());
            let number = self.nameless.fetch_add(1, Ordering::Relaxed);
            let run = run_of(&action.contract, id.as_deref(), number, face.clock.now());
            let taken = action.contract.input.take(&body, |field| default(face, action, field));
            let mut performance = Performance {
                connector: self,
                face,
                action,
                run,
                input: Map::default(),
                request_id: request_id.unwrap_or_default(),
                held: Held::default(),
            };
            match taken {
                Ok(input) => performance.input = input,
                Err(refusals) => {
                    performance.input = as_it_came(Some(&body));
                    let reply = performance.word(refused(&refusals));
                    return Performed { reply, acted: false };
                }
            }
            match id {
                Some(id) if action.contract.effect != Effect::Read => self.once(performance, &id).await,
                _ => performance.perform().await,
            }
        })
    }
}

fn refused(refusals: &[Refusal]) -> Outcome {
    let errors: Vec<Value> = refusals.iter().map(Refusal::to_value).collect();
    Outcome::bad_input(errors.into(), Refusal::sentence(refusals))
}

/// The default that the file computes: an input of the action's flow says how.
fn default(face: &LiveFace, action: &ConnectorAction, field: &InputField) -> Value {
    let written = || -> Option<(&wf_plan::Module, &Written)> {
        let module = face.module()?;
        let input = module.flow(action.flow)?.inputs.iter().find(|input| input.name == field.name)?;
        Some((module, input.default.as_ref()?))
    };
    written().map_or(Value::Null, |(module, written)| face.scene(module, Scope::default(), 0).value(written))
}
