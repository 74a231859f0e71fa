//! What an action says of itself: where its messages go, what they are about, which of its outcomes an answer is. It knows one value, the
//! message or the answer, and nothing of whoever calls.

use std::sync::LazyLock;

use jiff::Timestamp;
use wf_expr::{Ctx, Program, Slot, Truth, Vars, Written};
use wf_value::{Text, Value};

use crate::{About, Action};

impl Action {
    /// Where a message goes: the subject may name fields of its body.
    ///
    /// # Errors
    /// A field that it names is not there, or is no text: a sentence.
    pub fn subject(&self, body: &Value, now: Timestamp) -> Result<Text, String> {
        match alone(body, now, |ctx| self.subject.value(ctx)) {
            Value::Text(subject) if !subject.is_empty() => Ok(subject),
            Value::Unknown(why) => Err(why.sentence()),
            other => Err(format!("its subject is {}", other.kind())),
        }
    }

    /// The first outcome that fits an answer. An unknown condition: it does not.
    #[must_use]
    pub fn outcome(&self, status: u16, body: &Value, now: Timestamp) -> Option<Text> {
        let fits = self.outcomes.iter().find(|outcome| {
            outcome.statuses.holds(status)
                && outcome
                    .condition
                    .as_ref()
                    .is_none_or(|code| matches!(alone(body, now, |ctx| code.truth(ctx)), Truth::Yes))
        });
        fits.map(|outcome| outcome.name.clone())
    }
}

impl About {
    /// What a call was about, in one text: the values of these fields, those that are there.
    #[must_use]
    pub fn print(fields: &[Self], body: &Value, now: Timestamp) -> Text {
        let told = |value: &Written| alone(body, now, |ctx| value.told(ctx));
        let printed: Vec<String> = fields
            .iter()
            .map(|about| told(&about.value))
            .filter(|value| !value.is_null())
            .map(|value| value.print_lenient().to_string())
            .filter(|text| !text.is_empty())
            .collect();
        printed.join(", ").into()
    }
}

/// Hands `work` a context of one name.
fn alone<R>(front: &Value, now: Timestamp, work: impl FnOnce(&Ctx<'_>) -> R) -> R {
    static NOTHING: LazyLock<Program> = LazyLock::new(Program::default);
    work(&Ctx::new(&NOTHING, &One(front), &[], &Value::Null, now))
}

struct One<'a>(&'a Value);

impl Vars for One<'_> {
    fn slot(&self, slot: Slot) -> Option<&Value> {
        (slot.up == 0 && slot.index == 0).then_some(self.0)
    }
}
