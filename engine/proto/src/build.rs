//! Values into messages.

use std::collections::HashMap;

use prost::Message as _;
use prost_reflect::{DynamicMessage, FieldDescriptor, Kind, MapKey, MessageDescriptor, Value as Field};
use wf_value::{Expose, Map, Text, Value};

use crate::Message;
use crate::message::is_google;
use crate::scalars;

/// What is done with members that the message does not list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Unlisted {
    #[default]
    Ignore,
    Refuse,
}

/// Why a value is no such message. The value itself is not told: it may be secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{why}", .path.as_ref().map(|path| format!("`{path}` ")).unwrap_or_default())]
pub struct Unfit {
    /// `ticket_rows[2].sla`; `None`: the message itself.
    pub path: Option<String>,
    pub why: String,
}

impl Message {
    /// The bytes of the message that a value writes; secrets in it are laid open.
    ///
    /// # Errors
    /// The first member that does not fit.
    pub fn build(&self, value: &Value, unlisted: Unlisted) -> Result<Vec<u8>, Unfit> {
        let mut builder = Builder { unlisted, path: String::new() };
        match builder.message(&self.0, value) {
            Ok(message) => Ok(message.encode_to_vec()),
            Err(why) => Err(Unfit { path: Some(builder.path).filter(|path| !path.is_empty()), why }),
        }
    }
}

/// An error leaves `path` as it stands.
struct Builder {
    unlisted: Unlisted,
    path: String,
}

impl Builder {
    fn message(&mut self, message: &MessageDescriptor, value: &Value) -> Result<DynamicMessage, String> {
        if is_google(message) {
            return of_google(message, value);
        }
        let map = map(value)?;
        let mut built = DynamicMessage::new(message.clone());
        for (name, value) in map.raw_iter() {
            let known = Message(message.clone()).field(name);
            let Some(field) = known else {
                if self.unlisted == Unlisted::Ignore {
                    continue;
                }
                return Err(format!("has no field `{name}`"));
            };
            self.within(&member(&self.path, name), |builder| {
                let Some(value) = builder.field(&field, value)? else { return Ok(()) };
                let other = field.containing_oneof().and_then(|one| one.fields().find(|f| built.has_field(f)));
                if let Some(other) = other {
                    return Err(format!("cannot stand beside `{}`: only one of them is set", other.name()));
                }
                built.try_set_field(&field, value).map_err(|why| why.to_string())
            })?;
        }
        Ok(built)
    }

    /// `None`: it is not set.
    fn field(&mut self, field: &FieldDescriptor, value: &Value) -> Result<Option<Field>, String> {
        let value = open(value);
        if value.is_null() && !takes_null(&field.kind()) {
            return Ok(None);
        }
        if field.is_map() {
            return self.map(field, value).map(Some);
        }
        if !field.is_list() {
            return self.one(&field.kind(), value).map(Some);
        }
        let Value::List(list) = value else {
            return Err(format!("is {}, it should be a list", value.kind()));
        };
        let kind = field.kind();
        let mut items = Vec::with_capacity(list.len());
        for (at, item) in list.raw().iter().enumerate() {
            let path = format!("{}[{at}]", self.path);
            items.push(self.within(&path, |builder| builder.one(&kind, open(item)))?);
        }
        Ok(Some(Field::List(items)))
    }

    fn map(&mut self, field: &FieldDescriptor, value: &Value) -> Result<Field, String> {
        let kind = field.kind();
        let Some(entry) = kind.as_message() else { return Err("is no map".to_owned()) };
        let mut entries = HashMap::new();
        for (name, value) in map(value)?.raw_iter() {
            let path = member(&self.path, name);
            let key = map_key(&entry.map_entry_key_field().kind(), name);
            let value_kind = entry.map_entry_value_field().kind();
            let (key, value) = self.within(&path, |builder| Ok((key?, builder.one(&value_kind, open(value))?)))?;
            entries.insert(key, value);
        }
        Ok(Field::Map(entries))
    }

    fn one(&mut self, kind: &Kind, value: &Value) -> Result<Field, String> {
        Ok(match kind {
            Kind::Double => Field::F64(scalars::number(value)?),
            Kind::Float => Field::F32(scalars::short_number(value)?),
            Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => Field::I32(scalars::whole(value)?),
            Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => Field::I64(scalars::whole(value)?),
            Kind::Uint32 | Kind::Fixed32 => Field::U32(scalars::whole(value)?),
            Kind::Uint64 | Kind::Fixed64 => Field::U64(scalars::whole(value)?),
            Kind::Bool => match value {
                Value::Bool(flag) => Field::Bool(*flag),
                other => return Err(format!("is {}, it should be true or false", other.kind())),
            },
            Kind::String => Field::String(text(value)?),
            Kind::Bytes => Field::Bytes(scalars::bytes(value)?.into()),
            Kind::Enum(of) => {
                if let Ok(number) = scalars::whole(value) {
                    return Ok(Field::EnumNumber(number));
                }
                let name = text(value)?;
                let known = of.get_value_by_name(&name).ok_or_else(|| {
                    let names: Vec<String> = of.values().map(|value| value.name().to_owned()).collect();
                    format!("is none of {}", names.join(", "))
                })?;
                Field::EnumNumber(known.number())
            }
            Kind::Message(message) => Field::Message(self.message(message, value)?),
        })
    }

    fn within<R>(&mut self, path: &str, work: impl FnOnce(&mut Self) -> Result<R, String>) -> Result<R, String> {
        let before = std::mem::replace(&mut self.path, path.to_owned());
        let result = work(self)?;
        self.path = before;
        Ok(result)
    }
}

fn member(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// A secret laid open: it leaves for whom it is meant for.
fn open(value: &Value) -> &Value {
    match value {
        Value::Secret(secret) => open(secret.expose()),
        value => value,
    }
}

fn map(value: &Value) -> Result<&Map, String> {
    match open(value) {
        Value::Map(map) => Ok(map),
        other => Err(format!("is {}, it should be an object", other.kind())),
    }
}

/// A text as it stands; a time as it came.
fn text(value: &Value) -> Result<String, String> {
    match value {
        Value::Text(text) | Value::Id(wf_value::Id::Text(text)) => Ok(text.to_string()),
        Value::Time(_) | Value::Duration(_) => {
            let written: Text = value.written().print().map_err(|why| why.sentence())?;
            Ok(written.to_string())
        }
        other => Err(format!("is {}, it should be a text", other.kind())),
    }
}

fn map_key(kind: &Kind, name: &Text) -> Result<MapKey, String> {
    let digits = Value::Text(name.clone());
    Ok(match kind {
        Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => MapKey::I32(scalars::whole(&digits)?),
        Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => MapKey::I64(scalars::whole(&digits)?),
        Kind::Uint32 | Kind::Fixed32 => MapKey::U32(scalars::whole(&digits)?),
        Kind::Uint64 | Kind::Fixed64 => MapKey::U64(scalars::whole(&digits)?),
        Kind::Bool => match name.as_str() {
            "true" => MapKey::Bool(true),
            "false" => MapKey::Bool(false),
            _ => return Err("is a key that should be true or false".to_owned()),
        },
        _ => MapKey::String(name.to_string()),
    })
}

/// Of all types only that of any JSON value has a null.
fn takes_null(kind: &Kind) -> bool {
    kind.as_message().is_some_and(|message| message.full_name() == "google.protobuf.Value")
}

/// Timestamps, wrappers, structs, …: each has a form of its own in JSON.
fn of_google(message: &MessageDescriptor, value: &Value) -> Result<DynamicMessage, String> {
    let json = value.encode_with(Expose::Yes).map_err(|why| why.to_string())?;
    let mut json = serde_json::Deserializer::from_str(&json);
    let unfit = |_| format!("is {}, which is no {}", value.kind(), message.full_name());
    DynamicMessage::deserialize(message.clone(), &mut json).map_err(unfit)
}
