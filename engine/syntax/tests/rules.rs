//! The examples on the pages of the rules: those that fail fail by that rule alone, the others pass.

use wf_source::{Files, Rule, render};
use wf_syntax::{FileKind, read, rules};

/// Fenced blocks of a page: `fails` or `passes`, and the text.
fn blocks(rule: &Rule) -> Vec<(bool, String)> {
    let mut blocks = vec![];
    let mut open: Option<(bool, String)> = None;
    for line in rule.doc.lines() {
        let line = line.strip_prefix(' ').unwrap_or(line);
        match (&mut open, line.trim()) {
            (None, "```yaml fails") => open = Some((true, String::new())),
            (None, "```yaml passes") => open = Some((false, String::new())),
            (Some(_), "```") => blocks.extend(open.take()),
            (Some((_, text)), _) => *text += &format!("{line}\n"),
            _ => {}
        }
    }
    blocks
}

/// A fragment is a list of steps, unless its first line says `# kind: …`.
fn file_of(block: &str) -> (String, FileKind) {
    let kind = block.lines().next().and_then(|l| l.strip_prefix("# kind: ")).map(str::trim);
    match kind {
        None => {
            let steps: String = block.lines().map(|l| format!("  {l}\n")).collect();
            (format!("workflow: example\ntitle: Example\nsteps:\n{steps}"), FileKind::Workflow)
        }
        Some("workflow") => (block.into(), FileKind::Workflow),
        Some("connector") => (block.into(), FileKind::Connector),
        Some(other) => panic!("{other} is no kind"),
    }
}

#[test]
fn examples_of_rules_do_what_they_say() {
    let mut seen = 0;
    let mut wrong = String::new();
    for rule in rules() {
        let blocks = blocks(rule);
        assert!(blocks.is_empty() || blocks.iter().any(|b| b.0) && blocks.iter().any(|b| !b.0), "{}", rule.code);
        for (fails, block) in blocks {
            seen += 1;
            let (text, kind) = file_of(&block);
            let mut files = Files::default();
            let id = files.add(format!("{}.yaml", rule.name), text.as_str());
            let found = read(id, &text, Some(kind)).diagnostics;
            let shown = render::human(&files, &found, render::Style::PLAIN);
            if fails && !(found.len() == 1 && found[0].rule == rule) {
                wrong += &format!("{} should fail by itself alone:\n{text}\n{shown}\n", rule.code);
            } else if !fails && !found.is_empty() {
                wrong += &format!("{} should pass:\n{text}\n{shown}\n", rule.code);
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(seen >= 50);
}

#[test]
fn codes_and_names_of_rules_are_unique_and_pages_begin_with_a_sentence() {
    let mut codes: Vec<_> = rules().map(|r| r.code).collect();
    let mut names: Vec<_> = rules().map(|r| r.name).collect();
    let count = codes.len();
    codes.sort_unstable();
    codes.dedup();
    names.sort_unstable();
    names.dedup();
    assert!(codes.len() == count && names.len() == count);
    assert!(rules().all(|r| r.summary().ends_with('.')));
}
