//! Why did this one get a note, and that one not?

use wf_machine::Writes;

use super::world::{asked, desk, in_memory, run};

async fn story(item: &str) -> String {
    let ports = in_memory();
    run(ports.clone(), None, Writes::On, desk).await;
    asked(&*ports.journal, "last", Some(item), false).await.unwrap_or_else(|refusal| refusal.message)
}

fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_got_a_note() {
    snapshot("one-that-got-a-note", &story("VC1").await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_a_filter_dropped() {
    snapshot("one-that-a-filter-dropped", &story("VC3").await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_whose_newest_note_is_young() {
    snapshot("one-whose-newest-note-is-young", &story("VC4").await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_nobody_can_judge() {
    snapshot("one-that-nobody-can-judge", &story("VC5").await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ticket_with_all_that_happened_in_it() {
    snapshot("a-ticket-with-all-that-happened-in-it", &story("4711").await);
}
