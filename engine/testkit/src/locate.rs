//! Where things are: the workspace's target folder and the servers' programs.

use std::env;
use std::path::{Path, PathBuf};

use crate::error::StartError;

/// Places outside of many users' `PATH` into which Debian installs daemons.
const SYSTEM_FOLDERS: [&str; 2] = ["/usr/local/sbin", "/usr/sbin"];

/// A server's program and the ways to name another one.
pub(crate) struct Program {
    pub(crate) name: &'static str,
    /// The environment variable that names another binary, by path.
    pub(crate) variable: &'static str,
    /// Where `scripts/install-test-servers` puts one, below the target folder; used when the system has none.
    pub(crate) tool: Option<&'static str>,
}

impl Program {
    /// The binary: what the variable names, else the system's, else the one in the target folder.
    pub(crate) fn find(&self) -> Result<PathBuf, StartError> {
        self.find_with(env::var_os(self.variable).map(PathBuf::from), search_path())
    }

    fn find_with(&self, named: Option<PathBuf>, folders: Vec<PathBuf>) -> Result<PathBuf, StartError> {
        if let Some(path) = named {
            let path = workspace_folder().join(path);
            return if path.is_file() { Ok(path) } else { Err(StartError::NotAFile { variable: self.variable, path }) };
        }
        let mut candidates: Vec<_> = folders.iter().map(|folder| folder.join(self.name)).collect();
        candidates.extend(self.tool.map(|tool| target_folder().join(tool)));
        candidates.iter().find(|path| path.is_file()).cloned().ok_or_else(|| StartError::Missing {
            program: self.name,
            looked_at: candidates.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", "),
        })
    }
}

fn search_path() -> Vec<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).chain(SYSTEM_FOLDERS.map(PathBuf::from)).collect()
}

/// Against which relative paths in environment variables count: cargo runs each test in its package's folder.
pub(crate) fn workspace_folder() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here)
}

/// The folder of build products, which everything that tests leave behind goes below.
pub(crate) fn target_folder() -> PathBuf {
    workspace_folder().join(env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROGRAM: Program = Program { name: "no-such-server", variable: "WF_NO_SUCH_SERVER", tool: None };

    #[test]
    fn a_missing_program_is_an_error_that_names_the_script() {
        let error = PROGRAM.find_with(None, vec!["/nowhere".into()]).unwrap_err();
        let text = error.to_string();
        assert!(text.contains("run scripts/install-test-servers"), "{text}");
        assert!(text.contains("/nowhere/no-such-server"), "{text}");
    }

    #[test]
    fn a_named_program_that_does_not_exist_is_an_error_that_names_the_variable() {
        let error = PROGRAM.find_with(Some("/nowhere/else".into()), search_path()).unwrap_err();
        assert_eq!(error.to_string(), "WF_NO_SUCH_SERVER names /nowhere/else, which is not a file");
    }

    #[test]
    fn the_named_program_wins_and_may_be_given_from_the_workspace() {
        let found = PROGRAM.find_with(Some("engine/testkit/Cargo.toml".into()), vec![]).unwrap();
        assert_eq!(found, workspace_folder().join("engine/testkit/Cargo.toml"));
    }
}
