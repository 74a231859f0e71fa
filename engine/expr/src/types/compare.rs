//! Which values can be equal, and which have an order.

use wf_source::{Diagnostic, Span};
use wf_value::{Type, Value};

use super::findings::{COMPARED_TYPES, DATE_AS_TEXT, NO_ORDER, NO_UNIT};
use super::infer::Infer;
use super::join::{closed_set, forms, is_nothing, is_number, is_text, of_value};
use super::operators::{Operand, bare_number, unit_help};
use super::sets::{literal, only_texts};
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
