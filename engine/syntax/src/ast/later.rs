//! `recheck`, `defer`, `cancel` (language.md §7).

use wf_source::Diagnostic;

use crate::{
    ast::{Listing, Name, Run, Text, With, rules},
    read::{Fields, Reader},
    tree::Node,
};

/// `recheck`: the items of a list are looked at again after a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recheck {
    pub list: Option<Listing>,
    pub by: Option<Text>,
    pub after: Option<Node>,
    pub run: Run,
}

/// `defer`: a named task for later, in the store that services share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Defer {
    /// The type of the task.
    pub task: Option<Name>,
    pub key: Option<Node>,
    pub after: Option<Node>,
    pub at: Option<Node>,
    pub with: Option<With>,
}

/// `cancel`: a booked task is called off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cancel {
    pub task: Option<Name>,
    pub key: Option<Node>,
}

impl Reader<'_> {
    pub(crate) fn recheck(&mut self, fields: &Fields<'_>) -> Recheck {
        Recheck {
            list: self.listing(fields.get("recheck")),
            by: self.expr(fields.get("by")),
            after: fields.value("after"),
            run: self.run(fields),
        }
    }

    pub(crate) fn defer(&mut self, fields: &Fields<'_>) -> Defer {
        if fields.has("after") && fields.has("at") {
            self.push(
                Diagnostic::error(
                    &rules::TWO_CHOICES,
                    fields.key_span("at"),
                    "a `defer` has either `after` or `at`, not both",
                )
                .note(Some(fields.key_span("after")), "`after` stands here")
                .help("keep one of them"),
            );
        }
        Defer {
            task: self.name(fields.get("defer")),
            key: fields.value("key"),
            after: fields.value("after"),
            at: fields.value("at"),
            with: self.with(fields.get("with")),
        }
    }

    pub(crate) fn cancel(&mut self, fields: &Fields<'_>) -> Cancel {
        Cancel { task: self.name(fields.get("cancel")), key: fields.value("key") }
    }
}
