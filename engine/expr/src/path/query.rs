//! What a path consists of.

use wf_source::Span;
use wf_value::{Text, Value};

use crate::{BinaryOp, Code};

/// A path, compiled.
#[derive(Debug)]
pub struct Path {
    /// Where it begins: the name, with the fields after it as far as nothing is selected.
    pub root: Code,
    /// What is selected from there. Empty: the value of `root` itself.
    pub segments: Vec<Segment>,
    /// At most one value is selected: it gives this, not a list.
    pub singular: bool,
    pub span: Span,
}

/// A step of a path: all that its selectors find, in all that was found before.
#[derive(Debug)]
pub struct Segment {
    /// `..`: at every depth.
    pub deep: bool,
    pub selectors: Vec<Selector>,
}

#[derive(Debug)]
pub struct Selector {
    pub kind: SelectorKind,
    pub span: Span,
}

#[derive(Debug)]
pub enum SelectorKind {
    Name(Text),
    All,
    /// Negative: from the end.
    Index(i64),
    Slice {
        from: Option<i64>,
        to: Option<i64>,
        step: i64,
    },
    Filter(Box<Filter>),
}

/// A condition of `[?…]`.
#[derive(Debug)]
pub enum Filter {
    Any(Vec<Filter>),
    All(Vec<Filter>),
    Not(Box<Filter>),
    /// Something is there.
    Exists(Query),
    Compare(Box<Comparison>),
    /// `match(…)`, `search(…)`
    Test(Function),
}

#[derive(Debug)]
pub struct Comparison {
    pub op: BinaryOp,
    pub left: Operand,
    pub right: Operand,
    pub span: Span,
}

/// A path inside a filter.
#[derive(Debug)]
pub struct Query {
    /// `$.name`; `None`: `@`.
    pub root: Option<Code>,
    pub segments: Vec<Segment>,
    pub span: Span,
}

#[derive(Debug)]
pub enum Operand {
    Literal(Value, Span),
    /// One that selects at most one value.
    Query(Query),
    Function(Box<Function>, Span),
}

/// The functions of RFC 9535.
#[derive(Debug)]
pub enum Function {
    Length(Operand),
    Count(Query),
    Value(Query),
    /// `whole`: `match`, else `search`. `ready`: the regex, when it is a literal.
    Match {
        text: Operand,
        regex: Operand,
        whole: bool,
        ready: Option<regex::Regex>,
    },
}

impl Path {
    /// Visits the whole expressions that stand in it.
    pub fn codes(&self, visit: &mut dyn FnMut(&Code)) {
        visit(&self.root);
        self.segments.iter().for_each(|segment| segment.codes(visit));
    }
}

impl Segment {
    fn codes(&self, visit: &mut dyn FnMut(&Code)) {
        for selector in &self.selectors {
            if let SelectorKind::Filter(filter) = &selector.kind {
                filter.codes(visit);
            }
        }
    }
}

impl Filter {
    fn codes(&self, visit: &mut dyn FnMut(&Code)) {
        match self {
            Self::Any(all) | Self::All(all) => all.iter().for_each(|filter| filter.codes(visit)),
            Self::Not(filter) => filter.codes(visit),
            Self::Exists(query) => query.codes(visit),
            Self::Compare(comparison) => {
                comparison.left.codes(visit);
                comparison.right.codes(visit);
            }
            Self::Test(function) => function.codes(visit),
        }
    }
}

impl Query {
    fn codes(&self, visit: &mut dyn FnMut(&Code)) {
        if let Some(root) = &self.root {
            visit(root);
        }
        self.segments.iter().for_each(|segment| segment.codes(visit));
    }
}

impl Operand {
    fn codes(&self, visit: &mut dyn FnMut(&Code)) {
        match self {
            Self::Literal(..) => {}
            Self::Query(query) => query.codes(visit),
            Self::Function(function, _) => function.codes(visit),
        }
    }
}

impl Function {
    fn codes(&self, visit: &mut dyn FnMut(&Code)) {
        match self {
            Self::Length(operand) => operand.codes(visit),
            Self::Count(query) | Self::Value(query) => query.codes(visit),
            Self::Match { text, regex, .. } => {
                text.codes(visit);
                regex.codes(visit);
            }
        }
    }
}
