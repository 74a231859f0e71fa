//! Tree to text: how `fmt` writes an expression.

use super::ast::{Expr, ExprKind};
use super::operators::{AND, NOT, OR, binds};
use super::parser::parse;
use crate::BinaryOp;
use wf_source::{FileId, ScalarMap};

/// Tighter than every operator: values with their fields, indexes and calls.
const MEMBER: u8 = 10;
/// `-x`
const UNARY: u8 = 9;
const LOOSEST: u8 = 0;

/// The expression in the forms that need no quotes in YAML: `not x` for `!x`, `if(c, a, b)` for `c ? a : b`; one blank around operators,
/// no brackets that change nothing, all on one line. Literals stay as they are written. `None`: it has mistakes, or remarks that would be lost.
#[must_use]
pub fn format(text: &str) -> Option<String> {
    let parsed = parse(text, &ScalarMap::plain(FileId(0), 0, text.len()));
    (parsed.diagnostics.is_empty() && !parsed.remarks).then(|| print(&parsed.expr))
}

/// The text of a tree; parsed again it gives the same tree.
#[must_use]
pub fn print(expr: &Expr) -> String {
    let mut out = String::new();
    write(expr, LOOSEST, &mut out);
    out
}

/// How tight the outermost operator binds.
fn tightness(expr: &Expr) -> u8 {
    match &expr.kind {
        ExprKind::Or(..) => OR,
        ExprKind::And(..) => AND,
        // looser than the comparisons it may hold, tighter than `&&`
        ExprKind::Not(_) => NOT - 1,
        ExprKind::Binary(op, ..) => binds(*op),
        ExprKind::InRange(..) => binds(BinaryOp::In),
        ExprKind::Negate(_) => UNARY,
        ExprKind::Literal(_) if expr.text.starts_with('-') => UNARY,
        _ => MEMBER,
    }
}

fn write(expr: &Expr, least: u8, out: &mut String) {
    let brackets = tightness(expr) < least;
    if brackets {
        out.push('(');
    }
    unbracketed(expr, out);
    if brackets {
        out.push(')');
    }
}

fn unbracketed(expr: &Expr, out: &mut String) {
    match &expr.kind {
        ExprKind::Name | ExprKind::Broken => out.push_str(&expr.text),
        ExprKind::Literal(_) => match expr.text.strip_prefix('-') {
            Some(amount) => {
                out.push('-');
                out.push_str(amount.trim_start());
            }
            None => out.push_str(&expr.text),
        },
        ExprKind::Field { on, name } => {
            write(on, MEMBER, out);
            out.push('.');
            let plain = name.text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
                && name.text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
            if plain {
                out.push_str(&name.text);
            } else {
                out.push('`');
                out.push_str(&name.text);
                out.push('`');
            }
        }
        ExprKind::Index { on, key } => {
            write(on, MEMBER, out);
            out.push('[');
            write(key, LOOSEST, out);
            out.push(']');
        }
        ExprKind::Call { on, name, args } => {
            if let Some(on) = on {
                write(on, MEMBER, out);
                out.push('.');
            }
            out.push_str(&name.text);
            separated(args.iter(), '(', ')', out);
        }
        ExprKind::List(items) => separated(items.iter(), '[', ']', out),
        ExprKind::Map(entries) => {
            out.push('{');
            for (i, (key, value)) in entries.iter().enumerate() {
                if i > 0 {
                    out.push_str(", ");
                }
                write(key, LOOSEST, out);
                out.push_str(": ");
                write(value, LOOSEST, out);
            }
            out.push('}');
        }
        ExprKind::Not(inner) => {
            out.push_str("not ");
            write(inner, NOT - 1, out);
        }
        ExprKind::Negate(inner) => {
            out.push('-');
            // `- 5` of a number is another tree than the number -5
            let number = matches!(inner.kind, ExprKind::Literal(_)) && !inner.text.starts_with('-');
            write(inner, if number { MEMBER + 1 } else { UNARY }, out);
        }
        ExprKind::Binary(op, a, b) => {
            write(a, binds(*op), out);
            out.push(' ');
            out.push_str(op.symbol());
            out.push(' ');
            write(b, binds(*op) + 1, out);
        }
        ExprKind::And(a, b) => infix(a, " && ", b, AND, out),
        ExprKind::Or(a, b) => infix(a, " || ", b, OR, out),
        ExprKind::InRange(value, first, last) => {
            let relation = binds(BinaryOp::In);
            write(value, relation, out);
            out.push_str(" in ");
            write(first, relation + 1, out);
            out.push_str("..");
            write(last, relation + 1, out);
        }
        ExprKind::If(condition, then, otherwise) => {
            out.push_str("if");
            separated([condition, then, otherwise].into_iter().map(|part| &**part), '(', ')', out);
        }
    }
}

fn infix(a: &Expr, operator: &str, b: &Expr, own: u8, out: &mut String) {
    write(a, own, out);
    out.push_str(operator);
    write(b, own + 1, out);
}

fn separated<'e>(parts: impl Iterator<Item = &'e Expr>, open: char, close: char, out: &mut String) {
    out.push(open);
    for (i, part) in parts.enumerate() {
        if i > 0 {
            out.push_str(", ");
        }
        write(part, LOOSEST, out);
    }
    out.push(close);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_that_need_no_quotes_are_preferred() {
        for (written, wanted) in [
            ("a?b:c", "if(a, b, c)"),
            ("!a&&b", "not a && b"),
            ("!(a&&b)", "not (a && b)"),
            ("!a==b", "(not a) == b"),
            ("not a in b", "not a in b"),
            ("!(a in b)", "not a in b"),
            ("(a+b)*c-(d-e)", "(a + b) * c - (d - e)"),
            ("((a)).b[ 1 ]", "a.b[1]"),
            ("x in 1 .. n+1", "x in 1..n + 1"),
            ("- 5 + -(5) + -a", "-5 + -(5) + -a"),
            ("{'a':1,'b':[x , y]}", "{'a': 1, 'b': [x, y]}"),
            ("a.`content-type`", "a.`content-type`"),
            ("r'\\d' + \"it's\"", "r'\\d' + \"it's\""),
            ("a || b && c || (d || e)", "a || b && c || (d || e)"),
            ("(-1).abs() + (1h)", "(-1).abs() + 1h"),
        ] {
            assert_eq!(format(written).as_deref(), Some(wanted), "{written}");
            assert_eq!(format(wanted).as_deref(), Some(wanted), "{wanted}");
        }
        assert_eq!(format("a // why"), None);
        assert_eq!(format("a +"), None);
    }
}
