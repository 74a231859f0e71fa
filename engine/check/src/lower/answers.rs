//! Rows for what a vendor answers (`connectors.md` §4).

use wf_plan::{AnswerRow, RowTest, Status, StatusSet, Word};
use wf_proto::Code;
use wf_source::{Diagnostic, Span, nearest, one_of};
use wf_syntax::ast;
use wf_value::Type;

use super::body::Body;
use super::{Cx, rules};
use crate::names::Sight;

impl Body<'_> {
    /// Rows with those of the sets that they name, which are the file's.
    pub(crate) fn rows(&self, face: &ast::Connector, answers: &[ast::AnswerRow]) -> Vec<AnswerRow> {
        let mut rows = vec![];
        for row in answers {
            match row {
                ast::AnswerRow::Set(name) => {
                    if let Some(set) = face.answer_sets.iter().find(|s| s.name.value == name.value) {
                        rows.extend(self.face_level(|| {
                            set.rows.iter().filter_map(|row| self.sight().row(row)).collect::<Vec<_>>()
                        }));
                    }
                }
                row @ ast::AnswerRow::Row { .. } => rows.extend(self.sight().row(row)),
            }
        }
        rows
    }
}

impl Sight<'_> {
    /// The rows for an input that is refused: nothing else is asked then.
    pub(crate) fn rows_for_bad_input(&self, face: &ast::Connector, answers: &[ast::AnswerRow]) -> Vec<AnswerRow> {
        let about_it = |row: &&ast::AnswerRow| match row {
            ast::AnswerRow::Row { is, .. } => is.iter().any(|n| n.as_str() == Word::BadInput.word()),
            ast::AnswerRow::Set(_) => false,
        };
        let of_set = |name: &ast::Name| {
            let set = face.answer_sets.iter().find(|s| s.name.value == name.value);
            set.map_or(&[][..], |set| set.rows.as_slice())
        };
        let rows = answers.iter().flat_map(|row| match row {
            ast::AnswerRow::Set(name) => of_set(name),
            row @ ast::AnswerRow::Row { .. } => std::slice::from_ref(row),
        });
        rows.filter(about_it).filter_map(|row| self.row(row)).collect()
    }

    fn row(&self, row: &ast::AnswerRow) -> Option<AnswerRow> {
        let ast::AnswerRow::Row { span, is, condition, status, body } = row else { return None };
        Some(AnswerRow {
            test: RowTest {
                is: StatusSet(is.iter().filter_map(|name| known_status(name.as_str())).collect()),
                condition: condition.as_ref().map(|text| self.code(text)),
            },
            status: status.as_ref().map(|node| self.typed(node, &Type::Integer, "")),
            body: body.as_ref().map(|node| self.written(node)),
            span: *span,
        })
    }
}

impl Cx<'_> {
    /// What is wrong with the rows of a file, of its sets and of its actions: once, whatever asks for them.
    pub(crate) fn check_rows(&self, face: &ast::Connector) {
        let mut used: Vec<&str> = vec![];
        let mut lists: Vec<(&[ast::AnswerRow], bool)> = vec![(&face.answers, true)];
        for set in &face.answer_sets {
            lists.push((&set.rows, false));
        }
        for action in &face.actions {
            lists.extend(action.request.answers.as_deref().map(|rows| (rows, true)));
            for request in requests_of(action) {
                lists.extend(request.answers.as_deref().map(|rows| (rows, true)));
            }
        }
        for (rows, sets) in lists {
            for row in rows {
                match row {
                    ast::AnswerRow::Set(name) if sets => {
                        used.push(name.as_str());
                        self.check_set(face, name);
                    }
                    ast::AnswerRow::Set(name) => self.tell(
                        Diagnostic::error(&rules::UNKNOWN_ANSWERS, name.span, "a set of rows names no other set")
                            .help("name both where they are used: `answers: [first, second]`"),
                    ),
                    ast::AnswerRow::Row { is, .. } => self.check_words(is),
                }
            }
            self.check_reach(rows);
        }
        for set in face.answer_sets.iter().filter(|s| !used.contains(&s.name.as_str())) {
            let message = format!("nothing in this file uses the answers `{}`", set.name.value);
            self.tell_unused(
                Diagnostic::error(&crate::names::rules::UNUSED, set.name.span, message).help("take it away, or use it"),
            );
        }
    }

    fn check_set(&self, face: &ast::Connector, name: &ast::Name) {
        if face.answer_sets.iter().any(|s| s.name.value == name.value) {
            return;
        }
        let known = || face.answer_sets.iter().map(|s| &*s.name.value);
        let message = format!("there are no answers `{}`", name.value);
        let diagnostic = Diagnostic::error(&rules::UNKNOWN_ANSWERS, name.span, message);
        self.tell(match nearest(name.as_str(), known()) {
            Some(near) => diagnostic.did_you_mean(Some(near), name.span),
            None => diagnostic.help("rows that several actions share stand under `answer_sets`"),
        });
    }

    fn check_words(&self, is: &[ast::Name]) {
        for name in is.iter().filter(|n| known_status(n.as_str()).is_none()) {
            let words = Word::ALL.iter().map(|w| w.word());
            let near = nearest(name.as_str(), words.clone());
            let message = format!("`{}` is neither a status nor a word for an answer", name.value);
            let diagnostic = Diagnostic::error(&rules::UNKNOWN_ANSWERS, name.span, message);
            self.tell(match near {
                Some(_) => diagnostic.did_you_mean(near, name.span),
                None => diagnostic.help(format!("write 404, 2xx, 500..512, or {}", one_of(words, 12))),
            });
        }
    }

    /// A row below one that holds whenever it does.
    fn check_reach(&self, rows: &[ast::AnswerRow]) {
        let mut above: Vec<(Vec<Status>, Span, String)> = vec![];
        for row in rows {
            let ast::AnswerRow::Row { span, is, condition, .. } = row else { continue };
            let about_2xx = [Status::Range(200, 299)];
            let parsed: Vec<Status> = is.iter().filter_map(|n| known_status(n.as_str())).collect();
            let about: &[Status] = if is.is_empty() { &about_2xx } else { &parsed };
            let covering = above.iter().find(|(statuses, _, _)| {
                !about.is_empty() && about.iter().all(|status| statuses.iter().any(|s| covers(*s, *status)))
            });
            if let Some((_, first, words)) = covering {
                let message = format!("this row never holds: the row for `{words}` above it is first");
                self.tell(
                    Diagnostic::error(&rules::ROW_NEVER_HOLDS, *span, message)
                        .note(Some(*first), "this one")
                        .help("put it above, or take it away"),
                );
            } else if condition.is_none() && !is.is_empty() {
                let words = is.iter().map(|n| n.as_str()).collect::<Vec<_>>().join(", ");
                above.push((parsed, *span, words));
            }
        }
    }
}

/// A status, a word, or a code of gRPC, which stands for its number.
pub(super) fn known_status(text: &str) -> Option<Status> {
    let code = || match Code::from_name(text)? {
        // what is good has one status, whatever the transport
        Code::OK => Some(Status::one(200)),
        code => Some(Status::one(code.number())),
    };
    Status::parse(text).or_else(code)
}

/// Whether one status holds whenever the other does.
fn covers(outer: Status, inner: Status) -> bool {
    match (outer, inner) {
        (Status::Range(a, b), Status::Range(c, d)) => a <= c && d <= b,
        (Status::Word(Word::Any), Status::Range(..)) => true,
        (Status::Word(Word::Any), Status::Word(Word::Failure)) => true,
        (Status::Word(Word::Failure), Status::Range(from, to)) => to < 200 || from > 299,
        (Status::Word(Word::NoAnswer), Status::Word(Word::NoConnection | Word::Timeout)) => true,
        (Status::Word(a), Status::Word(b)) => a == b,
        _ => false,
    }
}

/// The request steps of an action, those in loops too.
pub(crate) fn requests_of(action: &ast::Action) -> Vec<&ast::Request> {
    fn collect<'a>(steps: &'a [ast::Step], all: &mut Vec<&'a ast::Request>) {
        for step in steps {
            match &step.verb {
                ast::Verb::Request(request) => all.push(request),
                ast::Verb::For(each) => {
                    if let ast::Body::Steps(steps) = &each.body {
                        collect(steps, all);
                    }
                }
                _ => {}
            }
            if let Some(ast::OnError::Block { steps, .. }) = &step.modifiers.on_error {
                collect(steps, all);
            }
        }
    }
    let mut all = vec![];
    collect(action.steps.as_deref().unwrap_or(&[]), &mut all);
    all
}
