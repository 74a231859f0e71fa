//! Everything that the vendors share: the model, the clock, sessions, faults and the ledger.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use serde_json::{Value, json};

use crate::{
    clock::Clock,
    ledger::Ledger,
    model::{desk::Desk, expand, network::Network, opening, recovery::Recoveries},
    objects::Object,
    scenario::{Scenario, ScenarioError, When},
    server::{
        faults::Faults,
        sessions::{SESSION_LASTS, Sessions, TOKEN_LASTS},
    },
    t7::Guesses,
    time::iso_utc,
};

pub(crate) struct World {
    pub(crate) network: Network,
    pub(crate) ledger: Arc<Ledger>,
    pub(crate) faults: Faults,
    pub(crate) tokens: Sessions,
    /// Of each orchestrator.
    pub(crate) sessions: Sessions,
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
    pub(crate) webhook: String,
    pub(crate) digi_tokens: Sessions,
    /// Client id and secret.
    pub(crate) digi_account: (String, String),
    /// User and password.
    pub(crate) mail_account: (String, String),
    /// Access key and secret key of the store of objects.
    pub(crate) objects_account: (String, String),
    /// What the model predicts.
    pub(crate) guesses: Guesses,
    pub(crate) unknown_mailboxes: Vec<String>,
    /// From when on the customer cache is built.
    pub(crate) cache_built: i64,
    /// The scenario's beginning, ms.
    pub(crate) start: i64,
    desk: Mutex<Desk>,
    recoveries: Mutex<Recoveries>,
    /// By bucket and key.
    objects: Mutex<BTreeMap<(String, String), Object>>,
    /// How many tickets were open from when on.
    open: Mutex<Vec<(i64, usize)>>,
    clock: Clock,
}

impl World {
    /// Builds the world of a scenario that begins at `start`, or says all that makes no sense.
    pub(crate) fn build(scenario: &Scenario, start: i64, clock: Clock) -> Result<World, ScenarioError> {
        let mut problems = Vec::new();
        let network = expand::network(scenario, start, &mut problems);
        let desk = opening::desk(scenario, &network, start, &mut problems);
        let faults = Faults::build(scenario.faults.as_deref().unwrap_or_default(), start, &mut problems);
        let digi = scenario.digi.clone().unwrap_or_default();
        let mail = scenario.mail.clone().unwrap_or_default();
        let s3 = scenario.s3.clone().unwrap_or_default();
        let t7 = scenario.t7.clone().unwrap_or_default();
        let guesses = Guesses::build(&t7, &network, start, &mut problems);
        let recoveries = Recoveries::build(&digi, &network, start, &mut problems);
        let bruin = scenario.bruin.clone().unwrap_or_default();
        let velocloud = scenario.velocloud.clone().unwrap_or_default();
        let webhook = scenario.slack.clone().unwrap_or_default().path.unwrap_or_else(|| "/services/sandbox".to_owned());
        if scenario.speed.is_some_and(|speed| !speed.is_finite() || speed < 0.0) {
            problems.push("speed: must be 0 or more".to_owned());
        }
        if !webhook.starts_with('/') || webhook.starts_with("/sandbox/") {
            problems.push("slack.path: must begin with `/`, and not with `/sandbox/`".to_owned());
        }
        if !problems.is_empty() {
            return Err(ScenarioError::Wrong { problems });
        }
        Ok(World {
            network,
            ledger: Arc::new(Ledger::new(start)),
            faults,
            tokens: Sessions::new("token", bruin.token_lasts.map_or(TOKEN_LASTS, |span| span.0)),
            sessions: Sessions::new("session", velocloud.session_lasts.map_or(SESSION_LASTS, |span| span.0)),
            client_id: bruin.client_id.unwrap_or_else(|| "sandbox-client".to_owned()),
            client_secret: bruin.client_secret.unwrap_or_else(|| "sandbox-secret".to_owned()),
            webhook,
            cache_built: scenario.cache.clone().unwrap_or_default().built.map_or(i64::MIN, |at: When| at.after(start)),
            digi_tokens: Sessions::new("digi", digi.token_lasts.map_or(TOKEN_LASTS, |span| span.0)),
            digi_account: (
                digi.client_id.unwrap_or_else(|| "sandbox-digi".to_owned()),
                digi.client_secret.unwrap_or_else(|| "sandbox-digi-secret".to_owned()),
            ),
            mail_account: (
                mail.user.unwrap_or_else(|| "sandbox@mail.example".to_owned()),
                mail.password.unwrap_or_else(|| "sandbox-mail-password".to_owned()),
            ),
            objects_account: (
                s3.access_key.unwrap_or_else(|| "sandbox-access".to_owned()),
                s3.secret_key.unwrap_or_else(|| "sandbox-access-secret".to_owned()),
            ),
            guesses,
            unknown_mailboxes: mail.unknown,
            start,
            open: Mutex::new(vec![(start, desk.open())]),
            desk: Mutex::new(desk),
            recoveries: Mutex::new(recoveries),
            objects: Mutex::default(),
            clock,
        })
    }

    /// The present moment, ms.
    pub(crate) fn now(&self) -> i64 {
        (self.clock)()
    }

    /// The tickets. Held for the length of one vendor action, never across an await.
    pub(crate) fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The recoveries of devices. Held as the desk is.
    pub(crate) fn recoveries(&self) -> MutexGuard<'_, Recoveries> {
        self.recoveries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The objects that were stored. Held as the desk is.
    pub(crate) fn objects(&self) -> MutexGuard<'_, BTreeMap<(String, String), Object>> {
        self.objects.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Remembers how many tickets are open, after something was written.
    pub(crate) fn remember(&self) {
        let open = self.desk().open();
        let mut history = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if history.last().is_none_or(|(_, before)| *before != open) {
            history.push((self.now(), open));
        }
    }

    /// How many tickets were open from when on, in order.
    pub(crate) fn history(&self) -> Vec<(i64, usize)> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The whole state for `GET /sandbox/state`.
    pub(crate) fn to_json(&self) -> Value {
        let now = self.now();
        let edge = |edge: &crate::model::network::Edge| {
            let links: HashMap<&str, &str> =
                edge.links.iter().map(|link| (link.interface.as_str(), edge.link_state(link, now))).collect();
            json!({
                "serial": edge.serial,
                "name": edge.name,
                "client": self.network.client_of(edge).spec.id,
                "state": edge.state(now),
                "haSerial": edge.ha_serial,
                "haState": edge.ha_state(now),
                "links": links,
            })
        };
        let tickets: Vec<Value> = self
            .desk()
            .tickets
            .values()
            .map(|ticket| json!({"ticket": ticket.basic(), "details": ticket.details(), "subscribers": ticket.subscribers}))
            .collect();
        json!({
            "now": iso_utc(now),
            "edges": self.network.edges.iter().map(edge).collect::<Vec<_>>(),
            "tickets": tickets,
            "recoveries": self.recoveries().rows(i64::MIN, None, now),
            "objects": self.objects().keys().map(|(bucket, key)| format!("{bucket}/{key}")).collect::<Vec<_>>(),
            "writes": self.ledger.entries().len(),
        })
    }
}
