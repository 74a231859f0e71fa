//! Visiting all parts of an expression.

use crate::{Code, Kind};

impl Code {
    /// Visits this expression, then all that it consists of, in reading order.
    pub fn walk(&self, visit: &mut dyn FnMut(&Code)) {
        visit(self);
        self.parts(&mut |part| part.walk(visit));
    }

    /// Visits what this expression directly consists of, in reading order.
    pub fn parts(&self, visit: &mut dyn FnMut(&Code)) {
        match &self.kind {
            Kind::Literal(_) | Kind::Local(_) | Kind::Slot(_) | Kind::Param(_) | Kind::Now | Kind::Env => {}
            Kind::Field { on, .. } => visit(on),
            Kind::Index { on, key } => {
                visit(on);
                visit(key);
            }
            Kind::List(items) => items.iter().for_each(visit),
            Kind::Map(pairs) => {
                for (key, value) in pairs {
                    visit(key);
                    visit(value);
                }
            }
            Kind::Not(of) | Kind::Negate(of) => visit(of),
            Kind::Binary(_, a, b) | Kind::And(a, b) | Kind::Or(a, b) => {
                visit(a);
                visit(b);
            }
            Kind::InRange(a, b, c) | Kind::If(a, b, c) => {
                visit(a);
                visit(b);
                visit(c);
            }
            Kind::Call { args, .. } | Kind::Define(_, args) | Kind::Table(_, args) => {
                args.iter().for_each(visit);
            }
            Kind::Template(_, args) => args.iter().for_each(|(_, arg)| visit(arg)),
        }
    }
}
