//! The suite of rechecks.

use std::sync::atomic::{AtomicU32, Ordering};

use wf_plan::{Address, Part};
use wf_value::Value;

use super::{run, second};
use crate::ports::{Booking, Bookings};

/// Each of a step of its own.
fn booking(scope: &str, due: i64, items: &[&str]) -> Booking {
    static STEP: AtomicU32 = AtomicU32::new(1_000);
    Booking {
        id: 0,
        workflow: "w".into(),
        plan: "p".into(),
        flow: "again".into(),
        due: second(due),
        scope: scope.into(),
        items: items.iter().map(|i| ((*i).into(), Value::text(format!("item {i}")))).collect(),
        with: vec![Value::Int(7)].into(),
        booked_by: run(1),
        step: Address(vec![Part::Step(STEP.fetch_add(1, Ordering::Relaxed))]),
    }
}

/// What a store of rechecks must do. It is empty at first.
pub async fn bookings_suite(bookings: &dyn Bookings) {
    let book = async |scope: &str, due, items: &[&str]| -> Vec<String> {
        let booked = bookings.book(booking(scope, due, items)).await.unwrap_or_else(|e| panic!("{e}"));
        booked.iter().map(ToString::to_string).collect()
    };
    assert_eq!(bookings.next_due().await, Ok(None));
    assert_eq!(book("s", 20, &["a", "b", "a"]).await, ["a", "b"], "an item stands in a booking once");
    assert_eq!(book("s", 5, &["b", "c"]).await, ["c"], "the first booking wins");
    assert_eq!(book("other", 10, &["a"]).await, ["a"], "another scope is another booking");
    assert!(book("s", 1, &["a", "b"]).await.is_empty(), "nothing is booked when nothing is free");
    assert_eq!(bookings.next_due().await, Ok(Some(second(5))));
    let waiting = bookings.waiting().await.unwrap_or_else(|e| panic!("{e}"));
    let seen: Vec<_> = waiting.iter().map(|b| (b.due, b.scope.as_str(), b.items.len())).collect();
    assert_eq!(seen, [(second(5), "s", 1), (second(10), "other", 1), (second(20), "s", 2)]);

    let taken = bookings.due(second(10)).await.unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(taken.iter().map(|b| b.due).collect::<Vec<_>>(), [second(5), second(10)], "in order of time");
    let mut expected = booking("s", 5, &["c"]);
    (expected.id, expected.step) = (taken[0].id, taken[0].step.clone());
    assert_eq!(taken[0], expected);
    for (n, one) in (7..).zip(&taken) {
        assert_eq!(bookings.take(one.id, run(n)).await, Ok(true));
        assert_eq!(bookings.take(one.id, run(9)).await, Ok(false), "nobody else gets it");
    }
    assert_eq!(bookings.due(second(10)).await, Ok(Vec::new()));
    let runs = bookings.taken().await.unwrap_or_else(|e| panic!("{e}"));
    let mut runs: Vec<_> = runs.into_iter().map(|(booking, run)| (booking.due, run)).collect();
    runs.sort();
    assert_eq!(runs, [(second(5), run(7)), (second(10), run(8))]);
    assert!(book("s", 30, &["c"]).await.is_empty(), "an item that is being looked at keeps its time");
    assert_eq!(bookings.done(taken[0].id).await, Ok(()));
    assert_eq!(book("s", 30, &["c"]).await, ["c"]);
    assert_eq!(bookings.next_due().await, Ok(Some(second(20))));
    assert_eq!(bookings.taken().await.map(|taken| taken.len()), Ok(1), "what is done is not taken any more");

    let mut asked = booking("once", 40, &["x"]);
    asked.step = Address(vec![Part::Step(99)]);
    assert_eq!(bookings.book(asked.clone()).await, Ok(vec!["x".into()]));
    let id = bookings.waiting().await.ok().and_then(|w| w.iter().find(|b| b.scope == "once").map(|b| b.id));
    assert_eq!(bookings.take(id.unwrap_or_default(), run(3)).await, Ok(true));
    assert_eq!(bookings.done(id.unwrap_or_default()).await, Ok(()));
    assert_eq!(bookings.book(asked).await, Ok(vec!["x".into()]), "the same step gets the same answer");
    let waits = bookings.waiting().await.unwrap_or_default();
    assert!(waits.iter().all(|b| b.scope != "once"), "and books nothing again");
}
