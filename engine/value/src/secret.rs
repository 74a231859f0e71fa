//! Secrets inside values: found, and blotted out.

use std::sync::Arc;

use crate::{List, Map, SetAside, Value};

impl Value {
    /// Whether a secret stands anywhere in it.
    #[must_use]
    pub fn has_secret(&self) -> bool {
        match self {
            Self::Secret(_) => true,
            Self::List(list) => list.raw().iter().chain(list.aside().iter().map(|a| &a.value)).any(Self::has_secret),
            Self::Map(map) => map.raw_values().iter().chain(map.aside().iter().map(|a| &a.value)).any(Self::has_secret),
            _ => false,
        }
    }

    /// The value with `***` for every secret, for journals, logs, and people.
    #[must_use]
    pub fn redact(&self) -> Self {
        if !self.has_secret() {
            return self.clone();
        }
        match self {
            Self::List(list) => {
                let items = list.raw().iter().map(Self::redact).collect();
                let mut redacted = List::partial(items, redact_aside(list.aside())).with_origin(list.origin().cloned());
                redacted.element = list.element.clone();
                redacted.into()
            }
            Self::Map(map) => {
                let values = map.raw_values().iter().map(Self::redact).collect();
                let mut redacted = Map::with_shape(map.shape().clone(), values).with_aside(redact_aside(map.aside()));
                redacted.ty = map.ty.clone();
                redacted.into()
            }
            Self::Secret(_) => Self::text("***"),
            other => other.clone(),
        }
    }

    /// The value with every secret laid open: only for what is sent to the vendor whose secrets they are.
    #[must_use]
    pub fn exposed(&self) -> Self {
        if !self.has_secret() {
            return self.clone();
        }
        match self {
            Self::List(list) => list.raw().iter().map(Self::exposed).collect::<List>().into(),
            Self::Map(map) => {
                let values = map.raw_values().iter().map(Self::exposed).collect();
                Map::with_shape(map.shape().clone(), values).into()
            }
            Self::Secret(secret) => secret.expose().exposed(),
            other => other.clone(),
        }
    }
}

fn redact_aside(aside: &[SetAside]) -> Vec<SetAside> {
    let redact =
        |a: &SetAside| SetAside { value: a.value.redact(), reason: Arc::clone(&a.reason), place: a.place.clone() };
    aside.iter().map(redact).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Text;

    #[test]
    fn secrets_are_blotted_out_at_any_depth() {
        let token = Value::text("s3cret").secret();
        let map: Map = [(Text::from("token"), token), (Text::from("user"), Value::text("ipa"))].into_iter().collect();
        let value = Value::from(vec![Value::from(map)]);
        assert!(value.has_secret());
        assert_eq!(value.redact().encode().as_deref(), Ok(r#"[{"token":"***","user":"ipa"}]"#));
        assert_eq!(value.exposed().encode().as_deref(), Ok(r#"[{"token":"s3cret","user":"ipa"}]"#));
        assert!(!format!("{value:?}").contains("s3cret"));
    }
}
