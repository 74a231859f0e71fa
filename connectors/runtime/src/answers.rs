//! From what came of a request to what is replied: rows, then `reply`, then what is built in (`connectors.md` §4).

use wf_expr::Truth;
use wf_plan::{AnswerRow, Request, RowTest, Status, StatusSet, Word};
use wf_value::{Text, Type, Value};

use crate::kinds;
use crate::received::Outcome;
use crate::scene::{Reads, Scene};

/// What a request, or an action, replies.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) body: Value,
    /// What it is about, where no status of the vendor tells it.
    pub(crate) word: Option<Word>,
}

/// Who judges: the rows in their scene.
pub(crate) struct Judge<'a, 's> {
    pub(crate) rows: &'a [AnswerRow],
    /// Slot of `answer`.
    pub(crate) slot: u16,
    /// The path as written, which stands for the URL.
    pub(crate) template: &'a Text,
    pub(crate) scene: &'a mut Scene<'s>,
}

impl<'a, 's> Judge<'a, 's> {
    /// Who judges the answers of a request.
    pub(crate) fn of(request: &'a Request, scene: &'a mut Scene<'s>) -> Self {
        Self { rows: &request.answers, slot: request.answer, template: &request.template, scene }
    }
}

impl Judge<'_, '_> {
    /// Steps 3 and 5: a row that holds, a word, or a status that is no 2xx. `Err`: the answer is good and nothing was said of it.
    pub(crate) fn ended(&mut self, outcome: Outcome) -> Result<Reply, Box<Outcome>> {
        match self.row(&outcome, false) {
            Ok(Some(reply)) => Ok(reply),
            Err(why) if outcome.word != Some(Word::Unusable) => Ok(self.unusable(outcome, why)),
            Ok(None) if outcome.word.is_none() && outcome.status().is_some_and(|s| (200..300).contains(&s)) => {
                Err(outcome.into())
            }
            Ok(None) | Err(_) => Ok(built_in(&outcome)),
        }
    }

    /// Step 4 of a good answer.
    pub(crate) fn mapped(&mut self, outcome: Outcome, request: &Request) -> Reply {
        let Some(received) = &outcome.received else { return built_in(&outcome) };
        let Some(written) = &request.reply else {
            return Reply { status: received.status, body: received.body.clone(), word: None };
        };
        let status = received.status;
        self.show(&outcome, Some(&request.vendor));
        let body = self.scene.read(written, Reads::of(&request.vendor));
        match fault(&body, request.output.as_ref()) {
            Some(why) => self.unusable(outcome, why),
            None => Reply { status, body, word: None },
        }
    }

    /// Sets `answer`: with the body as declared, or as it came.
    pub(crate) fn show(&mut self, outcome: &Outcome, vendor: Option<&Type>) {
        let value = outcome.to_value(self.template, |body| match vendor {
            Some(ty) => body.clone().typed(ty),
            None => body.clone(),
        });
        self.scene.set(self.slot, value);
    }

    /// Through the rows once more, as the word.
    pub(crate) fn unusable(&mut self, outcome: Outcome, why: impl Into<String>) -> Reply {
        let outcome = outcome.unusable(why);
        match self.row(&outcome, true) {
            Ok(Some(reply)) => reply,
            Ok(None) | Err(_) => built_in(&outcome),
        }
    }

    /// The first row that holds; `Err`: it is unknown whether one does, or what it says. `again`: what is unknown does not hold.
    fn row(&mut self, outcome: &Outcome, again: bool) -> Result<Option<Reply>, String> {
        self.show(outcome, None);
        for row in self.rows {
            if !is_about(&row.test, outcome) {
                continue;
            }
            let holds = row.test.condition.as_ref().map_or(Truth::Yes, |code| self.scene.truth(code));
            match holds {
                Truth::Yes => return self.says(row, outcome).map(Some),
                Truth::No => {}
                Truth::Unknown(_) if again => {}
                Truth::Unknown(why) => {
                    return Err(format!("nobody can tell what the answer means: {}", why.sentence()));
                }
            }
        }
        Ok(None)
    }

    fn says(&self, row: &AnswerRow, outcome: &Outcome) -> Result<Reply, String> {
        let built_in = built_in(outcome);
        let status = match row.status.as_ref().map(|status| self.scene.told(status)) {
            None | Some(Value::Null) => built_in.status,
            Some(value) => status(&value).ok_or_else(|| format!("the status of the reply is {}", value.kind()))?,
        };
        let body = match &row.body {
            None => built_in.body,
            Some(body) => self.scene.told(body),
        };
        match fault(&body, None) {
            Some(why) => Err(why),
            None => Ok(Reply { status, body, word: outcome.word }),
        }
    }
}

/// Why a value cannot be a reply: something in it is unknown or secret, or it is of another kind than what callers are promised.
pub(crate) fn fault(body: &Value, output: Option<&Type>) -> Option<String> {
    if body.has_secret() {
        return Some("the reply holds a secret".to_owned());
    }
    if let Some(why) = body.first_unknown() {
        return Some(why.sentence());
    }
    let output = output.filter(|output| !kinds::fits(body, output))?;
    Some(format!("the reply is {}, it should be {}", body.kind(), output.noun()))
}

/// A status that can stand in a reply.
pub(crate) fn status(value: &Value) -> Option<u16> {
    let number = match value {
        Value::Text(text) => wf_value::whole(text)?,
        value => value.as_int()?,
    };
    u16::try_from(number).ok().filter(|status| (100..1000).contains(status))
}

/// Whether a row is about such an outcome. One that only has a condition is about 2xx.
fn is_about(test: &RowTest, outcome: &Outcome) -> bool {
    if test.is.0.is_empty() {
        return outcome.word.is_none() && outcome.status().is_some_and(|status| (200..300).contains(&status));
    }
    names(&test.is, outcome)
}

/// Whether one of these names the outcome. Beside a word no status, `any` or `failure` does; but a login that was refused with a status is
/// that status as well.
pub(crate) fn names(set: &StatusSet, outcome: &Outcome) -> bool {
    let plain = outcome.word.is_none() || outcome.word == Some(Word::NotLoggedIn);
    set.0.iter().any(|is| match (*is, outcome.status()) {
        (Status::Word(Word::Any), status) => plain && status.is_some(),
        (Status::Word(Word::Failure), status) => plain && status.is_some_and(|status| !(200..300).contains(&status)),
        (Status::Word(Word::NoAnswer), _) => {
            matches!(outcome.word, Some(Word::NoAnswer | Word::NoConnection | Word::Timeout))
        }
        (Status::Word(word), _) => outcome.word == Some(word),
        (range @ Status::Range(..), Some(status)) => plain && range.holds(status),
        (Status::Range(..), None) => false,
    })
}

/// What is replied when no row says anything.
pub(crate) fn built_in(outcome: &Outcome) -> Reply {
    let text = || Value::from(outcome.message.as_str());
    let body = || outcome.received.as_ref().map_or_else(text, |received| received.body.clone());
    let (status, body) = match outcome.word {
        None | Some(Word::Any | Word::Failure) => {
            (outcome.status().filter(|status| *status >= 100).unwrap_or(500), body())
        }
        Some(Word::NoConnection | Word::NoAnswer) => (500, text()),
        Some(Word::Timeout) => (504, text()),
        Some(Word::Unusable) => (502, text()),
        Some(Word::NotLoggedIn) => (401, body()),
        Some(Word::NoAccount) => (404, text()),
        Some(Word::BadInput) => (400, text()),
    };
    Reply { status, body, word: outcome.word }
}
