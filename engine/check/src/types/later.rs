//! Work for later: `recheck` and `defer`.

use wf_expr::types::{Handed, findings};
use wf_expr::{Code, Written};
use wf_plan::{FlowId, Frame as Names};
use wf_source::{Diagnostic, Span};
use wf_value::{Text, Type};

use super::calls::code_span;
use super::flows::Given;
use super::loops::elements;
use super::walk::{Frame, Walk};

impl Walk<'_> {
    #[allow(clippy::too_many_arguments, reason = "the parts of the step")]
    pub(super) fn recheck(
        &mut self,
        flow: FlowId,
        list: &Written,
        by: Option<&Code>,
        item: &Names,
        after: &Written,
        with: &[(Text, Written)],
        site: Span,
    ) {
        let ty = self.check(list, &Type::list(Type::Any), None);
        if let Some(by) = by {
            let frame = Frame::new(&item.names, [elements(&ty)]);
            self.framed(frame, |this| this.infer_code(by));
        }
        self.duration(after);
        let module = self.module;
        let Some(target) = module.flow(flow) else { return };
        let slot = |name: &str| target.inputs.iter().find(|input| input.name.as_str() == name);
        let mut given = vec![];
        for (name, written) in with {
            let Some(input) = slot(name) else { continue };
            let ty = match &input.ty {
                Some(ty) => self.check(written, ty, Some(name)),
                None => self.infer(written),
            };
            let text = match &written.kind {
                wf_expr::WrittenKind::Code(code) => Handed::of(code),
                _ => Handed { span: written.span, text: Text::default(), subject: None },
            };
            given.push(Given { slot: input.slot, ty, handed: Some(text) });
        }
        if let Some(input) = slot("items") {
            let handed = Handed { span: code_span(list), text: Text::default(), subject: None };
            given.push(Given { slot: input.slot, ty, handed: Some(handed) });
        }
        self.call_flow(flow, given, site);
    }

    /// `at: =…`
    fn moment(&mut self, at: &Written) {
        let before = wf_expr::types::TypeEnv::mistakes(self);
        let ty = self.infer(at);
        if *ty.required() != Type::Duration || wf_expr::types::TypeEnv::mistakes(self) > before {
            self.check(at, &Type::timestamp(), None);
            return;
        }
        let span = code_span(at);
        let message = "this is a duration, and `at` is a moment";
        self.tell(
            Diagnostic::error(&findings::WRONG_TYPE, span, message)
                .help("write `after` for how long it is from now on, or `now + …`"),
        );
    }

    pub(super) fn defer(
        &mut self,
        task: &str,
        key: &Written,
        after: Option<&Written>,
        at: Option<&Written>,
        with: &Written,
    ) {
        self.infer(key);
        if let Some(after) = after {
            self.duration(after);
        }
        if let Some(at) = at {
            self.moment(at);
        }
        match self.around.task(task) {
            Some(inputs) => self.check_sent(with, &inputs, None),
            None => self.infer(with),
        };
    }
}
