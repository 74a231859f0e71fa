//! A mail as it leaves: from `mail: {from, to, subject, text, html, images, attachments, attachment_type}`.

use std::time::{Duration, SystemTime};

use lettre::message::header::{ContentTransferEncoding, ContentType};
use lettre::message::{Attachment, Body, Mailbox, Mailboxes, MultiPart, SinglePart};
use lettre::{Address, Message};
use wf_value::{Map, Value};

use crate::outgoing::{Bad, NotBuilt, plain};

/// A mail, ready to leave.
pub(crate) struct Mail {
    pub(crate) from: Address,
    pub(crate) to: Vec<Address>,
    pub(crate) source: Vec<u8>,
}

/// What the file's `mail` says, made at `now`. Its Message-ID is that of the request, where it is one of ours, else made from `seed`: the same
/// when the same mail is made again.
pub(crate) fn mail(value: &Value, now: jiff::Timestamp, request_id: &Value, seed: u128) -> Result<Mail, NotBuilt> {
    let Value::Map(map) = value else {
        return Err(NotBuilt::Unusable(format!("the mail is {}, it should be a map", value.kind())));
    };
    let from: Mailbox = text(map, "from")?.parse().map_err(|_| no_address("from"))?;
    let to = recipients(map)?;
    let domain = from.email.domain().to_owned();
    let mut message = Message::builder()
        .from(from.clone())
        .subject(optional(map, "subject")?.unwrap_or_default())
        .message_id(Some(format!("<{}@{domain}>", name(request_id, seed))))
        .date(moment(now));
    for mailbox in to.iter() {
        message = message.to(mailbox.clone());
    }
    let message = message.multipart(parts(map)?);
    let message = message.map_err(|why| NotBuilt::Unusable(format!("the mail cannot be written: {why}")))?;
    let to = to.into_iter().map(|mailbox| mailbox.email).collect();
    Ok(Mail { from: from.email, to, source: message.formatted() })
}

/// What stands before the `@`: letters and digits only, whatever an old service takes for an id.
fn name(request_id: &Value, seed: u128) -> String {
    const LONGEST: usize = 64;
    let is_name = |id: &&str| !id.is_empty() && id.len() <= LONGEST && id.bytes().all(|b| b.is_ascii_alphanumeric());
    request_id.as_str().filter(is_name).map_or_else(|| format!("{seed:032x}"), str::to_owned)
}

/// `multipart/related` of the text in its two forms, images, attachments.
fn parts(map: &Map) -> Result<MultiPart, NotBuilt> {
    let (text, html) = (optional(map, "text")?, optional(map, "html")?);
    let related = match (text, html) {
        (text, Some(html)) => {
            let both = match text {
                Some(text) => MultiPart::alternative().singlepart(SinglePart::plain(text)),
                None => MultiPart::alternative().build(),
            };
            MultiPart::related().multipart(both.singlepart(SinglePart::html(html)))
        }
        (text, None) => MultiPart::related().singlepart(SinglePart::plain(text.unwrap_or_default())),
    };
    let mut related = related;
    for (name, data) in files(map, "images")? {
        let kind = image_type(&data).ok_or_else(|| bad("images", "holds what is no picture"))?;
        related = related.singlepart(Attachment::new_inline(name).body(base64(data)?, content_type(kind)?));
    }
    let kind = optional(map, "attachment_type")?.unwrap_or_else(|| "application/octet-stream".to_owned());
    for (name, data) in files(map, "attachments")? {
        related = related.singlepart(Attachment::new(name).body(base64(data)?, content_type(&kind)?));
    }
    Ok(related)
}

/// As one text, divided by `, `, or as a list of texts.
fn recipients(map: &Map) -> Result<Mailboxes, NotBuilt> {
    let written: Vec<String> = match map.raw("to") {
        Some(Value::List(list)) => list.raw().iter().filter_map(plain).collect(),
        _ => text(map, "to")?.split(", ").map(str::to_owned).collect(),
    };
    let mut to = Mailboxes::new();
    for one in written.iter().map(|one| one.trim()).filter(|one| !one.is_empty()) {
        to.push(one.parse().map_err(|_| no_address("to"))?);
    }
    if to.iter().next().is_none() { Err(no_address("to")) } else { Ok(to) }
}

/// Name and bytes of each of `[{name, data}]`.
fn files(map: &Map, key: &str) -> Result<Vec<(String, Vec<u8>)>, NotBuilt> {
    let list = match map.raw(key) {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::List(list)) => list,
        Some(other) => return Err(bad(key, &format!("is {}, it should be a list", other.kind()))),
    };
    let file = |file: &Value| {
        let fields = file.as_map();
        let name = fields.and_then(|fields| plain(fields.raw("name")?));
        let data = fields.and_then(|fields| match fields.raw("data")? {
            Value::Bytes(bytes) => Some(bytes.to_vec()),
            other => plain(other).map(String::into_bytes),
        });
        name.zip(data).ok_or_else(|| bad(key, "should be a list of {name, data}"))
    };
    list.raw().iter().map(file).collect()
}

/// Whole seconds, which is all that mails know.
fn moment(now: jiff::Timestamp) -> SystemTime {
    let since = Duration::from_secs(u64::try_from(now.as_second()).unwrap_or_default());
    SystemTime::UNIX_EPOCH.checked_add(since).unwrap_or(SystemTime::UNIX_EPOCH)
}

fn text(map: &Map, key: &str) -> Result<String, NotBuilt> {
    optional(map, key)?.filter(|text| !text.is_empty()).ok_or_else(|| bad(key, "is missing"))
}

fn optional(map: &Map, key: &str) -> Result<Option<String>, NotBuilt> {
    match map.raw(key) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => plain(value).map(Some).ok_or_else(|| Bad::value(key, value).into()),
    }
}

fn base64(data: Vec<u8>) -> Result<Body, NotBuilt> {
    Body::new_with_encoding(data, ContentTransferEncoding::Base64)
        .map_err(|_| NotBuilt::Unusable("a file cannot be attached".to_owned()))
}

fn content_type(kind: &str) -> Result<ContentType, NotBuilt> {
    ContentType::parse(kind).map_err(|_| bad("attachment_type", "is no content type"))
}

/// What the first bytes say.
fn image_type(data: &[u8]) -> Option<&'static str> {
    const KNOWN: [(&[u8], &str); 7] = [
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"GIF87a", "image/gif"),
        (b"GIF89a", "image/gif"),
        (b"BM", "image/bmp"),
        (b"II*\0", "image/tiff"),
        (b"MM\0*", "image/tiff"),
    ];
    if data.starts_with(b"RIFF") && data.get(8..12) == Some(b"WEBP") {
        return Some("image/webp");
    }
    KNOWN.iter().find(|(beginning, _)| data.starts_with(beginning)).map(|(_, kind)| *kind)
}

fn no_address(place: &str) -> NotBuilt {
    bad(place, "holds what is no mail address")
}

fn bad(place: &str, expectation: &str) -> NotBuilt {
    NotBuilt::Bad(Bad { place: place.to_owned(), expectation: expectation.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: &str = "2022-06-01T12:00:00Z";

    fn made(json: &str) -> Result<(Vec<String>, String), NotBuilt> {
        let value = wf_value::decode(json).unwrap_or_default();
        let mail = mail(&value, NOON.parse().unwrap_or_default(), &Value::Null, 0xabc)?;
        let to = mail.to.iter().map(ToString::to_string).collect();
        Ok((to, String::from_utf8_lossy(&mail.source).into_owned()))
    }

    fn refused(json: &str) -> String {
        match made(json) {
            Err(NotBuilt::Bad(bad)) => format!("{} {}", bad.place, bad.expectation),
            Err(NotBuilt::Unusable(why) | NotBuilt::NoAccount(why)) => why,
            Ok((_, source)) => panic!("{json} was written: {source}"),
        }
    }

    #[test]
    fn a_mail_has_its_text_twice_and_says_when_and_to_whom() {
        let json = r#"{"from":"Desk <desk@a.example>","to":"x@b.example, Why <y@b.example>","subject":"Gr\u00fc\u00dfe","text":"hi","html":"<b>hi</b>"}"#;
        let (to, source) = made(json).unwrap_or_default();
        assert_eq!(to, ["x@b.example", "y@b.example"]);
        for line in [
            "From: Desk <desk@a.example>",
            "Subject: =?utf-8?b?R3LDvMOfZQ==?=",
            "Message-ID: <00000000000000000000000000000abc@a.example>",
            "Date: Wed, 01 Jun 2022 12:00:00 +0000",
            "multipart/related",
            "multipart/alternative",
            "text/plain; charset=utf-8",
            "text/html; charset=utf-8",
        ] {
            assert!(source.contains(line), "{line}\n{source}");
        }
    }

    #[test]
    fn a_mail_is_called_as_its_request_is() {
        assert_eq!(name(&Value::text("2Ja26WbRKHNFuNugzZZ9nE"), 1), "2Ja26WbRKHNFuNugzZZ9nE");
        for odd in [Value::Null, Value::text(""), Value::text("a b>"), Value::Int(7), "x".repeat(65).into()] {
            assert_eq!(name(&odd, 0xabc), "00000000000000000000000000000abc", "{odd:?}");
        }
    }

    #[test]
    fn pictures_are_known_by_their_bytes_and_files_by_what_is_said() {
        let bytes = |data: &[u8]| Value::Bytes(data.into());
        let file = |name: &str, data: &[u8]| {
            let fields = [("name".into(), Value::text(name)), ("data".into(), bytes(data))];
            Value::from(vec![fields.into_iter().collect::<Map>().into()])
        };
        let fields = |image: &[u8]| -> Value {
            let fields = [
                ("from".into(), "a@a.example".into()),
                ("to".into(), "b@b.example".into()),
                ("html".into(), "<img src='cid:logo'>".into()),
                ("images".into(), file("logo", image)),
                ("attachments".into(), file("t.csv", b"1,2")),
                ("attachment_type".into(), "text/csv; charset=utf-8".into()),
            ];
            fields.into_iter().collect::<Map>().into()
        };
        let source = mail(&fields(b"GIF89a..."), jiff::Timestamp::UNIX_EPOCH, &Value::Null, 1).map(|mail| mail.source);
        let source = String::from_utf8_lossy(&source.unwrap_or_default()).into_owned();
        for part in ["Content-ID: <logo>", "image/gif", "text/csv; charset=utf-8", "filename=\"t.csv\"", "MSwy"] {
            assert!(source.contains(part), "{part}\n{source}");
        }
        assert!(mail(&fields(b"%PDF"), jiff::Timestamp::UNIX_EPOCH, &Value::Null, 1).is_err(), "no picture");
    }

    #[test]
    fn what_is_no_mail_is_refused_by_name() {
        assert_eq!(refused(r#"{"to":"a@b.example"}"#), "from is missing");
        assert_eq!(refused(r#"{"from":"a@b.example","to":", "}"#), "to holds what is no mail address");
        assert_eq!(refused(r#"{"from":"a@b.example","to":"nobody"}"#), "to holds what is no mail address");
        let attached = r#"{"from":"a@b.example","to":"a@b.example","attachments":[{"name":"x"}]}"#;
        assert_eq!(refused(attached), "attachments should be a list of {name, data}");
    }
}
