//! The program in a copy of this project, whose vendors need not be waited for.
#![allow(dead_code, reason = "each test file uses its part")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A copy of the project's workflows, connectors and environments, with an environment `hurry` of its own.
pub(crate) struct Tree {
    folder: tempfile::TempDir,
}

impl Tree {
    /// `hurry` is the text of the environment.
    pub(crate) fn new(hurry: &str) -> Self {
        let folder = tempfile::tempdir().unwrap_or_else(|e| panic!("{e}"));
        for name in ["workflows", "connectors", "environments"] {
            copy(&project().join(name), &folder.path().join(name));
        }
        let tree = Self { folder };
        tree.write("environments/hurry.yaml", hurry);
        tree
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn read(&self, name: &str) -> String {
        let path = self.path(name);
        fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        let folder = path.parent().map(fs::create_dir_all).transpose();
        folder.unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        fs::write(&path, text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    }

    /// `wfctl` in this folder; nothing of the environment of the test names a vendor or a server.
    pub(crate) fn wfctl(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_wfctl"));
        command.current_dir(self.folder.path()).args(args).stdin(Stdio::null());
        for name in ["WFCTL_NATS", "WFCTL_REDIS", "WFCTL_STORE", "WFCTL_LOG"] {
            command.env_remove(name);
        }
        command
    }
}

/// The folder of this project.
pub(crate) fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// What a project consists of: no Rust, no cases.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap_or_else(|e| panic!("{}: {e}", to.display()));
    for entry in fs::read_dir(from).unwrap_or_else(|e| panic!("{}: {e}", from.display())).flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        if path.is_dir() && path.join("Cargo.toml").exists() || name == "cases" {
            continue;
        }
        if path.is_dir() {
            copy(&path, &to.join(&name));
        } else {
            fs::copy(&path, to.join(&name)).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        }
    }
}
