//! The file as a whole: reading it, and building on another one.

use std::{io, path::Path};

use serde::Deserialize;

use super::{
    ClientSpec, DegradedSpec, DigiSpec, EventSpec, FaultSpec, Flag, HostSpec, MailSpec, OutageSpec, QueueSpec, S3Spec,
    Span, T7Spec, TicketSpec, When,
};

/// How deep `like` may go.
const MAX_DEPTH: usize = 8;

/// A scenario as written. Made by [`Scenario::from_path`] or [`Scenario::from_yaml`].
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// One line about what it shows.
    pub title: Option<String>,
    /// Another scenario, in the same folder, that gives all keys that are missing here.
    pub(crate) like: Option<String>,
    pub(crate) now: Option<When>,
    pub(crate) speed: Option<f64>,
    pub(crate) hosts: Option<Vec<HostSpec>>,
    pub(crate) clients: Option<Vec<ClientSpec>>,
    pub(crate) outages: Option<Vec<OutageSpec>>,
    pub(crate) degraded: Option<Vec<DegradedSpec>>,
    pub(crate) events: Option<Vec<EventSpec>>,
    pub(crate) tickets: Option<Vec<TicketSpec>>,
    pub(crate) faults: Option<Vec<FaultSpec>>,
    pub(crate) bruin: Option<BruinSpec>,
    pub(crate) velocloud: Option<VelocloudSpec>,
    pub(crate) slack: Option<SlackSpec>,
    pub(crate) digi: Option<DigiSpec>,
    pub(crate) mail: Option<MailSpec>,
    pub(crate) s3: Option<S3Spec>,
    pub(crate) t7: Option<T7Spec>,
    pub(crate) cache: Option<CacheSpec>,
}

/// The ticketing system.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BruinSpec {
    pub(crate) client_id: Option<String>,
    pub(crate) client_secret: Option<String>,
    /// Account that our writes are done by, `createdBy` of the tickets we open.
    pub(crate) user: Option<String>,
    pub(crate) token_lasts: Option<Span>,
    /// For whom asking for a ticket re-opens a resolved one (472, 473); for the others it only names it (471).
    #[serde(default)]
    pub(crate) reopens: Reopens,
    pub(crate) queues: Option<Vec<QueueSpec>>,
}

/// `yes`, `no`, or the clients for whom.
#[derive(Debug, Clone, Deserialize, PartialEq, Eq)]
#[serde(untagged)]
pub(crate) enum Reopens {
    For(Vec<i64>),
    All(Flag),
}

impl Default for Reopens {
    fn default() -> Self {
        Reopens::All(Flag(false))
    }
}

impl Reopens {
    pub(crate) fn holds(&self, client: i64) -> bool {
        match self {
            Reopens::For(clients) => clients.contains(&client),
            Reopens::All(flag) => flag.0,
        }
    }
}

/// All orchestrators.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct VelocloudSpec {
    pub(crate) session_lasts: Option<Span>,
}

/// The chat's incoming webhook.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SlackSpec {
    pub(crate) path: Option<String>,
}

/// The customer cache, as far as the sandbox stands in for it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CacheSpec {
    /// Until then the cache is not built (202).
    pub(crate) built: Option<When>,
}

/// Why a scenario cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ScenarioError {
    /// The file, or one that it is `like`, cannot be read.
    #[error("cannot read the scenario {path}: {source}")]
    Read { path: String, source: io::Error },
    /// Not YAML, or not of the format; the message names line and column.
    #[error("{name}: {message}")]
    Format { name: String, message: String },
    /// Well formed, and yet it makes no sense; one line for each mistake.
    #[error("the scenario makes no sense:\n  {}", problems.join("\n  "))]
    Wrong { problems: Vec<String> },
    /// A port cannot be opened.
    #[error("cannot listen on 127.0.0.1:{port}: {source}")]
    Listen { port: u16, source: io::Error },
}

impl Scenario {
    /// Reads a scenario from text; `name` is for messages. A scenario with `like` needs [`Scenario::from_path`].
    pub fn from_yaml(name: &str, text: &str) -> Result<Scenario, ScenarioError> {
        let wrong = |message: String| ScenarioError::Format { name: name.to_owned(), message };
        let scenario: Scenario = serde_yaml::from_str(text).map_err(|error| wrong(error.to_string()))?;
        if let Some(like) = &scenario.like {
            return Err(wrong(format!("`like: {like}` needs a file to be read from")));
        }
        Ok(scenario)
    }

    /// Reads a scenario file, and those that it is `like`.
    pub fn from_path(path: &Path) -> Result<Scenario, ScenarioError> {
        read(path, MAX_DEPTH)
    }

    /// When the scenario's clock starts, ms since the epoch; for those who drive the sandbox with a clock of their own.
    pub fn start(&self) -> Result<i64, ScenarioError> {
        match self.now {
            Some(When::At(at)) => Ok(at),
            _ => {
                let problem = "now: must say when the scenario starts, such as 2022-06-01T14:00:00Z";
                Err(ScenarioError::Wrong { problems: vec![problem.to_owned()] })
            }
        }
    }

    /// Takes from `base` what is missing here.
    fn or(self, base: Scenario) -> Scenario {
        Scenario {
            title: self.title.or(base.title),
            like: None,
            now: self.now.or(base.now),
            speed: self.speed.or(base.speed),
            hosts: self.hosts.or(base.hosts),
            clients: self.clients.or(base.clients),
            outages: self.outages.or(base.outages),
            degraded: self.degraded.or(base.degraded),
            events: self.events.or(base.events),
            tickets: self.tickets.or(base.tickets),
            faults: self.faults.or(base.faults),
            bruin: self.bruin.or(base.bruin),
            velocloud: self.velocloud.or(base.velocloud),
            slack: self.slack.or(base.slack),
            digi: self.digi.or(base.digi),
            mail: self.mail.or(base.mail),
            s3: self.s3.or(base.s3),
            t7: self.t7.or(base.t7),
            cache: self.cache.or(base.cache),
        }
    }
}

fn read(path: &Path, depth: usize) -> Result<Scenario, ScenarioError> {
    let name = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|source| ScenarioError::Read { path: name.clone(), source })?;
    let format = |message: String| ScenarioError::Format { name: name.clone(), message };
    let mut scenario: Scenario = serde_yaml::from_str(&text).map_err(|error| format(error.to_string()))?;
    let Some(like) = scenario.like.take() else { return Ok(scenario) };
    if Path::new(&like).components().count() != 1 || depth == 0 {
        return Err(format(format!("`like: {like}` must name a file of the same folder, and not go in a circle")));
    }
    Ok(scenario.or(read(&path.with_file_name(like), depth - 1)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_is_refused_with_its_line() {
        let text = "now: 2022-06-01T14:00:00Z\nhosts:\n  - name: h\n    pasword: x\n";
        let message = Scenario::from_yaml("s.yaml", text).unwrap_err().to_string();
        assert!(message.contains("s.yaml") && message.contains("`pasword`") && message.contains("line 4"), "{message}");
    }

    #[test]
    fn a_wrong_moment_is_refused_with_its_line() {
        let text = "now: 2022-06-01T14:00:00Z\noutages:\n  - edges: VC1\n    from: two hours ago\n";
        let message = Scenario::from_yaml("s.yaml", text).unwrap_err().to_string();
        assert!(message.contains("two hours ago") && message.contains("line 4"), "{message}");
    }

    #[test]
    fn like_without_a_file_is_refused() {
        let message = Scenario::from_yaml("s.yaml", "like: base.yaml").unwrap_err().to_string();
        assert!(message.contains("base.yaml"), "{message}");
    }
}
