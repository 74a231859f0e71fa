//! The pages of the rules: what they show as refused is refused by that rule, what they show as right is not.

mod support;

use std::fmt::Write;

use wf_check::{Project, check, rules};
use wf_source::{Diagnostic, Severity};

/// The files of an example: all that it names with `# file: path`, or the one that it is a piece of.
fn files_of(text: &str) -> Vec<(String, String)> {
    let body: String = text.lines().filter(|l| !l.starts_with("# kind:")).map(|l| format!("{l}\n")).collect();
    if body.contains("# file: ") {
        let parts = body.split("# file: ").skip(1).filter_map(|part| part.split_once('\n'));
        return parts.map(|(path, text)| (path.trim().to_owned(), text.to_owned())).collect();
    }
    let has = |key: &str| body.lines().any(|l| l.starts_with(key));
    if has("connector:") {
        let name = body.lines().find_map(|l| l.strip_prefix("connector:")).unwrap_or("example").trim().to_owned();
        return vec![(format!("connectors/{name}/connector.yaml"), body)];
    }
    if has("workflow:") {
        return vec![("workflows/example/workflow.yaml".into(), body)];
    }
    if has("library:") {
        return vec![("workflows/lib/example.yaml".into(), body)];
    }
    let mut workflow = String::from("workflow: example\ntitle: Example\n");
    if !has("triggers:") {
        workflow.push_str("triggers: [{every: 1h}]\n");
    }
    if has("- ") {
        workflow.push_str("steps:\n");
        body.lines().for_each(|l| {
            let _ = writeln!(workflow, "  {l}");
        });
    } else {
        if !has("steps:") {
            workflow.push_str("steps:\n  - skip: nothing to do\n");
        }
        workflow.push_str(&body);
    }
    vec![("workflows/example/workflow.yaml".into(), workflow)]
}

/// A connector that examples call.
const DESK: &str = "\
connector: desk
title: The ticket desk
transport: http
config: {base_url: url}
base_url: =config.base_url
reads:
  get_ticket:
    input: {ticket_id: scalar}
    request: GET /tickets/{{ ticket_id }}
    outcomes: {found: 2xx, missing: 404}
    output: any
";

/// The connectors of this repository, that examples call, too.
fn connectors() -> Project {
    let tree = support::sources(&support::root());
    let files = tree.iter().filter(|(path, _)| path.starts_with("connectors/"));
    let mut project: Project = files.map(|(path, text)| (path, text.clone())).collect();
    project.add("connectors/desk/connector.yaml", DESK);
    project
}

fn is_of_types(diagnostic: &Diagnostic) -> bool {
    let types = [wf_expr::types::findings::ALL, wf_expr::path::rules::ALL];
    types.iter().any(|all| all.contains(&diagnostic.rule)) || diagnostic.rule.code >= "WF0500"
}

#[test]
fn pages_show_what_they_say() {
    let connectors = connectors();
    let mut wrong = String::new();
    let mut seen = 0;
    for rule in rules::all() {
        for example in rules::examples(rule) {
            seen += 1;
            let mut project = connectors.clone();
            for (path, text) in files_of(&example.text) {
                project.add(path, text);
            }
            let checked = check(&project);
            let told = checked.diagnostics.iter().any(|d| d.rule == rule);
            // pages about types are whole; a hint says what could be better, not what is wrong
            let wrong_types = |d: &Diagnostic| d.severity != Severity::Hint && is_of_types(d);
            let broken = !example.fails && rule.code >= "WF0240" && checked.diagnostics.iter().any(wrong_types);
            if told != example.fails || broken {
                let should = if example.fails { "be refused" } else { "be right" };
                let shown = support::shown(&checked.files, &checked.diagnostics);
                let _ = writeln!(wrong, "{}: this should {should}\n{}\n{shown}", rule.code, example.text);
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(seen > 100, "{seen}");
}

#[test]
fn every_rule_has_a_page_with_a_sentence() {
    for rule in rules::all() {
        let page = rules::page(rule);
        assert!(page.starts_with(&format!("# {}: {}\n", rule.code, rule.name)), "{page}");
    }
    assert!(rules::index().contains("WF0300"));
}
