//! Visiting every expression of what was written, and all that it consists of.

use wf_expr::template::Part;
use wf_expr::{Code, Key, Written, WrittenKind};

pub(crate) fn codes(written: &Written, visit: &mut dyn FnMut(&Code)) {
    match &written.kind {
        WrittenKind::Literal { .. } => {}
        WrittenKind::Code(code) => code.walk(visit),
        WrittenKind::Path(path) => path.codes(&mut |code| code.walk(visit)),
        WrittenKind::Text(template) => codes_of_parts(&template.parts, visit),
        WrittenKind::List(items) => items.iter().for_each(|item| codes(item, visit)),
        WrittenKind::Map(entries) => {
            for entry in entries {
                if let Key::Holes(template) = &entry.key {
                    codes_of_parts(&template.parts, visit);
                }
                codes(&entry.value, visit);
            }
        }
    }
}

pub(crate) fn codes_of_parts(parts: &[Part], visit: &mut dyn FnMut(&Code)) {
    for part in parts {
        match part {
            Part::Text(_) => {}
            Part::Hole { code, .. } => code.walk(visit),
            Part::If { condition, then, otherwise } => {
                condition.walk(visit);
                codes_of_parts(then, visit);
                codes_of_parts(otherwise, visit);
            }
            Part::Each { list, body, otherwise, .. } => {
                list.walk(visit);
                codes_of_parts(body, visit);
                codes_of_parts(otherwise, visit);
            }
            Part::Partial { handed, .. } => handed.iter().for_each(|h| h.value.walk(visit)),
        }
    }
}
