//! Reports of failed calls.

use std::sync::{Arc, LazyLock};

use wf_expr::Truth;
use wf_plan::{About, Address, Call, Part, TellWhen};
use wf_value::{Map, Shape, Text, Value};

use crate::answers::{self, Verdict};
use crate::ended::SentKind;
use crate::frames::FrameId;
use crate::parcels::Parcel;
use crate::scope::{Asks, At};
use crate::turn::Turn;

impl Turn<'_, '_> {
    /// Reports a failed try, if its step says so: `last`, no other follows.
    ///
    /// A report goes out even after a held write: what it tells of did happen.
    #[allow(clippy::too_many_arguments, reason = "one failed try, told once")]
    pub(crate) fn report_call(
        &mut self,
        id: FrameId,
        address: &Address,
        call: &Call,
        body: &Value,
        verdict: &Verdict,
        attempt: u32,
        last: bool,
    ) {
        let unit = self.unit.clone();
        let Some(reporter) = &unit.module().reporter else { return };
        let nth = match &call.tell {
            TellWhen::Never => return,
            TellWhen::Each => attempt,
            _ if !last => return,
            TellWhen::Once | TellWhen::If { .. } => 1,
        };
        let failed = self.about_failed(call, body, verdict);
        if let TellWhen::If { failed: slot, condition } = &call.tell
            && !self.wants_report(id, address, *slot, condition, &failed)
        {
            return;
        }
        let address = address.with(Part::Call(nth));
        let front = [failed];
        // it sees nothing of the step's names
        let at = At { front: Some(&front), frame: None, address: &address };
        let body = match self.parcel_of(None, at, &reporter.action, &reporter.with) {
            Parcel::Goes(body) | Parcel::Held(body) => body,
            Parcel::Unknown(why) => {
                self.run.report.undecided(address.clone(), Text::default(), reporter.action.full_name().clone(), why);
                return;
            }
            Parcel::Refused(reason) => {
                self.run.report.failed(address.clone(), reporter.action.full_name().clone(), reason);
                return;
            }
        };
        let kind = match reporter.action.effect {
            wf_plan::Effect::Write => SentKind::Write,
            _ => SentKind::Tell,
        };
        let about = answers::shown(&reporter.action.about, &body, self.now());
        let held = kind == SentKind::Write && self.run.start.writes != crate::Writes::On;
        self.run.report.sent(address.clone(), kind, reporter.action.full_name().clone(), about, held);
        if !held {
            self.publish(&address, &reporter.action, body, reporter.with.span);
        }
    }

    /// A condition on `failed`. One that is unknown reports: a message must never vanish.
    fn wants_report(
        &mut self,
        id: FrameId,
        address: &Address,
        slot: u16,
        code: &wf_expr::Code,
        failed: &Value,
    ) -> bool {
        let step = wf_plan::StepId(address.step().unwrap_or_default());
        if let Some(frame) = self.frame_mut(id) {
            frame.set(slot, failed.clone());
        }
        let truth = self.truth(self.at(id, address), Asks { code, what: "tell", step, reason: None });
        !matches!(truth, Truth::No)
    }

    /// `failed`: `{workflow, title, about, status, refusal, cause, message}`.
    fn about_failed(&self, call: &Call, body: &Value, verdict: &Verdict) -> Value {
        static SHAPE: LazyLock<Arc<Shape>> = LazyLock::new(|| {
            let keys = ["workflow", "title", "about", "status", "refusal", "cause", "message"];
            Arc::new(Shape::new(keys.map(Text::from).into()))
        });
        let about = call.about.as_deref().unwrap_or(&call.action.about);
        let values = vec![
            Value::text(self.unit.name()),
            Value::Text(call.action.title.clone()),
            Value::Text(About::print(about, body, self.now())),
            Value::Int(verdict.status.into()),
            verdict.refusal(),
            verdict.cause.clone().map_or(Value::Null, Value::Text),
            Value::Text(verdict.message()),
        ];
        Map::with_shape(SHAPE.clone(), values).into()
    }
}
