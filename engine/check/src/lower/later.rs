//! `recheck` and `defer` (`language.md` §7).

use wf_expr::{Entry, Key, Written, WrittenKind};
use wf_plan::Verb;
use wf_source::Diagnostic;
use wf_syntax::ast;

use super::body::Body;
use super::calls::lone_name;
use super::rules;

impl Body<'_> {
    pub(crate) fn recheck(&self, step: &ast::Step, recheck: &ast::Recheck) -> Option<Verb> {
        let sight = self.sight();
        let list = recheck.list.as_ref().map(|l| sight.listing(l));
        let after = recheck.after.as_ref().map(|node| sight.duration(node, "s"));
        let (by, item) = self.framed(|| {
            lone_name(&self.scope, "item", step.at);
            let before = self.cx.ledger.borrow().asked.len();
            let by = recheck.by.as_ref().map(|text| self.sight().code(text));
            for asked in self.cx.ledger.borrow_mut().asked.iter_mut().skip(before) {
                asked.explain("what is looked at again is `item` here: `by: item.serial_number`");
            }
            by
        });
        let name = recheck.run.flow.as_ref()?;
        let (flow, key) = self.cx.flow(self.unit.get(), name)?;
        let takes_items = self
            .cx
            .ast_flow(key)
            .is_some_and(|flow| self.cx.types.inputs(key.unit, &flow.inputs).iter().any(|i| &*i.name.value == "items"));
        if !takes_items {
            let message = format!("the flow `{}` has no input `items`", name.value);
            self.cx.tell(
                Diagnostic::error(&rules::WRONG_INPUT, name.span, message)
                    .help("a recheck hands over the items that are due: add `items` to its inputs"),
            );
            return None;
        }
        let with = self.named_inputs(step, recheck.run.with.as_ref(), key, Some("items"));
        let with = with.into_iter().map(|(name, value)| ((*name.value).into(), value)).collect();
        Some(Verb::Recheck { flow, list: list?, by, item, after: after?, with })
    }

    pub(crate) fn defer(&self, step: &ast::Step, defer: &ast::Defer) -> Option<Verb> {
        let sight = self.sight();
        let key = defer.key.as_ref().map(|node| sight.written(node));
        let after = defer.after.as_ref().map(|node| sight.duration(node, "s"));
        let at = defer.at.as_ref().map(|node| sight.written(node));
        let with = self.data(step, defer.with.as_ref());
        Some(Verb::Defer { task: (*defer.task.as_ref()?.value).into(), key: key?, after, at, with })
    }

    /// The data of a task, as one map.
    fn data(&self, step: &ast::Step, with: Option<&ast::With>) -> Written {
        let sight = self.sight();
        let entry = |name: &ast::Name, value: Written| Entry {
            key: Key::Text((*name.value).into()),
            key_span: name.span,
            value,
        };
        let entries = match with {
            Some(ast::With::Whole(text)) => return sight.bare(text),
            Some(ast::With::Map { entries, .. }) => {
                entries.iter().map(|b| entry(&b.name, sight.written(&b.value))).collect()
            }
            Some(ast::With::List { items, .. }) => items
                .iter()
                .map(|item| match item {
                    ast::WithItem::Pass(name) => entry(name, sight.name_of(name)),
                    ast::WithItem::Named(b) => entry(&b.name, sight.written(&b.value)),
                })
                .collect(),
            None => vec![],
        };
        Written { kind: WrittenKind::Map(entries.into()), span: with.map_or(step.at, ast::With::span) }
    }
}
