//! Names and functions that are not there: what was meant.

use wf_source::{Diagnostic, equally_near, nearest};

use super::calls::rewritten;
use super::{Compiler, member, rules};
use crate::Callable;
use crate::cel::ast::{Expr, Ident};
use crate::functions;

/// Words that other languages have for ours.
const WORDS: &[(&str, &str)] = &[
    ("None", "null"),
    ("nil", "null"),
    ("NULL", "null"),
    ("Null", "null"),
    ("undefined", "null"),
    ("True", "true"),
    ("TRUE", "true"),
    ("yes", "true"),
    ("False", "false"),
    ("FALSE", "false"),
    ("no", "false"),
];

impl Compiler<'_> {
    pub(super) fn unknown_name(&self, expr: &Expr) -> Diagnostic {
        let name = &expr.text;
        if let Some((_, right)) = WORDS.iter().find(|(word, _)| *word == name.as_str()) {
            return Diagnostic::error(&rules::UNKNOWN_NAME, expr.span, format!("`{name}` is written `{right}` here"))
                .help(format!("write `{right}`"))
                .fix(expr.span, *right);
        }
        match self.names.callable(name, expr.span) {
            Some(Callable::Define(_, n)) => return self.not_called(expr, "a define", n),
            Some(Callable::Table(_, n)) => return self.not_called(expr, "a table", n),
            None => {}
        }
        let diagnostic = Diagnostic::error(&rules::UNKNOWN_NAME, expr.span, format!("nothing here is named `{name}`"));
        let mut visible = self.names.visible();
        visible.extend(self.variables.iter().map(|(name, _)| name.to_string()));
        if let Some(near) = nearest(name, visible.iter().map(String::as_str)) {
            let others = equally_near(name, near, visible.iter().map(String::as_str));
            return diagnostic.did_you_mean(Some(near), expr.span).or_mean(&others);
        }
        if let Some(function) = functions::overloads(name).next() {
            return diagnostic.help(format!("`{name}` is a function: {}", function.signature));
        }
        diagnostic.help(format!("a text stands in quotes: '{name}'"))
    }

    fn not_called(&self, expr: &Expr, what: &str, n: usize) -> Diagnostic {
        let message = format!("`{}` is {what}, it is called with {}", expr.text, super::calls::arguments(n));
        Diagnostic::error(&rules::NOT_A_VALUE, expr.span, message).help(format!("write {}(…)", expr.text))
    }

    pub(super) fn unknown_param(&self, root: &Expr, path: &[&Expr]) -> Diagnostic {
        let visible = self.names.visible();
        let (word, what) = (&root.text, if root.text.as_str() == "params" { "param" } else { "setting" });
        let group = format!("{word}.");
        let known: Vec<&str> = visible.iter().filter_map(|name| name.strip_prefix(group.as_str())).collect();
        let Some(last) = path.last() else {
            return Diagnostic::error(&rules::UNKNOWN_PARAM, root.span, format!("`{word}` is no value by itself"))
                .help(format!("write {word}. and the name of one"));
        };
        let written: Vec<&str> = path.iter().map(|node| member(node)).collect();
        // the first member with which nothing begins is the wrong one
        let begins = |n: usize| known.iter().any(|k| k.split('.').take(n).eq(written.iter().copied().take(n)));
        let wrong = (1..=path.len()).find(|n| !begins(*n)).unwrap_or(path.len());
        let node = path.get(wrong - 1).unwrap_or(last);
        let prefix: String = written[..wrong - 1].iter().map(|m| format!("{m}.")).collect();
        let span = match &node.kind {
            crate::cel::ast::ExprKind::Field { name, .. } => name.span,
            _ => node.span,
        };
        let mut there: Vec<&str> =
            known.iter().filter_map(|k| k.strip_prefix(&prefix)).filter_map(|k| k.split('.').next()).collect();
        there.dedup();
        let near = nearest(member(node), there.iter().copied());
        let message = format!("there is no {what} `{}`", written[..wrong].join("."));
        let diagnostic = Diagnostic::error(&rules::UNKNOWN_PARAM, span, message);
        match near {
            Some(name) => {
                let others = equally_near(member(node), name, there.iter().copied());
                diagnostic.did_you_mean(near, span).or_mean(&others)
            }
            None => {
                // a name that stands elsewhere: params.wired for params.thresholds.wired
                let elsewhere = known.iter().copied().find(|k| k.rsplit('.').next() == written.last().copied());
                let whole = elsewhere.or_else(|| nearest(&written.join("."), known.iter().copied()));
                diagnostic.did_you_mean(whole.map(|w| format!("{word}.{w}")).as_deref(), root.span.to(last.span))
            }
        }
    }

    /// No function is called like this on a value.
    pub(super) fn no_method(&self, expr: &Expr, on: &Expr, name: &Ident, args: &[Expr]) -> Diagnostic {
        let free = functions::overloads(&name.text).any(|f| !f.receiver);
        let defined = self.names.callable(&name.text, name.span).map(|callable| match callable {
            Callable::Define(..) => "a define",
            Callable::Table(..) => "a table",
        });
        if free || defined.is_some() {
            let what = defined.unwrap_or("a function");
            let message = format!("`{}` is {what} that is not called on a value", name.text);
            return self.turned(
                Diagnostic::error(&rules::UNKNOWN_FUNCTION, name.span, message),
                expr,
                Some(on),
                name,
                args,
            );
        }
        let message = format!("there is no function `{}` that is called on a value", name.text);
        let methods = functions::all().filter(|f| f.receiver).map(|f| f.name);
        Diagnostic::error(&rules::UNKNOWN_FUNCTION, name.span, message)
            .did_you_mean(nearest(&name.text, methods).or_else(|| foreign(&name.text)), name.span)
    }

    /// A built-in with another number of arguments, or none at all.
    pub(super) fn no_function(&self, expr: &Expr, on: Option<&Expr>, name: &Ident, args: &[Expr]) -> Diagnostic {
        let signatures: Vec<&str> =
            functions::overloads(&name.text).filter(|f| f.receiver == on.is_some()).map(|f| f.signature).collect();
        if !signatures.is_empty() {
            let message = format!("`{}` is not called with {}", name.text, super::calls::arguments(args.len()));
            return Diagnostic::error(&rules::ARGUMENTS, name.span, message)
                .help(format!("it is written {}", signatures.join(" or ")));
        }
        if functions::overloads(&name.text).any(|f| f.receiver) {
            let message = format!("`{}` is called on a value", name.text);
            return self.turned(
                Diagnostic::error(&rules::UNKNOWN_FUNCTION, name.span, message),
                expr,
                None,
                name,
                args,
            );
        }
        let value = self.variable(&name.text).is_some() || self.names.is_value(&name.text, name.span);
        if value {
            let message = format!("`{}` is a value, it cannot be called", name.text);
            return Diagnostic::error(&rules::UNKNOWN_FUNCTION, name.span, message);
        }
        let message = format!("there is no function `{}`", name.text);
        let diagnostic = Diagnostic::error(&rules::UNKNOWN_FUNCTION, name.span, message);
        if let Some(right) = foreign(&name.text) {
            return self.offered(diagnostic, right, expr, name, args);
        }
        let visible = self.names.visible();
        let callable =
            visible.iter().map(String::as_str).filter(|known| self.names.callable(known, name.span).is_some());
        match nearest(&name.text, callable.chain(functions::all().map(|f| f.name)).chain(["if"])) {
            Some(right) => self.offered(diagnostic, right, expr, name, args),
            None => diagnostic,
        }
    }

    /// With the function that was meant, called in its own way.
    fn offered(&self, diagnostic: Diagnostic, right: &str, expr: &Expr, name: &Ident, args: &[Expr]) -> Diagnostic {
        let mut known = functions::overloads(right).peekable();
        if known.peek().is_some() && known.all(|f| f.receiver) && self.names.callable(right, name.span).is_none() {
            return match rewritten(None, right, args) {
                Some(call) => diagnostic.help(format!("did you mean `{call}`?")).fix(expr.span, call),
                None => diagnostic.help(format!("did you mean x.{right}()?")),
            };
        }
        diagnostic.did_you_mean(Some(right), name.span)
    }

    /// With the call as it is meant to be written.
    fn turned(
        &self,
        diagnostic: Diagnostic,
        expr: &Expr,
        on: Option<&Expr>,
        name: &Ident,
        args: &[Expr],
    ) -> Diagnostic {
        match rewritten(on, &name.text, args) {
            Some(right) => diagnostic.help(format!("write {right}")).fix(expr.span, right),
            None => diagnostic.help(format!("write x.{}()", name.text)),
        }
    }
}

/// What functions of other languages are called here.
fn foreign(name: &str) -> Option<&'static str> {
    Some(match name {
        "len" | "length" | "count" => "size",
        "toLowerCase" | "lowercase" => "lower",
        "toUpperCase" | "uppercase" => "upper",
        "strip" => "trim",
        "includes" | "has_any" => "contains",
        "any" | "some" => "exists",
        "every" => "all",
        "where" | "select" => "filter",
        "default" | "coalesce" | "getOrElse" => "orElse",
        "str" | "toString" => "toText",
        "startswith" => "startsWith",
        "endswith" => "endsWith",
        "match" | "test" | "search" => "matches",
        "head" => "first",
        _ => return None,
    })
}
