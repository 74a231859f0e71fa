//! Connectors: the files of a folder, one transport each, and all their actions.

use std::cell::RefCell;
use std::sync::Arc;

use wf_expr::Written;
use wf_plan::{Action, Connector, ConnectorAction, Doubt, Effect, Envelope, Face, FlowId, Module, Setting, Transport};
use wf_source::{Diagnostic, Span};
use wf_syntax::ast;
use wf_value::Text;

use super::context::{Actions, Known};
use super::program::Lowered;
use super::requests::FaceParts;
use super::types::Types;
use super::waits::wait_ms;
use super::{Cx, rules};
use crate::ledger::Ledger;
use crate::names::{DefKey, DefKind, Sight, UnitId, World};
use crate::sources::{Source, Sources};

/// One file of a connector, and its number among the files with definitions.
pub(crate) struct FaceFile<'a> {
    pub(crate) unit: UnitId,
    pub(crate) source: &'a Source<ast::Connector>,
}

/// What the lowering of all connectors shares.
pub(crate) struct Shared<'a> {
    pub(crate) world: &'a World<'a>,
    pub(crate) types: &'a Types<'a>,
    pub(crate) known: &'a Known,
    pub(crate) ledger: &'a RefCell<Ledger>,
}

impl<'a> Shared<'a> {
    pub(crate) fn cx(&self, actions: &'a Actions, owner: UnitId) -> Cx<'a> {
        Cx::new(self.world, self.types, self.known, actions, self.ledger, owner)
    }
}

/// Files of connectors with their numbers.
pub(crate) fn faces<'a>(world: &World<'_>, sources: &'a Sources) -> Vec<FaceFile<'a>> {
    let unit = |file| world.units.iter().find(|u| u.file == file).map(|u| u.id);
    sources.connectors.iter().filter_map(|source| Some(FaceFile { unit: unit(source.file)?, source })).collect()
}

/// What callers see of all actions, before any of them is looked into: actions call each other.
pub(crate) fn contracts<'a>(shared: &Shared<'a>, faces: &[FaceFile<'a>], none: &'a Actions) -> Actions {
    let mut actions = vec![];
    for file in faces {
        let cx = shared.cx(none, file.unit);
        let face = &file.source.ast;
        for action in &face.actions {
            actions.push(Arc::new(cx.contract(file.unit, face, action, Doubt::Report, 0)));
        }
        actions.extend(cx.records(file.unit, face).into_iter().map(|record| Arc::new(record.contract)));
    }
    actions
}

/// Mistakes over all files of connectors: names, and actions twice on one subject.
pub(crate) fn check_folders(shared: &Shared<'_>, faces: &[FaceFile<'_>]) {
    let tell = |diagnostic: Diagnostic| shared.ledger.borrow_mut().found.push(diagnostic);
    let mut subjects: Vec<(String, &ast::Action, Span)> = vec![];
    let mut names: Vec<(&str, &str, Span)> = vec![];
    for file in faces {
        let face = &file.source.ast;
        let folder = crate::project::folder(&file.source.path).rsplit('/').next().unwrap_or("");
        let Some(name) = &face.name else { continue };
        if name.as_str() != folder {
            let message = format!("this file stands in the folder `{folder}`, and says that it is of `{}`", name.value);
            tell(
                Diagnostic::error(&rules::FOLDER, name.span, message)
                    .help(format!("all files of a folder say `connector: {folder}`"))
                    .fix(name.span, folder),
            );
        }
        for action in &face.actions {
            if let Some((_, _, first)) = names.iter().find(|(f, n, _)| *f == folder && *n == action.name.as_str()) {
                let message = format!("the connector `{folder}` has an action `{}` already", action.name.value);
                tell(
                    Diagnostic::error(&crate::names::rules::CLASH, action.name.span, message)
                        .note(Some(*first), "this one"),
                );
            }
            names.push((folder, action.name.as_str(), action.name.span));
            let (subject, span) = match &action.subject {
                Some(text) => (text.text.to_string(), text.span),
                None => (format!("{folder}.{}", action.name.value), action.name.span),
            };
            let bus = face.transport.as_ref().is_some_and(|t| t.value == ast::Transport::Bus);
            if let Some((_, other, first)) = subjects.iter().find(|(s, _, _)| *s == subject).filter(|_| !bus) {
                let message = format!("`{}` listens on the subject `{subject}` already", other.name.value);
                tell(
                    Diagnostic::error(&rules::SUBJECT_TWICE, span, message)
                        .note(Some(*first), "said here")
                        .help("every action has a subject of its own"),
                );
            }
            subjects.push((subject, action, span));
        }
    }
}

/// A connector, with the contracts that callers see.
pub(crate) fn connector<'a>(
    shared: &Shared<'a>,
    name: &str,
    faces: &[&FaceFile<'a>],
    actions: &'a Actions,
    whole: &mut bool,
) -> Connector {
    let mut lowered = vec![];
    for file in faces {
        let cx = shared.cx(actions, file.unit);
        lowered.push(cx.face(file));
        *whole &= !cx.is_broken();
    }
    let title = faces.iter().find_map(|f| f.source.ast.title.as_ref()).map(|t| Text::from(&*t.value));
    Connector {
        name: name.into(),
        title: title.unwrap_or_else(|| name.into()),
        faces: lowered,
        files: shared.world.files.clone(),
    }
}

impl<'a> Cx<'a> {
    fn face(&self, file: &FaceFile<'a>) -> Face {
        let face = &file.source.ast;
        let unit = file.unit;
        for (kind, index, _) in self.world.unit(unit).definitions() {
            if kind == DefKind::Param {
                self.reach(DefKey { unit, kind, index });
            }
        }
        let sight = Sight::file(self, unit);
        let (verify_tls, settings) = self.settings(face, &sight);
        let limits = face.limits.as_ref().map(|l| sight.limits(l)).unwrap_or_default();
        let config = self.config(unit, face);
        self.check_rows(face);
        let mut flows = vec![];
        let mut actions: Vec<(Doubt, &ast::Action, Vec<wf_plan::AnswerRow>, u16)> = vec![];
        for action in &face.actions {
            let parts = FaceParts { face, action };
            let one = self.action_flow(unit, &parts);
            flows.push(one.flow);
            actions.push((one.doubt, action, one.answers, one.answer));
        }
        self.settle_lacking(face);
        let records = self.records(unit, face);
        let mut lowered = Lowered::default();
        self.drain(&mut lowered, &mut |_| {});
        self.check_recursion();
        let program = self.program(lowered);
        let params = self.params();
        let mut module = Module { program, params, ..Module::default() };
        let mut contracts = vec![];
        for (i, (doubt, action, answers, answer)) in actions.into_iter().enumerate() {
            let wait = wait_ms(&flows[i], &limits, &module);
            let contract = Arc::new(self.contract(unit, face, action, doubt, wait));
            let flow = FlowId(u32::try_from(i).unwrap_or(u32::MAX));
            contracts.push(ConnectorAction { span: contract.span, contract, flow, answers, answer });
        }
        for record in records {
            let flow = FlowId(u32::try_from(flows.len()).unwrap_or(u32::MAX));
            flows.push(record.flow);
            let contract =
                Arc::new(Action { wait_ms: wait_ms(&flows[flow.0 as usize], &limits, &module), ..record.contract });
            contracts.push(ConnectorAction { span: contract.span, contract, flow, answers: vec![], answer: 0 });
        }
        module.flows = flows;
        Face {
            file: file.source.path.as_str().into(),
            transport: transport(face),
            queue: face.queue.as_ref().map(|q| (*q.value).into()),
            config,
            module,
            verify_tls,
            settings,
            limits,
            protos: self.world.protos(unit).cloned(),
            actions: contracts,
        }
    }

    /// `config`: settings and the variables that give them.
    fn config(&self, unit: UnitId, face: &ast::Connector) -> Vec<Setting> {
        let folder = face.name.as_ref().map_or("", |n| n.as_str());
        let params = self.params();
        let written = self.world.unit(unit).params.iter();
        params
            .into_iter()
            .zip(written)
            .map(|(param, def)| {
                let variable = match &def.decl.env {
                    Some(name) => (*name.value).into(),
                    None => format!("{folder}_{}", def.name.value).to_uppercase().replace(['.', '-'], "_").into(),
                };
                let parse = def.decl.parse.as_ref().map(|text| {
                    let scope = crate::names::Scope::new("a setting");
                    super::calls::lone_name(&scope, "text", text.span);
                    Sight::steps(self, unit, &scope).code(text)
                });
                Setting { param, variable, parse }
            })
            .collect()
    }

    /// What other transports ask for, and TLS.
    fn settings(&self, face: &ast::Connector, sight: &Sight<'_>) -> (Option<Written>, Vec<(Text, Written)>) {
        let mut settings: Vec<(Text, Written)> = vec![];
        for (name, node) in [("target", &face.target), ("server", &face.server), ("database", &face.database)] {
            if let Some(node) = node {
                settings.push((name.into(), sight.written(node)));
            }
        }
        for option in &face.options {
            settings.push((format!("options.{}", option.name.value).into(), sight.written(&option.value)));
        }
        for (name, word) in [
            ("proto", &face.proto),
            ("unknown_fields", &face.unknown_fields),
            ("message_defaults", &face.message_defaults),
        ] {
            if let Some(word) = word {
                let value = wf_value::Value::text(&*word.value);
                settings.push((name.into(), super::program::literal_written(value, word.span)));
            }
        }
        let mut verify = None;
        let word = |word: &str, span: Span| super::program::literal_written(wf_value::Value::text(word), span);
        match &face.tls {
            None => {}
            Some(ast::TlsMode::StartTls(span)) => settings.push(("tls".into(), word("starttls", *span))),
            Some(ast::TlsMode::Always(span)) => settings.push(("tls".into(), word("always", *span))),
            Some(ast::TlsMode::Options { verify: check, enabled, ca_file, .. }) => {
                verify = check.as_ref().map(|node| sight.typed(node, &wf_value::Type::Boolean, ""));
                if let Some(node) = enabled {
                    settings.push(("tls.enabled".into(), sight.typed(node, &wf_value::Type::Boolean, "")));
                }
                if let Some(node) = ca_file {
                    settings.push(("tls.ca_file".into(), sight.written(node)));
                }
            }
        }
        (verify, settings)
    }

    /// Names that the file asks for in the scope of its actions. One that no action has is the file's mistake, one that some lack theirs.
    fn settle_lacking(&self, face: &ast::Connector) {
        let lacking = std::mem::take(&mut self.state.borrow_mut().lacking);
        let mut told: Vec<Span> = vec![];
        for (asked, action) in &lacking {
            let mut who: Vec<&str> =
                lacking.iter().filter(|(a, _)| a.span() == asked.span()).map(|(_, n)| n.as_str()).collect();
            who.sort_unstable();
            who.dedup();
            if who.len() == face.actions.len() && face.actions.len() > 1 {
                if !told.contains(&asked.span()) {
                    told.push(asked.span());
                    self.ledger.borrow_mut().asked.push(asked.clone());
                }
                continue;
            }
            if face.actions.len() == 1 {
                self.ledger.borrow_mut().asked.push(asked.clone());
                continue;
            }
            if told.contains(&action.span) {
                continue;
            }
            told.push(action.span);
            let message = format!("`{}` has no `{}`, which its file asks for", action.value, asked.name());
            self.tell(
                Diagnostic::error(&rules::OUT_OF_SCOPE, action.span, message)
                    .note(Some(asked.span()), "asked for here, in the scope of every action")
                    .help(format!("give it an input of that name, or name a value: `let: {{{}: =…}}`", asked.name())),
            );
        }
    }
}

fn transport(face: &ast::Connector) -> Transport {
    match face.transport.as_ref().map(|t| t.value) {
        None | Some(ast::Transport::Http) => Transport::Http,
        Some(ast::Transport::Grpc) => Transport::Grpc,
        Some(ast::Transport::Smtp) => Transport::Smtp,
        Some(ast::Transport::Imap) => Transport::Imap,
        Some(ast::Transport::Keys) => Transport::Keys,
        Some(ast::Transport::Documents) => Transport::Documents,
        Some(ast::Transport::Objects) => Transport::Objects,
        Some(ast::Transport::Bus) => Transport::Bus,
    }
}

/// The contract of a message flow of a workflow, which others call as `workflow.flow`.
pub(crate) fn message_contract(
    cx: &Cx<'_>,
    unit: UnitId,
    ast: &ast::Workflow,
    trigger: &ast::Trigger,
) -> Option<Action> {
    let ast::TriggerKind::Message { subject, queue, no_envelope } = &trigger.kind else { return None };
    let name = trigger.flow.as_ref()?;
    let flow = ast.flows.iter().find(|f| f.name.value == name.value)?;
    let workflow = ast.name.as_ref()?;
    Some(Action {
        connector: (*workflow.value).into(),
        name: (*name.value).into(),
        full_name: wf_plan::FullName::default(),
        title: format!(
            "{}: {}",
            ast.title.as_ref().map_or(workflow.as_str(), |t| t.as_str()),
            name.value.replace(['-', '_'], " ")
        )
        .into(),
        subject: super::program::literal_written(wf_value::Value::text(&*subject.text), subject.span),
        queue: queue.as_ref().map(|q| (*q.text).into()),
        effect: Effect::Read,
        envelope: if *no_envelope { Envelope::None } else { Envelope::Body },
        input: cx.types.spec(&cx.types.inputs(unit, &flow.inputs)),
        output: wf_value::Type::Any,
        replies: true,
        claims: false,
        outcomes: super::replies::outcomes(&flow.steps),
        accept: None,
        about: vec![],
        wait_ms: 65_000,
        doubt: Doubt::Report,
        memory: false,
        span: flow.name.span,
    })
}
