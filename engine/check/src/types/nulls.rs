//! Conditions that nobody can decide for a whole class of items: those where an optional field is null.

use wf_expr::types::words;
use wf_expr::{BinaryOp, Code, Kind};
use wf_source::Diagnostic;
use wf_value::Type;

use super::at::TypesAt;
use super::rules;
use super::walk::Walk;

/// Functions that take null for what it is.
const TAKES_NULL: [&str; 8] = ["orElse", "has", "empty", "ifUnknown", "toText", "compact", "toJson", "if"];

impl Walk<'_> {
    /// `then`: what never happens to these items.
    pub(super) fn undecidable(&mut self, condition: &Code, then: &str) {
        let found = {
            let notes = self.notes.borrow();
            null_in(condition, &notes.types).map(|operand| (words::name(operand), operand.span, operand.text.clone()))
        };
        let Some((name, span, text)) = found else { return };
        let message = format!("where {name} is null nobody can decide this, and {then}");
        let help = format!("say what holds then: `has({text}) && …`, or `{text}.orElse(…)`");
        self.tell(Diagnostic::hint(&rules::UNDECIDABLE, span, message).help(help));
    }
}

/// The first operand that may be null where null makes the whole unknown.
fn null_in<'c>(code: &'c Code, types: &TypesAt) -> Option<&'c Code> {
    let nullable = |code: &Code| matches!(types.of(code.span), Some(Type::Optional(_)));
    match &code.kind {
        Kind::And(a, b) | Kind::Or(a, b) => null_in(a, types).or_else(|| null_in(b, types)),
        Kind::Not(of) => null_in(of, types),
        Kind::Binary(BinaryOp::Equal | BinaryOp::NotEqual | BinaryOp::In, a, b) => {
            null_in(a, types).or_else(|| null_in(b, types))
        }
        Kind::Binary(_, a, b) => {
            let own = [a, b].into_iter().find(|side| nullable(side)).map(|side| &**side);
            own.or_else(|| null_in(a, types)).or_else(|| null_in(b, types))
        }
        Kind::Field { on, .. } => nullable(on).then_some(&**on).or_else(|| null_in(on, types)),
        Kind::Call { function, .. } if TAKES_NULL.contains(&function.name) => None,
        Kind::Call { function, args, .. } => {
            let receiver = args.first().filter(|_| function.receiver)?;
            nullable(receiver).then_some(receiver).or_else(|| null_in(receiver, types))
        }
        _ => None,
    }
}
