//! A mail that came, as expressions see it: `{uid, raw, subject, text}`.

use charset::Charset;
use mailparse::body::Body;
use mailparse::{DispositionType, MailHeaderMap, ParsedMail, parse_mail};
use wf_value::{Map, Value};

/// Messages inside messages that are looked into.
const DEPTH: usize = 8;

/// `raw` is the source with plain line ends; `subject` is null where there is none; `text` is the first plain text, empty where there is none.
pub(super) fn value(uid: u32, source: &[u8]) -> Value {
    let parsed = parse_mail(source).ok();
    let subject = parsed.as_ref().and_then(|mail| mail.headers.get_first_value("Subject"));
    let text = parsed.as_ref().map(text).unwrap_or_default();
    let fields = [
        ("uid".into(), Value::Int(uid.into())),
        ("raw".into(), String::from_utf8_lossy(source).replace("\r\n", "\n").into()),
        ("subject".into(), subject.map_or(Value::Null, Value::from)),
        ("text".into(), plain_lines(&text).into()),
    ];
    fields.into_iter().collect::<Map>().into()
}

/// Of several parts the first plain text that is no attachment; of one that one, whatever it is.
fn text(mail: &ParsedMail<'_>) -> String {
    if mail.subparts.is_empty() {
        return match named_charset(mail) {
            Some(charset) => decoded(mail, Some(charset)),
            // nothing says how to read it
            None => String::from_utf8_lossy(encoded(mail)).into_owned(),
        };
    }
    first_plain(mail, DEPTH).unwrap_or_default()
}

fn first_plain(part: &ParsedMail<'_>, depth: usize) -> Option<String> {
    if !part.subparts.is_empty() {
        return part.subparts.iter().find_map(|part| first_plain(part, depth));
    }
    if part.get_content_disposition().disposition == DispositionType::Attachment {
        return None;
    }
    if part.ctype.mimetype == "message/rfc822" {
        let inner = part.get_body_raw().ok()?;
        let inner = parse_mail(&inner).ok()?;
        return first_plain(&inner, depth.checked_sub(1)?);
    }
    (part.ctype.mimetype == "text/plain").then(|| decoded(part, named_charset(part)))
}

fn named_charset<'a>(part: &'a ParsedMail<'_>) -> Option<&'a str> {
    part.ctype.params.get("charset").map(String::as_str)
}

/// Without a name UTF-8; empty when nobody knows the charset. Bytes that are none of it are dropped.
fn decoded(part: &ParsedMail<'_>, charset: Option<&str>) -> String {
    let charset = match charset {
        Some(name) => Charset::for_label(name.as_bytes()),
        None => Charset::for_label(b"utf-8"),
    };
    let (Some(charset), Ok(bytes)) = (charset, part.get_body_raw()) else { return String::new() };
    charset.decode(&bytes).0.replace('\u{fffd}', "")
}

/// The body as it was sent.
fn encoded<'a>(part: &'a ParsedMail<'a>) -> &'a [u8] {
    match part.get_body_encoded() {
        Body::Base64(body) | Body::QuotedPrintable(body) => body.get_raw(),
        Body::SevenBit(body) | Body::EightBit(body) => body.get_raw(),
        Body::Binary(body) => body.get_raw(),
    }
}

/// All that ends a line is `\n`; the last one is dropped.
fn plain_lines(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let text =
        text.replace(['\r', '\u{b}', '\u{c}', '\u{1c}', '\u{1d}', '\u{1e}', '\u{85}', '\u{2028}', '\u{2029}'], "\n");
    text.strip_suffix('\n').map(str::to_owned).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(source: &str, name: &str) -> Value {
        let value = value(7, source.replace('\n', "\r\n").as_bytes());
        value.as_map().map(|map| map.get(name)).unwrap_or_default()
    }

    const MIXED: &str = "Subject: =?iso-8859-1?Q?Alerta_=F1?= plain =?utf-8?Q?_mix?=\n\
        Content-Type: multipart/mixed; boundary=B\n\n--B\nContent-Type: text/plain\nContent-Disposition: attachment; filename=a\n\nno\n\
        --B\nContent-Type: message/rfc822\n\nSubject: inner\nContent-Type: multipart/alternative; boundary=C\n\n\
        --C\nContent-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\nSe=F1al=20\nda\n\n--C--\n--B--\n";

    #[test]
    fn the_first_plain_part_is_its_text() {
        assert_eq!(field(MIXED, "text").as_str(), Some("Señal \nda"));
        assert_eq!(field(MIXED, "subject").as_str(), Some("Alerta ñ plain  mix"));
        assert_eq!(field(MIXED, "uid").as_int(), Some(7));
        assert!(field(MIXED, "raw").as_str().is_some_and(|raw| raw.contains("Se=F1al=20\nda")));
    }

    #[test]
    fn a_single_part_is_taken_whatever_it_is() {
        let html = "Subject: a\n folded one\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\n\nPGI+4oKsPC9iPg==\n";
        assert_eq!(field(html, "text").as_str(), Some("<b>€</b>"));
        assert_eq!(field(html, "subject").as_str(), Some("a folded one"));
        // without a charset as it was sent
        let raw = "Content-Transfer-Encoding: base64\n\naGk=\n";
        assert_eq!(field(raw, "text").as_str(), Some("aGk="));
        assert!(field(raw, "subject").is_null());
        let unknown = "Content-Type: text/plain; charset=klingon\n\nhi\n";
        assert_eq!(field(unknown, "text").as_str(), Some(""));
    }

    #[test]
    fn lines_end_alike_and_one_end_is_dropped() {
        assert_eq!(plain_lines("a\r\nb\rc\u{85}d\n\n"), "a\nb\nc\nd\n");
    }
}
