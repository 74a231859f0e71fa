//! A list of words in which a comma was forgotten: `[EDGE_UP EDGE_DOWN, LINK_ALIVE, LINK_DEAD]`.

use wf_source::Diagnostic;
use wf_syntax::tree::{Kind, Node};

use super::literals::raw;
use super::rules;
use crate::names::World;
use crate::sources::Sources;

/// Others in the list, that say how its words look.
const FEWEST_OTHERS: usize = 2;

/// Entries of lists in constants, defaults and environments that most likely are two.
pub(crate) fn commas(world: &World<'_>, sources: &Sources) -> Vec<Diagnostic> {
    let constants = world.units.iter().flat_map(|unit| unit.constants.iter().map(|constant| &constant.value));
    let defaults = world.units.iter().flat_map(|unit| &unit.params).filter_map(|param| param.decl.default.as_ref());
    let environments = sources.environments.iter().flat_map(|source| {
        let of = source.ast.connectors.iter().chain(&source.ast.params).flat_map(|of| &of.values);
        let instances = source.ast.workflows.iter().flat_map(|w| &w.instances).flat_map(|instance| &instance.params);
        of.chain(instances).map(|binding| &binding.value)
    });
    let mut found = vec![];
    for node in constants.chain(defaults).chain(environments) {
        look(node, world, &mut found);
    }
    found
}

fn look(node: &Node, world: &World<'_>, found: &mut Vec<Diagnostic>) {
    match &node.kind {
        Kind::Seq(items) if world.files.text(node.span).starts_with('[') => {
            if let Some(words) = items.iter().map(raw).collect::<Option<Vec<&str>>>()
                && let Some(torn) = torn(&words)
                && let Some(item) = items.get(torn)
            {
                let parts: Vec<&str> = words[torn].split_whitespace().collect();
                let repaired = parts.join(", ");
                let message = format!("`{}` is one entry, and no other of this list has a blank", words[torn]);
                found.push(
                    Diagnostic::hint(&rules::TORN_COMMA, item.span, message)
                        .help(format!("if a comma was forgotten: `{repaired}`; else put quotes around it")),
                );
                return;
            }
            items.iter().for_each(|item| look(item, world, found));
        }
        Kind::Seq(items) => items.iter().for_each(|item| look(item, world, found)),
        Kind::Map(entries) => entries.iter().for_each(|entry| look(&entry.value, world, found)),
        Kind::Scalar(_) | Kind::Broken => {}
    }
}

/// The only entry that has a blank, when its parts look as the others do.
fn torn(words: &[&str]) -> Option<usize> {
    let blank = |word: &str| word.contains(char::is_whitespace);
    let mut with_blank = words.iter().enumerate().filter(|(_, word)| blank(word));
    let (Some((at, odd)), None) = (with_blank.next(), with_blank.next()) else { return None };
    let others: Vec<&str> = words.iter().filter(|word| !blank(word)).copied().collect();
    let alike = |part: &str| others.iter().any(|other| looks(other) == looks(part));
    (others.len() >= FEWEST_OTHERS && odd.split_whitespace().all(alike)).then_some(at)
}

/// What kinds of characters a word is made of, and how it begins.
fn looks(word: &str) -> [bool; 5] {
    let has = |what: fn(char) -> bool| word.contains(what);
    [
        has(char::is_lowercase),
        has(char::is_uppercase),
        has(|c| c == '.'),
        has(|c| matches!(c, '_' | '-')),
        word.starts_with(char::is_numeric),
    ]
}

#[cfg(test)]
mod tests {
    use super::torn;

    #[test]
    fn an_entry_is_two_when_its_parts_look_like_the_others() {
        assert_eq!(torn(&["EDGE_UP EDGE_DOWN", "LINK_ALIVE", "LINK_DEAD"]), Some(0));
        assert_eq!(torn(&["a1.example.net", "a2.example.net a3.example.net", "a4.example.net"]), Some(1));
        let fine: [&[&str]; 4] =
            [&["Link Down", "Hard Down", "healthy"], &["two words", "one"], &["a", "b", "New York"], &["a", "b", "c"]];
        for words in fine {
            assert_eq!(torn(words), None, "{words:?}");
        }
    }
}
