//! A monitor of this repository, checked, with the params of a run.

use std::path::Path;
use std::sync::Arc;

use wf_check::{Given, Project, resolve_params};
use wf_host::Workflow;
use wf_machine::Writes;
use wf_plan::Param;
use wf_value::{Map, Text, Value};

/// As production has it, with the defaults of its params but those that `set` gives another value.
pub(crate) fn monitor(name: &str, set: impl Fn(&Param) -> Option<Given>) -> Arc<Workflow> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut project = Project::default();
    for folder in ["workflows", "connectors", "environments"] {
        add(&mut project, &root, &root.join(folder));
    }
    let checked = wf_check::check(&project);
    assert!(!checked.has_errors(), "{:#?}", checked.diagnostics);
    let plan = checked.plan(name).expect("the monitor").clone();
    let sets: Vec<(Text, Given)> =
        plan.module.params.iter().filter_map(|param| Some((param.name.clone(), set(param)?))).collect();
    let params = resolve_params(&plan, None, None, &sets).unwrap_or_else(|found| panic!("{found:#?}"));
    let env: [(&str, Value); 3] = [("name", "production".into()), ("writes", true.into()), ("workflow", name.into())];
    let env: Map = env.into_iter().map(|(key, value)| (Text::from(key), value)).collect();
    Arc::new(Workflow { plan, instance: None, params: Arc::new(params), env: env.into(), writes: Writes::On })
}

fn add(project: &mut Project, root: &Path, folder: &Path) {
    for entry in std::fs::read_dir(folder).expect("a folder of the repository") {
        let path = entry.expect("a file of the repository").path();
        let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned();
        if path.is_dir() {
            add(project, root, &path);
        } else if Project::wants(&name) {
            project.add(name, std::fs::read_to_string(&path).expect("a text"));
        } else if name.starts_with("workflows/") {
            project.add_asset(name, std::fs::read(&path).expect("a file of the repository"));
        }
    }
}
