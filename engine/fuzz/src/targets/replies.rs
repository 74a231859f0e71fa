//! Bytes of vendors and neighbours: decoded as `serde_json` decodes them, and encoded again.

use wf_value::{Type, Value, coerce, decode};

use super::{Seen, Target, Wrong, must};
use crate::Input;
use crate::repository::Repository;

pub(super) struct Replies;

const PART: &str = "reply";

/// Beyond this `serde_json` gives up.
const DEPTH: usize = 120;

impl Target for Replies {
    fn name(&self) -> &'static str {
        "replies"
    }

    fn seeds(&self, repository: &Repository) -> Vec<Input> {
        let schemas = [
            r#"{"status":200,"body":[{"a":1,"b":[1.5,null,"ä\u00e4\ud83d\udc31"]}]}"#,
            "[]",
            "1e5",
            "\"x\"",
            super::world::VALUES,
        ];
        // what cases say as JSON
        let braces = repository.iter().filter(|(path, _)| path.contains("/cases/")).flat_map(|(_, text)| text.lines());
        let lines = braces.filter_map(|line| line.find('{').and_then(|at| line.get(at..)));
        let json = lines.filter(|text| serde_json::from_str::<serde_json::Value>(text).is_ok());
        schemas.into_iter().chain(json.take(300)).map(|text| Input::of([(PART, text)])).collect()
    }

    fn check(&mut self, input: &Input) -> Result<Seen, Wrong> {
        let (bytes, mut seen) = (input.bytes(PART), Seen::default());
        // a byte order mark before it is skipped
        let theirs =
            serde_json::from_slice::<serde_json::Value>(bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes));
        match decode(bytes) {
            Err(error) => {
                let words: String = error.to_string().chars().filter(|c| c.is_alphabetic() || *c == ' ').collect();
                seen.add(&words);
                must(theirs.is_err(), "JSON that we do not read", || format!("{error}"))?;
            }
            Ok(ours) => {
                seen.add(ours.kind());
                let depth = bytes.iter().filter(|b| matches!(b, b'[' | b'{')).count();
                if depth < DEPTH {
                    // one broken character does not cost an answer, one number that is too large neither
                    let lenient = ["number out of range", "hex escape"];
                    let beyond = theirs.as_ref().is_err_and(|e| lenient.iter().any(|l| e.to_string().contains(l)));
                    must(theirs.is_ok() || beyond, "what is no JSON is read", || format!("{theirs:?}"))?;
                }
                again(&ours, theirs.ok())?;
                for ty in
                    [Type::timestamp(), Type::list(Type::Text), Type::map(Type::Integer), Type::Duration, Type::Id]
                {
                    let _ = (ours.clone().typed(&ty), coerce(&ours, &ty));
                }
            }
        }
        Ok(seen)
    }
}

/// Encoded and decoded it is the same.
fn again(ours: &Value, theirs: Option<serde_json::Value>) -> Result<(), Wrong> {
    let text = match ours.encode() {
        Ok(text) => text,
        Err(why) => return must(theirs.is_none(), "a reply that cannot be handed on", || why.to_string()),
    };
    let back = decode(text.as_bytes());
    must(back.as_ref() == Ok(ours), "a reply is another one when it was handed on", || format!("{text}: {back:?}"))?;
    if let Some(theirs) = theirs {
        let handed_on = serde_json::from_str::<serde_json::Value>(&text).ok();
        let same = handed_on.as_ref().is_some_and(|on| equal(on, &theirs));
        must(same, "a reply is not what serde_json reads", || format!("{handed_on:?}\n{theirs:?}"))?;
    }
    Ok(())
}

/// Whole numbers beyond 64 bits are floats to `serde_json`, and exact to us; its floats are as near as it gets in a hurry (no
/// `float_roundtrip`), which may be the last digit but one.
fn equal(a: &serde_json::Value, b: &serde_json::Value) -> bool {
    use serde_json::Value::{Array, Number, Object};
    match (a, b) {
        (Array(a), Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b)),
        (Object(a), Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| equal(a, b)))
        }
        (Number(a), Number(b)) => a == b || a.as_f64().zip(b.as_f64()).is_some_and(|(a, b)| near(a, b)),
        _ => a == b,
    }
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 4.0 * f64::EPSILON * a.abs().max(b.abs())
}
