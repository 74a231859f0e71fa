//! Why connectors cannot be served.

use wf_host::ports::BusError;

/// Found when a connector is started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The files want something that this version has no transport for.
    #[error("{file}: the transport `{transport}` is not built yet")]
    Transport { file: String, transport: &'static str },
    #[error("{file}: its server cannot be used: {why}")]
    Server { file: String, why: String },
    #[error("TLS: {0}")]
    Tls(String),
    #[error("{action} has no subject to listen on: {why}")]
    Subject { action: String, why: String },
    #[error("{subject}: {error}")]
    Subscribe { subject: String, error: BusError },
}

/// Settings that are missing or do not fit; values are never told.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
pub struct SettingsError(pub Vec<BadSetting>);

/// One setting of a connector that is not usable.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{connector}: `{name}` {why} (the variable {variable}, or `connectors: {{{connector}: {{{name}: …}}}}` of the environment)"
)]
pub struct BadSetting {
    pub connector: String,
    pub name: String,
    pub variable: String,
    pub why: String,
}
