//! What the model thinks of an edge: what the scenario says, else by how the edge is now.

use super::messages::{ModelError, TaskResult};
use crate::{
    model::{expand::select, network::Network},
    scenario::T7Spec,
};

/// What is likely where the scenario says nothing: an edge that works needs nobody, one that does not somebody.
const WORKS: [(&str, f32); 3] =
    [("Request Completed", 0.95), ("No Trouble Found", 0.03), ("Holmdel NOC Investigate", 0.02)];
const FAILS: [(&str, f32); 3] =
    [("Holmdel NOC Investigate", 0.85), ("Wireless Repair Intervention Needed", 0.1), ("Request Completed", 0.05)];

/// By edge.
#[derive(Debug)]
pub(crate) struct Guesses(Vec<(usize, Guess)>);

#[derive(Debug, Clone)]
enum Guess {
    Results(Vec<TaskResult>),
    Error(String),
}

impl Guesses {
    /// Adds a line to `problems` for everything that makes no sense.
    pub(crate) fn build(spec: &T7Spec, network: &Network, start: i64, problems: &mut Vec<String>) -> Guesses {
        let mut all = Vec::new();
        for (place, said) in spec.predictions.iter().enumerate() {
            let at = format!("t7.predictions[{place}]");
            let results = said.results.iter().map(|(name, probability)| {
                if !(0.0..=1.0).contains(probability) {
                    problems.push(format!("{at}: the probability of {name} must be between 0 and 1"));
                }
                TaskResult { name: name.clone(), probability: *probability }
            });
            let results: Vec<TaskResult> = results.collect();
            if said.error.is_some() != results.is_empty() {
                problems.push(format!("{at}: say `results` or an `error`"));
            }
            let guess = said.error.clone().map_or(Guess::Results(results), Guess::Error);
            let edges = select(network, &said.edges, start, &at, problems);
            all.extend(edges.into_iter().map(|edge| (edge, guess.clone())));
        }
        Guesses(all)
    }

    /// Results or an error; the last line of the scenario that speaks of an edge decides.
    pub(crate) fn of(&self, network: &Network, asset: &str, now: i64) -> (Vec<TaskResult>, Option<ModelError>) {
        let Some(edge) = network.edge(asset) else { return results(&FAILS) };
        match self.0.iter().rev().find(|(known, _)| *known == edge.index).map(|(_, guess)| guess) {
            Some(Guess::Results(results)) => (results.clone(), None),
            Some(Guess::Error(message)) => {
                let error = ModelError { code: "error_in_prediction".to_owned(), message: message.clone() };
                (Vec::new(), Some(error))
            }
            None if edge.state(now) == "CONNECTED" => results(&WORKS),
            None => results(&FAILS),
        }
    }
}

fn results(likely: &[(&str, f32)]) -> (Vec<TaskResult>, Option<ModelError>) {
    let one = |(name, probability): &(&str, f32)| TaskResult { name: (*name).to_owned(), probability: *probability };
    (likely.iter().map(one).collect(), None)
}
