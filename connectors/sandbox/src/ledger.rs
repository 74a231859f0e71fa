//! What was written to the outside world: each request that may change something, in the order of the answers.

use std::sync::{Mutex, PoisonError};

use serde_json::{Map, Value, json};

use crate::time::{iso_utc, read_text};

/// One write as the vendor saw it.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// `bruin`, `slack` …
    pub vendor: &'static str,
    pub method: String,
    /// Path without query.
    pub path: String,
    /// When the request came, ms since the epoch by the sandbox's clock.
    pub at: i64,
    /// JSON, or text when it was none.
    pub body: Value,
    /// What was answered; `None` when no head of an answer left.
    pub status: Option<u16>,
    /// Whether it changed the vendor's state. A refused write did not; one whose answer was cut off did.
    pub acted: bool,
    /// What names the request: the headers `x-request-id`, `idempotency-key`, `igzid`; of a mail its Message-ID.
    pub request_id: Option<String>,
}

/// The writes of one sandbox. Cheap to share behind an `Arc`.
#[derive(Debug, Default)]
pub struct Ledger {
    entries: Mutex<Vec<Entry>>,
    /// Moments in texts from here on depend on when the run looked, and are masked in [`Ledger::canonical`].
    start: i64,
}

impl Ledger {
    pub(crate) fn new(start: i64) -> Ledger {
        Ledger { entries: Mutex::default(), start }
    }

    pub(crate) fn add(&self, entry: Entry) {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).push(entry);
    }

    /// All writes so far.
    #[must_use]
    pub fn entries(&self) -> Vec<Entry> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The ledger as JSON, for people and for `GET /sandbox/ledger`.
    #[must_use]
    pub fn to_json(&self) -> Value {
        self.entries().iter().map(Entry::to_json).collect()
    }

    /// One line for each write, sorted, without what differs between two runs of the same work: times, request ids,
    /// order, and moments in texts that are later than the scenario's start. Equal lines mean equal ledgers.
    #[must_use]
    pub fn canonical(&self) -> Vec<String> {
        let mut lines: Vec<String> = self
            .entries()
            .iter()
            .map(|entry| {
                let body = canonical(&entry.body, self.start);
                let status = entry.status.map_or(Value::Null, Value::from);
                json!([entry.vendor, entry.method, entry.path, status, entry.acted, body]).to_string()
            })
            .collect();
        lines.sort_unstable();
        lines
    }
}

impl Entry {
    fn to_json(&self) -> Value {
        json!({
            "vendor": self.vendor,
            "method": self.method,
            "path": self.path,
            "at": iso_utc(self.at),
            "body": self.body,
            "status": self.status,
            "acted": self.acted,
            "requestId": self.request_id,
        })
    }
}

/// Keys in order, young moments masked.
fn canonical(value: &Value, start: i64) -> Value {
    match value {
        Value::String(text) => Value::String(mask_moments(text, start)),
        Value::Array(list) => list.iter().map(|item| canonical(item, start)).collect(),
        Value::Object(map) => {
            let mut keys: Vec<&String> = map.keys().collect();
            keys.sort_unstable();
            let sorted: Map<String, Value> =
                keys.into_iter().map(|key| (key.clone(), canonical(&map[key], start))).collect();
            Value::Object(sorted)
        }
        other => other.clone(),
    }
}

/// `2022-06-01 10:00:07-04:00` → `<later>`, when it is at or after `start`. Older moments are facts and stay.
fn mask_moments(text: &str, start: i64) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = moment_length(rest.as_bytes());
        let moment = length.and_then(|length| rest.get(..length));
        match moment {
            Some(moment) if read_text(moment).is_some_and(|at| at >= start) => out.push_str("<later>"),
            Some(moment) => out.push_str(moment),
            None => out.push(first),
        }
        rest = &rest[moment.map_or(first.len_utf8(), str::len)..];
    }
    out
}

/// Length of `YYYY-MM-DD[T ]HH:MM:SS[.f…][Z|±HH:MM]` at the beginning, if that is what stands there.
fn moment_length(text: &[u8]) -> Option<usize> {
    const SHAPE: &[u8; 19] = b"0000-00-00_00:00:00";
    let fits = |(have, want): (&u8, &u8)| match want {
        b'0' => have.is_ascii_digit(),
        b'_' => matches!(have, b'T' | b' '),
        other => have == other,
    };
    if text.len() < SHAPE.len() || !text.iter().zip(SHAPE).all(fits) {
        return None;
    }
    let mut length = SHAPE.len();
    if text.get(length) == Some(&b'.') {
        let digits = text[length + 1..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        length += if digits > 0 { digits + 1 } else { 0 };
    }
    match text.get(length) {
        Some(b'Z') => length += 1,
        Some(b'+' | b'-') => {
            let offset = &text[length + 1..];
            let is_offset = offset.len() >= 5
                && offset[2] == b':'
                && [0, 1, 3, 4].iter().all(|&place: &usize| offset[place].is_ascii_digit());
            length += if is_offset { 6 } else { 0 };
        }
        _ => {}
    }
    Some(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: i64 = 1_654_092_000_000; // 2022-06-01T14:00:00Z

    fn entry(at: i64, body: Value) -> Entry {
        Entry {
            vendor: "bruin",
            method: "POST".to_owned(),
            path: "/x".to_owned(),
            at,
            body,
            status: Some(200),
            acted: true,
            request_id: Some(at.to_string()),
        }
    }

    #[test]
    fn two_runs_of_the_same_work_compare_equal() {
        let (one, two) = (Ledger::new(START), Ledger::new(START));
        one.add(entry(
            1,
            json!({"note": "down since 2022-06-01 09:50:00-04:00, now 2022-06-01 10:00:01-04:00", "a": 1}),
        ));
        one.add(entry(2, json!({"note": "second"})));
        two.add(entry(7, json!({"note": "second"})));
        two.add(entry(
            9,
            json!({"a": 1, "note": "down since 2022-06-01 09:50:00-04:00, now 2022-06-01 10:03:09.250000-04:00"}),
        ));
        assert_eq!(one.canonical(), two.canonical());
        two.add(entry(9, json!({"note": "third"})));
        assert_ne!(one.canonical(), two.canonical());
    }

    #[test]
    fn only_young_moments_are_masked() {
        let masked = mask_moments(
            "é 2022-06-01T13:59:59Z | 2022-06-01 14:00:00. | 2022-06-01 10:00:00-04:00x | 2022-06-0",
            START,
        );
        assert_eq!(masked, "é 2022-06-01T13:59:59Z | <later>. | <later>x | 2022-06-0");
    }
}
