//! What a file can add to a mistake in an expression: the arguments that a define takes, the text that somebody meant.

use wf_expr::cel::ast::{Expr, ExprKind};
use wf_expr::cel::parse;
use wf_expr::{Scalar, Source, rules};
use wf_source::{Diagnostic, ScalarMap, Span};

use crate::names::{DefKind, Found, Sight};

/// The diagnostics of a value place, with what is known of the place.
pub(crate) fn with_hints(
    found: Vec<Diagnostic>,
    source: &Source<'_>,
    bare: bool,
    sight: &Sight<'_>,
) -> Vec<Diagnostic> {
    if found.is_empty() {
        return found;
    }
    let mut expressions = vec![];
    collect(source, bare, &mut expressions);
    let found: Vec<Diagnostic> = found.into_iter().map(|d| explained(d, &expressions, sight)).collect();
    expressions.iter().fold(found, |found, expression| as_text(found, expression))
}

/// An expression of a place, as it is written.
struct Expression<'a> {
    text: &'a str,
    map: ScalarMap,
    span: Span,
    /// It begins with `=`: without it, it would be a text.
    marked: bool,
}

fn collect<'a>(source: &Source<'a>, bare: bool, all: &mut Vec<Expression<'a>>) {
    match source {
        Source::Broken => {}
        Source::List(items, _) => items.iter().for_each(|item| collect(item, false, all)),
        Source::Map(entries, _) => entries.iter().for_each(|(_, value)| collect(value, false, all)),
        Source::Scalar(scalar) => all.extend(expression(scalar, bare)),
    }
}

fn expression<'a>(scalar: &Scalar<'a>, bare: bool) -> Option<Expression<'a>> {
    let marked = scalar.text.starts_with('=') && !scalar.text.starts_with("==");
    let from = usize::from(marked);
    (marked || bare).then(|| Expression {
        text: &scalar.text[from..],
        map: scalar.map.part(from, scalar.text.len()),
        span: scalar.span,
        marked: marked && !bare,
    })
}

fn explained(diagnostic: Diagnostic, expressions: &[Expression<'_>], sight: &Sight<'_>) -> Diagnostic {
    if diagnostic.rule == &rules::ARGUMENTS && diagnostic.help.is_none() {
        return match signature(&diagnostic, sight) {
            Some(signature) => diagnostic.help(format!("it is written `{signature}`")),
            None => diagnostic,
        };
    }
    if diagnostic.rule != &rules::UNKNOWN_NAME {
        return diagnostic;
    }
    let name = sight.cx.world.files.text(diagnostic.span).to_owned();
    if ["none", "nil", "undefined", "nothing"].contains(&name.as_str()) {
        let span = diagnostic.span;
        return Diagnostic { fix: None, ..diagnostic }.help("what is not there is written `null`").fix(span, "null");
    }
    if diagnostic.proposes() {
        return diagnostic;
    }
    let around = expressions.iter().find(|e| e.span.contains(diagnostic.span.file, diagnostic.span.start as usize));
    let variable = around.and_then(|e| {
        let parsed = parse(e.text, &e.map);
        variable_at(&parsed.expr, diagnostic.span)
    });
    match variable {
        Some(variable) => {
            let span = diagnostic.span;
            let repaired = format!("{variable}.{name}");
            diagnostic.help(format!("the field of `{variable}` is written `{repaired}`")).fix(span, repaired)
        }
        None => diagnostic,
    }
}

/// `name(a, b)` of the define or table that the diagnostic is about.
fn signature(diagnostic: &Diagnostic, sight: &Sight<'_>) -> Option<String> {
    let world = sight.cx.world;
    let name = world.files.text(diagnostic.span);
    let find = |kind| match world.find(sight.unit, kind, name)? {
        Found::One(key) | Found::Clash(key, _) => Some(key),
    };
    let args: Vec<&str> = if let Some(key) = find(DefKind::Define) {
        world.unit(key.unit).defines.get(key.index as usize)?.params.iter().map(|p| p.as_str()).collect()
    } else {
        let key = find(DefKind::Table)?;
        world.unit(key.unit).tables.get(key.index as usize)?.given.iter().map(|g| g.as_str()).collect()
    };
    Some(format!("{name}({})", args.join(", ")))
}

/// The variable of the innermost lambda around a place.
fn variable_at(expr: &Expr, at: Span) -> Option<String> {
    let inside = parts(&expr.kind).into_iter().find_map(|part| variable_at(part, at));
    if inside.is_some() {
        return inside;
    }
    let ExprKind::Call { args, .. } = &expr.kind else { return None };
    let [first, rest @ ..] = args.as_slice() else { return None };
    let lambda = rest.iter().any(|arg| arg.span.contains(at.file, at.start as usize));
    (lambda && first.kind == ExprKind::Name && first.span != at).then(|| first.text.to_string())
}

/// An expression of which no name is known was meant as a text: told once.
fn as_text(found: Vec<Diagnostic>, expression: &Expression<'_>) -> Vec<Diagnostic> {
    if !expression.marked {
        return found;
    }
    let unknown = |d: &Diagnostic| d.rule == &rules::UNKNOWN_NAME || d.rule == &rules::UNKNOWN_FUNCTION;
    let here = |d: &Diagnostic| expression.span.contains(d.span.file, d.span.start as usize);
    let mut roots = vec![];
    roots_of(&parse(expression.text, &expression.map).expr, &mut roots);
    let all = !roots.is_empty() && roots.iter().all(|root| found.iter().any(|d| unknown(d) && d.span == *root));
    let near = found.iter().any(|d| here(d) && d.proposes());
    if !all || near {
        return found;
    }
    let mut told = false;
    let mut kept = vec![];
    for diagnostic in found {
        if !here(&diagnostic) {
            kept.push(diagnostic);
        } else if !told {
            told = true;
            kept.push(diagnostic.help(format!("without the `=` it is the text `{}`", expression.text)));
        }
    }
    kept
}

/// Names that an expression asks its place for.
fn roots_of(expr: &Expr, roots: &mut Vec<Span>) {
    match &expr.kind {
        ExprKind::Name => roots.push(expr.span),
        ExprKind::Call { on: None, name, .. } => roots.push(name.span),
        _ => {}
    }
    parts(&expr.kind).into_iter().for_each(|part| roots_of(part, roots));
}

/// What an expression directly consists of, in reading order.
fn parts(kind: &ExprKind) -> Vec<&Expr> {
    match kind {
        ExprKind::Literal(_) | ExprKind::Name | ExprKind::Broken => vec![],
        ExprKind::Field { on: a, .. } | ExprKind::Not(a) | ExprKind::Negate(a) => vec![a],
        ExprKind::Index { on: a, key: b } | ExprKind::Binary(_, a, b) | ExprKind::And(a, b) | ExprKind::Or(a, b) => {
            vec![a, b]
        }
        ExprKind::InRange(a, b, c) | ExprKind::If(a, b, c) => vec![a, b, c],
        ExprKind::Call { on, args, .. } => on.as_deref().into_iter().chain(args).collect(),
        ExprKind::List(items) => items.iter().collect(),
        ExprKind::Map(pairs) => pairs.iter().flat_map(|(k, v)| [k, v]).collect(),
    }
}
