//! The mailbox of a case: its mails, what a search finds of them, and their flags afterwards.

use std::collections::BTreeSet;

use jiff::civil::Date;
use wf_source::Span;
use wf_syntax::ast;
use wf_syntax::tree::Node;
use wf_value::Value;

use crate::data;
use crate::expected::Difference;

/// One folder of one account.
#[derive(Clone, Debug, Default)]
pub struct Mailbox {
    pub(super) account: String,
    pub(super) password: String,
    pub(super) folder: String,
    pub(super) mails: Vec<Mail>,
    /// Whether the server is not there.
    pub(super) refused: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Mail {
    pub(super) uid: u32,
    pub(super) source: Vec<u8>,
    /// The internal date.
    pub(super) day: Date,
    pub(super) flags: BTreeSet<String>,
}

impl Mailbox {
    /// `password` is what the server accepts where the case says nothing else.
    ///
    /// # Errors
    /// A mail that cannot be read; a sentence and its place.
    pub fn read(written: Option<&ast::Mailbox>, password: &str) -> Result<Self, (String, Span)> {
        let text = |name: &Option<ast::Name>| name.as_ref().map(|name| name.as_str().to_owned());
        match written {
            None => Ok(Self::default()),
            Some(ast::Mailbox::Refused(_)) => Ok(Self { refused: true, ..Self::default() }),
            Some(ast::Mailbox::Messages { account, folder, password: own, messages, .. }) => Ok(Self {
                account: text(account).unwrap_or_default(),
                password: text(own).unwrap_or_else(|| password.to_owned()),
                folder: text(folder).unwrap_or_else(|| "INBOX".to_owned()),
                mails: messages.iter().map(Mail::read).collect::<Result<_, _>>()?,
                refused: false,
            }),
        }
    }

    /// How flags differ from `[{uid, flags}]`, which are sets.
    #[must_use]
    pub fn differences(&self, expected: &[Node]) -> Vec<Difference> {
        let mut found = Vec::new();
        for node in expected {
            let uid = node.get("uid").map(data::value).and_then(|uid| uid.as_int()).unwrap_or_default();
            let wanted = words(&flags(node));
            let mail = self.mails.iter().find(|mail| i64::from(mail.uid) == uid);
            let actual = mail.map_or_else(|| "absent".to_owned(), |mail| words(&mail.flags));
            if wanted != actual {
                found.push(Difference { path: format!("uid {uid}"), expected: wanted, actual, span: node.span });
            }
        }
        found
    }
}

fn words(flags: &BTreeSet<String>) -> String {
    format!("[{}]", flags.iter().map(String::as_str).collect::<Vec<_>>().join(", "))
}

fn flags(node: &Node) -> BTreeSet<String> {
    let value = node.get("flags").map(data::value).unwrap_or_default();
    let all = value.as_list().map(|list| list.raw().clone()).unwrap_or_default();
    all.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

impl Mail {
    /// `{uid, flags, date, raw}`, or `{uid, flags, headers…, text | html}`; a line feed stands for the line end of mails.
    fn read(node: &Node) -> Result<Self, (String, Span)> {
        let value = |name: &str| node.get(name).map(data::value);
        let text = |name: &str| value(name).map(|value| value.print_lenient().to_string());
        let uid = value("uid").and_then(|uid| u32::try_from(uid.as_int()?).ok()).filter(|uid| *uid > 0);
        let uid = uid.ok_or_else(|| ("a mail of a mailbox has a `uid`".to_owned(), node.span))?;
        let date = text("date").unwrap_or_default();
        let at = mailparse::dateparse(&date).ok().and_then(|seconds| jiff::Timestamp::from_second(seconds).ok());
        let at = at.ok_or_else(|| (format!("`{date}` is no date of a mail"), node.span))?;
        let source = text("raw").unwrap_or_else(|| written(node));
        Ok(Self {
            uid,
            source: source.replace('\n', "\r\n").into_bytes(),
            day: jiff::tz::TimeZone::UTC.to_datetime(at).date(),
            flags: flags(node),
        })
    }

    /// A header, all of it, as it is searched: without regard to case.
    pub(super) fn header(&self, name: &str) -> String {
        use mailparse::MailHeaderMap;
        let headers = mailparse::parse_headers(&self.source).map(|(headers, _)| headers).unwrap_or_default();
        headers.get_all_values(name).join(" ").to_lowercase()
    }
}

/// Headers in the order in which they are written, then the text.
fn written(node: &Node) -> String {
    let mut source = String::new();
    let (mut kind, mut body) = ("plain", String::new());
    for entry in node.entries() {
        let value = data::value(&entry.value).print_lenient().to_string();
        match entry.key.text() {
            "uid" | "flags" => {}
            "text" => body = value,
            "html" => (kind, body) = ("html", value),
            name => source.push_str(&format!("{}: {value}\n", capitals(name))),
        }
    }
    source.push_str(&format!("MIME-Version: 1.0\nContent-Type: text/{kind}; charset=utf-8\n"));
    source.push_str("Content-Transfer-Encoding: 8bit\n\n");
    source + &body
}

/// `in-reply-to` as `In-Reply-To`
fn capitals(name: &str) -> String {
    let word = |word: &str| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>()).unwrap_or_default()
    };
    name.split('-').map(word).collect::<Vec<_>>().join("-")
}
