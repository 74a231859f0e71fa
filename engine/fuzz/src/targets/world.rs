//! What expressions see: names with values of every kind, and some that are computed.

use wf_expr::{Callable, Code, Ctx, Kind, Named, Names, Program, Slot, Vars};
use wf_source::Span;
use wf_value::{Field, List, SetAside, Text, Type, Unknown, UnknownKind, Value};

use super::{Wrong, must};

/// Names with their values.
pub(super) struct World {
    names: Vec<(Text, Value)>,
    pub(super) program: Program,
}

/// The values as JSON; an input may bring others.
pub(super) const VALUES: &str = r#"{"edge": {"state": "OFFLINE", "loss": 4, "site": null, "serial": "VC1", "seen": "2022-06-01T13:58:00.000Z",
 "links": [{"state": "UP", "loss": 1.5}, {"state": "DOWN", "loss": 9}]},
"edges": [{"state": "UP", "loss": 1, "serial": "A"}, {"loss": null}, {"state": "DOWN", "loss": "7", "seen": "yesterday"}],
"n": 3, "big": 123456789012345678901234567890, "half": 0.5, "text": "äb🐱 a,b;c", "yes": true, "none": null, "empty": [], "tags": ["b", "a", "b", null],
"deep": [[[{"a": [1, [2]]}]]]}"#;

/// Nothing that anybody prints may hold it.
const SECRET: &str = "s3cret-0f-the-w0rld";

impl World {
    /// With these values beside those that JSON cannot write.
    pub(super) fn of(values: &str) -> Self {
        let values = wf_value::decode(if values.is_empty() { VALUES } else { values }).unwrap_or_default();
        let mut names: Vec<(Text, Value)> = vec![];
        for (name, value) in values.as_map().into_iter().flat_map(wf_value::Map::iter) {
            let value = match name.as_str() {
                "edge" => value.typed(&edge()),
                "edges" => value.typed(&Type::list(edge())),
                _ => value,
            };
            names.push((name.clone(), value));
        }
        let reason = || Unknown::new(UnknownKind::Missing, "`serial` is missing");
        let aside = SetAside { value: Value::Null, reason: reason().into(), place: "element 2".into() };
        names.extend([
            ("seen".into(), Value::text("2022-06-01T13:58:00Z").typed(&Type::timestamp())),
            ("wait".into(), Value::Duration(jiff::SignedDuration::from_mins(45))),
            ("lost".into(), reason().into()),
            ("partial".into(), List::partial(vec![1.into(), "a".into()], vec![aside]).into()),
            ("token".into(), Value::text(SECRET).secret()),
        ]);
        Self { names, program: Program::default() }
    }

    pub(super) fn ctx<R>(&self, look: impl FnOnce(&Ctx<'_>) -> R) -> R {
        let env = wf_value::decode(r#"{"name": "production", "writes": true, "workflow": "w"}"#).unwrap_or_default();
        let now = jiff::Timestamp::from_second(1_654_092_000).unwrap_or_default();
        let mut ctx = Ctx::new(&self.program, self, &[], &env, now);
        ctx.seed = Some(7);
        look(&ctx)
    }
}

fn edge() -> Type {
    let field = |name: &str, ty| Field { name: name.into(), ty, default: None };
    let link = Type::shape("link", vec![field("state", Type::Text), field("loss", Type::Number.optional())]);
    Type::shape(
        "edge",
        vec![
            field("serial", Type::Text),
            field("state", Type::Text),
            field("loss", Type::Number.optional()),
            field("seen", Type::timestamp().optional()),
            field("links", Type::list(link)),
        ],
    )
}

/// A value can be shown and sent, or says why not; and never holds a secret. What is unknown says where that comes from.
pub(super) fn shown(value: &Value) -> Result<(), Wrong> {
    let sent = value.encode().unwrap_or_else(|why| why.to_string());
    let printed = value.print().map_or_else(|unknown| unknown.sentence(), |text| text.to_string());
    for text in [&sent, &printed, &value.print_lenient().to_string()] {
        must(!text.contains(SECRET), "a secret is shown", || text.clone())?;
    }
    if let Value::Unknown(unknown) = value {
        must(!unknown.reason.is_empty(), "something is unknown for no reason", || format!("{unknown:?}"))?;
    }
    if let Ok(text) = value.encode() {
        // deeper than what is read unless somebody asks for it
        let again = wf_value::Decoder::new().max_depth(256).decode(text.as_bytes());
        must(again.is_ok(), "what is sent cannot be read", || format!("{text}: {again:?}"))?;
    }
    Ok(())
}

impl Names for World {
    fn name(&self, name: &str, _: Span) -> Option<Named> {
        match name {
            "now" => return Some(Named::Now),
            "env" => return Some(Named::Env),
            _ => {}
        }
        let index = self.names.iter().position(|(known, _)| known.as_str() == name)?;
        Some(Named::Slot(Slot { up: 0, index: u16::try_from(index).ok()? }))
    }

    fn callable(&self, _: &str, _: Span) -> Option<Callable> {
        None
    }

    fn param(&self, _: &[&str], span: Span) -> Option<(Code, usize)> {
        Some((Code { kind: Kind::Literal(5.into()), span, text: Text::default() }, 0))
    }

    fn visible(&self) -> Vec<String> {
        self.names.iter().map(|(name, _)| name.to_string()).collect()
    }
}

impl Vars for World {
    fn slot(&self, slot: Slot) -> Option<&Value> {
        self.names.get(usize::from(slot.index)).map(|(_, value)| value)
    }
}
