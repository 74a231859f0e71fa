//! What carries out connector actions: requests built, sent, answered and mapped as `docs/connectors.md` says.
//!
//! A [`ConnectorService`] is one connector with its [`Settings`] and the [`Tools`] of an engine. [`ConnectorService::serve`] puts it on the
//! bus; a message then goes this way: `service` (envelope) → `live_connector` (input) → `once` (claims of writes) → `action` (the machine runs the
//! action's flow) → `pages` (cache, pages) → `exchange` (login, retry) → `build`, `http`, or one of `transports`, and back through `received` and `answers`.
//!
//! Time is the engine's clock throughout. Secrets are laid open in what leaves for the vendor and nowhere else: not in replies, errors,
//! logs or metrics.

mod action;
mod answers;
mod blot;
mod body;
mod build;
mod cache;
mod claims;
mod config;
mod cookies;
mod drift;
mod error;
mod exchange;
mod http;
mod kept_claims;
mod kinds;
mod limits;
mod live_connector;
mod live_face;
mod login;
mod metrics;
mod needed;
mod once;
mod outgoing;
mod pages;
mod received;
mod retry;
mod scene;
mod service;
mod sessions;
mod transports;
mod url;
mod within;

pub use claims::{Claim, Claims, ClaimsError, KEPT, MemoryClaims};
pub use config::{Settings, Sources};
pub use error::{BadSetting, SettingsError, StartError};
pub use http::{HttpOptions, Router};
pub use kept_claims::{Doubtful, KeptClaims};
pub use reqwest::Url;
pub use service::{ConnectorService, Serving, Tools, not_built};
