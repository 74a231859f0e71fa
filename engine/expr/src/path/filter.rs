//! Conditions of `[?…]`: true, false, or unknown.

use std::sync::Arc;

use regex::Regex;
use wf_value::{Unknown, Value};

use super::query::{Filter, Function, Operand};
use super::select::{Limited, Select, member};
use super::{Comparison, Query, SelectorKind};

pub(super) enum Truth {
    Yes,
    No,
    Unknown(Arc<Unknown>),
}

impl From<bool> for Truth {
    fn from(b: bool) -> Self {
        if b { Self::Yes } else { Self::No }
    }
}

/// What an operand gives.
#[derive(Clone, Debug)]
pub(super) enum Got {
    /// There is none.
    Nothing,
    /// Null, or absent where its type says that it may be: a fact.
    DeclaredNull,
    Value(Value),
    Unknown(Arc<Unknown>),
}

impl Select<'_, '_> {
    pub(super) fn truth(&mut self, filter: &Filter, current: &Value) -> Limited<Truth> {
        Ok(match filter {
            Filter::Any(all) => {
                let mut result = Truth::No;
                for filter in all {
                    match self.truth(filter, current)? {
                        Truth::Yes => return Ok(Truth::Yes),
                        unknown @ Truth::Unknown(_) if matches!(result, Truth::No) => result = unknown,
                        _ => {}
                    }
                }
                result
            }
            Filter::All(all) => {
                let mut result = Truth::Yes;
                for filter in all {
                    match self.truth(filter, current)? {
                        Truth::No => return Ok(Truth::No),
                        unknown @ Truth::Unknown(_) if matches!(result, Truth::Yes) => result = unknown,
                        _ => {}
                    }
                }
                result
            }
            Filter::Not(filter) => match self.truth(filter, current)? {
                Truth::Yes => Truth::No,
                Truth::No => Truth::Yes,
                unknown => unknown,
            },
            Filter::Exists(query) => {
                let found = self.query(query, current)?;
                match found.aside.into_iter().next() {
                    _ if !found.nodes.is_empty() => Truth::Yes,
                    Some(aside) => Truth::Unknown(aside.reason),
                    None => Truth::No,
                }
            }
            Filter::Compare(comparison) => {
                let Comparison { op, left, right, span } = &**comparison;
                let (left, right) = (self.operand(left, current)?, self.operand(right, current)?);
                super::compare::compare(*op, &left, &right, *span)
            }
            Filter::Test(Function::Match { text, regex, whole, ready }) => {
                let (text, regex) = (self.operand(text, current)?, self.operand(regex, current)?);
                match (text, regex) {
                    (Got::Unknown(unknown), _) | (_, Got::Unknown(unknown)) => Truth::Unknown(unknown),
                    (Got::Value(text), Got::Value(pattern)) => {
                        let (Some(text), Some(pattern)) = (text.as_str(), pattern.as_str()) else {
                            return Ok(Truth::No);
                        };
                        match ready {
                            Some(regex) => regex.is_match(text).into(),
                            None => i_regexp(pattern, *whole).is_some_and(|regex| regex.is_match(text)).into(),
                        }
                    }
                    _ => Truth::No,
                }
            }
            Filter::Test(_) => Truth::No,
        })
    }

    fn operand(&mut self, operand: &Operand, current: &Value) -> Limited<Got> {
        match operand {
            Operand::Literal(value, _) => Ok(Got::Value(value.clone())),
            Operand::Query(query) => self.one(query, current),
            Operand::Function(function, _) => self.function(function, current),
        }
    }

    /// The value that a singular path finds.
    fn one(&mut self, query: &Query, current: &Value) -> Limited<Got> {
        let found = self.query(query, current)?;
        if let Some(node) = found.nodes.into_iter().next() {
            return Ok(Got::Value(node.value));
        }
        if let Some(aside) = found.aside.into_iter().next() {
            return Ok(Got::Unknown(aside.reason));
        }
        Ok(if self.may_be_absent(query, current)? { Got::DeclaredNull } else { Got::Nothing })
    }

    /// Whether the type of the object in which the path ended says that the last field may be absent.
    fn may_be_absent(&mut self, query: &Query, current: &Value) -> Limited<bool> {
        let Some((last, before)) = query.segments.split_last() else { return Ok(false) };
        let [super::Selector { kind: SelectorKind::Name(name), .. }] = last.selectors.as_slice() else {
            return Ok(false);
        };
        let from = match &query.root {
            Some(root) => root.eval(self.ctx, self.locals),
            None => current.clone(),
        };
        let holder = self.all(from, before)?.nodes.into_iter().next();
        Ok(match holder.map(|node| node.value) {
            Some(Value::Map(map)) => {
                let declared = map.shape_type().is_some_and(|ty| ty.field(name).is_some());
                declared && member(&map, name).is_none()
            }
            _ => false,
        })
    }

    fn function(&mut self, function: &Function, current: &Value) -> Limited<Got> {
        Ok(match function {
            Function::Length(operand) => match self.operand(operand, current)? {
                Got::Value(value) => length(&value),
                unknown @ Got::Unknown(_) => unknown,
                Got::Nothing | Got::DeclaredNull => Got::Nothing,
            },
            Function::Count(query) => {
                let found = self.query(query, current)?;
                match found.aside.into_iter().next() {
                    Some(aside) => Got::Unknown(aside.reason),
                    None => Got::Value(count(found.nodes.len())),
                }
            }
            Function::Value(query) => {
                let found = self.query(query, current)?;
                match (found.nodes.as_slice(), found.aside.into_iter().next()) {
                    (_, Some(aside)) => Got::Unknown(aside.reason),
                    ([one], None) => Got::Value(one.value.clone()),
                    _ => Got::Nothing,
                }
            }
            Function::Match { .. } => Got::Nothing,
        })
    }
}

fn count(n: usize) -> Value {
    Value::Int(i64::try_from(n).unwrap_or(i64::MAX))
}

fn length(value: &Value) -> Got {
    match value {
        Value::List(list) => match list.partial_reason() {
            Some(reason) => Got::Unknown(reason.into()),
            None => Got::Value(count(list.len())),
        },
        Value::Map(map) => Got::Value(count(map.len())),
        other => match other.as_str() {
            Some(text) => Got::Value(count(text.chars().count())),
            None => Got::Nothing,
        },
    }
}

/// A regex of RFC 9485: in it `.` is no line end. `None`: it is none.
pub(super) fn i_regexp(pattern: &str, whole: bool) -> Option<Regex> {
    let mut translated = String::with_capacity(pattern.len() + 8);
    let mut in_class = false;
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                translated.push(c);
                translated.extend(chars.next());
                continue;
            }
            '[' => in_class = true,
            ']' => in_class = false,
            '.' if !in_class => {
                translated.push_str("[^\\n\\r]");
                continue;
            }
            _ => {}
        }
        translated.push(c);
    }
    let anchored = if whole { format!("^(?:{translated})$") } else { translated };
    Regex::new(&anchored).ok()
}
