//! Rows for what a vendor answers (connectors.md §4).

use wf_source::Span;

use crate::{
    ast::{Name, Text},
    tree::Node,
};

/// `answers: [set, {…}]`, in order: the first row that holds ends it.
pub type Answers = Vec<AnswerRow>;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AnswerRow {
    /// The rows of an answer set.
    Set(Name),
    Row {
        span: Span,
        /// Statuses, ranges, codes, words: `404`, `2xx`, `500..512`, `no_answer`.
        is: Vec<Name>,
        condition: Option<Text>,
        status: Option<Node>,
        body: Option<Node>,
    },
}

/// `answer_sets: {name: [rows]}`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerSet {
    pub name: Name,
    pub rows: Answers,
}
