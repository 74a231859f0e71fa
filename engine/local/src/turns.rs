//! Turns of all programs on one store: locked files beside it. The kernel frees a lock with its process, so that none outlives a `kill -9`;
//! that a file is there says nothing.

use std::fs::{File, TryLockError};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use jiff::{Timestamp, Unit};
use wf_host::ports::{Share, Turn, TurnError, Turns};

/// What a holder says of itself is cut there.
const WORDS: u64 = 1_000;

/// One file for each turn that was ever taken, in a folder beside the store.
#[derive(Clone, Debug)]
pub struct FileTurns {
    folder: PathBuf,
}

impl FileTurns {
    /// The turns of everybody who uses that store: `runs.db` has them in `runs.db.turns`.
    #[must_use]
    pub fn beside(store: &Path) -> Self {
        // whoever reaches the file through a link means the same one
        let store = store.canonicalize().unwrap_or_else(|_| store.to_owned());
        let mut folder = store.into_os_string();
        folder.push(".turns");
        Self { folder: folder.into() }
    }

    fn open(&self, what: &str) -> Result<File, TurnError> {
        let path = self.folder.join(file_name(what));
        let unknown = |e: std::io::Error| TurnError::Unknown(format!("{}: {e}", path.display()));
        std::fs::create_dir_all(&self.folder).map_err(unknown)?;
        File::options().create(true).truncate(false).read(true).write(true).open(&path).map_err(unknown)
    }
}

impl Turns for FileTurns {
    fn take(&self, what: &str, share: Share, who: &str) -> Result<Turn, TurnError> {
        let mut file = self.open(what)?;
        let locked = match share {
            Share::Alone => file.try_lock(),
            Share::Together => file.try_lock_shared(),
        };
        match locked {
            Ok(()) => {
                // words for others; the lock is what counts
                let _ = say(&file, who);
                Ok(Turn::new(file))
            }
            Err(TryLockError::WouldBlock) => Err(TurnError::Taken(said(&mut file))),
            Err(TryLockError::Error(e)) => Err(TurnError::Unknown(format!("{}: {e}", self.folder.display()))),
        }
    }
}

fn say(mut file: &File, who: &str) -> std::io::Result<()> {
    let since = Timestamp::now().round(Unit::Second).unwrap_or_else(|_| Timestamp::now());
    file.set_len(0)?;
    file.write_all(format!("{who}, process {}, since {since}", std::process::id()).as_bytes())
}

fn said(file: &mut File) -> String {
    let mut words = String::new();
    match file.take(WORDS).read_to_string(&mut words) {
        Ok(_) if !words.is_empty() => words,
        _ => "somebody who did not say who it is".into(),
    }
}

/// A name of letters that every file system takes; different ones stay different.
fn file_name(what: &str) -> String {
    let mut name = String::new();
    for byte in what.bytes() {
        match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' => name.push(byte.into()),
            _ => name.push_str(&format!("%{byte:02x}")),
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_stay_different_and_have_nothing_of_a_path() {
        let names = ["watch", "Watch", "watch@north/main", "../up", "a.b", ""].map(file_name);
        assert_eq!(names.iter().collect::<std::collections::BTreeSet<_>>().len(), names.len());
        assert!(names.iter().all(|name| !name.contains(['/', '.'])), "{names:?}");
    }
}
