//! `with: [ticket]`: one word that is the name of an input and of a value. When it is neither, that is one mistake.

use wf_source::{Diagnostic, Span};

use super::rules;
use crate::lower::rules::WRONG_INPUT;

/// Takes away what is said of a word as an input where it is told as a name that is not there. What the input was meant to be is kept when
/// nothing is known of the name.
pub(crate) fn handed_by_name(found: &mut Vec<Diagnostic>) {
    let is_name = |d: &Diagnostic| {
        std::ptr::eq(d.rule, &raw const wf_expr::rules::UNKNOWN_NAME)
            || std::ptr::eq(d.rule, &raw const rules::MISSPELT_DEFINITION)
    };
    let is_input = |d: &Diagnostic| std::ptr::eq(d.rule, &raw const WRONG_INPUT);
    let inputs: Vec<Diagnostic> = found.iter().filter(|d| is_input(d)).cloned().collect();
    let mut told: Vec<Span> = vec![];
    for name in found.iter_mut().filter(|d| is_name(d)) {
        let asked: Vec<Span> = std::iter::once(name.span).chain(name.notes.iter().filter_map(|n| n.span)).collect();
        for input in inputs.iter().filter(|input| asked.contains(&input.span)) {
            told.push(input.span);
            if name.fix.is_none() && input.fix.is_some() && name.span == input.span {
                name.help.clone_from(&input.help);
                name.fix.clone_from(&input.fix);
            }
        }
    }
    found.retain(|d| !is_input(d) || !told.contains(&d.span));
}
