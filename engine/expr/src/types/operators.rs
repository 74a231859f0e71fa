//! Operators: what they take, what they give.

use wf_source::{Diagnostic, Span};
use wf_value::Type;

use super::compare::comparable;
use super::findings::{NO_UNIT, WRONG_IN, WRONG_OPERAND};
use super::infer::Infer;
use super::join::{element, forms, is_number, is_text, join, join_all};
use super::words;
use crate::{BinaryOp, Code};

/// An operand and its type.
pub(super) type Operand<'c> = (&'c Code, &'c Type);

impl Infer<'_> {
    pub(super) fn binary(&mut self, op: BinaryOp, a: Operand<'_>, b: Operand<'_>, span: Span) -> Type {
        match op {
            BinaryOp::Equal | BinaryOp::NotEqual => {
                self.equality(a, b, span);
                Type::Boolean
            }
            BinaryOp::Less | BinaryOp::LessEqual | BinaryOp::Greater | BinaryOp::GreaterEqual => {
                self.order(op, a, b, span);
                Type::Boolean
            }
            BinaryOp::In => {
                self.membership(a, b, span);
                Type::Boolean
            }
            BinaryOp::Add | BinaryOp::Sub | BinaryOp::Mul | BinaryOp::Div | BinaryOp::Rem => {
                let (left, right) = (forms(a.1), forms(b.1));
                let pairs = left.iter().flat_map(|a| right.iter().map(move |b| (a, b)));
                let given: Vec<Type> = pairs.filter_map(|(a, b)| arithmetic(op, a, b)).collect();
                if given.is_empty() {
                    self.wrong_operands(op, a, b, span);
                    return Type::Any;
                }
                join_all(given)
            }
        }
    }

    fn wrong_operands(&mut self, op: BinaryOp, a: Operand<'_>, b: Operand<'_>, span: Span) {
        let sign = op.symbol();
        if let Some((number, _)) = bare_number(a, b) {
            let found = Diagnostic::error(&NO_UNIT, number.span, "a duration and a bare number");
            return self.complain(found.help(unit_help(number)), number);
        }
        let message = format!("`{sign}` does not work for {} and {}", words::a(a.1), words::a(b.1));
        let mut found = Diagnostic::error(&WRONG_OPERAND, span, message);
        let texts = [a, b].map(|(_, ty)| forms(ty).iter().any(is_text));
        if op == BinaryOp::Add && texts[0] != texts[1] {
            // a text is joined: what is none has to become one
            let (other, _) = if texts[0] { b } else { a };
            found.span = other.span;
            let name = words::name(other);
            if name == "this" {
                found = found.help("`+` joins texts: write `.toText()` behind the other, or a text with holes");
                return self.complain(found, other);
            }
            let written = format!("{}.toText()", name.trim_matches('`'));
            found = found.help(format!("`+` joins texts: write `{written}`, or a text with holes"));
            return self.complain(found.fix(other.span, written), other);
        }
        // the one that could never stand here is what the mistake is about
        let odd = |ty: &Type| !forms(ty).iter().any(could_compute);
        let about = if odd(b.1) && !odd(a.1) { b.0 } else { a.0 };
        if odd(a.1) != odd(b.1) {
            found.span = about.span;
        }
        self.complain(found, about);
    }

    pub(super) fn negate(&mut self, ty: &Type, of: &Code) -> Type {
        let kept = |form: Type| matches!(form, Type::Any | Type::Duration).then(|| form.clone()).or(number(&form));
        let given: Vec<Type> = forms(ty).into_iter().filter_map(kept).collect();
        if given.is_empty() {
            let message = format!("`-` does not work for {}", words::a(ty));
            self.complain(Diagnostic::error(&WRONG_OPERAND, of.span, message), of);
            return Type::Any;
        }
        join_all(given)
    }

    /// `x in list`, `key in map`.
    fn membership(&mut self, x: Operand<'_>, holder: Operand<'_>, span: Span) {
        let mut holds = false;
        let mut elements = Vec::new();
        for form in forms(holder.1) {
            match form {
                Type::Any => return,
                Type::List(of) => {
                    holds = true;
                    elements.push(element(&of));
                }
                Type::Map(_) | Type::Shape(_) => {
                    holds = true;
                    elements.extend([Type::Text, Type::Integer, Type::Id]);
                }
                _ => {}
            }
        }
        if !holds {
            let message =
                format!("`in` looks into a list or a map, and {} is {}", words::name(holder.0), words::a(holder.1));
            let mut found = Diagnostic::error(&WRONG_IN, holder.0.span, message);
            if forms(holder.1).iter().any(is_text) {
                found = found.help("write `.contains(part)` for a part of a text");
            }
            return self.complain(found, holder.0);
        }
        let held = join_all(elements);
        if comparable(x.1, &held) {
            self.held_texts(x, holder);
        } else {
            let message = format!(
                "{} is {}, and what it is looked for in holds {}",
                words::name(x.0),
                words::a(x.1),
                words::a(&held)
            );
            self.complain(Diagnostic::error(&WRONG_IN, span, message), x.0);
        }
    }

    /// `x in a..b`: whole numbers.
    pub(super) fn in_range(&mut self, x: &Code, from: &Code, to: &Code) -> Type {
        for code in [x, from, to] {
            let ty = self.infer(code);
            if !forms(&ty).iter().any(|f| is_number(f) || matches!(f, Type::Any | Type::Scalar | Type::Id)) {
                let message =
                    format!("`in a..b` compares whole numbers, and {} is {}", words::name(code), words::a(&ty));
                self.complain(Diagnostic::error(&WRONG_IN, code.span, message), code);
            }
        }
        Type::Boolean
    }
}

/// The bare number beside a duration.
pub(super) fn bare_number<'c>(a: Operand<'c>, b: Operand<'c>) -> Option<Operand<'c>> {
    let duration = |ty: &Type| forms(ty).contains(&Type::Duration);
    let numeric = |ty: &Type| forms(ty).iter().all(is_number);
    match () {
        () if duration(a.1) && numeric(b.1) => Some(b),
        () if duration(b.1) && numeric(a.1) => Some(a),
        () => None,
    }
}

pub(super) fn unit_help(number: &Code) -> String {
    match &number.kind {
        crate::Kind::Literal(wf_value::Value::Int(n)) => format!("{n} what? write `{n}s`, `{n}m`, `{n}h` or `{n}d`"),
        _ => "multiply the number with its unit: `n * 1m`".into(),
    }
}

/// The number that a number is when computed with.
fn number(ty: &Type) -> Option<Type> {
    match ty {
        Type::Integer | Type::Size => Some(Type::Integer),
        Type::Number => Some(Type::Number),
        _ => None,
    }
}

fn could_compute(ty: &Type) -> bool {
    number(ty).is_some() || matches!(ty, Type::Any | Type::Scalar | Type::Time(_) | Type::Duration)
}

/// What `a op b` gives; `None`: it is always unknown.
fn arithmetic(op: BinaryOp, a: &Type, b: &Type) -> Option<Type> {
    use BinaryOp::{Add, Div, Mul, Rem, Sub};
    let open = |ty: &Type| matches!(ty, Type::Any | Type::Scalar);
    if let (Some(a), Some(b)) = (number(a), number(b)) {
        return Some(match op {
            Div => Type::Number,
            _ => join(a, b),
        });
    }
    match (op, a, b) {
        (Add, a, b) if is_text(a) && is_text(b) => {
            Some(if *a == Type::Secret || *b == Type::Secret { Type::Secret } else { Type::Text })
        }
        (Add, a, b) if open(a) && is_text(b) || is_text(a) && open(b) => Some(Type::Text),
        (Add, Type::List(a), Type::List(b)) => Some(Type::list(join((**a).clone(), (**b).clone()))),
        (Add, Type::List(_), b) if open(b) => Some(a.clone()),
        (Add, a, Type::List(_)) if open(a) => Some(b.clone()),
        (Add, Type::Bytes, Type::Bytes) => Some(Type::Bytes),
        (Sub, Type::Time(_), Type::Time(_)) => Some(Type::Duration),
        (Add | Sub, Type::Time(_), Type::Duration) => Some(Type::timestamp()),
        (Add, Type::Duration, Type::Time(_)) => Some(Type::timestamp()),
        (Add | Sub, Type::Duration, Type::Duration) => Some(Type::Duration),
        (Mul | Div, Type::Duration, n) if number(n).is_some() => Some(Type::Duration),
        (Mul, n, Type::Duration) if number(n).is_some() => Some(Type::Duration),
        (Div, Type::Duration, Type::Duration) => Some(Type::Number),
        (Rem, Type::Duration, Type::Duration) => Some(Type::Duration),
        (_, a, b) if open(a) && open(b) => Some(Type::Any),
        (_, a, b) if open(a) && could_compute(b) || could_compute(a) && open(b) => Some(Type::Any),
        _ => None,
    }
}
