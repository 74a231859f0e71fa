//! `call` and `publish`: the action, what it is handed, and what is said for all calls of it.

use std::sync::Arc;

use wf_expr::{Entry, Key, Written, WrittenKind};
use wf_plan::{About, Accept, Action, Call, Effect, Status, TellWhen};
use wf_source::{Diagnostic, Span, equally_near, nearest, one_of};
use wf_syntax::ast;
use wf_value::{Extra, InputField, Text};

use super::body::Body;
use super::inputs::key_of;
use super::{Cx, rules};
use crate::names::{Local, LocalKind, Role, Seen, Sight, Values};

/// What `calls` of the workflow says for an action: that for the action itself, then that for all of its connector.
#[derive(Default)]
pub(crate) struct CallRules<'a> {
    rules: Vec<&'a ast::CallRule>,
}

impl<'a> CallRules<'a> {
    pub(crate) fn first<T>(&self, what: impl Fn(&'a ast::CallRule) -> Option<T>) -> Option<T> {
        self.rules.iter().find_map(|rule| what(rule))
    }
}

/// The rule that holds for a call, as far as steps ask for it.
pub(crate) struct OwnRule<'a> {
    pub(crate) on_error: Option<&'a ast::OnError>,
    pub(crate) retry: Option<&'a ast::Retry>,
}

impl Cx<'_> {
    /// The action of that name: `connector.action`, in a connector also `action` alone.
    pub(crate) fn action(&self, unit: crate::names::UnitId, name: &ast::Name) -> Option<Arc<Action>> {
        let written = name.as_str();
        let file = self.world.unit(unit);
        let own = (file.role == Role::Face).then(|| format!("{}.{written}", file.name));
        let find = |full: &str| self.actions.iter().find(|a| a.full_name().as_str() == full).cloned();
        if let Some(action) = own.as_deref().and_then(find).or_else(|| find(written)) {
            self.ledger.borrow_mut().uses.add(action.span, name.span);
            let mut state = self.state.borrow_mut();
            if !state.called.iter().any(|known| Arc::ptr_eq(known, &action)) {
                state.called.push(action.clone());
            }
            return Some(action);
        }
        self.unknown_action(name);
        None
    }

    fn unknown_action(&self, name: &ast::Name) {
        self.set_broken();
        let written = name.as_str();
        let (connector, action) = written.split_once('.').unwrap_or(("", written));
        let torn = self.world.units.iter().any(|u| &*u.name == connector && u.torn);
        if torn {
            return;
        }
        let of_connector: Vec<&str> =
            self.actions.iter().filter(|a| a.connector.as_str() == connector).map(|a| a.name.as_str()).collect();
        let same: Vec<String> =
            self.actions.iter().filter(|a| a.name.as_str() == action).map(|a| a.full_name().to_string()).collect();
        let diagnostic = if of_connector.is_empty() {
            let message = format!("there is no connector `{connector}`");
            let at = part(name, 0, connector.len().max(1));
            let mut connectors: Vec<&str> = self.actions.iter().map(|a| a.connector.as_str()).collect();
            connectors.dedup();
            let near = nearest(connector, connectors.iter().copied());
            let diagnostic = Diagnostic::error(&rules::UNKNOWN_ACTION, at, message);
            match (near, same.as_slice()) {
                (_, [one]) => diagnostic.help(format!("did you mean `{one}`?")).fix(name.span, one.clone()),
                (Some(near), _) => diagnostic.did_you_mean(Some(near), at),
                (None, _) => diagnostic.help(format!("there are {}", one_of(connectors, 12).replace(" or ", " and "))),
            }
        } else {
            let at = part(name, connector.len() + 1, written.len());
            let message = format!("`{connector}` has no action `{action}`");
            let diagnostic = Diagnostic::error(&rules::UNKNOWN_ACTION, at, message);
            match (same.as_slice(), nearest(action, of_connector.iter().copied())) {
                ([one], _) => {
                    let (other, _) = one.split_once('.').unwrap_or((one, ""));
                    diagnostic.help(format!("`{other}` has it: write `{one}`")).fix(name.span, one.clone())
                }
                ([_, ..], None) => {
                    diagnostic.help(format!("other connectors have it: {}", one_of(same.iter().map(String::as_str), 9)))
                }
                (_, Some(near)) => {
                    let others = equally_near(action, near, of_connector.iter().copied());
                    diagnostic.did_you_mean(Some(near), at).or_mean(&others)
                }
                ([], None) => diagnostic.help(format!("it has {}", one_of(of_connector, 30).replace(" or ", " and "))),
            }
        };
        self.tell(diagnostic);
    }
}

/// A part of a name that stands in the file as it is.
fn part(name: &ast::Name, from: usize, to: usize) -> Span {
    let whole = name.span;
    let quoted = usize::from((whole.end - whole.start) as usize == name.value.len() + 2);
    let start = whole.start as usize + quoted;
    Span::new(whole.file, start + from, start + to.min(name.value.len()))
}

impl<'a> Body<'a> {
    pub(crate) fn rules_for(&self, action: &Action) -> CallRules<'a> {
        let (full, all) = (action.full_name(), format!("{}.*", action.connector));
        self.cx.state.borrow_mut().with_rules.insert(full.as_str().into());
        let named = |name: &str| self.around.calls.iter().filter(|r| r.action.as_str() == name).collect::<Vec<_>>();
        CallRules { rules: named(full).into_iter().chain(named(&all)).collect() }
    }

    pub(crate) fn call(&self, step: &ast::Step, call: &ast::Call) -> Option<(Call, Option<OwnRule<'a>>)> {
        let name = call.action.as_ref()?;
        let action = self.cx.action(self.unit.get(), name)?;
        let rules = self.rules_for(&action);
        let with = self.with_action(step, &action, call.with.as_ref(), &rules);
        let accept = match &step.modifiers.accept {
            Some(accept) => self.accept(accept, &action),
            None => rules.first(|r| r.accept.as_ref()).and_then(|accept| self.accept(accept, &action)),
        };
        let timeout = match (&step.modifiers.timeout, self.defaults.and_then(|d| d.timeout.as_ref())) {
            (Some(node), _) => Some(self.duration(node)),
            (None, of_flow) => match rules.first(|r| r.timeout.as_ref()) {
                Some(node) => {
                    Some(self.seen_from(self.around.unit, || Sight::file(self.cx, self.unit.get()).duration(node, "s")))
                }
                None => of_flow.map(|node| self.duration(node)).or_else(|| {
                    let node = self.around.defaults.and_then(|d| d.timeout.as_ref())?;
                    Some(self.seen_from(self.around.unit, || Sight::file(self.cx, self.unit.get()).duration(node, "s")))
                }),
            },
        };
        let rule = OwnRule { on_error: rules.first(|r| r.on_error.as_ref()), retry: rules.first(|r| r.retry.as_ref()) };
        let lowered = Call {
            tell: self.tell_of(step, &rules),
            about: self.about_of(&rules, &action),
            action,
            with,
            accept,
            timeout,
        };
        Some((lowered, Some(rule)))
    }

    pub(crate) fn publish(&self, step: &ast::Step, publish: &ast::Publish) -> Option<Call> {
        let name = publish.action.as_ref()?;
        let action = self.cx.action(self.unit.get(), name)?;
        if action.effect == Effect::Read {
            let message = format!("`{}` is a read; published, nobody would hear its answer", action.full_name());
            self.cx.tell(
                Diagnostic::error(&rules::PUBLISHED_READ, name.span, message)
                    .help(format!("write `call: {}`", action.full_name())),
            );
        }
        let rules = self.rules_for(&action);
        let with = self.with_action(step, &action, publish.with.as_ref(), &rules);
        Some(Call { action, with, accept: None, timeout: None, tell: TellWhen::Never, about: None })
    }

    /// Which failures are reported: the step's own, the rule's, the flow's, the workflow's.
    fn tell_of(&self, step: &ast::Step, rules: &CallRules<'_>) -> TellWhen {
        let outer = || self.around.defaults.and_then(|d| d.tell.as_ref());
        let (tell, theirs) =
            match (&step.modifiers.tell, rules.first(|r| r.tell.as_ref()), self.defaults.and_then(|d| d.tell.as_ref()))
            {
                (Some(own), _, _) => (Some(own), false),
                (None, Some(rule), _) => (Some(rule), true),
                (None, None, Some(of_flow)) => (Some(of_flow), false),
                (None, None, None) => (outer(), true),
            };
        let Some(tell) = tell else { return TellWhen::Never };
        let span = match tell {
            ast::Tell::No(_) => return TellWhen::Never,
            ast::Tell::Yes(span) | ast::Tell::Each(span) => *span,
            ast::Tell::If(text) => text.span,
        };
        if !self.around.reports {
            self.cx.tell(
                Diagnostic::error(&rules::NO_REPORTER, span, "nothing says how a failed call is reported")
                    .help("add `tell: {publish: notifier.chat, with: {message: \"…\"}}` to the workflow, or use a library that has one"),
            );
        }
        match tell {
            ast::Tell::Each(_) => TellWhen::Each,
            ast::Tell::If(text) => {
                let mark = self.scope.mark();
                let failed = self.give("failed");
                let condition = if theirs {
                    self.seen_from(self.around.unit, || self.sight().code(text))
                } else {
                    self.sight().code(text)
                };
                self.scope.forget(mark);
                TellWhen::If { failed, condition }
            }
            _ => TellWhen::Once,
        }
    }

    fn about_of(&self, rules: &CallRules<'_>, action: &Action) -> Option<Vec<About>> {
        let about = rules.first(|r| r.about.as_ref())?;
        Some(self.cx.about(
            self.around.unit,
            about,
            &action.input.fields.iter().map(|f| f.name.clone()).collect::<Vec<_>>(),
        ))
    }

    /// What an action is handed: `with`, then what `calls` adds.
    pub(crate) fn with_action(
        &self,
        step: &ast::Step,
        action: &Action,
        with: Option<&ast::With>,
        rules: &CallRules<'_>,
    ) -> Written {
        let sight = self.sight();
        let span = with.map_or(step.at, ast::With::span);
        let mut given: Vec<(ast::Name, Written)> = vec![];
        match with {
            Some(ast::With::Whole(text)) => return sight.bare(text),
            Some(ast::With::Map { entries, .. }) => {
                for binding in entries {
                    given.push((binding.name.clone(), self.input_value(action, binding)));
                }
            }
            Some(ast::With::List { items, .. }) => {
                for item in items {
                    match item {
                        ast::WithItem::Pass(name) => given.push((name.clone(), sight.name_of(name))),
                        ast::WithItem::Named(binding) => {
                            given.push((binding.name.clone(), self.input_value(action, binding)))
                        }
                    }
                }
            }
            None => {}
        }
        let own = given.len();
        for with in rules.rules.iter().filter_map(|r| r.with.as_ref()) {
            let ast::With::Map { entries, .. } = with else { continue };
            for binding in entries
                .iter()
                .filter(|b| action.input.field(&b.name.value).is_some() || action.input.extra != Extra::Drop)
            {
                if !given.iter().any(|(name, _)| name.value == binding.name.value) {
                    let value = self.seen_from(self.around.unit, || self.input_value(action, binding));
                    given.push((binding.name.clone(), value));
                }
            }
        }
        let names: Vec<&ast::Name> = given.iter().take(own).map(|(name, _)| name).collect();
        let all: Vec<&str> = given.iter().map(|(name, _)| &*name.value).collect();
        let place = with.map_or(step.at, |with| key_of(self.cx.world.files, with.span(), "with"));
        let wanted = Wanted {
            what: "action",
            name: action.full_name(),
            all: action.input.fields.iter().map(|f| f.name.as_str()).collect(),
            required: action.input.fields.iter().filter(|f| f.must_be_there()).map(|f| f.name.as_str()).collect(),
            open: action.input.extra != Extra::Drop,
        };
        wanted.check(self.cx, &names, &all, place);
        let entries = given.into_iter().map(|(name, value)| Entry {
            key: Key::Text((*name.value).into()),
            key_span: name.span,
            value,
        });
        Written { kind: WrittenKind::Map(entries.collect()), span }
    }

    fn input_value(&self, action: &Action, binding: &ast::Binding) -> Written {
        let sight = self.sight();
        match action.input.field(&binding.name.value) {
            Some(field) => sight.typed(&binding.value, &place_type(field), "s"),
            None => sight.written(&binding.value),
        }
    }

    /// `accept`: outcomes of the action, statuses, or any.
    pub(crate) fn accept(&self, accept: &ast::Accept, action: &Action) -> Option<Accept> {
        Some(match accept {
            ast::Accept::Any(_) => Accept { any: true, statuses: Default::default(), outcomes: vec![] },
            ast::Accept::Only(names) => self.cx.accept(
                names,
                &action.outcomes.iter().map(|o| o.name.clone()).collect::<Vec<_>>(),
                action.full_name(),
            ),
        })
    }
}

/// What a place of an action takes: one element where a list of one is meant, null where it may be left out.
fn place_type(field: &InputField) -> wf_value::Type {
    let ty = match (&field.ty, field.single) {
        (wf_value::Type::List(element), true) => wf_value::Type::Union([field.ty.clone(), (**element).clone()].into()),
        _ => field.ty.clone(),
    };
    if field.must_be_there() && field.presence == wf_value::Presence::Required { ty } else { ty.optional() }
}

impl Cx<'_> {
    /// Outcomes and statuses.
    pub(crate) fn accept(&self, names: &[ast::Name], outcomes: &[Text], action: &str) -> Accept {
        let mut accept = Accept { any: false, statuses: Default::default(), outcomes: vec![] };
        for name in names {
            let text = name.as_str();
            if outcomes.iter().any(|o| o.as_str() == text) {
                self.ledger.borrow_mut().outcomes_used.insert((action.to_owned(), text.into()));
                accept.outcomes.push(text.into());
            } else if let Some(status @ Status::Range(..)) = Status::parse(text) {
                accept.statuses.0.push(status);
            } else {
                self.ask_outcome(name, outcomes, action);
            }
        }
        accept
    }

    /// Fields of an input that a report names: paths, each seen as a member of the input.
    pub(crate) fn about(&self, unit: crate::names::UnitId, about: &[ast::Text], fields: &[Text]) -> Vec<About> {
        self.about_of(unit, about, Seen::Contract(fields))
    }

    pub(crate) fn about_of(&self, unit: crate::names::UnitId, about: &[ast::Text], seen: Seen<'_>) -> Vec<About> {
        let sight = Sight { cx: self, unit, seen, item_of_loop: None };
        about.iter().map(|text| About { label: (*text.text).into(), value: sight.bare(text) }).collect()
    }
}

impl Cx<'_> {
    /// Keeps an outcome that the action does not have, until it is known who else asks for it.
    pub(crate) fn ask_outcome(&self, name: &ast::Name, outcomes: &[Text], action: &str) {
        self.set_broken();
        let asked = (action.to_owned(), name.value.clone(), unknown_outcome(name, outcomes, action));
        self.ledger.borrow_mut().outcomes_asked.push(asked);
    }
}

fn unknown_outcome(name: &ast::Name, outcomes: &[Text], action: &str) -> Diagnostic {
    let text = name.as_str();
    let message = format!("`{text}` is neither a status nor an outcome of {action}");
    let diagnostic = Diagnostic::error(&rules::UNKNOWN_OUTCOME, name.span, message);
    let known = || outcomes.iter().map(Text::as_str);
    match nearest(text, known()) {
        Some(near) => diagnostic.did_you_mean(Some(near), name.span),
        None if outcomes.is_empty() => diagnostic.help("it has no outcomes; statuses are written 200, 2xx, 500..512"),
        None => diagnostic.help(format!("its outcomes are {}", one_of(known(), 12).replace(" or ", " and "))),
    }
}

/// What somebody must be handed.
pub(crate) struct Wanted<'w> {
    /// `action`, `flow`
    pub(crate) what: &'static str,
    pub(crate) name: &'w str,
    pub(crate) all: Vec<&'w str>,
    pub(crate) required: Vec<&'w str>,
    /// It takes others, too.
    pub(crate) open: bool,
}

impl Wanted<'_> {
    /// Unknown and missing inputs; one that is unknown and looks like one that is missing is one mistake.
    pub(crate) fn check(&self, cx: &Cx<'_>, written: &[&ast::Name], given: &[&str], place: Span) {
        let missing: Vec<&str> = self.required.iter().copied().filter(|name| !given.contains(name)).collect();
        let unknown: Vec<&&ast::Name> =
            written.iter().filter(|name| !self.open && !self.all.contains(&name.as_str())).collect();
        for (i, name) in written.iter().enumerate() {
            if let Some(first) = written[..i].iter().find(|other| other.value == name.value) {
                let message = format!("`{}` is given twice", name.value);
                cx.tell(
                    Diagnostic::error(&rules::WRONG_INPUT, name.span, message)
                        .note(Some(first.span), "given here first"),
                );
            }
        }
        for name in &unknown {
            let free: Vec<&str> = self.all.iter().copied().filter(|n| !given.contains(n)).collect();
            let near = nearest(name.as_str(), free.iter().copied())
                .or_else(|| nearest(name.as_str(), self.all.iter().copied()))
                .or_else(|| missing.first().copied().filter(|_| missing.len() == 1 && unknown.len() == 1));
            let message = format!("the {} `{}` has no input `{}`", self.what, self.name, name.value);
            let diagnostic = Diagnostic::error(&rules::WRONG_INPUT, name.span, message);
            cx.tell(match near {
                Some(near) => {
                    let others = equally_near(name.as_str(), near, free.iter().copied());
                    diagnostic.did_you_mean(Some(near), name.span).or_mean(&others)
                }
                None if self.all.is_empty() => diagnostic.help("it has no inputs"),
                None => diagnostic
                    .help(format!("its inputs are {}", one_of(self.all.iter().copied(), 20).replace(" or ", " and "))),
            });
        }
        if !unknown.is_empty() || missing.is_empty() {
            return;
        }
        // what takes further inputs may have been handed a misspelt one
        let misspelt = written.iter().find_map(|name| {
            let near = nearest(name.as_str(), missing.iter().copied())?;
            (!self.all.contains(&name.as_str())).then_some((name, near))
        });
        let diagnostic = match misspelt {
            Some((name, near)) => {
                let message = format!("the {} `{}` has no input `{}`", self.what, self.name, name.value);
                Diagnostic::error(&rules::WRONG_INPUT, name.span, message).did_you_mean(Some(near), name.span)
            }
            None => {
                let names = missing.iter().map(|m| format!("`{m}`")).collect::<Vec<_>>().join(" and ");
                let message = format!("the {} `{}` is not given {names}", self.what, self.name);
                Diagnostic::error(&rules::WRONG_INPUT, place, message).help("it has no default")
            }
        };
        cx.tell(diagnostic);
    }
}

/// The name of a value that stands in a slot of a frame of its own.
pub(crate) fn lone_name(scope: &crate::names::Scope, name: &str, span: Span) -> u16 {
    let slot = scope.slot(name);
    scope.show(Local { name: name.into(), slot, span, kind: LocalKind::Given, values: Values::NoLoop });
    slot
}
