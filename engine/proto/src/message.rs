//! A message by its descriptor.

use prost_reflect::{Cardinality, FieldDescriptor, Kind, MessageDescriptor};

/// What a message is made of. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message(pub(crate) MessageDescriptor);

impl Message {
    /// `package.Message`
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.full_name()
    }

    /// The names of its fields, as the file writes them.
    #[must_use]
    pub fn fields(&self) -> Vec<String> {
        self.0.fields().map(|field| field.name().to_owned()).collect()
    }

    /// Whether it has a field of that name, in either spelling: `service_number`, `serviceNumber`.
    #[must_use]
    pub fn has_field(&self, name: &str) -> bool {
        self.field(name).is_some()
    }

    /// The message that a field holds, alone or in a list; `None`: it holds none whose fields are written one by one.
    #[must_use]
    pub fn inner(&self, name: &str) -> Option<Self> {
        let field = self.field(name)?;
        match field.kind() {
            Kind::Message(message) if !field.is_map() && !is_google(&message) => Some(Self(message)),
            _ => None,
        }
    }

    /// Whether a field holds a list.
    #[must_use]
    pub fn is_list(&self, name: &str) -> bool {
        self.field(name).is_some_and(|field| field.cardinality() == Cardinality::Repeated && !field.is_map())
    }

    pub(crate) fn field(&self, name: &str) -> Option<FieldDescriptor> {
        self.0.get_field_by_name(name).or_else(|| self.0.get_field_by_json_name(name))
    }
}

/// A message that JSON writes in a way of its own: a timestamp is a text.
pub(crate) fn is_google(message: &MessageDescriptor) -> bool {
    message.full_name().starts_with("google.protobuf.")
}
