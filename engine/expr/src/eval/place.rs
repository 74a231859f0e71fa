//! The value of a place in a file.

use wf_value::{List, Map, MapBuilder, Text, UnknownKind, Value};

use crate::functions::Locals;
use crate::template::{Part, Template};
use crate::{Code, Ctx, Define, Entry, Key, Kind, Members, Written, WrittenKind};

impl Written {
    /// The value, outside of every define, table and template.
    #[must_use]
    pub fn value(&self, ctx: &Ctx<'_>) -> Value {
        Walk::new(ctx, Nulls::Stay).whole(self)
    }

    /// The value in a frame of locals. Members of mappings and lists are unknown one by one.
    #[must_use]
    pub fn eval(&self, ctx: &Ctx<'_>, locals: &mut Locals) -> Value {
        match &self.kind {
            WrittenKind::Code(code) => code.eval(ctx, locals),
            _ => Walk::new(ctx, Nulls::Stay).fill(self, locals),
        }
    }

    /// As [`Self::value`], but in texts `?` stands for what is unknown: for messages, which must never vanish.
    #[must_use]
    pub fn told(&self, ctx: &Ctx<'_>) -> Value {
        Walk { lenient: true, ..Walk::new(ctx, Nulls::Stay) }.whole(self)
    }

    /// As [`Self::value`], but an entry that is null is left out, at every level that is written; a define that is the whole value counts
    /// as written there. `keep(x)` keeps its null. Data inside of values goes as it is.
    #[must_use]
    pub fn sent(&self, ctx: &Ctx<'_>) -> Value {
        Walk::new(ctx, Nulls::LeftOut).whole(self)
    }

    /// How the first part is written that is null where a value must stand, in what [`Self::sent`] gives.
    #[must_use]
    pub fn first_null(&self, ctx: &Ctx<'_>) -> Option<Text> {
        let mut found = None;
        Walk::new(ctx, Nulls::Told(&mut found)).fill(self, &mut Locals::default());
        found
    }
}

/// One walk over what is written.
struct Walk<'a, 'c, 'f> {
    ctx: &'a Ctx<'c>,
    /// In texts `?` stands for what is unknown.
    lenient: bool,
    nulls: Nulls<'f>,
    /// Defines inside of defines: the checker refuses those that never end, this bounds the rest.
    depth: u32,
}

/// What becomes of nulls.
enum Nulls<'f> {
    Stay,
    LeftOut,
    /// Left out, and the first one is told.
    Told(&'f mut Option<Text>),
}

const DEPTH: u32 = 64;

impl<'a, 'c, 'f> Walk<'a, 'c, 'f> {
    fn new(ctx: &'a Ctx<'c>, nulls: Nulls<'f>) -> Self {
        Self { ctx, lenient: false, nulls, depth: DEPTH }
    }

    fn whole(mut self, written: &Written) -> Value {
        let value = self.fill(written, &mut Locals::default());
        if self.ctx.fuel.get() > 0 {
            return value;
        }
        // what was set aside for want of fuel must not look like a partial list
        super::unknown(UnknownKind::Limit, "the expressions here take too long", written.span)
    }

    fn fill(&mut self, written: &Written, locals: &mut Locals) -> Value {
        match &written.kind {
            WrittenKind::Literal { value, .. } => self.noted(value.clone(), || "null".into()),
            WrittenKind::Code(code) => self.code(code, locals),
            WrittenKind::Path(path) => {
                let value = path.eval(self.ctx, locals);
                self.noted(value, || "null".into())
            }
            WrittenKind::Text(template) => self.text(template, locals),
            WrittenKind::List(items) => items.iter().map(|item| self.fill(item, locals)).collect::<List>().into(),
            WrittenKind::Map(entries) => self.map(entries, locals),
        }
    }

    fn map(&mut self, entries: &Members<Entry>, locals: &mut Locals) -> Value {
        let literal = |entry: &Entry| match &entry.key {
            Key::Text(text) => Some(text.clone()),
            Key::Holes(_) => None,
        };
        if matches!(self.nulls, Nulls::Stay)
            && let Some(shape) = entries.shape(literal)
        {
            let values = entries.iter().map(|entry| self.fill(&entry.value, locals)).collect();
            return Map::with_shape(shape.clone(), values).into();
        }
        let mut map = MapBuilder::with_capacity(entries.len());
        for entry in entries {
            let key: Text = match &entry.key {
                Key::Text(text) => text.clone(),
                Key::Holes(template) => match template.render(self.ctx, locals, self.lenient) {
                    Value::Text(text) => text,
                    // an unknown key, or one that must not be seen
                    other => return other,
                },
            };
            let value = match self.nulls {
                Nulls::Stay => self.fill(&entry.value, locals),
                _ if entry.value.keeps_null() => entry.value.eval(self.ctx, locals),
                _ => match self.fill(&entry.value, locals) {
                    Value::Null => continue,
                    value => value,
                },
            };
            map.insert(key, value);
        }
        map.finish().into()
    }

    fn code(&mut self, code: &Code, locals: &mut Locals) -> Value {
        if let Kind::Define(id, args) = &code.kind
            && !matches!(self.nulls, Nulls::Stay)
            && let Some(Define { body, .. }) = self.ctx.program.defines.get(id.0 as usize)
            && self.depth > 0
        {
            let mut frame = Locals::of(args.iter().map(|arg| arg.eval(self.ctx, locals)).collect());
            self.depth -= 1;
            let value = self.fill(body, &mut frame);
            self.depth += 1;
            return value;
        }
        let value = code.eval(self.ctx, locals);
        self.noted(value, || code.text.clone())
    }

    fn text(&mut self, template: &Template, locals: &mut Locals) -> Value {
        if let Nulls::Told(found) = &mut self.nulls
            && found.is_none()
        {
            **found = template.parts.iter().find_map(|part| match part {
                Part::Hole { code, .. } if code.eval(self.ctx, locals).is_null() => Some(code.text.clone()),
                _ => None,
            });
        }
        template.render(self.ctx, locals, self.lenient)
    }

    /// Tells of the value when it is the first null.
    fn noted(&mut self, value: Value, text: impl FnOnce() -> Text) -> Value {
        if let Nulls::Told(found) = &mut self.nulls
            && value.is_null()
        {
            found.get_or_insert_with(text);
        }
        value
    }
}
