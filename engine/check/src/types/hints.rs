//! Traps: what works, and yet is seldom what somebody wants.

use wf_expr::{BinaryOp, Code, Kind, Written, WrittenKind};
use wf_plan::Loop;
use wf_source::Diagnostic;
use wf_value::{Type, Value};

use super::rules;
use super::walk::Walk;

/// Functions that go through all of a list.
const SEARCHING: [&str; 5] = ["first", "last", "filter", "exists", "count"];

impl Walk<'_> {
    /// `in: list.filter(x, condition)`: `where` would give reasons.
    pub(super) fn filtered(&mut self, each: &Loop) {
        let WrittenKind::Code(code) = &each.list.kind else { return };
        let Kind::Call { function, args, .. } = &code.kind else { return };
        let ("filter", [list, condition]) = (function.name, args.as_slice()) else { return };
        if each.filter.is_some() || list.text.is_empty() || condition.text.is_empty() {
            return;
        }
        let message = "nobody hears why an item is left out of the list of this loop";
        self.tell(
            Diagnostic::hint(&rules::FILTERED_LOOP, code.span, message)
                .help(format!("write `in: {}` and `where: {}`, said of `{}`", list.text, condition.text, each.var)),
        );
    }

    /// Looks for what is done for each item and could be done once.
    pub(super) fn searched(&mut self, written: &Written) {
        // outside of loops everything is done once
        if self.frames.len() < 2 {
            return;
        }
        let mut found = vec![];
        crate::lower::codes(written, &mut |code| found.extend(searched_in(code)));
        for diagnostic in found {
            self.tell(diagnostic);
        }
    }

    /// A product with a fraction, compared with a whole number.
    pub(super) fn fractions(&mut self, code: &Code) {
        let mut pairs: Vec<(&Code, &Code)> = vec![];
        comparisons(code, &mut pairs);
        for (product, limit) in pairs {
            let whole = match &limit.kind {
                Kind::Param(number) => {
                    self.module.params.get(*number as usize).is_some_and(|param| param.ty == Type::Integer)
                }
                _ => false,
            };
            if whole && has_fraction(product) {
                let message = format!("`{}` is not exact, and `{}` is a whole number", product.text, limit.text);
                self.tell(
                    Diagnostic::hint(&rules::FRACTION, product.span, message)
                        .help(format!("round it: `({}).round(6)`", product.text)),
                );
            }
        }
    }
}

/// `rows.first(row, row.id == item.id)`, where `rows` is the same for every item.
fn searched_in(code: &Code) -> Option<Diagnostic> {
    let Kind::Call { function, args, locals, .. } = &code.kind else { return None };
    let [list, condition] = args.as_slice() else { return None };
    let [variable] = locals.as_slice() else { return None };
    if !SEARCHING.contains(&function.name) || !outer(list) {
        return None;
    }
    let Kind::Binary(BinaryOp::Equal, a, b) = &condition.kind else { return None };
    let (key, sought) = match (of_element(a, *variable), of_element(b, *variable)) {
        (true, false) if of_item(b) => (a, b),
        (false, true) if of_item(a) => (b, a),
        _ => return None,
    };
    let message = format!("`{}` is searched from its beginning for every item", list.text);
    let by = match function.name {
        "filter" | "count" => format!("name `{0}.groupBy(…, {1})` before the loop", list.text, key.text),
        _ => format!(
            "name `{0}.indexBy(…, {1})` before the loop, and ask it: `.get({2})`",
            list.text, key.text, sought.text
        ),
    };
    Some(Diagnostic::hint(&rules::SEARCHED_LOOP, code.span, message).help(by))
}

/// A name of the steps around the loop, or of a call before it: nothing of the item.
fn outer(list: &Code) -> bool {
    let mut only_outer = true;
    let mut names = 0;
    list.walk(&mut |code| match &code.kind {
        Kind::Slot(slot) => {
            names += 1;
            only_outer &= slot.up > 0;
        }
        Kind::Field { .. } => {}
        _ => only_outer = false,
    });
    only_outer && names == 1
}

fn of_element(code: &Code, variable: u16) -> bool {
    let mut found = false;
    code.walk(&mut |code| found |= matches!(code.kind, Kind::Local(local) if local == variable));
    found
}

fn of_item(code: &Code) -> bool {
    let mut found = false;
    code.walk(&mut |code| found |= matches!(code.kind, Kind::Slot(slot) if slot.up == 0));
    found
}

/// Both sides of every comparison, each as the first.
fn comparisons<'c>(code: &'c Code, pairs: &mut Vec<(&'c Code, &'c Code)>) {
    match &code.kind {
        Kind::Binary(
            BinaryOp::Equal
            | BinaryOp::NotEqual
            | BinaryOp::Less
            | BinaryOp::LessEqual
            | BinaryOp::Greater
            | BinaryOp::GreaterEqual,
            a,
            b,
        ) => {
            pairs.extend([(&**a, &**b), (&**b, &**a)]);
        }
        Kind::And(a, b) | Kind::Or(a, b) => {
            comparisons(a, pairs);
            comparisons(b, pairs);
        }
        Kind::Not(of) => comparisons(of, pairs),
        _ => {}
    }
}

/// `x * 0.9`
fn has_fraction(code: &Code) -> bool {
    let Kind::Binary(BinaryOp::Mul, a, b) = &code.kind else { return false };
    [a, b].iter().any(|side| matches!(&side.kind, Kind::Literal(Value::Float(f)) if f.fract() != 0.0))
}
