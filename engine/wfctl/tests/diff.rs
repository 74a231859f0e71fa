//! `wfctl validate --diff`: what a change touches, asked of a real repository.

use std::process::Command;

#[path = "support/mod.rs"]
mod support;

use support::Tree;

const LIBRARY: &str = "library: shop\nparams:\n  gap: {default: 30m, doc: Between two looks}\ntables:\n  grade:\n    given: [n]\n    rows:\n      - {n: 9, then: high}\n      - {then: low}\ndefine:\n  late(at): now - at > params.gap\n";
const WATCH: &str = "workflow: watch\ntitle: Watch\nuses: [../lib/shop.yaml]\ntriggers:\n  - {every: 5m, at_start: true}\nsteps:\n  - for: n\n    in: =[1, 20]\n    steps:\n      - skip: {high: grade(n) == 'high'}\n      - skip: {late: late(now)}\n";

/// A project under git with a library and a workflow that uses it.
fn tree() -> Tree {
    let tree = Tree::new("like: sandbox.yaml\nwrites: off\n");
    for folder in ["workflows", "connectors"] {
        std::fs::remove_dir_all(tree.path(folder)).unwrap_or_else(|e| panic!("{e}"));
        std::fs::create_dir(tree.path(folder)).unwrap_or_else(|e| panic!("{e}"));
    }
    for environment in std::fs::read_dir(tree.path("environments")).unwrap_or_else(|e| panic!("{e}")).flatten() {
        std::fs::remove_file(environment.path()).unwrap_or_else(|e| panic!("{e}"));
    }
    tree.write("workflows/lib/shop.yaml", LIBRARY);
    tree.write("workflows/watch/workflow.yaml", WATCH);
    tree.write("environments/calm.yaml", "params:\n  shop: {gap: 2h}\n");
    git(&tree, &["init", "--quiet"]);
    git(&tree, &["add", "--all"]);
    let who = ["-c", "user.name=a", "-c", "user.email=a@b.example", "-c", "commit.gpgsign=false"];
    git(&tree, &[&who[..], &["commit", "--quiet", "--message", "first"]].concat());
    tree
}

fn git(tree: &Tree, args: &[&str]) {
    let done = Command::new("git").arg("-C").arg(tree.path("")).args(args).output().unwrap_or_else(|e| panic!("{e}"));
    assert!(done.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&done.stderr));
}

fn diff(tree: &Tree, args: &[&str]) -> (Option<i32>, String) {
    let done = tree.wfctl(&[&["validate"], args].concat()).output().unwrap_or_else(|e| panic!("{e}"));
    let said = String::from_utf8_lossy(&done.stdout).into_owned() + &String::from_utf8_lossy(&done.stderr);
    (done.status.code(), said)
}

#[test]
fn a_change_is_told_with_its_line_its_uses_and_who_overrides_it() {
    let tree = tree();
    assert!(diff(&tree, &["--diff"]).1.contains("nothing differs from HEAD\n"), "{}", diff(&tree, &["--diff"]).1);
    tree.write("workflows/lib/shop.yaml", &LIBRARY.replace("30m", "45m").replace("n: 9", "n: 12"));
    let expected = "\
workflows/lib/shop.yaml
  changed: param gap, part of watch
    3: default: 30m → 45m
    used at 11
    calm sets 2h, environments/calm.yaml:2:15: no effect there
  changed: table grade, part of watch
    8: rows.n: 9 → 12
    used at workflows/watch/workflow.yaml:10
touched: watch
";
    for args in [&["--diff"][..], &["--diff", "HEAD"], &["workflows", "--diff"]] {
        let (code, said) = diff(&tree, args);
        assert_eq!(code, Some(0), "{said}");
        assert!(said.contains(expected), "{said}");
    }
}

#[test]
fn a_revision_that_git_does_not_know_is_told() {
    let (code, said) = diff(&tree(), &["--diff", "workflows"]);
    assert_eq!(code, Some(2));
    assert!(said.contains("git knows no revision workflows; as in --diff main"), "{said}");
}
