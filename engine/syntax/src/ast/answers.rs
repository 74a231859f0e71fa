//! Rows for what a vendor answers (connectors.md §4).

use wf_source::{Diagnostic, Span};

use crate::{
    ast::{Name, Text, rules},
    keys::{Keys, Kind, may},
    read::{Fields, Reader},
    tree::Node,
};

/// `answers: [set, {…}]`, in order: the first row that holds ends it.
pub type Answers = Vec<AnswerRow>;

/// A row of `answers`: which answers it holds for, and what they become. The first that holds wins.
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

pub(crate) static ROW: Keys = Keys {
    id: "answer",
    what: "a row",
    groups: &[&[
        may(
            "is",
            Kind::Any(&[Kind::Text, Kind::List(&Kind::Text)]),
            "Statuses, ranges, codes, words: 404, 2xx, 500..512, no_answer.",
        ),
        may("if", Kind::Expr, "A condition on `answer`; with `is` both must hold, without it the answer is a 2xx."),
        may("status", Kind::Value, "The status of the reply; the vendor's own."),
        may("body", Kind::Value, "The body of the reply; the vendor's own."),
    ]],
};

pub(crate) const ANSWERS: Kind = Kind::List(&Kind::Any(&[Kind::Keys(&ROW), Kind::Name]));

impl Reader<'_> {
    pub(crate) fn answers(&mut self, node: Option<&Node>) -> Option<Answers> {
        Some(node?.items().iter().filter_map(|item| self.answer(item)).collect())
    }

    fn answer(&mut self, node: &Node) -> Option<AnswerRow> {
        if node.as_scalar().is_some() {
            return self.name(Some(node)).map(AnswerRow::Set);
        }
        let fields = Fields::open(self, node, &ROW, node.span.begin())?;
        if !fields.has("is") && !fields.has("if") {
            let place = node.entries().first().map_or(node.span, |e| e.key.span);
            if node.entries().iter().all(|e| ROW.find(e.key.text()).is_some()) {
                self.push(
                    Diagnostic::error(&rules::MISSING_KEY, place, "a row needs `is` or `if`: when it holds")
                        .help("as in `{is: 404, body: There is none}`"),
                );
            }
        }
        Some(AnswerRow::Row {
            span: node.span,
            is: self.one_or_many(fields.get("is"), "is"),
            condition: self.expr(fields.get("if")),
            status: fields.value("status"),
            body: fields.value("body"),
        })
    }

    pub(crate) fn answer_sets(&mut self, node: Option<&Node>) -> Vec<AnswerSet> {
        let entries = self.section(node, "a set of rows", ANSWERS);
        entries
            .into_iter()
            .map(|e| AnswerSet { name: (&e.key).into(), rows: self.answers(Some(&e.value)).unwrap_or_default() })
            .collect()
    }
}
