//! Which values can be equal, and which have an order.

use wf_source::{Diagnostic, Span, nearest};
use wf_value::{Text, Type, Value};

use super::findings::{COMPARED_TYPES, DATE_AS_TEXT, NEVER_COMES, NO_ORDER, NO_UNIT};
use super::infer::Infer;
use super::join::{closed_set, forms, is_nothing, is_number, is_text, of_value};
use super::operators::{Operand, bare_number, unit_help};
use super::{Subject, words};
use crate::{BinaryOp, Code, Kind};

impl Infer<'_> {
    pub(super) fn equality(&mut self, a: Operand<'_>, b: Operand<'_>, span: Span) {
        if !comparable(a.1, b.1) {
            let (found, about) = unlike(a, b, span, "are never equal");
            return self.complain(found, about);
        }
        self.never(a, b, span);
    }

    /// Both are texts of known sets: these must have one in common.
    fn never(&mut self, a: Operand<'_>, b: Operand<'_>, span: Span) {
        for ((code, _), (_, ty)) in [(a, b), (b, a)] {
            if let Some(text) = literal(code) {
                self.note_asked(ty, text, code.span);
            }
        }
        let (Some(left), Some(right)) = (closed_set(a.1), closed_set(b.1)) else { return };
        // something else that both can be may be equal
        if left.iter().any(|text| right.contains(text)) || !only_texts(a.1) && !only_texts(b.1) {
            return;
        }
        // the literal is what is wrong
        let (literal, set, value) = match (literal(a.0), literal(b.0)) {
            (Some(text), None) => (Some((a.0, text)), right.clone(), b.0),
            (None, Some(text)) => (Some((b.0, text)), left, a.0),
            _ => (None, left, a.0),
        };
        let found = match literal {
            Some((code, text)) => never_comes(text, code.span, &set, value),
            None => {
                let message =
                    format!("these are never equal: one is {}, the other {}", words::texts(&set), words::texts(&right));
                Diagnostic::error(&NEVER_COMES, span, message)
            }
        };
        self.complain(found, value);
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

    /// `x in ['a', 'b']`: each of the texts must be one that `x` can be.
    pub(super) fn held_texts(&mut self, x: Operand<'_>, list: Operand<'_>) {
        let Some(set) = closed_set(x.1) else { return };
        match &list.0.kind {
            Kind::List(items) => {
                for (item, text) in items.iter().filter_map(|item| Some((item, literal(item)?))) {
                    self.note_asked(x.1, text, item.span);
                }
            }
            Kind::Literal(Value::List(items)) => {
                for text in items.raw().iter().filter_map(|v| match v {
                    Value::Text(text) => Some(text),
                    _ => None,
                }) {
                    self.note_asked(x.1, text, list.0.span);
                }
            }
            _ => {}
        }
        match &list.0.kind {
            // a literal that is looked for in a known list: `'a' in kinds`
            _ if literal(x.0).is_some() => {
                if let (Some(text), Type::List(of)) = (literal(x.0), list.1.required())
                    && only_texts(of)
                    && let Some(held) = closed_set(of)
                    && !held.contains(text)
                {
                    self.complain(never_comes(text, x.0.span, &held, list.0), list.0);
                }
            }
            Kind::List(items) => {
                for item in items {
                    if let Some(text) = literal(item).filter(|text| !set.contains(text)) {
                        self.complain(never_comes(text, item.span, &set, x.0), x.0);
                    }
                }
            }
            Kind::Literal(Value::List(items)) => {
                let odd = items.raw().iter().filter_map(|v| match v {
                    Value::Text(text) if !set.contains(text) => Some(text),
                    _ => None,
                });
                if let Some(text) = odd.into_iter().next() {
                    let found = never_comes(text, list.0.span, &set, x.0);
                    // in a constant this text is wrong, not its use
                    match Subject::of(list.0) {
                        Some(Subject::Constant { name, used, .. }) => {
                            let subject = Subject::Constant { name, used, element: Some(text.clone()) };
                            self.env.report(found, Some(subject), &list.0.text);
                        }
                        _ => self.complain(found, x.0),
                    }
                }
            }
            _ => {
                if let Type::List(of) = list.1.required()
                    && only_texts(of)
                    && let Some(held) = closed_set(of)
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

    pub(super) fn order(&mut self, op: BinaryOp, a: Operand<'_>, b: Operand<'_>, span: Span) {
        for (code, _) in [a, b] {
            if matches!(code.kind, Kind::Literal(Value::Null)) {
                let message = format!("null has no order: `{}` with it is always unknown", op.symbol());
                return self.complain(Diagnostic::error(&NO_ORDER, span, message).help("write `x != null`"), code);
            }
        }
        let (left, right) = (forms(a.1), forms(b.1));
        if !left.iter().any(|a| right.iter().any(|b| ordered(a, b))) {
            let (found, about) = unlike(a, b, span, "have no order");
            return self.complain(found, about);
        }
        for ((code, _), (other, ty)) in [(a, b), (b, a)] {
            let date = literal(code).is_some_and(|text| looks_like_a_date(text));
            if date && forms(ty).iter().all(is_text) && literal(other).is_none() {
                let message = format!("{} is a text: the dates are compared by their letters", words::name(other));
                let found = Diagnostic::warning(&DATE_AS_TEXT, span, message);
                self.complain(
                    found.help("declare the field as `timestamp`, or write `.parseTime(format, zone)`"),
                    other,
                );
            }
        }
    }
}

fn literal(code: &Code) -> Option<&Text> {
    match &code.kind {
        Kind::Literal(Value::Text(text)) => Some(text),
        _ => None,
    }
}

fn only_texts(ty: &Type) -> bool {
    forms(ty).iter().all(is_text)
}

fn never_comes(text: &Text, span: Span, set: &[Text], value: &Code) -> Diagnostic {
    let message = format!("{} is never '{text}'", words::name(value));
    let found = Diagnostic::error(&NEVER_COMES, span, message);
    match nearest(text, set.iter().map(Text::as_str)) {
        Some(near) => found.help(format!("did you mean '{near}'? It is {}", words::texts(set))),
        None => found.help(format!("it is {}", words::texts(set))),
    }
}

/// What is wrong with a comparison that never holds, and the operand that it is about. The finger points at the literal, or at what
/// no comparison takes, else where the comparison begins.
fn unlike<'c>(a: Operand<'c>, b: Operand<'c>, span: Span, so: &str) -> (Diagnostic, &'c Code) {
    if let Some((number, _)) = bare_number(a, b) {
        let found = Diagnostic::error(&NO_UNIT, number.span, "a duration and a bare number");
        return (found.help(unit_help(number)), number);
    }
    let ordering = so == "have no order";
    let unordered = |ty: &Type| forms(ty).iter().all(|f| matches!(f, Type::List(_) | Type::Map(_) | Type::Shape(_)));
    let odd = [a, b].into_iter().find(|(_, ty)| ordering && unordered(ty));
    let literal = [a, b].into_iter().find(|(code, _)| matches!(code.kind, Kind::Literal(_)) && in_place(code));
    let about = match (odd, literal) {
        (Some((code, _)), _) => code,
        (None, Some((code, _))) if std::ptr::eq(code, a.0) => b.0,
        _ => a.0,
    };
    let at = odd.or(literal).map_or(span, |(code, _)| code.span);
    // a text that stands alone beside what is none is most likely a number between quotes
    let text = [(a, b), (b, a)].into_iter().find(|(one, other)| {
        matches!(Subject::of(one.0), Some(Subject::Param(_) | Subject::Constant { .. }))
            && only_texts(one.1)
            && !only_texts(other.1)
    });
    let about = text.map_or(about, |(one, _)| one.0);
    let at = text.filter(|_| literal.is_none() && odd.is_none()).map_or(at, |(one, _)| one.0.span);
    let found = unlike_at(a, b, at, so);
    let found = match (odd, ordering) {
        (Some((code, ty)), true) if matches!(ty.required(), Type::List(_)) && found.fix.is_none() => {
            found.help(format!("write `size({})` for how many there are", words::name(code).trim_matches('`')))
        }
        _ => found,
    };
    (found, about)
}

/// A literal as it is written, and no constant.
fn in_place(code: &Code) -> bool {
    Subject::of(code).is_none()
}

fn unlike_at(a: Operand<'_>, b: Operand<'_>, span: Span, so: &str) -> Diagnostic {
    let rule = if so == "have no order" { &NO_ORDER } else { &COMPARED_TYPES };
    let time = |ty: &Type| forms(ty).iter().any(|f| matches!(f, Type::Time(_)));
    if [a, b].iter().any(|(_, ty)| time(ty)) && [a, b].iter().any(|(_, ty)| only_texts(ty)) {
        let message = format!("dates compared as text: {} and {} {so}", words::a(a.1), words::a(b.1));
        return Diagnostic::error(&DATE_AS_TEXT, span, message)
            .help("make a time of the text: `text.parseTime(format, zone)`, `timestamp('2022-06-01T00:00:00Z')`");
    }
    let found = Diagnostic::error(rule, span, format!("{} and {} {so}", words::a(a.1), words::a(b.1)));
    // a moment and how long it is ago
    for ((code, ty), (_, other)) in [(a, b), (b, a)] {
        if time(ty) && *other.required() == Type::Duration {
            let name = words::name(code);
            let name = name.trim_matches('`');
            let ago =
                if matches!(code.kind, Kind::Binary(..)) { format!("now - ({name})") } else { format!("now - {name}") };
            return found.help(format!("write `{ago}` for how long it is ago"));
        }
    }
    // a literal of the other type is repaired
    for ((code, _), (value, other)) in [(a, b), (b, a)] {
        let name = words::name(value);
        match &code.kind {
            Kind::Literal(Value::Text(text)) if text.as_str() == "null" => {
                return found.help("null has no quotes: write `null`").fix(code.span, "null");
            }
            Kind::Literal(Value::Text(text)) if *other.required() == Type::Boolean && !bool_word(text) => {
                return found.help(format!("it is true or false: write {name} alone, or `not` before it"));
            }
            _ => {}
        }
        let repaired = match (&code.kind, other.required()) {
            (Kind::Literal(Value::Text(text)), other)
                if is_number(other) && text.parse::<f64>().is_ok() || *other == Type::Boolean && bool_word(text) =>
            {
                text.to_string()
            }
            (Kind::Literal(value @ (Value::Int(_) | Value::Bool(_))), other) if is_text(other) => {
                format!("'{value:?}'")
            }
            _ => continue,
        };
        return found.help(format!("write `{repaired}`")).fix(code.span, repaired);
    }
    found
}

fn bool_word(text: &str) -> bool {
    matches!(text, "true" | "false")
}

/// `2022-06-01…`, `6/1/2022…`
fn looks_like_a_date(text: &str) -> bool {
    let digits: Vec<usize> = text.split(['-', '/', 'T', ' ']).take(3).map(str::len).collect();
    let numbers =
        text.split(['-', '/', 'T', ' ']).take(3).all(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_digit()));
    numbers && matches!(digits.as_slice(), [4, 1 | 2, 1 | 2] | [1 | 2, 1 | 2, 4])
}

/// Whether values of the two types can be equal.
pub(super) fn comparable(a: &Type, b: &Type) -> bool {
    if *a == Type::Null || *b == Type::Null || a.is_optional() && b.is_optional() || is_nothing(a) || is_nothing(b) {
        return true;
    }
    let (left, right) = (forms(a), forms(b));
    left.iter().any(|a| right.iter().any(|b| equal_forms(a, b)))
}

fn equal_forms(a: &Type, b: &Type) -> bool {
    match (a, b) {
        (Type::Any, _) | (_, Type::Any) => true,
        (Type::Id | Type::Scalar, other) | (other, Type::Id | Type::Scalar) => {
            is_text(other) || is_number(other) || matches!(other, Type::Id | Type::Scalar)
        }
        (Type::Time(_), Type::Time(_)) => true,
        (Type::List(a), Type::List(b)) => comparable(a, b),
        (Type::Range(_), Type::Range(_) | Type::List(_)) | (Type::List(_), Type::Range(_)) => true,
        (Type::Map(_) | Type::Shape(_), Type::Map(_) | Type::Shape(_)) => true,
        (a, b) => is_text(a) && is_text(b) || is_number(a) && is_number(b) || a == b,
    }
}

/// Whether `<` can tell of values of the two types.
fn ordered(a: &Type, b: &Type) -> bool {
    match (a, b) {
        (Type::List(_) | Type::Map(_) | Type::Shape(_) | Type::Range(_), _) => false,
        (_, Type::List(_) | Type::Map(_) | Type::Shape(_) | Type::Range(_)) => false,
        (a, b) => equal_forms(a, b),
    }
}

/// The set of texts of a literal list, for messages of tables.
#[must_use]
pub fn can_be(value: &Value, ty: &Type) -> bool {
    let own = of_value(value);
    if !comparable(&own, ty) {
        return false;
    }
    match (value, closed_set(ty)) {
        (Value::Text(text), Some(set)) => set.contains(text),
        _ => true,
    }
}
