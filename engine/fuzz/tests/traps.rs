//! That a broken promise is noticed, made small and kept; and that every input that once broke one is answered well now.

use std::path::Path;
use std::time::Duration;

use wf_fuzz::judge::Judge;
use wf_fuzz::repository::Repository;
use wf_fuzz::shrink::shrink;
use wf_fuzz::targets::{self, Wrong};
use wf_fuzz::worker::Verdict;
use wf_fuzz::{Input, campaign, corpus};

fn judge(target: &str) -> Judge {
    Judge::new(env!("CARGO_BIN_EXE_wf-fuzz").into(), target)
}

fn wrong(judge: &mut Judge, what: &str) -> String {
    match judge.ask(&Input::of([("do", what)])) {
        Ok(Verdict::Wrong(Wrong { what, .. })) => what,
        other => panic!("{what}: {other:?}"),
    }
}

#[test]
fn whatever_an_input_does_is_noticed_and_survived() {
    let mut judge = judge("trap").patient(Duration::from_secs(5));
    assert!(matches!(judge.ask(&Input::of([("do", "nothing")])), Ok(Verdict::Fine(_))));
    assert!(wrong(&mut judge, "panic").contains("trap.rs"));
    assert!(wrong(&mut judge, "catch").contains("trap.rs"));
    assert_eq!(wrong(&mut judge, "wrong"), "as it was told");
    assert_eq!(wrong(&mut judge, "hang"), "hang");
    for what in ["overflow", "memory"] {
        assert_eq!(wrong(&mut judge, what), "the process died: stack or memory");
    }
    assert!(matches!(judge.ask(&Input::of([("do", "nothing")])), Ok(Verdict::Fine(_))));
}

#[test]
fn what_fails_is_made_small() {
    let mut judge = judge("trap");
    let input = Input::of([("other", "a\nb\n"), ("do", "some\nlines before it\nis wrong and then\nsome more\n")]);
    let Ok(Verdict::Wrong(found)) = judge.ask(&input) else { panic!("it is wrong") };
    let small = shrink(&mut judge, &input, &found).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(small, Input::of([("do", "wrong")]));
}

#[test]
fn what_fails_is_kept_and_found_again() {
    let folder = tempfile::tempdir().unwrap_or_else(|e| panic!("{e}"));
    let (input, what) = (Input::of([("do", "wrong")]), Wrong::new("as it was: told", ""));
    let path = corpus::keep(folder.path(), "trap", &input, &what).unwrap_or_else(|e| panic!("{e}"));
    assert!(path.ends_with(Path::new("trap").join(path.file_name().unwrap_or_default())));
    let kept = corpus::of(folder.path(), "trap").unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(kept, [(path, input)]);
}

#[test]
fn the_corpus_is_answered_well() {
    let mut count = 0;
    for target in targets::all() {
        let mut judge = judge(target.name());
        for (path, input) in corpus::of(&corpus::folder(), target.name()).unwrap_or_else(|e| panic!("{e}")) {
            let verdict = judge.ask(&input).unwrap_or_else(|e| panic!("{e}"));
            assert!(matches!(verdict, Verdict::Fine(_)), "{}: {verdict:?}", path.display());
            count += 1;
        }
    }
    assert!(count > 10, "only {count} inputs");
}

/// The same numbers each time, so that it fails for whoever broke something, and not for the next one.
#[test]
fn each_target_takes_changed_inputs() {
    let folder = tempfile::tempdir().unwrap_or_else(|e| panic!("{e}"));
    let repository = Repository::read().unwrap_or_else(|e| panic!("{e}"));
    for target in targets::all() {
        let program = env!("CARGO_BIN_EXE_wf-fuzz").into();
        let found = campaign::run(program, &*target, &repository, (Duration::from_millis(300), 1), folder.path());
        let found = found.unwrap_or_else(|e| panic!("{}: {e}", target.name()));
        assert!(found.inputs > 0, "{}", target.name());
        assert!(found.wrong.is_empty(), "{}: {:?}", target.name(), found.wrong);
    }
}
