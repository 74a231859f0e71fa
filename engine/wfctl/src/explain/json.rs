//! A story for programs.

use serde_json::{Value as Json, json};
use wf_source::Files;

use super::entry::Entry;
use super::sentence::Sentence;
use super::story::Story;

/// The conclusion as a list of `{text, place?, why}`; `why`: it gives a reason for the sentence before.
#[must_use]
pub fn sentences(all: &[Sentence]) -> Json {
    let sentence = |one: &Sentence| {
        let place = Some(&one.place).filter(|place| !place.is_empty());
        json!({"text": one.text, "place": place, "why": one.level > 0})
    };
    all.iter().map(sentence).collect()
}

/// A list of `{address, place, what, text, saw: [{name, value, from?}], result}`, in the order of the story.
#[must_use]
pub fn entries(story: &Story, files: &Files) -> Json {
    story.entries().into_iter().map(|one| entry(one, files)).collect()
}

/// `{address, place, what, text, saw, result}`
#[must_use]
pub fn entry(entry: &Entry, files: &Files) -> Json {
    let place = files.get(entry.span.file).map(|_| files.locate(entry.span));
    let saw = entry.saw.iter().map(|saw| {
        let mut one = json!({"name": saw.name, "value": saw.value});
        if let (Some(from), Some(members)) = (&saw.from, one.as_object_mut()) {
            members.insert("from".into(), from.as_str().into());
        }
        one
    });
    json!({
        "address": entry.address.to_string(),
        "place": place,
        "what": entry.what.word(),
        "text": entry.words(),
        "saw": saw.collect::<Vec<_>>(),
        "result": entry.result,
    })
}
