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
    // of a map of anything only `get('x')` is known
    ("connectors/bruin/connector.yaml", "note.is_private", "note.get('is_private')"),
    ("connectors/bruin/connector.yaml", "noted(body, n.text)", "noted(body, n.get('text'))"),
    ("connectors/lit/connector.yaml", "order.mettel_bruin_ticketid", "order.get('mettel_bruin_ticketid')"),
    ("connectors/lit/connector.yaml", "order.date_of_dispatch", "order.get('date_of_dispatch')"),
    ("connectors/lit/connector.yaml", "order.local_time_of_dispatch", "order.get('local_time_of_dispatch')"),
    ("connectors/lit/connector.yaml", "order.job_site", "order.get('job_site')"),
    ("connectors/lit/connector.yaml", "RequestDispatch.mettel_bruin", "RequestDispatch.get('mettel_bruin"),
    ("connectors/lit/connector.yaml", "get('mettel_bruin_ticketid]", "get('mettel_bruin_ticketid')]"),
    ("connectors/lit/connector.yaml", "Request.Dispatch_Number]", "Request.get('Dispatch_Number')]"),
    ("connectors/lit/connector.yaml", "RequestDispatch.dispatch_number]", "RequestDispatch.get('dispatch_number')]"),
    ("workflows/customer-cache/workflow.yaml", "list of map of any", "list of any"),
    ("workflows/dispatch-portal/workflow.yaml", "sent.body.Message", "sent.body.get('Message')"),
    ("workflows/email-tagger-monitor/workflow.yaml", "=fields.email_id", "=fields.get('email_id')"),
    ("workflows/email-tagger-monitor/workflow.yaml", "fields.ticket.", "fields.get('ticket')."),
    ("workflows/lumin-billing-report/workflow.yaml", "entry.type)", "entry.get('type'))"),
    ("workflows/service-affecting-monitor/workflow.yaml", "metrics_labels: map of any", "metrics_labels: any"),
    (
        "workflows/service-outage-monitor/workflow.yaml",
        "{type: map of any, doc: The facts",
        "{type: any, doc: The facts",
    ),
    // `no` is a text where nothing says what it is
    ("workflows/service-outage-monitor/workflow.yaml", "to_ipa: no,", "to_ipa: false,"),
    ("workflows/service-outage-monitor/workflow.yaml", "to_ipa: yes,", "to_ipa: true,"),
    ("workflows/service-outage-monitor/workflow.yaml", "to_workers: no}", "to_workers: false}"),
    ("workflows/service-outage-monitor/workflow.yaml", "to_workers: yes}", "to_workers: true}"),
    // a table that says nothing of some of what it may be asked
    (
        "workflows/service-outage-monitor/workflow.yaml",
        "then: =params.quarantine.ha_hard_down}",
        "then: =params.quarantine.ha_hard_down}\n    otherwise: =params.quarantine.link_down",
    ),
];

/// The drafts beside this repository, where they are there: all their names are known, all their types fit, and all of them become plans.
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
        project.add_asset(format!("workflows/last-contact-report/{picture}"), *b"picture");
    }
    let mut checked = check(&project);
    checked.diagnostics.retain(wf_source::Diagnostic::is_error);
    assert!(checked.diagnostics.is_empty(), "\n{}", support::shown(&checked.files, &checked.diagnostics));
}
