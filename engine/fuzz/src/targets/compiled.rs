//! What stands inside the YAML: expressions, paths, templates, over values of every kind.

use wf_expr::functions::{self, Locals};
use wf_expr::path::Path;
use wf_expr::template::Template;
use wf_expr::types::{Site, Subject, TypeEnv, infer};
use wf_expr::{DefineId, Slot, TableId, TemplateId, cel, compile};
use wf_source::{Diagnostic, FileId, Files, ScalarMap};
use wf_value::{Text, Type, Value};

use super::places::places;
use super::world::{VALUES, World, shown};
use super::{Seen, Target, Wrong, must};
use crate::repository::Repository;
use crate::{Input, Random, grammar};

const VALUES_PART: &str = "values";
const FILE: FileId = FileId(0);

/// Names of functions and of what the world has.
fn words() -> Vec<&'static str> {
    let functions = functions::all().map(|f| f.name);
    let words: Vec<&str> = functions.chain(grammar::NAMES.iter().copied()).chain(["params.x", "now", "env"]).collect();
    words
}

/// Values of all expressions in the repository's workflows: what stands behind a key and looks like one.
fn written(repository: &Repository, looks: impl Fn(&str) -> bool) -> Vec<String> {
    let lines = repository.iter().filter(|(path, _)| path.starts_with("workflows/")).flat_map(|(_, text)| text.lines());
    let values = lines.filter_map(|line| line.split_once(": ").map(|(_, value)| value.trim()));
    let mut texts: Vec<String> = values.filter(|v| v.len() < 300 && looks(v)).map(str::to_owned).collect();
    texts.sort();
    texts.dedup();
    texts
}

fn input(part: &str, text: &str) -> Input {
    Input::of([(part, text), (VALUES_PART, VALUES)])
}

/// The text, where it stands, and the files in which that is.
fn placed(name: &str, text: &str) -> (ScalarMap, Files) {
    let mut files = Files::default();
    files.add(name, text);
    (ScalarMap::plain(FILE, 0, text.len()), files)
}

/// An expression: compiled, typed, evaluated, printed.
pub(super) struct Expressions {
    words: Vec<&'static str>,
}

impl Default for Expressions {
    fn default() -> Self {
        Self { words: words() }
    }
}

impl Target for Expressions {
    fn name(&self) -> &'static str {
        "expressions"
    }

    fn seeds(&self, repository: &Repository) -> Vec<Input> {
        let examples = functions::all().flat_map(|f| f.examples).map(|(text, _)| (*text).to_owned());
        let real = written(repository, |v| v.contains('.') || v.contains('('));
        examples.chain(real).map(|text| input("expression", text.trim_start_matches('='))).collect()
    }

    fn invent(&self, random: &mut Random) -> Option<Input> {
        let depth = 1 + random.below(5);
        Some(input("expression", &grammar::expression(random, &self.words, depth)))
    }

    fn words(&self) -> &[&'static str] {
        &self.words
    }

    fn check(&mut self, input: &Input) -> Result<Seen, Wrong> {
        let (text, mut seen) = (input.text("expression"), Seen::default());
        let (map, files) = placed("expression", &text);
        let world = World::of(&input.text(VALUES_PART));
        let (code, found) = compile(&text, &map, &world);
        places(&files, &found, &mut seen)?;
        let told = code.is_some() != found.iter().any(Diagnostic::is_error);
        must(told, "an expression that is no code and has no mistake", || text.clone())?;
        if let Some(printed) = cel::format(&text) {
            must(cel::format(&printed).as_ref() == Some(&printed), "printed expressions are not at rest", || {
                printed.clone()
            })?;
        }
        let Some(code) = code else { return Ok(seen) };
        let mut types = Types::default();
        let ty = infer(&code, &mut types, &mut vec![]);
        places(&files, &types.found, &mut seen)?;
        let value = world.ctx(|ctx| {
            drop(code.leaves(ctx));
            code.value(ctx)
        });
        seen.add(value.kind());
        if let Value::Unknown(unknown) = &value {
            seen.add(unknown.kind.word());
            must(unknown.span.is_some(), "something is unknown nowhere", || unknown.sentence())?;
        }
        shown(&value)?;
        must(!types.found.is_empty() || is_of(&value, &ty), "a value that is not of its type", || {
            format!("{value:?} is no {}", ty.words())
        })?;
        Ok(seen)
    }
}

/// Whether a value is what its type promises, where that is plain. What is unknown or null is of every type.
fn is_of(value: &Value, ty: &Type) -> bool {
    match (ty, value) {
        (_, Value::Null | Value::Unknown(_)) => true,
        (Type::Optional(inner), _) => is_of(value, inner),
        (Type::Union(forms), _) => forms.is_empty() || forms.iter().any(|form| is_of(value, form)),
        (Type::Boolean, _) => matches!(value, Value::Bool(_) | Value::Secret(_)),
        (Type::Integer, _) => matches!(value, Value::Int(_) | Value::Big(_) | Value::Id(_)) || value.as_int().is_some(),
        (Type::Duration, _) => matches!(value, Value::Duration(_)),
        (Type::List(_), _) => matches!(value, Value::List(_) | Value::Secret(_)),
        (Type::Map(_) | Type::Shape(_), _) => matches!(value, Value::Map(_) | Value::Secret(_)),
        (Type::Secret, _) => matches!(value, Value::Secret(_) | Value::Text(_)),
        _ => true,
    }
}

/// Of every name anything is known.
#[derive(Default)]
struct Types {
    found: Vec<Diagnostic>,
}

impl TypeEnv for Types {
    fn slot(&mut self, _: Slot) -> Type {
        Type::Any
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

/// A JSONPath.
pub(super) struct Paths;

impl Target for Paths {
    fn name(&self) -> &'static str {
        "paths"
    }

    fn seeds(&self, repository: &Repository) -> Vec<Input> {
        let mut texts = written(repository, |v| v.starts_with("$.") || v.starts_with("$["));
        texts.push("$.edges[?@.state == 'DOWN' && match(@.serial, 'A.*')]..links[-1:0:-2]['state', 0]".into());
        texts.iter().map(|text| input("path", text)).collect()
    }

    fn invent(&self, random: &mut Random) -> Option<Input> {
        Some(input("path", &grammar::path(random)))
    }

    fn words(&self) -> &[&'static str] {
        grammar::NAMES
    }

    fn check(&mut self, input: &Input) -> Result<Seen, Wrong> {
        let (text, mut seen) = (input.text("path"), Seen::default());
        let (map, files) = placed("path", &text);
        let world = World::of(&input.text(VALUES_PART));
        for (path, found) in [Path::compile(&text, &map, &world), Path::of_document(&text, &map)] {
            places(&files, &found, &mut seen)?;
            let told = path.is_some() != found.iter().any(Diagnostic::is_error);
            must(told, "a path that is none and has no mistake", || text.clone())?;
            let Some(path) = path else { continue };
            let value = world.ctx(|ctx| path.eval(ctx, &mut Locals::default()));
            seen.add(value.kind());
            shown(&value)?;
        }
        Ok(seen)
    }
}

/// A text with holes, and a template file that it names.
pub(super) struct Templates {
    words: Vec<&'static str>,
}

impl Default for Templates {
    fn default() -> Self {
        Self { words: words() }
    }
}

const PARTIAL: &str = "{{#each a as |x i|}}\n  <{{ i }}>{{ x }}\n{{/each}}{{ b }}\n";

impl Target for Templates {
    fn name(&self) -> &'static str {
        "templates"
    }

    fn seeds(&self, repository: &Repository) -> Vec<Input> {
        let files = repository.iter().filter(|(path, _)| path.ends_with(".hbs")).map(|(_, text)| text.to_owned());
        let texts = files.chain(written(repository, |v| v.contains("{{")));
        let parts = |text: String| Input::of([("template", text.as_str()), ("part", PARTIAL), (VALUES_PART, VALUES)]);
        texts.map(parts).collect()
    }

    fn invent(&self, random: &mut Random) -> Option<Input> {
        let template = grammar::template(random, &self.words, 3);
        Some(Input::of([("template", template.as_str()), ("part", PARTIAL), (VALUES_PART, VALUES)]))
    }

    fn words(&self) -> &[&'static str] {
        &self.words
    }

    fn check(&mut self, input: &Input) -> Result<Seen, Wrong> {
        let mut seen = Seen::default();
        let mut world = World::of(&input.text(VALUES_PART));
        let known = [("part".into(), TemplateId(0))];
        let part = input.text("part");
        let (map, files) = placed("part", &part);
        let (part, found) = Template::file("part", &part, &map, &world, true, &known);
        places(&files, &found, &mut seen)?;
        world.program.templates.extend(part);
        let known = if world.program.templates.is_empty() { &[] } else { &known[..] };
        let text = input.text("template");
        let (map, files) = placed("template", &text);
        let file = |html| Template::file("template", &text, &map, &world, html, known);
        for (template, found) in [Template::compile(&text, &map, &world, known), file(true), file(false)] {
            places(&files, &found, &mut seen)?;
            let told = template.is_some() != found.iter().any(Diagnostic::is_error);
            must(told, "a template that is none and has no mistake", || text.clone())?;
            let Some(template) = template else { continue };
            for lenient in [false, true] {
                let value = world.ctx(|ctx| template.call(ctx, [], lenient));
                seen.add(value.kind());
                shown(&value)?;
            }
        }
        Ok(seen)
    }
}
