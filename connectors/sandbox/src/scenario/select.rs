//! Which edges something is about: by serial, or by a rule that picks every n-th.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{
        Error, MapAccess, SeqAccess, Visitor,
        value::{MapAccessDeserializer, SeqAccessDeserializer},
    },
};

use super::Flag;

/// All conditions that are given must hold. Written as a serial, a list of serials, or a mapping of these fields.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Select {
    pub(crate) serials: Vec<String>,
    /// Client that the edges belong to.
    pub(crate) client: Option<i64>,
    /// Every n-th of those left, the `offset`-th first (from 0).
    pub(crate) every: Option<usize>,
    pub(crate) offset: usize,
    /// Only edges that are, or have a link that is, down when the scenario starts.
    pub(crate) in_outage: bool,
    /// At most so many.
    pub(crate) limit: Option<usize>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields {
    #[serde(default)]
    serials: Vec<String>,
    client: Option<i64>,
    every: Option<usize>,
    #[serde(default)]
    offset: usize,
    #[serde(default)]
    in_outage: Flag,
    limit: Option<usize>,
}

impl<'de> Deserialize<'de> for Select {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        input.deserialize_any(SelectVisitor)
    }
}

struct SelectVisitor;

impl<'de> Visitor<'de> for SelectVisitor {
    type Value = Select;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a serial, a list of serials, or a mapping (serials, client, every, offset, in_outage, limit)")
    }

    fn visit_str<E: Error>(self, serial: &str) -> Result<Select, E> {
        Ok(Select { serials: vec![serial.to_owned()], ..Select::default() })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Select, A::Error> {
        let serials = Vec::deserialize(SeqAccessDeserializer::new(list))?;
        Ok(Select { serials, ..Select::default() })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Select, A::Error> {
        let Fields { serials, client, every, offset, in_outage, limit } =
            Fields::deserialize(MapAccessDeserializer::new(map))?;
        if every == Some(0) {
            return Err(A::Error::custom("`every` must be 1 or more"));
        }
        Ok(Select { serials, client, every, offset, in_outage: in_outage.0, limit })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Select, String> {
        serde_yaml::from_str(text).map_err(|e| e.to_string())
    }

    #[test]
    fn three_ways_to_write_it() {
        assert_eq!(read("VC1").unwrap().serials, ["VC1"]);
        assert_eq!(read("[VC1, VC2]").unwrap().serials, ["VC1", "VC2"]);
        let rule = read("{client: 5, every: 10, offset: 3}").unwrap();
        assert_eq!((rule.client, rule.every, rule.offset), (Some(5), Some(10), 3));
    }

    #[test]
    fn mistakes_are_refused() {
        assert!(read("{every: 0}").unwrap_err().contains("1 or more"));
        assert!(read("{evry: 2}").unwrap_err().contains("unknown field `evry`"));
    }
}
