//! Types in words, resolved: names of shapes, enums and types to what they stand for.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use wf_source::{Diagnostic, nearest};
use wf_syntax::ast::{FieldDecl, TypeExpr, TypeKind};
use wf_value::{Enum, Field, ShapeType, Text, TimeFormat, TimeFormatError, Type, Value};

use super::literals::{self, literal, seeming_type};
use super::rules;
use crate::names::{DefKey, DefKind, Found, Role, UnitId, World};

/// Resolves types; each named one once.
pub(crate) struct Types<'a> {
    pub(crate) world: &'a World<'a>,
    known: RefCell<HashMap<DefKey, Type>>,
    /// Named types whose resolution is under way.
    open: RefCell<Vec<DefKey>>,
    pub(crate) found: RefCell<Vec<Diagnostic>>,
}

/// Words of other languages for ours.
const FOREIGN: [(&str, &str); 20] = [
    ("string", "text"),
    ("str", "text"),
    ("strings", "text"),
    ("varchar", "text"),
    ("int", "integer"),
    ("int64", "integer"),
    ("long", "integer"),
    ("float", "number"),
    ("double", "number"),
    ("decimal", "number"),
    ("bool", "boolean"),
    ("flag", "boolean"),
    ("datetime", "timestamp"),
    ("date", "timestamp"),
    ("time", "timestamp"),
    ("timedelta", "duration"),
    ("object", "map of any"),
    ("dict", "map of any"),
    ("array", "list of any"),
    ("uuid", "text"),
];

impl<'a> Types<'a> {
    pub(crate) fn new(world: &'a World<'a>) -> Self {
        Self { world, known: RefCell::default(), open: RefCell::default(), found: RefCell::default() }
    }

    pub(crate) fn push(&self, diagnostic: Diagnostic) {
        self.found.borrow_mut().push(diagnostic);
    }

    /// The type that the words mean in a file; what is wrong with them is told, and `any`.
    pub(crate) fn resolve(&self, unit: UnitId, ty: &TypeExpr) -> Type {
        match &ty.kind {
            TypeKind::Broken => Type::Any,
            TypeKind::Named(name) => self.named(unit, name, ty),
            TypeKind::List(of) => Type::list(self.resolve(unit, of)),
            TypeKind::Map(of) => Type::map(self.resolve(unit, of)),
            TypeKind::Range(of) => Type::Range(Arc::new(self.resolve(unit, of))),
            TypeKind::Optional(of) => self.resolve(unit, of).optional(),
            TypeKind::Nullable(of) => self.resolve(unit, of).nullable(),
            TypeKind::Or(all) => Type::Union(all.iter().map(|ty| self.resolve(unit, ty)).collect()),
            TypeKind::Enum(set) => Type::Enum(Arc::new(Enum {
                name: Text::default(),
                values: set.values.iter().map(|v| (*v.value).into()).collect(),
                open: set.open,
            })),
            TypeKind::Shape(shape) => {
                let fields = shape.fields.iter().map(|f| self.field(unit, &f.name.value, &f.ty)).collect();
                Type::Shape(Arc::new(ShapeType { name: Text::default(), fields, others: None }))
            }
            TypeKind::Field(decl) => self.declared(unit, decl),
        }
    }

    fn field(&self, unit: UnitId, name: &str, ty: &TypeExpr) -> Field {
        let resolved = self.resolve(unit, ty);
        let default = match &ty.kind {
            TypeKind::Field(decl) => decl.default.as_ref().and_then(|node| {
                literal(node, &resolved, "m").map_err(|found| self.found.borrow_mut().extend(found)).ok()
            }),
            _ => None,
        };
        Field { name: name.into(), ty: resolved, default }
    }

    fn named(&self, unit: UnitId, name: &Arc<str>, ty: &TypeExpr) -> Type {
        match &**name {
            "any" => return Type::Any,
            "boolean" => return Type::Boolean,
            "integer" => return Type::Integer,
            "number" => return Type::Number,
            "text" => return Type::Text,
            "id" => return Type::Id,
            "timestamp" => return Type::timestamp(),
            "duration" => return Type::Duration,
            "size" => return Type::Size,
            "regex" => return Type::Regex,
            "zone" => return Type::Zone,
            "url" => return Type::Url,
            "secret" => return Type::Secret,
            "bytes" => return Type::Bytes,
            "scalar" => return Type::Scalar,
            _ => {}
        }
        match self.world.find(unit, DefKind::Type, name) {
            Some(Found::One(key) | Found::Clash(key, _)) => self.named_type(key),
            // a message of a proto: that it is an object is all that is asked before it is built
            None if name.contains('.') => self.message(unit, name, ty),
            None => {
                let names = self.world.names(unit, DefKind::Type);
                let words = wf_syntax::ast::TYPE_WORDS.iter().copied().chain(names.iter().map(|n| &**n));
                let foreign = FOREIGN.iter().find(|(word, _)| word.eq_ignore_ascii_case(name)).map(|(_, ours)| *ours);
                let near = foreign.or_else(|| nearest(name, words));
                let diagnostic = Diagnostic::error(&rules::UNKNOWN_TYPE, ty.span, format!("there is no type `{name}`"));
                self.push(match near {
                    Some(_) => diagnostic.did_you_mean(near, ty.span),
                    None => diagnostic.help("types are any, boolean, integer, number, text, id, timestamp, duration, …, and the shapes, enums and types of the file"),
                });
                Type::Any
            }
        }
    }

    fn message(&self, unit: UnitId, name: &str, ty: &TypeExpr) -> Type {
        let protos = self.world.protos(unit);
        if let Some(message) = protos.and_then(|protos| protos.message(name)) {
            return message.outline();
        }
        // what a file that cannot be read declares is not missing
        if protos.is_some() || self.world.unit(unit).role != Role::Face {
            let known = protos.map(wf_proto::Protos::messages).unwrap_or_default();
            let near = nearest(name, known.iter().map(String::as_str));
            let told = Diagnostic::error(&rules::UNKNOWN_TYPE, ty.span, format!("there is no message `{name}`"));
            self.push(told.did_you_mean(near, ty.span));
        }
        Type::Any
    }

    /// What a shape, enum or named type of a file stands for.
    fn named_type(&self, key: DefKey) -> Type {
        if let Some(ty) = self.known.borrow().get(&key) {
            return ty.clone();
        }
        let Some(field) = self.world.unit(key.unit).types.get(key.index as usize) else { return Type::Any };
        if self.open.borrow().contains(&key) {
            let message = format!("`{}` contains itself", field.name.value);
            self.push(
                Diagnostic::error(&rules::ENDLESS_TYPE, field.name.span, message)
                    .help("a value has an end: where it may hold one of its own kind write `any`"),
            );
            self.known.borrow_mut().insert(key, Type::Any);
            return Type::Any;
        }
        self.open.borrow_mut().push(key);
        let ty = called(self.resolve(key.unit, &field.ty), &field.name.value);
        self.open.borrow_mut().pop();
        self.known.borrow_mut().entry(key).or_insert(ty).clone()
    }

    /// Resolves all named types of a file, so that those nobody uses are looked at, too.
    pub(crate) fn all_of(&self, unit: UnitId) {
        for (kind, index, _) in self.world.unit(unit).definitions() {
            if kind == DefKind::Type {
                self.named_type(DefKey { unit, kind, index });
            }
        }
    }

    /// `{type, default, of, format, …}`
    pub(crate) fn declared(&self, unit: UnitId, decl: &FieldDecl) -> Type {
        let ty = match (&decl.ty, &decl.default) {
            (Some(ty), _) => self.resolve(unit, ty),
            (None, Some(default)) => match (seeming_type(default), &decl.of) {
                (Type::List(_), Some(of)) => Type::list(self.resolve(unit, of)),
                (Type::Map(_), Some(of)) => Type::map(self.resolve(unit, of)),
                (seeming, _) => seeming,
            },
            (None, None) => Type::Any,
        };
        self.check_pattern(unit, decl);
        self.timed(decl, ty)
    }

    /// `format` and `zone` of a time.
    fn timed(&self, decl: &FieldDecl, ty: Type) -> Type {
        if decl.format.is_none() && decl.zone.is_none() {
            return ty;
        }
        match ty {
            Type::Optional(inner) => self.timed(decl, (*inner).clone()).optional(),
            Type::Time(_) => {
                let zone = decl.zone.as_ref().and_then(|node| node.as_text());
                let format = decl.format.as_ref().map(|f| f.as_str()).filter(|f| *f != "ISO");
                match TimeFormat::new(format, zone) {
                    Ok(format) => Type::Time(Arc::new(format)),
                    Err(error) => {
                        let zone_span = decl.zone.as_ref().map_or(decl.span, |z| z.span);
                        let span = match error {
                            TimeFormatError::Format(_) => decl.format.as_ref().map_or(decl.span, |f| f.span),
                            TimeFormatError::Zone(_) => zone_span,
                        };
                        self.push(Diagnostic::error(&rules::LITERAL, span, error.to_string()));
                        Type::timestamp()
                    }
                }
            }
            other => {
                let span = decl.format.as_ref().map_or(decl.span, |f| f.span);
                self.push(
                    Diagnostic::error(
                        &rules::LITERAL,
                        span,
                        format!("only times are written in a format, not {}", other.words()),
                    )
                    .help("`{type: timestamp, format: …}`"),
                );
                other
            }
        }
    }

    /// `matches: REGEX`, a constant or the pattern itself.
    fn check_pattern(&self, unit: UnitId, decl: &FieldDecl) {
        let Some(matches) = &decl.matches else { return };
        let name = matches.as_str();
        if let Some(Found::One(key) | Found::Clash(key, _)) = self.world.find(unit, DefKind::Constant, name) {
            let node = self.world.unit(key.unit).constants.get(key.index as usize).map(|c| &c.value);
            if node.and_then(|n| n.as_text()).is_some() {
                return;
            }
        }
        if let Err(error) = regex::Regex::new(name) {
            self.push(literals::bad_regex(matches.span, &error));
        }
    }

    /// A default of a declared type.
    pub(crate) fn default_of(&self, default: &wf_syntax::tree::Node, ty: &Type, unit: &str) -> Option<Value> {
        literal(default, ty, unit)
            .map_err(|found| self.found.borrow_mut().extend(super::literals::once_each(found)))
            .ok()
    }
}

/// The type under its name, for messages.
fn called(ty: Type, name: &str) -> Type {
    match ty {
        Type::Shape(shape) if shape.name.is_empty() => {
            let fields = match Arc::try_unwrap(shape) {
                Ok(shape) => shape.fields,
                Err(shared) => {
                    let copy = |f: &Field| Field { name: f.name.clone(), ty: f.ty.clone(), default: f.default.clone() };
                    shared.fields.iter().map(copy).collect()
                }
            };
            Type::Shape(Arc::new(ShapeType { name: name.into(), fields, others: None }))
        }
        Type::Enum(set) if set.name.is_empty() => {
            Type::Enum(Arc::new(Enum { name: name.into(), values: set.values.clone(), open: set.open }))
        }
        other => other,
    }
}
