//! The examples of `--help`: with names of the project that one stands in, so that they can be typed as they stand.

use std::fs;
use std::path::{Path, PathBuf};

/// What the examples speak of. The texts of the command line hold `{workflow}` and its like.
#[derive(Debug, PartialEq, Eq)]
pub struct Names {
    workflow: String,
    /// `name=value`, a param of it with its default.
    param: String,
    /// `FILE:LINE:COLUMN`, a place in it that has a type.
    place: String,
    scenario: String,
    connector: String,
    case: String,
    call: String,
}

impl Default for Names {
    fn default() -> Self {
        Self {
            workflow: "watch".into(),
            param: "gap=30m".into(),
            place: "workflows/watch/workflow.yaml:7:11".into(),
            scenario: "examples/scenarios/watch.yaml".into(),
            connector: "tickets".into(),
            case: "connectors/tickets/cases/refused.yaml".into(),
            call: "tickets.get_ticket ticket_id=5".into(),
        }
    }
}

impl Names {
    /// Those of the project that the current folder is in; made-up ones where there is none.
    pub fn here() -> Self {
        let here = std::env::current_dir().unwrap_or_default();
        here.ancestors().find(|f| f.join("workflows").is_dir()).map(Self::of).unwrap_or_default()
    }

    fn of(root: &Path) -> Self {
        let mut names = Self::default();
        let scenarios = files(&root.join("examples/scenarios"));
        // a workflow that there is a scenario for, else any
        let workflows: Vec<PathBuf> = files(&root.join("workflows")).iter().map(|f| f.join("workflow.yaml")).collect();
        let scenario_of =
            |file: &PathBuf| scenarios.iter().find(|s| s.file_stem() == file.parent().and_then(Path::file_name));
        let read = |file: &PathBuf| fs::read_to_string(file).ok().map(|text| (file.clone(), text));
        let shown = workflows.iter().filter(|f| scenario_of(f).is_some()).chain(&workflows).find_map(read);
        if let Some((file, text)) = shown {
            names.of_workflow(&relative(root, &file), &text);
            if let Some(scenario) = scenario_of(&file).or(scenarios.first()) {
                names.scenario = relative(root, scenario);
            }
        }
        let case = files(&root.join("connectors")).iter().find_map(|c| files(&c.join("cases")).into_iter().next());
        if let Some(case) = case.map(|c| relative(root, &c)) {
            names.connector = case.split('/').nth(1).unwrap_or_default().to_owned();
            names.case = case;
        }
        let cases = files(&root.join("connectors")).into_iter().flat_map(|c| files(&c.join("cases")));
        let call = cases.filter_map(|case| fs::read_to_string(case).ok()).find_map(|text| text.lines().find_map(call));
        names.call = call.unwrap_or(names.call);
        names
    }

    fn of_workflow(&mut self, path: &str, text: &str) {
        if let Some(name) = text.lines().find_map(|line| line.strip_prefix("workflow:")) {
            self.workflow = name.trim().to_owned();
        }
        if let Some(param) = text.lines().find_map(param) {
            self.param = param;
        }
        let place = text.lines().zip(1..).find_map(|(line, number): (&str, usize)| {
            let code = line.split(" #").next().unwrap_or_default();
            (!code.starts_with('#')).then(|| code.find("params.")).flatten().map(|at| (number, at))
        });
        if let Some((line, at)) = place {
            self.place = format!("{path}:{line}:{}", at + 1 + "params.".len());
        }
    }

    fn fill(&self, text: &str) -> String {
        let places = [
            ("{workflow}", &self.workflow),
            ("{param}", &self.param),
            ("{place}", &self.place),
            ("{scenario}", &self.scenario),
            ("{connector}", &self.connector),
            ("{case}", &self.case),
            ("{call}", &self.call),
        ];
        places.iter().fold(text.to_owned(), |text, (place, name)| text.replace(place, name))
    }
}

/// The command line, its examples filled.
pub fn filled(command: clap::Command, names: &Names) -> clap::Command {
    command.mut_subcommands(|sub| {
        let text = sub.get_after_help().map(|help| names.fill(&help.to_string()));
        filled(text.into_iter().fold(sub, |sub, text| sub.after_help(text)), names)
    })
}

/// `request: {subject: a.b, body: {x: 1}}` of a case is `a.b x=1`.
fn call(line: &str) -> Option<String> {
    let (subject, body) = line.split_once("request: {subject: ")?.1.split_once(", body: {")?;
    let (body, rest) = body.split_once('}')?;
    let plain =
        |text: &str| !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-'));
    let field = |field: &str| {
        let (name, value) = field.split_once(": ")?;
        (plain(name.trim()) && plain(value)).then(|| format!("{}={value}", name.trim()))
    };
    let fields: Vec<String> = body.split(',').map(field).collect::<Option<_>>()?;
    (rest == "}" && plain(subject)).then(|| format!("{subject} {}", fields.join(" ")))
}

/// `note_gap: {default: 30m, …}` is `note_gap=30m`.
fn param(line: &str) -> Option<String> {
    let (name, rest) = line.trim().split_once(':')?;
    let default = rest.trim_start().strip_prefix("{default: ")?.split([',', '}']).next()?;
    let plain = !default.is_empty() && default.chars().all(char::is_alphanumeric);
    plain.then(|| format!("{name}={default}"))
}

/// What a folder holds, by name; empty when it is missing.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> =
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    found.sort();
    found.retain(|path| path.extension().is_none_or(|e| e == "yaml"));
    found
}

fn relative(root: &Path, path: &Path) -> String {
    let inside = path.strip_prefix(root).unwrap_or(path);
    let parts: Vec<String> = inside.components().map(|c| c.as_os_str().to_string_lossy().into_owned()).collect();
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn examples_are_those_of_the_project_and_every_place_is_filled() {
        let folder = tempfile::tempdir().unwrap_or_else(|e| panic!("{e}"));
        for (name, text) in [
            ("workflows/alarm/workflow.yaml", "workflow: alarm\n"),
            ("workflows/lib/shared.yaml", "library: shared\n"),
            (
                "workflows/night/workflow.yaml",
                "workflow: night\n# params.x\nparams:\n  gap: {default: 5m, doc: x}\nsteps:\n  - skip: {so: now > params.gap}\n",
            ),
            (
                "connectors/store/cases/empty.yaml",
                "connector: store\nsteps:\n  - request: {subject: store.get, body: {key: a-1, n: 2}}\n",
            ),
            ("examples/scenarios/night.yaml", "title: x\n"),
        ] {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap_or(&path)).unwrap_or_else(|e| panic!("{e}"));
            fs::write(path, text).unwrap_or_else(|e| panic!("{e}"));
        }
        let names = Names::of(folder.path());
        assert_eq!(
            names.fill("{workflow} {param} {place} {scenario} {connector} {case} {call}"),
            "night gap=5m workflows/night/workflow.yaml:6:29 examples/scenarios/night.yaml store connectors/store/cases/empty.yaml store.get key=a-1 n=2"
        );
        let command = filled(crate::args::Args::command(), &names);
        for sub in command.get_subcommands() {
            let help = sub.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(help.contains("wfctl ") && !help.contains('{'), "{}: {help}", sub.get_name());
        }
    }

    #[test]
    fn without_a_project_the_names_are_made_up() {
        let folder = tempfile::tempdir().unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(Names::of(folder.path()), Names::default());
        assert_eq!(param("    default: 5m"), None);
        assert_eq!(param("  hosts: {default: [a, b]}"), None);
    }
}
