//! The cases of the product's own workflows and connectors.

use std::path::{Path, PathBuf};

use wf_cases::report::{Verdict, counts, human};
use wf_cases::{discover, suite};
use wf_check::Project;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn add(project: &mut Project, root: &Path, folder: &Path) {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    for entry in entries {
        let path = entry.unwrap_or_else(|e| panic!("{e}")).path();
        let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned();
        if path.is_dir() {
            add(project, root, &path);
        } else if Project::wants(&name) {
            project.add(name, std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display())));
        } else if name.starts_with("workflows/") {
            project.add_asset(name, std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display())));
        }
    }
}

fn project() -> Project {
    let (mut project, root) = (Project::default(), root());
    for folder in ["workflows", "connectors", "environments"] {
        add(&mut project, &root, &root.join(folder));
    }
    project
}

#[test]
fn every_case_of_the_product_passes_or_says_what_it_waits_for() {
    let project = project();
    let checked = wf_check::check(&project);
    assert!(!checked.has_errors(), "{:#?}", checked.diagnostics);
    let cases = discover::own(&project);
    assert!(cases.len() > 100, "only {} cases were found", cases.len());
    let suite = suite::run(&checked, &cases, 2);
    println!("{}", human(&suite.files, &suite.outcomes));
    let counts = counts(&suite.outcomes);
    assert_eq!(counts.failed, 0, "{}", human(&suite.files, &suite.outcomes));
    // only transports that are not built yet are a reason
    let waits = suite.outcomes.iter().filter_map(|o| match &o.result {
        Verdict::Skipped(why) => Some((o.path.as_str(), why.as_str())),
        _ => None,
    });
    for (path, why) in waits {
        let waits = ["not built yet", "cases have no server of the transport"];
        assert!(waits.iter().any(|w| why.contains(w)), "{path}: {why}");
    }
}
