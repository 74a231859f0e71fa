//! Defines, tables, templates and flows, each looked at once for each tuple of types that it is called with.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use wf_source::{Diagnostic, Span};
use wf_value::{Enum, Text, Type};

use super::findings::NEVER_COMES;
use super::fingers;
use super::join::{handed, widened};
use super::{Site, Subject, TypeEnv};
use crate::{Code, DefineId, Program, Slot, TableId, TemplateId};

/// What was looked at. One for each check; a checker's [`TypeEnv::define`] and its like hand their call on to it, and its
/// [`TypeEnv::report`], [`TypeEnv::used`] and [`TypeEnv::read`], too.
///
/// Where the finger points is known when all calls are: [`Self::finish`].
pub struct Instances<'p> {
    program: &'p Program,
    state: RefCell<State>,
}

/// What has a body that is looked at for the types of its arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Body {
    /// Steps and places that nobody calls.
    Root,
    Define(DefineId),
    Table(TableId),
    Template(TemplateId),
    /// A flow, by its number.
    Flow(u32),
}

/// A value that is handed over.
#[derive(Clone, Debug)]
pub struct Handed {
    pub span: Span,
    /// As it is written.
    pub text: Text,
    /// The name that it is, where it is one alone.
    pub subject: Option<Subject>,
}

impl Handed {
    #[must_use]
    pub fn of(code: &Code) -> Self {
        Self { span: code.span, text: code.text.clone(), subject: Subject::of(code) }
    }
}

/// A body and the arguments that it has here.
pub struct Called<'a> {
    pub body: Body,
    pub name: &'a Text,
    /// Names of its arguments.
    pub names: Vec<Text>,
    pub args: Vec<Type>,
    /// Which of its arguments have a declared type: what the body does with them is its own mistake.
    pub declared: Vec<bool>,
    pub site: Span,
    /// By argument; `None`: left out.
    pub handed: Vec<Option<Handed>>,
}

/// Bodies that call one another.
const DEEPEST: usize = 24;

#[derive(Default)]
pub(super) struct State {
    seen: BTreeMap<Body, Vec<usize>>,
    pub(super) all: Vec<Instance>,
    pub(super) calls: Vec<Call>,
    /// Which of them are being looked at, the innermost last.
    open: Vec<usize>,
    /// Fields of named shapes that somebody reads.
    pub(super) read: BTreeSet<(Text, Text)>,
    mistakes: usize,
}

/// A body, looked at for one tuple of types.
pub(super) struct Instance {
    pub(super) body: Body,
    pub(super) name: Text,
    pub(super) names: Vec<Text>,
    args: Vec<Type>,
    pub(super) declared: Vec<bool>,
    /// `None`: it is being looked at.
    result: Option<Type>,
    pub(super) found: Vec<Found>,
    /// Arguments with which something was done that only values like them allow.
    pub(super) used: BTreeSet<u16>,
}

/// A mistake inside a body.
#[derive(Clone)]
pub(super) struct Found {
    pub(super) diagnostic: Diagnostic,
    /// The argument that it is about.
    pub(super) arg: Option<u16>,
    pub(super) subject: Option<Subject>,
    /// How the name is written that it is about.
    pub(super) operand: Text,
    /// The message as it was where the mistake was found, in a body that was called.
    pub(super) inside: Option<String>,
}

/// Who handed over what.
pub(super) struct Call {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) site: Span,
    /// With the argument of the caller that it is.
    pub(super) handed: Vec<Option<(Handed, Option<u16>)>>,
}

/// A mistake where it is to be told, and the name that it is about.
#[derive(Clone, Debug)]
pub struct Told {
    pub diagnostic: Diagnostic,
    pub subject: Option<Subject>,
}

impl<'p> Instances<'p> {
    #[must_use]
    pub fn new(program: &'p Program) -> Self {
        let root = Instance {
            body: Body::Root,
            name: Text::default(),
            names: vec![],
            args: vec![],
            declared: vec![],
            result: None,
            found: vec![],
            used: BTreeSet::new(),
        };
        let state = State { all: vec![root], open: vec![0], ..State::default() };
        Self { program, state: RefCell::new(state) }
    }

    /// The type that a define gives for arguments of these types.
    pub fn define(&self, id: DefineId, args: &[Type], site: &Site<'_>, env: &mut dyn TypeEnv) -> Type {
        let Some(define) = self.program.defines.get(id.0 as usize) else { return Type::Any };
        let called = called(Body::Define(id), &define.name, define.args.clone(), args, site);
        self.look(called, env, |inside, locals| super::infer_written(&define.body, inside, locals))
    }

    /// The type that a table gives: texts of its rows are a closed set of its name.
    pub fn table(&self, id: TableId, args: &[Type], site: &Site<'_>, env: &mut dyn TypeEnv) -> Type {
        let Some(table) = self.program.tables.get(id.0 as usize) else { return Type::Any };
        let called = called(Body::Table(id), &table.name, table.given.clone(), args, site);
        self.look(called, env, |inside, locals| {
            let ty = super::table::infer(table, inside, locals);
            inside.note_columns(id, locals);
            ty
        })
    }

    /// Types the holes of a template. A secret among what is handed makes the text one. Whether it is handed all it needs is told by
    /// whoever compiled it.
    pub fn template(&self, id: TemplateId, handed: &[(Text, Type)], site: &Site<'_>, env: &mut dyn TypeEnv) -> Type {
        let Some(template) = self.program.templates.get(id.0 as usize) else { return Type::Text };
        let at = |name: &Text| handed.iter().position(|(n, _)| n == name);
        let args = template.args.iter().map(|arg| at(&arg.name).map_or(Type::Any, |i| widened(&handed[i].1)));
        let codes = template.args.iter().map(|arg| Some(Handed::of(site.args.get(at(&arg.name)?)?)));
        let called = Called {
            body: Body::Template(id),
            name: &template.name,
            names: template.args.iter().map(|arg| arg.name.clone()).collect(),
            declared: vec![],
            args: args.collect(),
            site: site.span,
            handed: codes.collect(),
        };
        self.look(called, env, |inside, locals| super::infer_template(template, inside, locals))
    }

    fn look(
        &self,
        called: Called<'_>,
        env: &mut dyn TypeEnv,
        body: impl FnOnce(&mut dyn TypeEnv, &mut Vec<Type>) -> Type,
    ) -> Type {
        let mut locals = called.args.clone();
        if self.is_deep() {
            return Type::Any;
        }
        if let Some(known) = self.begin(called, env) {
            return known;
        }
        let before = self.mistakes();
        let result = body(&mut Inside { instances: self, outer: env }, &mut locals);
        // what follows from a mistake is not told
        let result = if self.mistakes() == before { result } else { Type::Any };
        self.end(result.clone());
        result
    }

    /// Bodies call bodies as deep as a stack allows: what lies deeper is looked at with anything as its arguments.
    #[must_use]
    pub fn is_deep(&self) -> bool {
        self.state.borrow().open.len() > DEEPEST
    }

    /// How many mistakes were heard of so far.
    #[must_use]
    pub fn mistakes(&self) -> usize {
        self.state.borrow().mistakes
    }

    /// Notes a call; the type that it gives when that is known (anything, while the body is being looked at). Else the caller looks at the
    /// body and says [`Self::end`].
    pub fn begin(&self, called: Called<'_>, env: &dyn TypeEnv) -> Option<Type> {
        let mut state = self.state.borrow_mut();
        let same = |i: &&usize| state.all.get(**i).is_some_and(|instance| instance.args == called.args);
        let known = state.seen.get(&called.body).and_then(|all| all.iter().find(same).copied());
        let to = known.unwrap_or(state.all.len());
        if known.is_none() {
            state.seen.entry(called.body).or_default().push(to);
            state.all.push(Instance {
                body: called.body,
                name: called.name.clone(),
                names: called.names,
                args: called.args,
                declared: called.declared,
                result: None,
                found: vec![],
                used: BTreeSet::new(),
            });
        }
        let from = state.open.last().copied().unwrap_or(0);
        let argument = |handed: Handed| {
            let arg = handed.subject.as_ref().and_then(|subject| env.argument(subject));
            (handed, arg)
        };
        let handed = called.handed.into_iter().map(|handed| handed.map(argument)).collect();
        state.calls.push(Call { from, to, site: called.site, handed });
        match known {
            Some(i) => Some(state.all.get(i).and_then(|instance| instance.result.clone()).unwrap_or(Type::Any)),
            None => {
                state.open.push(to);
                None
            }
        }
    }

    /// The body that was begun last gives this.
    pub fn end(&self, result: Type) {
        let mut state = self.state.borrow_mut();
        if let Some(i) = state.open.pop()
            && let Some(instance) = state.all.get_mut(i)
        {
            instance.result = Some(result);
        }
    }

    /// A mistake in what is being looked at; `arg`: the argument of it that `subject` is.
    pub fn report(&self, diagnostic: Diagnostic, subject: Option<Subject>, arg: Option<u16>, operand: Text) {
        // a comparison that may hold for others says nothing of what follows
        if diagnostic.is_error() && diagnostic.rule != &NEVER_COMES {
            self.state.borrow_mut().mistakes += 1;
        }
        self.with_open(|instance| instance.found.push(Found { diagnostic, arg, subject, operand, inside: None }));
    }

    /// Something was done with an argument that only values like it allow.
    pub fn used(&self, arg: u16) {
        self.with_open(|instance| {
            instance.used.insert(arg);
        });
    }

    /// A field of a named shape was read.
    pub fn read(&self, shape: &Text, field: &Text) {
        self.state.borrow_mut().read.insert((shape.clone(), field.clone()));
    }

    fn with_open(&self, what: impl FnOnce(&mut Instance)) {
        let mut state = self.state.borrow_mut();
        let i = state.open.last().copied().unwrap_or(0);
        if let Some(instance) = state.all.get_mut(i) {
            what(instance);
        }
    }

    /// Defines and tables that nobody called.
    #[must_use]
    pub fn uncalled(&self) -> Vec<Body> {
        let state = self.state.borrow();
        let number = |i: usize| u32::try_from(i).unwrap_or(u32::MAX);
        let defines = (0..self.program.defines.len()).map(|i| Body::Define(DefineId(number(i))));
        let tables = (0..self.program.tables.len()).map(|i| Body::Table(TableId(number(i))));
        defines.chain(tables).filter(|body| !state.seen.contains_key(body)).collect()
    }

    /// Fields of named shapes that somebody reads.
    #[must_use]
    pub fn fields_read(&self) -> BTreeSet<(Text, Text)> {
        self.state.borrow().read.clone()
    }

    /// All mistakes, each once and where it is to be mended. To be called once, when everything was looked at.
    #[must_use]
    pub fn finish(&self) -> Vec<Told> {
        fingers::point(&self.state.borrow())
    }
}

fn called<'a>(body: Body, name: &'a Text, names: Vec<Text>, args: &[Type], site: &Site<'_>) -> Called<'a> {
    Called {
        body,
        name,
        names,
        args: args.iter().map(handed).collect(),
        declared: vec![],
        site: site.span,
        handed: site.args.iter().map(|code| Some(Handed::of(code))).collect(),
    }
}

/// What a body sees: its arguments, params and `env`, but not the scope of who calls it.
struct Inside<'a, 'p> {
    instances: &'a Instances<'p>,
    outer: &'a mut dyn TypeEnv,
}

impl TypeEnv for Inside<'_, '_> {
    fn slot(&mut self, _: Slot) -> Type {
        Type::Any
    }

    fn param(&mut self, number: u32) -> Type {
        self.outer.param(number)
    }

    fn env(&mut self) -> Type {
        self.outer.env()
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
        let arg = about.as_ref().and_then(|subject| self.argument(subject));
        self.instances.report(diagnostic, about, arg, operand.clone());
    }

    fn mistakes(&self) -> usize {
        self.instances.mistakes()
    }

    fn used(&mut self, subject: &Subject) {
        if let Some(arg) = self.argument(subject) {
            self.instances.used(arg);
        }
    }

    fn read(&mut self, shape: &Text, field: &Text) {
        self.instances.read(shape, field);
    }

    fn missed(&mut self, shape: &Text, field: &Text, at: Span) {
        self.outer.missed(shape, field, at);
    }

    fn asks(&mut self, set: &Enum, text: &Text, at: Span) {
        self.outer.asks(set, text, at);
    }

    fn has_asset(&self, name: &Text, at: Span) -> bool {
        self.outer.has_asset(name, at)
    }

    fn stranger(&mut self, text: &Text, near: &str, at: Span) {
        self.outer.stranger(text, near, at);
    }

    fn twin(&mut self, twin: &Text, asked: &Text, at: Span) {
        self.outer.twin(twin, asked, at);
    }

    fn note_use(&mut self, subject: &Subject, at: Span) {
        self.outer.note_use(subject, at);
    }

    fn note_type(&mut self, span: Span, ty: &Type) {
        self.outer.note_type(span, ty);
    }

    fn note_columns(&mut self, table: TableId, types: &[Type]) {
        self.outer.note_columns(table, types);
    }

    fn declared(&self, name: &str) -> Option<Span> {
        self.outer.declared(name)
    }
}
