//! Literals, read by the type that their place expects (`language.md` §4): `no`, `2xx`, `"1327"`, `30m`.

use wf_expr::read;
use wf_source::{Diagnostic, Span, nearest};
use wf_syntax::tree::{Kind, Node, Style};
use wf_value::{MapBuilder, ShapeType, Text, Type, Value, duration};

use super::rules;

/// A scalar as it is written: `None` for one that is quoted or a block.
pub(crate) fn raw(node: &Node) -> Option<&str> {
    node.as_scalar().filter(|s| s.style == Style::Plain).map(|s| &*s.text)
}

/// The value that a literal writes for a place of type `ty`; `unit` is the unit that a bare number most likely means.
///
/// # Errors
/// All that does not fit, each at its place.
pub(crate) fn literal(node: &Node, ty: &Type, unit: &str) -> Result<Value, Vec<Diagnostic>> {
    match (&node.kind, ty) {
        (Kind::Broken, _) => Ok(Value::Null),
        (_, Type::Optional(inner)) if !node.is_null() => {
            literal(node, inner, unit).map_err(|found| match means_null(node) {
                true => found.into_iter().map(|d| d.help("nothing is written `null`").fix(node.span, "null")).collect(),
                false => found,
            })
        }
        (_, Type::Union(types)) => {
            let fits = types.iter().find_map(|ty| literal(node, ty, unit).ok());
            fits.ok_or_else(|| wrong(node, ty, unit))
        }
        (_, Type::Any) => untyped(node),
        (Kind::Seq(items), Type::List(element)) => list(items, element, unit),
        (Kind::Seq(items), Type::Range(of)) if items.len() == 2 => list(items, of, unit),
        (Kind::Map(_), Type::Map(shape) | Type::Shape(shape)) => map(node, shape, unit),
        (Kind::Scalar(scalar), _) => {
            let read = match scalar.style {
                Style::Plain => read(&scalar.text, ty),
                _ => Some(Value::text(&*scalar.text).typed(ty)).filter(|v| v.as_unknown().is_none()),
            };
            let value = read.ok_or_else(|| wrong(node, ty, unit))?;
            well_formed(node, ty, &value).map_or(Ok(value), |diagnostic| Err(vec![diagnostic]))
        }
        (Kind::Seq(_) | Kind::Map(_), _) => Err(wrong(node, ty, unit)),
    }
}

/// What other languages call null.
fn means_null(node: &Node) -> bool {
    let word = raw(node).unwrap_or("").to_ascii_lowercase();
    matches!(word.as_str(), "none" | "nil" | "nothing" | "undefined" | "empty" | "n/a")
}

fn list(items: &[Node], element: &Type, unit: &str) -> Result<Value, Vec<Diagnostic>> {
    let mut found = vec![];
    let mut values = Vec::with_capacity(items.len());
    for item in items {
        match literal(item, element, unit) {
            Ok(value) => values.push(value),
            Err(more) => found.extend(more),
        }
    }
    if found.is_empty() { Ok(values.into()) } else { Err(found) }
}

fn map(node: &Node, shape: &std::sync::Arc<ShapeType>, unit: &str) -> Result<Value, Vec<Diagnostic>> {
    let mut found = vec![];
    let mut builder = MapBuilder::with_capacity(node.entries().len());
    for entry in node.entries().iter().filter(|e| !e.key.text().is_empty()) {
        let key = entry.key.text();
        let ty = match (shape.field(key), &shape.others) {
            (Some(field), _) => &field.ty,
            (None, Some(others)) => others,
            (None, None) => {
                let near = nearest(key, shape.fields.iter().map(|f| f.name.as_str()));
                let message = format!("`{key}` is no field of {}", Type::Shape(shape.clone()).words());
                let diagnostic = Diagnostic::error(&rules::LITERAL, entry.key.span, message);
                found.push(match near {
                    Some(_) => diagnostic.did_you_mean(near, entry.key.span),
                    None => {
                        let names = wf_source::one_of(shape.fields.iter().map(|f| f.name.as_str()), 12);
                        diagnostic.help(format!("its fields are {names}"))
                    }
                });
                continue;
            }
        };
        match literal(&entry.value, ty, unit) {
            Ok(value) => builder.insert(key.into(), value),
            Err(more) => found.extend(more),
        }
    }
    for field in shape.fields.iter().filter(|f| !f.ty.is_optional() && f.default.is_none()) {
        if node.entry(&field.name).is_none() && found.is_empty() {
            let message = format!("`{}` is missing", field.name);
            found.push(
                Diagnostic::error(&rules::LITERAL, node.span, message).help(format!("it is {}", field.ty.words())),
            );
        }
    }
    if found.is_empty() { Ok(builder.finish().into()) } else { Err(found) }
}

/// A literal of which nothing is known: what YAML says, and durations.
pub(crate) fn untyped(node: &Node) -> Result<Value, Vec<Diagnostic>> {
    Ok(match &node.kind {
        Kind::Broken => Value::Null,
        Kind::Scalar(scalar) if scalar.style == Style::Plain => core_value(&scalar.text),
        Kind::Scalar(scalar) => Value::text(&*scalar.text),
        Kind::Seq(items) => Value::from(items.iter().map(untyped).collect::<Result<Vec<_>, _>>()?),
        Kind::Map(entries) => {
            let mut builder = MapBuilder::with_capacity(entries.len());
            for entry in entries.iter().filter(|e| !e.key.text().is_empty()) {
                builder.insert(entry.key.text().into(), untyped(&entry.value)?);
            }
            builder.finish().into()
        }
    })
}

/// A text without quotes by what it seems to be.
pub(crate) fn core_value(text: &str) -> Value {
    match read(text, &Type::Any).unwrap_or(Value::Null) {
        Value::Text(text) => duration::parse(&text).map_or(Value::Text(text), Value::Duration),
        other => other,
    }
}

/// The type that a literal seems to have: where a param says none.
pub(crate) fn seeming_type(node: &Node) -> Type {
    match &node.kind {
        Kind::Broken => Type::Any,
        Kind::Scalar(scalar) if scalar.style == Style::Plain => match untyped(node) {
            _ if node.as_bool_word().is_some() => Type::Boolean,
            Ok(Value::Null) => Type::Any,
            Ok(Value::Bool(_)) => Type::Boolean,
            Ok(Value::Int(_) | Value::Big(_)) => Type::Integer,
            Ok(Value::Float(_)) => Type::Number,
            Ok(Value::Duration(_)) => Type::Duration,
            _ => Type::Text,
        },
        Kind::Scalar(_) => Type::Text,
        Kind::Seq(items) => Type::list(common(items.iter().map(seeming_type))),
        Kind::Map(entries) => Type::map(common(entries.iter().map(|e| seeming_type(&e.value)))),
    }
}

fn common(types: impl Iterator<Item = Type>) -> Type {
    let mut types = types.filter(|ty| *ty != Type::Any);
    let Some(first) = types.next() else { return Type::Any };
    types.fold(first, |a, b| match (a, b) {
        (a, b) if a == b => a,
        (Type::Integer, Type::Number) | (Type::Number, Type::Integer) => Type::Number,
        _ => Type::Any,
    })
}

/// Members of one literal that are wrong in the same way are one mistake.
pub(crate) fn once_each(found: Vec<Diagnostic>) -> impl Iterator<Item = Diagnostic> {
    let mut said: Vec<Option<String>> = vec![];
    found.into_iter().filter(move |diagnostic| {
        let new = diagnostic.help.is_none() || !said.contains(&diagnostic.help);
        said.push(diagnostic.help.clone());
        new
    })
}

/// What a text of this type must be beside a text: a regular expression, a zone.
fn well_formed(node: &Node, ty: &Type, value: &Value) -> Option<Diagnostic> {
    let text = value.as_str()?;
    match ty {
        Type::Regex => regex::Regex::new(text).err().map(|error| bad_regex(node.span, &error)),
        Type::Zone if !wf_value::is_zone(text) => {
            let known = wf_value::zone_names();
            let near = nearest(text, known.iter().map(String::as_str));
            let diagnostic = Diagnostic::error(&rules::LITERAL, node.span, format!("there is no time zone `{text}`"));
            Some(match near {
                Some(_) => diagnostic.did_you_mean(near, inner(node)),
                None => diagnostic.help("as in US/Eastern, Europe/Madrid, UTC, or hours: -4"),
            })
        }
        Type::Url => bad_url(text).map(|repaired| {
            let message = format!("`{text}` is no address: it begins with https://, and a host without blanks follows");
            let diagnostic = Diagnostic::error(&rules::LITERAL, node.span, message);
            match repaired {
                Some(url) => diagnostic.help(format!("write `{url}`")).fix(inner(node), url),
                None => diagnostic.help("as in https://api.example.com"),
            }
        }),
        _ => None,
    }
}

/// What is no address; inside, what was meant, where that is clear.
fn bad_url(text: &str) -> Option<Option<String>> {
    let blank = |text: &str| text.is_empty() || text.contains(char::is_whitespace);
    match text.split_once("://") {
        Some((scheme, rest)) => {
            let host = rest.split(['/', '?', '#']).next().unwrap_or("");
            let named = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
                && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'));
            (!named || blank(host) || blank(rest)).then_some(None)
        }
        None => Some((!blank(text) && text.contains('.')).then(|| format!("https://{}", text.trim_start_matches('/')))),
    }
}

pub(crate) fn bad_regex(span: Span, error: &regex::Error) -> Diagnostic {
    let words = error.to_string();
    let reason = words.lines().last().unwrap_or(&words).trim().trim_start_matches("error: ").to_owned();
    Diagnostic::error(&rules::LITERAL, span, format!("this is no regular expression: {reason}"))
        .help("a bracket that stands for itself is written `\\(` or `\\)`")
}

/// The text of a scalar without its quotes.
fn inner(node: &Node) -> Span {
    node.as_scalar().map_or(node.span, |s| s.map.whole())
}

/// What is wrong with a literal that is of another type.
pub(crate) fn wrong(node: &Node, ty: &Type, unit: &str) -> Vec<Diagnostic> {
    let shown = match &node.kind {
        Kind::Scalar(scalar) if scalar.is_empty() => "nothing".to_owned(),
        Kind::Scalar(scalar) if scalar.text.chars().count() <= 60 && !scalar.text.contains('\n') => {
            format!("`{}`", scalar.text)
        }
        Kind::Scalar(_) => "this text".to_owned(),
        _ => node.what().to_owned(),
    };
    let text = node.as_text().unwrap_or("");
    let diagnostic = |help: String| {
        vec![Diagnostic::error(&rules::LITERAL, node.span, format!("{shown} is no {}", noun(ty))).help(help)]
    };
    match ty.required() {
        Type::Duration => diagnostic(duration_help(text, unit)),
        Type::Range(of) => {
            let example = if **of == Type::Duration { "30s to 2m" } else { "1 to 5" };
            diagnostic(format!("a range has two ends: `{example}`"))
        }
        Type::List(element) if matches!(node.kind, Kind::Scalar(_)) => {
            let message = format!("{shown} is one value, and a {} is due here", ty.required().words());
            let repaired = format!("[{text}]");
            let help = if literal(node, element, unit).is_ok() {
                format!("write `{repaired}`")
            } else {
                format!("as in `[{}]`", example_of(element))
            };
            vec![Diagnostic::error(&rules::LITERAL, node.span, message).help(help)]
        }
        Type::Boolean => diagnostic("write yes or no".into()),
        Type::Integer | Type::Number => match number_word(text) {
            Some(n) => diagnostic(format!("write `{n}`")),
            None => diagnostic("write a number in digits, without quotes and unit".into()),
        },
        Type::Size => diagnostic("as in 64MB or 64MiB".into()),
        Type::Enum(set) => {
            let near = nearest(text, set.values.iter().map(Text::as_str));
            let names = wf_source::one_of(set.values.iter().map(Text::as_str), 12);
            let help = near.map_or_else(|| format!("it is {names}"), |near| format!("did you mean `{near}`?"));
            let message = format!("{shown} is none of {names}");
            vec![Diagnostic::error(&rules::LITERAL, node.span, message).help(help)]
        }
        Type::Time(_) => diagnostic("as in 2022-06-01T13:05:44Z".into()),
        Type::Zone => diagnostic("as in US/Eastern, Europe/Madrid, UTC".into()),
        Type::Map(_) | Type::Shape(_) => diagnostic(format!("as in `{{name: {}}}`", "…")),
        _ => diagnostic(format!("{} is due here", ty.words())),
    }
}

fn noun(ty: &Type) -> String {
    ty.required().words()
}

fn example_of(ty: &Type) -> &'static str {
    match ty {
        Type::Integer | Type::Number | Type::Id => "1, 2",
        Type::Duration => "30s, 1m",
        _ => "one, two",
    }
}

/// How a duration is written that somebody wrote as a number or in words.
pub(crate) fn duration_help(text: &str, unit: &str) -> String {
    let text = text.trim();
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    let word = text[digits.len()..].trim().to_lowercase();
    if !digits.is_empty() && word.is_empty() {
        return format!("{digits} what? write `{digits}{unit}`");
    }
    let units = [("ms", "milli"), ("s", "s"), ("m", "m"), ("h", "h"), ("d", "d"), ("w", "w")];
    match units.iter().find(|(_, begins)| word.starts_with(begins)) {
        Some((unit, _)) if !digits.is_empty() => format!("write `{digits}{unit}`"),
        _ => "as in 30s, 45m, 1h30m, 7d; the units are ms, s, m, h, d, w".into(),
    }
}

/// `1 day`, `30 minutes`: durations written in words.
pub(crate) fn is_duration_in_words(text: &str) -> bool {
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    let word = text[digits..].trim().to_lowercase();
    let words = [
        "day",
        "days",
        "hour",
        "hours",
        "hr",
        "hrs",
        "min",
        "mins",
        "minute",
        "minutes",
        "sec",
        "secs",
        "second",
        "seconds",
        "week",
        "weeks",
        "millisecond",
        "milliseconds",
        "d",
        "h",
        "m",
        "s",
        "w",
        "ms",
    ];
    digits > 0 && words.contains(&word.as_str()) && duration::parse(text).is_none()
}

/// A number in words.
pub(crate) fn number_word(text: &str) -> Option<u32> {
    let words =
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
    words.iter().position(|w| text.eq_ignore_ascii_case(w)).and_then(|i| u32::try_from(i).ok())
}

/// The last unit of a duration: `m` of `1h30m`.
pub(crate) fn unit_of(text: &str) -> Option<&str> {
    duration::parse(text)?;
    let start = text.rfind(|c: char| c.is_ascii_digit() || c == '.')?;
    text.get(start + 1..)
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;
    use wf_source::FileId;

    use super::*;

    fn node(text: &str) -> Node {
        wf_syntax::tree::parse(FileId(0), text).root.unwrap_or_else(|| Node::broken(Span::new(FileId(0), 0, 0)))
    }

    fn told(text: &str, ty: &Type) -> String {
        match literal(&node(text), ty, "m") {
            Ok(value) => format!("{value:?}"),
            Err(found) => found
                .iter()
                .map(|d| format!("{}: {}; {}", d.span.start, d.message, d.help.as_deref().unwrap_or("")))
                .collect::<Vec<_>>()
                .join(" | "),
        }
    }

    #[test]
    fn a_literal_is_what_its_place_takes() {
        assert_eq!(told("no", &Type::Boolean), "false");
        assert_eq!(told("no", &Type::Text), "\"no\"");
        assert_eq!(told("'1327'", &Type::Id), "id(1327)");
        assert_eq!(told("[a, 7]", &Type::list(Type::Text)), "[\"a\", \"7\"]");
        assert_eq!(
            told("{a: 30m}", &Type::map(Type::Duration)),
            format!("{{\"a\": {:?}}}", SignedDuration::from_mins(30))
        );
    }

    #[test]
    fn what_does_not_fit_is_told_with_what_was_meant() {
        assert_eq!(told("45", &Type::Duration), "0: `45` is no duration; 45 what? write `45m`");
        assert_eq!(told("1 day", &Type::Duration), "0: `1 day` is no duration; write `1d`");
        assert_eq!(told("one", &Type::Integer), "0: `one` is no integer; write `1`");
        assert_eq!(
            told("a.b", &Type::list(Type::Text)),
            "0: `a.b` is one value, and a list of text is due here; write `[a.b]`"
        );
        assert_eq!(told("US/Estern", &Type::Zone), "0: there is no time zone `US/Estern`; did you mean `US/Eastern`?");
        assert_eq!(told("none", &Type::Duration.optional()), "0: `none` is no duration; nothing is written `null`");
        assert_eq!(told("[1m, 2]", &Type::list(Type::Duration)), "5: `2` is no duration; 2 what? write `2m`");
    }

    #[test]
    fn an_address_has_a_scheme_and_a_host() {
        for good in ["https://api.example.com", "http://localhost:8080/x?y=1", "nats://10.0.0.1:4222"] {
            assert_eq!(told(good, &Type::Url), format!("{good:?}"));
        }
        assert!(told("api.example.com/x", &Type::Url).ends_with("write `https://api.example.com/x`"));
        for bad in ["'https://'", "'https://a b.example.com'", "'://a.example.com'", "'https:// a.example.com'"] {
            assert!(told(bad, &Type::Url).contains("is no address"), "{bad}");
        }
    }

    #[test]
    fn durations_in_words_are_no_durations() {
        for text in ["1 day", "30 minutes", "5min", "2hrs", "10 s"] {
            assert!(is_duration_in_words(text), "{text}");
        }
        for text in ["1d", "30m", "day", "5 apples", ""] {
            assert!(!is_duration_in_words(text), "{text}");
        }
    }
}
