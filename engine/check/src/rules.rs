//! All rules that a tree is checked by, and their pages.

use std::fmt::Write;

use wf_source::Rule;

/// Every rule, in the order of the codes.
#[must_use]
pub fn all() -> Vec<&'static Rule> {
    let mut rules: Vec<&'static Rule> = vec![];
    rules.extend(wf_syntax::tree::rules::ALL);
    rules.extend(wf_syntax::ast::rules::ALL);
    rules.extend(wf_expr::cel::rules::ALL);
    rules.extend(wf_expr::rules::ALL);
    rules.extend(wf_expr::types::findings::ALL);
    rules.extend(wf_expr::template::rules::ALL);
    rules.extend(wf_expr::path::rules::ALL);
    rules.extend(crate::names::rules::ALL);
    rules.extend(crate::lower::rules::flows::ALL);
    rules.extend(crate::lower::rules::actions::ALL);
    rules.extend(crate::lower::rules::params::ALL);
    rules.extend(crate::types::rules::ALL);
    rules.sort_by_key(|rule| rule.code);
    rules
}

/// The rule of that code or name.
#[must_use]
pub fn find(code: &str) -> Option<&'static Rule> {
    all().into_iter().find(|rule| rule.code.eq_ignore_ascii_case(code) || rule.name == code)
}

/// The page of a rule, in Markdown.
#[must_use]
pub fn page(rule: &Rule) -> String {
    let mut page = format!("# {}: {}\n\n", rule.code, rule.name);
    for line in rule.doc.lines() {
        let line = line.strip_prefix(' ').unwrap_or(line).trim_end();
        // what is wrong and what is right, told to readers
        match line {
            "```yaml fails" => page.push_str("This is refused:\n\n```yaml\n"),
            "```yaml passes" => page.push_str("This is right:\n\n```yaml\n"),
            "```" => page.push_str("```\n\n"),
            other => {
                page.push_str(other);
                page.push('\n');
            }
        }
    }
    let mut page = page.trim_end().to_owned();
    while page.contains("\n\n\n") {
        page = page.replace("\n\n\n", "\n\n");
    }
    page.push('\n');
    page
}

/// The index of all pages, in Markdown.
#[must_use]
pub fn index() -> String {
    let mut index = String::from(
        "# Rules\n\nWhat `wfctl validate` knows. Each code has a page.\n\n| code | name | what is wrong |\n| --- | --- | --- |\n",
    );
    for rule in all() {
        let _ = writeln!(index, "| [{0}]({0}.md) | {1} | {2} |", rule.code, rule.name, rule.summary());
    }
    index
}

/// A fenced block of a page: `yaml fails`, or `yaml passes`, and its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    pub fails: bool,
    pub text: String,
}

/// The examples of a page.
#[must_use]
pub fn examples(rule: &Rule) -> Vec<Example> {
    let mut examples = vec![];
    let mut open: Option<Example> = None;
    for line in rule.doc.lines() {
        let line = line.strip_prefix(' ').unwrap_or(line);
        match (line.trim_end(), &mut open) {
            ("```yaml fails", None) => open = Some(Example { fails: true, text: String::new() }),
            ("```yaml passes", None) => open = Some(Example { fails: false, text: String::new() }),
            ("```", Some(_)) => examples.extend(open.take()),
            (_, Some(example)) => {
                example.text.push_str(line);
                example.text.push('\n');
            }
            _ => {}
        }
    }
    examples
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_code_and_no_name_stands_for_two_rules() {
        let rules = all();
        for (i, rule) in rules.iter().enumerate() {
            assert!(rules[..i].iter().all(|other| other.code != rule.code && other.name != rule.name), "{}", rule.code);
            assert!(rule.code.starts_with("WF") && rule.code.len() == 6, "{}", rule.code);
            assert!(rule.summary().ends_with('.'), "{}: {:?}", rule.code, rule.summary());
        }
    }

    #[test]
    fn a_page_shows_what_is_refused() {
        let rule = find("WF0300");
        assert!(rule.is_some_and(|rule| page(rule).contains("This is refused:\n\n```yaml\nsteps:")));
    }
}
