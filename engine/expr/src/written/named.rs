//! Texts that read like a name.

use wf_source::{Diagnostic, ScalarMap};

use super::Scalar;
use crate::Names;
use crate::cel::ast::{Expr, ExprKind};
use crate::cel::parse;
use crate::rules::NAME_LIKE_TEXT;

/// The complaint about a text without mark and quotes that is a visible name, or a path or call on one.
pub(super) fn name_like(scalar: &Scalar<'_>, names: &dyn Names) -> Option<Diagnostic> {
    let text = scalar.text;
    // most texts are told apart by their first blank, and need no parser
    let simple = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && !text.contains([' ', '\n']) | text.contains('(') | text.contains('[');
    if !simple {
        return None;
    }
    let parsed = parse(text, &ScalarMap::plain(scalar.map.file(), 0, text.len()));
    if !parsed.diagnostics.is_empty() || !reads_like_one(&parsed.expr, names) {
        return None;
    }
    Some(
        Diagnostic::error(&NAME_LIKE_TEXT, scalar.span, format!("this is the text '{text}'"))
            .help(format!("write ={text} for the value, or quote it"))
            .fix(scalar.span.begin(), "="),
    )
}

fn reads_like_one(expr: &Expr, names: &dyn Names) -> bool {
    match &expr.kind {
        ExprKind::Name => names.name(&expr.text, expr.span).is_some(),
        ExprKind::Field { on, .. } | ExprKind::Index { on, .. } | ExprKind::Call { on: Some(on), .. } => {
            reads_like_one(on, names)
        }
        ExprKind::Call { on: None, name, args } => {
            let built_in = crate::functions::find(&name.text, false, args.len()).is_some();
            names.callable(&name.text, name.span).is_some()
                || built_in && args.iter().any(|arg| reads_like_one(arg, names))
        }
        _ => false,
    }
}
