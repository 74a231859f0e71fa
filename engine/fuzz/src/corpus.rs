//! Inputs that once were answered wrong: `engine/fuzz/corpus/TARGET/NAME`.

use std::path::{Path, PathBuf};

use crate::Input;
use crate::targets::Wrong;

/// The folder of all of them.
#[must_use]
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")
}

/// The files of a target, in the order of their names.
///
/// # Errors
/// The folder cannot be read; that it is not there is none.
pub fn of(folder: &Path, target: &str) -> anyhow::Result<Vec<(PathBuf, Input)>> {
    let folder = folder.join(target);
    if !folder.is_dir() {
        return Ok(vec![]);
    }
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)?.map(|e| e.map(|e| e.path())).collect::<Result<_, _>>()?;
    paths.sort();
    paths.into_iter().map(|path| Ok((path.clone(), Input::read(&std::fs::read(path)?)))).collect()
}

/// Keeps an input under a name made of what is wrong with it.
///
/// # Errors
/// It cannot be written.
pub fn keep(folder: &Path, target: &str, input: &Input, wrong: &Wrong) -> anyhow::Result<PathBuf> {
    let bytes = input.write();
    let hash = blake3::hash(&bytes).to_hex();
    let words: String = wrong.what.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let words: Vec<&str> = words.split('-').filter(|w| !w.is_empty()).collect();
    let folder = folder.join(target);
    std::fs::create_dir_all(&folder)?;
    let path = folder.join(format!("{}-{}", words.join("-").to_lowercase(), hash.get(..8).unwrap_or_default()));
    std::fs::write(&path, bytes)?;
    Ok(path)
}
