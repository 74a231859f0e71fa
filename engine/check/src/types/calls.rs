//! Calls: what an action is handed, and what it gives.

use wf_expr::types::join::forms;
use wf_expr::{Code, Key, Kind, Written, WrittenKind};
use wf_plan::{Action, Call, TellWhen};
use wf_source::{Diagnostic, nearest};
use wf_value::{Extra, Field, InputField, InputSpec, Presence, ShapeType, Text, Type};

use super::walk::{Frame, Walk};
use super::{results, rules};

impl Walk<'_> {
    pub(super) fn call(&mut self, call: &Call) -> Type {
        self.hand(&call.action, &call.with);
        if let Some(timeout) = &call.timeout {
            self.duration(timeout);
        }
        if let TellWhen::If { failed, condition } = &call.tell {
            self.set(*failed, results::failed());
            self.condition(condition);
        }
        if let Some(about) = &call.about {
            let frame = Frame(vec![Some(input_type(&call.action.input))]);
            self.apart(frame, |this| {
                for about in about {
                    this.infer(&about.value);
                }
            });
        }
        match self.around.reply(&call.action) {
            Some(body) => results::of_call_with(&call.action, body),
            None => results::of_call(&call.action),
        }
    }

    /// What an action is handed, held against the types of its input. Which inputs there are is checked with the names.
    pub(super) fn hand(&mut self, action: &Action, with: &Written) {
        let WrittenKind::Map(entries) = &with.kind else {
            self.check_sent(with, &input_type(&action.input), None);
            return;
        };
        for entry in entries {
            let field = match &entry.key {
                Key::Text(name) => action.input.field(name),
                Key::Holes(_) => None,
            };
            match field {
                Some(field) => {
                    let place = place(field);
                    self.check_sent(&entry.value, &place, Some(&field.name));
                    self.handed_over(&entry.value, &place, &field.name, action.full_name());
                }
                None => {
                    self.infer(&entry.value);
                }
            }
        }
    }

    pub(super) fn metric(
        &mut self,
        number: u32,
        labels: Option<&Written>,
        value: Option<&Written>,
        rows: Option<&Written>,
    ) {
        let module = self.module;
        if let Some(value) = value {
            self.check(value, &Type::Union([Type::Number, Type::Duration].into()), None);
        }
        if let Some(labels) = labels {
            let ty = self.infer(labels);
            if !matches!(labels.kind, WrittenKind::Map(_)) {
                self.labels(number, labels, &ty, &[]);
            }
            for member in members(&ty) {
                let printable = forms(&member.ty)
                    .iter()
                    .any(|form| !matches!(form, Type::List(_) | Type::Map(_) | Type::Shape(_) | Type::Bytes));
                if !printable {
                    let message = format!("the label `{}` is {}", member.name, wf_expr::types::words::a(&member.ty));
                    self.tell(
                        Diagnostic::error(&rules::WRONG_LABEL_VALUE, labels.span, message)
                            .help("a label is a text, a number, or true or false"),
                    );
                }
            }
        }
        if let Some(rows) = rows {
            let ty = self.check(rows, &Type::list(Type::Any), None);
            let _ = module;
            for form in forms(&ty) {
                if let Type::List(of) = form {
                    self.labels(number, rows, &of, &["value"]);
                }
            }
        }
    }

    /// Labels that are computed: those of the metric, and `more`.
    fn labels(&mut self, number: u32, written: &Written, ty: &Type, more: &[&str]) {
        let module = self.module;
        let Some(metric) = module.metrics.get(number as usize) else { return };
        for form in forms(ty) {
            let Type::Shape(shape) = &form else { continue };
            let wanted = || metric.labels.iter().map(Text::as_str).chain(more.iter().copied());
            let missing: Vec<&str> = wanted().filter(|name| shape.field(name).is_none()).collect();
            let unknown: Vec<&str> =
                shape.fields.iter().map(|f| f.name.as_str()).filter(|name| !wanted().any(|w| w == *name)).collect();
            if let ([lacking], [strange]) = (missing.as_slice(), unknown.as_slice())
                && nearest(strange, [*lacking]).is_some()
                && let Some(at) = self.key_of(written, strange)
            {
                let message = format!("no metric that gets this has a label `{strange}`");
                self.tell(Diagnostic::error(&rules::WRONG_LABEL_VALUE, at, message).did_you_mean(Some(lacking), at));
                continue;
            }
            let (what, names) = match (missing.is_empty() || shape.others.is_some(), unknown.is_empty()) {
                (false, _) => ("is not given", missing),
                (true, false) => ("has no", unknown),
                (true, true) => continue,
            };
            let names = names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" and ");
            let message = format!("`{}` {what} {names}", metric.name);
            self.tell(
                Diagnostic::error(&rules::WRONG_LABEL_VALUE, code_span(written), message)
                    .note(Some(metric.span), "its labels are declared here"),
            );
        }
    }
}

impl Walk<'_> {
    /// The place of a key in the define that an expression calls, also with more put into what it gives.
    fn key_of(&self, written: &Written, name: &str) -> Option<wf_source::Span> {
        let WrittenKind::Code(code) = &written.kind else { return None };
        let mut code: &Code = code;
        while let Kind::Call { function, args, .. } = &code.kind
            && function.receiver
        {
            code = args.first()?;
        }
        let Kind::Define(id, _) = &code.kind else { return None };
        let WrittenKind::Map(entries) = &self.module.program.defines.get(id.0 as usize)?.body.kind else { return None };
        let entry = entries.iter().find(|e| matches!(&e.key, Key::Text(key) if key.as_str() == name))?;
        Some(entry.key_span)
    }
}

/// Where a finger points that means all of a place: behind its `=`.
pub(super) fn code_span(written: &Written) -> wf_source::Span {
    match &written.kind {
        WrittenKind::Code(code) => code.span,
        _ => written.span,
    }
}

fn members(ty: &Type) -> Vec<Field> {
    let mut all = vec![];
    for form in forms(ty) {
        if let Type::Shape(shape) = form {
            all.extend(shape.fields.iter().map(|f| Field { name: f.name.clone(), ty: f.ty.clone(), default: None }));
        }
    }
    all
}

/// What a field of an input takes: one element where a list of one is meant, null where it may be left out.
pub(super) fn place(field: &InputField) -> Type {
    let ty = match (&field.ty, field.single) {
        (Type::List(element), true) => Type::Union([field.ty.clone(), (**element).clone()].into()),
        _ => field.ty.clone(),
    };
    if field.must_be_there() && field.presence == Presence::Required { ty } else { ty.optional() }
}

/// The input of an action, as one object.
pub(super) fn input_type(input: &InputSpec) -> Type {
    let fields = input.fields.iter().map(|field| Field { name: field.name.clone(), ty: place(field), default: None });
    let others = match input.extra {
        Extra::Drop => None,
        Extra::Scalars | Extra::Any => Some(Type::Any),
    };
    Type::Shape(ShapeType { name: "input".into(), fields: fields.collect(), others }.into())
}
