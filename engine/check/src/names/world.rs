//! All files with definitions, and what each of them sees of the others.

use std::collections::BTreeMap;
use std::sync::Arc;

use wf_proto::Protos;
use wf_source::{Diagnostic, FileId, Files, nearest};
use wf_syntax::ast;

use super::rules;
use super::unit::{Def, DefKey, DefKind, Role, Unit, UnitId};
use crate::Project;
use crate::project::{beside, folder};
use crate::sources::Sources;

/// All files with definitions of a project.
pub(crate) struct World<'a> {
    pub(crate) project: &'a Project,
    pub(crate) files: &'a Files,
    pub(crate) units: Vec<Unit>,
    /// Template files by folder of their files (`workflows/lib`), each with its name.
    pub(crate) templates: BTreeMap<String, Vec<TemplateFile>>,
    protos: BTreeMap<FileId, Protos>,
}

#[derive(Clone, Debug)]
pub(crate) struct TemplateFile {
    pub(crate) name: Arc<str>,
    pub(crate) file: FileId,
    /// What holes print is escaped.
    pub(crate) html: bool,
}

/// What a name means to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    One(DefKey),
    /// Two files that it sees define it.
    Clash(DefKey, DefKey),
}

impl<'a> World<'a> {
    pub(crate) fn new(project: &'a Project, sources: &'a Sources, found: &mut Vec<Diagnostic>) -> Self {
        let mut units = vec![];
        let id = |units: &Vec<Unit>| UnitId(u32::try_from(units.len()).unwrap_or(u32::MAX));
        for source in &sources.workflows {
            let torn = sources.torn.contains(&source.file);
            units.push(Unit::of_workflow(id(&units), &source.path, source.file, torn, &source.ast));
        }
        for (i, source) in sources.workflows.iter().enumerate() {
            let uses = libraries(&source.path, &source.ast.uses, &units, found);
            if uses.iter().any(|used| units.get(used.0 as usize).is_some_and(|u| u.torn))
                || uses.len() < source.ast.uses.len()
            {
                // what a library that cannot be read defines is not missing
                units[i].torn = true;
            }
            units[i].uses = uses;
        }
        spread_torn(&mut units);
        for source in &sources.connectors {
            let torn = sources.torn.contains(&source.file);
            units.push(Unit::of_face(id(&units), &source.path, source.file, torn, &source.ast));
        }
        let mut templates: BTreeMap<String, Vec<TemplateFile>> = BTreeMap::new();
        for (path, file) in &sources.templates {
            let Some((base, name)) = path.split_once("/templates/") else { continue };
            let html = name.ends_with(".html.hbs");
            let name = name.trim_end_matches(".hbs").trim_end_matches(".html").into();
            templates.entry(base.to_owned()).or_default().push(TemplateFile { name, file: *file, html });
        }
        let protos = crate::protos::compile(project, sources, found);
        Self { project, files: &sources.files, units, templates, protos }
    }

    pub(crate) fn unit(&self, id: UnitId) -> &Unit {
        &self.units[id.0 as usize]
    }

    /// The messages that a file of grpc speaks of.
    pub(crate) fn protos(&self, unit: UnitId) -> Option<&Protos> {
        self.protos.get(&self.unit(unit).file)
    }

    pub(crate) fn def(&self, key: DefKey) -> Option<Def> {
        self.unit(key.unit).def(key)
    }

    /// The file itself, then the libraries that it sees, each once.
    pub(crate) fn seen_by(&self, unit: UnitId) -> Vec<UnitId> {
        let mut seen = vec![unit];
        let mut at = 0;
        while let Some(id) = seen.get(at).copied() {
            at += 1;
            for used in &self.unit(id).uses {
                if !seen.contains(used) {
                    seen.push(*used);
                }
            }
        }
        seen
    }

    /// What a name means in a file: what the file defines, or a library that it sees.
    pub(crate) fn find(&self, unit: UnitId, kind: DefKind, name: &str) -> Option<Found> {
        let mut all = self.seen_by(unit).into_iter().filter_map(|id| self.unit(id).find(kind, name));
        let first = all.next()?;
        if kind == DefKind::Param {
            // asked for by path: the nearest; two of one name in a plan are told there
            return Some(Found::One(first));
        }
        Some(all.next().map_or(Found::One(first), |second| Found::Clash(first, second)))
    }

    /// Names of a kind that a file sees.
    pub(crate) fn names(&self, unit: UnitId, kind: DefKind) -> Vec<Arc<str>> {
        let units = self.seen_by(unit);
        let all = units.iter().flat_map(|id| self.unit(*id).definitions());
        all.filter(|(k, _, _)| *k == kind).map(|(_, _, def)| def.name).collect()
    }

    /// The templates beside a file, then those beside the libraries that it sees; of one name the nearer one.
    pub(crate) fn templates_of(&self, unit: UnitId) -> Vec<&TemplateFile> {
        let mut all: Vec<&TemplateFile> = vec![];
        for id in self.seen_by(unit) {
            let beside = self.templates.get(folder(&self.unit(id).path)).map_or(&[][..], Vec::as_slice);
            for template in beside {
                if !all.iter().any(|nearer| nearer.name == template.name) {
                    all.push(template);
                }
            }
        }
        all
    }

    /// The path of a file, for messages.
    pub(crate) fn path(&self, file: FileId) -> &str {
        self.files.get(file).map_or("", |f| f.path.as_str())
    }
}

/// A file sees nothing wrong in what only its torn libraries could tell.
fn spread_torn(units: &mut [Unit]) {
    for _ in 0..units.len() {
        let torn: Vec<UnitId> = units.iter().filter(|u| u.torn).map(|u| u.id).collect();
        let mut changed = false;
        for unit in units.iter_mut().filter(|u| !u.torn) {
            if unit.uses.iter().any(|used| torn.contains(used)) {
                unit.torn = true;
                changed = true;
            }
        }
        if !changed {
            break;
        }
    }
}

fn libraries(path: &str, uses: &[ast::Text], units: &[Unit], found: &mut Vec<Diagnostic>) -> Vec<UnitId> {
    let base = folder(path);
    let mut libraries = vec![];
    for written in uses {
        let target = beside(base, &written.text);
        match units.iter().find(|u| Some(&u.path) == target.as_ref()) {
            Some(unit) if unit.role == Role::Library && unit.path != path => libraries.push(unit.id),
            Some(unit) => {
                let message = if unit.path == path {
                    "a library cannot use itself".to_owned()
                } else {
                    format!("`{}` is a workflow; only libraries are used by others", written.text)
                };
                found.push(Diagnostic::error(&rules::NO_LIBRARY, written.span, message));
            }
            None => {
                let known: Vec<String> = units
                    .iter()
                    .filter(|u| u.role == Role::Library && u.path != path)
                    .map(|u| from_folder(base, &u.path))
                    .collect();
                let near = nearest(&written.text, known.iter().map(String::as_str));
                let message = format!("there is no file `{}`", target.as_deref().unwrap_or(&written.text));
                let diagnostic = Diagnostic::error(&rules::NO_LIBRARY, written.span, message);
                found.push(match near {
                    Some(_) => diagnostic.did_you_mean(near, written.span),
                    None if known.is_empty() => {
                        diagnostic.help("libraries stand in workflows/lib and begin with `library: name`")
                    }
                    None => {
                        diagnostic.help(format!("there are {}", wf_source::one_of(known.iter().map(String::as_str), 9)))
                    }
                });
            }
        }
    }
    libraries
}

/// A path as it is written from a folder: `../lib/tickets.yaml`.
pub(crate) fn from_folder(base: &str, path: &str) -> String {
    let from: Vec<&str> = base.split('/').filter(|p| !p.is_empty()).collect();
    let to: Vec<&str> = path.split('/').collect();
    let common = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = from.len() - common;
    "../".repeat(up) + &to[common..].join("/")
}
