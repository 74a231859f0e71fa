//! Params and settings: their types, defaults and bounds, read and checked once for each file.

use wf_plan::Param;
use wf_source::Diagnostic;
use wf_syntax::tree::Node;
use wf_value::{Type, Value};

use super::literals::{is_duration_in_words, literal, raw, seeming_type, unit_of};
use super::rules;
use super::types::Types;
use crate::names::{ParamDef, Role, Unit, UnitId};

impl Types<'_> {
    /// The params of a file, in its order.
    pub(crate) fn params_of(&self, id: UnitId) -> Vec<Param> {
        let unit = self.world.unit(id);
        unit.params.iter().map(|def| self.misspelt_cell(unit, def).unwrap_or_else(|| self.param(id, def))).collect()
    }

    /// A cell of a grid that reads as a text, in a column of which another is a number or a duration: told.
    fn misspelt_cell(&self, unit: &Unit, def: &ParamDef) -> Option<Param> {
        let column =
            def.name.value.rsplit_once('.').map(|(column, _)| column).filter(|_| def.of_grid && !def.is_unit)?;
        let cell = def.decl.default.as_ref()?;
        let text = raw(cell).filter(|_| seeming_type(cell) == Type::Text)?;
        let counts = |ty: &Type| matches!(ty, Type::Integer | Type::Number | Type::Duration);
        // the sentence of a grid stands in one place
        let of_column = |other: &&ParamDef| {
            let same = |a: &str| a.rsplit_once('.').is_some_and(|(other, _)| other == column);
            other.of_grid && other.decl.doc == def.decl.doc && same(&other.name.value)
        };
        let kinds = unit.params.iter().filter(of_column).filter_map(|other| other.decl.default.as_ref());
        let kind = kinds.map(seeming_type).find(counts)?;
        let bound = [&def.decl.min, &def.decl.max].into_iter().flatten().any(|bound| counts(&seeming_type(bound)));
        if bound {
            // told with its bound
            return None;
        }
        let (what, others) = if kind == Type::Duration { ("a duration", "durations") } else { ("a number", "numbers") };
        let message = format!("`{text}` is a text, and other cells of its column are {others}");
        let help = match super::literals::number_word(text) {
            Some(n) => format!("write `{n}`"),
            None => format!("write {what}, or put a text in quotes"),
        };
        self.push(Diagnostic::error(&rules::LITERAL, cell.span, message).help(help));
        Some(self.plain(unit.id, def, Type::Any, Some(Value::Null)))
    }

    /// The value of a constant: a literal.
    pub(crate) fn constant(&self, node: &Node) -> Value {
        if super::inputs::computed(node) && !node.is_broken() {
            self.push(
                Diagnostic::error(&rules::LITERAL, node.span, "a constant is a literal, and this is computed")
                    .help("what is computed stands under `define`: `NAME: expression`"),
            );
            return Value::Null;
        }
        super::literals::untyped(node).unwrap_or_default()
    }

    fn param(&self, id: UnitId, def: &ParamDef) -> Param {
        let unit = self.world.unit(id);
        let decl = &def.decl;
        let name = &def.name;
        if unit.role != Role::Face && def.of_grid && decl.doc.is_none() {
            let message = format!("`{}` has no `doc`", name.value);
            let help = "a grid needs a `doc`: the sentence that says what its numbers are";
            self.push(Diagnostic::error(&rules::NO_DOC, name.span, message).help(help));
        }
        let ty = self.declared(id, decl);
        if self.misread(decl.default.as_ref(), decl.ty.is_some(), &ty, [&decl.min, &decl.max]) {
            return self.plain(id, def, Type::Any, Some(Value::Null));
        }
        let bare_unit = decl.default.as_ref().and_then(raw).and_then(unit_of).unwrap_or("m").to_owned();
        let secret = is_secret(&ty);
        let default = match &decl.default {
            // a setting may be computed from others
            Some(node) if node.as_scalar().is_some_and(wf_syntax::tree::Scalar::is_computed) => {
                self.push(
                    Diagnostic::error(
                        &rules::LITERAL,
                        node.span,
                        format!("the default of `{}` is computed", name.value),
                    )
                    .help("a default is a value that stands there for everybody to read"),
                );
                None
            }
            Some(node) if secret && !node.is_null() => {
                self.push(
                    Diagnostic::error(
                        &rules::SECRET_DEFAULT,
                        node.span,
                        format!("the secret `{}` has a default", name.value),
                    )
                    .help("secrets come from variables or files: `env:NAME` in an environment"),
                );
                None
            }
            // one that is wrong is not missing
            Some(node) => Some(self.default_of(node, &ty, &bare_unit).unwrap_or_default()),
            None => None,
        };
        let bound_type = match ty.required() {
            // the length of a text, the size of a list
            Type::Text | Type::List(_) | Type::Map(_) => Type::Integer,
            Type::Range(of) => (**of).clone(),
            other => other.clone(),
        };
        let bound = |node: &Option<Node>| {
            node.as_ref().filter(|n| !n.is_null()).and_then(|node| {
                literal(node, &bound_type, &bare_unit).map_err(|found| self.found.borrow_mut().extend(found)).ok()
            })
        };
        let (min, max) = (bound(&decl.min), bound(&decl.max));
        if let (Some(node), Some(default)) = (&decl.default, &default) {
            let shown = |bound: &Option<Value>| bound.as_ref().map(Value::print_lenient);
            if let Some(message) = out_of_bounds(default, min.as_ref(), max.as_ref()) {
                let at =
                    Diagnostic::error(&rules::BOUNDS, node.span, format!("the default of `{}` {message}", name.value));
                self.push(match (shown(&min), shown(&max)) {
                    (Some(min), Some(max)) => at.help(format!("it may be {min} to {max}")),
                    (Some(min), None) => at.help(format!("it may be {min} or more")),
                    (_, max) => at.help(format!("it may be {} or less", max.unwrap_or_default())),
                });
            }
        }
        Param { min, max, ..self.plain(id, def, ty, default) }
    }

    fn plain(&self, id: UnitId, def: &ParamDef, ty: Type, default: Option<Value>) -> Param {
        Param {
            name: (*def.name.value).into(),
            owner: (*self.world.unit(id).name).into(),
            ty,
            default,
            min: None,
            max: None,
            unit: def.decl.unit.as_ref().map(|u| (*u.value).into()),
            doc: def.decl.doc.as_ref().map(|d| (*d.value).into()).unwrap_or_default(),
            span: def.name.span,
        }
    }

    /// A default without declared type that seems to be a text or a number and is meant as something else: told, and true.
    fn misread(&self, default: Option<&Node>, says_type: bool, ty: &Type, bounds: [&Option<Node>; 2]) -> bool {
        let Some(node) = default.filter(|_| !says_type) else { return false };
        let Some(text) = raw(node) else { return false };
        let of_duration = |bound: &&Node| raw(bound).is_some_and(|text| unit_of(text).is_some());
        if matches!(ty, Type::Integer | Type::Number)
            && let Some(bound) = bounds.into_iter().flatten().find(of_duration)
        {
            let bound_text = bound.as_text().unwrap_or("");
            let message = format!("`{text}` is a number, and its bound `{bound_text}` is a duration");
            self.push(
                Diagnostic::error(&rules::LITERAL, node.span, message)
                    .help(super::literals::duration_help(text, unit_of(bound_text).unwrap_or("m"))),
            );
            return true;
        }
        if *ty != Type::Text {
            return false;
        }
        if is_duration_in_words(text) {
            let message = format!("`{text}` is a text");
            let help = super::literals::duration_help(text, "m");
            self.push(
                Diagnostic::error(&rules::LITERAL, node.span, message)
                    .help(format!("{help} for a duration, or quote it")),
            );
            return true;
        }
        let bounded = bounds
            .into_iter()
            .flatten()
            .find(|bound| matches!(seeming_type(bound), Type::Integer | Type::Number | Type::Duration));
        if let Some(bound) = bounded {
            let what = if seeming_type(bound) == Type::Duration { "a duration" } else { "a number" };
            let message = format!("`{text}` is a text, and its bound `{}` is {what}", bound.as_text().unwrap_or(""));
            let help = match super::literals::number_word(text) {
                Some(n) => format!("write `{n}`"),
                None => format!("write {what}"),
            };
            self.push(Diagnostic::error(&rules::LITERAL, node.span, message).help(help));
            return true;
        }
        false
    }
}

fn is_secret(ty: &Type) -> bool {
    matches!(ty.required(), Type::Secret)
}

/// Why a value is not within its bounds; of texts and lists the size counts, of ranges both ends.
pub(crate) fn out_of_bounds(value: &Value, min: Option<&Value>, max: Option<&Value>) -> Option<String> {
    let size = |n: usize| Value::Int(i64::try_from(n).unwrap_or(i64::MAX));
    let measured = match value {
        Value::Text(text) => vec![size(text.chars().count())],
        Value::List(list) if min.or(max).is_some_and(|b| matches!(b, Value::Int(_))) => vec![size(list.len())],
        Value::List(list) => list.iter().collect(),
        Value::Map(map) => vec![size(map.len())],
        other => vec![other.clone()],
    };
    measured.iter().find_map(|measured| {
        let below = min.filter(|min| measured.order(min) == Some(std::cmp::Ordering::Less));
        let above = max.filter(|max| measured.order(max) == Some(std::cmp::Ordering::Greater));
        let shown = measured.print_lenient();
        match (below, above) {
            (Some(min), _) => Some(format!("is {shown}, less than {}", min.print_lenient())),
            (_, Some(max)) => Some(format!("is {shown}, more than {}", max.print_lenient())),
            _ => None,
        }
    })
}
