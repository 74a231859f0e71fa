//! Texts and HTML.

use wf_value::Type;

use super::{Answer, Args, Body::Plain, Function};
use crate::types::{Takes, TypeCall};

fn text_type(call: &mut TypeCall<'_>) -> Type {
    call.gives(&[Takes::Text], Type::Text)
}

pub(super) static FUNCTIONS: &[Function] = &[
    Function::method("escapeHtml", &[], "text.escapeHtml()", Plain(escape_html), text_type)
        .doc("With `& < > \" '` written so that HTML and XML show them.")
        .examples(&[("'a < \"b\"'.escapeHtml()", "'a &lt; &quot;b&quot;'")]),
    Function::method("plainText", &[], "text.plainText()", Plain(plain_text), text_type)
        .doc(
            "What a person reads of an HTML text: without tags, scripts and styles, blocks and `<br>` as lines. A \
             text without tags stays as it is.",
        )
        .examples(&[("'<p>It is <b>down</b><br>since&nbsp;noon</p>'.plainText()", "'It is down\\nsince noon'")]),
];

fn escape_html(args: &Args<'_>) -> Answer {
    let text = args.text(0)?;
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#x27;"),
            other => escaped.push(other),
        }
    }
    Ok(escaped.into())
}

fn plain_text(args: &Args<'_>) -> Answer {
    Ok(plain(&args.text(0)?).into())
}

/// Elements that begin and end a line.
const BLOCKS: [&str; 25] = [
    "address",
    "article",
    "blockquote",
    "dd",
    "div",
    "dl",
    "dt",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "tr",
    "ul",
];
/// Elements of which nothing is read.
const UNSEEN: [&str; 5] = ["script", "style", "head", "title", "template"];

/// Collects words; blanks between them are one, lines have none at their ends, and no two empty lines follow each other.
#[derive(Default)]
struct Page {
    text: String,
    blank: bool,
    lines: usize,
}

impl Page {
    fn push(&mut self, c: char) {
        if c.is_whitespace() {
            self.blank = true;
            return;
        }
        if !self.text.is_empty() {
            match self.lines {
                0 if self.blank => self.text.push(' '),
                n => self.text.extend(std::iter::repeat_n('\n', n.min(2))),
            }
        }
        (self.blank, self.lines) = (false, 0);
        self.text.push(c);
    }

    /// What follows stands on a line of its own.
    fn block(&mut self) {
        self.lines = self.lines.max(1);
    }
}

fn plain(html: &str) -> String {
    if !html.match_indices('<').any(|(at, _)| html.get(at..).and_then(tag).is_some()) {
        return html.to_owned();
    }
    let mut page = Page::default();
    let mut rest = html;
    while let Some(c) = rest.chars().next() {
        rest = match c {
            '<' => match tag(rest) {
                Some((name, closing, after)) => {
                    if name == "br" {
                        page.lines += 1;
                    } else if BLOCKS.contains(&name.as_str()) {
                        page.block();
                    } else if name == "td" || name == "th" {
                        page.blank = true;
                    }
                    if !closing && UNSEEN.contains(&name.as_str()) { behind(after, &name) } else { after }
                }
                None => {
                    page.push('<');
                    rest.get(1..).unwrap_or_default()
                }
            },
            '&' => {
                let (shown, after) = entity(rest);
                shown.chars().for_each(|c| page.push(c));
                after
            }
            c => {
                page.push(c);
                rest.get(c.len_utf8()..).unwrap_or_default()
            }
        };
    }
    page.text
}

/// The tag that a text begins with: its name, whether it closes, and what follows. Comments have no name.
fn tag(text: &str) -> Option<(String, bool, &str)> {
    if let Some(comment) = text.strip_prefix("<!--") {
        return Some((String::new(), false, comment.split_once("-->").map_or("", |(_, after)| after)));
    }
    let inner = text.strip_prefix('<')?;
    let closing = inner.starts_with('/');
    let named = inner.trim_start_matches(['/', '!', '?']);
    if !named.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let end = named.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(named.len());
    let (name, mut rest) = named.split_at(end);
    // a `>` inside the quotes of an attribute does not end the tag
    loop {
        let at = rest.find(['>', '"', '\''])?;
        let (mark, after) = (rest.as_bytes().get(at)?, rest.get(at + 1..)?);
        rest = match mark {
            b'>' => return Some((name.to_ascii_lowercase(), closing, after)),
            quote => after.split_once(char::from(*quote)).map_or("", |(_, after)| after),
        };
    }
}

/// What follows the end of an element.
fn behind<'t>(text: &'t str, name: &str) -> &'t str {
    let mut rest = text;
    while let Some((_, after)) = rest.split_once("</") {
        if after.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name)) {
            return after.split_once('>').map_or("", |(_, after)| after);
        }
        rest = after;
    }
    ""
}

/// The character reference that a text begins with, and what follows; an unknown one is shown as it is.
fn entity(text: &str) -> (String, &str) {
    let alone = || ("&".to_owned(), text.get(1..).unwrap_or_default());
    let Some((name, after)) = text.get(1..).and_then(|inner| inner.split_once(';')) else { return alone() };
    let number = match name.strip_prefix('#') {
        Some(digits) => match digits.strip_prefix(['x', 'X']) {
            Some(digits) => u32::from_str_radix(digits, 16).ok(),
            None => digits.parse().ok(),
        },
        None => NAMED.iter().find(|(known, _)| *known == name).map(|(_, c)| u32::from(*c)),
    };
    match number.and_then(char::from_u32) {
        Some(c) => (c.to_string(), after),
        None => alone(),
    }
}

const NAMED: [(&str, char); 24] = [
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("nbsp", ' '),
    ("copy", '©'),
    ("reg", '®'),
    ("trade", '™'),
    ("hellip", '…'),
    ("mdash", '—'),
    ("ndash", '–'),
    ("lsquo", '‘'),
    ("rsquo", '’'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("bull", '•'),
    ("middot", '·'),
    ("deg", '°'),
    ("euro", '€'),
    ("pound", '£'),
    ("laquo", '«'),
    ("raquo", '»'),
    ("times", '×'),
];

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn what_is_read_stays() {
        for (html, text) in [
            ("<p>VC1234567 is down<br>since noon</p>", "VC1234567 is down\nsince noon"),
            ("a<br><br/>b", "a\n\nb"),
            ("<style>p {x: '<'}</style><h1>Hi</h1>\n<p>there,  you</p>", "Hi\nthere, you"),
            ("1 < 2 && 3 > 2", "1 < 2 && 3 > 2"),
            ("<p>&lt;b&gt; &#233;&#xE9; &unknown; &", "<b> éé &unknown; &"),
            ("<a title='>'>x</a><!-- <p> -->y", "xy"),
            ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
            ("two\n  plain lines &amp;", "two\n  plain lines &amp;"),
            ("<script>never ends", ""),
            ("<unclosed", "<unclosed"),
            ("", ""),
        ] {
            assert_eq!(plain(html), text, "{html}");
        }
    }
}
