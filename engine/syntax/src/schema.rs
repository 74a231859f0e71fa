//! JSON Schemas of the files, for editors: made from the same tables of keys that the readers use.

use serde_json::{Map, Value, json};

use crate::{
    FileKind,
    ast::tables_of_keys::{
        CASE, CONNECTOR, CONNECTOR_CASE, CONNECTOR_STEP, ENUM, ENVIRONMENT, FIELD, LIBRARY, STEP, WORKFLOW,
    },
    keys::{Choices, Key, Keys, Kind},
};

/// All kinds of files with the name under which their schema is kept: `<name>.json`.
pub const SCHEMAS: [(&str, FileKind); 5] = [
    ("workflow", FileKind::Workflow),
    ("connector", FileKind::Connector),
    ("environment", FileKind::Environment),
    ("case", FileKind::Case),
    ("connector-case", FileKind::ConnectorCase),
];

/// The JSON Schema (draft 2020-12) of a kind of file. It knows keys, kinds of values and words, and has a sentence about each key;
/// names and types are for `validate`.
#[must_use]
pub fn schema(kind: FileKind) -> Value {
    let mut defs = Defs { connector: kind == FileKind::Connector, ..Defs::default() };
    let (title, root) = match kind {
        FileKind::Workflow => {
            let workflow = defs.keys(&WORKFLOW);
            let library = defs.keys(&LIBRARY);
            ("A workflow or a library", json!({"if": {"required": ["library"]}, "then": library, "else": workflow}))
        }
        FileKind::Connector => ("A file of a connector", defs.keys(&CONNECTOR)),
        FileKind::Environment => ("An environment", defs.keys(&ENVIRONMENT)),
        FileKind::Case => ("A case of a workflow", defs.keys(&CASE)),
        FileKind::ConnectorCase => ("A case of a connector", defs.keys(&CONNECTOR_CASE)),
    };
    let mut schema = json!({"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title});
    if let (Value::Object(schema), Value::Object(root)) = (&mut schema, root) {
        schema.extend(root);
        schema.insert("$defs".into(), Value::Object(defs.done));
    }
    schema
}

#[derive(Default)]
struct Defs {
    /// Steps have the verbs of connectors.
    connector: bool,
    done: Map<String, Value>,
}

impl Defs {
    /// A reference to a definition, which is made when it is not there yet.
    fn define(&mut self, id: &str, make: impl FnOnce(&mut Self) -> Value) -> Value {
        if !self.done.contains_key(id) {
            // it may refer to itself
            self.done.insert(id.into(), Value::Null);
            let made = make(self);
            self.done.insert(id.into(), made);
        }
        json!({"$ref": format!("#/$defs/{id}")})
    }

    fn keys(&mut self, keys: &'static Keys) -> Value {
        self.define(keys.id, |defs| defs.object(keys, &json!(false)))
    }

    fn object(&mut self, keys: &'static Keys, rest: &Value) -> Value {
        let properties: Map<String, Value> = keys.iter().map(|k| (k.name.to_owned(), self.property(k))).collect();
        let needed: Vec<&str> = keys.iter().filter(|k| k.needed).map(|k| k.name).collect();
        json!({"type": "object", "properties": properties, "required": needed, "additionalProperties": rest})
    }

    fn property(&mut self, key: &'static Key) -> Value {
        let mut value = self.kind(key.kind);
        if let Value::Object(object) = &mut value {
            object.insert("description".into(), key.doc.into());
        }
        value
    }

    fn kind(&mut self, kind: Kind) -> Value {
        match kind {
            Kind::Text | Kind::Expr => json!({"type": ["string", "number", "boolean"]}),
            Kind::Name => json!({"type": ["string", "number"]}),
            Kind::Literal(_) => json!({"type": ["string", "number", "boolean", "null"]}),
            Kind::Word(words) => json!({"enum": words}),
            Kind::Flag => json!({"enum": [true, false, "yes", "no", "on", "off"]}),
            Kind::Value => json!({}),
            Kind::Type => self.define("type", Self::type_words),
            Kind::List(of) => json!({"type": "array", "items": self.kind(*of)}),
            Kind::Map(_, of) => json!({"type": "object", "additionalProperties": self.kind(*of)}),
            Kind::Keys(keys) => self.keys(keys),
            Kind::Open(keys, of) => {
                let rest = self.kind(*of);
                self.define(keys.id, |defs| defs.object(keys, &rest))
            }
            Kind::Steps => {
                let choices = if self.connector { &CONNECTOR_STEP } else { &STEP };
                json!({"type": "array", "items": self.choices(choices)})
            }
            Kind::Choices(choices) => self.choices(choices),
            Kind::Any(kinds) => json!({"anyOf": kinds.iter().map(|k| self.kind(*k)).collect::<Vec<_>>()}),
        }
    }

    fn choices(&mut self, choices: &'static Choices) -> Value {
        self.define(choices.id, |defs| {
            let all: Vec<Value> = choices.list.iter().map(|c| defs.keys(c.keys)).collect();
            json!({"type": "object", "anyOf": all})
        })
    }

    /// A type in words, the texts of an enum, a field written out, a shape.
    fn type_words(&mut self) -> Value {
        let (field, texts) = (self.keys(&FIELD), self.keys(&ENUM));
        json!({"anyOf": [
            {"type": "string", "description": "A type in words: text, list of id, optional timestamp, timestamp or never."},
            {"type": "array", "items": {"type": ["string", "number", "boolean", "null"]}, "description": "The texts that it can be."},
            field,
            texts,
            {"type": "object", "additionalProperties": {"$ref": "#/$defs/type"}, "description": "Fields with their types."},
        ]})
    }
}
