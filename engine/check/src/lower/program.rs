//! What expressions of a plan call: defines, tables, templates, those that are reached.

use wf_expr::template::Template;
use wf_expr::{Asset, Define, Program, Written, WrittenKind};
use wf_source::{Diagnostic, ScalarMap};
use wf_syntax::ast;
use wf_value::{Text, Value};

use super::context::broken_written;
use super::{Cx, partials, rules};
use crate::names::{DefKey, DefKind, Seen, Sight};

/// Defines and tables as they are lowered, by their keys.
#[derive(Default)]
pub(crate) struct Lowered {
    pub(crate) defines: Vec<(DefKey, Define)>,
    pub(crate) tables: Vec<(DefKey, wf_expr::Table)>,
    pub(crate) templates: Vec<(usize, Template)>,
}

impl Cx<'_> {
    /// Lowers what was reached, and what that reaches. `flow` lowers a flow.
    pub(crate) fn drain(&self, lowered: &mut Lowered, flow: &mut dyn FnMut(DefKey)) {
        loop {
            let next = self.state.borrow_mut().queue.pop_front();
            let Some(key) = next else {
                if !self.next_template(lowered) {
                    return;
                }
                continue;
            };
            let before = self.state.borrow_mut().current.replace(key);
            match key.kind {
                DefKind::Define => lowered.defines.extend(self.define(key).map(|d| (key, d))),
                DefKind::Table => lowered.tables.extend(self.table(key).map(|t| (key, t))),
                DefKind::Flow => flow(key),
                _ => {}
            }
            self.state.borrow_mut().current = before;
        }
    }

    fn define(&self, key: DefKey) -> Option<Define> {
        let define = self.world.unit(key.unit).defines.get(key.index as usize)?;
        let args: Vec<Text> = define.params.iter().map(|p| Text::from(&*p.value)).collect();
        for (i, param) in define.params.iter().enumerate() {
            if define.params[..i].iter().any(|p| p.value == param.value) {
                let message = format!("`{}` has two arguments named `{}`", define.name.value, param.value);
                self.tell(Diagnostic::error(&rules::WRONG_INPUT, param.span, message));
            }
        }
        let sight = Sight { seen: Seen::Locals(&args), ..Sight::file(self, key.unit) };
        let body = match &define.body {
            ast::DefineBody::Computed(text) => sight.bare(text),
            ast::DefineBody::Object(node) => sight.written(node),
            ast::DefineBody::Broken => {
                self.set_broken();
                broken_written(define.key)
            }
        };
        Some(Define { name: (*define.name.value).into(), args, body, span: define.name.span })
    }

    /// Compiles the next template that somebody uses; false when there is none.
    fn next_template(&self, lowered: &mut Lowered) -> bool {
        let wanted = self
            .state
            .borrow()
            .partials
            .iter()
            .map(|u| u.template.0 as usize)
            .find(|number| !lowered.templates.iter().any(|(done, _)| done == number));
        let Some(number) = wanted else { return false };
        let Some((unit, file)) = self.state.borrow().templates.get(number).cloned() else { return false };
        let Some(source) = self.world.files.get(file.file) else { return false };
        let map = ScalarMap::plain(file.file, 0, source.text.len());
        let templates = self.templates(unit);
        let sight = Sight { seen: Seen::Template, ..Sight::file(self, unit) };
        let (template, found) = Template::file(&file.name, &source.text, &map, &sight, file.html, &templates);
        sight.keep(found);
        let template = template.unwrap_or_else(|| {
            self.set_broken();
            self.state.borrow_mut().broken_templates.insert(number);
            Template { name: (*file.name).into(), args: vec![], parts: vec![], span: map.whole() }
        });
        partials::of_parts(&template.parts, &mut self.state.borrow_mut().partials);
        super::visit::codes_of_parts(&template.parts, &mut |code| self.note_asset(code));
        lowered.templates.push((number, template));
        true
    }

    /// The program, everything at its number.
    pub(crate) fn program(&self, lowered: Lowered) -> Program {
        let by_number = |kind: DefKind| self.reached(kind);
        let mut defines = lowered.defines;
        let mut tables = lowered.tables;
        let mut templates = lowered.templates;
        let mut program = Program::default();
        for key in by_number(DefKind::Define) {
            match defines.iter().position(|(k, _)| *k == key) {
                Some(i) => program.defines.push(defines.swap_remove(i).1),
                None => self.set_broken(),
            }
        }
        for key in by_number(DefKind::Table) {
            match tables.iter().position(|(k, _)| *k == key) {
                Some(i) => program.tables.push(tables.swap_remove(i).1),
                None => self.set_broken(),
            }
        }
        let files = self.state.borrow().templates.clone();
        for (number, (_, file)) in files.iter().enumerate() {
            let template = match templates.iter().position(|(n, _)| *n == number) {
                Some(i) => templates.swap_remove(i).1,
                // nobody uses it
                None => {
                    let span = ScalarMap::plain(file.file, 0, 0).whole();
                    Template { name: (*file.name).into(), args: vec![], parts: vec![], span }
                }
            };
            program.templates.push(template);
        }
        self.check_partials(&program.templates);
        program.assets = self.assets();
        program
    }

    /// The files that `asset('…')` names, each once.
    fn assets(&self) -> Vec<Asset> {
        let mut assets: Vec<Asset> = vec![];
        for (name, span) in std::mem::take(&mut self.state.borrow_mut().assets) {
            if assets.iter().any(|known| known.name == name) {
                continue;
            }
            let folder = crate::project::folder(self.world.path(span.file));
            let folder = folder.strip_suffix("/templates").unwrap_or(folder);
            let path = crate::project::beside(folder, &name).unwrap_or_default();
            match self.world.project.bytes(&path) {
                Some(bytes) => assets.push(Asset { name, path: path.into(), bytes }),
                None => {
                    let message = format!("there is no file `{name}` beside the workflow");
                    self.tell(Diagnostic::error(&rules::NO_ASSET, span, message));
                }
            }
        }
        assets
    }

    /// Notes the file that `asset('…')` names.
    pub(crate) fn note_asset(&self, code: &wf_expr::Code) {
        if let wf_expr::Kind::Call { function, args, .. } = &code.kind
            && function.name == "asset"
            && let Some(arg) = args.first()
            && let wf_expr::Kind::Literal(Value::Text(name)) = &arg.kind
        {
            self.state.borrow_mut().assets.push((name.clone(), arg.span));
        }
    }

    /// Definitions that call themselves, over any number of others.
    pub(crate) fn check_recursion(&self) {
        if self.is_broken() {
            return;
        }
        let calls = self.state.borrow().calls.clone();
        let next = |from: DefKey| {
            let mut to: Vec<DefKey> = calls.iter().filter(|(f, _)| *f == from).map(|(_, t)| *t).collect();
            to.sort();
            to
        };
        let mut keys: Vec<DefKey> = calls.iter().map(|(from, _)| *from).collect();
        keys.sort();
        keys.dedup();
        let mut told: Vec<DefKey> = vec![];
        for start in keys {
            let mut waiting = next(start);
            let mut seen = vec![];
            while let Some(key) = waiting.pop() {
                if !seen.contains(&key) {
                    seen.push(key);
                    waiting.extend(next(key));
                }
            }
            if !seen.contains(&start) || told.iter().any(|t| seen.contains(t)) {
                continue;
            }
            told.push(start);
            let Some(def) = self.world.def(start) else { continue };
            let message = format!("the {} `{}` calls itself", start.kind.word(), def.name);
            // what closes the circle is wrong: the last flow of the file that runs the first
            let closing = seen.iter().filter_map(|from| Some((*from, *self.state.borrow().runs.get(&(*from, start))?)));
            let closing = closing.max_by_key(|(from, _)| *from).map(|(_, span)| span);
            let mut diagnostic = Diagnostic::error(&rules::RECURSION, closing.unwrap_or(def.span), message)
                .help("expressions and flows end: go through a list instead");
            if closing.is_some() {
                diagnostic = diagnostic.note(Some(def.span), "it begins here");
            }
            for other in seen.iter().filter(|k| **k != start) {
                // only those on the way back
                let back = next(*other);
                if let Some(def) = self.world.def(*other).filter(|_| back.contains(&start)) {
                    diagnostic = diagnostic.note(Some(def.span), format!("over `{}`", def.name));
                }
            }
            self.tell(diagnostic);
        }
    }
}

/// A literal, as a value place.
pub(crate) fn literal_written(value: Value, span: wf_source::Span) -> Written {
    Written { kind: WrittenKind::Literal { value, raw: None }, span }
}
