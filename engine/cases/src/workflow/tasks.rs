//! Named tasks in the keys of the wire (contract 6.1), in which cases set them up and look for them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use wf_source::Span;
use wf_syntax::ast::{Binding, ExpectedTask};
use wf_value::{Map, Text, Value};

use crate::data;
use crate::expected::{Difference, Expected, Mode, show};
use crate::stop::Stop;
use wf_host::ports::Task;

/// What a key of the wire holds of the tasks of one kind.
enum Part {
    /// Due times by key, in seconds.
    Due,
    /// Data by key, as JSON.
    Data,
}

/// `production-task_dispatcher-z-forwards`; `None`: it is another key.
fn parsed(key: &str) -> Option<(Part, &str)> {
    let (_, rest) = key.split_once("-task_dispatcher-")?;
    match rest.split_once('-')? {
        ("z", kind) => Some((Part::Due, kind)),
        ("h", kind) => Some((Part::Data, kind)),
        _ => None,
    }
}

/// Whether a key of the store is one of tasks; the others are a workflow's own.
pub(crate) fn is_key(binding: &Binding) -> bool {
    parsed(binding.name.as_str()).is_some()
}

/// The tasks that wait before the case begins.
pub(crate) fn beforehand(state: &[Binding]) -> Result<Vec<Task>, Stop> {
    let mut data: BTreeMap<(&str, Text), Value> = BTreeMap::new();
    let mut tasks = Vec::new();
    for binding in state {
        let Some((part, kind)) = parsed(binding.name.as_str()) else { continue };
        let value = data::value(&binding.value);
        for (key, value) in value.as_map().into_iter().flat_map(Map::raw_iter) {
            match part {
                Part::Due => tasks.push(Task {
                    kind: kind.into(),
                    key: key.clone(),
                    due: due(value, binding)?,
                    data: Value::Null,
                }),
                Part::Data => {
                    let decoded = value.as_str().and_then(|json| wf_value::decode(json).ok());
                    data.insert((kind, key.clone()), decoded.unwrap_or_else(|| value.clone()));
                }
            }
        }
    }
    for task in &mut tasks {
        task.data = data.get(&(task.kind.as_str(), task.key.clone())).cloned().unwrap_or_default();
    }
    Ok(tasks)
}

fn due(value: &Value, binding: &Binding) -> Result<Timestamp, Stop> {
    let at = match value {
        Value::Int(seconds) => Timestamp::from_second(*seconds).ok(),
        #[allow(clippy::cast_possible_truncation, reason = "a float too large gives a moment that is none")]
        Value::Float(seconds) => Timestamp::from_millisecond((seconds * 1000.0) as i64).ok(),
        _ => None,
    };
    at.ok_or_else(|| Stop::broken(format!("{} is no time in seconds", show(value)), Some(binding.value.span)))
}

/// How the keys of tasks differ from what the case expects; null: there is no such key.
pub(crate) fn state_differences(expected: &[Binding], waiting: &[Task]) -> Vec<Difference> {
    let mut found = Vec::new();
    for binding in expected {
        let Some((part, kind)) = parsed(binding.name.as_str()) else { continue };
        let of_kind = waiting.iter().filter(|t| t.kind.as_str() == kind);
        let value = |task: &Task| match part {
            Part::Due => Value::Int(task.due.as_second()),
            Part::Data => Value::text(task.data.encode().unwrap_or_default().as_str()),
        };
        let all: Map = of_kind.map(|task| (task.key.clone(), value(task))).collect();
        let actual = if all.is_empty() { Value::Null } else { all.into() };
        let differences = Expected::read(&binding.value).differences(&actual, Mode::Exact);
        let inside = |d: Difference| Difference {
            path: format!("{} {}", binding.name.as_str(), d.path).trim_end().to_owned(),
            ..d
        };
        found.extend(differences.into_iter().map(inside));
    }
    found
}

/// How the tasks that wait differ from those that the case expects, which are all.
pub(crate) fn differences(expected: &[ExpectedTask], all: Span, waiting: &[Task]) -> Vec<Difference> {
    let words = |kind: &str, due: &str, key: &str| format!("{kind} {key}, due {due}");
    let told = |t: &Task| words(&t.kind, &t.due.to_string(), &t.key);
    let mut left: Vec<&Task> = waiting.iter().collect();
    let mut found = Vec::new();
    let text = |name: &Option<wf_syntax::ast::Name>| name.as_ref().map(|n| n.as_str().to_owned()).unwrap_or_default();
    for task in expected {
        let (kind, due, key) = (text(&task.task), text(&task.due), text(&task.key));
        let at: Option<Timestamp> = due.parse().ok();
        let same = |t: &&Task| t.kind.as_str() == kind && t.key.as_str() == key;
        let exact = left.iter().position(|t| same(t) && Some(t.due) == at);
        if let Some(exact) = exact {
            left.remove(exact);
            continue;
        }
        let near = left.iter().position(same).map(|i| left.remove(i));
        let actual = near.map_or_else(|| "absent".to_owned(), told);
        found.push(Difference { path: key.clone(), expected: words(&kind, &due, &key), actual, span: task.span });
    }
    let extra =
        |t: &Task| Difference { path: t.key.to_string(), expected: "absent".into(), actual: told(t), span: all };
    found.extend(left.into_iter().map(extra));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::tests::node;
    use wf_syntax::ast::Name;

    fn bindings(text: &str) -> Vec<Binding> {
        let node = node(text);
        let entry = |e: &wf_syntax::tree::Entry| Binding {
            name: Name::new(e.key.text().into(), e.key.span),
            value: e.value.clone(),
        };
        node.entries().iter().map(entry).collect()
    }

    #[test]
    fn tasks_stand_in_two_keys() {
        let state =
            bindings("{dev-task_dispatcher-z-work: {a: 60, b: 1.5}, dev-task_dispatcher-h-work: {a: '{\"x\": 1}'}}");
        let tasks = beforehand(&state).unwrap_or_default();
        let told: Vec<_> = tasks.iter().map(|t| (t.key.as_str(), t.due.as_millisecond(), show(&t.data))).collect();
        assert_eq!(told, [("a", 60_000, r#"{"x":1}"#.to_owned()), ("b", 1500, "null".to_owned())]);
        // of a workflow's own
        assert!(beforehand(&bindings("{other: 1}")).is_ok_and(|tasks| tasks.is_empty()));

        let expected = bindings("{dev-task_dispatcher-z-work: {a: 60, b: 2}, dev-task_dispatcher-h-none: null}");
        let found = state_differences(&expected, &tasks);
        let paths: Vec<_> = found.iter().map(|d| (d.path.as_str(), d.actual.as_str())).collect();
        assert_eq!(paths, [("dev-task_dispatcher-z-work b", "1")]);
    }

    #[test]
    fn pending_tasks_are_compared_whole() {
        let name = |text: &str| Some(Name::new(text.into(), node("x").span));
        let span = node("x").span;
        let one = |key: &str, due: &str| ExpectedTask { span, task: name("work"), due: name(due), key: name(key) };
        let task = |key: &str, second| Task {
            kind: "work".into(),
            key: key.into(),
            due: Timestamp::from_second(second).unwrap_or_default(),
            data: Value::Null,
        };
        let expected =
            [one("a", "1970-01-01T00:01:00Z"), one("b", "1970-01-01T00:01:00Z"), one("c", "1970-01-01T00:01:00Z")];
        let found = differences(&expected, span, &[task("d", 1), task("b", 61), task("a", 60)]);
        let told: Vec<_> = found.iter().map(|d| (d.path.as_str(), d.actual.as_str())).collect();
        assert_eq!(
            told,
            [("b", "work b, due 1970-01-01T00:01:01Z"), ("c", "absent"), ("d", "work d, due 1970-01-01T00:00:01Z")]
        );
    }
}
