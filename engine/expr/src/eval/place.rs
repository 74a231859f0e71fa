//! The value of a place in a file.

use wf_value::{List, MapBuilder, Text, UnknownKind, Value};

use crate::functions::Locals;
use crate::{Ctx, Key, Written, WrittenKind};

impl Written {
    /// The value, outside of every define, table and template.
    #[must_use]
    pub fn value(&self, ctx: &Ctx<'_>) -> Value {
        let value = self.eval(ctx, &mut Locals::default());
        self.in_time(value, ctx)
    }

    /// The value in a frame of locals. Members of mappings and lists are unknown one by one.
    #[must_use]
    pub fn eval(&self, ctx: &Ctx<'_>, locals: &mut Locals) -> Value {
        self.filled(ctx, locals, false)
    }

    /// As [`Self::value`], but in texts `?` stands for what is unknown: for messages, which must never vanish.
    #[must_use]
    pub fn told(&self, ctx: &Ctx<'_>) -> Value {
        let value = self.filled(ctx, &mut Locals::default(), true);
        self.in_time(value, ctx)
    }

    /// What was set aside for want of fuel must not look like a partial list.
    fn in_time(&self, value: Value, ctx: &Ctx<'_>) -> Value {
        if ctx.fuel.get() > 0 {
            return value;
        }
        super::unknown(UnknownKind::Limit, "the expressions here take too long", self.span)
    }

    fn filled(&self, ctx: &Ctx<'_>, locals: &mut Locals, lenient: bool) -> Value {
        match &self.kind {
            WrittenKind::Literal { value, .. } => value.clone(),
            WrittenKind::Code(code) => code.eval(ctx, locals),
            WrittenKind::Path(path) => path.eval(ctx, locals),
            WrittenKind::Text(template) => template.render(ctx, locals, lenient),
            WrittenKind::List(items) => {
                items.iter().map(|item| item.filled(ctx, locals, lenient)).collect::<List>().into()
            }
            WrittenKind::Map(entries) => {
                let mut map = MapBuilder::with_capacity(entries.len());
                for entry in entries {
                    let key: Text = match &entry.key {
                        Key::Text(text) => text.clone(),
                        Key::Holes(template) => match template.render(ctx, locals, lenient) {
                            Value::Text(text) => text,
                            // an unknown key, or one that must not be seen
                            other => return other,
                        },
                    };
                    map.insert(key, entry.value.filled(ctx, locals, lenient));
                }
                map.finish().into()
            }
        }
    }
}
