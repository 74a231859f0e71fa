//! Settings of the model, of the recovery of devices, of the mail server and of the store of objects.

use serde::Deserialize;

use super::{Flag, Select, Span, When};

/// The recovery of cellular devices.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DigiSpec {
    pub(crate) client_id: Option<String>,
    pub(crate) client_secret: Option<String>,
    pub(crate) token_lasts: Option<Span>,
    /// How long a recovery takes.
    pub(crate) takes: Option<Span>,
    /// Edges whose recoveries are aborted at once.
    pub(crate) aborts: Option<Select>,
    /// What the log holds when the scenario starts.
    #[serde(default)]
    pub(crate) recoveries: Vec<RecoverySpec>,
}

/// One recovery of each of these edges' first link.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecoverySpec {
    pub(crate) edges: Select,
    pub(crate) ticket: i64,
    pub(crate) at: Option<When>,
    pub(crate) method: Option<String>,
    pub(crate) success: Option<Flag>,
}

/// The mail server.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MailSpec {
    pub(crate) user: Option<String>,
    pub(crate) password: Option<String>,
    /// Addresses that the server knows nothing of.
    #[serde(default)]
    pub(crate) unknown: Vec<String>,
}

/// The store of objects.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct S3Spec {
    pub(crate) access_key: Option<String>,
    pub(crate) secret_key: Option<String>,
}

/// The model of next best actions.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct T7Spec {
    #[serde(default)]
    pub(crate) predictions: Vec<PredictionSpec>,
}

/// What the model says of these edges.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PredictionSpec {
    pub(crate) edges: Select,
    /// Probability by name of the result, in this order.
    #[serde(default, deserialize_with = "in_order")]
    pub(crate) results: Vec<(String, f32)>,
    /// Instead: why nothing can be predicted.
    pub(crate) error: Option<String>,
}

fn in_order<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Vec<(String, f32)>, D::Error> {
    struct Pairs;
    impl<'de> serde::de::Visitor<'de> for Pairs {
        type Value = Vec<(String, f32)>;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("probabilities by name, as in {Request Completed: 0.9}")
        }

        fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut pairs = Vec::new();
            while let Some(pair) = map.next_entry()? {
                pairs.push(pair);
            }
            Ok(pairs)
        }
    }
    from.deserialize_map(Pairs)
}
