//! `environments/<name>.yaml` (language.md §5).

use wf_source::{Diagnostic, Span};

use crate::{
    ast::{Binding, Name, Spanned, Text, rules, workflow::first_key},
    keys::{Keys, Kind, may},
    read::{Fields, Reader},
    tree::{Entry, Node},
};

/// A file of `environments/`: whether writes go out, settings of connectors, params (language.md §5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Environment {
    pub span: Span,
    /// The environment to start from.
    pub like: Option<Text>,
    pub writes: Option<Spanned<bool>>,
    /// Settings of connectors.
    pub connectors: Vec<SettingsOf>,
    pub workflows: Vec<WorkflowSettings>,
    /// Params of workflows and libraries; a value may be the params of a library for that workflow only.
    pub params: Vec<SettingsOf>,
}

/// What an environment sets for one connector, workflow or library.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsOf {
    pub name: Name,
    /// Dotted names.
    pub values: Vec<Binding>,
    /// A value where a mapping is due: most likely a param or setting outside of what it belongs to.
    pub stray: Option<Node>,
}

/// What an environment says of a workflow beside its params.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkflowSettings {
    pub span: Span,
    pub name: Name,
    pub writes: Option<Spanned<bool>>,
    pub instances: Vec<Instance>,
}

/// One of several runs of a workflow, with params of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    pub span: Span,
    pub name: Name,
    pub params: Vec<Binding>,
}

static WORKFLOW_SETTINGS: Keys = Keys {
    id: "workflow_settings",
    what: "the settings of a workflow",
    groups: &[&[
        may("writes", Kind::Flag, "Whether its writes are sent, whatever the environment says."),
        may(
            "instances",
            Kind::Map("instance", &Kind::Map("param", &Kind::Value)),
            "Runs it several times, each with params of its own.",
        ),
    ]],
};

pub(crate) static ENVIRONMENT: Keys = Keys {
    id: "environment",
    what: "an environment",
    groups: &[&[
        may("like", Kind::Text, "The environment that this one starts from: a path."),
        may("writes", Kind::Flag, "Whether writes are sent; where they are not they are held."),
        may(
            "connectors",
            Kind::Map("connector", &Kind::Map("setting", &Kind::Value)),
            "Settings of connectors; secrets only by env: or file:.",
        ),
        may(
            "workflows",
            Kind::Map("workflow", &Kind::Keys(&WORKFLOW_SETTINGS)),
            "Writes and instances of single workflows.",
        ),
        may("params", Kind::Map("workflow", &Kind::Map("param", &Kind::Value)), "Params of workflows and libraries."),
    ]],
};

const SETTINGS: Kind = Kind::Map("name", &Kind::Value);

impl Reader<'_> {
    pub(crate) fn environment(&mut self, root: &Node) -> Option<Environment> {
        let fields = Fields::open(self, root, &ENVIRONMENT, first_key(root))?;
        let workflows = self.section(fields.get("workflows"), "a workflow", Kind::Keys(&WORKFLOW_SETTINGS));
        Some(Environment {
            span: root.span,
            like: self.text(fields.get("like")),
            writes: self.flag(fields.get("writes")),
            connectors: self.settings_of(fields.get("connectors"), "a connector"),
            workflows: workflows.into_iter().filter_map(|e| self.workflow_settings(e)).collect(),
            params: self.settings_of(fields.get("params"), "a workflow"),
        })
    }

    fn settings_of(&mut self, node: Option<&Node>, what: &str) -> Vec<SettingsOf> {
        let entries = node.map_or(&[][..], Node::entries).iter().filter(|e| !e.key.text().is_empty());
        let entries: Vec<&Entry> = entries.filter(|e| self.callable(e, what)).collect();
        entries
            .into_iter()
            .filter_map(|e| {
                let stray = (!e.value.is_map() && !e.value.is_broken()).then(|| e.value.clone());
                if e.value.is_null() {
                    let message = format!("`{}` has nothing in it", e.key.text());
                    self.push(
                        Diagnostic::error(&rules::WRONG_KIND, e.key.span, message)
                            .label(format!("expected {}", SETTINGS.what())),
                    );
                    return None;
                }
                Some(SettingsOf { name: (&e.key).into(), values: self.entries(Some(&e.value)), stray })
            })
            .collect()
    }

    fn workflow_settings(&mut self, entry: &Entry) -> Option<WorkflowSettings> {
        let fields = Fields::open(self, &entry.value, &WORKFLOW_SETTINGS, entry.key.span)?;
        let instances = self.section(fields.get("instances"), "an instance", SETTINGS);
        Some(WorkflowSettings {
            span: entry.value.span,
            name: (&entry.key).into(),
            writes: self.flag(fields.get("writes")),
            instances: instances
                .into_iter()
                .map(|e| Instance { span: e.value.span, name: (&e.key).into(), params: self.entries(Some(&e.value)) })
                .collect(),
        })
    }
}
