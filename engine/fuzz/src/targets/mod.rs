//! What is taken apart: each target with its seeds and its promises.

mod compiled;
mod journal;
mod messages;
mod places;
mod project;
mod replies;
mod scenarios;
mod times;
mod trap;
mod world;
mod yaml;

use std::hash::{DefaultHasher, Hash, Hasher};

use crate::repository::Repository;
use crate::{Input, Random};

/// Something that takes input apart.
pub trait Target {
    fn name(&self) -> &'static str;

    /// Right inputs, and some that are not.
    fn seeds(&self, repository: &Repository) -> Vec<Input>;

    /// An input made from nothing but the grammar.
    fn invent(&self, _random: &mut Random) -> Option<Input> {
        None
    }

    /// Whether that part of an input is to be changed.
    fn changes(&self, _part: &str) -> bool {
        true
    }

    /// What its inputs are made of.
    fn words(&self) -> &[&'static str] {
        &[]
    }

    /// # Errors
    /// A promise that does not hold.
    fn check(&mut self, input: &Input) -> Result<Seen, Wrong>;
}

/// A promise that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// The same for all inputs that are wrong in this way.
    pub what: String,
    /// What it was this time.
    pub detail: String,
}

impl Wrong {
    #[must_use]
    pub fn new(what: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { what: what.into(), detail: detail.into() }
    }
}

/// A promise: `detail` when it does not hold.
pub(crate) fn must(holds: bool, what: &str, detail: impl FnOnce() -> String) -> Result<(), Wrong> {
    if holds { Ok(()) } else { Err(Wrong::new(what, detail())) }
}

/// In which way an input was answered: rules that spoke, kinds of values. What is answered in a new way is worth changing further.
#[derive(Debug, Default)]
pub struct Seen(DefaultHasher);

impl Seen {
    pub(crate) fn add(&mut self, what: &str) {
        what.hash(&mut self.0);
    }

    #[must_use]
    pub fn way(&self) -> u64 {
        self.0.finish()
    }
}

/// All of them.
#[must_use]
pub fn all() -> Vec<Box<dyn Target>> {
    use project::{Part, Project};
    vec![
        Box::new(yaml::Yaml),
        Box::new(compiled::Expressions::default()),
        Box::new(compiled::Paths),
        Box::new(compiled::Templates::default()),
        Box::new(Project::new(Part::Workflows)),
        Box::new(Project::new(Part::Connectors)),
        Box::new(Project::new(Part::Environments)),
        Box::new(Project::new(Part::Cases)),
        Box::new(Project::new(Part::Vendors)),
        Box::new(replies::Replies),
        Box::new(messages::Messages),
        Box::new(journal::Journal),
        Box::new(times::Times),
        Box::new(scenarios::Scenarios),
    ]
}

/// The target of that name; also the one that only tests of this crate ask for.
#[must_use]
pub fn by_name(name: &str) -> Option<Box<dyn Target>> {
    if name == trap::NAME {
        return Some(Box::new(trap::Trap));
    }
    all().into_iter().find(|target| target.name() == name)
}
