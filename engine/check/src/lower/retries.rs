//! `retry`: after which failures, how often, and the waits between.

use wf_expr::{Code, Kind, Written, WrittenKind};
use wf_plan::{Accept, Action, Retry, Status, Wait, Word};
use wf_source::{Diagnostic, nearest};
use wf_syntax::ast;
use wf_syntax::tree::Node;
use wf_value::{Type, Value};

use super::body::Body;
use super::calls::OwnRule;
use super::rules;
use crate::names::{Role, Sight};

impl Body<'_> {
    /// Of a call: its own, that of a rule, of the flow, of the workflow.
    pub(crate) fn retry_of_call(&self, step: &ast::Step, rule: Option<&OwnRule<'_>>, action: &Action) -> Option<Retry> {
        match (&step.modifiers.retry, rule.and_then(|r| r.retry)) {
            (Some(own), _) => Some(self.retry(own, Some(action))),
            (None, Some(rule)) => Some(self.seen_from(self.around.unit, || self.retry(rule, Some(action)))),
            (None, None) => self.retry_by_default(Some(action)),
        }
    }

    pub(crate) fn retry_of_run(&self, step: &ast::Step) -> Option<Retry> {
        step.modifiers.retry.as_ref().map(|own| self.retry(own, None)).or_else(|| self.retry_by_default(None))
    }

    fn retry_by_default(&self, action: Option<&Action>) -> Option<Retry> {
        if let Some(of_flow) = self.defaults.and_then(|d| d.retry.as_ref()) {
            return Some(self.retry(of_flow, action));
        }
        let retry = self.around.defaults.and_then(|d| d.retry.as_ref())?;
        Some(self.seen_from(self.around.unit, || self.retry(retry, action)))
    }

    pub(crate) fn retry(&self, retry: &ast::Retry, action: Option<&Action>) -> Retry {
        self.sight().retry(retry, action)
    }
}

impl Sight<'_> {
    /// `action`: whose outcomes may be named.
    pub(crate) fn retry(&self, retry: &ast::Retry, action: Option<&Action>) -> Retry {
        let when = Accept { any: false, statuses: Default::default(), outcomes: vec![] };
        let mut lowered = Retry {
            when,
            failed: false,
            undecided: false,
            timeout: false,
            no_connection: false,
            attempts: retry.attempts.as_ref().and_then(|node| self.attempts(node)),
            wait: self.wait(retry),
            exponential: retry.backoff.as_ref().is_some_and(|b| b.value == ast::Backoff::Exponential),
            within: retry.within.as_ref().map(|node| self.duration(node, "s")),
        };
        for name in &retry.when {
            self.retry_when(name, action, &mut lowered);
        }
        lowered
    }

    fn retry_when(&self, name: &ast::Name, action: Option<&Action>, retry: &mut Retry) {
        let text = name.as_str();
        match text {
            "failed" => retry.failed = true,
            "undecided" => retry.undecided = true,
            "timeout" => retry.timeout = true,
            "no_connection" => retry.no_connection = true,
            _ => {
                if action.is_some_and(|a| a.outcomes.iter().any(|o| o.name.as_str() == text)) {
                    retry.when.outcomes.push(text.into());
                    return;
                }
                // whoever calls is told a status or a cause; only a connector sees what the vendor answered
                let of_connector = self.cx.world.unit(self.unit).role == Role::Face;
                match super::answers::known_status(text).filter(|_| of_connector).or_else(|| Status::parse(text)) {
                    Some(Status::Word(Word::Any | Word::NoAccount | Word::BadInput)) | None => {
                        self.unknown_when(name, action)
                    }
                    Some(Status::Word(_)) if !of_connector => self.word_of_connectors(name),
                    Some(status) => retry.when.statuses.0.push(status),
                }
            }
        }
    }

    fn word_of_connectors(&self, name: &ast::Name) {
        let message = format!("`{}` is a word of connectors, which see what the vendor answers", name.value);
        self.cx.tell(
            Diagnostic::error(&rules::UNKNOWN_OUTCOME, name.span, message)
                .help("here write failed, timeout, no_connection, or statuses: 429, 5xx"),
        );
    }

    fn unknown_when(&self, name: &ast::Name, action: Option<&Action>) {
        let words = ["failed", "undecided", "timeout", "no_connection"];
        let near = nearest(name.as_str(), words);
        if let (None, Some(action)) = (near, action) {
            let outcomes: Vec<_> = action.outcomes.iter().map(|o| o.name.clone()).collect();
            self.cx.ask_outcome(name, &outcomes, action.full_name());
            return;
        }
        let message = format!("`{}` is no kind of failure", name.value);
        let diagnostic = Diagnostic::error(&rules::UNKNOWN_OUTCOME, name.span, message);
        self.cx.tell(match near {
            Some(_) => diagnostic.did_you_mean(near, name.span),
            None => diagnostic.help("write failed, undecided, timeout, no_connection, or statuses: 429, 5xx"),
        });
    }

    /// `None`: for ever.
    fn attempts(&self, node: &Node) -> Option<Written> {
        if node.as_text() == Some("forever") {
            return None;
        }
        let written = self.typed(node, &Type::Integer, "s");
        if let WrittenKind::Literal { value: Value::Int(n), .. } = &written.kind
            && *n < 1
        {
            let message = format!("{n} attempts are none");
            self.cx.tell(
                Diagnostic::error(&rules::BOUNDS, node.span, message).help("the first try counts: write 2 or more"),
            );
        }
        Some(written)
    }

    fn wait(&self, retry: &ast::Retry) -> Wait {
        let Some(node) = &retry.wait else {
            let value = Value::Duration(jiff::SignedDuration::ZERO);
            return Wait::Fixed(Written { kind: WrittenKind::Literal { value, raw: None }, span: retry.span });
        };
        if !node.items().is_empty() {
            return Wait::List(node.items().iter().map(|item| self.duration(item, "s")).collect());
        }
        if super::inputs::computed(node) {
            return self.computed_wait(node);
        }
        if node.as_text().is_some_and(|t| t.contains(" to ")) {
            let both = self.typed(node, &Type::Range(Type::Duration.into()), "s");
            if let WrittenKind::Literal { value: Value::List(list), .. } = &both.kind
                && let [from, to] = list.raw().as_slice()
            {
                let end = |value: &Value| Written {
                    kind: WrittenKind::Literal { value: value.clone(), raw: None },
                    span: both.span,
                };
                return Wait::Between(end(from), end(to));
            }
            return Wait::Fixed(both);
        }
        Wait::Fixed(self.duration(node, "s"))
    }

    /// A param that is a range gives both ends.
    fn computed_wait(&self, node: &Node) -> Wait {
        let written = self.written(node);
        let WrittenKind::Code(code) = &written.kind else { return Wait::Fixed(written) };
        let Kind::Param(number) = code.kind else { return Wait::Fixed(written) };
        if !matches!(self.cx.param_type(number), Some(Type::Range(_))) {
            return Wait::Fixed(written);
        }
        let end = |index: i64| {
            let param = Code { kind: Kind::Param(number), span: code.span, text: code.text.clone() };
            let key = Code { kind: Kind::Literal(Value::Int(index)), span: code.span, text: index.to_string().into() };
            let kind = Kind::Index { on: Box::new(param), key: Box::new(key) };
            let code = Code { kind, span: code.span, text: code.text.clone() };
            Written { span: written.span, kind: WrittenKind::Code(code) }
        };
        Wait::Between(end(0), end(1))
    }
}
