//! The suite of named tasks.

use wf_plan::{Address, Part};
use wf_value::Value;

use super::{run, second};
use crate::ports::{Asker, Task, Tasks};

fn task(kind: &str, key: &str, due: i64, data: i64) -> Task {
    Task { kind: kind.into(), key: key.into(), due: second(due), data: Value::Int(data) }
}

/// What a store of named tasks must do. It is empty at first.
pub async fn tasks_suite(tasks: &dyn Tasks) {
    let due = async |now| tasks.due("forward", second(now)).await.unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(tasks.book(task("forward", "b", 20, 1), None).await, Ok(true));
    assert_eq!(tasks.book(task("forward", "b", 5, 2), None).await, Ok(false), "the first booking wins");
    assert_eq!(tasks.book(task("forward", "a", 10, 3), None).await, Ok(true));
    assert_eq!(tasks.book(task("other", "b", 1, 4), None).await, Ok(true));
    assert_eq!(due(9).await, []);
    assert_eq!(due(20).await, [task("forward", "a", 10, 3), task("forward", "b", 20, 1)], "by due time");
    assert_eq!(due(20).await.len(), 2, "they stay");

    let claim = async |key: &str, now, until| tasks.take("forward", key, run(5), second(now), second(until)).await;
    assert_eq!(claim("a", 20, 30).await, Ok(true));
    assert_eq!(claim("a", 25, 35).await, Ok(false), "somebody has it");
    assert_eq!(claim("a", 30, 40).await, Ok(true), "a claim ends");
    assert_eq!(tasks.taken().await, Ok(vec![(task("forward", "a", 10, 3), run(5))]));
    assert_eq!(tasks.give_back("forward", "a").await, Ok(()));
    assert_eq!(tasks.taken().await, Ok(vec![]));
    assert_eq!(claim("a", 31, 41).await, Ok(true), "a claim is given back");
    assert_eq!(claim("gone", 31, 41).await, Ok(false));

    assert_eq!(tasks.cancel("forward", "a", None).await, Ok(true));
    assert_eq!(tasks.cancel("forward", "a", None).await, Ok(false));
    assert_eq!(tasks.waiting().await, Ok(vec![task("other", "b", 1, 4), task("forward", "b", 20, 1)]));
    assert_eq!(tasks.book(task("forward", "a", 50, 5), None).await, Ok(true), "a key that is free again");

    let by = |step| Some(Asker { run: run(1), step: Address(vec![Part::Step(step)]) });
    assert_eq!(tasks.book(task("once", "k", 1, 1), by(1)).await, Ok(true));
    assert_eq!(tasks.cancel("once", "k", by(2)).await, Ok(true));
    assert_eq!(tasks.book(task("once", "k", 1, 1), by(1)).await, Ok(true), "the same step gets the same answer");
    assert_eq!(tasks.cancel("once", "k", by(2)).await, Ok(true));
    assert_eq!(tasks.cancel("once", "k", by(3)).await, Ok(false), "and does nothing again");
}
