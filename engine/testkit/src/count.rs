//! The list of started peers, by which a test run can say how many real servers it talked to.

use std::env;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use crate::locate::{target_folder, workspace_folder};

/// Appends one line, `program version pid`, to the file that `WF_PEER_COUNT_FILE` names, by default
/// `target/peer-starts.log` of the workspace.
pub(crate) fn record(program: &str, version: &str, pid: u32) -> io::Result<()> {
    let file = env::var_os("WF_PEER_COUNT_FILE")
        .map_or_else(|| target_folder().join("peer-starts.log"), |file| workspace_folder().join(file));
    append(&file, &format!("{program} {version} {pid}\n"))
}

/// One write in append mode, so that lines of processes that run side by side do not mix.
fn append(file: &Path, line: &str) -> io::Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    OpenOptions::new().create(true).append(true).open(file)?.write_all(line.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_record_is_one_more_line() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("not/there/yet.log");
        append(&file, "nats-server 2.9.10 1\n").unwrap();
        append(&file, "redis-server 7.0.15 2\n").unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "nats-server 2.9.10 1\nredis-server 7.0.15 2\n");
    }
}
