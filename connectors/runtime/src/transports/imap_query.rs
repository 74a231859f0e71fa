//! What is asked of a mailbox, in the words of IMAP.

use wf_expr::Written;
use wf_plan::mailbox::{DAYS, SIZES, STATES, TEXTS};
use wf_value::Value;

use super::imap_session::{Pieces, quoted};
use crate::outgoing::{Bad, NotBuilt, plain};
use crate::scene::Scene;

/// The folder in quotes.
pub(super) fn folder(written: Option<&Written>, scene: &Scene<'_>) -> Result<String, NotBuilt> {
    let value = written.map(|written| scene.value(written)).unwrap_or_default();
    if let Some(why) = value.first_unknown() {
        return Err(why.into());
    }
    let text = plain(&value).filter(|text| !text.is_empty()).ok_or_else(|| Bad::value("the folder", &value))?;
    quoted(&utf7(&text)).ok_or_else(|| bad("the folder", "holds what no name of a folder can hold"))
}

/// `UID SEARCH UNSEEN SINCE 31-May-2022 FROM "a@b.example"`; all mails where nothing is said. Texts beyond ASCII are sent as bytes.
pub(super) fn search(written: &Value) -> Result<Pieces, NotBuilt> {
    let map = match written {
        Value::Map(map) => map,
        Value::Null => return Ok(vec!["UID SEARCH ALL".to_owned()]),
        other => return Err(bad("criteria", &format!("are {}, they should be a map", other.kind()))),
    };
    let words = map.raw_iter().map(|(name, value)| one(name, value)).collect::<Result<Vec<_>, _>>()?;
    let charset = if words.iter().any(|(_, bytes)| bytes.is_some()) { " CHARSET UTF-8" } else { "" };
    let mut pieces = vec![format!("UID SEARCH{charset}")];
    for (word, bytes) in &words {
        if let Some(line) = pieces.last_mut() {
            line.push(' ');
            line.push_str(word);
        }
        if let Some(text) = bytes {
            if let Some(line) = pieces.last_mut() {
                line.push_str(&format!(" {{{}}}", text.len()));
            }
            pieces.push(text.clone());
        }
    }
    if words.is_empty() {
        pieces = vec!["UID SEARCH ALL".to_owned()];
    }
    Ok(pieces)
}

/// A criterion; the second is its text, where no quotes can hold it.
fn one(name: &str, value: &Value) -> Result<(String, Option<String>), NotBuilt> {
    let word = name.to_ascii_uppercase();
    let is = |all: &[&str]| all.contains(&name);
    if is(&STATES) {
        return match value {
            Value::Bool(true) => Ok((word, None)),
            Value::Bool(false) => Ok((format!("NOT {word}"), None)),
            other => Err(bad(name, &format!("is {}, it should be true or false", other.kind()))),
        };
    }
    if is(&DAYS) {
        return Ok((format!("{word} {}", day(name, value)?), None));
    }
    if is(&TEXTS) {
        let text = plain(value).filter(|text| !text.is_empty()).ok_or_else(|| Bad::value(name, value))?;
        if text.contains(['\r', '\n', '\0']) {
            return Err(bad(name, "holds what no search can hold"));
        }
        return Ok(match quoted(&text) {
            Some(quoted) => (format!("{word} {quoted}"), None),
            None => (word, Some(text)),
        });
    }
    if is(&SIZES) {
        let size = value.as_int().filter(|size| *size >= 0);
        return size
            .map(|size| (format!("{word} {size}"), None))
            .ok_or_else(|| bad(name, "should be a number of bytes"));
    }
    Err(bad(name, "is nothing that mails are searched by"))
}

/// The day of a moment in UTC, or `2022-05-31`, as `31-May-2022`.
fn day(name: &str, value: &Value) -> Result<String, NotBuilt> {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let date = match value {
        Value::Time(time) => Some(jiff::tz::TimeZone::UTC.to_datetime(time.at).date()),
        Value::Text(text) => text.as_str().parse::<jiff::civil::Date>().ok(),
        _ => None,
    };
    let date = date.ok_or_else(|| bad(name, "should be a day"))?;
    let month = usize::try_from(date.month() - 1).ok().and_then(|at| MONTHS.get(at)).copied().unwrap_or("Jan");
    Ok(format!("{}-{month}-{:04}", date.day(), date.year()))
}

/// `3,7:9`
pub(super) fn uids(written: &Value) -> Result<String, NotBuilt> {
    let all = match written {
        Value::List(list) => list.raw().as_slice(),
        Value::Null => &[],
        one => std::slice::from_ref(one),
    };
    let fits = |text: &String| {
        !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b':' | b'*')) && text != "0"
    };
    let words: Option<Vec<String>> = all.iter().map(|uid| plain(uid).filter(fits)).collect();
    let words = words.filter(|words| !words.is_empty());
    // what is no uid is one that no server takes
    words.map(|words| words.join(",")).ok_or_else(|| NotBuilt::Unusable("`uids` holds no uid of a mail".to_owned()))
}

/// Whether a mail is one of `3,7:9`.
pub(super) fn is_among(uids: &str, uid: u32) -> bool {
    let end = |text: &str| text.parse().unwrap_or(u32::MAX);
    uids.split(',').any(|part| match part.split_once(':') {
        Some((a, b)) => (end(a).min(end(b))..=end(a).max(end(b))).contains(&uid),
        // the last mail, whichever it is
        None if part == "*" => true,
        None => end(part) == uid,
    })
}

/// `\Seen \Flagged`; `None`: there are none.
pub(super) fn flags(written: &Value) -> Result<Option<String>, NotBuilt> {
    let all = match written {
        Value::List(list) => list.raw().as_slice(),
        Value::Null => return Ok(None),
        one => std::slice::from_ref(one),
    };
    let fits = |flag: &String| {
        let name = flag.strip_prefix('\\').unwrap_or(flag);
        !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'$' | b'.'))
    };
    let words: Option<Vec<String>> = all.iter().map(|flag| plain(flag).filter(fits)).collect();
    let words = words.ok_or_else(|| bad("flags", "hold what is no flag, as in `\\Seen`"))?;
    Ok((!words.is_empty()).then(|| words.join(" ")))
}

/// Names of folders stand in an encoding of their own (RFC 3501, 5.1.3).
fn utf7(name: &str) -> String {
    use base64::Engine;
    let mut out = String::with_capacity(name.len());
    let mut rest = name;
    while let Some(c) = rest.chars().next() {
        if (' '..='~').contains(&c) {
            out.push(c);
            if c == '&' {
                out.push('-');
            }
            rest = &rest[c.len_utf8()..];
            continue;
        }
        let end = rest.find(|c: char| (' '..='~').contains(&c)).unwrap_or(rest.len());
        let units: Vec<u8> = rest[..end].encode_utf16().flat_map(u16::to_be_bytes).collect();
        let encoded = base64::engine::general_purpose::STANDARD_NO_PAD.encode(units).replace('/', ",");
        out.push_str(&format!("&{encoded}-"));
        rest = &rest[end..];
    }
    out
}

fn bad(place: &str, expectation: &str) -> NotBuilt {
    Bad { place: place.to_owned(), expectation: expectation.to_owned() }.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn searched(json: &str) -> Result<String, String> {
        let value = wf_value::decode(json).unwrap_or_default();
        let pieces = search(&value).map(|pieces| pieces.join("|"));
        pieces.map_err(|why| match why {
            NotBuilt::Bad(bad) => format!("{} {}", bad.place, bad.expectation),
            NotBuilt::Unusable(why) | NotBuilt::NoAccount(why) => why,
        })
    }

    #[test]
    fn criteria_are_words_in_their_order() {
        let all = searched(r#"{"unseen":true,"since":"2022-05-31","from":"\"B\" <b@x>","flagged":false,"larger":10}"#);
        assert_eq!(
            all.as_deref(),
            Ok(r#"UID SEARCH UNSEEN SINCE 31-May-2022 FROM "\"B\" <b@x>" NOT FLAGGED LARGER 10"#)
        );
        assert_eq!(searched("{}").as_deref(), Ok("UID SEARCH ALL"));
        let two = searched(r#"{"subject":"Entwürfe","unseen":true,"from":"台"}"#);
        assert_eq!(two.as_deref(), Ok("UID SEARCH CHARSET UTF-8 SUBJECT {9}|Entwürfe UNSEEN FROM {3}|台"));
        assert_eq!(searched(r#"{"from":"a\r\nb"}"#), Err("from holds what no search can hold".to_owned()));
        assert_eq!(searched(r#"{"colour":"red"}"#), Err("colour is nothing that mails are searched by".to_owned()));
        assert_eq!(searched(r#"{"since":"yesterday"}"#), Err("since should be a day".to_owned()));
    }

    #[test]
    fn nothing_slips_into_a_command() {
        let read = |json: &str| wf_value::decode(json).unwrap_or_default();
        assert_eq!(uids(&read(r#"["8", 9]"#)).ok().as_deref(), Some("8,9"));
        for no in [r#"["8 (FLAGS)"]"#, "[]", r#"[""]"#, "[-1]", "[0]", "[1.5]"] {
            assert!(uids(&read(no)).is_err(), "{no}");
        }
        assert_eq!(flags(&read(r#"["\\Seen", "$Done"]"#)).ok().flatten().as_deref(), Some("\\Seen $Done"));
        assert!(flags(&read(r#"["\\Seen) x"]"#)).is_err());
        assert!(is_among("3,9:7", 8) && is_among("8:*", 9) && is_among("*", 5) && !is_among("3,7:9", 4));
    }

    #[test]
    fn folders_have_an_alphabet_of_their_own() {
        assert_eq!(utf7("[Gmail]/Alle & mehr"), "[Gmail]/Alle &- mehr");
        assert_eq!(utf7("Entwürfe"), "Entw&APw-rfe");
        assert_eq!(utf7("台北"), "&U,BTFw-");
    }
}
