//! The files of this repository: what seeds are made of.

use std::path::{Path, PathBuf};

use wf_check::{Checked, Project, check};

use crate::Input;
use crate::input::Part;

/// Its YAML and templates, by their paths.
pub struct Repository {
    files: Vec<(String, String)>,
}

/// Where it stands.
#[must_use]
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Folders that hold what people write.
const FOLDERS: [&str; 4] = ["workflows", "connectors", "environments", "examples"];

impl Repository {
    /// # Errors
    /// A file cannot be read.
    pub fn read() -> anyhow::Result<Self> {
        let (root, mut files) = (root(), vec![]);
        for folder in FOLDERS {
            walk(&root, &root.join(folder), &mut files)?;
        }
        files.sort();
        Ok(Self { files })
    }

    /// Paths and texts, in the order of the paths.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// All that is checked together, without the cases.
    #[must_use]
    pub fn sources(&self) -> Vec<(&str, &str)> {
        self.iter().filter(|(path, _)| !path.contains("/cases/") && !path.starts_with("examples/")).collect()
    }

    /// The sources, checked.
    #[must_use]
    pub fn checked(&self) -> Checked {
        check(&self.sources().into_iter().collect::<Project>())
    }

    /// The cases in the folder `workflows/NAME` or `connectors/NAME`.
    pub fn cases(&self, folder: &str) -> impl Iterator<Item = (&str, &str)> {
        let under = format!("{folder}/cases/");
        self.iter().filter(move |(path, _)| path.starts_with(&under))
    }

    /// A workflow with everything that it reaches: the libraries, the connectors whose actions it calls, an environment.
    #[must_use]
    pub fn workflow(&self, checked: &Checked, name: &str) -> Input {
        let own = format!("workflows/{name}/");
        let connectors: Vec<String> = checked
            .plan(name)
            .map(|plan| plan.actions.iter().map(|action| format!("connectors/{}/", action.connector)).collect())
            .unwrap_or_default();
        self.input(|path| {
            path.starts_with(&own)
                || path.starts_with("workflows/lib/")
                || connectors.iter().any(|c| path.starts_with(c))
        })
    }

    /// The sources of one connector.
    #[must_use]
    pub fn connector(&self, name: &str) -> Input {
        let own = format!("connectors/{name}/");
        self.input(|path| path.starts_with(&own))
    }

    fn input(&self, wanted: impl Fn(&str) -> bool) -> Input {
        let sources = self.sources().into_iter().filter(|(path, _)| wanted(path));
        let part = |(path, text): (&str, &str)| Part { name: path.to_owned(), bytes: text.into() };
        Input { parts: sources.map(part).collect() }
    }
}

fn walk(root: &Path, folder: &Path, files: &mut Vec<(String, String)>) -> anyhow::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.strip_prefix(root)?.to_string_lossy().replace('\\', "/");
        if path.is_dir() {
            walk(root, &path, files)?;
        } else if name.ends_with(".yaml") || Project::wants(&name) {
            files.push((name, std::fs::read_to_string(&path)?));
        } else if name.starts_with("workflows/") {
            // pictures: that they are there is all that is asked of them
            files.push((name, "picture".into()));
        }
    }
    Ok(())
}
