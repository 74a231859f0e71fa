//! From the text of a path to its steps.

use jsonpath_rust::parser::errors::JsonPathError;
use jsonpath_rust::parser::model as jp;
use jsonpath_rust::parser::parse_json_path;
use wf_source::{Diagnostic, ScalarMap, Span};
use wf_value::{Text, Value};

use super::filter::i_regexp;
use super::query::{Comparison, Filter, Function, Operand, Path, Query, Segment, Selector, SelectorKind};
use super::rules::{PATH_FUNCTION, PATH_ROOT, PATH_SYNTAX};
use super::tokens::{Token, Tokens};
use crate::{BinaryOp, Code, Kind, Names};

/// Words that an expression reads as something else than a name.
const WORDS: &[&str] = &["true", "false", "null", "in", "not", "if"];

impl Path {
    /// Compiles `$.name…`; `map` says where it stands.
    #[must_use]
    pub fn compile(text: &str, map: &ScalarMap, names: &dyn Names) -> (Option<Self>, Vec<Diagnostic>) {
        Compiler { tokens: Tokens::new(text, map), names: Some(names), found: Vec::new() }.path(map)
    }

    /// Compiles a path whose `$` is one document: the local 0 of the frame in which it is evaluated.
    #[must_use]
    pub fn of_document(text: &str, map: &ScalarMap) -> (Option<Self>, Vec<Diagnostic>) {
        Compiler { tokens: Tokens::new(text, map), names: None, found: Vec::new() }.path(map)
    }
}

struct Compiler<'c> {
    tokens: Tokens<'c>,
    /// `None`: `$` is one document.
    names: Option<&'c dyn Names>,
    found: Vec<Diagnostic>,
}

/// Something was reported.
struct Reported;

type Compiled<T> = Result<T, Reported>;

impl Compiler<'_> {
    fn path(mut self, map: &ScalarMap) -> (Option<Path>, Vec<Diagnostic>) {
        let path = match parse_json_path(self.tokens.text) {
            Ok(parsed) => self.absolute(&parsed.segments).map(|(root, segments)| {
                let singular = segments.iter().all(|segment| {
                    let one = matches!(segment.selectors.as_slice(), [Selector { kind, .. }] if kind.is_singular());
                    one && !segment.deep
                });
                Path { root, segments, singular, span: map.whole() }
            }),
            Err(error) => {
                let found = syntax_error(&error, self.tokens.text, map);
                self.found.push(found);
                Err(Reported)
            }
        };
        (path.ok().filter(|_| self.found.is_empty()), self.found)
    }

    /// `$` and what follows: the expression of its names, and the steps after these.
    fn absolute(&mut self, segments: &[jp::Segment]) -> Compiled<(Code, Vec<Segment>)> {
        let dollar = self.tokens.take(Token::Dollar);
        let (root, taken) = self.root(self.tokens.span(dollar))?;
        let rest = segments.get(taken..).unwrap_or_default();
        Ok((root, self.segments(rest)?))
    }

    /// The expression that the names right after `$` are, and how many of them it took.
    fn root(&mut self, dollar: Span) -> Compiled<(Code, usize)> {
        let Some(names) = self.names else {
            return Ok((Code { kind: Kind::Local(0), span: dollar, text: "$".into() }, 0));
        };
        let (mut range, mut count) = self.tokens.names();
        // a field may be called like a word of expressions
        let mut end = range.start;
        for (i, name) in self.tokens.text[range.clone()].split('.').enumerate() {
            if i > 0 && WORDS.contains(&name) {
                range.end = end - 1;
                count = i;
                break;
            }
            end += name.len() + 1;
        }
        if count == 0 {
            let message = "a path begins with a name: `$.edges[*].serial`";
            self.found.push(Diagnostic::error(&PATH_ROOT, dollar, message));
            return Err(Reported);
        }
        for _ in 0..count {
            self.tokens.take(Token::Name);
        }
        let (code, found) = crate::compile(&self.tokens.text[range.clone()], &self.tokens.part(&range), names);
        self.found.extend(found);
        code.map(|code| (code, count)).ok_or(Reported)
    }

    fn segments(&mut self, segments: &[jp::Segment]) -> Compiled<Vec<Segment>> {
        segments.iter().map(|segment| self.segment(segment)).collect()
    }

    fn segment(&mut self, segment: &jp::Segment) -> Compiled<Segment> {
        match segment {
            jp::Segment::Descendant(inner) => Ok(Segment { deep: true, ..self.segment(inner)? }),
            jp::Segment::Selector(selector) => self.selectors(std::slice::from_ref(selector)),
            jp::Segment::Selectors(selectors) => self.selectors(selectors),
        }
    }

    fn selectors(&mut self, selectors: &[jp::Selector]) -> Compiled<Segment> {
        let bracketed = self.tokens.peek() == Some(Token::Open);
        let open = if bracketed { self.tokens.take(Token::Open) } else { 0..0 };
        let selectors = selectors.iter().map(|selector| {
            let kind = match selector {
                jp::Selector::Name(name) => {
                    let at = self.tokens.take(if bracketed { Token::Text } else { Token::Name });
                    let text = if bracketed { unquoted(&self.tokens.text[at.clone()]) } else { name.as_str().into() };
                    let span = self.tokens.span(at);
                    return Ok(Selector { kind: SelectorKind::Name(text), span });
                }
                jp::Selector::Wildcard => {
                    let at = self.tokens.take(Token::Star);
                    return Ok(Selector { kind: SelectorKind::All, span: self.tokens.span(at) });
                }
                jp::Selector::Index(i) => SelectorKind::Index(*i),
                jp::Selector::Slice(from, to, step) => {
                    SelectorKind::Slice { from: *from, to: *to, step: step.unwrap_or(1) }
                }
                jp::Selector::Filter(filter) => {
                    let kind = SelectorKind::Filter(self.filter(filter)?.into());
                    let span = self.tokens.span(open.start..self.tokens.at());
                    return Ok(Selector { kind, span });
                }
            };
            let end = self.tokens.text[open.start..].find(']').map_or(open.end, |end| open.start + end + 1);
            Ok(Selector { kind, span: self.tokens.span(open.start..end) })
        });
        Ok(Segment { deep: false, selectors: selectors.collect::<Compiled<_>>()? })
    }

    fn filter(&mut self, filter: &jp::Filter) -> Compiled<Filter> {
        match filter {
            jp::Filter::Or(all) => Ok(Filter::Any(all.iter().map(|f| self.filter(f)).collect::<Compiled<_>>()?)),
            jp::Filter::And(all) => Ok(Filter::All(all.iter().map(|f| self.filter(f)).collect::<Compiled<_>>()?)),
            jp::Filter::Atom(atom) => match atom {
                jp::FilterAtom::Filter { expr, not } => Ok(negated(self.filter(expr)?, *not)),
                jp::FilterAtom::Test { expr, not } => Ok(negated(self.test(expr)?, *not)),
                jp::FilterAtom::Comparison(comparison) => self.comparison(comparison),
            },
        }
    }

    fn test(&mut self, test: &jp::Test) -> Compiled<Filter> {
        match test {
            jp::Test::Function(function) => {
                let start = self.tokens.at();
                match self.function(function)? {
                    function @ Function::Match { .. } => Ok(Filter::Test(function)),
                    _ => {
                        let message = "this function gives a value: write what it is compared with";
                        Err(self.error(self.from(start), message))
                    }
                }
            }
            query => self.query(query).map(Filter::Exists),
        }
    }

    fn query(&mut self, test: &jp::Test) -> Compiled<Query> {
        let start = self.tokens.at();
        let (root, segments) = match test {
            jp::Test::RelQuery(segments) => {
                self.tokens.take(Token::At);
                (None, self.segments(segments)?)
            }
            jp::Test::AbsQuery(query) => {
                let (root, segments) = self.absolute(&query.segments)?;
                (Some(root), segments)
            }
            jp::Test::Function(_) => {
                let message = "a path must stand here, not a function";
                return Err(self.error(self.tokens.span(start..self.tokens.at()), message));
            }
        };
        Ok(Query { root, segments, span: self.from(start) })
    }

    fn comparison(&mut self, comparison: &jp::Comparison) -> Compiled<Filter> {
        let op = match comparison {
            jp::Comparison::Eq(..) => BinaryOp::Equal,
            jp::Comparison::Ne(..) => BinaryOp::NotEqual,
            jp::Comparison::Gt(..) => BinaryOp::Greater,
            jp::Comparison::Gte(..) => BinaryOp::GreaterEqual,
            jp::Comparison::Lt(..) => BinaryOp::Less,
            jp::Comparison::Lte(..) => BinaryOp::LessEqual,
        };
        let (left, right) = comparison.vals();
        let start = self.tokens.at();
        let (left, right) = (self.comparable(left)?, self.comparable(right)?);
        let span = self.from(start);
        Ok(Filter::Compare(Comparison { op, left, right, span }.into()))
    }

    fn comparable(&mut self, comparable: &jp::Comparable) -> Compiled<Operand> {
        match comparable {
            jp::Comparable::Literal(literal) => Ok(self.literal(literal)),
            jp::Comparable::SingularQuery(query) => {
                let (jp::SingularQuery::Current(steps) | jp::SingularQuery::Root(steps)) = query;
                let segments: Vec<jp::Segment> = steps.iter().map(singular).collect();
                let test = match query {
                    jp::SingularQuery::Current(_) => jp::Test::RelQuery(segments),
                    jp::SingularQuery::Root(_) => jp::Test::AbsQuery(jp::JpQuery::new(segments)),
                };
                self.query(&test).map(Operand::Query)
            }
            jp::Comparable::Function(function) => {
                let start = self.tokens.at();
                let function = self.function(function)?;
                let span = self.from(start);
                if matches!(function, Function::Match { .. }) {
                    return Err(self.error(span, "this function is a condition: it is not compared"));
                }
                Ok(Operand::Function(function.into(), span))
            }
        }
    }

    fn literal(&mut self, literal: &jp::Literal) -> Operand {
        match literal {
            jp::Literal::Int(n) => Operand::Literal(Value::Int(*n), self.tokens.span(0..0)),
            jp::Literal::Float(f) => Operand::Literal(Value::Float(*f), self.tokens.span(0..0)),
            jp::Literal::Bool(b) => Operand::Literal(Value::Bool(*b), self.tokens.span(0..0)),
            jp::Literal::Null => Operand::Literal(Value::Null, self.tokens.span(0..0)),
            jp::Literal::String(_) => {
                let at = self.tokens.take(Token::Text);
                let text = unquoted(&self.tokens.text[at.clone()]);
                Operand::Literal(Value::Text(text), self.tokens.span(at))
            }
        }
    }

    fn function(&mut self, function: &jp::TestFunction) -> Compiled<Function> {
        let at = self.tokens.take(Token::Function);
        match function {
            jp::TestFunction::Length(arg) => self.value(arg).map(Function::Length),
            jp::TestFunction::Count(arg) => self.nodes(arg).map(Function::Count),
            jp::TestFunction::Value(arg) => self.nodes(arg).map(Function::Value),
            jp::TestFunction::Search(text, regex) => self.regex(text, regex, false),
            jp::TestFunction::Match(text, regex) => self.regex(text, regex, true),
            jp::TestFunction::Custom(name, _) => {
                let message =
                    format!("paths have no function `{name}`; a filter of an expression has: `.filter(x, …)`");
                Err(self.error(self.tokens.span(at), &message))
            }
        }
    }

    fn regex(&mut self, text: &jp::FnArg, regex: &jp::FnArg, whole: bool) -> Compiled<Function> {
        let (text, regex) = (self.value(text)?, self.value(regex)?);
        let ready = match &regex {
            Operand::Literal(Value::Text(pattern), _) => i_regexp(pattern, whole),
            _ => None,
        };
        Ok(Function::Match { text, regex, whole, ready })
    }

    /// An argument that is one value.
    fn value(&mut self, arg: &jp::FnArg) -> Compiled<Operand> {
        let start = self.tokens.at();
        match arg {
            jp::FnArg::Literal(literal) => Ok(self.literal(literal)),
            jp::FnArg::Test(test) => match &**test {
                jp::Test::Function(function) => {
                    let function = self.function(function)?;
                    let span = self.from(start);
                    match function {
                        Function::Match { .. } => Err(self.error(span, "this function gives no value")),
                        function => Ok(Operand::Function(function.into(), span)),
                    }
                }
                query => {
                    let query = self.query(query)?;
                    if query.segments.iter().all(Segment::is_singular) {
                        return Ok(Operand::Query(query));
                    }
                    Err(self.error(query.span, "this selects a list, and one value is needed: `count(…)` counts it"))
                }
            },
            jp::FnArg::Filter(_) => Err(self.error(self.tokens.span(0..0), "a condition is no value")),
        }
    }

    /// An argument that is what a path selects.
    fn nodes(&mut self, arg: &jp::FnArg) -> Compiled<Query> {
        match arg {
            jp::FnArg::Test(test) => self.query(test),
            _ => Err(self.error(self.tokens.span(0..0), "a path must stand here")),
        }
    }

    fn error(&mut self, span: Span, message: &str) -> Reported {
        self.found.push(Diagnostic::error(&PATH_FUNCTION, span, message));
        Reported
    }

    /// From `start` to what comes next, without the signs between.
    fn from(&self, start: usize) -> Span {
        let text = self.tokens.text.get(start..self.tokens.at()).unwrap_or("");
        let mut end = text.trim_end_matches(|c: char| c.is_whitespace() || "&|!=<>(),]?[".contains(c)).len();
        // brackets that opened within are closed within
        while text[..end].matches(['(', '[']).count() > text[..end].matches([')', ']']).count() {
            match text[end..].find([')', ']']) {
                Some(close) => end += close + 1,
                None => break,
            }
        }
        self.tokens.span(start..start + end)
    }
}

impl SelectorKind {
    pub(super) fn is_singular(&self) -> bool {
        matches!(self, Self::Name(_) | Self::Index(_))
    }
}

impl Segment {
    /// It finds at most one value in one.
    pub(super) fn is_singular(&self) -> bool {
        !self.deep && matches!(self.selectors.as_slice(), [one] if one.kind.is_singular())
    }
}

fn negated(filter: Filter, not: bool) -> Filter {
    if not { Filter::Not(filter.into()) } else { filter }
}

fn singular(step: &jp::SingularQuerySegment) -> jp::Segment {
    jp::Segment::Selector(match step {
        jp::SingularQuerySegment::Index(i) => jp::Selector::Index(*i),
        jp::SingularQuerySegment::Name(name) => jp::Selector::Name(name.clone()),
    })
}

/// The text that a quoted one writes. Its escapes are those of JSON, and `\'`.
fn unquoted(quoted: &str) -> Text {
    let inner = quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or("");
    if !inner.contains('\\') {
        return inner.into();
    }
    let mut json = String::with_capacity(quoted.len() + 2);
    json.push('"');
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => json.push_str("\\\""),
            '\\' => match chars.next() {
                Some('\'') => json.push('\''),
                Some(escaped) => json.extend(['\\', escaped]),
                None => {}
            },
            c => json.push(c),
        }
    }
    json.push('"');
    serde_json::from_str::<String>(&json).map_or_else(|_| inner.into(), Text::from)
}

/// What the parser did not take, where it stands.
fn syntax_error(error: &JsonPathError, text: &str, map: &ScalarMap) -> Diagnostic {
    let column = match error {
        JsonPathError::PestError(error) => match error.line_col {
            pest::error::LineColLocation::Pos(at) | pest::error::LineColLocation::Span(at, _) => Some(at),
        },
        _ => None,
    };
    let offset = column.and_then(|(line, column)| {
        let start = text.split_inclusive('\n').take(line - 1).map(str::len).sum::<usize>();
        let within = text.get(start..)?.char_indices().nth(column - 1);
        Some(start + within.map_or(text.len() - start, |(i, _)| i))
    });
    let found = match offset {
        Some(at) if at >= text.len() => {
            let end = map.span(text.len(), text.len());
            return Diagnostic::error(&PATH_SYNTAX, end, "the path ends too early");
        }
        Some(at) => {
            let next = text[at..].chars().next().unwrap_or(' ');
            let span = map.span(at, at + next.len_utf8());
            Diagnostic::error(&PATH_SYNTAX, span, format!("`{next}` is not expected here in a path"))
        }
        None => Diagnostic::error(&PATH_SYNTAX, map.whole(), error.to_string()),
    };
    if text.contains(" = ") {
        return found.help("equal is written `==`");
    }
    found
}
