//! A mail as the ledger shows it.

use mailparse::{DispositionType, MailHeaderMap, ParsedMail, parse_mail};
use serde_json::{Value, json};

/// The id of its request, which its Message-ID begins with, and `{from, to, subject, text, html, inline, attachments}`; a mail that cannot be read is shown as it came.
pub(crate) fn readable(from: Option<&str>, to: &[String], source: &[u8]) -> (Option<String>, Value) {
    let Ok(mail) = parse_mail(source) else {
        return (None, json!({"from": from, "to": to, "source": String::from_utf8_lossy(source)}));
    };
    let header = |name: &str| mail.headers.get_first_value(name);
    let mut parts = Parts::default();
    parts.add(&mail);
    let body = json!({
        "from": from,
        "to": to,
        "subject": header("Subject"),
        "text": parts.text,
        "html": parts.html,
        "inline": parts.inline,
        "attachments": parts.attachments,
    });
    let id =
        header("Message-ID").map(|id| id.trim_matches(['<', '>']).split('@').next().unwrap_or_default().to_owned());
    (id, body)
}

#[derive(Default)]
struct Parts {
    text: Option<String>,
    html: Option<String>,
    inline: Vec<Value>,
    attachments: Vec<Value>,
}

impl Parts {
    fn add(&mut self, part: &ParsedMail<'_>) {
        if !part.subparts.is_empty() {
            part.subparts.iter().for_each(|part| self.add(part));
            return;
        }
        let disposition = part.get_content_disposition();
        let size = part.get_body_raw().map(|body| body.len()).unwrap_or_default();
        let kind = &part.ctype.mimetype;
        if disposition.disposition == DispositionType::Attachment {
            let name = disposition.params.get("filename");
            self.attachments.push(json!({"name": name, "content_type": kind, "size": size}));
        } else if let Some(id) = part.headers.get_first_value("Content-ID") {
            let id = id.trim_matches(['<', '>']);
            self.inline.push(json!({"id": id, "content_type": kind, "size": size}));
        } else {
            let body = part.get_body().unwrap_or_default().replace("\r\n", "\n");
            let place = if kind == "text/html" { &mut self.html } else { &mut self.text };
            place.get_or_insert_with(|| body.trim_end().to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_is_shown_by_its_parts() {
        let source = "Message-ID: <1@a>\r\nSubject: =?utf-8?b?R3LDvMOfZQ==?=\r\nContent-Type: multipart/related; boundary=\"x\"\r\n\r\n\
            --x\r\nContent-Type: multipart/alternative; boundary=\"y\"\r\n\r\n--y\r\nContent-Type: text/plain\r\n\r\nhi\r\n\
            --y\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\nPGI+aGk8L2I+\r\n--y--\r\n\
            --x\r\nContent-Type: image/png\r\nContent-ID: <logo>\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA\r\n\
            --x\r\nContent-Type: text/csv\r\nContent-Disposition: attachment; filename=\"t.csv\"\r\n\r\na,b\r\n--x--\r\n";
        let (id, body) = readable(Some("a@a.example"), &["b@b.example".to_owned()], source.as_bytes());
        assert_eq!(id.as_deref(), Some("1"));
        let expected = json!({
            "from": "a@a.example",
            "to": ["b@b.example"],
            "subject": "Grüße",
            "text": "hi",
            "html": "<b>hi</b>",
            "inline": [{"id": "logo", "content_type": "image/png", "size": 3}],
            "attachments": [{"name": "t.csv", "content_type": "text/csv", "size": 3}],
        });
        assert_eq!(body, expected);
    }
}
