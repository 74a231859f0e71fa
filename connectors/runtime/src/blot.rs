//! What a vendor says when he refuses may repeat the login that he refuses: it is blotted out before anybody reads it.

use std::borrow::Cow;

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use wf_value::Value;

const BLOT: &str = "***";

/// A shorter secret is a word that answers are full of.
const SHORTEST: usize = 6;

/// Secrets, in every spelling that is looked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Blotter {
    spellings: Vec<String>,
}

impl Blotter {
    /// All secrets that stand in settings.
    pub(crate) fn of(settings: &[Value]) -> Self {
        let mut blotter = Self::default();
        for value in settings {
            blotter.gather(value, false);
        }
        blotter
    }

    fn gather(&mut self, value: &Value, secret: bool) {
        match value {
            Value::Secret(inner) => self.gather(inner.expose(), true),
            Value::List(list) => list.raw().iter().for_each(|item| self.gather(item, secret)),
            Value::Map(map) => map.raw_values().iter().for_each(|item| self.gather(item, secret)),
            Value::Text(text) if secret => self.add(text),
            _ => {}
        }
    }

    /// One more secret. Of a URL, as that of a webhook, the path alone is one already.
    pub(crate) fn add(&mut self, secret: &str) {
        let path = secret.split_once("://").and_then(|(_, rest)| rest.find('/').and_then(|at| rest.get(at..)));
        for text in [Some(secret), path].into_iter().flatten().filter(|text| text.len() >= SHORTEST) {
            self.spellings.push(text.to_owned());
            let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
            if escaped != text {
                self.spellings.push(escaped);
            }
        }
        // a long one goes before a part of it
        self.spellings.sort_by_key(|spelling| std::cmp::Reverse(spelling.len()));
    }

    /// The text without them, plain or inside of base64.
    pub(crate) fn blot<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut blotted = Cow::Borrowed(text);
        for spelling in &self.spellings {
            if blotted.contains(spelling.as_str()) {
                blotted = Cow::Owned(blotted.replace(spelling.as_str(), BLOT));
            }
        }
        let coded: Vec<String> = words(&blotted).filter(|word| self.is_coded(word)).map(str::to_owned).collect();
        for word in coded {
            blotted = Cow::Owned(blotted.replace(&word, BLOT));
        }
        blotted
    }

    /// Whether a word is base64 of something that holds a secret.
    fn is_coded(&self, word: &str) -> bool {
        const LENIENT: GeneralPurposeConfig =
            GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
        let decoded = GeneralPurpose::new(&STANDARD, LENIENT).decode(word).unwrap_or_default();
        let holds = |spelling: &String| {
            decoded.len() >= spelling.len() && decoded.windows(spelling.len()).any(|part| part == spelling.as_bytes())
        };
        self.spellings.iter().any(holds)
    }
}

/// Words that may be base64 of a secret.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let is_inside = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=');
    text.split(move |c: char| !is_inside(c)).filter(|word| word.len() > SHORTEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blotter() -> Blotter {
        let accounts = wf_value::decode(r#"{"a@x.example":"pa\"ss-word"}"#).unwrap_or_default();
        let settings =
            [Value::text("s3cret-1").secret(), accounts.secret(), Value::text("ann"), Value::text("ab").secret()];
        Blotter::of(&settings)
    }

    #[test]
    fn secrets_go_in_every_spelling() {
        for (said, left) in [
            ("535 no: s3cret-1", "535 no: ***"),
            (r#"NO LOGIN "ann" "pa\"ss-word""#, r#"NO LOGIN "ann" "***""#),
            ("535 you said AUTH PLAIN AGFubgBzM2NyZXQtMQ==.", "535 you said AUTH PLAIN ***."),
            ("Basic YW5uOnMzY3JldC0x", "Basic ***"),
            ("about ann, nothing", "about ann, nothing"),
        ] {
            assert_eq!(blotter().blot(said), left);
        }
    }

    #[test]
    fn the_path_of_a_secret_address_is_one() {
        let mut blotter = Blotter::default();
        blotter.add("https://hooks.example.com/services/T1/B2");
        assert_eq!(blotter.blot("no such hook: /services/T1/B2"), "no such hook: ***");
    }
}
