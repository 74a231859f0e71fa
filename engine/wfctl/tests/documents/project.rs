//! Files of a project on disk.

use std::fs;
use std::path::Path;

/// Copies a folder, those files that are wanted.
pub fn copy(from: &Path, to: &Path, wanted: &dyn Fn(&Path) -> bool) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap_or_else(|e| panic!("{}: {e}", from.display())) {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to, wanted);
        } else if wanted(&entry.path()) {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// Names and texts of all files in some folders, by name; of a picture what of it is text.
pub fn files(root: &Path, folders: &[&str]) -> Vec<(String, String)> {
    let mut files = Vec::new();
    for folder in folders {
        collect(root, &root.join(folder), &mut files);
    }
    files.sort();
    files
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display())) {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(root, &path, files);
        } else {
            let name = path.strip_prefix(root).unwrap().display().to_string();
            files.push((name, String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned()));
        }
    }
}

/// Changes a text as a diff without line numbers says: the old lines stand in it exactly once.
pub fn change(text: &str, diff: &[String]) -> Result<String, String> {
    let side = |gone: char| -> Vec<&str> {
        diff.iter().filter(|l| !l.starts_with(gone)).map(|l| l.get(1..).unwrap_or_default()).collect()
    };
    let (old, new) = (side('+'), side('-'));
    let lines: Vec<&str> = text.lines().collect();
    let places: Vec<usize> =
        lines.windows(old.len().max(1)).enumerate().filter(|(_, w)| *w == old).map(|(i, _)| i).collect();
    let [place] = places[..] else {
        return Err(format!("these lines stand in it {} times:\n{}", places.len(), old.join("\n")));
    };
    let changed = [&lines[..place], &new, &lines[place + old.len()..]].concat();
    Ok(changed.join("\n") + "\n")
}

#[test]
fn a_change_needs_its_place_once() {
    let diff = |lines: &[&str]| lines.iter().map(|l| (*l).to_owned()).collect::<Vec<_>>();
    assert_eq!(change("a\nb\nc\n", &diff(&[" a", "-b", "+x", "+y"])).unwrap(), "a\nx\ny\nc\n");
    assert!(change("a\nb\na\nb\n", &diff(&["-b", "+x"])).unwrap_err().contains("2 times"));
    assert!(change("a\n", &diff(&["-b", "+x"])).unwrap_err().contains("0 times"));
}
