//! Defaults that lack their unit: an environment that sets a duration tells what was meant.

use wf_source::Diagnostic;
use wf_syntax::ast;
use wf_syntax::tree::Node;
use wf_value::{Type, duration};

use crate::lower::{Known, raw, rules};
use crate::names::{Role, World};
use crate::sources::Sources;

/// Params whose default is a bare number, and that an environment sets to a duration: the default is what is wrong, and nothing more is said
/// of the param.
pub(crate) fn misread_defaults(world: &World<'_>, sources: &Sources, known: &mut Known) -> Vec<Diagnostic> {
    let mut found = vec![];
    for unit in world.units.iter().filter(|u| u.role != Role::Face) {
        let Some(params) = known.params.get_mut(&unit.id) else { continue };
        for (param, def) in params.iter_mut().zip(&unit.params) {
            // the other cells of a grid say what the cell is
            let untyped = def.decl.ty.is_none() && !def.of_grid;
            let Some(default) = def.decl.default.as_ref().filter(|_| untyped) else { continue };
            if !matches!(param.ty, Type::Integer | Type::Number) {
                continue;
            }
            let set = sources.environments.iter().find_map(|source| {
                let node = set_by(&source.ast, &unit.name, &def.name.value)?;
                raw(node).filter(|text| duration::parse(text).is_some())?;
                Some((source, node))
            });
            let Some((source, node)) = set else { continue };
            let text = default.as_text().unwrap_or("");
            let message = format!("`{text}` is a number, and {} sets `{}`", source.path, node.as_text().unwrap_or(""));
            let unit_of_it = node.as_text().and_then(crate::lower::unit_of).unwrap_or("m");
            found.push(
                Diagnostic::error(&rules::LITERAL, default.span, message)
                    .note(Some(node.span), "set here")
                    .help(format!("{text} what? write `{text}{unit_of_it}`")),
            );
            param.ty = Type::Any;
        }
    }
    found
}

/// What an environment sets for a param, for all or for an instance.
fn set_by<'a>(environment: &'a ast::Environment, owner: &str, name: &str) -> Option<&'a Node> {
    let of = environment.params.iter().filter(|of| of.name.as_str() == owner).flat_map(|of| &of.values);
    let workflows = environment.workflows.iter().filter(|w| w.name.as_str() == owner);
    let of_instances = workflows.flat_map(|w| &w.instances).flat_map(|i| &i.params);
    of.chain(of_instances).find(|binding| binding.name.as_str() == name).map(|binding| &binding.value)
}
