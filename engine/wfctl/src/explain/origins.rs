//! Who set a param: the environment's file, the default, somebody by hand.

use std::sync::Arc;

use wf_check::{Checked, resolve_params};
use wf_machine::Start;
use wf_plan::{Param, Plan, Provenance};
use wf_source::Span;

/// The params of a run, with who set each.
#[derive(Clone, Debug, Default)]
pub struct Origins {
    params: Vec<(Param, String)>,
}

impl Origins {
    /// The journal knows that a value was given; the files of that time say which line gave it, if it is the value that the run had.
    #[must_use]
    pub fn new(checked: &Checked, plan: &Arc<Plan>, start: &Start, instance: Option<&str>) -> Self {
        let name = start.env.as_map().and_then(|env| env.raw("name")).and_then(|name| name.as_str());
        let environment = name.and_then(|name| checked.environment(name));
        let resolved = resolve_params(plan, environment, instance, &[]).ok();
        let origin = |(i, param): (usize, &Param)| {
            let given = !matches!(start.params.from.get(i), None | Some(Provenance::Default));
            let same = resolved.as_ref().filter(|r| r.values.get(i) == start.params.values.get(i));
            let from = match same.and_then(|r| r.from.get(i)) {
                _ if !given => format!("default, {}", plan.files.locate(param.span)),
                Some(Provenance::Environment(span)) => checked.files.locate(*span),
                _ => "set by hand".to_owned(),
            };
            (param.clone(), from)
        };
        Self { params: plan.module.params.iter().enumerate().map(origin).collect() }
    }

    /// Who set the param that an expression at `span` reads as `name`; `None`: it is no param.
    #[must_use]
    pub fn of(&self, name: &str, span: Span) -> Option<String> {
        let name = name.strip_prefix("params.")?;
        let whole = |param: &str| name == param || name.strip_prefix(param).is_some_and(|r| r.starts_with(['.', '[']));
        let named = self.params.iter().filter(|(param, _)| whole(&param.name));
        // a file's own params hide those of its libraries
        let nearest = named.max_by_key(|(param, _)| (param.name.len(), param.span.file == span.file));
        nearest.map(|(_, from)| from.clone())
    }
}
