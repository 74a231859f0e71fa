//! Types tell the truth: what an expression gives is of the type it was said to have, and what was said to be wrong is unknown.

use wf_expr::types::{Site, Subject, TypeEnv, infer};
use wf_expr::{
    Callable, Code, Ctx, DefineId, Named, Names, Program, Slot, TableId, TemplateId, Vars, compile, functions,
};
use wf_source::{Diagnostic, FileId, ScalarMap, Span};
use wf_value::{Field, Text, Type, UnknownKind, Value};

struct World {
    names: Vec<(&'static str, Type, Value)>,
    found: Vec<Diagnostic>,
}

impl Names for World {
    fn name(&self, name: &str, _: wf_source::Span) -> Option<Named> {
        let index = self.names.iter().position(|(n, _, _)| *n == name)?;
        Some(Named::Slot(Slot { up: 0, index: u16::try_from(index).ok()? }))
    }
    fn callable(&self, _: &str, _: wf_source::Span) -> Option<Callable> {
        None
    }
    fn param(&self, _: &[&str], _: Span) -> Option<(Code, usize)> {
        None
    }
    fn visible(&self) -> Vec<String> {
        Vec::new()
    }
}

impl Vars for World {
    fn slot(&self, slot: Slot) -> Option<&Value> {
        self.names.get(usize::from(slot.index)).map(|(_, _, value)| value)
    }
}

impl TypeEnv for World {
    fn slot(&mut self, slot: Slot) -> Type {
        self.names.get(usize::from(slot.index)).map_or(Type::Any, |(_, ty, _)| ty.clone())
    }
    fn param(&mut self, _: u32) -> Type {
        Type::Any
    }
    fn env(&mut self) -> Type {
        Type::Any
    }
    fn define(&mut self, _: DefineId, _: &[Type], _: &Site<'_>) -> Type {
        Type::Any
    }
    fn table(&mut self, _: TableId, _: &[Type], _: &Site<'_>) -> Type {
        Type::Any
    }
    fn template(&mut self, _: TemplateId, _: &[(Text, Type)], _: &Site<'_>) -> Type {
        Type::Text
    }
    fn report(&mut self, diagnostic: Diagnostic, _: Option<Subject>, _: &Text) {
        self.found.push(diagnostic);
    }
}

fn world() -> World {
    let field = |name: &str, ty| Field { name: name.into(), ty, default: None };
    let row = Type::shape(
        "row",
        vec![
            field("name", Type::Text),
            field("count", Type::Integer),
            field("loss", Type::Number.optional()),
            field("seen", Type::timestamp()),
            field("tags", Type::list(Type::Text)),
        ],
    );
    let json = |text: &str| wf_value::decode(text.as_bytes()).unwrap_or_default();
    let rows = r#"[{"name": "a", "count": 1, "loss": 0.5, "seen": "2022-06-01T00:00:00Z", "tags": ["x"]},
                   {"name": "b", "count": 2, "seen": "2022-06-02T00:00:00Z", "tags": []}]"#;
    let rows_type = Type::list(row.clone());
    let rows_value = json(rows).typed(&rows_type);
    let first = rows_value.as_list().and_then(|l| l.get(0)).unwrap_or_default();
    World {
        names: vec![
            ("rows", rows_type, rows_value),
            ("row", row, first),
            ("n", Type::Integer, Value::Int(3)),
            ("f", Type::Number, Value::Float(2.5)),
            ("t", Type::Text, Value::text("text")),
            ("yes", Type::Boolean, Value::Bool(true)),
            ("nothing", Type::Text.optional(), Value::Null),
            ("some", Type::Integer.optional(), Value::Int(4)),
            ("limits", Type::map(Type::Integer), json(r#"{"a": 1, "b": 2}"#)),
        ],
        found: vec![],
    }
}

fn typed(text: &str, world: &mut World) -> Option<(Type, Value)> {
    let map = ScalarMap::plain(FileId(0), 0, text.len());
    let (code, _) = compile(text, &map, world);
    let code = code?;
    world.found.clear();
    let ty = infer(&code, world, &mut vec![]);
    let now = "2022-06-01T14:00:00Z".parse().unwrap_or_default();
    let program = Program::default();
    Some((ty, code.value(&Ctx::new(&program, world, &[], &Value::Null, now))))
}

/// What is wrong with what was said of an expression.
fn lie(text: &str, world: &mut World) -> Option<String> {
    let (ty, value) = typed(text, world)?;
    if world.found.iter().any(Diagnostic::is_error) {
        return None;
    }
    let of_that_type = fits(&value, &ty);
    (!of_that_type).then(|| format!("{text} was said to be {}, and is {value:?}", ty.words()))
}

/// Deeply: members and elements too. What is unknown is of every type.
fn fits(value: &Value, ty: &Type) -> bool {
    match value {
        Value::Unknown(_) => true,
        Value::List(list) => match ty.required() {
            Type::List(of) => list.iter().all(|element| fits(&element, of)),
            Type::Union(forms) => forms.iter().any(|form| fits(value, form)),
            Type::Any => true,
            _ => false,
        },
        Value::Map(map) => match ty.required() {
            Type::Shape(shape) | Type::Map(shape) => {
                map.iter().all(|(key, member)| match shape.field(key).map(|f| &f.ty).or(shape.others.as_ref()) {
                    Some(ty) => fits(&member, ty),
                    None => !shape.name.is_empty(),
                })
            }
            Type::Union(forms) => forms.iter().any(|form| fits(value, form)),
            Type::Any => true,
            _ => false,
        },
        value => value.clone().typed(ty).as_unknown().is_none(),
    }
}

#[test]
fn examples_of_functions_are_of_their_types() {
    let mut world = world();
    let mut wrong = Vec::new();
    for function in functions::all() {
        for (example, _) in function.examples {
            wrong.extend(lie(example, &mut world));
            wrong.extend(world.found.iter().map(|d| format!("{example}: {}", d.message)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A generator of expressions, deterministic.
struct Maker(u64);

impl Maker {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % n
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }

    fn expression(&mut self, depth: usize) -> String {
        if depth == 0 || self.below(5) == 0 {
            let leaves = [
                "1",
                "2.5",
                "'a'",
                "'text'",
                "true",
                "null",
                "45m",
                "now",
                "[]",
                "[1, 2]",
                "['a', 'b']",
                "{'a': 1}",
                "rows",
                "row",
                "n",
                "f",
                "t",
                "yes",
                "nothing",
                "some",
                "limits",
                "row.name",
                "row.count",
                "row.loss",
                "row.seen",
                "row.tags",
            ];
            return self.one(&leaves).into();
        }
        let e = |this: &mut Self| this.expression(depth - 1);
        match self.below(12) {
            0..=2 => {
                let op = self.one(&["+", "-", "*", "/", "%", "==", "!=", "<", ">=", "in", "&&", "||"]);
                format!("({} {op} {})", e(self), e(self))
            }
            3 => format!("if({}, {}, {})", e(self), e(self), e(self)),
            4 => format!("(not {})", e(self)),
            5 => format!("[{}, {}]", e(self), e(self)),
            6 => format!("{{'a': {}, 'b': {}}}", e(self), e(self)),
            7 => format!("({}).orElse({})", e(self), e(self)),
            8 | 9 => {
                let list = e(self);
                let each = self.one(&[
                    ".map(x, x)",
                    ".filter(x, x == 1)",
                    ".map(x, x.name)",
                    ".first()",
                    ".last()",
                    ".sum()",
                    ".min()",
                    ".compact()",
                    ".groupBy(x, x)",
                    ".indexBy(x, x)",
                    ".numbered()",
                    ".chunks(2)",
                    ".distinct()",
                    ".flatten()",
                    ".reverse()",
                    ".exists(x, x == 'a')",
                    ".sortBy(x, x, 'down')",
                    ".toMap(x, x, 1)",
                    ".mean()",
                    ".take(1)",
                    ".join(', ')",
                    ".maxBy(x, x)",
                    ".filter(x, x.loss != null).map(x, x.loss)",
                    ".count(x, x != null)",
                    ".flatMap(x, [x, 1])",
                ]);
                format!("({list}){each}")
            }
            10 => {
                let on = e(self);
                let member = self.one(&[
                    ".a",
                    ".name",
                    "[0]",
                    "['a']",
                    ".lower()",
                    ".size()",
                    ".toText()",
                    ".toInt()",
                    ".split(',')",
                    ".get('a')",
                    ".keys()",
                    ".values()",
                    ".with('c', 1)",
                    ".without('a')",
                    ".only(['a'])",
                    ".merge({'a': 'x'})",
                    ".weekday('UTC')",
                    ".hour('UTC')",
                    ".capture('(.)')",
                    ".seconds()",
                    ".camelKeys()",
                    ".contains('a')",
                    ".trim()",
                    ".toNumber()",
                    ".startOf('day', 'UTC')",
                ]);
                format!("({on}){member}")
            }
            _ => format!("(-({}))", e(self)),
        }
    }
}

#[test]
fn random_expressions_are_of_their_types() {
    let mut world = world();
    let mut maker = Maker(42);
    let (mut known, mut mistakes, mut wrong) = (0, 0, Vec::new());
    for _ in 0..6_000 {
        let text = maker.expression(3);
        let Some((_, value)) = typed(&text, &mut world) else { continue };
        if world.found.is_empty() {
            known += usize::from(value.as_unknown().is_none());
        } else {
            mistakes += 1;
        }
        wrong.extend(lie(&text, &mut world));
    }
    assert!(known > 600 && mistakes > 1_000, "too easy: {known} are known, {mistakes} are mistakes");
    assert!(wrong.is_empty(), "{} of {known}:\n{}", wrong.len(), wrong[..wrong.len().min(40)].join("\n"));
}

#[test]
fn operands_that_were_said_to_be_wrong_are_unknown() {
    let mut world = world();
    let mut maker = Maker(7);
    let (mut seen, mut wrong) = (0, Vec::new());
    for _ in 0..6_000 {
        let left = maker.expression(1);
        let right = maker.expression(1);
        let text = format!("{left} {} {right}", maker.one(&["+", "-", "*", "/", "%", "<", ">="]));
        let mut right_by_themselves = |operand: &str| typed(operand, &mut world).is_some() && world.found.is_empty();
        if !right_by_themselves(left.as_str()) || !right_by_themselves(right.as_str()) {
            continue;
        }
        let Some((_, value)) = typed(&text, &mut world) else { continue };
        if !world.found.iter().any(Diagnostic::is_error) {
            continue;
        }
        seen += 1;
        if value.as_unknown().is_none_or(|u| !matches!(u.kind, UnknownKind::Operand | UnknownKind::Range)) {
            wrong.push(format!("{text}: {} - but it is {value:?}", world.found[0].message));
        }
    }
    assert!(seen > 300, "too easy: {seen}");
    assert!(wrong.is_empty(), "{} of {seen}:\n{}", wrong.len(), wrong[..wrong.len().min(40)].join("\n"));
}
