//! Names over files, flows and loops.

mod support;

use wf_check::{Checked, Project, check};

fn tree(files: &[(&str, &str)]) -> Checked {
    check(&files.iter().copied().collect::<Project>())
}

fn messages(checked: &Checked) -> Vec<String> {
    checked.diagnostics.iter().map(|d| format!("{}: {}", checked.files.locate(d.span), d.message)).collect()
}

const HEAD: &str = "workflow: example\ntitle: Example\ntriggers: [{every: 1h}]\n";

fn workflow(rest: &str) -> Checked {
    tree(&[("workflows/example/workflow.yaml", &format!("{HEAD}{rest}"))])
}

#[test]
fn a_library_sees_its_own_names_and_not_those_of_its_users() {
    let library = "library: shared\ntitle: Shared\ndefine:\n  big(n): n > LIMIT\nconstants: {LIMIT: 3}\n";
    let user = format!("{HEAD}uses: [../lib/shared.yaml]\nsteps:\n  - skip: {{it is big: big(2)}}\n");
    let both = [("workflows/lib/shared.yaml", library), ("workflows/example/workflow.yaml", &*user)];
    assert_eq!(messages(&tree(&both)), Vec::<String>::new());

    let asks = library.replace("constants: {LIMIT: 3}\n", "");
    let user = format!("{user}constants: {{LIMIT: 3}}\n");
    let both = [("workflows/lib/shared.yaml", &*asks), ("workflows/example/workflow.yaml", &*user)];
    assert_eq!(messages(&tree(&both)), vec!["workflows/lib/shared.yaml:4:15: nothing here is named `LIMIT`"]);
}

#[test]
fn a_define_without_arguments_is_used_by_its_bare_name() {
    let used = workflow("define:\n  LIMIT: =2 + 1\nsteps:\n  - skip: {it is so: LIMIT > 2}\n");
    assert_eq!(messages(&used), Vec::<String>::new());
    let idle = workflow("define:\n  LIMIT: =2 + 1\nsteps:\n  - skip: {it is so: now == null}\n");
    assert!(messages(&idle).iter().any(|m| m.contains("nothing uses the define `LIMIT`")), "{:?}", messages(&idle));
}

#[test]
fn templates_of_a_library_are_seen_by_its_users_and_the_nearer_one_wins() {
    let library = "library: shared\ntitle: Shared\ndefine:\n  loud(t): t.upper()\n";
    let user = format!(
        "{HEAD}uses: [../lib/shared.yaml]\nsteps:\n  - let: {{text: \"{{{{> hello name='x' }}}}\"}}\n  - skip: {{it is so: text == 'HELLO X'}}\n"
    );
    let mut files = vec![
        ("workflows/lib/shared.yaml", library),
        ("workflows/lib/templates/hello.hbs", "HELLO {{ loud(name) }}"),
        ("workflows/example/workflow.yaml", &*user),
    ];
    assert_eq!(messages(&tree(&files)), Vec::<String>::new());
    files.push(("workflows/example/templates/hello.hbs", "{{ louder(name) }}"));
    let found = messages(&tree(&files));
    assert!(
        found.iter().any(|m| m.starts_with("workflows/example/templates/hello.hbs:1:4: there is no function `louder`")),
        "{found:?}"
    );
}

#[test]
fn only_what_is_reached_of_a_library_is_part_of_the_plan() {
    let library = "library: shared\ntitle: Shared\ndefine:\n  big(n): n > 3\n  small(n): n < 3\n";
    let user = |name: &str, define: &str| {
        format!(
            "workflow: {name}\ntitle: {name}\ntriggers: [{{every: 1h}}]\nuses: [../lib/shared.yaml]\nsteps:\n  - skip: {{it is so: {define}(2)}}\n"
        )
    };
    let (a, b) = (user("a", "big"), user("b", "small"));
    let checked = tree(&[
        ("workflows/lib/shared.yaml", library),
        ("workflows/a/workflow.yaml", &a),
        ("workflows/b/workflow.yaml", &b),
    ]);
    assert_eq!(messages(&checked), Vec::<String>::new());
    let defines = |name: &str| {
        checked.plan(name).map(|p| p.module.program.defines.iter().map(|d| d.name.to_string()).collect::<Vec<_>>())
    };
    assert_eq!(defines("a"), Some(vec!["big".into()]));
    assert_eq!(defines("b"), Some(vec!["small".into()]));
    let one = tree(&[("workflows/lib/shared.yaml", library), ("workflows/a/workflow.yaml", &a)]);
    assert_eq!(
        messages(&one),
        vec!["workflows/lib/shared.yaml:5:3: none of the workflows that use this library uses the define `small`"]
    );
}

#[test]
fn what_only_follows_from_a_mistake_is_not_told() {
    // `b` is used by `a` alone, and nobody uses `a`
    let checked = workflow("define:\n  a(n): b(n)\n  b(n): n > 3\nsteps:\n  - skip: nothing to do\n");
    assert_eq!(messages(&checked), vec!["workflows/example/workflow.yaml:5:3: nothing uses the define `a`"]);
    // one name, asked for three times
    let checked = workflow("steps:\n  - skip: {a: coutn > 1, b: coutn > 2, c: coutn > 3}\n");
    assert_eq!(messages(&checked), vec!["workflows/example/workflow.yaml:5:15: nothing here is named `coutn`"]);
}

#[test]
fn names_of_loops_and_blocks_end_with_them() {
    let checked = workflow(
        "steps:\n  - for: n\n    in: [1, 2]\n    steps:\n      - let: {double: =n * 2}\n      - skip: {it is small: double < 3}\n  - skip: {it was small: double < 3}\n",
    );
    assert_eq!(messages(&checked), vec!["workflows/example/workflow.yaml:10:26: nothing here is named `double`"]);
    let help = checked.diagnostics[0].help.as_deref().unwrap_or("");
    assert!(help.contains("inside a loop or a block"), "{help}");
}

#[test]
fn steps_of_which_one_is_done_share_an_id() {
    let steps = |second: &str| {
        format!(
            "flows:\n  ask:\n    inputs: [kind]\n    steps:\n      - {{id: found, run: one, if: kind == 'a'}}\n      - {{id: found, run: one, if: {second}}}\n      - return: =found\n  one:\n    steps:\n      - return: =1\nsteps:\n  - {{id: asked, run: ask, with: {{kind: a}}}}\n  - skip: {{there is none: asked == null}}\n"
        )
    };
    assert_eq!(messages(&workflow(&steps("kind == 'b'"))), Vec::<String>::new());
    let checked = workflow(&steps("kind != 'c'"));
    assert_eq!(
        messages(&checked),
        vec!["workflows/example/workflow.yaml:9:14: `found` is the id of another step of this block"]
    );
}

#[test]
fn slots_count_from_the_inputs_and_loops_have_frames_of_their_own() {
    let checked = workflow(
        "flows:\n  work:\n    inputs: [rows, limit]\n    steps:\n      - let: {big: '=rows.filter(row, row > limit)'}\n      - for: row\n        in: big\n        steps:\n          - let: {more: =row + size(big)}\n          - skip: {it is enough: more > attempt}\nsteps:\n  - {run: work, with: {rows: [1, 2], limit: 1}}\n",
    );
    assert_eq!(messages(&checked), Vec::<String>::new());
    let Some(plan) = checked.plan("example") else { panic!("there is a plan") };
    let Some(flow) = plan.module.flow_named("work").and_then(|id| plan.module.flow(id)) else {
        panic!("there is a flow")
    };
    let names = |frame: &wf_plan::Frame| frame.names.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(names(&flow.frame), ["rows", "limit", "big"]);
    let item = flow.body.steps.iter().find_map(|step| match &step.verb {
        wf_plan::Verb::For(each) => Some(names(&each.item)),
        _ => None,
    });
    assert_eq!(item, Some(vec!["row".into(), "more".into(), "attempt".into()]));
}

#[test]
fn no_tree_makes_it_panic() {
    let tree = support::sources(&support::root());
    let main = "workflows/triage/workflow.yaml";
    let Some(text) = tree.text(main).cloned() else { panic!("{main} is there") };
    let lines: Vec<&str> = text.lines().collect();
    // each line left out once, and each doubled
    for i in (0..lines.len()).step_by(3) {
        for copies in [0, 2] {
            let edited: Vec<&str> = lines
                .iter()
                .enumerate()
                .flat_map(|(n, l)| std::iter::repeat_n(*l, if n == i { copies } else { 1 }))
                .collect();
            let mut project = tree.clone();
            project.add(main, edited.join("\n"));
            let _ = check(&project);
        }
    }
}
