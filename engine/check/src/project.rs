//! All files of a tree, as they were read by whoever may read files.

use std::collections::BTreeMap;
use std::sync::Arc;

use wf_syntax::FileKind;

/// The files of a tree by their paths, `/` between their parts, beginning at the root of the tree.
#[derive(Clone, Debug, Default)]
pub struct Project {
    texts: BTreeMap<String, Arc<str>>,
    assets: BTreeMap<String, Arc<[u8]>>,
}

impl Project {
    /// Adds a text file, or puts another text in its place.
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<Arc<str>>) {
        self.texts.insert(path.into(), text.into());
    }

    /// Takes a text file away.
    pub fn remove(&mut self, path: &str) {
        self.texts.remove(path);
    }

    /// Files that are no texts, with their paths.
    pub(crate) fn assets(&self) -> impl Iterator<Item = (&str, &Arc<[u8]>)> {
        self.assets.iter().map(|(path, bytes)| (path.as_str(), bytes))
    }

    /// Adds a file that is no text: what `asset('logo.png')` names.
    pub fn add_asset(&mut self, path: impl Into<String>, bytes: impl Into<Arc<[u8]>>) {
        self.assets.insert(path.into(), bytes.into());
    }

    #[must_use]
    pub fn text(&self, path: &str) -> Option<&Arc<str>> {
        self.texts.get(path)
    }

    /// The bytes of a file, a text or not.
    #[must_use]
    pub fn bytes(&self, path: &str) -> Option<Arc<[u8]>> {
        let text = || self.texts.get(path).map(|text| Arc::from(text.as_bytes()));
        self.assets.get(path).cloned().or_else(text)
    }

    /// Paths and texts, in the order of the paths.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Arc<str>)> {
        self.texts.iter().map(|(path, text)| (path.as_str(), text))
    }

    /// Whether a path is one that a tree holds: whoever walks a directory asks before it reads a file.
    #[must_use]
    pub fn wants(path: &str) -> bool {
        Self::kind(path).is_some() || is_template(path) || path.starts_with("connectors/") && path.ends_with(".proto")
    }

    /// What the YAML file at that path is, by where it stands.
    #[must_use]
    pub fn kind(path: &str) -> Option<FileKind> {
        if !(path.ends_with(".yaml") || path.ends_with(".yml")) {
            return None;
        }
        let parts: Vec<&str> = path.split('/').collect();
        match parts.as_slice() {
            ["workflows", _, _] => Some(FileKind::Workflow),
            ["workflows", _, "cases", .., _] => Some(FileKind::Case),
            ["connectors", _, _] => Some(FileKind::Connector),
            ["connectors", _, "cases", .., _] => Some(FileKind::ConnectorCase),
            ["environments", _] => Some(FileKind::Environment),
            _ => None,
        }
    }
}

impl<P: Into<String>, T: Into<Arc<str>>> FromIterator<(P, T)> for Project {
    fn from_iter<I: IntoIterator<Item = (P, T)>>(iter: I) -> Self {
        let mut project = Self::default();
        for (path, text) in iter {
            project.add(path, text);
        }
        project
    }
}

/// `workflows/*/templates/*.hbs`
pub(crate) fn is_template(path: &str) -> bool {
    path.ends_with(".hbs") && path.contains("/templates/")
}

/// The folder of a file.
pub(crate) fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// `../lib/shared.yaml` as seen from the folder `workflows/example`; `None` when it leaves the tree.
pub(crate) fn beside(folder: &str, relative: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|p| !p.is_empty()).collect();
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_its_folder_says() {
        assert_eq!(Project::kind("workflows/example/workflow.yaml"), Some(FileKind::Workflow));
        assert_eq!(Project::kind("workflows/lib/shared.yaml"), Some(FileKind::Workflow));
        assert_eq!(Project::kind("workflows/example/cases/a/b.yaml"), Some(FileKind::Case));
        assert_eq!(Project::kind("connectors/example/connector.yaml"), Some(FileKind::Connector));
        assert_eq!(Project::kind("connectors/example/cases/a.yaml"), Some(FileKind::ConnectorCase));
        assert_eq!(Project::kind("environments/dev.yaml"), Some(FileKind::Environment));
        assert_eq!(Project::kind("examples/scenarios/large.yaml"), None);
        assert!(Project::wants("workflows/example/templates/note.hbs"));
    }

    #[test]
    fn paths_are_seen_from_a_folder() {
        assert_eq!(beside("workflows/example", "../lib/shared.yaml").as_deref(), Some("workflows/lib/shared.yaml"));
        assert_eq!(beside("workflows/lib", "shared.yaml").as_deref(), Some("workflows/lib/shared.yaml"));
        assert_eq!(beside("workflows", "../../x.yaml"), None);
    }
}
