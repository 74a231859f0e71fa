//! Calls: of what files define, of built-in functions, with their lambdas.

use wf_source::{Diagnostic, Span};
use wf_value::{Text, Value};

use super::{Compiler, code, rules};
use crate::cel::ast::{Expr, ExprKind, Ident, Literal};
use crate::functions::{self, Function, Param};
use crate::{Callable, Code, Kind};

impl Compiler<'_> {
    pub(super) fn call(&mut self, expr: &Expr, on: Option<&Expr>, name: &Ident, args: &[Expr]) -> Option<Code> {
        let Some(on) = on else { return self.free(expr, name, args) };
        match self.dotted(on, name) {
            Some(dotted) => self.built_in(expr, None, &dotted, args),
            None => self.method(expr, on, name, args),
        }
    }

    /// `math.abs(x)`: the name of a built-in with a point in it.
    fn dotted(&self, on: &Expr, name: &Ident) -> Option<Ident> {
        if on.kind != ExprKind::Name || self.variable(&on.text).is_some() {
            return None;
        }
        let text = format!("{}.{}", on.text, name.text);
        let space = format!("{}.", on.text);
        let known = functions::overloads(&text).next().is_some()
            || functions::all().any(|f| f.name.starts_with(&space)) && self.names.name(&on.text, on.span).is_none();
        known.then(|| Ident { text: text.into(), span: on.span.to(name.span) })
    }

    fn free(&mut self, expr: &Expr, name: &Ident, args: &[Expr]) -> Option<Code> {
        let kind = match self.names.callable(&name.text, name.span) {
            Some(Callable::Define(id, wanted)) => Kind::Define(id, self.exactly(name, "define", wanted, args)?),
            Some(Callable::Table(id, wanted)) => Kind::Table(id, self.exactly(name, "table", wanted, args)?),
            None => return self.built_in(expr, None, name, args),
        };
        Some(code(expr, kind))
    }

    /// The arguments of a define or table, which takes as many as it names.
    fn exactly(&mut self, name: &Ident, what: &str, wanted: usize, args: &[Expr]) -> Option<Vec<Code>> {
        let codes = self.all(args);
        if args.len() == wanted {
            return codes;
        }
        let message = format!("the {what} `{}` takes {}, {} given", name.text, arguments(wanted), were(args.len()));
        self.diagnostics.push(Diagnostic::error(&rules::ARGUMENTS, name.span, message));
        None
    }

    fn method(&mut self, expr: &Expr, on: &Expr, name: &Ident, args: &[Expr]) -> Option<Code> {
        if functions::overloads(&name.text).any(|f| f.receiver) {
            return self.built_in(expr, Some(on), name, args);
        }
        if on.kind == ExprKind::Name
            && self.variable(&on.text).is_none()
            && self.names.name(&on.text, on.span).is_none()
        {
            // neither is there: one mistake, the name of a function of somewhere else
            let diagnostic = self.unknown_name(on);
            self.diagnostics.push(diagnostic);
            return None;
        }
        self.lower(on);
        self.quietly(args);
        let diagnostic = self.no_method(expr, on, name, args);
        self.diagnostics.push(diagnostic);
        None
    }

    fn built_in(&mut self, expr: &Expr, on: Option<&Expr>, name: &Ident, args: &[Expr]) -> Option<Code> {
        let receiver = on.map(|on| self.lower(on));
        let Some(function) = functions::find(&name.text, on.is_some(), args.len()) else {
            self.quietly(args);
            let diagnostic = self.no_function(expr, on, name, args);
            self.diagnostics.push(diagnostic);
            return None;
        };
        let (arguments, locals) = self.arguments(function, args);
        let mut all = match receiver {
            Some(receiver) => vec![receiver?],
            None => Vec::new(),
        };
        all.extend(arguments?);
        let written: Vec<&Expr> = on
            .into_iter()
            .chain(args.iter().enumerate().filter(|(i, _)| param(function, *i) != Param::Variable).map(|(_, a)| a))
            .collect();
        let ready = self.prepare(function, &all, &written)?;
        Some(code(expr, Kind::Call { function, args: all, locals, name_span: name.span, ready }))
    }

    /// The arguments without those that declare variables, and the locals of these.
    fn arguments(&mut self, function: &'static Function, args: &[Expr]) -> (Option<Vec<Code>>, Vec<u16>) {
        let outside = self.variables.len();
        let (mut codes, mut locals) = (Vec::new(), Vec::new());
        for (i, arg) in args.iter().enumerate() {
            match param(function, i) {
                Param::Variable => match self.declare(function, arg) {
                    Some(local) => locals.push(local),
                    None => codes.push(None),
                },
                Param::Lambda => {
                    let code = self.lower(arg);
                    codes.push(code);
                }
                Param::Value | Param::Optional | Param::Rest => {
                    let inside = self.variables.split_off(outside);
                    let code = self.lower(arg);
                    self.variables.extend(inside);
                    codes.push(code);
                }
            }
        }
        self.variables.truncate(outside);
        (codes.into_iter().collect(), locals)
    }

    fn declare(&mut self, function: &Function, arg: &Expr) -> Option<u16> {
        let local = self.names.locals().saturating_add(u16::try_from(self.variables.len()).unwrap_or(u16::MAX));
        if arg.kind == ExprKind::Name {
            self.variables.push((arg.text.clone(), local));
            return Some(local);
        }
        if arg.kind != ExprKind::Broken {
            let message = format!("{} takes the name of a variable here", function.name);
            self.diagnostics.push(
                Diagnostic::error(&rules::VARIABLE, arg.span, message)
                    .help(format!("it is written {}", function.signature)),
            );
        }
        None
    }

    /// Looks at arguments of a call that is wrong itself: their own mistakes are told unless they may be lambdas, whose variables
    /// nobody knows.
    fn quietly(&mut self, args: &[Expr]) {
        if args.first().is_none_or(|arg| arg.kind != ExprKind::Name) || args.len() == 1 {
            self.all(args);
        }
    }

    /// What the function makes ready of constants: a regular expression.
    fn prepare(
        &mut self,
        function: &'static Function,
        args: &[Code],
        written: &[&Expr],
    ) -> Option<Option<Box<dyn crate::code::Ready>>> {
        let constants: Vec<Option<&Value>> = args
            .iter()
            .map(|arg| match &arg.kind {
                Kind::Literal(value) => Some(value),
                _ => None,
            })
            .collect();
        match functions::prepare(function, &constants) {
            Ok(ready) => Some(ready),
            Err(unfit) => {
                let arg = args.get(unfit.arg);
                let span = arg.map_or(written.first().map_or(self.map.whole(), |e| e.span), |arg| arg.span);
                let inside = unfit.offset.and_then(|offset| self.inside(written.get(unfit.arg)?, offset));
                let mut diagnostic =
                    Diagnostic::error(&rules::CONSTANT_ARGUMENT, inside.unwrap_or(span), unfit.message);
                if let (None, Some(offset)) = (inside, unfit.offset) {
                    diagnostic = diagnostic.label(format!("at its character {}", offset + 1));
                }
                self.diagnostics.push(diagnostic);
                None
            }
        }
    }

    /// The place of a byte of a text literal, when nothing before it is escaped.
    fn inside(&self, literal: &Expr, offset: usize) -> Option<Span> {
        let ExprKind::Literal(Literal::Text(text)) = &literal.kind else { return None };
        let written = literal.text.as_str();
        let quoted = written.trim_start_matches(['r', 'R']);
        let quote = if quoted.starts_with("'''") || quoted.starts_with("\"\"\"") { 3 } else { 1 };
        let begin = written.len() - quoted.len() + quote;
        let same = written.get(begin..begin + offset) == text.get(..offset);
        let at = literal.at + begin + offset;
        same.then(|| self.map.span(at, at + 1))
    }
}

/// What the `i`th argument, the receiver not among them, is.
fn param(function: &Function, i: usize) -> Param {
    function.params.get(i).or(function.params.last()).copied().unwrap_or(Param::Value)
}

pub(super) fn arguments(n: usize) -> String {
    match n {
        0 => "no arguments".into(),
        1 => "one argument".into(),
        n => format!("{n} arguments"),
    }
}

pub(super) fn were(n: usize) -> String {
    if n == 1 { "1 is".into() } else { format!("{n} are") }
}

/// `a.b(c, d)` of a function that is called on a value, `b(a, c, d)` of one that is not.
pub(super) fn rewritten(on: Option<&Expr>, name: &str, args: &[Expr]) -> Option<String> {
    let texts = |exprs: &[Expr]| exprs.iter().map(|e| e.text.to_string()).collect::<Vec<String>>().join(", ");
    match (on, args) {
        (Some(on), []) => Some(format!("{name}({})", on.text)),
        (Some(on), args) => Some(format!("{name}({}, {})", on.text, texts(args))),
        (None, [first, rest @ ..]) => {
            let simple = matches!(
                first.kind,
                ExprKind::Name
                    | ExprKind::Field { .. }
                    | ExprKind::Index { .. }
                    | ExprKind::Call { .. }
                    | ExprKind::Literal(_)
            );
            let first: Text = if simple { first.text.clone() } else { format!("({})", first.text).into() };
            Some(format!("{first}.{name}({})", texts(rest)))
        }
        (None, []) => None,
    }
}
