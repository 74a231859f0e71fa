//! Which member of a value is meant, where the value itself does not fit.

use wf_source::{Diagnostic, nearest};
use wf_value::{Text, Type};

use super::join::forms;
use crate::Code;

/// Members that a message names.
const MOST: usize = 4;

/// Adds `x.member` as the repair, where a member of `x` would fit; `hint`: what the place is called.
#[must_use]
pub fn suggest(
    found: Diagnostic,
    code: &Code,
    ty: &Type,
    hint: Option<&str>,
    fits: impl Fn(&Type) -> bool,
) -> Diagnostic {
    let names = fitting(ty, fits);
    if code.text.is_empty() || names.is_empty() {
        return found;
    }
    let written = |name: &str| format!("{}.{name}", code.text);
    let near = hint.and_then(|hint| near(hint, &names));
    match (near, names.as_slice()) {
        (Some(one), _) | (None, [one]) => found.help(format!("write `{}`", written(one))).fix(code.span, written(one)),
        (None, some) => {
            let all: Vec<String> = some.iter().map(|name| format!("`{}`", written(name))).collect();
            found.help(format!("write {}", wf_source::one_of(all.iter().map(String::as_str), MOST)))
        }
    }
}

/// Members of which something is declared, and that fits.
fn fitting(ty: &Type, fits: impl Fn(&Type) -> bool) -> Vec<Text> {
    let mut names = vec![];
    for form in forms(ty) {
        let Type::Shape(shape) = form else { continue };
        let good = shape.fields.iter().filter(|field| {
            let forms = forms(&field.ty);
            forms.iter().any(|form| !matches!(form, Type::Any) && fits(form))
        });
        names.extend(good.map(|field| field.name.clone()));
    }
    names
}

fn near<'n>(hint: &str, names: &'n [Text]) -> Option<&'n Text> {
    let plain = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
    let same = names.iter().find(|name| plain(name) == plain(hint));
    same.or_else(|| {
        let near = nearest(hint, names.iter().map(Text::as_str))?;
        names.iter().find(|name| name.as_str() == near)
    })
}
