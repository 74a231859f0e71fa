//! Sets of texts: a text that is written must be one that can come, and be no slip of one.

use wf_source::{Diagnostic, Span, nearest, slip};
use wf_value::{Text, Type, Value};

use super::findings::NEVER_COMES;
use super::infer::Infer;
use super::join::{Known, closed_set, forms, is_text, known_texts, sure_texts};
use super::operators::Operand;
use super::{Subject, words};
use crate::{Code, Kind};

impl Infer<'_> {
    /// Both sides of a comparison are texts of which something is known: they must have one in common.
    pub(super) fn never(&mut self, a: Operand<'_>, b: Operand<'_>, span: Span) {
        for ((code, _), (_, ty)) in [(a, b), (b, a)] {
            if let Some(text) = literal(code) {
                self.note_asked(ty, text, code.span);
            }
        }
        match (literal(a.0), literal(b.0)) {
            (Some(text), None) => self.meet(text, a.0, b),
            (None, Some(text)) => self.meet(text, b.0, a),
            _ => self.disjoint(a, b, span),
        }
    }

    fn disjoint(&mut self, a: Operand<'_>, b: Operand<'_>, span: Span) {
        // what a define was handed as a text in quotes is one that is written
        for ((code, ty), other) in [(a, b), (b, a)] {
            if let (Some(Subject::Local(_)), [text]) = (Subject::of(code), sure_texts(ty).as_slice())
                && only_texts(ty)
                && let Some(known) = known_texts(other.1)
                && let Some(found) = unlikely(text, span, &known, &words::name(other.0))
            {
                return self.complain(found, code);
            }
        }
        let (Some(left), Some(right)) = (closed_set(a.1), closed_set(b.1)) else { return };
        // something else that both can be may be equal
        if left.iter().any(|text| right.contains(text)) || !only_texts(a.1) && !only_texts(b.1) {
            return;
        }
        let message =
            format!("these are never equal: one is {}, the other {}", words::texts(&left), words::texts(&right));
        self.complain(Diagnostic::error(&NEVER_COMES, span, message), a.0);
    }

    /// A value is asked whether it is this text.
    pub(super) fn note_asked(&mut self, ty: &Type, text: &Text, at: Span) {
        for form in forms(ty) {
            if let Type::Enum(set) = form
                && !set.name.is_empty()
                && !set.open
            {
                self.env.asks(&set, text, at);
            }
        }
    }

    /// A text, alone or in a list that is written, meets a value of which something is known.
    fn meet(&mut self, text: &Text, written: &Code, value: Operand<'_>) {
        let Some(known) = known_texts(value.1) else { return };
        if !known.declared && known.texts.contains(text) {
            for twin in known.texts.iter().filter(|other| slip(other, [text.as_str()]).is_some()) {
                self.env.twin(twin, text, written.span);
            }
        }
        let Some(found) = unlikely(text, written.span, &known, &words::name(value.0)) else { return };
        match Subject::of(written) {
            // in a constant this text is wrong, not its use
            Some(Subject::Constant { name, used, .. }) => {
                let element = literal(written).is_none().then(|| text.clone());
                self.env.report(found, Some(Subject::Constant { name, used, element }), &written.text);
            }
            _ => self.complain(found, value.0),
        }
    }

    /// `x in ['a', 'b']`: each of the texts must be one that `x` can be.
    pub(super) fn held_texts(&mut self, x: Operand<'_>, list: Operand<'_>) {
        if let Some(text) = literal(x.0) {
            // a text that is looked for in a known list: `'a' in kinds`
            if let Type::List(of) = list.1.required()
                && only_texts(of)
            {
                self.meet(text, x.0, (list.0, &**of));
            }
            return;
        }
        match &list.0.kind {
            Kind::List(_) | Kind::Literal(Value::List(_)) => self.each_meets(list.0, x),
            Kind::Literal(Value::Map(_)) => self.keys_meet(list.0, x),
            _ => {
                if let Type::List(of) = list.1.required()
                    && only_texts(of)
                    && let (Some(held), Some(set)) = (closed_set(of), closed_set(x.1))
                    && !held.iter().any(|text| set.contains(text))
                {
                    let message = format!(
                        "{} is never in it: it is {}, and the list holds {}",
                        words::name(x.0),
                        words::texts(&set),
                        words::texts(&held)
                    );
                    self.complain(Diagnostic::error(&NEVER_COMES, x.0.span.to(list.0.span), message), x.0);
                }
            }
        }
    }

    /// `a.overlaps(b)`: the texts of the one that is written must be some that elements of the other can be.
    pub(super) fn overlapping(&mut self, a: Operand<'_>, b: Operand<'_>) {
        for (written, other) in [(a, b), (b, a)] {
            if let Type::List(of) = other.1.required() {
                self.each_meets(written.0, (other.0, &**of));
            }
        }
    }

    fn each_meets(&mut self, list: &Code, value: Operand<'_>) {
        match &list.kind {
            Kind::List(items) => {
                for (item, text) in items.iter().filter_map(|item| Some((item, literal(item)?))) {
                    self.note_asked(value.1, text, item.span);
                    self.meet(text, item, value);
                }
            }
            Kind::Literal(Value::List(items)) => {
                for text in items.raw().iter().filter_map(text_of) {
                    self.note_asked(value.1, text, list.span);
                    self.meet(text, list, value);
                }
            }
            _ => {}
        }
    }

    /// A map that is written is asked for what stands behind `key`: none of its keys may be a slip of a text that `key` can be and that
    /// stands behind no other. Keys of other places may be among them.
    pub(super) fn keys_meet(&mut self, map: &Code, key: Operand<'_>) {
        let Kind::Literal(Value::Map(members)) = &map.kind else { return };
        let Some(known) = known_texts(key.1).filter(|_| literal(key.0).is_none()) else { return };
        let lacks = |text: &&Text| !members.raw_iter().any(|(key, _)| key == *text);
        let texts: Vec<Text> = known.texts.iter().filter(lacks).cloned().collect();
        let lacking = Known { texts, open: true, declared: known.declared };
        for (text, _) in members.raw_iter().filter(|(text, _)| !known.texts.contains(text)) {
            let Some(found) = unlikely(text, map.span, &lacking, &words::name(key.0)) else { continue };
            let subject = match Subject::of(map) {
                Some(Subject::Constant { name, used, .. }) => {
                    Some(Subject::Constant { name, used, element: Some(text.clone()) })
                }
                other => other,
            };
            self.env.report(found, subject, &map.text);
        }
    }
}

pub(super) fn literal(code: &Code) -> Option<&Text> {
    match &code.kind {
        Kind::Literal(value) => text_of(value),
        _ => None,
    }
}

fn text_of(value: &Value) -> Option<&Text> {
    match value {
        Value::Text(text) => Some(text),
        _ => None,
    }
}

pub(super) fn only_texts(ty: &Type) -> bool {
    forms(ty).iter().all(is_text)
}

/// What is odd about a text where these are known: it can never come, or it is a slip of one that can. `what`: the value, as it is called.
pub(super) fn unlikely(text: &Text, at: Span, known: &Known, what: &str) -> Option<Diagnostic> {
    if known.texts.contains(text) {
        return None;
    }
    let texts = || known.texts.iter().map(Text::as_str);
    if known.open {
        let meant = slip(text, texts())?;
        let message = format!("of {what} '{meant}' is known, and '{text}' is not");
        let help = format!("did you mean '{meant}'? What really comes, too, belongs into its enum");
        return Some(Diagnostic::warning(&NEVER_COMES, at, message).help(help));
    }
    let found = Diagnostic::error(&NEVER_COMES, at, format!("{what} is never '{text}'"));
    Some(match nearest(text, texts()) {
        _ if known.texts.is_empty() => found.help("nothing gives it a text"),
        Some(near) => found.help(format!("did you mean '{near}'? It is {}", words::texts(&known.texts))),
        None => found.help(format!("it is {}", words::texts(&known.texts))),
    })
}
