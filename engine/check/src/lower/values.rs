//! Value places of files: nodes to what is evaluated, names resolved, every mistake told.

use wf_expr::{Code, Place, Scalar, Source, Written, WrittenKind};
use wf_source::{Diagnostic, ScalarMap, Span};
use wf_syntax::ast;
use wf_syntax::tree::{Kind, Node, Style};
use wf_value::{Type, Value};

use super::context::{broken_code, broken_written};
use super::{hints, literals, partials, rules};
use crate::names::{Asked, Sight, Values, rules as name_rules};

/// A node as the expressions' crate wants it.
fn source(node: &Node) -> Source<'_> {
    match &node.kind {
        Kind::Broken => Source::Broken,
        Kind::Scalar(s) => Source::Scalar(scalar(s, node.span)),
        Kind::Seq(items) => Source::List(items.iter().map(source).collect(), node.span),
        Kind::Map(entries) => {
            let entries = entries.iter().filter(|e| !e.key.text().is_empty());
            Source::Map(entries.map(|e| (scalar(&e.key.scalar, e.key.span), source(&e.value))).collect(), node.span)
        }
    }
}

fn scalar(scalar: &wf_syntax::tree::Scalar, span: Span) -> Scalar<'_> {
    Scalar { text: &scalar.text, map: &scalar.map, plain: scalar.style == Style::Plain, span }
}

fn text_source(text: &ast::Text) -> Source<'_> {
    Source::Scalar(Scalar { text: &text.text, map: &text.map, plain: text.style == Style::Plain, span: text.span })
}

impl Sight<'_> {
    /// A place for a value.
    pub(crate) fn written(&self, node: &Node) -> Written {
        self.compile(&source(node), node.span, false)
    }

    /// A value of a declared type: a literal is read by it.
    pub(crate) fn typed(&self, node: &Node, ty: &Type, unit: &str) -> Written {
        let before = self.errors();
        let written = self.written(node);
        if self.errors() > before {
            return written;
        }
        self.read_again(written, node, ty, unit)
    }

    /// Literals inside of what was written, read by the type of their place.
    fn read_again(&self, written: Written, node: &Node, ty: &Type, unit: &str) -> Written {
        match (written.kind, ty) {
            (WrittenKind::Literal { .. }, _) if *ty != Type::Any => match literals::literal(node, ty, unit) {
                Ok(value) => Written { kind: WrittenKind::Literal { value, raw: None }, span: written.span },
                Err(found) => {
                    found.into_iter().for_each(|d| self.cx.tell(d));
                    broken_written(written.span)
                }
            },
            (WrittenKind::List(items), Type::Optional(_) | Type::List(_)) => {
                let Type::List(element) = ty.required() else {
                    return Written { kind: WrittenKind::List(items), span: written.span };
                };
                let again = items.into_iter().zip(node.items()).map(|(w, n)| self.read_again(w, n, element, unit));
                Written { kind: WrittenKind::List(again.collect()), span: written.span }
            }
            (WrittenKind::Map(entries), Type::Optional(_) | Type::Shape(_) | Type::Map(_)) => {
                let (Type::Shape(shape) | Type::Map(shape)) = ty.required() else {
                    return Written { kind: WrittenKind::Map(entries), span: written.span };
                };
                let again = entries.into_iter().map(|mut entry| {
                    let key = match &entry.key {
                        wf_expr::Key::Text(text) => text.clone(),
                        wf_expr::Key::Holes(_) => return entry,
                    };
                    let ty = shape.field(&key).map(|f| &f.ty).or(shape.others.as_ref());
                    if let (Some(ty), Some(node)) = (ty, node.get(&key)) {
                        entry.value = self.read_again(entry.value, node, ty, unit);
                    }
                    entry
                });
                Written { kind: WrittenKind::Map(again.collect()), span: written.span }
            }
            (kind, _) => Written { kind, span: written.span },
        }
    }

    /// A place where a duration belongs: a literal or what is computed.
    pub(crate) fn duration(&self, node: &Node, unit: &str) -> Written {
        self.typed(node, &Type::Duration, unit)
    }

    /// A text where only an expression makes sense, with or without `=`.
    pub(crate) fn bare(&self, text: &ast::Text) -> Written {
        self.compile(&text_source(text), text.span, true)
    }

    /// The same, where the plan wants an expression and no path.
    pub(crate) fn code(&self, text: &ast::Text) -> Code {
        match self.bare(text).kind {
            WrittenKind::Code(code) => code,
            _ => {
                self.cx.tell(
                    Diagnostic::error(&rules::NO_PATH, text.span, "a path selects values; a condition is wanted here")
                        .help("write an expression: `list.exists(x, …)`, `not empty(list)`"),
                );
                broken_code(text.span)
            }
        }
    }

    /// A list that is gone through.
    pub(crate) fn listing(&self, listing: &ast::Listing) -> Written {
        match listing {
            ast::Listing::Computed(text) => self.bare(text),
            ast::Listing::Literal(node) => self.written(node),
        }
    }

    /// A text that may have holes: a reason, never an expression or a name.
    pub(crate) fn words(&self, text: &ast::Text) -> Written {
        if text.text.contains("{{") {
            return self.compile(&text_source(text), text.span, false);
        }
        let value = Value::text(&*text.text);
        Written { kind: WrittenKind::Literal { value, raw: None }, span: text.span }
    }

    /// A bare name that is passed on.
    pub(crate) fn name_of(&self, name: &ast::Name) -> Written {
        let map = ScalarMap::plain(name.span.file, name.span.start as usize, name.value.len());
        let source = Source::Scalar(Scalar { text: &name.value, map: &map, plain: true, span: name.span });
        self.compile(&source, name.span, true)
    }

    fn compile(&self, source: &Source<'_>, span: Span, bare: bool) -> Written {
        let templates = self.cx.templates(self.unit);
        let place = Place { names: self, templates: &templates };
        let (written, found) =
            if bare { Written::compile_bare(source, place) } else { Written::compile(source, place) };
        self.keep(hints::with_hints(found, source, bare, self));
        match written {
            Some(written) => {
                self.look_at(&written);
                written
            }
            None => {
                self.cx.set_broken();
                broken_written(span)
            }
        }
    }

    fn errors(&self) -> usize {
        let ledger = self.cx.ledger.borrow();
        ledger.found.len() + ledger.asked.len()
    }

    /// Keeps what was found; a name that nothing defines waits until everything is known.
    pub(crate) fn keep(&self, found: Vec<Diagnostic>) {
        for diagnostic in found {
            let unknown =
                [&wf_expr::rules::UNKNOWN_NAME, &wf_expr::rules::UNKNOWN_FUNCTION, &wf_expr::rules::UNKNOWN_PARAM];
            if unknown.contains(&diagnostic.rule) {
                self.cx.set_broken();
                let name = self.cx.world.files.text(diagnostic.span).into();
                let asked = Asked::new(diagnostic, name, self);
                self.cx.ledger.borrow_mut().asked.push(asked);
            } else if diagnostic.rule == &wf_expr::rules::CONSTANT_ARGUMENT {
                self.cx.tell(self.at_the_constant(diagnostic));
            } else {
                self.cx.tell(diagnostic);
            }
        }
    }

    /// A regular expression that stands in a constant is wrong there, not where it is used.
    fn at_the_constant(&self, mut diagnostic: Diagnostic) -> Diagnostic {
        use crate::names::{DefKind, Found};
        let name = self.cx.world.files.text(diagnostic.span);
        let found = self.cx.world.find(self.unit, DefKind::Constant, name);
        let Some(Found::One(key) | Found::Clash(key, _)) = found else { return diagnostic };
        let node = self.cx.world.unit(key.unit).constants.get(key.index as usize).map(|c| &c.value);
        let Some(text) = node.and_then(Node::as_scalar) else { return diagnostic };
        let used = diagnostic.span;
        let character =
            diagnostic.label.as_deref().and_then(|l| l.rsplit(' ').next()).and_then(|n| n.parse::<usize>().ok());
        let offset = character.map_or(0, |n| n.saturating_sub(1));
        diagnostic.span = text.map.span(offset, (offset + 1).min(text.text.len().max(1)));
        diagnostic.label = None;
        if diagnostic.help.is_none() {
            diagnostic.help = Some("a bracket that stands for itself is written `\\(` or `\\)`".into());
        }
        diagnostic.note(Some(used), "used here")
    }

    /// What is checked of every expression once its names are known.
    fn look_at(&self, written: &Written) {
        partials::collect(written, &mut self.cx.state.borrow_mut().partials);
        let scope = self.scope();
        super::visit::codes(written, &mut |code| {
            self.cx.note_asset(code);
            let Some(scope) = scope else { return };
            let wf_expr::Kind::Field { on, name, name_span, .. } = &code.kind else { return };
            let wf_expr::Kind::Slot(slot) = on.kind else { return };
            if name.as_str() != "values" {
                return;
            }
            if scope.at(slot).is_some_and(|local| local.values == Values::Unguarded) {
                let message = format!("`{}.values` may be a part of what the loop went through", on.text);
                self.cx.tell(Diagnostic::error(&name_rules::UNGUARDED_VALUES, *name_span, message).help(
                    "say at the loop what becomes of items that fail: `on_error: leave_out`, or `on_error: fail`",
                ));
            }
        });
    }
}
