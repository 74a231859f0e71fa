//! From what a file writes to what is evaluated.

use wf_source::Diagnostic;
use wf_value::{Text, Value};

use super::named::name_like;
use super::{Entry, Key, Scalar, Source, Written, WrittenKind, literal};
use crate::cel::rules::SYNTAX;
use crate::path::Path;
use crate::template::Template;
use crate::{Names, TemplateId, compile};

/// What a place sees.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    pub names: &'a dyn Names,
    /// What `{{> name}}` may name.
    pub templates: &'a [(Text, TemplateId)],
}

impl Written {
    /// A place for a value: `=` computes, `$` selects, `{{ }}` writes, everything else is what it is. `None`: there are errors, and all
    /// are told.
    #[must_use]
    pub fn compile(source: &Source<'_>, place: Place<'_>) -> (Option<Self>, Vec<Diagnostic>) {
        let mut compiler = Compiler { place, found: Vec::new() };
        let written = compiler.value(source);
        compiler.done(written)
    }

    /// A place where only an expression makes sense: a text is one, with or without `=`. Lists and mappings are values all the same.
    #[must_use]
    pub fn compile_bare(source: &Source<'_>, place: Place<'_>) -> (Option<Self>, Vec<Diagnostic>) {
        let mut compiler = Compiler { place, found: Vec::new() };
        let written = match source {
            Source::Scalar(scalar) => compiler.bare(scalar),
            other => compiler.value(other),
        };
        compiler.done(written)
    }
}

struct Compiler<'a> {
    place: Place<'a>,
    found: Vec<Diagnostic>,
}

impl Compiler<'_> {
    fn done(self, written: Option<Written>) -> (Option<Written>, Vec<Diagnostic>) {
        (written.filter(|_| !self.found.iter().any(Diagnostic::is_error)), self.found)
    }

    fn value(&mut self, source: &Source<'_>) -> Option<Written> {
        match source {
            Source::Broken => None,
            Source::Scalar(scalar) => self.scalar(scalar),
            Source::List(items, span) => {
                let items: Vec<_> = items.iter().map(|item| self.value(item)).collect();
                Some(Written { kind: WrittenKind::List(items.into_iter().collect::<Option<_>>()?), span: *span })
            }
            Source::Map(entries, span) => {
                let entries: Vec<_> = entries.iter().map(|(key, value)| self.entry(key, value)).collect();
                Some(Written { kind: WrittenKind::Map(entries.into_iter().collect::<Option<_>>()?), span: *span })
            }
        }
    }

    fn entry(&mut self, key: &Scalar<'_>, value: &Source<'_>) -> Option<Entry> {
        let written = self.value(value);
        let key_span = key.span;
        let key = if key.text.contains("{{") { Key::Holes(self.template(key, 0)?) } else { Key::Text(key.text.into()) };
        Some(Entry { key, key_span, value: written? })
    }

    fn scalar(&mut self, scalar: &Scalar<'_>) -> Option<Written> {
        let text = scalar.text;
        let doubled = text.starts_with("==");
        if text.starts_with('=') && !doubled {
            return self.code(scalar, 1);
        }
        if is_path(text) {
            return self.path(scalar);
        }
        let from = usize::from(doubled);
        let kind = if text.contains("{{") {
            WrittenKind::Text(self.template(scalar, from)?)
        } else if scalar.plain && !doubled {
            if let Some(diagnostic) = name_like(scalar, self.place.names) {
                self.found.push(diagnostic);
                return None;
            }
            WrittenKind::Literal { value: literal::core(text), raw: Some(text.into()) }
        } else {
            WrittenKind::Literal { value: Value::text(&text[from..]), raw: None }
        };
        Some(Written { kind, span: scalar.span })
    }

    fn bare(&mut self, scalar: &Scalar<'_>) -> Option<Written> {
        if is_path(scalar.text) {
            return self.path(scalar);
        }
        let marked = scalar.text.starts_with('=') && !scalar.text.starts_with("==");
        self.code(scalar, usize::from(marked))
    }

    fn code(&mut self, scalar: &Scalar<'_>, from: usize) -> Option<Written> {
        let text = &scalar.text[from..];
        if text.trim().is_empty() {
            self.found.push(Diagnostic::error(&SYNTAX, scalar.span, "an expression is missing here"));
            return None;
        }
        let (code, found) = compile(text, &scalar.map.part(from, scalar.text.len()), self.place.names);
        self.found.extend(found);
        Some(Written { kind: WrittenKind::Code(code?), span: scalar.span })
    }

    fn path(&mut self, scalar: &Scalar<'_>) -> Option<Written> {
        let (path, found) = Path::compile(scalar.text, scalar.map, self.place.names);
        self.found.extend(found);
        Some(Written { kind: WrittenKind::Path(path?), span: scalar.span })
    }

    fn template(&mut self, scalar: &Scalar<'_>, from: usize) -> Option<Template> {
        let map = scalar.map.part(from, scalar.text.len());
        let (template, found) = Template::compile(&scalar.text[from..], &map, self.place.names, self.place.templates);
        self.found.extend(found);
        template
    }
}

fn is_path(text: &str) -> bool {
    text.starts_with("$.") || text.starts_with("$[")
}
