//! `run`: a flow of the file or of a library, and what it is handed.

use wf_expr::Written;
use wf_plan::FlowId;
use wf_source::{Diagnostic, equally_near, nearest, one_of};
use wf_syntax::ast;

use super::body::Body;
use super::calls::Wanted;
use super::inputs::key_of;
use super::{Cx, rules};
use crate::names::{DefKey, DefKind, UnitId};

impl Cx<'_> {
    /// The flow of that name, as a file sees it.
    pub(crate) fn flow(&self, unit: UnitId, name: &ast::Name) -> Option<(FlowId, DefKey)> {
        if let Some(found) = self.world.find(unit, DefKind::Flow, name.as_str()) {
            let key = self.one(found, name.as_str(), name.span);
            let mut state = self.state.borrow_mut();
            if let Some(current) = state.current {
                state.runs.entry((current, key)).or_insert(name.span);
            }
            drop(state);
            return Some((FlowId(self.reach(key) + self.main_flows()), key));
        }
        self.set_broken();
        let flows = self.world.names(unit, DefKind::Flow);
        let near = nearest(name.as_str(), flows.iter().map(|f| &**f));
        let diagnostic =
            Diagnostic::error(&rules::UNKNOWN_FLOW, name.span, format!("there is no flow `{}`", name.value));
        self.tell(match near {
            Some(other) => {
                let others = equally_near(name.as_str(), other, flows.iter().map(|f| &**f));
                diagnostic.did_you_mean(near, name.span).or_mean(&others)
            }
            None if flows.is_empty() => diagnostic.help("flows stand under `flows:`, here or in a library"),
            None => diagnostic
                .help(format!("there are {}", one_of(flows.iter().map(|f| &**f), 20).replace(" or ", " and "))),
        });
        None
    }

    /// Whether the main steps are a flow, too: the first.
    fn main_flows(&self) -> u32 {
        u32::from(self.has_main.get())
    }

    pub(crate) fn ast_flow(&self, key: DefKey) -> Option<&ast::Flow> {
        self.world.unit(key.unit).flows.get(key.index as usize)
    }
}

impl Body<'_> {
    /// The flow of a `run`, with its inputs by slot; `item` goes along under its own name.
    pub(crate) fn run(
        &self,
        step: &ast::Step,
        run: &ast::Run,
        item: Option<&str>,
    ) -> Option<(FlowId, Vec<(u16, Written)>)> {
        let name = run.flow.as_ref()?;
        let Some((id, key)) = self.cx.flow(self.unit.get(), name) else {
            self.look_at_with(run.with.as_ref());
            return None;
        };
        let given = self.named_inputs(step, run.with.as_ref(), key, item);
        let flow = self.cx.ast_flow(key)?;
        let inputs = self.cx.types.inputs(key.unit, &flow.inputs);
        let slot = |name: &str| inputs.iter().position(|i| &*i.name.value == name).and_then(|i| u16::try_from(i).ok());
        let with = given.into_iter().filter_map(|(name, value)| Some((slot(&name.value)?, value)));
        Some((id, with.collect()))
    }

    /// What a flow is handed, checked against its inputs.
    pub(crate) fn named_inputs(
        &self,
        step: &ast::Step,
        with: Option<&ast::With>,
        key: DefKey,
        item: Option<&str>,
    ) -> Vec<(ast::Name, Written)> {
        let Some(flow) = self.cx.ast_flow(key) else { return vec![] };
        let inputs = self.cx.types.inputs(key.unit, &flow.inputs);
        let sight = self.sight();
        let value = |binding: &ast::Binding| {
            let input = inputs.iter().find(|i| i.name.value == binding.name.value);
            match input.and_then(|i| i.ty.clone().map(|ty| (ty, i.is_required()))) {
                Some((ty, true)) => sight.typed(&binding.value, &ty, "m"),
                Some((ty, false)) => sight.typed(&binding.value, &ty.optional(), "m"),
                None => sight.written(&binding.value),
            }
        };
        let mut given: Vec<(ast::Name, Written)> = vec![];
        match with {
            Some(ast::With::Whole(text)) => {
                sight.bare(text);
                self.misplaced(
                    text.span,
                    "a flow is handed names",
                    "write a mapping, or a list of names: `with: [a, b: =c]`",
                );
                return given;
            }
            Some(ast::With::Map { entries, .. }) => given.extend(entries.iter().map(|b| (b.name.clone(), value(b)))),
            Some(ast::With::List { items, .. }) => given.extend(items.iter().map(|item| match item {
                ast::WithItem::Pass(name) => (name.clone(), sight.name_of(name)),
                ast::WithItem::Named(binding) => (binding.name.clone(), value(binding)),
            })),
            None => {}
        }
        let names: Vec<&ast::Name> = given.iter().map(|(name, _)| name).collect();
        let mut all: Vec<&str> = names.iter().map(|n| n.as_str()).collect();
        all.extend(item);
        let place = with.map_or(step.at, |with| key_of(self.cx.world.files, with.span(), "with"));
        let wanted = Wanted {
            what: "flow",
            name: &flow.name.value,
            all: inputs.iter().map(|i| &*i.name.value).collect(),
            required: inputs.iter().filter(|i| i.is_required()).map(|i| &*i.name.value).collect(),
            open: false,
        };
        wanted.check(self.cx, &names, &all, place);
        given
    }

    /// Names inside of a `with` whose receiver is not known.
    fn look_at_with(&self, with: Option<&ast::With>) {
        let sight = self.sight();
        let binding = |binding: &ast::Binding| {
            sight.written(&binding.value);
        };
        match with {
            Some(ast::With::Whole(text)) => {
                sight.bare(text);
            }
            Some(ast::With::Map { entries, .. }) => entries.iter().for_each(binding),
            Some(ast::With::List { items, .. }) => {
                for item in items {
                    match item {
                        ast::WithItem::Pass(name) => {
                            sight.name_of(name);
                        }
                        ast::WithItem::Named(named) => binding(named),
                    }
                }
            }
            None => {}
        }
    }
}
