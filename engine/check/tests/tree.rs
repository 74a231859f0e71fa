//! The files of this repository, and those the language was designed on, are right.

#![allow(clippy::disallowed_methods, reason = "asks whether the drafts are there")]

mod support;

use wf_check::check;

#[test]
fn the_files_of_this_repository_are_right() {
    let checked = check(&support::tree(&support::root()));
    assert!(checked.diagnostics.is_empty(), "\n{}", support::shown(&checked.files, &checked.diagnostics));
    assert!(checked.plan("triage").is_some());
    assert!(checked.connectors.len() >= 4);
}

/// What the drafts say that the language does not: it was decided after them, or they were never run.
const REPAIRS: &[(&str, &str, &str)] = &[
    ("connectors/cts/connector.yaml", "capture('<", "capture(r'<"),
    ("connectors/lit/connector.yaml", "capture('<", "capture(r'<"),
    // there is no `type()`
    (
        "workflows/email-tagger-monitor/workflow.yaml",
        "if(tags == null || type(tags) == list, tags, [tags])",
        "=[tags].flatten()",
    ),
    ("workflows/last-contact-report/workflow.yaml", r"'\n'", r"'\\n'"),
    ("workflows/repair-tickets-monitor/workflow.yaml", "looked at, outage and affecting}", "looked at}"),
    ("workflows/tnba-monitor/workflow.yaml", "inputs: [entry, kept]", "inputs: [entry]"),
    ("workflows/tnba-monitor/workflow.yaml", "run: devices-to-work\n    with: [kept]", "run: devices-to-work"),
    // settings of a store are named where they are used
    (
        "connectors/s3/connector.yaml",
        "limits: {timeout",
        "server: =config.endpoint\noptions: {region: =config.region}\nauth: {basic: {user: =config.access_key, password: =config.secret_key}}\nlimits: {timeout",
    ),
    // `on_error` of a loop sees the names around it
    ("workflows/service-dispatch-monitor/workflow.yaml", "LIT: dispatch {{ dispatch.", "LIT: dispatch {{ error.item."),
    ("workflows/service-dispatch-monitor/workflow.yaml", "(ticket {{ dispatch.", "(ticket {{ error.item."),
    ("workflows/service-dispatch-monitor/workflow.yaml", "ifUnknown(record.", "ifUnknown(error.item."),
];

/// The drafts beside this repository, where they are there: all their names are known, and all of them become plans. What their types lack
/// (most of them were written down before there were types) is not asked here.
#[test]
fn the_drafts_become_plans() {
    let drafts = support::root().join("../shared/design/prototypes");
    if !drafts.is_dir() {
        return;
    }
    let mut project = support::tree(&drafts);
    for (file, wrong, right) in REPAIRS {
        let text = project.text(file).map(|text| text.replace(wrong, right)).unwrap_or_default();
        project.add(*file, text);
    }
    for picture in ["logo.png", "header.jpg", "header.png"] {
        project.add_asset(format!("workflows/service-affecting-monitor/{picture}"), *b"picture");
        project.add_asset(format!("workflows/lumin-billing-report/{picture}"), *b"picture");
    }
    let mut checked = check(&project);
    let of_types = |rule: &wf_source::Rule| wf_expr::types::findings::ALL.contains(&rule) || rule.code >= "WF0500";
    checked.diagnostics.retain(|d| !of_types(d.rule));
    assert!(checked.diagnostics.is_empty(), "\n{}", support::shown(&checked.files, &checked.diagnostics));
}
