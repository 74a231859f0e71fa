//! Definitions that are wrong for all who use them: params and constants without a declared type, fields of shapes.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use wf_expr::types::{Subject, Told, findings};
use wf_expr::{Written, WrittenKind};
use wf_source::{Diagnostic, Fix, Span, nearest, slip};
use wf_syntax::ast::{Field, TypeKind};
use wf_syntax::tree::{Node, Scalar, Style};
use wf_value::{Text, Value};

use super::check::{Used, Walked};
use crate::names::{DefKey, DefKind, Found, World};

/// Where shapes, enums and types are declared, by name; names that are declared twice are left out.
pub(super) fn declared(world: &World<'_>) -> HashMap<String, Span> {
    let mut all: HashMap<String, Option<Span>> = HashMap::new();
    for field in world.units.iter().flat_map(|unit| &unit.types) {
        let place = all.entry(field.name.as_str().to_owned());
        place.and_modify(|place| *place = None).or_insert(Some(field.name.span));
    }
    all.into_iter().filter_map(|(name, span)| Some((name, span?))).collect()
}

/// All that was told, each mistake once and at the place that is wrong.
pub(super) fn settle(world: &World<'_>, walked: &[Walked<'_>]) -> Vec<Diagnostic> {
    let mut told = heard(walked);
    let mut found = fields(world, walked, &mut told);
    found.extend(lets(walked, &mut told));
    found.extend(values(walked, &mut told));
    found.extend(twins(world, walked));
    found.extend(results(walked));
    found.extend(strangers(world, walked, &mut told));
    found.extend(definitions(world, walked, &mut told));
    found.extend(told.into_iter().map(|(_, told)| told.diagnostic));
    found
}

/// What was told of each module. That a comparison in a library never holds is known when it holds for none of its users.
fn heard(walked: &[Walked<'_>]) -> Vec<(usize, Told)> {
    let mut all = vec![];
    for (i, one) in walked.iter().enumerate() {
        for told in &one.told {
            let span = told.diagnostic.span;
            let never = std::ptr::eq(told.diagnostic.rule, &raw const findings::NEVER_COMES);
            let shared = never && one.file.is_some_and(|file| file != span.file);
            let says = |other: &Walked<'_>| other.told.iter().any(|t| t.diagnostic.span == span);
            if shared && walked.iter().any(|other| other.notes.types.has(span) && !says(other)) {
                continue;
            }
            all.push((i, told.clone()));
        }
    }
    all
}

/// A name that several ask for, near one that nobody asks for: the declaration is misspelt.
fn fields(world: &World<'_>, walked: &[Walked<'_>], told: &mut Vec<(usize, Told)>) -> Vec<Diagnostic> {
    let mut asked: BTreeMap<(&Text, &Text), BTreeSet<Span>> = BTreeMap::new();
    for (shape, field, span) in walked.iter().flat_map(|one| &one.notes.missed) {
        asked.entry((shape, field)).or_default().insert(*span);
    }
    let read = |shape: &Text, field: &str| {
        walked.iter().any(|one| one.fields_read.iter().any(|(s, f)| s == shape && f.as_str() == field))
    };
    let mut found = vec![];
    for ((shape, field), spans) in asked.into_iter().filter(|(_, spans)| spans.len() > 1) {
        let declarations = world.units.iter().flat_map(|unit| &unit.types).filter(|ty| ty.name.as_str() == &**shape);
        let near = declarations.filter_map(fields_of).find_map(|fields| {
            let near = nearest(field, fields.iter().map(|f| f.name.as_str()))?;
            fields.iter().find(|f| f.name.as_str() == near)
        });
        let Some(near) = near.filter(|near| !read(shape, near.name.as_str())) else { continue };
        told.retain(|(_, told)| !spans.contains(&told.diagnostic.span));
        let message =
            format!("nobody asks `{shape}` for `{}`, and {} places ask for `{field}`", near.name.value, spans.len());
        let mut diagnostic = Diagnostic::error(&findings::UNKNOWN_FIELD, near.name.span, message)
            .did_you_mean(Some(field.as_str()), near.name.span);
        for span in spans {
            diagnostic = diagnostic.note(Some(span), "asked for here");
        }
        found.push(diagnostic);
    }
    found
}

fn fields_of(ty: &Field) -> Option<&Vec<Field>> {
    match &ty.ty.kind {
        TypeKind::Shape(shape) => Some(&shape.fields),
        _ => None,
    }
}

/// A let with which nobody can do anything: its value is wrong, and not all its uses.
fn lets(walked: &[Walked<'_>], told: &mut Vec<(usize, Told)>) -> Vec<Diagnostic> {
    let mut wrong: BTreeMap<Span, Vec<Diagnostic>> = BTreeMap::new();
    for (_, told) in told.iter() {
        if let Some(Subject::Let(at)) = &told.subject {
            wrong.entry(*at).or_default().push(told.diagnostic.clone());
        }
    }
    let used = |at: &Span| walked.iter().any(|one| one.notes.lets_used.contains(at));
    let mut found = vec![];
    for (at, uses) in wrong.into_iter().filter(|(at, uses)| uses.len() > 1 && !used(at)) {
        let Some(first) = uses.first() else { continue };
        told.retain(|(_, told)| told.subject != Some(Subject::Let(at)));
        let message = format!("this fits none of its uses: {}", first.message);
        let mut diagnostic = Diagnostic::error(first.rule, at, message);
        let list = first.message.contains("is a list");
        diagnostic.help = match list {
            true => Some("one of a list is `.first()` or `.last()`, the newest `.maxBy(x, x.time)`".into()),
            false => first.help.clone(),
        };
        for used in uses {
            diagnostic = diagnostic.note(Some(used.span), "used here");
        }
        found.push(diagnostic);
    }
    found
}

/// A text of a closed set that nobody asks for, near one that several ask for: where the set says it, it is misspelt.
fn values(walked: &[Walked<'_>], told: &mut Vec<(usize, Told)>) -> Vec<Diagnostic> {
    let mut asked: BTreeMap<(&Text, &Text), BTreeSet<Span>> = BTreeMap::new();
    let mut sets: BTreeMap<&Text, BTreeSet<&Text>> = BTreeMap::new();
    for one in walked {
        for ((set, text), spans) in &one.notes.asked {
            asked.entry((set, text)).or_default().extend(spans);
        }
        for (set, values) in &one.notes.sets {
            sets.entry(set).or_default().extend(values);
        }
    }
    let mut found = vec![];
    for ((set, text), spans) in asked.iter().filter(|(_, spans)| spans.len() > 1) {
        let Some(values) = sets.get(set).filter(|values| !values.contains(text)) else { continue };
        let idle = || values.iter().filter(|value| !asked.contains_key(&(*set, **value)));
        let begins = idle().find(|value| text.starts_with(value.as_str()) || value.starts_with(text.as_str()));
        let near = || {
            let near = nearest(text, idle().map(|value| value.as_str()))?;
            idle().find(|value| value.as_str() == near)
        };
        let only = || idle().next().filter(|_| idle().count() == 1);
        let Some(value) = begins.or_else(near).or_else(only) else { continue };
        let Some(place) = said_at(walked, set, value) else { continue };
        let about = |told: &Told| {
            std::ptr::eq(told.diagnostic.rule, &raw const findings::NEVER_COMES)
                && spans.contains(&told.diagnostic.span)
        };
        if !told.iter().any(|(_, told)| about(told)) {
            continue;
        }
        told.retain(|(_, told)| !about(told));
        let message = format!("nobody asks for '{value}', and {} places ask for '{text}'", spans.len());
        let mut diagnostic =
            Diagnostic::error(&findings::NEVER_COMES, place, message).help(format!("did you mean '{text}'?"));
        for span in spans {
            diagnostic = diagnostic.note(Some(*span), "asked for here");
        }
        found.push(diagnostic);
    }
    found
}

/// A result of a table that nobody asks for, beside one that is asked for and nearly the same.
fn results(walked: &[Walked<'_>]) -> Vec<Diagnostic> {
    let asked: BTreeSet<&(Text, Text)> = walked.iter().flat_map(|one| one.notes.asked.keys()).collect();
    let mut found: BTreeMap<Span, Diagnostic> = BTreeMap::new();
    for table in walked.iter().flat_map(|one| &one.module.program.tables) {
        let texts = |then: &Written| match &then.kind {
            WrittenKind::Literal { value: Value::Text(text), .. } => Some((text.clone(), then.span)),
            _ => None,
        };
        let given: Vec<(Text, Span)> =
            table.rows.iter().map(|row| &row.then).chain(&table.otherwise).filter_map(texts).collect();
        for (text, at) in given.iter().filter(|(text, _)| text.chars().count() >= LONG) {
            if asked.contains(&(table.name.clone(), text.clone())) {
                continue;
            }
            let meant = given
                .iter()
                .map(|(other, _)| other)
                .filter(|other| asked.contains(&(table.name.clone(), (*other).clone())));
            let Some(meant) = slip(text, meant.map(Text::as_str)) else { continue };
            let message = format!("nobody asks whether `{}` is '{text}'", table.name);
            let diagnostic = Diagnostic::warning(&findings::NEVER_COMES, *at, message);
            found.insert(*at, diagnostic.help(format!("did you mean '{meant}', which another row gives?")));
        }
    }
    found.into_values().collect()
}

/// A text that is nearly another one, and means something else, is shorter.
const LONG: usize = 5;

/// A text that stands in a constant, and becomes a value beside one that is nearly the same and that is asked for.
fn twins(world: &World<'_>, walked: &[Walked<'_>]) -> Vec<Diagnostic> {
    let mut asked: BTreeMap<(&Text, &Text), BTreeSet<Span>> = BTreeMap::new();
    for (twin, text, at) in walked.iter().flat_map(|one| &one.notes.twins) {
        asked.entry((twin, text)).or_default().insert(*at);
    }
    let mut found = vec![];
    for ((twin, text), places) in asked {
        let constants = world.units.iter().flat_map(|unit| &unit.constants);
        let mut held = constants.filter_map(|constant| element_of(&constant.value, twin));
        let (Some(node), None) = (held.next(), held.next()) else { continue };
        let message = format!("'{twin}' becomes a value that is asked whether it is '{text}'");
        let mut diagnostic =
            Diagnostic::warning(&findings::NEVER_COMES, node.span, message).help(format!("did you mean '{text}'?"));
        for place in places {
            diagnostic = diagnostic.note(Some(place), "asked here");
        }
        found.push(diagnostic);
    }
    found
}

/// A key that is there nowhere: where one constant says it once, it is misspelt there; where it is said more often, and a column or a row of a
/// grid of params is nearly the same, that is misspelt.
fn strangers(world: &World<'_>, walked: &[Walked<'_>], told: &mut Vec<(usize, Told)>) -> Vec<Diagnostic> {
    let mut found = vec![];
    for (text, near, at) in walked.iter().flat_map(|one| &one.notes.strangers) {
        let constants = world.units.iter().flat_map(|unit| &unit.constants);
        let held: Vec<&Node> = constants.flat_map(|constant| all_of(&constant.value, text)).collect();
        let about = |told: &Told| {
            std::ptr::eq(told.diagnostic.rule, &raw const findings::UNKNOWN_FIELD) && told.diagnostic.span == *at
        };
        if let [node] = held.as_slice() {
            for (_, told) in told.iter_mut().filter(|(_, told)| about(told)) {
                told.diagnostic.span = node.span;
                told.diagnostic.notes = vec![];
                told.diagnostic = told.diagnostic.clone().note(Some(*at), "asked for here");
            }
            continue;
        }
        let params = world.units.iter().flat_map(|unit| &unit.params);
        let mut cells = params.filter(|def| def.of_grid && def.name.value.split('.').any(|part| part == near.as_str()));
        let Some(cell) = cells.next() else { continue };
        let before = told.len();
        told.retain(|(_, told)| !about(told) && !asks_param(&told.diagnostic, text));
        if told.len() == before {
            continue;
        }
        let message = format!("`{near}` is a name in this grid, and '{text}' is asked for");
        found.push(
            Diagnostic::error(&findings::UNKNOWN_FIELD, cell.name.span, message)
                .help(format!("did you mean `{text}`?"))
                .note(Some(*at), "asked for here"),
        );
    }
    found
}

/// It says that a name is no param, or no member of some.
fn asks_param(found: &Diagnostic, name: &str) -> bool {
    let of_fields = [&raw const findings::UNKNOWN_FIELD, &raw const findings::NO_FIELDS];
    of_fields.iter().any(|rule| std::ptr::eq(found.rule, *rule)) && found.message.contains(&format!("{name}`"))
}

/// All places in a literal that are this text.
fn all_of<'n>(node: &'n Node, text: &Text) -> Vec<&'n Node> {
    if node.as_scalar().is_some_and(|scalar: &Scalar| *scalar.text == *text.as_str()) {
        return vec![node];
    }
    let members = node.items().iter().chain(node.entries().iter().map(|entry| &entry.value));
    members.flat_map(|member| all_of(member, text)).collect()
}

/// Where a table gives a text, or an action names an outcome.
fn said_at(walked: &[Walked<'_>], set: &Text, value: &Text) -> Option<Span> {
    walked.iter().find_map(|one| {
        let table = one.module.program.tables.iter().find(|table| table.name == *set);
        let results =
            table.into_iter().flat_map(|table| table.rows.iter().map(|row| &row.then).chain(&table.otherwise));
        let row = results
            .filter(|then| matches!(&then.kind, WrittenKind::Literal { value: Value::Text(text), .. } if text == value))
            .map(|then| then.span);
        let actions = one.actions.iter().filter(|action| super::results::outcomes_of(action) == *set);
        let outcome = actions.flat_map(|action| &action.outcomes).filter(|outcome| outcome.name == *value);
        row.chain(outcome.map(|outcome| outcome.span)).next()
    })
}

/// A param or constant that says no type and fits none of the places that use it.
fn definitions(world: &World<'_>, walked: &[Walked<'_>], told: &mut Vec<(usize, Told)>) -> Vec<Diagnostic> {
    let mut places: BTreeMap<DefKey, BTreeSet<Span>> = BTreeMap::new();
    for one in walked {
        for (used, span) in &one.notes.uses {
            if let Some(key) = defined(world, one, used) {
                places.entry(key).or_default().insert(*span);
            }
        }
    }
    let mut wrong: BTreeMap<DefKey, Vec<(Option<Text>, Diagnostic)>> = BTreeMap::new();
    for (i, told) in told.iter() {
        let Some(subject) = &told.subject else { continue };
        let element = match subject {
            Subject::Constant { element, .. } => element.clone(),
            _ => None,
        };
        let key = Used::of(subject).and_then(|used| defined(world, walked.get(*i)?, &used));
        let counts = told.diagnostic.is_error() || std::ptr::eq(told.diagnostic.rule, &raw const findings::NEVER_COMES);
        let repaired_there = told.diagnostic.fix.as_ref().is_some_and(|fix| fix.replacement.starts_with("now - "));
        if let Some(key) = key.filter(|_| counts && !repaired_there) {
            wrong.entry(key).or_default().push((element, told.diagnostic.clone()));
        }
    }
    let mut found = vec![];
    for (key, mistakes) in wrong {
        let Some(node) = literal_of(world, key) else { continue };
        let flagged: BTreeSet<Span> = mistakes.iter().map(|(_, d)| d.span).collect();
        let everywhere = places.get(&key).is_some_and(|places| places.iter().all(|place| flagged.contains(place)));
        let Some((element, first)) = mistakes.first().filter(|_| everywhere) else { continue };
        told.retain(|(_, told)| !flagged.contains(&told.diagnostic.span));
        let name = world.def(key).map(|def| def.name).unwrap_or_default();
        let place = element.as_ref().and_then(|text| element_of(node, text)).unwrap_or(node);
        let message = match element {
            Some(_) => first.message.clone(),
            None => format!("`{name}` fits none of its places: {}", first.message),
        };
        let mut diagnostic =
            Diagnostic { severity: first.severity, ..Diagnostic::error(first.rule, place.span, message) };
        diagnostic.help = first.help.clone();
        let text = world.files.text(place.span);
        if let Some(fix) = &first.fix
            && let Some(asked) = fix.replacement.strip_prefix('[').and_then(|r| r.strip_suffix(']'))
            && !asked.is_empty()
        {
            let replacement = format!("[{text}]");
            diagnostic.help = Some(format!("write `{replacement}`"));
            diagnostic.fix = Some(Fix { span: place.span, replacement });
        } else if std::ptr::eq(first.rule, &raw const findings::NO_UNIT) || wants_unit(place, first) {
            diagnostic.help = Some(format!("{text} what? write `{text}s`, `{text}m`, `{text}h` or `{text}d`"));
        } else if let Some(number) = quoted_number(place) {
            diagnostic.help = Some(format!("without quotes it is a number: write `{number}`"));
            diagnostic.fix = Some(Fix { span: place.span, replacement: number });
        }
        for span in flagged {
            diagnostic = diagnostic.note(Some(span), "used here");
        }
        found.push(diagnostic);
    }
    found
}

/// A bare number where a duration belongs.
fn wants_unit(node: &Node, found: &Diagnostic) -> bool {
    let number = node.as_scalar().is_some_and(|scalar| scalar.text.parse::<f64>().is_ok());
    number && found.message.contains("a duration is wanted")
}

/// `"1500"`
fn quoted_number(node: &Node) -> Option<String> {
    let scalar = node.as_scalar().filter(|scalar| scalar.style != Style::Plain)?;
    scalar.text.parse::<f64>().ok().map(|_| scalar.text.to_string())
}

/// The definition of what an expression names.
fn defined(world: &World<'_>, walked: &Walked<'_>, used: &Used) -> Option<DefKey> {
    match used {
        Used::Param(number) => {
            let param = walked.module.params.get(*number as usize)?;
            let unit = world.units.iter().find(|unit| unit.file == param.span.file)?;
            unit.find(DefKind::Param, &param.name)
        }
        Used::Constant(name, file) => {
            // what a template names is of the file beside it
            let of_file = world.units.iter().find(|unit| unit.file == *file);
            let folder = crate::project::folder(world.path(*file)).strip_suffix("/templates");
            let beside = world.units.iter().filter(|unit| Some(crate::project::folder(&unit.path)) == folder);
            of_file.into_iter().chain(beside).find_map(|unit| match world.find(unit.id, DefKind::Constant, name)? {
                Found::One(key) | Found::Clash(key, _) => Some(key),
            })
        }
    }
}

/// The literal of a definition that says no type.
fn literal_of<'a>(world: &'a World<'_>, key: DefKey) -> Option<&'a Node> {
    let unit = world.unit(key.unit);
    match key.kind {
        DefKind::Constant => unit.constants.get(key.index as usize).map(|constant| &constant.value),
        DefKind::Param => {
            let decl = &unit.params.get(key.index as usize)?.decl;
            decl.default.as_ref().filter(|_| decl.ty.is_none())
        }
        _ => None,
    }
}

/// The place in a literal that is this text.
fn element_of<'n>(node: &'n Node, text: &Text) -> Option<&'n Node> {
    if node.as_scalar().is_some_and(|scalar: &Scalar| *scalar.text == *text.as_str()) {
        return Some(node);
    }
    let members = node.items().iter().chain(node.entries().iter().map(|entry| &entry.value));
    members.into_iter().find_map(|member| element_of(member, text))
}
