//! What a text with holes consists of.

use wf_source::Span;
use wf_value::Text;

use crate::{Code, Kind, TemplateId};

/// A text with holes, compiled.
#[derive(Debug)]
pub struct Template {
    /// As files name it; empty for a text inside a workflow.
    pub name: Text,
    /// What a template file must be handed: the names it uses that nothing else defines, in order of their first use. They are the
    /// locals 0, 1, … of its frame. Empty for a text inside a workflow, which sees the scope of its place.
    pub args: Vec<Arg>,
    pub parts: Vec<Part>,
    pub span: Span,
}

/// A name that a template file must be handed.
#[derive(Clone, Debug)]
pub struct Arg {
    pub name: Text,
    /// Where the template uses it first.
    pub span: Span,
}

#[derive(Debug)]
pub enum Part {
    /// Printed as it is.
    Text(Text),
    Hole {
        code: Code,
        /// What HTML would read as its own is escaped.
        escape: bool,
    },
    If {
        condition: Code,
        then: Vec<Part>,
        otherwise: Vec<Part>,
    },
    Each {
        list: Code,
        /// The number of the local that is the element.
        item: u16,
        /// The number of the local that counts from 0: `as |x i|`.
        index: Option<u16>,
        body: Vec<Part>,
        /// `{{else}}`: of an empty list.
        otherwise: Vec<Part>,
    },
    /// `{{> name a=b}}`
    Partial {
        template: TemplateId,
        span: Span,
        handed: Vec<Handed>,
        /// What stands before it when it is alone on its line: stands before each line it gives.
        indent: Text,
    },
}

/// `a=b` in `{{> name a=b}}`.
#[derive(Debug)]
pub struct Handed {
    pub name: Text,
    pub name_span: Span,
    pub value: Code,
}

/// Where the local is used first.
pub(super) fn first_use(parts: &[Part], local: usize) -> Option<Span> {
    let mut first = None;
    walk(parts, &mut |whole| {
        whole.walk(&mut |code| {
            if first.is_none() && matches!(code.kind, Kind::Local(n) if usize::from(n) == local) {
                first = Some(code.span);
            }
        });
    });
    first
}

/// Visits the whole expressions that stand in the parts, in the order of the text.
pub(crate) fn walk(parts: &[Part], visit: &mut dyn FnMut(&Code)) {
    for part in parts {
        match part {
            Part::Text(_) => {}
            Part::Hole { code, .. } => visit(code),
            Part::If { condition, then, otherwise } => {
                visit(condition);
                walk(then, visit);
                walk(otherwise, visit);
            }
            Part::Each { list, body, otherwise, .. } => {
                visit(list);
                walk(body, visit);
                walk(otherwise, visit);
            }
            Part::Partial { handed, .. } => handed.iter().for_each(|h| visit(&h.value)),
        }
    }
}
