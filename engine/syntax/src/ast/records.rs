//! Records of a `keys` connector (connectors.md §3).

use wf_source::{Diagnostic, Span};

use crate::{
    ast::{Inputs, Name, TypeExpr, rules},
    keys::{Keys, Kind, may, must},
    read::{Fields, Reader},
    tree::{Entry, Node},
};

/// What a `keys` connector keeps: the template of its key, the type of its value, how long it lives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    pub span: Span,
    pub name: Name,
    pub doc: Option<Name>,
    /// Template of the key.
    pub key: Option<Node>,
    pub input: Inputs,
    pub value: RecordValue,
    pub ttl: Option<Node>,
    /// `unfit: absent`
    pub unfit_is_absent: bool,
}

/// What stands under a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordValue {
    Typed(TypeExpr),
    /// `counter: true`
    Counter(Span),
    /// Neither; reported already.
    Broken,
}

pub(crate) static RECORD: Keys = Keys {
    id: "record",
    what: "a record",
    groups: &[&[
        may("doc", Kind::Text, "A sentence that says what it keeps."),
        must("key", Kind::Text, "The key in the store, with holes."),
        may(
            "input",
            Kind::Any(&[Kind::Map("field", &Kind::Type), Kind::Name]),
            "The fields of the key with their types.",
        ),
        may("value", Kind::Type, "The type of the value, kept as JSON; a text as it is."),
        may("counter", Kind::Flag, "A number that is counted up, instead of a value."),
        may("ttl", Kind::Literal("a duration"), "How long it is kept."),
        may("unfit", Kind::Word(&["absent"]), "absent: a value that does not fit its type counts as none."),
    ]],
};

impl Reader<'_> {
    pub(crate) fn records(&mut self, node: Option<&Node>) -> Vec<Record> {
        let entries = self.section(node, "a record", Kind::Keys(&RECORD));
        entries.into_iter().filter_map(|e| self.record(e)).collect()
    }

    fn record(&mut self, entry: &Entry) -> Option<Record> {
        let fields = Fields::open(self, &entry.value, &RECORD, entry.key.span)?;
        let value = match (fields.has("value"), fields.has("counter")) {
            (true, true) => {
                self.push(
                    Diagnostic::error(
                        &rules::TWO_CHOICES,
                        fields.key_span("counter"),
                        "a record has either `value` or `counter`, not both",
                    )
                    .note(Some(fields.key_span("value")), "`value` stands here")
                    .help("keep one of them"),
                );
                RecordValue::Broken
            }
            // what is misspelt is told already
            (false, false) if entry.value.entries().iter().any(|e| RECORD.find(e.key.text()).is_none()) => {
                RecordValue::Broken
            }
            (false, false) => {
                self.push(
                    Diagnostic::error(
                        &rules::MISSING_KEY,
                        entry.key.span,
                        format!("the record `{}` needs `value` or `counter`", entry.key.text()),
                    )
                    .help("`value: text` says what is kept"),
                );
                RecordValue::Broken
            }
            (true, false) => self.type_expr(fields.get("value")).map_or(RecordValue::Broken, RecordValue::Typed),
            (false, true) => RecordValue::Counter(fields.key_span("counter")),
        };
        Some(Record {
            span: entry.value.span,
            name: (&entry.key).into(),
            doc: self.name(fields.get("doc")),
            key: fields.value("key"),
            input: self.inputs(fields.get("input")),
            value,
            ttl: fields.value("ttl"),
            unfit_is_absent: fields.get("unfit").is_some(),
        })
    }
}
