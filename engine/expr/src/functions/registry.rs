//! All functions, and how they are found.

use wf_value::Value;

use super::Function;
use crate::code::Ready;

/// The tables of the files under the headings of the documentation.
pub(super) static SECTIONS: &[(&str, &str, &[&[Function]])] = &[
    (
        "Any value",
        "Null, unknown, emptiness, and from one kind of value to another.",
        &[super::any::FUNCTIONS, super::convert::FUNCTIONS, super::id::FUNCTIONS],
    ),
    (
        "Lists",
        "What is set aside of a partial list is handed on to the lists made from it.",
        &[
            super::lambda::FUNCTIONS,
            super::pick::FUNCTIONS,
            super::list::FUNCTIONS,
            super::sort::FUNCTIONS,
            super::fold::FUNCTIONS,
            super::group::FUNCTIONS,
            super::csv::FUNCTIONS,
        ],
    ),
    (
        "Maps",
        "A map keeps the order of its keys, and each member what is declared of it.",
        &[super::map::FUNCTIONS, super::keys::FUNCTIONS],
    ),
    (
        "Texts",
        "Places and sizes count characters (Unicode code points). An id is taken as its text.",
        &[
            super::text::FUNCTIONS,
            super::case::FUNCTIONS,
            super::codepoints::FUNCTIONS,
            super::regex::FUNCTIONS,
            super::html::FUNCTIONS,
            super::phone::FUNCTIONS,
            super::format::FUNCTIONS,
        ],
    ),
    (
        "Times and durations",
        "A zone is a name (`US/Eastern`) or hours (`-4`). A day has 24 hours.",
        &[super::time::FUNCTIONS, super::time_cel::FUNCTIONS],
    ),
    (
        "Numbers",
        "Whole numbers are exact; what leaves 64 bits is unknown.",
        &[super::number::FUNCTIONS, super::math::FUNCTIONS],
    ),
    ("Bytes and files", "Files stand beside the workflow and are read when it is loaded.", &[super::bytes::FUNCTIONS]),
];

/// All entries, in the order of the documentation.
pub fn all() -> impl Iterator<Item = &'static Function> {
    SECTIONS.iter().flat_map(|(_, _, tables)| tables.iter()).flat_map(|table| table.iter())
}

/// The entries of one name, methods and free functions.
pub fn overloads(name: &str) -> impl Iterator<Item = &'static Function> {
    all().filter(move |function| function.name == name)
}

/// The entry for a call with so many arguments, the receiver not among them.
#[must_use]
pub fn find(name: &str, receiver: bool, given: usize) -> Option<&'static Function> {
    overloads(name).find(|function| function.receiver == receiver && function.takes(given))
}

/// Whether a function that is called on null gives something of its own: `null.toText()`.
#[must_use]
pub fn takes_null(function: &Function) -> bool {
    function.sees_null
}

/// A constant argument that can never be right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfit {
    /// Which argument; the receiver, if there is one, is the first.
    pub arg: usize,
    /// What is wrong, as a sentence without full stop.
    pub message: String,
    /// Where in the text of the argument, in bytes.
    pub offset: Option<usize>,
}

/// Makes ready at load what a function can make ready of its constant arguments (`None`: the argument is computed).
///
/// # Errors
/// When an argument is constant and wrong: a regular expression that is none.
pub fn prepare(function: &Function, args: &[Option<&Value>]) -> Result<Option<Box<dyn Ready>>, Unfit> {
    function.ready.map_or(Ok(None), |prepare| prepare(args))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_of_arguments_means_one_entry() {
        for function in all() {
            for given in 0..6 {
                let same = overloads(function.name).filter(|f| f.receiver == function.receiver && f.takes(given));
                assert!(same.count() <= 1, "{} with {given} arguments is declared twice", function.name);
            }
        }
    }

    #[test]
    fn every_entry_is_documented() {
        for function in all() {
            assert!(function.doc.ends_with('.'), "{}: {:?}", function.signature, function.doc);
            assert!(!function.examples.is_empty(), "{} has no example", function.signature);
            let name = function.signature.split('(').next().unwrap_or_default();
            assert!(name == function.name || name.ends_with(&format!(".{}", function.name)), "{}", function.signature);
        }
    }
}
