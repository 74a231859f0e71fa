//! Notices when files of a tree change.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// How often the tree is looked at. Looking costs one `stat` a file: no watch can be lost, on any file system.
pub const BEAT: Duration = Duration::from_secs(1);

/// What a tree looked like.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Look(BTreeMap<PathBuf, (Option<SystemTime>, u64)>);

/// Remembers how a tree looked when it was last taken over.
pub struct Watcher {
    root: PathBuf,
    taken: Look,
    before: Look,
}

impl Watcher {
    pub fn new(root: &Path) -> Self {
        let now = Look::at(root);
        Self { root: root.to_path_buf(), taken: now.clone(), before: now }
    }

    /// Whether the tree differs from the one that was taken, and has been at rest for a beat: a file that is being written is not read.
    pub fn settled_change(&mut self) -> bool {
        let now = Look::at(&self.root);
        let at_rest = now == self.before;
        self.before = now;
        if !at_rest || self.before == self.taken {
            return false;
        }
        self.taken = self.before.clone();
        true
    }
}

impl Look {
    fn at(root: &Path) -> Self {
        let mut seen = BTreeMap::new();
        for folder in ["workflows", "connectors", "environments"] {
            look(&root.join(folder), &mut seen, 0);
        }
        Self(seen)
    }
}

/// Cases do not run here: a change of one is none.
fn look(folder: &Path, seen: &mut BTreeMap<PathBuf, (Option<SystemTime>, u64)>, depth: usize) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        let name = entry.file_name();
        if name.to_string_lossy().starts_with('.') || name == "cases" {
            continue;
        }
        let Ok(meta) = std::fs::metadata(&path) else { continue };
        if meta.is_dir() {
            if depth < 8 {
                look(&path, seen, depth + 1);
            }
        } else {
            seen.insert(path, (meta.modified().ok(), meta.len()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_told_once_and_only_when_it_is_over() -> std::io::Result<()> {
        let root = tempfile::tempdir()?;
        let folder = root.path().join("workflows/a");
        std::fs::create_dir_all(&folder)?;
        std::fs::write(folder.join("workflow.yaml"), "a")?;
        let mut watcher = Watcher::new(root.path());
        assert!(!watcher.settled_change());
        std::fs::write(folder.join("workflow.yaml"), "ab")?;
        assert!(!watcher.settled_change(), "it may still be written");
        std::fs::write(folder.join("workflow.yaml"), "abc")?;
        assert!(!watcher.settled_change());
        assert!(watcher.settled_change());
        assert!(!watcher.settled_change());
        std::fs::remove_file(folder.join("workflow.yaml"))?;
        assert!(!watcher.settled_change());
        assert!(watcher.settled_change());
        Ok(())
    }
}
