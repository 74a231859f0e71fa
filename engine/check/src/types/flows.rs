//! Flows: walked once for each tuple of types that they are called with.

use wf_expr::types::join::{join, widened};
use wf_expr::types::{Body, Called, Handed, Subject};
use wf_expr::{Written, WrittenKind};
use wf_plan::{Flow, FlowId};
use wf_source::Span;
use wf_value::Type;

use super::walk::{Frame, Walk};

/// Walks of a flow inside of its own.
const AGAIN: usize = 1;

/// What a flow gives.
#[derive(Clone, Debug, Default)]
pub(super) struct Gives {
    /// Joined of all that it returns; `None`: it returns nothing.
    pub(super) returned: Option<Type>,
    /// It may come to its end without a return: null.
    pub(super) ends: bool,
    /// A skip may end it: null, and an item of a loop counts as skipped.
    pub(super) skips: bool,
    /// The body of its good replies, where it answers messages.
    pub(super) body: Option<Type>,
}

impl Gives {
    pub(super) fn returns(&mut self, ty: Type) {
        self.returned = Some(match self.returned.take() {
            Some(before) => join(before, ty),
            None => ty,
        });
    }

    /// It replies this body, with a status of 2xx.
    pub(super) fn replies(&mut self, ty: Type) {
        self.body = Some(match self.body.take() {
            Some(before) => join(before, ty),
            None => ty,
        });
    }

    /// What an item of a loop has, that runs it.
    pub(super) fn of_item(&self) -> Type {
        match (&self.returned, self.ends) {
            (Some(ty), true) => ty.clone().optional(),
            (Some(ty), false) => ty.clone(),
            (None, _) => Type::Null,
        }
    }

    /// The result of a plain `run`.
    pub(super) fn of_run(&self) -> Type {
        if self.skips { self.of_item().optional() } else { self.of_item() }
    }
}

/// What a flow gives for arguments of these types; `None`: it is being walked.
pub(super) struct Known {
    flow: FlowId,
    args: Vec<Type>,
    gives: Option<Gives>,
}

/// What a flow is handed, by slot.
pub(super) struct Given {
    pub(super) slot: u16,
    pub(super) ty: Type,
    pub(super) handed: Option<Handed>,
}

impl<'w> Walk<'w> {
    /// Types what a `run` hands over.
    pub(super) fn given(&mut self, flow: FlowId, with: &[(u16, Written)]) -> Vec<Given> {
        let module = self.module;
        let Some(flow) = module.flow(flow) else { return vec![] };
        let mut given = vec![];
        for (slot, written) in with {
            let input = flow.inputs.iter().find(|input| input.slot == *slot);
            let ty = match input.and_then(|input| Some((input.ty.as_ref()?, &input.name))) {
                Some((ty, name)) => self.check(written, ty, Some(name)),
                None => self.infer(written),
            };
            given.push(Given { slot: *slot, ty, handed: Some(handed(written)) });
        }
        given
    }

    /// Walks a flow with what it is handed.
    pub(super) fn call_flow(&mut self, id: FlowId, given: Vec<Given>, site: Span) -> Gives {
        let module = self.module;
        let Some(flow) = module.flow(id) else { return Gives { returned: Some(Type::Any), ..Gives::default() } };
        let mut args = vec![];
        let mut handed = vec![];
        for input in &flow.inputs {
            let one = given.iter().find(|given| given.slot == input.slot);
            handed.push(one.and_then(|given| given.handed.clone()));
            args.push(match (&input.ty, one, &input.default) {
                (Some(ty), _, _) => ty.clone(),
                (None, Some(given), _) => widened(&given.ty),
                (None, None, Some(default)) => self.apart(Frame::default(), |this| widened(&this.infer(default))),
                (None, None, None) => Type::Null,
            });
        }
        // a flow may look at what it left over again, later: with a little more each time
        let under_way = self.known.iter().filter(|known| known.flow == id && known.gives.is_none());
        if under_way.count() > AGAIN || self.instances.is_deep() {
            return Gives { returned: Some(Type::Any), ..Gives::default() };
        }
        let called = Called {
            body: Body::Flow(id.0),
            name: &flow.name,
            names: flow.inputs.iter().map(|input| input.name.clone()).collect(),
            declared: flow.inputs.iter().map(|input| input.ty.is_some()).collect(),
            args: args.clone(),
            site,
            handed,
        };
        let instances = self.instances;
        if instances.begin(called, self).is_some() {
            let known = self.known.iter().find(|known| known.flow == id && known.args == args);
            return known
                .and_then(|known| known.gives.clone())
                .unwrap_or(Gives { returned: Some(Type::Any), ..Gives::default() });
        }
        self.known.push(Known { flow: id, args: args.clone(), gives: None });
        let gives = self.walk_flow(flow, &args);
        instances.end(gives.of_run());
        if let Some(known) = self.known.iter_mut().find(|known| known.flow == id && known.args == args) {
            known.gives = Some(gives.clone());
        }
        gives
    }

    /// Whether a flow was walked.
    pub(super) fn is_known(&self, flow: FlowId) -> bool {
        self.known.iter().any(|known| known.flow == flow)
    }

    fn walk_flow(&mut self, flow: &'w Flow, args: &[Type]) -> Gives {
        let mut frame = Frame::new(&flow.frame.names, []);
        for input in &flow.inputs {
            // defaults see what is declared; the flow itself does not
            if let (Some(ty), Some(default)) = (&input.ty, &input.default) {
                self.apart(Frame::default(), |this| this.check(default, ty, Some(&input.name)));
            }
        }
        for (input, ty) in flow.inputs.iter().zip(args) {
            let place = usize::from(input.slot);
            if frame.0.len() <= place {
                frame.0.resize(place + 1, None);
            }
            frame.0[place] = Some(ty.clone());
        }
        if let (Some(ty), Some(place)) =
            (self.started_by.take(), flow.frame.names.iter().position(|name| name.as_str() == "trigger"))
            && let Some(slot) = frame.0.get_mut(place)
        {
            *slot = Some(ty);
        }
        let gives = std::mem::take(&mut self.gives);
        let quiet = std::mem::replace(&mut self.quiet, false);
        let own = self.apart(frame, |this| {
            this.flow = Some(flow);
            let ends = this.block(&flow.body);
            this.gives.ends |= ends;
            std::mem::take(&mut this.gives)
        });
        self.gives = gives;
        self.quiet = quiet;
        own
    }
}

/// What a place hands over, and the name that it is.
fn handed(written: &Written) -> Handed {
    match &written.kind {
        WrittenKind::Code(code) => Handed::of(code),
        _ => Handed { span: written.span, text: Default::default(), subject: None::<Subject> },
    }
}
