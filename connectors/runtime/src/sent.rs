//! What is sent: evaluated, without the nulls that are written (`connectors.md` §3).

use wf_expr::functions::Locals;
use wf_expr::template::Part;
use wf_expr::{Ctx, Key, Kind, Written, WrittenKind};
use wf_value::{List, MapBuilder, Value};

/// Defines inside defines: the checker refuses those that never end, this bounds the rest.
const DEPTH: u32 = 64;

/// The value to be sent: an entry that is null is left out, at every level that is written; a define that is the whole value counts as
/// written there. `keep(x)` sends its null. Data inside of values goes as it is.
pub(crate) fn sent(written: &Written, ctx: &Ctx<'_>) -> Value {
    Walk { ctx, found: None }.value(written, &mut Locals::default(), DEPTH)
}

/// What of it is null where a value must stand: what is missing for a login. Gives how it is written.
pub(crate) fn missing(written: &Written, ctx: &Ctx<'_>) -> Option<String> {
    let mut walk = Walk { ctx, found: None };
    walk.value(written, &mut Locals::default(), DEPTH);
    walk.found
}

struct Walk<'a, 'c> {
    ctx: &'a Ctx<'c>,
    /// The first null.
    found: Option<String>,
}

impl Walk<'_, '_> {
    fn value(&mut self, written: &Written, locals: &mut Locals, depth: u32) -> Value {
        match &written.kind {
            WrittenKind::Map(entries) => {
                let mut map = MapBuilder::with_capacity(entries.len());
                for entry in entries {
                    let key = match &entry.key {
                        Key::Text(text) => text.clone(),
                        Key::Holes(template) => match template.render(self.ctx, locals, false) {
                            Value::Text(text) => text,
                            other => return other,
                        },
                    };
                    let value = if entry.value.keeps_null() {
                        entry.value.eval(self.ctx, locals)
                    } else {
                        match self.value(&entry.value, locals, depth) {
                            Value::Null => continue,
                            value => value,
                        }
                    };
                    map.insert(key, value);
                }
                map.finish().into()
            }
            WrittenKind::List(items) => {
                items.iter().map(|item| self.value(item, locals, depth)).collect::<List>().into()
            }
            WrittenKind::Code(code) => match &code.kind {
                Kind::Define(id, args) if depth > 0 => {
                    let Some(define) = self.ctx.program.defines.get(id.0 as usize) else {
                        return code.eval(self.ctx, locals);
                    };
                    let mut frame =
                        Locals { stack: args.iter().map(|arg| arg.eval(self.ctx, locals)).collect(), base: 0 };
                    self.value(&define.body, &mut frame, depth - 1)
                }
                _ => {
                    let value = code.eval(self.ctx, locals);
                    if value.is_null() {
                        self.found.get_or_insert_with(|| code.text.to_string());
                    }
                    value
                }
            },
            WrittenKind::Text(template) => {
                if let Some(null) = template.parts.iter().find_map(|part| match part {
                    Part::Hole { code, .. } if code.eval(self.ctx, locals).is_null() => Some(code.text.to_string()),
                    _ => None,
                }) {
                    self.found.get_or_insert(null);
                }
                written.eval(self.ctx, locals)
            }
            WrittenKind::Literal { .. } | WrittenKind::Path(_) => {
                let value = written.eval(self.ctx, locals);
                if value.is_null() {
                    self.found.get_or_insert_with(|| "null".to_owned());
                }
                value
            }
        }
    }
}
