//! `for`.

use wf_source::{Diagnostic, Span};

use crate::{
    ast::{Listing, Name, Run, Spanned, Step, Text, rules},
    read::{Fields, Reader, is_name},
    tree::Node,
};

/// `for`: a loop over a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct For {
    /// The name of the item.
    pub item: Option<Name>,
    pub list: Option<Listing>,
    /// `where`
    pub filter: Option<Text>,
    pub parallel: Option<Parallel>,
    pub body: Body,
    pub collect: Option<Node>,
}

/// What is done for an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    Steps(Vec<Step>),
    Run(Run),
    /// Neither; reported already.
    Broken,
}

/// How many items are worked at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Parallel {
    /// `no`
    One(Span),
    /// `yes`: the engine's limit.
    Unlimited(Span),
    Count(Spanned<u64>),
    /// A pool of the file.
    Pool(Name),
    Computed(Text),
}

impl Reader<'_> {
    pub(crate) fn for_loop(&mut self, fields: &Fields<'_>) -> For {
        For {
            item: self.name(fields.get("for")),
            list: self.listing(fields.get("in")),
            filter: self.expr(fields.get("where")),
            parallel: self.parallel(fields.get("parallel")),
            body: self.body(fields),
            collect: fields.value("collect"),
        }
    }

    fn body(&mut self, fields: &Fields<'_>) -> Body {
        match (fields.has("steps"), fields.has("run")) {
            (true, false) => {
                if fields.has("with") {
                    let place = fields.key_span("with");
                    self.push(
                        Diagnostic::error(&rules::MISPLACED_KEY, place, "`with` does not stand beside `steps`")
                            .help("the steps of a loop see all names around them; `with` is for `run`"),
                    );
                }
                fields.get("steps").map_or(Body::Broken, |n| {
                    if n.is_broken() { Body::Broken } else { Body::Steps(self.steps(Some(n))) }
                })
            }
            (false, true) => Body::Run(self.run(fields)),
            (true, true) => {
                self.push(
                    Diagnostic::error(
                        &rules::TWO_CHOICES,
                        fields.key_span("run"),
                        "a `for` has either `steps` or `run`, not both",
                    )
                    .note(Some(fields.key_span("steps")), "`steps` stands here")
                    .help("put the `run` into the steps, or the steps into the flow"),
                );
                Body::Broken
            }
            (false, false) => {
                self.push(
                    Diagnostic::error(&rules::MISSING_KEY, fields.key_span("for"), "a `for` needs `steps` or `run`")
                        .help("`steps: […]` says what is done with each item, `run: flow` hands it to a flow"),
                );
                Body::Broken
            }
        }
    }

    fn parallel(&mut self, node: Option<&Node>) -> Option<Parallel> {
        let node = node?;
        let scalar = node.as_scalar()?;
        match node.as_bool_word() {
            Some(true) => return Some(Parallel::Unlimited(node.span)),
            Some(false) => return Some(Parallel::One(node.span)),
            None => {}
        }
        if let Ok(count) = scalar.text.parse::<u64>() {
            return Some(Parallel::Count(Spanned::new(count, node.span)));
        }
        if is_name(&scalar.text) && !scalar.text.contains('.') {
            return Some(Parallel::Pool(Spanned::new(scalar.text.clone(), node.span)));
        }
        if scalar.is_computed() {
            return self.expr(Some(node)).map(Parallel::Computed);
        }
        let message = format!("`parallel` takes a number, yes, a pool or an expression, not `{}`", scalar.text);
        let diagnostic = Diagnostic::error(&rules::WRONG_WORD, node.span, message);
        let repaired = format!("={}", scalar.text);
        self.push(
            diagnostic.help(format!("an expression begins with `=` here: `{repaired}`")).fix(node.span, repaired),
        );
        None
    }
}
