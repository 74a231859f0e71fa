//! The suite of turns.

use crate::ports::{Share, TurnError, Turns};

/// What turns must do. Nobody has one at first.
pub fn turns_suite(turns: &dyn Turns) {
    let take = |what: &str, share, who: &str| turns.take(what, share, who);
    let alone = take("a", Share::Alone, "the first");
    assert!(alone.is_ok(), "{alone:?}");
    for share in [Share::Alone, Share::Together] {
        let error = take("a", share, "the second").err();
        assert!(matches!(&error, Some(TurnError::Taken(who)) if who.contains("the first")), "{error:?}");
    }
    assert!(take("b/é *", Share::Alone, "somebody").is_ok(), "another one is free");
    drop(alone);
    let together = [take("a", Share::Together, "one"), take("a", Share::Together, "two")];
    assert!(together.iter().all(Result::is_ok), "{together:?}");
    assert!(take("a", Share::Alone, "the third").is_err());
    let [one, two] = together;
    drop(one);
    assert!(take("a", Share::Alone, "the third").is_err(), "one of two still has it");
    drop(two);
    assert!(take("a", Share::Alone, "the third").is_ok());
}
