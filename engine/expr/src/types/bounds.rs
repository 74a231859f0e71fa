//! Conditions that are the same for every value: `x > 5 && x < 3`, `x != 'a' || x != 'b'`.

use wf_source::Diagnostic;
use wf_value::{Text, Value};

use super::findings::ONE_ANSWER;
use super::infer::Infer;
use crate::{BinaryOp, Code, Kind};

/// A comparison of a value with a literal.
struct Bound<'c> {
    /// The comparison.
    code: &'c Code,
    /// The value, as it is written.
    of: &'c Text,
    op: BinaryOp,
    limit: Limit<'c>,
}

enum Limit<'c> {
    Number(f64),
    /// Seconds.
    Duration(f64),
    Text(&'c Text),
}

impl Infer<'_> {
    /// Reports when a comparison of `b` leaves no value that one of `a` holds for (`and`), or when one of the two always holds.
    pub(super) fn one_answer(&mut self, a: &Code, b: &Code, and: bool) {
        let (mut left, mut right) = (vec![], vec![]);
        bounds(a, and, !and, &mut left);
        bounds(b, and, !and, &mut right);
        let odd = right.iter().find_map(|b| Some((left.iter().find(|a| a.of == b.of && excludes(a, b))?, b)));
        let Some((a, b)) = odd else { return };
        let (one, other) = (&a.code.text, &b.code.text);
        let found = match and {
            true => Diagnostic::error(&ONE_ANSWER, b.code.span, format!("`{one}` and `{other}` never hold together"))
                .help("write `||` where one of the two is enough"),
            false => Diagnostic::error(&ONE_ANSWER, b.code.span, format!("`{one}` or `{other}` always holds"))
                .help("write `&&` where both must hold"),
        };
        self.complain(found, b.code);
    }
}

/// Comparisons that hold where `code`, a chain of `&&` (`and`) or of `||`, does; of `||` those that hold where it does not.
fn bounds<'c>(code: &'c Code, and: bool, negated: bool, all: &mut Vec<Bound<'c>>) {
    match &code.kind {
        Kind::And(a, b) if and => [a, b].into_iter().for_each(|code| bounds(code, and, negated, all)),
        Kind::Or(a, b) if !and => [a, b].into_iter().for_each(|code| bounds(code, and, negated, all)),
        Kind::Binary(op, a, b) => all.extend(bound(code, *op, a, b, negated)),
        _ => {}
    }
}

fn bound<'c>(code: &'c Code, op: BinaryOp, a: &'c Code, b: &'c Code, negated: bool) -> Option<Bound<'c>> {
    let (of, limit, op) = match (limit(a), limit(b)) {
        (None, Some(limit)) => (a, limit, op),
        (Some(limit), None) => (b, limit, turned(op)),
        _ => return None,
    };
    let op = if negated { opposite(op)? } else { op };
    (!of.text.is_empty() && !code.text.is_empty()).then_some(Bound { code, of: &of.text, op, limit })
}

fn limit(code: &Code) -> Option<Limit<'_>> {
    match &code.kind {
        Kind::Literal(Value::Int(n)) => Some(Limit::Number(*n as f64)),
        Kind::Literal(Value::Float(n)) => Some(Limit::Number(*n)),
        Kind::Literal(Value::Duration(d)) => Some(Limit::Duration(d.as_secs_f64())),
        Kind::Literal(Value::Text(text)) => Some(Limit::Text(text)),
        _ => None,
    }
}

/// `5 < x` is `x > 5`.
fn turned(op: BinaryOp) -> BinaryOp {
    match op {
        BinaryOp::Less => BinaryOp::Greater,
        BinaryOp::LessEqual => BinaryOp::GreaterEqual,
        BinaryOp::Greater => BinaryOp::Less,
        BinaryOp::GreaterEqual => BinaryOp::LessEqual,
        other => other,
    }
}

/// What holds where the comparison does not.
fn opposite(op: BinaryOp) -> Option<BinaryOp> {
    Some(match op {
        BinaryOp::Less => BinaryOp::GreaterEqual,
        BinaryOp::LessEqual => BinaryOp::Greater,
        BinaryOp::Greater => BinaryOp::LessEqual,
        BinaryOp::GreaterEqual => BinaryOp::Less,
        BinaryOp::Equal => BinaryOp::NotEqual,
        BinaryOp::NotEqual => BinaryOp::Equal,
        _ => return None,
    })
}

/// Whether no value is both.
fn excludes(a: &Bound<'_>, b: &Bound<'_>) -> bool {
    let (x, y) = match (&a.limit, &b.limit) {
        (Limit::Number(x), Limit::Number(y)) | (Limit::Duration(x), Limit::Duration(y)) => (*x, *y),
        (Limit::Text(x), Limit::Text(y)) => return (a.op, b.op) == (BinaryOp::Equal, BinaryOp::Equal) && x != y,
        _ => return false,
    };
    use BinaryOp::{Equal, Greater, GreaterEqual, Less, LessEqual};
    match (a.op, b.op) {
        (Equal, Equal) => x != y,
        (Greater | GreaterEqual, Less | LessEqual) => x > y || x == y && (a.op, b.op) != (GreaterEqual, LessEqual),
        (Less | LessEqual, Greater | GreaterEqual) => x < y || x == y && (a.op, b.op) != (LessEqual, GreaterEqual),
        (Equal, Less) => x >= y,
        (Equal, LessEqual) => x > y,
        (Equal, Greater) => x <= y,
        (Equal, GreaterEqual) => x < y,
        (_, Equal) => excludes(b, a),
        _ => false,
    }
}
