//! What somebody does by hand about a run that was cut off: looks at it, goes on with it, ends it.

use std::time::{Duration, Instant};

use serde_json::Value as Json;

use crate::drill::Drill;
use crate::verdict::written;

struct Said {
    code: Option<i32>,
    out: String,
    err: String,
}

fn wfctl(drill: &Drill, args: &[&str]) -> Said {
    let done = drill.wfctl(args).output().unwrap_or_else(|e| panic!("{e}"));
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Said { code: done.status.code(), out: text(&done.stdout), err: text(&done.stderr) }
}

fn json(drill: &Drill, args: &[&str]) -> Json {
    let said = wfctl(drill, &[args, &["--output", "json"]].concat());
    serde_json::from_str(&said.out).unwrap_or_else(|e| panic!("{args:?}: {e}: {}{}", said.out, said.err))
}

/// The id of a run that was cut off in its middle.
fn cut_off(drill: &Drill) -> String {
    let before = json_or_none(drill);
    let engine = drill.serve("quiet");
    let end = Instant::now() + Duration::from_secs(30);
    let run = loop {
        let new = json_or_none(drill).into_iter().find(|run| !before.contains(run));
        if let Some(run) = new {
            break run;
        }
        assert!(Instant::now() < end, "no run begins: {}", drill.said());
        std::thread::sleep(Duration::from_millis(10));
    };
    engine.kill();
    run
}

/// Ids of unfinished runs.
fn json_or_none(drill: &Drill) -> Vec<String> {
    let Some(store) = drill.store() else { return Vec::new() };
    let runs = drill.runtime.block_on(wf_host::ports::Journal::unfinished(&store));
    runs.unwrap_or_default().iter().map(|info| info.run.to_text()).collect()
}

#[test]
fn a_run_that_was_cut_off_is_shown_gone_on_with_or_ended() {
    let drill = Drill::new();
    let run = cut_off(&drill);
    let unfinished = json(&drill, &["runs", "list", "--unfinished"]);
    assert_eq!(unfinished[0]["run"], run.as_str(), "{unfinished}");
    let shown = wfctl(&drill, &["runs", "show", &run]);
    assert!(shown.out.contains("not over") && shown.out.contains("begun by drill/main"), "{}{}", shown.out, shown.err);

    let gone_on = json(&drill, &["runs", "resume", &run]);
    assert_eq!((&gone_on[0]["run"], &gone_on[0]["report"]["how"]), (&run.as_str().into(), &"well".into()), "{gone_on}");
    let notes = written(&drill);
    assert!(notes.values().all(|n| *n == 1), "{notes:?}");
    assert_eq!(notes.keys().filter(|key| key.contains("note-")).count(), 3, "{notes:?}");
    let shown = json(&drill, &["runs", "show", &run]);
    assert_eq!((&shown["taken_up"], &shown["begun_by"]), (&1.into(), &"drill/main".into()), "{shown}");
    for (command, words) in [("resume", "the run is over"), ("cancel", "is over: it ended well")] {
        let again = wfctl(&drill, &["runs", command, &run]);
        assert!(again.code == Some(1) && again.err.contains(words), "{}", again.err);
    }

    let run = cut_off(&drill);
    let ended = wfctl(&drill, &["runs", "cancel", &run, "--reason", "a test"]);
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    let listed = json(&drill, &["runs", "drill"]);
    let of = listed.as_array().and_then(|all| all.iter().find(|one| one["run"] == run.as_str())).cloned();
    assert_eq!(of.map(|one| one["how"].clone()), Some("cancelled".into()), "{listed}");
    let shown = wfctl(&drill, &["explain", &run]);
    assert!(shown.out.contains("a test"), "{}{}", shown.out, shown.err);

    let ticks = json(&drill, &["ticks", "drill"]);
    assert!(ticks.as_array().is_some_and(|all| all.len() == 2 && all.iter().all(|t| t["schedule"] == "drill/main")));
    assert!(wfctl(&drill, &["ticks"]).out.contains(&format!("run {run}")));
    assert!(wfctl(&drill, &["ticks", "--not-run"]).err.contains("no such tick"));
    let young = wfctl(&drill, &["runs", "prune", "--older", "1d"]);
    assert!(young.code == Some(2) && young.err.contains("two days at least"), "{}", young.err);
    let pruned = wfctl(&drill, &["runs", "prune", "--older", "2d", "--compact"]);
    assert!(pruned.code == Some(0) && pruned.err.contains("0 runs"), "{}", pruned.err);
    let list = wfctl(&drill, &["runs", "--most", "50"]);
    assert!(list.out.contains(&run), "{}", list.out);
}

#[test]
fn an_engine_to_whose_log_nobody_listens_any_more_goes_on() {
    let drill = Drill::new();
    let engine = drill.serve_unheard("quiet");
    let end = Instant::now() + Duration::from_secs(30);
    while !written(&drill).keys().any(|key| key.ends_with("task")) {
        assert!(Instant::now() < end, "it does not get on: {:?}", written(&drill));
        std::thread::sleep(Duration::from_millis(50));
    }
    drill.until_nothing_is_left(&engine);
    engine.stop();
    let runs = json(&drill, &["runs", "drill"]);
    assert!(runs.as_array().is_some_and(|all| all.len() == 3 && all.iter().all(|run| run["how"] == "well")), "{runs}");
    assert_eq!(json(&drill, &["runs", "doubts"]), Json::Array(Vec::new()), "no call broke off");
}
