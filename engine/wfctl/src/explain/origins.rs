//! Who set a param: the environment's file, the default, somebody by hand. The run has written it down.

use wf_machine::Start;
use wf_plan::{Param, Plan, Provenance};
use wf_source::Span;

/// The params of a run, with who set each.
#[derive(Clone, Debug, Default)]
pub struct Origins {
    params: Vec<(Param, String)>,
}

impl Origins {
    #[must_use]
    pub fn new(plan: &Plan, start: &Start) -> Self {
        let said = |param: &Param, from: &Provenance| match from {
            Provenance::Default => format!("default, {}", plan.files.locate(param.span)),
            Provenance::Environment(place) => place.to_string(),
            Provenance::Set => "--set".to_owned(),
            Provenance::Unsaid => "set; its journal is older and does not say by whom".to_owned(),
        };
        let all = plan.module.params.iter().zip(&start.params.from);
        Self { params: all.map(|(param, from)| (param.clone(), said(param, from))).collect() }
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
