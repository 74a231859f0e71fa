//! `flows` and `inputs`.

use wf_source::{Diagnostic, Span};

use crate::{
    ast::{Defaults, Field, Name, Step, calls::DEFAULTS, rules},
    keys::{Keys, Kind, may, must},
    read::{Fields, Reader},
    tree::{Entry, Kind as NodeKind, Node},
};

/// A named block of steps with inputs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flow {
    pub span: Span,
    pub name: Name,
    pub doc: Option<Name>,
    pub inputs: Inputs,
    pub defaults: Option<Defaults>,
    pub steps: Vec<Step>,
}

/// What a flow, a trigger or an action is handed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Inputs {
    #[default]
    None,
    /// `[a, b]`: typed by the callers.
    Names(Vec<Name>),
    /// `{a: text, b: {default: null}}`
    Typed(Vec<Field>),
    /// The name of a shape, or of a message.
    Shape(Name),
}

/// What a flow is handed: names, fields with types, or the name of a shape.
pub(crate) const INPUTS: Kind = Kind::Any(&[Kind::List(&Kind::Name), Kind::Map("input", &Kind::Type), Kind::Name]);

pub(crate) static FLOW: Keys = Keys {
    id: "flow",
    what: "a flow",
    groups: &[&[
        may("doc", Kind::Text, "A sentence that says what it does."),
        may("inputs", INPUTS, "What it is handed: names, or fields with their types."),
        may("defaults", Kind::Keys(&DEFAULTS), "What holds for all its steps."),
        must("steps", Kind::Steps, "What it does."),
    ]],
};

impl Reader<'_> {
    pub(crate) fn flows(&mut self, node: Option<&Node>) -> Vec<Flow> {
        // a list is told as such, with the repair
        static KIND: Kind = Kind::Any(&[Kind::Keys(&FLOW), Kind::Steps]);
        let entries = self.section(node, "a flow", KIND);
        entries.into_iter().filter_map(|e| self.flow(e)).collect()
    }

    fn flow(&mut self, entry: &Entry) -> Option<Flow> {
        if entry.value.is_seq() {
            let message = format!("the flow `{}` is a list; its steps stand under `steps`", entry.key.text());
            self.push(
                Diagnostic::error(&rules::WRONG_KIND, entry.key.span, message)
                    .help(format!("write `{}: {{steps: […]}}`, with `inputs` and `doc` beside them", entry.key.text())),
            );
            return None;
        }
        let fields = Fields::open(self, &entry.value, &FLOW, entry.key.span)?;
        Some(Flow {
            span: entry.value.span,
            name: (&entry.key).into(),
            doc: self.name(fields.get("doc")),
            inputs: self.inputs(fields.get("inputs")),
            defaults: self.defaults(fields.get("defaults"), fields.key_span("defaults")),
            steps: self.steps(fields.get("steps")),
        })
    }

    pub(crate) fn inputs(&mut self, node: Option<&Node>) -> Inputs {
        let Some(node) = node else { return Inputs::None };
        match &node.kind {
            NodeKind::Seq(items) => {
                for item in items.iter().filter(|i| i.as_scalar().is_none()) {
                    self.push(
                        Diagnostic::error(&rules::WRONG_KIND, item.span, "a list of inputs holds names only")
                            .help("with types or defaults it is a mapping: `{edge: edge, since: {default: null}}`"),
                    );
                }
                let names: Vec<Node> = items.iter().filter(|i| i.as_scalar().is_some()).cloned().collect();
                let names = Node { span: node.span, kind: NodeKind::Seq(names.into()) };
                Inputs::Names(self.identifiers(Some(&names), "inputs"))
            }
            NodeKind::Map(_) => Inputs::Typed(self.fields(Some(node))),
            NodeKind::Scalar(_) => self.name(Some(node)).map_or(Inputs::None, Inputs::Shape),
            NodeKind::Broken => Inputs::None,
        }
    }
}
