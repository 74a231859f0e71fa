//! `environments/<name>.yaml`: read, typed by what they set, merged with what they are like.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use wf_plan::{Connector, Environment, Instance, Override, Param, WorkflowSettings};
use wf_source::{Diagnostic, Span, nearest, one_of};
use wf_syntax::ast;
use wf_syntax::tree::Node;
use wf_value::{Text, Value};

use crate::lower::{LoweredPlan, Shared, literal, once_each, out_of_bounds, rules, unit_of};
use crate::names::{Role, UnitId};
use crate::project::{beside, folder};
use crate::sources::{Source, Sources};

/// What a case is of that names no environment; it needs no file.
const PRODUCTION: &str = "production";

/// All environments of a project, each with what it is like.
pub(crate) fn environments(
    shared: &Shared<'_>,
    sources: &Sources,
    plans: &[LoweredPlan],
    connectors: &[(Arc<Connector>, bool)],
) -> Vec<Environment> {
    let loader = Loader { shared, connectors, broken: RefCell::default() };
    let own: Vec<Environment> = sources.environments.iter().map(|source| loader.environment(source)).collect();
    let mut merged = vec![];
    let mut complete = true;
    for (i, source) in sources.environments.iter().enumerate() {
        let mut chain = vec![i];
        let mut at = source;
        while let Some(like) = &at.ast.like {
            let path = beside(folder(&at.path), &like.text);
            let Some(next) = sources.environments.iter().position(|s| Some(&s.path) == path.as_ref()) else {
                loader.no_such_environment(sources, at, like);
                complete = false;
                break;
            };
            if chain.contains(&next) {
                let message = "this environment is like itself";
                loader.tell(Diagnostic::error(&rules::LIKE, like.span, message));
                complete = false;
                break;
            }
            chain.push(next);
            at = &sources.environments[next];
        }
        let writes = chain.iter().find_map(|i| sources.environments[*i].ast.writes.as_ref()).is_some_and(|w| w.value);
        let base = chain.iter().rev().fold(Environment::default(), |base, i| over(base, &own[*i]));
        merged.push(Environment { writes, ..base });
    }
    for (environment, source) in merged.iter_mut().zip(&sources.environments) {
        environment.name = name_of(&source.path);
    }
    if complete && !sources.environments.iter().any(|s| sources.torn.contains(&s.file)) {
        loader.check_unset(&merged, plans);
        loader.check_crons(&merged, plans);
        sources.environments.iter().for_each(|source| loader.check_instances(&source.ast));
    }
    merged
}

/// What cases name that is no environment.
pub(crate) fn of_cases(sources: &Sources, named: &[ast::Name]) -> Vec<Diagnostic> {
    let names: Vec<Text> = sources.environments.iter().map(|source| name_of(&source.path)).collect();
    let all = || names.iter().map(Text::as_str).chain([PRODUCTION]);
    let stranger = |name: &ast::Name| {
        let diagnostic =
            Diagnostic::error(&rules::LIKE, name.span, format!("there is no environment `{}`", name.value));
        match nearest(name.as_str(), all()) {
            Some(near) => diagnostic.did_you_mean(Some(near), name.span),
            None => diagnostic.help(format!("it is {}", one_of(all().collect::<BTreeSet<_>>(), 12))),
        }
    };
    named.iter().filter(|name| !all().any(|known| known == name.as_str())).map(stranger).collect()
}

fn name_of(path: &str) -> Text {
    let file = path.rsplit('/').next().unwrap_or(path);
    file.trim_end_matches(".yaml").trim_end_matches(".yml").into()
}

/// What the second says wins; params and settings one by one.
fn over(mut base: Environment, own: &Environment) -> Environment {
    for (name, overrides) in &own.connectors {
        put(entry(&mut base.connectors, name), overrides);
    }
    for (name, overrides) in &own.params {
        put(entry(&mut base.params, name), overrides);
    }
    for (name, settings) in &own.workflows {
        let place = entry(&mut base.workflows, name);
        place.writes = settings.writes.or(place.writes);
        if !settings.instances.is_empty() {
            place.instances = settings.instances.clone();
        }
    }
    base
}

fn entry<'a, T: Default>(list: &'a mut Vec<(Text, T)>, name: &Text) -> &'a mut T {
    let place = list.iter().position(|(n, _)| n == name).unwrap_or_else(|| {
        list.push((name.clone(), T::default()));
        list.len() - 1
    });
    &mut list[place].1
}

fn put(place: &mut Vec<Override>, overrides: &[Override]) {
    for new in overrides {
        match place.iter_mut().find(|old| old.name == new.name) {
            Some(old) => *old = new.clone(),
            None => place.push(new.clone()),
        }
    }
}

pub(super) struct Loader<'a> {
    pub(super) shared: &'a Shared<'a>,
    connectors: &'a [(Arc<Connector>, bool)],
    /// Params that are set, to something that is wrong.
    broken: RefCell<BTreeSet<Span>>,
}

impl Loader<'_> {
    pub(super) fn tell(&self, diagnostic: Diagnostic) {
        self.shared.ledger.borrow_mut().found.push(diagnostic);
    }

    fn no_such_environment(&self, sources: &Sources, at: &Source<ast::Environment>, like: &ast::Text) {
        let others: Vec<String> = sources
            .environments
            .iter()
            .filter(|s| s.path != at.path)
            .map(|s| s.path.rsplit('/').next().unwrap_or(&s.path).to_owned())
            .collect();
        let message = format!("there is no environment `{}`", like.text);
        let diagnostic = Diagnostic::error(&rules::LIKE, like.span, message);
        self.tell(match nearest(&like.text, others.iter().map(String::as_str)) {
            Some(near) => diagnostic.did_you_mean(Some(near), like.span),
            None => diagnostic.help("the path of another environment, as in `like: base.yaml`"),
        });
    }

    fn environment(&self, source: &Source<ast::Environment>) -> Environment {
        let ast = &source.ast;
        let mut environment = Environment::default();
        for of in &ast.connectors {
            if let Some(overrides) = self.connector(of) {
                environment.connectors.push(((*of.name.value).into(), overrides));
            }
        }
        for of in &ast.params {
            if let Some(overrides) = self.params(of) {
                environment.params.push(((*of.name.value).into(), overrides));
            }
        }
        for settings in &ast.workflows {
            if let Some(unit) = self.workflow(&settings.name) {
                let instances = settings.instances.iter().map(|instance| Instance {
                    name: (*instance.name.value).into(),
                    params: self.overrides(&instance.params, &self.visible(unit), "param", &settings.name.value),
                });
                let settings_of = WorkflowSettings {
                    writes: settings.writes.as_ref().map(|w| w.value),
                    instances: instances.collect(),
                };
                environment.workflows.push(((*settings.name.value).into(), settings_of));
            }
        }
        environment
    }

    /// Settings of a connector.
    fn connector(&self, of: &ast::SettingsOf) -> Option<Vec<Override>> {
        let name = of.name.as_str();
        let world = self.shared.world;
        let faces: Vec<UnitId> =
            world.units.iter().filter(|u| u.role == Role::Face && *u.name == *name).map(|u| u.id).collect();
        if self.is_stray(of, !faces.is_empty(), true) {
            return None;
        }
        if faces.is_empty() {
            let known: Vec<&str> = self.connectors.iter().map(|(c, _)| c.name.as_str()).collect();
            self.unknown(&of.name, "connector", &known);
            return None;
        }
        if faces.iter().any(|id| world.unit(*id).torn) {
            return Some(vec![]);
        }
        let settings: Vec<Param> =
            faces.iter().filter_map(|id| self.shared.known.params.get(id)).flatten().cloned().collect();
        Some(self.overrides(&of.values, &settings, "setting", name))
    }

    /// Params under the name of a workflow or a library.
    fn params(&self, of: &ast::SettingsOf) -> Option<Vec<Override>> {
        let world = self.shared.world;
        let unit = world.units.iter().find(|u| u.role != Role::Face && *u.name == *of.name.value);
        if self.is_stray(of, unit.is_some(), false) {
            return None;
        }
        let Some(unit) = unit else {
            let known: Vec<&str> = world.units.iter().filter(|u| u.role != Role::Face).map(|u| &*u.name).collect();
            self.unknown(&of.name, "workflow or library", &known);
            return None;
        };
        if unit.torn {
            return Some(vec![]);
        }
        Some(self.overrides(&of.values, &self.visible(unit.id), "param", &of.name.value))
    }

    fn workflow(&self, name: &ast::Name) -> Option<UnitId> {
        let workflows = || self.shared.world.units.iter().filter(|u| u.role == Role::Workflow);
        let found = workflows().find(|u| u.name == name.value).map(|u| u.id);
        if found.is_none() {
            let known: Vec<&str> = workflows().map(|u| &*u.name).collect();
            self.unknown(name, "workflow", &known);
        }
        found
    }

    fn unknown(&self, name: &ast::Name, what: &str, known: &[&str]) {
        let message = format!("there is no {what} `{}`", name.value);
        let diagnostic = Diagnostic::error(&rules::UNKNOWN_SETTING, name.span, message);
        self.tell(match nearest(name.as_str(), known.iter().copied()) {
            Some(near) => diagnostic.did_you_mean(Some(near), name.span),
            None => {
                diagnostic.help(format!("there are {}", one_of(known.iter().copied(), 30).replace(" or ", " and ")))
            }
        });
    }

    /// Params that a file sees: its own, those of its libraries.
    fn visible(&self, unit: UnitId) -> Vec<Param> {
        let seen = self.shared.world.seen_by(unit);
        seen.iter().filter_map(|id| self.shared.known.params.get(id)).flatten().cloned().collect()
    }

    fn overrides(&self, values: &[ast::Binding], params: &[Param], what: &str, owner: &str) -> Vec<Override> {
        let mut overrides = vec![];
        for binding in values {
            self.override_of(
                &binding.name.value,
                binding.name.span,
                &binding.value,
                params,
                (what, owner),
                &mut overrides,
            );
        }
        overrides
    }

    /// A value for a param; a mapping for a group of them gives each its own.
    fn override_of(
        &self,
        name: &str,
        span: Span,
        node: &Node,
        params: &[Param],
        (what, owner): (&str, &str),
        overrides: &mut Vec<Override>,
    ) {
        if let Some(param) = params.iter().find(|p| p.name.as_str() == name) {
            let value = self.value(param, node);
            if value.is_none() {
                self.broken.borrow_mut().insert(param.span);
            }
            overrides.extend(value.map(|value| Override {
                name: param.name.clone(),
                value,
                span: node.span,
                place: self.shared.world.files.locate(node.span).into(),
            }));
            return;
        }
        let group = format!("{name}.");
        if node.is_map() && params.iter().any(|p| p.name.starts_with(&group)) {
            for entry in node.entries().iter().filter(|e| !e.key.text().is_empty()) {
                let full = format!("{group}{}", entry.key.text());
                self.override_of(&full, entry.key.span, &entry.value, params, (what, owner), overrides);
            }
            return;
        }
        let message = format!("`{owner}` has no {what} `{name}`");
        let diagnostic = Diagnostic::error(&rules::UNKNOWN_SETTING, span, message);
        let names: BTreeSet<&str> = params.iter().map(|p| p.name.as_str()).collect();
        self.tell(match nearest(name, names.iter().copied()) {
            Some(near) => diagnostic.did_you_mean(Some(near), span),
            None if names.is_empty() => diagnostic.help("it has none"),
            None => diagnostic.help(match in_other_words(name, &names).as_slice() {
                [] => format!("it has {}", one_of(names, 12).replace(" or ", " and ")),
                meant => format!("did you mean {}?", one_of(meant.iter().map(String::as_str), 6)),
            }),
        });
    }

    fn value(&self, param: &Param, node: &Node) -> Option<Value> {
        if let Some(text) = node.as_text().filter(|t| t.starts_with("env:") || t.starts_with("file:")) {
            return Some(Value::text(text));
        }
        if matches!(param.ty.required(), wf_value::Type::Secret) && !node.is_null() {
            let message = format!("`{}` is a secret, and stands here for everybody to read", param.name);
            self.tell(
                Diagnostic::error(&rules::SECRET_DEFAULT, node.span, message)
                    .help("write `env:NAME`, the variable that holds it, or `file:PATH`"),
            );
            return None;
        }
        let printed = param.default.as_ref().map(Value::print_lenient);
        let unit = printed.as_deref().and_then(unit_of).unwrap_or("m");
        let value = match literal(node, &param.ty, unit) {
            Ok(value) => value,
            Err(found) => {
                once_each(found).for_each(|d| self.tell(d.note(Some(param.span), "the param is declared here")));
                return None;
            }
        };
        if let Some(message) = out_of_bounds(&value, param.min.as_ref(), param.max.as_ref()) {
            let message = format!("`{}` {message}", param.name);
            self.tell(
                Diagnostic::error(&rules::BOUNDS, node.span, message)
                    .note(Some(param.span), "the bounds are declared here"),
            );
            return None;
        }
        Some(value)
    }

    /// Params without default that an environment leaves open.
    fn check_unset(&self, environments: &[Environment], plans: &[LoweredPlan]) {
        for plan in plans {
            let needed = |param: &&Param| {
                param.default.is_none() && !param.ty.is_optional() && !self.broken.borrow().contains(&param.span)
            };
            for param in plan.plan.module.params.iter().filter(needed) {
                let open: Vec<&str> =
                    environments.iter().filter(|e| !sets(e, &plan.plan.name, param)).map(|e| e.name.as_str()).collect();
                if open.is_empty() {
                    continue;
                }
                let (who, verb) = match open.as_slice() {
                    [one] => (format!("the environment {one}"), "does"),
                    many => {
                        (format!("the environments {}", one_of(many.iter().copied(), 9).replace(" or ", " and ")), "do")
                    }
                };
                let message =
                    format!("`{}` has no `default`, and {who} {verb} not set it for {}", param.name, plan.plan.name);
                let help = format!(
                    "give it a default, or set it in each environment: `params: {{{}: {{{}: …}}}}`",
                    plan.plan.name, param.name
                );
                self.tell(Diagnostic::error(&rules::UNSET_PARAM, param.span, message).help(help));
            }
        }
    }
}

/// Names that share most parts with one, at least two: `thresholds.wired.jitter` with `limits.jitter.wired`.
fn in_other_words(name: &str, names: &BTreeSet<&str>) -> Vec<String> {
    let parts: Vec<&str> = name.split('.').collect();
    let shared = |other: &str| other.split('.').filter(|part| parts.contains(part)).count();
    let most = names.iter().map(|other| shared(other)).max().unwrap_or(0);
    let meant = names.iter().filter(|other| most > 1 && shared(other) == most);
    meant.map(|other| format!("`{other}`")).collect()
}

/// Whether an environment gives a param of a workflow, or of a library that it uses, a value.
fn sets(environment: &Environment, workflow: &str, param: &Param) -> bool {
    let under = |name: &str| {
        let of = environment.params.iter().find(|(n, _)| n.as_str() == name);
        of.is_some_and(|(_, all)| all.iter().any(|o| o.name == param.name))
    };
    let instances = environment.workflow(workflow).map(|w| &w.instances).filter(|i| !i.is_empty());
    let all_instances = instances.is_some_and(|all| all.iter().all(|i| i.params.iter().any(|o| o.name == param.name)));
    under(workflow) || under(&param.owner) || all_instances
}
