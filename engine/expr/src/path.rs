//! JSONPath over our own values.

use wf_source::{Diagnostic, ScalarMap};
use wf_value::Value;

use crate::functions::Locals;
use crate::{Code, Ctx, Names};

/// A query, compiled.
#[derive(Debug)]
pub struct Path {
    /// The name it begins with.
    pub root: Code,
}

impl Path {
    /// `$.name…`: the first segment is a visible name.
    #[must_use]
    pub fn compile(text: &str, map: &ScalarMap, names: &dyn Names) -> (Option<Self>, Vec<Diagnostic>) {
        let from = text.len().min(2);
        let (root, found) = crate::compile(&text[from..], &map.part(from, text.len()), names);
        (root.map(|root| Self { root }), found)
    }

    /// What it selects, in a frame of locals.
    #[must_use]
    pub fn eval(&self, ctx: &Ctx<'_>, locals: &mut Locals) -> Value {
        self.root.eval(ctx, locals)
    }

    /// Visits the whole expressions in it.
    pub fn codes(&self, visit: &mut dyn FnMut(&Code)) {
        visit(&self.root);
    }
}
