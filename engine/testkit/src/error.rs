//! Why a peer could not be started.

use std::io;
use std::path::PathBuf;
use std::process::ExitStatus;
use std::time::Duration;

/// Why a peer could not be started. The text says what to do, since it is what a failed test shows.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("{program} is not installed: run scripts/install-test-servers (looked at {looked_at})")]
    Missing { program: &'static str, looked_at: String },
    #[error("{variable} names {path}, which is not a file")]
    NotAFile { variable: &'static str, path: PathBuf },
    #[error("{program} lacks the package {package}: run scripts/install-test-servers")]
    MissingPackage { program: &'static str, package: String },
    #[error("failed to run {program}: {source}")]
    Run { program: PathBuf, source: io::Error },
    #[error("failed to prepare the folder of {program}: {source}")]
    Prepare { program: &'static str, source: io::Error },
    #[error("{program} ended at once with {status}; its log:\n{log}")]
    Ended { program: &'static str, status: ExitStatus, log: String },
    #[error("{program} was not ready within {waited:?} ({reason}); its log:\n{log}")]
    NotReady { program: &'static str, waited: Duration, reason: String, log: String },
}
