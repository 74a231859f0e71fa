//! What an earlier check found sound, kept in the project's own `.wfctl` beside its runs.

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use wf_check::SoundCases;

fn file(root: &Path) -> PathBuf {
    root.join(".wfctl").join("checked")
}

/// What was kept by this program. Nothing when there is nothing, or nothing that could be read: then everything is checked.
pub fn load(root: &Path) -> SoundCases {
    match (fs::read_to_string(file(root)), program()) {
        (Ok(text), Some(program)) => SoundCases::from_text(&text, &program),
        _ => SoundCases::default(),
    }
}

/// Keeps it for the next check. Where nothing can be written that one takes as long as this one did; nothing else is lost.
pub fn save(root: &Path, cases: &SoundCases) {
    let Some(program) = program() else { return };
    if let Err(error) = write(&file(root), &cases.to_text(&program)) {
        tracing::debug!(%error, "what was checked could not be kept");
    }
}

/// Whole or not at all: another check may read it meanwhile.
fn write(path: &Path, text: &str) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(path);
    match fs::create_dir(folder) {
        // what is made here is nobody's source
        Ok(()) => fs::write(folder.join(".gitignore"), "*\n")?,
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        Err(error) => return Err(error),
    }
    let new = folder.join(format!("checked.{}", std::process::id()));
    let written = fs::File::create_new(&new).and_then(|mut file| file.write_all(text.as_bytes()));
    let kept = written.and_then(|()| fs::rename(&new, path));
    if kept.is_err() {
        let _ = fs::remove_file(&new);
    }
    kept
}

/// One line for this very program: another build may judge otherwise.
fn program() -> Option<String> {
    let built = std::env::current_exe().and_then(fs::metadata).ok()?;
    let at = built.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    Some(format!("wfctl {} {} {}", env!("CARGO_PKG_VERSION"), built.len(), at.as_nanos()))
}
