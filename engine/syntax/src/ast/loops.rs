//! `for`.

use wf_source::Span;

use crate::{
    ast::{Listing, Name, Run, Spanned, Step, Text},
    tree::Node,
};

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

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    Steps(Vec<Step>),
    Run(Run),
    /// Neither; reported already.
    Broken,
}

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
