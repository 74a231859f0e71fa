//! Scenario files of the simulated vendors: read, and the world made of them.

use wf_sandbox::{Options, Sandbox, Scenario, ScenarioError};

use super::{Seen, Target, Wrong, must};
use crate::Input;
use crate::repository::Repository;

pub(super) struct Scenarios;

const PART: &str = "scenario.yaml";

impl Target for Scenarios {
    fn name(&self) -> &'static str {
        "scenarios"
    }

    fn seeds(&self, repository: &Repository) -> Vec<Input> {
        let files = repository.iter().filter(|(path, _)| path.contains("scenario") && path.ends_with(".yaml"));
        files.map(|(_, text)| Input::of([(PART, text)])).collect()
    }

    fn check(&mut self, input: &Input) -> Result<Seen, Wrong> {
        let mut seen = Seen::default();
        match Scenario::from_yaml(PART, &input.text(PART)).and_then(|scenario| start(&scenario)) {
            Ok(()) => seen.add("started"),
            Err(error) => {
                let message = error.to_string();
                must(!message.trim().is_empty(), "an error that says nothing", || format!("{error:?}"))?;
                seen.add(&message.chars().filter(|c| c.is_alphabetic()).take(40).collect::<String>());
            }
        }
        Ok(seen)
    }
}

fn start(scenario: &Scenario) -> Result<(), ScenarioError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|source| ScenarioError::Listen { port: 0, source })?;
    let _inside = runtime.enter();
    Sandbox::start(scenario, Options::default()).map(drop)
}
