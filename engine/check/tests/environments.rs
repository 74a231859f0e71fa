//! Environments and the params of a run.

mod support;

use wf_check::{Checked, Given, Project, check, resolve_params};
use wf_plan::Provenance;
use wf_value::Value;

const WORKFLOW: &str = "\
workflow: example
title: Example
uses: [../lib/shared.yaml]
triggers: [{every: =params.interval}]
params:
  interval: {default: 10m, min: 1m, max: 1h, doc: How often it is done}
  hosts: {type: list of text, default: [a], doc: Hosts that are read}
  limits:
    doc: What is much
    columns: [unit, thresholds.wired, lookback.wired]
    latency: [ms, 140, 30m]
    jitter: [ms, 50, 1h]
steps:
  - skip: {nothing to do: empty(params.hosts) && params.customer == 'x'}
  - skip: nothing is much
    if: params.thresholds.wired.get('latency') > 1 && params.lookback.wired['jitter'] > 1m
";
const LIBRARY: &str = "\
library: shared
title: Shared
params:
  customer: {type: text, doc: The customer it is done for}
";

fn tree(environment: &str) -> Checked {
    let files = [
        ("workflows/example/workflow.yaml", WORKFLOW),
        ("workflows/lib/shared.yaml", LIBRARY),
        ("environments/base.yaml", "writes: on\nparams: {shared: {customer: of all}}\n"),
        ("environments/here.yaml", environment),
    ];
    check(&files.into_iter().collect::<Project>())
}

fn messages(checked: &Checked) -> Vec<String> {
    checked
        .diagnostics
        .iter()
        .map(|d| format!("{} {}: {}", d.rule.code, checked.files.locate(d.span), d.message))
        .collect()
}

#[test]
fn the_nearest_value_wins_and_says_where_it_comes_from() {
    let checked = tree(
        "like: base.yaml\nwrites: off\nparams: {example: {interval: 20m, thresholds.wired: {latency: 7}}}\n\
         workflows: {example: {instances: {one: {hosts: [b, c]}, two: {customer: own}}}}\n",
    );
    assert_eq!(messages(&checked), Vec::<String>::new());
    let (Some(plan), Some(environment)) = (checked.plan("example"), checked.environment("here")) else {
        panic!("the plan and the environment are there");
    };
    assert!(!environment.writes);
    let sets = [("interval".into(), Given::Raw("45m".into()))];
    let resolved = resolve_params(plan, Some(environment), Some("one"), &sets);
    let Ok(params) = resolved else { panic!("{resolved:?}") };
    let of = |name: &str| {
        let i = plan.module.params.iter().position(|p| p.name.as_str() == name);
        i.map(|i| (params.values[i].print_lenient().to_string(), &params.from[i]))
    };
    assert_eq!(of("interval"), Some(("45m".into(), &Provenance::Set)));
    assert_eq!(of("lookback.wired.jitter"), Some(("1h".into(), &Provenance::Default)));
    let from_environment = |name| matches!(of(name), Some((_, Provenance::Environment(_))));
    assert!(from_environment("hosts") && from_environment("customer") && from_environment("thresholds.wired.latency"));
    assert_eq!(of("customer").map(|(v, _)| v), Some("of all".into()));
    assert_eq!(of("thresholds.wired.latency").map(|(v, _)| v), Some("7".into()));

    let two = resolve_params(plan, Some(environment), Some("two"), &[]);
    assert!(two.is_ok_and(|params| params.values.contains(&Value::text("own"))));
    let unknown = resolve_params(plan, Some(environment), Some("tow"), &[]);
    assert!(unknown.is_err_and(|found| found[0].help.as_deref() == Some("did you mean `two`?")));
}

#[test]
fn what_does_not_fit_a_param_is_refused() {
    let checked = tree("like: base.yaml\n");
    let Some(plan) = checked.plan("example") else { panic!("{:?}", messages(&checked)) };
    let refused = |name: &str, raw: &str| {
        resolve_params(plan, checked.environment("base"), None, &[(name.into(), Given::Raw(raw.into()))])
            .err()
            .map(|found| found[0].message.clone())
    };
    assert_eq!(refused("interval", "45"), Some("`45` is no duration for `interval`".into()));
    assert_eq!(refused("interval", "2h"), Some("`interval` is 2h, more than 1h".into()));
    assert_eq!(refused("intervall", "2h"), Some("`example` has no param `intervall`".into()));
    assert_eq!(refused("interval", "2m"), None);
    let open = resolve_params(plan, None, None, &[]);
    assert!(open.is_err_and(|found| found[0].message.contains("`customer` has no value")));
}

#[test]
fn an_environment_is_told_at_its_place() {
    for (environment, told) in [
        ("like: bse.yaml\n", "WF0455 environments/here.yaml:1:7: there is no environment `bse.yaml`"),
        (
            "like: base.yaml\nparams: {exmple: {interval: 5m}}\n",
            "WF0454 environments/here.yaml:2:10: there is no workflow or library `exmple`",
        ),
        (
            "like: base.yaml\nparams: {example: {interval: 45}}\n",
            "WF0324 environments/here.yaml:2:30: `45` is no duration",
        ),
        (
            "like: base.yaml\nparams: {example: {interval: 2h}}\n",
            "WF0451 environments/here.yaml:2:30: `interval` is 2h, more than 1h",
        ),
        (
            "like: base.yaml\nworkflows: {example: {instances: {one: {host: b}}}}\n",
            "WF0454 environments/here.yaml:2:41: `example` has no param `host`",
        ),
        (
            "writes: on\n",
            "WF0453 workflows/lib/shared.yaml:4:3: `customer` has no `default`, and the environment here does not set it for example",
        ),
    ] {
        assert_eq!(messages(&tree(environment)), vec![told.to_owned()], "{environment}");
    }
}

#[test]
fn an_environment_that_is_like_itself_is_refused() {
    let files = [("environments/a.yaml", "like: b.yaml\n"), ("environments/b.yaml", "like: a.yaml\n")];
    let checked = check(&files.into_iter().collect::<Project>());
    assert!(checked.diagnostics.iter().all(|d| d.message == "this environment is like itself"));
    assert!(!checked.diagnostics.is_empty());
}
