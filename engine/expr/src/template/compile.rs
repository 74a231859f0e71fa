//! From the text of a template to its parts; every mistake at its place.

use std::ops::Range;

use wf_source::{Diagnostic, ScalarMap, Span, nearest};
use wf_value::Text;

use super::blocks::{self, Ready};
use super::part::{Arg, Handed, Template};
use super::rules::{TEMPLATE_SYNTAX, UNKNOWN_BLOCK, UNKNOWN_TEMPLATE};
use super::scan::{self, Tag, TagKind, trimmed};
use super::scope::Scope;
use super::{args, part};
use crate::{Code, Names, TemplateId};

/// Blocks inside one another. Nobody reads more; the parser is recursive.
const DEEPEST: usize = 32;

impl Template {
    /// A text inside a workflow: its holes see the names of its place. `templates`: what `{{> name}}` may name.
    #[must_use]
    pub fn compile(
        text: &str,
        map: &ScalarMap,
        names: &dyn Names,
        templates: &[(Text, TemplateId)],
    ) -> (Option<Self>, Vec<Diagnostic>) {
        let mut compiler = Compiler::new(text, map, Scope::of_place(names), templates, false);
        let parts = compiler.compile();
        let template = parts.map(|parts| Self { name: Text::default(), args: vec![], parts, span: map.whole() });
        (template, compiler.found)
    }

    /// A template file. `html`: what holes print is escaped. `names`: defines, functions, constants, `now`, `env`; every other name that it
    /// uses must be handed to it. The last line end of the file is dropped.
    #[must_use]
    pub fn file(
        name: &str,
        text: &str,
        map: &ScalarMap,
        names: &dyn Names,
        html: bool,
        templates: &[(Text, TemplateId)],
    ) -> (Option<Self>, Vec<Diagnostic>) {
        let text = text.strip_suffix('\n').map_or(text, |t| t.strip_suffix('\r').unwrap_or(t));
        // which names it must be handed decides how its locals are numbered, and is known only at its end
        let mut first = Compiler::new(text, map, Scope::of_file(names, vec![]), templates, html);
        let _ = first.compile();
        let handed = first.scope.handed();
        let mut compiler = Compiler::new(text, map, Scope::of_file(names, handed.clone()), templates, html);
        let parts = compiler.compile();
        let template = parts.map(|parts| {
            let used = |i: usize| part::first_use(&parts, i).unwrap_or_else(|| map.whole().begin());
            let args = handed.into_iter().enumerate().map(|(i, name)| Arg { name, span: used(i) }).collect();
            Self { name: name.into(), args, parts, span: map.whole() }
        });
        (template, compiler.found)
    }
}

struct Compiler<'c> {
    text: &'c str,
    map: &'c ScalarMap,
    scope: Scope<'c>,
    templates: &'c [(Text, TemplateId)],
    html: bool,
    open: Vec<Open>,
    found: Vec<Diagnostic>,
}

/// A block that waits for its end.
struct Open {
    name: String,
    span: Span,
    has_else: bool,
    /// Its own mistake is reported: what stands inside, which may need its element, is not looked at.
    broken: bool,
    /// Block variables outside of it.
    depth: usize,
}

impl<'c> Compiler<'c> {
    fn new(
        text: &'c str,
        map: &'c ScalarMap,
        scope: Scope<'c>,
        templates: &'c [(Text, TemplateId)],
        html: bool,
    ) -> Self {
        Self { text, map, scope, templates, html, open: Vec::new(), found: Vec::new() }
    }

    fn compile(&mut self) -> Option<Vec<super::Part>> {
        let tags = scan::tags(self.text);
        let mut ready: Vec<Option<Ready>> = tags.iter().map(|tag| self.tag(tag)).collect();
        for open in std::mem::take(&mut self.open) {
            let message = format!("`{{{{#{}}}}}` is never closed", open.name);
            let help = format!("write `{{{{/{}}}}}` where it ends", open.name);
            self.found.push(Diagnostic::error(&TEMPLATE_SYNTAX, open.span, message).help(help));
        }
        if ready.iter().any(Option::is_none) || self.found.iter().any(Diagnostic::is_error) {
            return None;
        }
        if let Some(parts) = blocks::flat(self.text, &tags, &mut ready) {
            return Some(parts);
        }
        match blocks::tree(self.text, &tags, &mut ready) {
            Ok(parts) => Some(parts),
            Err(message) => {
                self.found.push(Diagnostic::error(&TEMPLATE_SYNTAX, self.map.whole(), message));
                None
            }
        }
    }

    /// Compiles the expressions of a tag; `None` after a mistake.
    fn tag(&mut self, tag: &Tag) -> Option<Ready> {
        let span = self.span(&tag.whole);
        match &tag.kind {
            TagKind::Hole { code, raw } => {
                let escape = self.html && !raw;
                self.code(code.clone(), span).map(|code| Ready::Hole { code, escape })
            }
            TagKind::Open { name, rest } => self.block(name.clone(), rest.clone(), span),
            TagKind::Else => {
                match self.open.last_mut() {
                    Some(open) if !open.has_else => open.has_else = true,
                    Some(open) => {
                        let message = format!("a second `{{{{else}}}}` of one `{{{{#{}}}}}`", open.name);
                        let note = (open.span, "the block opens here");
                        self.error(span, message, Some(note), None);
                        return None;
                    }
                    None => {
                        self.error(span, "`{{else}}` outside of a block".into(), None, None);
                        return None;
                    }
                }
                self.leave_each();
                Some(Ready::Bare)
            }
            TagKind::ElseOpen { name, rest } => self.else_if(name.clone(), rest.clone(), span),
            TagKind::Close { name } => self.close(name.clone(), span),
            TagKind::Partial { name, rest } => self.partial(name.clone(), rest.clone(), span),
            TagKind::Remark => Some(Ready::Bare),
            TagKind::Unclosed => {
                let help = "write `}}` where it ends; two braces that stand for themselves are written `\\{{`";
                let brace = Span { end: span.start + 2, ..span };
                self.error(brace, "this `{{` is never closed".into(), None, Some(help.into()));
                None
            }
            TagKind::OneBrace => {
                let written = self.text.get(tag.whole.clone()).unwrap_or("");
                let help = format!("write `{written}}}`");
                let mut diagnostic =
                    Diagnostic::error(&TEMPLATE_SYNTAX, span, "this `{{` is closed by one `}`, and takes two")
                        .help(help);
                let end = Span { start: span.end, ..span };
                diagnostic = diagnostic.fix(end, "}");
                self.found.push(diagnostic);
                None
            }
            TagKind::Refused => {
                let help = "texts have `{{ hole }}`, `{{#if}}`, `{{#each}}`, `{{> template}}` and `{{! remark }}`";
                self.error(span, "Handlebars has this, texts do not".into(), None, Some(help.into()));
                None
            }
        }
    }

    fn block(&mut self, name: Range<usize>, rest: Range<usize>, span: Span) -> Option<Ready> {
        let word = &self.text[name.clone()];
        let depth = self.scope.depth();
        self.open.push(Open { name: word.to_owned(), span, has_else: false, broken: false, depth });
        if self.open.len() == DEEPEST + 1 {
            self.error(span, format!("blocks stand more than {DEEPEST} deep in one another"), None, None);
        }
        match word {
            "if" => self.code(rest, span).map(Ready::If),
            "each" => self.each(rest, span),
            _ => {
                let help = match word {
                    "unless" => "write `{{#if not …}}`".into(),
                    "with" => "write the whole path in each hole, or hand it to a template: `{{> name x=a.b}}`".into(),
                    _ => match nearest(word, ["if", "each"]) {
                        Some(near) => format!("did you mean `{{{{#{near} …}}}}`?"),
                        None => "there are `{{#if condition}}` and `{{#each list as |x|}}`".into(),
                    },
                };
                let message = format!("texts have no block `{{{{#{word}}}}}`");
                let found = Diagnostic::error(&UNKNOWN_BLOCK, self.span(&name), message).help(help);
                self.found.push(found);
                self.break_block();
                None
            }
        }
    }

    fn break_block(&mut self) {
        if let Some(open) = self.open.last_mut() {
            open.broken = true;
        }
    }

    /// `list as |x|`, `list as |x i|`
    fn each(&mut self, rest: Range<usize>, span: Span) -> Option<Ready> {
        let written = &self.text[rest.clone()];
        let names = written.strip_suffix('|').and_then(|r| r.rsplit_once('|')).and_then(|(before, names)| {
            let list = before.trim_end().strip_suffix("as").filter(|l| l.ends_with(char::is_whitespace))?;
            Some((rest.start..rest.start + list.trim_end().len(), names.split_whitespace().collect::<Vec<_>>()))
        });
        let (list, names) = match names {
            Some((list, names)) if matches!(names.len(), 1 | 2) => (list, names),
            _ => {
                let help = "write `{{#each list as |x|}}`, or `as |x i|` to count from 0";
                self.error(span, "the elements have no name".into(), None, Some(help.into()));
                self.break_block();
                return None;
            }
        };
        let list = self.code(list, span);
        let mut locals = names.into_iter().map(|name| self.scope.push(name.into())).collect::<Vec<_>>().into_iter();
        let item = locals.next()?;
        Some(Ready::Each { list: list?, item, index: locals.next() })
    }

    /// After `{{else}}` of an each there is no element.
    fn leave_each(&mut self) {
        if let Some(open) = self.open.last().filter(|open| open.name == "each") {
            self.scope.truncate(open.depth);
        }
    }

    fn else_if(&mut self, name: Range<usize>, rest: Range<usize>, span: Span) -> Option<Ready> {
        let word = &self.text[name.clone()];
        if word != "if" {
            let message = format!("after `else` stands `if` or nothing, not `{word}`");
            self.error(self.span(&name), message, None, None);
            return None;
        }
        match self.open.last() {
            Some(open) if open.name == "if" && !open.has_else => self.code(rest, span).map(Ready::If),
            Some(open) if open.has_else => {
                let note = (open.span, "the block opens here");
                self.error(span, "`{{else if}}` after `{{else}}`".into(), Some(note), None);
                None
            }
            _ => {
                self.error(span, "`{{else if}}` outside of an `{{#if}}`".into(), None, None);
                None
            }
        }
    }

    fn close(&mut self, name: Range<usize>, span: Span) -> Option<Ready> {
        let word = &self.text[name];
        match self.open.pop() {
            None => {
                self.error(span, format!("`{{{{/{word}}}}}` closes nothing"), None, None);
                None
            }
            Some(open) if open.name == word => {
                self.scope.truncate(open.depth);
                Some(Ready::Bare)
            }
            Some(open) => {
                let message = format!("`{{{{/{word}}}}}` stands where `{{{{#{}}}}}` must be closed", open.name);
                let note = (open.span, "this block is open");
                self.error(span, message, Some(note), Some(format!("write `{{{{/{}}}}}`", open.name)));
                self.scope.truncate(open.depth);
                // the one it names may be open further out
                if let Some(outer) = self.open.iter().rposition(|o| o.name == word) {
                    self.scope.truncate(self.open[outer].depth);
                    self.open.truncate(outer);
                }
                None
            }
        }
    }

    fn partial(&mut self, name: Range<usize>, rest: Range<usize>, span: Span) -> Option<Ready> {
        let word = &self.text[name.clone()];
        let name_span = self.span(&name);
        let known = self.templates.iter().find(|(n, _)| n.as_str() == word).map(|(_, id)| *id);
        if known.is_none() {
            let near = nearest(word, self.templates.iter().map(|(n, _)| n.as_str()));
            let message = match word {
                "" => "the name of the template is missing".into(),
                _ => format!("there is no template `{word}`"),
            };
            self.found.push(Diagnostic::error(&UNKNOWN_TEMPLATE, name_span, message).did_you_mean(near, name_span));
        }
        let written = args::parse(self.text, rest, self.map, &mut self.found);
        let mut handed = Vec::with_capacity(written.len());
        for arg in written {
            let at = self.span(&arg.name);
            let value = self.code(arg.value, at);
            handed.extend(value.map(|value| Handed { name: self.text[arg.name].into(), name_span: at, value }));
        }
        Some(Ready::Partial { template: known?, span, handed })
    }

    /// Compiles an expression; `tag` is where a missing one is reported.
    fn code(&mut self, range: Range<usize>, tag: Span) -> Option<Code> {
        if self.open.iter().any(|open| open.broken) {
            return None;
        }
        let range = trimmed(self.text, range);
        if range.is_empty() {
            self.error(tag, "an expression is missing here".into(), None, None);
            return None;
        }
        let map = self.map.part(range.start, range.end);
        let (code, found) = crate::compile(&self.text[range], &map, &self.scope);
        self.found.extend(found);
        code
    }

    fn span(&self, range: &Range<usize>) -> Span {
        self.map.span(range.start, range.end)
    }

    fn error(&mut self, span: Span, message: String, note: Option<(Span, &str)>, help: Option<String>) {
        let mut diagnostic = Diagnostic::error(&TEMPLATE_SYNTAX, span, message);
        if let Some((at, text)) = note {
            diagnostic = diagnostic.note(Some(at), text);
        }
        diagnostic.help = help;
        self.found.push(diagnostic);
    }
}
