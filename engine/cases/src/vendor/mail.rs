//! Mails as cases speak of them.

use mailparse::{DispositionType, MailHeaderMap, ParsedMail, parse_mail};
use wf_syntax::tree::Node;
use wf_value::{Map, MapBuilder, Value};

use super::answer::{Act, word};
use super::asked::Asked;
use crate::data;
use crate::expected::{Expected, What};

/// What a case may leave out of a mail, and what it then says.
const LISTS: [&str; 2] = ["attachments", "inline"];
const TEXTS: [&str; 3] = ["subject", "text", "html"];

/// The mail that a case expects, whole: what it leaves out is not there.
pub(super) fn expected(node: &Node) -> Expected {
    let mut expected = Expected::read(node);
    if let What::Map(entries) = &mut expected.what {
        let missing = |name: &&&str| !entries.iter().any(|(known, _)| known.as_str() == **name);
        let lists = LISTS.iter().filter(missing).map(|name| (*name, What::List(vec![])));
        let texts = TEXTS.iter().filter(missing).map(|name| (*name, What::Is(Value::Null)));
        let added: Vec<_> = lists.chain(texts).collect();
        let span = expected.span;
        entries.extend(added.into_iter().map(|(name, what)| (name.into(), Expected { what, span })));
    }
    expected
}

/// A mail as it came: its headers, and `{from, to, subject, text, html, attachments, inline}` in JSON.
///
/// # Errors
/// It cannot be read; a sentence.
pub(super) fn asked(from: &str, to: &[String], source: &[u8]) -> Result<Asked, String> {
    let mail = parse_mail(source).map_err(|why| format!("a mail cannot be read: {why}"))?;
    let mut parts = Parts::default();
    parts.add(&mail)?;
    let text = |text: Option<String>| text.map_or(Value::Null, |text| text.as_str().into());
    let fields = [
        ("from".into(), from.into()),
        ("to".into(), to.iter().map(|one| Value::from(one.as_str())).collect::<Vec<_>>().into()),
        ("subject".into(), text(mail.headers.get_first_value("Subject"))),
        ("text".into(), text(parts.text)),
        ("html".into(), text(parts.html)),
        ("attachments".into(), parts.attachments.into()),
        ("inline".into(), parts.inline.into()),
    ];
    let json = Value::from(fields.into_iter().collect::<Map>()).encode().map_err(|why| why.to_string())?;
    let headers = mail.headers.iter().map(|header| (header.get_key().to_ascii_lowercase(), header.get_value()));
    Ok(Asked { method: "SMTP".to_owned(), headers: headers.collect(), body: json.into_bytes(), ..Asked::default() })
}

#[derive(Default)]
struct Parts {
    text: Option<String>,
    html: Option<String>,
    attachments: Vec<Value>,
    inline: Vec<Value>,
}

impl Parts {
    fn add(&mut self, part: &ParsedMail<'_>) -> Result<(), String> {
        if !part.subparts.is_empty() {
            return part.subparts.iter().try_for_each(|part| self.add(part));
        }
        let unreadable = |why: mailparse::MailParseError| format!("a part of a mail cannot be read: {why}");
        let kind = part.ctype.mimetype.as_str();
        let disposition = part.get_content_disposition();
        let mut file = MapBuilder::default();
        let id = part.headers.get_first_value("Content-ID");
        let is_attached = disposition.disposition == DispositionType::Attachment;
        if !is_attached && id.is_none() {
            let body = part.get_body().map_err(unreadable)?.replace("\r\n", "\n");
            let place = if kind == "text/html" { &mut self.html } else { &mut self.text };
            place.get_or_insert(body);
            return Ok(());
        }
        let bytes = part.get_body_raw().map_err(unreadable)?;
        match &id {
            Some(id) if !is_attached => file.insert("id".into(), id.trim_matches(['<', '>']).into()),
            _ => {
                let name = disposition.params.get("filename").map(String::as_str);
                file.insert("name".into(), name.map_or(Value::Null, Value::from));
            }
        }
        file.insert("content_type".into(), kind.into());
        file.insert("size".into(), Value::Int(i64::try_from(bytes.len()).unwrap_or(i64::MAX)));
        if let Ok(text) = String::from_utf8(bytes) {
            file.insert("text".into(), text.as_str().into());
        }
        let list = if is_attached { &mut self.attachments } else { &mut self.inline };
        list.push(file.finish().into());
        Ok(())
    }
}

impl Act {
    /// `accepted`, `{code, text}`, `{recipients}`, `refused`, `silence` or `cut`.
    pub(super) fn read_smtp(node: &Node) -> Result<Self, String> {
        if let Some(said) = node.as_text() {
            if said == "accepted" {
                return Ok(Self::Accepted { refused: Vec::new() });
            }
            return word(said).ok_or_else(|| format!("a mail server does not answer `{said}`"));
        }
        if let Some(recipients) = node.get("recipients") {
            return Ok(Self::Accepted { refused: refused(&data::value(recipients)) });
        }
        let (code, text) = said(&data::value(node)).ok_or("a mail server says `accepted`, or a code and a text")?;
        Ok(Self::Said { code, text })
    }
}

/// Addresses with what is said to each: `{address: {code, text}}`, or a list of addresses.
fn refused(recipients: &Value) -> Vec<(String, u16, String)> {
    const UNKNOWN: (u16, &str) = (550, "5.1.1 no such mailbox");
    let of = |address: &str, value: &Value| {
        let (code, text) = said(value).unwrap_or_else(|| (UNKNOWN.0, UNKNOWN.1.to_owned()));
        (address.to_owned(), code, text)
    };
    match recipients {
        Value::List(list) => list.raw().iter().filter_map(|one| Some(of(one.as_str()?, &Value::Null))).collect(),
        Value::Map(map) => map.raw_iter().map(|(address, value)| of(address, value)).collect(),
        _ => Vec::new(),
    }
}

/// `{code, text}`, or a code alone.
fn said(value: &Value) -> Option<(u16, String)> {
    let code = |value: &Value| u16::try_from(value.as_int()?).ok().filter(|code| (400..600).contains(code));
    let Value::Map(map) = value else { return Some((code(value)?, "no".to_owned())) };
    let text = map.raw("text").map(|text| text.print_lenient().to_string()).unwrap_or_default();
    Some((code(map.raw("code")?)?, text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::tests::node;

    #[test]
    fn answers_of_mail_servers_are_read() {
        let read = |text: &str| Act::read_smtp(&node(text));
        assert_eq!(read("accepted"), Ok(Act::Accepted { refused: vec![] }));
        assert_eq!(read("{code: 535, text: 5.7.8 no}"), Ok(Act::Said { code: 535, text: "5.7.8 no".into() }));
        let refused = vec![("a@b.example".to_owned(), 550, "5.1.1 no such mailbox".to_owned())];
        assert_eq!(read("{recipients: [a@b.example]}"), Ok(Act::Accepted { refused }));
        let refused = vec![("a@b.example".to_owned(), 452, "full".to_owned())];
        assert_eq!(read("{recipients: {a@b.example: {code: 452, text: full}}}"), Ok(Act::Accepted { refused }));
        assert_eq!(read("cut"), Ok(Act::Cut));
        assert!(read("{code: 250}").is_err() && read("perhaps").is_err());
    }
}
