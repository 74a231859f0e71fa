//! README and tutorial do what they show: their files are written, their commands run, their outputs compared.
//!
//! What a page may hold is said in `page.rs`. With `WF_DOCUMENTS=write` outputs that are no longer true are written into the pages; read
//! the difference before you commit it.

#![allow(unreachable_pub, reason = "modules of a test")]

mod links;
mod page;
mod project;
mod session;
mod transcript;
#[path = "../../../../examples/tutorial/vendor.rs"]
#[allow(dead_code, reason = "its main is for people")]
mod vendor;

use std::path::{Path, PathBuf};

use session::Session;

#[test]
fn the_readme_does_what_it_shows() {
    let mut session = Session::new();
    for folder in ["workflows", "connectors", "environments", "examples/scenarios"] {
        project::copy(&root().join(folder), &session.folder().join(folder), &|path| {
            path.extension().is_none_or(|e| e != "rs")
        });
    }
    session.follow(&root().join("README.md"));
}

#[test]
fn the_tutorial_does_what_it_shows_and_ends_with_the_files_of_its_example() {
    let mut session = Session::new();
    session.start_vendor(&root().join("examples/tutorial/vendor"));
    session.follow(&root().join("docs/tutorial.md"));
    let example = project::files(&root().join("examples/tutorial"), &["connectors", "workflows", "environments"]);
    let written = project::files(session.folder(), &["connectors", "workflows", "environments"]);
    let names = |files: &[(String, String)]| files.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&written), names(&example), "the tutorial's files and those of examples/tutorial");
    for ((name, written), (_, example)) in written.iter().zip(&example) {
        assert_eq!(session.printed(written), *example, "{name}: as the tutorial leaves it, and in examples/tutorial");
    }
}

#[test]
fn pages_link_to_what_is_there() {
    let pages = ["README.md", "examples/README.md", "examples/scenarios/README.md", "docs/decisions/README.md"];
    let mut pages: Vec<PathBuf> = pages.iter().map(|page| root().join(page)).collect();
    let docs = std::fs::read_dir(root().join("docs")).expect("docs can be read");
    pages.extend(docs.flatten().map(|e| e.path()).filter(|path| path.extension().is_some_and(|e| e == "md")));
    let broken: Vec<String> = pages.iter().flat_map(|page| links::broken(page)).collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

/// The folder of the repository.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("the crate lies two folders deep").to_path_buf()
}
