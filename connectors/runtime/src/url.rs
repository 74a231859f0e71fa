//! The URL of a request: the base, a path whose placeholders are one segment each, the query.

use reqwest::Url;
use wf_expr::functions::Locals;
use wf_expr::template::Part;
use wf_expr::{Code, Ctx, Truth, Written, WrittenKind};
use wf_value::Value;

use crate::outgoing::{Bad, NotBuilt, percent, plain};

/// The base URL with the path of the request on it, or the absolute URL that the request says.
pub(crate) fn url(base: Option<&Value>, target: Option<&Written>, ctx: &Ctx<'_>) -> Result<Url, NotBuilt> {
    let target = target.map(|target| path(target, ctx)).transpose()?.unwrap_or_default();
    let text = if is_absolute(&target) {
        target
    } else {
        let base = match base {
            None | Some(Value::Null) => return Err(NotBuilt::Unusable("the base URL is null".into())),
            Some(Value::Unknown(why)) => return Err(why.clone().into()),
            Some(value) => {
                plain(value).ok_or_else(|| NotBuilt::Unusable(format!("the base URL is {}", value.kind())))?
            }
        };
        if target.is_empty() {
            base
        } else {
            format!("{}/{}", base.trim_end_matches('/'), target.trim_start_matches('/'))
        }
    };
    // the text may hold a secret: it is not told
    let url = Url::parse(text.trim()).map_err(|why| NotBuilt::Unusable(format!("the URL cannot be read: {why}")))?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err(NotBuilt::Unusable("the URL is none of http or https".into()));
    }
    Ok(url)
}

fn is_absolute(target: &str) -> bool {
    target
        .split_once("://")
        .is_some_and(|(scheme, _)| !scheme.is_empty() && scheme.bytes().all(|b| b.is_ascii_alphanumeric()))
}

/// The path of an object, percent-encoded: what a `/` in a placeholder divides are segments as well.
pub(crate) fn object_path(target: &Written, ctx: &Ctx<'_>) -> Result<String, NotBuilt> {
    written_path(target, Path { text: String::new(), ctx, of_object: true })
}

/// The path as it goes out. A placeholder is one percent-encoded segment, but in front of a path: there it is the URL so far.
fn path(target: &Written, ctx: &Ctx<'_>) -> Result<String, NotBuilt> {
    written_path(target, Path { text: String::new(), ctx, of_object: false })
}

fn written_path(target: &Written, mut path: Path<'_, '_>) -> Result<String, NotBuilt> {
    let ctx = path.ctx;
    match &target.kind {
        WrittenKind::Text(template) => path.parts(&template.parts)?,
        WrittenKind::Literal { value, .. } => path.text = plain(value).unwrap_or_default(),
        _ => match target.value(ctx) {
            Value::Unknown(why) => return Err(why.into()),
            value => {
                path.text = plain(&value).ok_or_else(|| NotBuilt::Unusable(format!("the path is {}", value.kind())))?;
            }
        },
    }
    Ok(path.text)
}

struct Path<'a, 'c> {
    text: String,
    ctx: &'a Ctx<'c>,
    of_object: bool,
}

impl Path<'_, '_> {
    fn parts(&mut self, parts: &[Part]) -> Result<(), NotBuilt> {
        for part in parts {
            match part {
                Part::Text(text) => self.text.push_str(text),
                Part::Hole { code, .. } => self.hole(code)?,
                Part::If { condition, then, otherwise } => match condition.truth(self.ctx) {
                    Truth::Yes => self.parts(then)?,
                    Truth::No => self.parts(otherwise)?,
                    Truth::Unknown(why) => return Err(why.into()),
                },
                Part::Each { .. } | Part::Partial { .. } => {
                    return Err(NotBuilt::Unusable("a path has placeholders, no lists and templates".into()));
                }
            }
        }
        Ok(())
    }

    fn hole(&mut self, code: &Code) -> Result<(), NotBuilt> {
        let value = code.eval(self.ctx, &mut Locals::default());
        if let Value::Unknown(why) = value {
            return Err(why.into());
        }
        let text = plain(&value).filter(|text| !text.is_empty()).ok_or_else(|| Bad::value(&code.text, &value))?;
        if self.of_object {
            let segments = text.split('/').map(|segment| named(segment, code)).collect::<Result<Vec<_>, _>>()?;
            self.text.push_str(&segments.join("/"));
        } else if self.is_before_path() {
            self.text.push_str(&text);
        } else {
            self.text.push_str(&named(&text, code)?);
        }
        Ok(())
    }

    /// Whether what was written so far ends before the path: nothing at all, or `https://` and a part of a host.
    fn is_before_path(&self) -> bool {
        match self.text.split_once("://") {
            Some((_, rest)) => !rest.contains('/'),
            None => self.text.is_empty(),
        }
    }
}

/// One segment. No encoding keeps `.` and `..` from being a way through the path.
fn named(segment: &str, code: &Code) -> Result<String, NotBuilt> {
    if segment == "." || segment == ".." {
        let expectation = "is no name of one thing".to_owned();
        return Err(Bad { place: code.text.to_string(), expectation }.into());
    }
    Ok(percent(segment))
}
