//! A workflow with all that it reaches of its libraries: the plan.

use wf_expr::Written;
use wf_plan::{Flow, FlowId, Module, Plan, Pool, Reporter};
use wf_source::{Diagnostic, nearest};
use wf_syntax::ast;
use wf_value::{Presence, Text};

use super::body::{Body, BodyKind, Surroundings};
use super::calls::{CallRules, lone_name};
use super::inputs::InputDecl;
use super::program::Lowered;
use super::{Cx, rules};
use crate::names::{DefKey, DefKind, Scope, Sight, UnitId};
use crate::sources::Sources;

/// The plan of a workflow, with what is only told once it is known that it works.
pub(crate) struct LoweredPlan {
    pub(crate) plan: Plan,
    /// Nothing in it was wrong.
    pub(crate) whole: bool,
}

impl<'a> Cx<'a> {
    pub(crate) fn plan(&self, sources: &'a Sources, ast: &'a ast::Workflow) -> LoweredPlan {
        let unit = self.world.unit(self.owner);
        let reporter = self.reporter_of(sources, ast);
        let around = Surroundings {
            unit: self.owner,
            defaults: ast.defaults.as_ref(),
            calls: &ast.calls,
            reports: reporter.is_some(),
        };
        self.has_main.set(ast.steps.is_some());
        for (kind, index, _) in unit.definitions() {
            if matches!(kind, DefKind::Flow | DefKind::Param | DefKind::Metric | DefKind::Pool) {
                self.reach(DefKey { unit: self.owner, kind, index });
            }
        }
        let mut flows: Vec<(Option<DefKey>, Flow)> = vec![];
        if let Some(steps) = &ast.steps {
            flows.push((None, self.main(ast, steps, around)));
        }
        let triggers = self.triggers(ast);
        self.check_rules(ast);
        self.check_http(ast);
        let reporter = reporter.and_then(|(unit, tell)| self.reporter(unit, tell));
        let mut lowered = Lowered::default();
        self.drain(&mut lowered, &mut |key| flows.extend(self.library_flow(key, around).map(|f| (Some(key), f))));
        let pools = self.pools();
        // a size may ask for more
        self.drain(&mut lowered, &mut |key| flows.extend(self.library_flow(key, around).map(|f| (Some(key), f))));
        self.check_recursion();
        self.check_param_names();
        let inputs = self.types.inputs(self.owner, &ast.inputs);
        let module = Module {
            program: self.program(lowered),
            flows: self.numbered(flows),
            params: self.params(),
            metrics: self.reached(DefKind::Metric).into_iter().filter_map(|key| self.declared_metric(key)).collect(),
            pools,
            reporter,
        };
        let plan = Plan {
            name: (*unit.name).into(),
            title: ast.title.as_ref().map(|t| (*t.value).into()).unwrap_or_default(),
            module,
            triggers,
            inputs: (!inputs.is_empty()).then(|| self.types.spec(&inputs)),
            actions: self.state.borrow().called.clone(),
            files: self.world.files.clone(),
            hash: Text::default(),
        };
        self.check_calls(ast);
        LoweredPlan { whole: !self.is_broken(), plan }
    }

    /// What is said for all calls of an action is said of one that is called.
    fn check_calls(&self, ast: &ast::Workflow) {
        let called = self.state.borrow().with_rules.clone();
        for rule in &ast.calls {
            let name = rule.action.as_str();
            let is_called = |action: &Text| match name.strip_suffix(".*") {
                Some(connector) => action.split('.').next() == Some(connector),
                None => action.as_str() == name,
            };
            if called.iter().any(is_called) {
                continue;
            }
            let message = format!("nothing here calls `{name}`");
            let diagnostic = Diagnostic::error(&crate::names::rules::UNUSED, rule.action.span, message);
            let diagnostic = match nearest(name, called.iter().map(Text::as_str)) {
                Some(near) => diagnostic.did_you_mean(Some(near), rule.action.span),
                None => diagnostic.help("take it away, or call it"),
            };
            self.ledger.borrow_mut().unused.push(diagnostic);
        }
    }

    /// Flows at their numbers: the main steps, then as they were reached.
    fn numbered(&self, mut flows: Vec<(Option<DefKey>, Flow)>) -> Vec<Flow> {
        let mut all = vec![];
        if let Some(i) = flows.iter().position(|(key, _)| key.is_none()) {
            all.push(flows.swap_remove(i).1);
        }
        for key in self.reached(DefKind::Flow) {
            match flows.iter().position(|(k, _)| *k == Some(key)) {
                Some(i) => all.push(flows.swap_remove(i).1),
                None => self.set_broken(),
            }
        }
        all
    }

    pub(crate) fn params(&self) -> Vec<wf_plan::Param> {
        let keys = self.reached(DefKind::Param);
        keys.into_iter().filter_map(|key| self.known.params.get(&key.unit)?.get(key.index as usize).cloned()).collect()
    }

    /// Two params of one name would be set by the same line of an environment.
    fn check_param_names(&self) {
        let keys = self.reached(DefKind::Param);
        for (i, key) in keys.iter().enumerate() {
            let Some(def) = self.world.def(*key) else { continue };
            let first = keys[..i].iter().find(|k| self.world.def(**k).is_some_and(|d| d.name == def.name));
            if let Some(first) = first {
                self.clash(*first, *key, &def.name);
            }
        }
    }

    fn main(&self, ast: &'a ast::Workflow, steps: &[ast::Step], around: Surroundings<'a>) -> Flow {
        let body = Body {
            cx: self,
            unit: self.owner.into(),
            scope: Scope::new("the main steps"),
            around,
            defaults: None,
            kind: if answers_from_main(ast) { BodyKind::Flow } else { BodyKind::Main },
            face: None,
        };
        let mut inputs = self.types.inputs(self.owner, &ast.inputs);
        // what a trigger for each entry of a list hands over
        for trigger in ast.triggers.iter().filter(|t| t.flow.is_none()) {
            if let Some((name, _)) = &trigger.each
                && !inputs.iter().any(|i| i.name.value == name.value)
            {
                inputs.push(InputDecl {
                    name: name.clone(),
                    ty: None,
                    presence: Presence::Required,
                    default: None,
                    keep_empty: false,
                    single: false,
                    min: None,
                    max: None,
                });
            }
        }
        body.flow("main", None, &inputs, steps, ast.span)
    }

    /// A flow of the workflow or of a library.
    pub(crate) fn library_flow(&self, key: DefKey, around: Surroundings<'a>) -> Option<Flow> {
        let flow: &'a ast::Flow = self.world.unit(key.unit).flows.get(key.index as usize)?;
        let body = Body {
            cx: self,
            unit: key.unit.into(),
            scope: Scope::new(format!("the flow {}", flow.name.value)),
            around,
            defaults: flow.defaults.as_ref(),
            kind: BodyKind::Flow,
            face: None,
        };
        let inputs = self.types.inputs(key.unit, &flow.inputs);
        Some(body.flow(&flow.name.value, flow.doc.as_ref(), &inputs, &flow.steps, flow.name.span))
    }

    fn pools(&self) -> Vec<Pool> {
        let keys = self.reached(DefKind::Pool);
        keys.into_iter()
            .filter_map(|key| {
                let pool = self.world.unit(key.unit).pools.get(key.index as usize)?;
                let size = Sight::file(self, key.unit).typed(&pool.value, &wf_value::Type::Integer, "");
                Some(Pool { name: (*pool.name.value).into(), size })
            })
            .collect()
    }

    /// Who says how failed calls are reported: the workflow, else the one library that does.
    fn reporter_of<'s>(&self, sources: &'s Sources, ast: &'s ast::Workflow) -> Option<(UnitId, &'s ast::TellPolicy)> {
        if let Some(tell) = &ast.tell {
            return Some((self.owner, tell));
        }
        let used = self.world.seen_by(self.owner);
        let mut all = used.iter().skip(1).filter_map(|id| {
            let tell = sources.workflows.get(id.0 as usize)?.ast.tell.as_ref()?;
            Some((*id, tell))
        });
        let first = all.next()?;
        if let Some((_, second)) = all.next() {
            let span = ast.uses.first().map_or(ast.span.begin(), |u| u.span);
            self.tell(
                Diagnostic::error(&rules::TWO_REPORTERS, span, "two libraries say how failed calls are reported")
                    .note(Some(first.1.span), "one here")
                    .note(Some(second.span), "one here")
                    .help("say it in the workflow: its `tell` wins"),
            );
        }
        Some(first)
    }

    fn reporter(&self, unit: UnitId, tell: &ast::TellPolicy) -> Option<Reporter> {
        let action = self.action(unit, tell.publish.as_ref()?)?;
        let body = Body {
            cx: self,
            unit: unit.into(),
            scope: Scope::new("the report of a failed call"),
            around: Surroundings { unit, defaults: None, calls: &[], reports: true },
            defaults: None,
            kind: BodyKind::Flow,
            face: None,
        };
        lone_name(&body.scope, "failed", tell.span);
        let step = super::body::nameless_step(tell.span);
        let with: Written = body.with_action(&step, &action, tell.with.as_ref(), &CallRules::default());
        Some(Reporter { action, with, frame: body.scope.pop() })
    }

    /// `calls` names actions that are there.
    fn check_rules(&self, ast: &ast::Workflow) {
        for rule in &ast.calls {
            match rule.action.as_str().split_once('.') {
                Some((connector, "*")) => {
                    if !self.actions.iter().any(|a| a.connector.as_str() == connector) {
                        self.action(self.owner, &rule.action);
                    }
                }
                _ => {
                    if let Some(action) = self.action(self.owner, &rule.action) {
                        if let Some(ast::Accept::Only(names)) = &rule.accept {
                            let outcomes: Vec<Text> = action.outcomes.iter().map(|o| o.name.clone()).collect();
                            self.accept(names, &outcomes, action.full_name());
                        }
                        if let Some(ast::With::Map { entries, .. }) = &rule.with {
                            let names: Vec<&ast::Name> = entries.iter().map(|e| &e.name).collect();
                            super::calls::Wanted {
                                what: "action",
                                name: action.full_name(),
                                all: action.input.fields.iter().map(|f| f.name.as_str()).collect(),
                                required: vec![],
                                open: action.input.extra != wf_value::Extra::Drop,
                            }
                            .check(self, &names, &[], rule.span);
                        }
                    }
                }
            }
        }
    }

    /// The expressions of `http` see params, constants and, in `errors`, `error`.
    fn check_http(&self, ast: &ast::Workflow) {
        let Some(http) = &ast.http else { return };
        let sight = Sight::file(self, self.owner);
        let mut nodes = vec![&http.port, &http.prefix, &http.cors, &http.max_body, &http.allow];
        if let Some(auth) = &http.auth {
            nodes.push(&auth.bearer);
            if let Some(key) = &auth.api_key {
                nodes.extend([&key.key, &key.status]);
            }
            if let Some(hmac) = &auth.hmac {
                nodes.extend([&hmac.secret, &hmac.status]);
            }
        }
        for node in nodes.into_iter().flatten() {
            sight.written(node);
        }
        if let Some(errors) = &http.errors {
            let scope = Scope::new("the errors of http");
            lone_name(&scope, "error", errors.span);
            Sight::steps(self, self.owner, &scope).written(errors);
        }
    }
}

/// Somebody asks the main steps and waits for their reply.
fn answers_from_main(ast: &ast::Workflow) -> bool {
    ast.triggers
        .iter()
        .any(|t| t.flow.is_none() && matches!(t.kind, ast::TriggerKind::Message { .. } | ast::TriggerKind::Http { .. }))
}

/// The number of the main steps.
pub(crate) const MAIN: FlowId = FlowId(0);
