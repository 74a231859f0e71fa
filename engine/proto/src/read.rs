//! Messages into values.

use std::sync::Arc;

use prost_reflect::{DynamicMessage, FieldDescriptor, Kind, MapKey, ReflectMessage, SerializeOptions, Value as Field};
use wf_value::{Decoder, List, MapBuilder, Origin, Text, Value};

use crate::Message;
use crate::message::is_google;
use crate::scalars;

/// What is done with members that are as if nobody had set them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Defaults {
    /// A 0, an empty text, an empty list is absent.
    #[default]
    Omit,
    /// They are there; a message inside that is not set is absent.
    Include,
}

/// Bytes that are no such message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the answer is no `{message}`: {why}")]
pub struct Unreadable {
    pub message: String,
    pub why: String,
}

impl Message {
    /// The value of a message, its fields named as the file names them. `call` is the origin of lists in it.
    ///
    /// # Errors
    /// The bytes are no such message.
    pub fn read(&self, bytes: &[u8], defaults: Defaults, call: &Text) -> Result<Value, Unreadable> {
        let unreadable = |why: String| Unreadable { message: self.name().to_owned(), why };
        let message = DynamicMessage::decode(self.0.clone(), bytes).map_err(|why| unreadable(why.to_string()))?;
        let reader = Reader { defaults, origin: Arc::new(Origin { call: call.clone() }) };
        reader.message(&message).map_err(unreadable)
    }
}

struct Reader {
    defaults: Defaults,
    origin: Arc<Origin>,
}

impl Reader {
    fn message(&self, message: &DynamicMessage) -> Result<Value, String> {
        let descriptor = message.descriptor();
        if is_google(&descriptor) {
            return self.of_google(message);
        }
        let mut map = MapBuilder::default();
        for field in descriptor.fields() {
            let shown = message.has_field(&field) || self.defaults == Defaults::Include && !field.supports_presence();
            if shown {
                map.insert_new(field.name().into(), self.field(&field, &message.get_field(&field))?);
            }
        }
        Ok(map.finish().into())
    }

    fn field(&self, field: &FieldDescriptor, value: &Field) -> Result<Value, String> {
        let kind = field.kind();
        match value {
            Field::List(items) => {
                let items = items.iter().map(|item| self.one(&kind, item)).collect::<Result<Vec<_>, _>>()?;
                Ok(List::received(items, Some(self.origin.clone())).into())
            }
            Field::Map(entries) => {
                let Some(entry) = kind.as_message() else { return Err("a map that is none".to_owned()) };
                let kind = entry.map_entry_value_field().kind();
                let mut entries: Vec<(String, &Field)> = entries.iter().map(|(key, v)| (key_text(key), v)).collect();
                // in an order of their own: the wire has none
                entries.sort_by(|a, b| a.0.cmp(&b.0));
                let mut map = MapBuilder::default();
                for (key, value) in entries {
                    map.insert(key.into(), self.one(&kind, value)?);
                }
                Ok(map.finish().into())
            }
            value => self.one(&kind, value),
        }
    }

    fn one(&self, kind: &Kind, value: &Field) -> Result<Value, String> {
        Ok(match value {
            Field::Bool(flag) => Value::Bool(*flag),
            Field::I32(n) => Value::Int((*n).into()),
            Field::U32(n) => Value::Int((*n).into()),
            Field::I64(n) => n.to_string().into(),
            Field::U64(n) => n.to_string().into(),
            Field::F32(number) => scalars::written(scalars::shortest(*number)),
            Field::F64(number) => scalars::written(*number),
            Field::String(text) => text.as_str().into(),
            Field::Bytes(bytes) => Value::Bytes(bytes.as_ref().into()),
            Field::EnumNumber(number) => {
                let known = kind.as_enum().and_then(|of| of.get_value(*number));
                known.map_or(Value::Int((*number).into()), |known| known.name().into())
            }
            Field::Message(message) => self.message(message)?,
            Field::List(_) | Field::Map(_) => return Err("a list inside a list".to_owned()),
        })
    }

    fn of_google(&self, message: &DynamicMessage) -> Result<Value, String> {
        let mut json = Vec::new();
        let mut writer = serde_json::Serializer::new(&mut json);
        let options = SerializeOptions::new().use_proto_field_name(true);
        message.serialize_with_options(&mut writer, &options).map_err(|why| why.to_string())?;
        Decoder::new().call(self.origin.call.clone()).decode(&json).map_err(|why| why.to_string())
    }
}

fn key_text(key: &MapKey) -> String {
    match key {
        MapKey::Bool(flag) => flag.to_string(),
        MapKey::I32(n) => n.to_string(),
        MapKey::I64(n) => n.to_string(),
        MapKey::U32(n) => n.to_string(),
        MapKey::U64(n) => n.to_string(),
        MapKey::String(text) => text.clone(),
    }
}
