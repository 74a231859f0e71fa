//! Which vendors there are.

use serde::Deserialize;

use crate::{digi, t7};

/// A vendor, as scenarios name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Vendor {
    Bruin,
    Velocloud,
    Slack,
    Digi,
    Mail,
    S3,
    T7,
}

impl Vendor {
    /// The name in scenarios and in the ledger.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Vendor::Bruin => "bruin",
            Vendor::Velocloud => "velocloud",
            Vendor::Slack => "slack",
            Vendor::Digi => "digi",
            Vendor::Mail => "mail",
            Vendor::S3 => "s3",
            Vendor::T7 => "t7",
        }
    }

    /// Whether a request may change something at the vendor. Logging in does not count.
    pub(crate) fn is_write(self, method: &str, path: &str) -> bool {
        match self {
            Vendor::Bruin => method != "GET" && path.starts_with("/api/"),
            Vendor::Velocloud => false,
            Vendor::Slack => method == "POST",
            Vendor::Digi => path == digi::REBOOT,
            Vendor::Mail => true,
            Vendor::S3 => method != "GET",
            Vendor::T7 => t7::is_write(path),
        }
    }
}
