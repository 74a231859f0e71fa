//! Runs as a whole: which one is meant, what it decided for how many, what stands in the list of runs.

use wf_machine::Writes;
use wf_plan::RunId;

use super::snapshot;
use super::world::{asked, clock, desk, in_memory, run};
use crate::explain::{listed, table};

#[tokio::test]
async fn what_was_decided_for_how_many() {
    let ports = in_memory();
    run(ports.clone(), None, Writes::On, desk).await;
    let text = asked(&*ports.journal, "last", None, false).await;
    snapshot("what-was-decided-for-how-many", &text.unwrap_or_else(|refusal| refusal.message));
}

#[tokio::test]
async fn what_was_held_back() {
    let ports = in_memory();
    run(ports.clone(), None, Writes::Off, desk).await;
    let text = asked(&*ports.journal, "watch", None, false).await;
    snapshot("what-was-held-back", &text.unwrap_or_else(|refusal| refusal.message));
    let json = asked(&*ports.journal, "watch", None, true).await.unwrap_or_else(|refusal| refusal.message);
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["report"]["loops"][0]["items"], 4);
    assert_eq!(json["report"]["sent"][0]["held"], true);
    assert_eq!(json["waits_for"], serde_json::json!([]));
}

#[tokio::test]
async fn a_run_is_found_by_what_people_call_it() {
    let ports = in_memory();
    let id = run(ports.clone(), None, Writes::On, desk).await.to_text();
    for name in ["last", "watch", id.as_str(), &id[..6]] {
        let text = asked(&*ports.journal, name, Some("VC3"), false).await.unwrap_or_else(|refusal| refusal.message);
        assert!(text.starts_with(&format!("run {id} of watch, ")), "{name}: {text}");
    }
    let unknown = asked(&*ports.journal, "wach", None, false).await.expect_err("there is none").message;
    assert_eq!(
        unknown,
        format!(
            "there is no run and no workflow with runs wach; did you mean watch?\nthe last runs:\n  {id}  \
             2022-06-01 14:00:00 UTC  watch  well"
        )
    );
    let other = RunId(Default::default()).to_text();
    assert!(asked(&*ports.journal, &other, None, false).await.expect_err("none").message.contains(&id));
    let empty = in_memory();
    let nothing = asked(&*empty.journal, "last", None, false).await.expect_err("nothing").message;
    assert_eq!(nothing, "nothing was recorded yet");
}

#[tokio::test]
async fn the_list_of_runs() {
    let ports = in_memory();
    run(ports.clone(), None, Writes::On, desk).await;
    let text = listed(&*ports.journal, Some("watch"), 20, false).await.map(|runs| table(&runs));
    assert_eq!(
        text.as_deref(),
        Ok("run                     workflow  started (UTC)        took  ended\n\
            Xqr42BeJ2hkgmvMoW4Nx8k  watch     2022-06-01 14:00:00  0ms   well   9 items, 1 undecided, 1 written, 1 told\n")
    );
    assert_eq!(listed(&*ports.journal, Some("other"), 20, false).await.map(|runs| runs.len()), Ok(0));
}

#[tokio::test]
async fn a_run_in_a_file_is_explained_by_whoever_opens_it_later() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("runs.db");
    let (there, here) = {
        let ports = wf_local::on_disk(std::sync::Arc::new(clock()), &path).expect("a store");
        run(ports.clone(), None, Writes::On, desk).await;
        let memory = in_memory();
        run(memory.clone(), None, Writes::On, desk).await;
        (ports.journal.clone(), memory.journal.clone())
    };
    drop(there);
    let later = wf_local::SqliteStore::open(&path).expect("the store again");
    let told = asked(&later, "last", Some("VC1"), true).await.unwrap_or_else(|refusal| refusal.message);
    assert_eq!(told, asked(&*here, "last", Some("VC1"), true).await.unwrap_or_else(|refusal| refusal.message));
    assert!(told.contains("\"what\": \"table\""), "{told}");
}
