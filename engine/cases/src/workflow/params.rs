//! The params of a workflow case: what the case says, else defaults.

use wf_check::{Given, resolve_params};
use wf_plan::{Params, Plan};
use wf_syntax::ast::Binding;
use wf_value::Text;

use crate::data;
use crate::stop::Stop;

/// The values of all params; `written` names them as the specification does, a group of them by what its names begin with.
pub(crate) fn params(plan: &Plan, written: &[Binding]) -> Result<Params, Stop> {
    let names = || plan.module.params.iter().map(|p| p.name.as_str());
    for binding in written {
        let (name, group) = (binding.name.as_str(), format!("{}.", binding.name.as_str()));
        if !names().any(|n| n == name || n.starts_with(&group)) {
            return Err(Stop::unknown("param", &binding.name, names()));
        }
    }
    let given = |b: &Binding| (Text::from(b.name.as_str()), Given::Value(data::value(&b.value)));
    let sets: Vec<(Text, Given)> = written.iter().map(given).collect();
    resolve_params(plan, None, None, &sets).map_err(|found| {
        let messages: Vec<String> = found.iter().map(|d| d.message.clone()).collect();
        let meant = |b: &&Binding| messages.iter().any(|m| m.contains(&format!("`{}", b.name.as_str())));
        let place = written.iter().find(meant).map(|b| b.value.span);
        Stop::broken(messages.join("\n"), place)
    })
}
