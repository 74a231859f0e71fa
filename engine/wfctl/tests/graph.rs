//! `wfctl graph`: the pictures of this repository are those that it draws, and a picture holds what its workflow says.

use std::path::Path;
use std::process::{Command, Output};

#[path = "support/mod.rs"]
mod support;

use support::{Tree, project};

/// A workflow with a line of every kind that needs no connector.
const SMALL: &str = "\
workflow: small
title: Weighs <parcels> & more
params:
  heavy: {default: 5, unit: kg, doc: From here on a parcel is heavy}
  unused_in_light: {default: [1, 2], doc: Numbers that are weighed}
triggers:
  - {every: 10m, at_start: true}
tables:
  weight_class:
    given: [n]
    rows:
      - {n: \">= params.heavy\", then: big}
    otherwise: small
metrics:
  weighed: {type: counter, labels: [class], doc: What was weighed}
steps:
  - for: n
    in: params.unused_in_light
    where: n > 0 && n < 100
    run: weigh
  - recheck: params.unused_in_light
    by: item
    after: 1h
    run: again
flows:
  weigh:
    doc: One parcel
    inputs: [n]
    steps:
      - skip: {it is no parcel: n == 7}
      - let: {class: =weight_class(n)}
      - metric: weighed
        labels: {class: =class}
  again:
    inputs: [items]
    steps:
      - for: n
        in: items
        run: weigh
";

fn done(mut command: Command) -> (Output, String) {
    let done = command.output().unwrap_or_else(|e| panic!("{e}"));
    let text = String::from_utf8_lossy(&done.stdout).into_owned();
    (done, text)
}

fn small() -> Tree {
    let tree = Tree::new("like: sandbox.yaml\nwrites: off\n");
    tree.write("workflows/small/workflow.yaml", SMALL);
    tree
}

/// `docs/pictures/NAME.svg` shows the workflow NAME, `NAME.FLOW.svg` one of its flows.
#[test]
fn the_pictures_of_the_pages_are_up_to_date() {
    let folder = project().join("docs/pictures");
    let files = std::fs::read_dir(&folder).unwrap_or_else(|e| panic!("{e}"));
    let mut seen = 0;
    for path in files.flatten().map(|file| file.path()).filter(|path| path.extension().is_some_and(|e| e == "svg")) {
        let name = path.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let mut args = vec!["graph"];
        match name.split_once('.') {
            Some((workflow, flow)) => args.extend([workflow, "--flow", flow]),
            None => args.push(&name),
        }
        let mut command = Command::new(env!("CARGO_BIN_EXE_wfctl"));
        command.current_dir(project()).args(&args);
        let (output, drawn) = done(command);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        if std::env::var_os("WF_PICTURES").is_some_and(|v| v == "write") {
            std::fs::write(&path, drawn).unwrap_or_else(|e| panic!("{e}"));
        } else {
            let kept = std::fs::read_to_string(&path).unwrap_or_default();
            let shown = Path::new("docs/pictures").join(path.file_name().unwrap_or_default());
            assert!(
                kept == drawn,
                "{} differs: run `WF_PICTURES=write cargo test -p wfctl --test graph`",
                shown.display()
            );
        }
        seen += 1;
    }
    assert!(seen >= 3, "{seen} pictures");
}

#[test]
fn a_picture_holds_what_the_workflow_says() {
    let (output, text) = done(small().wfctl(&["graph", "small", "--output", "json"]));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let graph: serde_json::Value = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{e}: {text}"));
    let lines = |flow: usize| {
        let steps = graph["flows"][flow]["steps"].as_array().into_iter().flatten();
        steps.map(|s| format!("{}: {}", s["does"], s["text"]).replace('"', "")).collect::<Vec<_>>()
    };
    assert_eq!(graph["starts"][0]["text"], "10m");
    let of = |name: &str| {
        let flows = graph["flows"].as_array().into_iter().flatten();
        flows.enumerate().find(|(_, f)| f["name"] == name).map_or(usize::MAX, |(at, _)| at)
    };
    assert_eq!(
        lines(of("main steps")),
        ["for: n in params.unused_in_light", "run: weigh", "recheck: again after 1h"],
        "{text}"
    );
    assert_eq!(lines(of("weigh")), ["skip: it is no parcel", "let: class", "metric: weighed"]);
    assert_eq!(graph["flows"][of("weigh")]["steps"][1]["details"][0], "by table weight_class");
    let edges: Vec<String> = graph["edges"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|e| format!("{} {} {}", e["from"], e["to"], e["later"]).replace('"', ""))
        .collect();
    assert_eq!(
        edges,
        ["start 0 main steps false", "main steps weigh false", "main steps again true", "again weigh false"]
    );
    assert_eq!(graph["tables"][0]["rows"], serde_json::json!([[">= params.heavy", "big"], ["otherwise", "small"]]));
    assert_eq!(graph["params"][0]["default"], "5 kg");
}

#[test]
fn every_form_is_written_and_what_stands_in_files_cannot_break_it() {
    let tree = small();
    let (output, svg) = done(tree.wfctl(&["graph", "small"]));
    assert!(output.status.success());
    assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"));
    assert!(svg.contains("Weighs &lt;parcels&gt; &amp; more") && svg.contains("where n &gt; 0 &amp;&amp; n &lt; 100"));
    // every `<` begins an element that is known, and every `&` is an escape
    assert!(
        svg.split('<')
            .skip(1)
            .all(|e| ["svg", "/", "title", "style", "rect", "text", "path"].iter().any(|t| e.starts_with(t)))
    );
    assert!(svg.split('&').skip(1).all(|e| ["amp;", "lt;", "gt;", "quot;"].iter().any(|t| e.starts_with(t))));
    let width: f64 = svg.split("width=\"").nth(1).and_then(|w| w.split('"').next()?.parse().ok()).unwrap_or(f64::MAX);
    assert!(width <= 1600.0);

    let (_, mermaid) = done(tree.wfctl(&["graph", "small", "--output", "mermaid"]));
    assert!(mermaid.contains("flowchart TD\n") && mermaid.contains("f0 -.-> f2"), "{mermaid}");
    let (_, dot) = done(tree.wfctl(&["graph", "small", "--output", "dot"]));
    assert!(dot.starts_with("digraph \"small\" {") && dot.contains("[style=dashed]"), "{dot}");

    let (output, said) = done(tree.wfctl(&["graph", "workflows/small", "--flow", "weigh", "--write", "weigh.svg"]));
    assert!(output.status.success() && said.is_empty());
    let flow = tree.read("weigh.svg");
    // what the flow does not use is not in its picture
    assert!(flow.contains(">heavy<") && !flow.contains(">unused_in_light<"));
}

#[test]
fn what_cannot_be_drawn_is_told() {
    let tree = small();
    let (output, _) = done(tree.wfctl(&["graph", "small", "--flow", "wiegh"]));
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(said, "wfctl: small has no flow wiegh; did you mean weigh?\n");

    tree.write("workflows/small/workflow.yaml", &SMALL.replace("run: again", "run: agian"));
    let (output, told) = done(tree.wfctl(&["graph", "small"]));
    assert_eq!(output.status.code(), Some(2));
    assert!(told.contains("agian") && told.contains("workflow.yaml:24"), "{told}");
}
