//! Templates and what they are handed.

use wf_expr::template::Part;
use wf_expr::{Key, TemplateId, Written, WrittenKind};
use wf_source::{Diagnostic, Span, nearest};
use wf_value::Text;

use super::Cx;

/// `{{> name a=b}}`, somewhere.
#[derive(Clone, Debug)]
pub(crate) struct PartialUse {
    pub(crate) template: TemplateId,
    /// The name of the template.
    pub(crate) span: Span,
    pub(crate) handed: Vec<(Text, Span)>,
}

/// All partials of what was written.
pub(crate) fn collect(written: &Written, uses: &mut Vec<PartialUse>) {
    match &written.kind {
        WrittenKind::Literal { .. } | WrittenKind::Code(_) | WrittenKind::Path(_) => {}
        WrittenKind::Text(template) => of_parts(&template.parts, uses),
        WrittenKind::List(items) => items.iter().for_each(|item| collect(item, uses)),
        WrittenKind::Map(entries) => {
            for entry in entries {
                if let Key::Holes(template) = &entry.key {
                    of_parts(&template.parts, uses);
                }
                collect(&entry.value, uses);
            }
        }
    }
}

pub(crate) fn of_parts(parts: &[Part], uses: &mut Vec<PartialUse>) {
    for part in parts {
        match part {
            Part::Text(_) | Part::Hole { .. } => {}
            Part::If { then, otherwise, .. } => {
                of_parts(then, uses);
                of_parts(otherwise, uses);
            }
            Part::Each { body, otherwise, .. } => {
                of_parts(body, uses);
                of_parts(otherwise, uses);
            }
            Part::Partial { template, span, handed, .. } => {
                let handed = handed.iter().map(|h| (h.name.clone(), h.name_span)).collect();
                uses.push(PartialUse { template: *template, span: *span, handed });
            }
        }
    }
}

impl Cx<'_> {
    /// Checks that every template is handed what it needs, and nothing else.
    pub(crate) fn check_partials(&self, templates: &[wf_expr::template::Template]) {
        let uses = self.state.borrow().partials.clone();
        let broken = self.state.borrow().broken_templates.clone();
        for (number, template) in templates.iter().enumerate().filter(|(n, _)| !broken.contains(n)) {
            let here: Vec<&PartialUse> = uses.iter().filter(|u| u.template.0 as usize == number).collect();
            let alone: Vec<bool> =
                template.args.iter().map(|arg| self.stands_alone(template, &arg.name, &here)).collect();
            for (arg, _) in template.args.iter().zip(&alone).filter(|(_, alone)| **alone) {
                let message = format!("nobody hands `{}` to the template `{}`", arg.name, template.name);
                let mut diagnostic =
                    Diagnostic::error(&wf_expr::template::rules::TEMPLATE_ARGUMENTS, arg.span, message).help(
                        "a template sees what it is handed: `{{> name x=value}}`, defines, constants, `now` and `env`",
                    );
                for used in &here {
                    diagnostic = diagnostic.note(Some(used.span), "it is used here");
                }
                self.tell(diagnostic);
            }
            for used in here {
                self.check_partial(template, used, &alone);
            }
        }
    }

    /// A name that the template uses once, that no use of the template hands over: the template is wrong, and not all who use it.
    fn stands_alone(&self, template: &wf_expr::template::Template, name: &Text, uses: &[&PartialUse]) -> bool {
        let place = template.args.iter().position(|a| a.name == *name).unwrap_or(usize::MAX);
        let mut count = 0;
        super::visit::codes_of_parts(&template.parts, &mut |code| {
            count += usize::from(matches!(code.kind, wf_expr::Kind::Local(n) if usize::from(n) == place));
        });
        let handed = |u: &&PartialUse| u.handed.iter().any(|(n, _)| n == name);
        let unknown = |u: &&PartialUse| u.handed.iter().any(|(n, _)| template.args.iter().all(|a| a.name != *n));
        !uses.is_empty() && !uses.iter().any(handed) && !uses.iter().any(unknown) && count == 1
    }

    fn check_partial(&self, template: &wf_expr::template::Template, used: &PartialUse, alone: &[bool]) {
        use wf_expr::template::rules::TEMPLATE_ARGUMENTS;
        let wanted = || template.args.iter().map(|a| a.name.as_str());
        let missing: Vec<&Text> = template
            .args
            .iter()
            .zip(alone)
            .filter(|(arg, alone)| !**alone && !used.handed.iter().any(|(n, _)| *n == arg.name))
            .map(|(arg, _)| &arg.name)
            .collect();
        let unknown: Vec<&(Text, Span)> =
            used.handed.iter().filter(|(name, _)| !wanted().any(|w| w == name.as_str())).collect();
        for (name, span) in &unknown {
            let near = nearest(name, missing.iter().map(|m| m.as_str()))
                .or_else(|| missing.first().filter(|_| missing.len() == 1 && unknown.len() == 1).map(|m| m.as_str()));
            let message = format!("the template `{}` does not use `{name}`", template.name);
            let diagnostic = Diagnostic::error(&TEMPLATE_ARGUMENTS, *span, message);
            self.tell(match near {
                Some(_) => diagnostic.did_you_mean(near, *span),
                None => diagnostic
                    .help(format!("it is handed {}", wf_source::one_of(wanted(), 12).replace(" or ", " and "))),
            });
        }
        if unknown.is_empty() && !missing.is_empty() {
            let names: Vec<String> = missing.iter().map(|m| format!("`{m}`")).collect();
            let message = format!("the template `{}` is not handed {}", template.name, names.join(" and "));
            let example = missing.iter().map(|m| format!("{m}={m}")).collect::<Vec<_>>().join(" ");
            self.tell(
                Diagnostic::error(&TEMPLATE_ARGUMENTS, self.name_within(used.span, &template.name), message)
                    .help(format!("write `{{{{> {} … {example}}}}}`", template.name)),
            );
        }
    }

    /// Where the name of a template stands in its tag.
    fn name_within(&self, tag: Span, name: &str) -> Span {
        let at = self.world.files.text(tag).find(name).and_then(|i| u32::try_from(i).ok());
        at.map_or(tag, |at| Span { start: tag.start + at, ..tag })
    }
}
