//! The params of a workflow case: what the case says, else defaults. What has no default and is of no concern to the case it leaves out.

use wf_check::{Given, resolve_params};
use wf_plan::{Param, Params, Plan};
use wf_syntax::ast::Binding;
use wf_value::Text;

use crate::data;
use crate::stop::Stop;

/// The values of all params; `written` names them as the specification does, a group of them by what its names begin with.
pub(crate) fn params(plan: &Plan, written: &[Binding]) -> Result<Params, Stop> {
    let names = || plan.module.params.iter().map(|p| p.name.as_str());
    for binding in written {
        if !names().any(|param| covers(binding.name.as_str(), param)) {
            return Err(Stop::unknown("param", &binding.name, names()));
        }
    }
    let given = |b: &Binding| (Text::from(b.name.as_str()), Given::Value(data::value(&b.value)));
    let set = |p: &Param| written.iter().any(|b| covers(b.name.as_str(), &p.name));
    let unset =
        |p: &Param| (p.name.clone(), Given::Unset(format!("the case does not set the param {}", p.name).into()));
    let needed = plan.module.params.iter().filter(|p| p.default.is_none() && !p.ty.is_optional() && !set(p));
    let sets: Vec<(Text, Given)> = written.iter().map(given).chain(needed.map(unset)).collect();
    resolve_params(plan, None, None, &sets).map_err(|found| {
        let messages: Vec<String> = found.iter().map(|d| d.message.clone()).collect();
        let meant = |b: &&Binding| messages.iter().any(|m| m.contains(&format!("`{}", b.name.as_str())));
        let place = written.iter().find(meant).map(|b| b.value.span);
        Stop::broken(messages.join("\n"), place)
    })
}

/// The param itself, or the group that it is in.
fn covers(written: &str, param: &str) -> bool {
    param.strip_prefix(written).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}
