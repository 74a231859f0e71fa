//! `Set-Cookie`, as far as a session needs it: name, value, and how long it lasts.

use jiff::{SignedDuration, Timestamp};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cookie {
    pub(crate) name: String,
    pub(crate) value: String,
    /// `None`: as long as the session.
    pub(crate) until: Option<Timestamp>,
}

impl Cookie {
    /// A cookie as the vendor sets it. Those for secure connections are kept like all others: they go to the host that set them only.
    pub(crate) fn parse(header: &str, now: Timestamp) -> Option<Self> {
        let mut parts = header.split(';');
        let (name, value) = parts.next()?.split_once('=')?;
        let (name, value) = (name.trim(), value.trim());
        if name.is_empty() {
            return None;
        }
        let (mut max_age, mut expires) = (None, None);
        for part in parts {
            let (key, value) = part.split_once('=').map_or((part, ""), |(key, value)| (key, value));
            match key.trim().to_ascii_lowercase().as_str() {
                "max-age" => max_age = value.trim().parse::<i64>().ok(),
                "expires" => expires = date(value.trim()),
                _ => {}
            }
        }
        let seconds = |seconds: i64| now.saturating_add(SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MAX);
        let until = max_age.map(seconds).or(expires);
        Some(Self { name: name.to_owned(), value: value.to_owned(), until })
    }

    /// Whether it is set to be forgotten.
    pub(crate) fn is_gone(&self, now: Timestamp) -> bool {
        self.until.is_some_and(|until| until <= now)
    }
}

/// `Wed, 21 Oct 2015 07:28:00 GMT`; also with dashes, as old servers write it.
fn date(text: &str) -> Option<Timestamp> {
    let dashed: String = match text.split_once(", ") {
        Some((day, rest)) => {
            let (date, time) = rest.split_at(rest.len().min(11));
            format!("{day}, {}{time}", date.replace('-', " "))
        }
        None => text.to_owned(),
    };
    let parsed = jiff::fmt::rfc2822::parse(&dashed.replace("GMT", "+0000")).ok()?;
    Some(parsed.timestamp())
}

/// The cookies that are set by these headers: the last of a name counts, one that is gone takes the name away.
pub(crate) fn jar(headers: &[String], now: Timestamp) -> Vec<Cookie> {
    let mut jar: Vec<Cookie> = Vec::new();
    for cookie in headers.iter().filter_map(|header| Cookie::parse(header, now)) {
        jar.retain(|known| known.name != cookie.name);
        if !cookie.is_gone(now) {
            jar.push(cookie);
        }
    }
    jar
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2015-10-21T07:00:00Z".parse().unwrap_or_default()
    }

    #[test]
    fn a_cookie_lasts_as_it_says() {
        let until = |header: &str| Cookie::parse(header, now()).and_then(|c| c.until).map(|t| t.to_string());
        assert_eq!(until("s=1; Path=/; Secure; HttpOnly"), None);
        assert_eq!(until("s=1; max-age=60"), Some("2015-10-21T07:01:00Z".into()));
        assert_eq!(until("s=1; Expires=Wed, 21 Oct 2015 07:28:00 GMT"), Some("2015-10-21T07:28:00Z".into()));
        assert_eq!(
            until("s=1; Expires=Wed, 21-Oct-2015 07:28:00 GMT; Max-Age=60"),
            Some("2015-10-21T07:01:00Z".into())
        );
        assert_eq!(until("s=1; Expires=never; Max-Age=x"), None);
    }

    #[test]
    fn values_are_kept_as_they_are() {
        let cookie = Cookie::parse(r#" session = "a=b==" ; Path=/"#, now());
        assert_eq!(cookie.map(|c| (c.name, c.value)), Some(("session".into(), r#""a=b==""#.into())));
        for header in ["", "=x", "novalue", ";"] {
            assert_eq!(Cookie::parse(header, now()), None, "{header}");
        }
    }

    #[test]
    fn the_last_of_a_name_counts() {
        let set = ["a=1", "b=2", "a=3", "b=; Max-Age=0"].map(String::from);
        let jar: Vec<_> = jar(&set, now()).into_iter().map(|c| (c.name, c.value)).collect();
        assert_eq!(jar, [("a".into(), "3".into())]);
    }
}
