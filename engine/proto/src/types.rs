//! What the checker knows of a message.

use std::sync::Arc;

use prost_reflect::{FieldDescriptor, Kind, MessageDescriptor};
use wf_value::{Enum, Field, ShapeType, Text, Type};

use crate::message::is_google;
use crate::{Defaults, Message};

impl Message {
    /// The type of a message that came.
    #[must_use]
    pub fn received(&self, defaults: Defaults) -> Type {
        Types { sent: false, defaults, open: Vec::new() }.message(&self.0)
    }

    /// An object with these fields, whatever stands in them: so much is asked of one that arrives and goes on.
    #[must_use]
    pub fn outline(&self) -> Type {
        let field = |name: String| Field { name: name.into(), ty: Type::Any.optional(), default: None };
        Type::shape(self.name(), self.fields().into_iter().map(field).collect())
    }

    /// The type of a message that is written: every field may be left out.
    #[must_use]
    pub fn sent(&self) -> Type {
        Types { sent: true, defaults: Defaults::Omit, open: Vec::new() }.message(&self.0)
    }
}

struct Types {
    sent: bool,
    defaults: Defaults,
    /// Messages around this one: one inside itself has no type that ends.
    open: Vec<String>,
}

impl Types {
    fn message(&mut self, message: &MessageDescriptor) -> Type {
        if is_google(message) {
            return self.of_google(message.name());
        }
        let name = message.full_name().to_owned();
        if self.open.contains(&name) {
            return Type::Any;
        }
        self.open.push(name.clone());
        let fields = message.fields().map(|field| self.field(&field)).collect();
        self.open.pop();
        Type::Shape(Arc::new(ShapeType { name: name.into(), fields, others: None }))
    }

    fn field(&mut self, field: &FieldDescriptor) -> Field {
        let ty = match field.kind() {
            Kind::Message(entry) if field.is_map() => Type::map(self.one(&entry.map_entry_value_field().kind())),
            kind if field.is_list() => Type::list(self.one(&kind)),
            kind => self.one(&kind),
        };
        let always = self.defaults == Defaults::Include && !field.supports_presence();
        let ty = if always { ty } else { ty.optional() };
        Field { name: field.name().into(), ty, default: None }
    }

    fn one(&mut self, kind: &Kind) -> Type {
        match kind {
            Kind::Bool => Type::Boolean,
            Kind::String => Type::Text,
            Kind::Bytes => Type::Bytes,
            Kind::Message(message) => self.message(message),
            // names or numbers
            Kind::Enum(_) if self.sent => Type::Scalar,
            Kind::Enum(of) => {
                let values: Vec<Text> = of.values().map(|value| value.name().into()).collect();
                Type::Enum(Arc::new(Enum { name: of.full_name().into(), values, open: true }))
            }
            // numbers or digits
            _ if self.sent => Type::Scalar,
            Kind::Double | Kind::Float => Type::Number,
            Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 | Kind::Uint32 | Kind::Fixed32 => Type::Integer,
            Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 | Kind::Uint64 | Kind::Fixed64 => Type::Text,
        }
    }

    /// By what JSON makes of them.
    fn of_google(&self, name: &str) -> Type {
        match name {
            "Timestamp" => Type::timestamp(),
            "Duration" | "StringValue" | "FieldMask" => Type::Text,
            "BoolValue" => Type::Boolean,
            "BytesValue" => Type::Bytes,
            "DoubleValue" | "FloatValue" if !self.sent => Type::Number,
            "Int32Value" | "UInt32Value" if !self.sent => Type::Integer,
            "Int64Value" | "UInt64Value" if !self.sent => Type::Text,
            "DoubleValue" | "FloatValue" | "Int32Value" | "UInt32Value" | "Int64Value" | "UInt64Value" => Type::Scalar,
            "Struct" => Type::map(Type::Any),
            "ListValue" => Type::list(Type::Any),
            _ => Type::Any,
        }
    }
}
