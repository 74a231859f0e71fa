//! An input taken by its spec.

use super::coerce::coerce_with;
use super::refusal::{Refusal, Step, a};
use super::spec::{Extra, Fallback, InputField, InputSpec, Presence};
use crate::{Map, MapBuilder, Text, Type, Value};

type Refusals = Vec<Refusal>;

impl InputSpec {
    /// The input that `body` gives: coerced, defaults filled in, without what counts as not given. Fields stand in the order of the
    /// body, defaults after them. `computed` gives the value of a [`Fallback::Computed`].
    ///
    /// # Errors
    /// Each thing that is wrong: of the fields in their order, of others in the order of the body, then `needs` and `any_of`. A body
    /// that is no object: one refusal without place.
    pub fn take(&self, body: &Value, mut computed: impl FnMut(&InputField) -> Value) -> Result<Map, Refusals> {
        let Value::Map(body) = body else { return Err(vec![self.no_object(body)]) };
        let mut refusals = Vec::new();
        let mut taken: Vec<Option<Value>> = Vec::with_capacity(self.fields.len());
        let mut defaults = Vec::new();
        for field in &self.fields {
            let value = match self.take_field(field, body.raw(&field.name)) {
                Ok(value) => value,
                Err(bad) => {
                    refusals.extend(bad.into_iter().map(|refusal| refusal.inside(Step::Field(field.name.clone()))));
                    None
                }
            };
            if let (None, Some(default)) = (&value, &field.default) {
                let default = match default {
                    Fallback::Value(value) => value.clone(),
                    Fallback::Computed => computed(field),
                };
                defaults.push((field.name.clone(), default));
            }
            taken.push(value);
        }
        let mut input = MapBuilder::with_capacity(body.len());
        for (key, value) in body.raw_iter() {
            let value = match self.fields.iter().position(|field| field.name == *key) {
                Some(i) => taken.get_mut(i).and_then(Option::take),
                None => self.take_extra(value).unwrap_or_else(|refusal| {
                    refusals.push(refusal.inside(Step::Field(key.clone())));
                    None
                }),
            };
            if let Some(value) = value {
                input.insert(key.clone(), value);
            }
        }
        for (name, value) in defaults {
            input.insert(name, value);
        }
        let input = input.finish();
        self.check_filled(&input, &mut refusals);
        if refusals.is_empty() { Ok(input) } else { Err(refusals) }
    }

    fn no_object(&self, body: &Value) -> Refusal {
        let required: Vec<String> = self
            .fields
            .iter()
            .filter(|field| field.must_be_there())
            .map(|field| format!("{} ({})", field.name, field.ty.words()))
            .collect();
        let mut expectation = match body {
            Value::Null => "is missing, it should be an object".to_owned(),
            other => format!("should be an object, it is {}", other.kind()),
        };
        if !required.is_empty() {
            expectation.push_str(&format!(" with {}", required.join(", ")));
        }
        Refusal::new("type_error", expectation)
    }

    /// A field; `None` when it counts as not given and may be.
    fn take_field(&self, field: &InputField, raw: Option<&Value>) -> Result<Option<Value>, Refusals> {
        let nullable = field.presence == Presence::Nullable;
        let may_be_absent = field.default.is_some() || field.presence == Presence::Optional;
        let raw = match raw {
            None if may_be_absent => return Ok(None),
            None => return Err(vec![Refusal::missing(&field.ty)]),
            Some(Value::Null) if nullable => return Ok(Some(Value::Null)),
            Some(Value::Null) if may_be_absent && !self.refuse_nulls => return Ok(None),
            Some(Value::Null) => return Err(vec![Refusal::null(&field.ty)]),
            Some(raw) if may_be_absent && !nullable && !field.keep_empty && raw.is_empty() => return Ok(None),
            Some(raw) => raw,
        };
        let value = match (field.ty.required(), raw) {
            (Type::List(element), one) if field.single && !matches!(one, Value::List(_)) => {
                let one =
                    coerce_with(one, element, self.refuse_nulls).map_err(|_| vec![Refusal::of(&field.ty, one)])?;
                vec![one].into()
            }
            (ty, raw) => coerce_with(raw, ty, self.refuse_nulls)?,
        };
        check_bounds(field, &value)?;
        Ok(Some(value))
    }

    /// A field that is not named; `None`: it is dropped.
    fn take_extra(&self, value: &Value) -> Result<Option<Value>, Refusal> {
        let scalar = |value: &Value| coerce_with(value, &Type::Scalar, false).is_ok();
        match (self.extra, value) {
            (Extra::Drop, _) => Ok(None),
            (_, Value::Null) if self.refuse_nulls => Err(Refusal::null(&Type::Scalar)),
            (Extra::Scalars, Value::Null) => Ok(None),
            (Extra::Any, _) => Ok(Some(value.clone())),
            (Extra::Scalars, Value::List(list)) if list.raw().iter().all(scalar) => Ok(Some(value.clone())),
            (Extra::Scalars, value) if scalar(value) => Ok(Some(value.clone())),
            (Extra::Scalars, value) => Err(Refusal::of(&Type::Scalar, value)),
        }
    }

    fn check_filled(&self, input: &Map, refusals: &mut Refusals) {
        // what is wrong with a field already is not said again; that something in an empty one is needed is new
        let before = refusals.len();
        for path in &self.needs {
            let steps = steps(path);
            let told = |refusal: &Refusal| refusal.place.first() == steps.first();
            let filled = match path.as_str() {
                "input" if self.field("input").is_none() => !input.is_empty(),
                _ => at(input, path).is_some_and(|value| is_filled(&value)),
            };
            if !filled && !refusals.iter().take(before).any(told) {
                let given = at(input, path).is_some_and(|value| !value.is_null());
                let code = if given { "value_error" } else { "value_error.missing" };
                let place = if path.as_str() == "input" { Vec::new() } else { steps };
                let expectation = "must be filled: not null, empty or 0";
                refusals.push(Refusal { place, ..Refusal::new(code, expectation) });
            }
        }
        let given = |path: &Text| at(input, path).is_some_and(|value| !value.is_null() && !value.is_empty());
        let told = || {
            refusals.iter().any(|refusal| self.any_of.iter().any(|path| refusal.place.first() == steps(path).first()))
        };
        if !self.any_of.is_empty() && !self.any_of.iter().any(given) && !told() {
            let one_of = wf_source::one_of(self.any_of.iter().map(Text::as_str), 6);
            refusals.push(Refusal::new("value_error.missing", format!("must give {one_of}")));
        }
    }
}

fn check_bounds(field: &InputField, value: &Value) -> Result<(), Refusals> {
    use std::cmp::Ordering::{Greater, Less};
    let beyond = |bound: &Option<Value>, side| bound.as_ref().filter(|bound| value.order(bound) == Some(side)).cloned();
    let refused = |code, words: &str, bound: Value| {
        let expectation = format!("should be {} of {words} {}", a(&field.ty), bound.print_lenient());
        Err(vec![Refusal::new(code, expectation)])
    };
    match (beyond(&field.min, Less), beyond(&field.max, Greater)) {
        (Some(min), _) => refused("value_error.number.not_ge", "at least", min),
        (_, Some(max)) => refused("value_error.number.not_le", "at most", max),
        _ => Ok(()),
    }
}

fn is_filled(value: &Value) -> bool {
    match value {
        Value::Int(0) | Value::Id(crate::Id::Number(0)) => false,
        Value::Float(n) => *n != 0.0,
        value => !value.is_empty(),
    }
}

fn steps(path: &Text) -> Vec<Step> {
    path.split('.').map(|name| Step::Field(name.into())).collect()
}

/// What stands at `a.b`.
fn at(input: &Map, path: &str) -> Option<Value> {
    let (first, rest) = path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
    let value = input.raw(first)?;
    match rest {
        Some(rest) => at(value.as_map()?, rest),
        None => Some(value.clone()),
    }
}
