//! Where the finger points: at the body that does something wrong, or at what it was handed.
//!
//! A define, table, template or flow has no declared types. When it can do nothing with an argument as such, who handed it over is wrong,
//! through as many bodies as it passed unchanged. When it reads several things of an argument and one of them is not there, or
//! when nobody ever handed over what fits and what is meant is near, the body is.

use std::collections::BTreeSet;

use wf_source::{Note, Span};

use super::findings::{NEVER_COMES, WRONG_OPERAND, WRONG_TYPE};
use super::instances::{Body, Call, Found, Instance, State, Told};

/// Bodies that a mistake passes through.
const DEEPEST: usize = 64;

/// All mistakes, each once and where it is to be mended.
pub(super) fn point(state: &State) -> Vec<Told> {
    let mut pointing =
        Pointing { state, told: vec![], once: BTreeSet::new(), moved: BTreeSet::new(), used: used(state) };
    for (i, instance) in state.all.iter().enumerate() {
        for found in &instance.found {
            pointing.settle(i, found.clone(), false, 0);
        }
    }
    pointing.told
}

struct Pointing<'a> {
    state: &'a State,
    told: Vec<Told>,
    once: BTreeSet<(&'static str, Span, String)>,
    /// Calls and arguments that were told of already.
    moved: BTreeSet<(usize, usize)>,
    /// Arguments with which a body, or one that it hands them on to, does something that only values like them allow.
    used: BTreeSet<(usize, u16)>,
}

/// What bodies do with their arguments is done by those who hand these on, too.
fn used(state: &State) -> BTreeSet<(usize, u16)> {
    let own = state.all.iter().enumerate().flat_map(|(i, instance)| instance.used.iter().map(move |arg| (i, *arg)));
    let mut used: BTreeSet<(usize, u16)> = own.collect();
    loop {
        let before = used.len();
        for call in &state.calls {
            for (arg, handed) in call.handed.iter().enumerate() {
                let arg = u16::try_from(arg).unwrap_or(u16::MAX);
                if let Some((_, Some(of_caller))) = handed
                    && used.contains(&(call.to, arg))
                {
                    used.insert((call.from, *of_caller));
                }
            }
        }
        if used.len() == before {
            return used;
        }
    }
}

impl Pointing<'_> {
    /// `moved`: the mistake came up from a body that was called.
    fn settle(&mut self, at: usize, found: Found, moved: bool, depth: usize) {
        let Some(instance) = self.state.all.get(at) else { return };
        if is_dead_end(&found) && !self.is_everywhere(instance, &found) {
            return self.text_handed(at, &found);
        }
        let Some(arg) = found.arg.map(usize::from).filter(|_| self.is_handed_wrong(at, &found, moved)) else {
            return self.tell(at, found);
        };
        if depth > DEEPEST {
            return;
        }
        let calls = self.state.calls.iter().enumerate().filter(|(_, call)| call.to == at);
        let calls: Vec<(usize, &Call)> = calls.collect();
        let mut told = false;
        for (number, call) in calls {
            let Some(Some((handed, of_caller))) = call.handed.get(arg) else { continue };
            told = true;
            // arguments that changed places are one mistake
            let other = self.moved.iter().any(|(of, other)| *of == number && *other != arg);
            if other || !self.moved.insert((number, arg)) {
                continue;
            }
            let mut next = found.clone();
            next.diagnostic.span = handed.span;
            let name = instance.names.get(arg).map_or("", |name| name.as_str());
            if !moved {
                next.diagnostic
                    .notes
                    .insert(0, Note { span: Some(found.diagnostic.span), text: "it is used here".into() });
            }
            let inside = found.inside.clone().unwrap_or_else(|| found.diagnostic.message.clone());
            next.diagnostic.message = format!("`{}` cannot use this as its `{name}`: {inside}", instance.name);
            next.inside = Some(inside);
            rewrite(&mut next, &found, handed);
            next.arg = *of_caller;
            next.subject.clone_from(&handed.subject);
            next.operand = handed.text.clone();
            self.settle(call.from, next, true, depth + 1);
        }
        if !told {
            self.tell(at, found);
        }
    }

    /// A comparison that holds for other calls, with a text that this one wrote in place of an argument: it is misspelt there.
    fn text_handed(&mut self, at: usize, found: &Found) {
        let Some(arg) = found.arg.map(usize::from) else { return };
        let calls: Vec<&Call> = self.state.calls.iter().filter(|call| call.to == at).collect();
        for call in calls {
            let Some(Some((handed, None))) = call.handed.get(arg) else { continue };
            if !handed.text.starts_with(['\'', '"']) {
                continue;
            }
            let mut next = found.clone();
            next.diagnostic.notes =
                vec![Note { span: Some(found.diagnostic.span), text: "it is compared here".into() }];
            next.diagnostic.span = handed.span;
            next.diagnostic.fix = None;
            self.tell(call.from, next);
        }
    }

    /// Whether who handed the argument over is wrong.
    fn is_handed_wrong(&self, at: usize, found: &Found, moved: bool) -> bool {
        let Some(instance) = self.state.all.get(at) else { return false };
        let Some(arg) = found.arg else { return false };
        let place = usize::from(arg);
        if instance.body == Body::Root
            || place >= instance.names.len()
            || instance.declared.get(place).copied().unwrap_or(false)
            || self.used.contains(&(at, arg))
            || is_dead_end(found)
        {
            return false;
        }
        match &found.diagnostic.fix {
            // what has a repair is misspelt where it stands, unless others hand over what fits
            Some(_) if !moved => {
                let certain = match around_operand(found) {
                    // a place is named, and so is the member of that name
                    // what is joined to a text is made one where it is joined
                    Some(Around::Member) => [&WRONG_TYPE, &WRONG_OPERAND].contains(&found.diagnostic.rule),
                    Some(Around::List | Around::Since) => false,
                    None => true,
                };
                !certain || !self.is_everywhere(instance, found)
            }
            _ => true,
        }
    }

    /// Whether every call of the body has this mistake.
    fn is_everywhere(&self, instance: &Instance, found: &Found) -> bool {
        let same = |other: &Found| {
            other.diagnostic.span == found.diagnostic.span && other.diagnostic.rule == found.diagnostic.rule
        };
        self.state.all.iter().filter(|i| i.body == instance.body).all(|i| i.found.iter().any(same))
    }

    fn tell(&mut self, at: usize, mut found: Found) {
        let key = (found.diagnostic.rule.code, found.diagnostic.span, found.diagnostic.message.clone());
        if !self.once.insert(key) {
            return;
        }
        // what starts runs says nothing of types
        let started =
            |call: &Call| call.from == 0 && matches!(self.state.all.get(at).map(|i| i.body), Some(Body::Flow(_)));
        let caller = self.state.calls.iter().find(|call| call.to == at && !started(call));
        if let Some(call) = caller.filter(|_| found.diagnostic.notes.is_empty()) {
            found.diagnostic = found.diagnostic.note(Some(call.site), "called from here");
        }
        self.told.push(Told { diagnostic: found.diagnostic, subject: found.subject });
    }
}

/// It holds of these types only: another call may make it right.
fn is_dead_end(found: &Found) -> bool {
    std::ptr::eq(found.diagnostic.rule, &raw const NEVER_COMES)
}

/// A repair that puts something around a name: `x.member`, `[x]`, `now - x`.
enum Around {
    Member,
    List,
    Since,
}

fn around_operand(found: &Found) -> Option<Around> {
    let fix = found.diagnostic.fix.as_ref().filter(|_| !found.operand.is_empty())?;
    let operand = found.operand.as_str();
    if fix.replacement.strip_prefix('[').and_then(|r| r.strip_suffix(']')) == Some(operand) {
        return Some(Around::List);
    }
    if fix.replacement.strip_prefix("now - ") == Some(operand) {
        return Some(Around::Since);
    }
    let member = fix.replacement.strip_prefix(operand).is_some_and(|rest| rest.starts_with('.'));
    // one of what has none is spelt otherwise: its field is what is replaced
    (member && fix.span == found.diagnostic.span).then_some(Around::Member)
}

/// The repair of a name, as one of what was handed over under it.
fn rewrite(next: &mut Found, found: &Found, handed: &super::Handed) {
    let Some(fix) = next.diagnostic.fix.take() else { return };
    if around_operand(found).is_some() && !handed.text.is_empty() {
        let repaired = fix.replacement.replacen(found.operand.as_str(), &handed.text, 1);
        next.diagnostic.help = Some(format!("write `{repaired}`"));
        next.diagnostic.fix = Some(wf_source::Fix { span: handed.span, replacement: repaired });
    } else {
        next.diagnostic.help = None;
    }
}
