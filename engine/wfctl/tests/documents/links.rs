//! Links between pages.

use std::path::Path;

/// The links of a page to files that are not there.
pub fn broken(page: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(page).unwrap_or_else(|e| panic!("{}: {e}", page.display()));
    let folder = page.parent().unwrap();
    let there = |link: &&str| link.contains("://") || link.starts_with('#') || folder.join(file(link)).exists();
    targets(&text).into_iter().filter(|link| !there(link)).map(|link| format!("{}: {link}", page.display())).collect()
}

fn file(link: &str) -> &str {
    link.split('#').next().unwrap_or(link)
}

/// What stands in `](…)`, outside of fenced blocks.
fn targets(text: &str) -> Vec<&str> {
    let outside = text.split("\n```").step_by(2);
    let after = outside.flat_map(|part| part.split("](").skip(1));
    after.filter_map(|rest| rest.split_once(')')).map(|(link, _)| link).collect()
}

#[test]
fn links_in_blocks_are_none() {
    let text = "a [b](c.md#d), [e](f)\n```yaml\n[x](y)\n```\n[g](h)";
    assert_eq!(targets(text), ["c.md#d", "f", "h"]);
    assert_eq!(file("c.md#d"), "c.md");
}
