// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Those who are told what a supervisor sees: Prometheus fetches, an MQTT broker keeps states, webhooks get messages.
//!
//! Each has its own bounded memory, its own back-off and its own deadline. [`Sinks::tell`] and [`Sinks::show`] never wait
//! and never fail; what moves the network is [`Sinks::run`], beside the supervision and in the same thread.

mod backoff;
mod error;
mod mqtt;
mod operation;
mod prometheus;
mod secrets;
mod tally;
mod test;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod webhook;

use std::cell::RefCell;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

pub use error::SinkFault;
pub use operation::{Messenger, Operation, Success, Untold};
pub use tally::SinkState;
pub use test::{TestResult, test};

use super::supervise::{Picture, Report};
use super::tasks::TaskGroup;
use crate::config::SinkSettings;
use crate::sys::Files;
use crate::sys::net::{HttpClient, HttpServer, MqttClient};
use mqtt::Mqtt;
use prometheus::Prometheus;
use webhook::Webhook;

/// How long last words may take once a run is told to end.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// What sinks need of the outside.
#[derive(Clone, Copy)]
pub struct Outside<'a> {
    /// Has the files of secrets.
    pub files: &'a dyn Files,
    /// Sends messages.
    pub http: &'a dyn HttpClient,
    /// Serves metrics.
    pub server: &'a dyn HttpServer,
    /// Reaches brokers.
    pub mqtt: &'a dyn MqttClient,
}

/// Who speaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunName {
    /// The id of the run.
    pub run_id: String,
    /// The name of this machine.
    pub host: String,
    /// The version of the program.
    pub version: &'static str,
}

/// All sinks of a run. Without any configured, an empty set that costs nothing.
pub struct Sinks<'a> {
    prometheus: Option<Prometheus<'a>>,
    mqtt: Option<Mqtt<'a>>,
    webhooks: Vec<Webhook<'a>>,
    picture: RefCell<Option<Picture>>,
    version: &'static str,
}

impl std::fmt::Debug for Sinks<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Sinks").field("states", &self.states()).finish_non_exhaustive()
    }
}

impl<'a> Sinks<'a> {
    /// Makes the sinks that the settings name. Nothing is sent yet; secrets are read from their files.
    ///
    /// # Errors
    /// A webhook without an address, or a file of a secret that cannot be read.
    pub fn new(settings: &SinkSettings, outside: Outside<'a>, run: &RunName) -> Result<Self, SinkFault> {
        let webhooks = settings.webhooks.iter().map(|one| Webhook::new(one, outside, run)).collect::<Result<_, _>>()?;
        let mqtt = settings.mqtt.as_ref().map(|one| Mqtt::new(one, outside, run)).transpose()?;
        let prometheus = settings.prometheus.as_ref().map(|one| Prometheus::new(one, outside.server));
        Ok(Self { prometheus, mqtt, webhooks, picture: RefCell::default(), version: run.version })
    }

    /// Whether nobody is told.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.prometheus.is_none() && self.mqtt.is_none() && self.webhooks.is_empty()
    }

    /// Whether anybody looks at what [`Self::show`] is given.
    #[must_use]
    pub fn wants_picture(&self) -> bool {
        self.prometheus.is_some() || self.mqtt.is_some()
    }

    /// Something happened. Never waits, never fails: what finds a queue full is counted, and said when there is room.
    pub fn tell(&self, report: &Report) {
        for webhook in &self.webhooks {
            webhook.tell(report);
        }
    }

    /// Everything as it is now. The last one shown is what metrics are made from when they are fetched.
    pub fn show(&self, picture: Picture) {
        *self.picture.borrow_mut() = Some(picture);
        if let Some(mqtt) = &self.mqtt {
            mqtt.changed();
        }
    }

    /// Delivers until `cancelled`, then for two seconds at most: what waits is tried once more, and the broker is told
    /// that we leave.
    pub async fn run(&self, cancelled: &CancellationToken) {
        let group = TaskGroup::new(cancelled.clone());
        if let Some(prometheus) = &self.prometheus {
            group.spawn(prometheus.run(
                || prometheus::render(self.picture.borrow().as_ref(), &self.states(), self.version),
                || prometheus::readiness(self.picture.borrow().as_ref()),
                cancelled,
            ));
        }
        for webhook in &self.webhooks {
            group.spawn(webhook.run(cancelled));
        }
        if let Some(mqtt) = &self.mqtt {
            group.spawn(mqtt.run(&self.picture, cancelled));
        }
        if group.is_empty() {
            return cancelled.cancelled().await;
        }
        group.join(LAST_WORDS).await;
        for state in self.states().iter().filter(|state| state.waiting > 0) {
            tracing::warn!(sink = state.name, left = state.waiting, "not all was delivered before the end");
        }
    }

    /// How each sink is doing: Prometheus, MQTT, then webhooks in the order of the settings.
    #[must_use]
    pub fn states(&self) -> Vec<SinkState> {
        let prometheus = self.prometheus.iter().map(Prometheus::state);
        let mqtt = self.mqtt.iter().map(Mqtt::state);
        prometheus.chain(mqtt).chain(self.webhooks.iter().map(Webhook::state)).collect()
    }
}
