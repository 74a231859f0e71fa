//! Defines, tables and templates, each looked at once for each tuple of types that it is called with.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use wf_source::{Diagnostic, Span, nearest};
use wf_value::{Text, Type};

use super::findings::NEVER_COMES;
use super::join::widened;
use super::{Site, TypeEnv};
use crate::template::rules::TEMPLATE_ARGUMENTS;
use crate::{DefineId, Program, Slot, TableId, TemplateId};

/// What was looked at. One for each check; a checker's [`TypeEnv::define`] and its like hand their call on to it.
///
/// A mistake that is about an argument is told where the call hands it in, if only that call can be wrong; all others where they are, once.
/// Whether a comparison of a closed set can ever hold is known only when all calls are: [`Self::finish`].
pub struct Instances<'p> {
    program: &'p Program,
    seen: RefCell<BTreeMap<What, Vec<Instance>>>,
    /// Mistakes inside bodies that were told already.
    told: RefCell<BTreeSet<(&'static str, Span, String)>>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    Define(DefineId),
    Table(TableId),
    Template(TemplateId),
}

struct Instance {
    args: Vec<Type>,
    /// `None`: it is being looked at.
    result: Option<Type>,
    found: Vec<Found>,
}

/// A mistake inside a body.
#[derive(Clone)]
struct Found {
    diagnostic: Diagnostic,
    /// The argument that it is about.
    about: Option<u16>,
}

impl Found {
    /// It holds of these types only: another call may make it right.
    fn is_dead_end(&self) -> bool {
        std::ptr::eq(self.diagnostic.rule, &raw const NEVER_COMES)
    }
}

impl<'p> Instances<'p> {
    #[must_use]
    pub fn new(program: &'p Program) -> Self {
        Self { program, seen: RefCell::default(), told: RefCell::default() }
    }

    /// The type that a define gives for arguments of these types.
    pub fn define(&self, id: DefineId, args: &[Type], site: &Site<'_>, env: &mut dyn TypeEnv) -> Type {
        let Some(define) = self.program.defines.get(id.0 as usize) else { return Type::Any };
        let args = args.iter().map(widened).collect();
        self.look(What::Define(id), &define.name, args, site, env, |inside, locals| {
            super::infer_written(&define.body, inside, locals)
        })
    }

    /// The type that a table gives: texts of its rows are a closed set of its name.
    pub fn table(&self, id: TableId, args: &[Type], site: &Site<'_>, env: &mut dyn TypeEnv) -> Type {
        let Some(table) = self.program.tables.get(id.0 as usize) else { return Type::Any };
        let args = args.iter().map(widened).collect();
        self.look(What::Table(id), &table.name, args, site, env, |inside, locals| {
            super::table::infer(table, inside, locals)
        })
    }

    /// Checks what a template is handed, and types its holes. A secret among what is handed makes the text one.
    pub fn template(&self, id: TemplateId, handed: &[(Text, Type)], site: &Site<'_>, env: &mut dyn TypeEnv) {
        let Some(template) = self.program.templates.get(id.0 as usize) else { return };
        let name = &template.name;
        let unused = |wanted: &Text| !template.args.iter().any(|arg| arg.name == *wanted);
        let mut complete = true;
        for arg in &template.args {
            if handed.iter().any(|(name, _)| *name == arg.name) {
                continue;
            }
            complete = false;
            let message = format!("the template `{name}` needs `{}`, which it is not handed", arg.name);
            let found =
                Diagnostic::error(&TEMPLATE_ARGUMENTS, site.span, message).note(Some(arg.span), "it is used here");
            let near = nearest(&arg.name, handed.iter().map(|(n, _)| n).filter(|n| unused(n)).map(Text::as_str));
            let found = match near {
                Some(near) => found.help(format!("it is handed `{near}`: one of the two is misspelt")),
                None => found.help(format!("write `{{{{> {name} {}=…}}}}`", arg.name)),
            };
            env.report(found, None);
        }
        for ((extra, _), code) in handed.iter().zip(site.args).filter(|((n, _), _)| unused(n)) {
            // one that is misspelt was told above
            if complete {
                let message = format!("the template `{name}` does not use `{extra}`");
                env.report(Diagnostic::error(&TEMPLATE_ARGUMENTS, code.span, message), None);
            }
        }
        let of = |arg: &crate::template::Arg| handed.iter().find(|(n, _)| *n == arg.name).map(|(_, ty)| widened(ty));
        let args = template.args.iter().map(|arg| of(arg).unwrap_or(Type::Any)).collect();
        let codes: Vec<_> = template
            .args
            .iter()
            .filter_map(|arg| handed.iter().position(|(n, _)| *n == arg.name).and_then(|i| site.args.get(i).copied()))
            .collect();
        let site = Site { span: site.span, args: if complete { &codes } else { &[] } };
        self.look(What::Template(id), name, args, &site, env, |inside, locals| {
            super::infer_template(template, inside, locals)
        });
    }

    fn look(
        &self,
        what: What,
        name: &Text,
        args: Vec<Type>,
        site: &Site<'_>,
        env: &mut dyn TypeEnv,
        body: impl FnOnce(&mut dyn TypeEnv, &mut Vec<Type>) -> Type,
    ) -> Type {
        let known = self.seen.borrow().get(&what).and_then(|all| {
            let instance = all.iter().find(|instance| instance.args == args)?;
            Some((instance.result.clone().unwrap_or(Type::Any), instance.found.clone()))
        });
        let (result, found) = known.unwrap_or_else(|| {
            let place = {
                let mut seen = self.seen.borrow_mut();
                let all = seen.entry(what).or_default();
                all.push(Instance { args: args.clone(), result: None, found: vec![] });
                all.len() - 1
            };
            let mut inside = Inside { instances: self, outer: &mut *env, found: vec![] };
            let mut locals = args;
            let result = body(&mut inside, &mut locals);
            let found = inside.found;
            if let Some(instance) = self.seen.borrow_mut().get_mut(&what).and_then(|all| all.get_mut(place)) {
                instance.result = Some(result.clone());
                instance.found.clone_from(&found);
            }
            (result, found)
        });
        for found in found.into_iter().filter(|found| !found.is_dead_end()) {
            self.tell(found, name, site, env);
        }
        result
    }

    /// Tells a mistake of a body that was called here.
    fn tell(&self, found: Found, name: &Text, site: &Site<'_>, env: &mut dyn TypeEnv) {
        let arg = found.about.and_then(|local| site.args.get(usize::from(local)));
        match arg {
            // what has a repair is misspelt where it stands
            Some(arg) if found.diagnostic.fix.is_none() => {
                let used = found.diagnostic.span;
                let mut diagnostic = found.diagnostic;
                diagnostic.span = arg.span;
                diagnostic.message = format!("in `{name}`, {}", diagnostic.message);
                diagnostic.notes.insert(0, wf_source::Note { span: Some(used), text: "it is used here".into() });
                let about = match arg.kind {
                    crate::Kind::Local(local) => Some(local),
                    _ => None,
                };
                env.report(diagnostic, about);
            }
            _ => {
                let key = (found.diagnostic.rule.code, found.diagnostic.span, found.diagnostic.message.clone());
                if self.told.borrow_mut().insert(key) {
                    env.report(found.diagnostic.note(Some(site.span), "called from here"), None);
                }
            }
        }
    }

    /// Tells of comparisons in bodies that hold for no call. To be called once, when everything was looked at.
    pub fn finish(&self, env: &mut dyn TypeEnv) {
        for instances in self.seen.borrow().values() {
            let Some(first) = instances.first() else { continue };
            for found in first.found.iter().filter(|found| found.is_dead_end()) {
                let span = found.diagnostic.span;
                let everywhere =
                    instances.iter().all(|i| i.found.iter().any(|f| f.is_dead_end() && f.diagnostic.span == span));
                let key = (found.diagnostic.rule.code, span, found.diagnostic.message.clone());
                if everywhere && self.told.borrow_mut().insert(key) {
                    env.report(found.diagnostic.clone(), None);
                }
            }
        }
    }
}

/// What a body sees: its arguments, params and `env`, but not the scope of who calls it.
struct Inside<'a, 'p> {
    instances: &'a Instances<'p>,
    outer: &'a mut dyn TypeEnv,
    found: Vec<Found>,
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

    fn template(&mut self, id: TemplateId, args: &[(Text, Type)], site: &Site<'_>) {
        let instances = self.instances;
        instances.template(id, args, site, self);
    }

    fn report(&mut self, diagnostic: Diagnostic, about: Option<u16>) {
        self.found.push(Found { diagnostic, about });
    }

    fn note_type(&mut self, span: Span, ty: &Type) {
        self.outer.note_type(span, ty);
    }

    fn declared(&self, name: &str) -> Option<Span> {
        self.outer.declared(name)
    }
}
