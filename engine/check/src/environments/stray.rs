//! Params and settings that stand outside of the workflow or connector that they belong to.

use wf_source::{Diagnostic, one_of};
use wf_syntax::ast;

use super::load::Loader;
use crate::lower::rules;
use crate::names::Role;

impl Loader<'_> {
    /// Tells what stands where a workflow, library or connector is due and is none: a param or setting of one, or a value instead of a
    /// mapping. `false`: nothing was told.
    pub(super) fn is_stray(&self, of: &ast::SettingsOf, known: bool, is_setting: bool) -> bool {
        if known && of.stray.is_none() {
            return false;
        }
        let name = of.name.as_str();
        let owners = if known { vec![] } else { self.owners(name, is_setting) };
        let what = if is_setting { "setting" } else { "param" };
        let Some(first) = owners.first() else {
            let Some(stray) = of.stray.as_ref().filter(|_| known) else { return false };
            let message = format!("`{name}` takes a mapping, `{what}: value`, not {}", stray.what());
            let help = format!("as in `{name}: {{{what}: …}}`");
            self.tell(Diagnostic::error(&rules::UNKNOWN_SETTING, stray.span, message).help(help));
            return true;
        };
        let written = of.stray.as_ref().map(|node| self.shared.world.files.text(node.span));
        let written = written.filter(|text| !text.contains('\n')).unwrap_or("…");
        let repaired = format!("{first}: {{{name}: {written}}}");
        let message =
            format!("`{name}` is a {what} of {}, and stands outside of it", one_of(owners.iter().copied(), 9));
        let diagnostic = Diagnostic::error(&rules::UNKNOWN_SETTING, of.name.span, message).help(match owners.len() {
            1 => format!("write `{repaired}`"),
            _ => format!("write it under the one that is meant: `{repaired}`"),
        });
        self.tell(match (owners.len(), &of.stray) {
            (1, Some(node)) if written != "…" => diagnostic.fix(of.name.span.to(node.span), repaired),
            _ => diagnostic,
        });
        true
    }

    /// Who has a param, a setting, or a group of them of that name.
    fn owners(&self, name: &str, is_setting: bool) -> Vec<&str> {
        let group = format!("{name}.");
        let units = self.shared.world.units.iter().filter(|u| (u.role == Role::Face) == is_setting);
        let has = units.filter(|u| u.params.iter().any(|p| *p.name.value == *name || p.name.value.starts_with(&group)));
        let mut owners: Vec<&str> = has.map(|u| &*u.name).collect();
        owners.dedup();
        owners
    }
}
