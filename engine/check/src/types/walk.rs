//! The types of names while steps are walked.

use std::cell::RefCell;
use std::collections::BTreeMap;

use wf_expr::types::{Fact, Instances, Root, Site, Subject, TypeEnv, facts};
use wf_expr::{Code, DefineId, Slot, TableId, TemplateId, Written};
use wf_plan::{Flow, Module};
use wf_source::{Diagnostic, Span};
use wf_value::{Enum, Text, Type};

use super::check::{Notes, Surroundings, Used};
use super::flows::{Gives, Known};
use super::results;

/// Walks the steps of one module.
pub(super) struct Walk<'w> {
    pub(super) module: &'w Module,
    pub(super) instances: &'w Instances<'w>,
    /// What the walk asks of the rest of the tree.
    pub(super) around: &'w Surroundings<'w>,
    pub(super) notes: &'w RefCell<Notes>,
    /// Types of the frames of the flow that is walked: its own, then those of loop items, the innermost last.
    pub(super) frames: Vec<Frame>,
    /// The flow that is walked.
    pub(super) flow: Option<&'w Flow>,
    /// What it gave so far.
    pub(super) gives: Gives,
    /// What flows give, by the types they were called with.
    pub(super) known: Vec<Known>,
    /// Where the values of lets stand, by frame and slot.
    pub(super) lets: BTreeMap<(usize, usize), Span>,
    /// What conditions said of names, to be forgotten: the type that was before.
    undo: Vec<(usize, usize, Option<Type>)>,
    /// Walks only to learn types: nothing is told.
    pub(super) quiet: bool,
    /// In an action of a connector: its output, which what it returns has to be of.
    pub(super) replies: Option<Type>,
    /// The type of `trigger` in the flow that is begun next.
    pub(super) started_by: Option<Type>,
}

/// Types of slots; `None`: no value yet.
#[derive(Clone, Debug, Default)]
pub(super) struct Frame(pub(super) Vec<Option<Type>>);

impl Frame {
    /// A frame with these names, of which the first have these types.
    pub(super) fn new(names: &[Text], types: impl IntoIterator<Item = Type>) -> Self {
        let mut slots: Vec<Option<Type>> = types.into_iter().map(Some).collect();
        slots.resize(names.len().max(slots.len()), None);
        for (slot, name) in slots.iter_mut().zip(names) {
            if slot.is_none() {
                *slot = results::reserved(name);
            }
        }
        Self(slots)
    }
}

impl<'w> Walk<'w> {
    pub(super) fn new(
        module: &'w Module,
        instances: &'w Instances<'w>,
        around: &'w Surroundings<'w>,
        notes: &'w RefCell<Notes>,
    ) -> Self {
        Self {
            module,
            instances,
            around,
            notes,
            frames: vec![],
            flow: None,
            gives: Gives::default(),
            known: vec![],
            lets: BTreeMap::new(),
            undo: vec![],
            quiet: false,
            replies: None,
            started_by: None,
        }
    }

    pub(super) fn set(&mut self, index: u16, ty: Type) {
        if let Some(frame) = self.frames.last_mut() {
            put(frame, usize::from(index), Some(ty));
        }
    }

    /// A let: a name of the innermost frame, and where its value stands.
    pub(super) fn name(&mut self, index: u16, written: &Written) {
        let frame = self.frames.len().saturating_sub(1);
        self.lets.insert((frame, usize::from(index)), super::calls::code_span(written));
    }

    /// The let that a name is.
    fn let_of(&self, subject: &Subject) -> Option<Subject> {
        let Subject::Slot(slot) = subject else { return None };
        Some(Subject::Let(*self.lets.get(&self.place(*slot)?)?))
    }

    fn place(&self, slot: Slot) -> Option<(usize, usize)> {
        let frame = self.frames.len().checked_sub(1 + usize::from(slot.up))?;
        Some((frame, usize::from(slot.index)))
    }

    pub(super) fn slot_type(&self, slot: Slot) -> Option<Type> {
        let (frame, index) = self.place(slot)?;
        self.frames.get(frame)?.0.get(index)?.clone()
    }

    /// Gives a slot of any frame a type, for good.
    pub(super) fn change(&mut self, slot: Slot, change: impl Fn(Option<Type>) -> Type) {
        let Some((frame, index)) = self.place(slot) else { return };
        for (f, i, before) in &mut self.undo {
            if (*f, *i) == (frame, index) {
                *before = Some(change(before.take()));
            }
        }
        if let Some(frame) = self.frames.get_mut(frame) {
            let before = frame.0.get(index).cloned().flatten();
            put(frame, index, Some(change(before)));
        }
    }

    /// Where what is known from conditions can be forgotten from.
    pub(super) fn mark(&self) -> usize {
        self.undo.len()
    }

    pub(super) fn forget(&mut self, mark: usize) {
        while self.undo.len() > mark {
            let Some((frame, index, before)) = self.undo.pop() else { return };
            if let Some(frame) = self.frames.get_mut(frame) {
                put(frame, index, before);
            }
        }
    }

    /// From here on the condition holds, or does not.
    pub(super) fn assume(&mut self, condition: &Code, holds: bool) {
        for Fact { root, ty } in facts(condition, holds, self) {
            let Root::Slot(slot) = root else { continue };
            let Some((frame, index)) = self.place(slot) else { continue };
            let Some(types) = self.frames.get_mut(frame) else { continue };
            let before = types.0.get(index).cloned().flatten();
            put(types, index, Some(ty));
            self.undo.push((frame, index, before));
        }
    }

    /// Types a value place.
    pub(super) fn infer(&mut self, written: &Written) -> Type {
        self.absorbing(|this| wf_expr::types::infer_written(written, this, &mut vec![]))
    }

    /// What has a mistake in it is anything: nothing that follows from it is told.
    fn absorbing(&mut self, infer: impl FnOnce(&mut Self) -> Type) -> Type {
        let before = self.instances.mistakes();
        let ty = infer(self);
        if self.instances.mistakes() == before { ty } else { Type::Any }
    }

    pub(super) fn infer_code(&mut self, code: &Code) -> Type {
        self.absorbing(|this| wf_expr::types::infer(code, this, &mut vec![]))
    }

    /// Types a value place and says what can never fit its type.
    pub(super) fn check(&mut self, written: &Written, place: &Type, name: Option<&str>) -> Type {
        self.absorbing(|this| wf_expr::types::check_named(written, place, name, false, this, &mut vec![]))
    }

    /// The same for what goes to an action, where digits are a number.
    pub(super) fn check_sent(&mut self, written: &Written, place: &Type, name: Option<&str>) -> Type {
        self.absorbing(|this| wf_expr::types::check_named(written, place, name, true, this, &mut vec![]))
    }

    pub(super) fn condition(&mut self, code: &Code) {
        wf_expr::types::condition(code, self, &mut vec![]);
        self.fractions(code);
    }

    pub(super) fn tell(&mut self, diagnostic: Diagnostic) {
        TypeEnv::report(self, diagnostic, None, &Text::default());
    }

    /// What is done in a frame of its own.
    pub(super) fn framed<R>(&mut self, frame: Frame, within: impl FnOnce(&mut Self) -> R) -> R {
        self.frames.push(frame);
        let mark = self.mark();
        let result = within(self);
        self.forget(mark);
        self.frames.pop();
        let depth = self.frames.len();
        self.lets.retain(|(frame, _), _| *frame < depth);
        result
    }

    /// What is done with nothing but a frame of its own in sight.
    pub(super) fn apart<R>(&mut self, frame: Frame, within: impl FnOnce(&mut Self) -> R) -> R {
        let frames = std::mem::replace(&mut self.frames, vec![frame]);
        let undo = std::mem::take(&mut self.undo);
        let (flow, lets) = (self.flow.take(), std::mem::take(&mut self.lets));
        let result = within(self);
        (self.frames, self.undo, self.flow, self.lets) = (frames, undo, flow, lets);
        result
    }
}

fn put(frame: &mut Frame, index: usize, ty: Option<Type>) {
    if frame.0.len() <= index {
        frame.0.resize(index + 1, None);
    }
    frame.0[index] = ty;
}

impl TypeEnv for Walk<'_> {
    fn slot(&mut self, slot: Slot) -> Type {
        self.slot_type(slot).unwrap_or(Type::Any)
    }

    fn param(&mut self, number: u32) -> Type {
        self.module.params.get(number as usize).map_or(Type::Any, |param| param.ty.clone())
    }

    fn env(&mut self) -> Type {
        self.around.env()
    }

    fn define(&mut self, id: DefineId, args: &[Type], site: &Site<'_>) -> Type {
        let instances = self.instances;
        instances.define(id, args, site, self)
    }

    fn table(&mut self, id: TableId, args: &[Type], site: &Site<'_>) -> Type {
        let instances = self.instances;
        instances.table(id, args, site, self)
    }

    fn template(&mut self, id: TemplateId, args: &[(Text, Type)], site: &Site<'_>) -> Type {
        let instances = self.instances;
        instances.template(id, args, site, self)
    }

    fn report(&mut self, diagnostic: Diagnostic, about: Option<Subject>, operand: &Text) {
        if self.quiet {
            return;
        }
        let arg = about.as_ref().and_then(|subject| self.argument(subject));
        let about = about.map(|subject| self.let_of(&subject).unwrap_or(subject));
        self.instances.report(diagnostic, about, arg, operand.clone());
    }

    fn mistakes(&self) -> usize {
        self.instances.mistakes()
    }

    fn used(&mut self, subject: &Subject) {
        if let Some(arg) = self.argument(subject) {
            self.instances.used(arg);
        }
        if let Some(Subject::Let(at)) = self.let_of(subject) {
            self.notes.borrow_mut().lets_used.insert(at);
        }
    }

    fn read(&mut self, shape: &Text, field: &Text) {
        self.instances.read(shape, field);
    }

    /// An input of the flow that is walked.
    fn argument(&self, subject: &Subject) -> Option<u16> {
        let Subject::Slot(slot) = subject else { return None };
        let (0, index) = self.place(*slot)? else { return None };
        let inputs = &self.flow?.inputs;
        inputs.iter().position(|input| usize::from(input.slot) == index).and_then(|i| u16::try_from(i).ok())
    }

    fn missed(&mut self, shape: &Text, field: &Text, at: Span) {
        if !self.quiet {
            self.notes.borrow_mut().missed.insert((shape.clone(), field.clone(), at));
        }
    }

    fn asks(&mut self, set: &Enum, text: &Text, at: Span) {
        self.notes.borrow_mut().asks(set, text, at);
    }

    fn has_asset(&self, name: &Text, at: Span) -> bool {
        self.around.has_asset(name, at)
    }

    fn stranger(&mut self, text: &Text, near: &str, at: Span) {
        self.notes.borrow_mut().strangers.insert((text.clone(), near.into(), at));
    }

    fn twin(&mut self, twin: &Text, asked: &Text, at: Span) {
        self.notes.borrow_mut().twins.insert((twin.clone(), asked.clone(), at));
    }

    fn note_use(&mut self, subject: &Subject, at: Span) {
        if let Some(used) = Used::of(subject) {
            self.notes.borrow_mut().uses.insert((used, at));
        }
    }

    fn note_type(&mut self, span: Span, ty: &Type) {
        self.notes.borrow_mut().note(span, ty);
    }

    fn note_columns(&mut self, table: TableId, types: &[Type]) {
        self.notes.borrow_mut().columns(table, types);
    }

    fn declared(&self, name: &str) -> Option<Span> {
        self.around.declared(name)
    }
}
