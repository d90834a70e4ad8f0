// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! How an operation ended, told once to those who take messages: webhooks, and an MQTT broker that keeps the last one.
//! Nobody fetches metrics from a run that ends, so Prometheus has no part in it.

use chrono::SecondsFormat;
use serde_json::json;

use super::mqtt::{self, Mqtt};
use super::webhook::Webhook;
use super::{Outside, RunName, SinkFault};
use crate::config::SinkSettings;
use crate::diag::safe_line;
use crate::health::Timestamp;

/// Name of the format at a broker. Fields are only ever added to this version.
const SCHEMA: &str = "stackctl/operation/v1";

/// The end of an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// Which: `backup` or `restore`.
    pub verb: &'static str,
    /// The project.
    pub project: String,
    /// Whether it is as wanted.
    pub success: Success,
    /// What was done, or why it was not, as a fragment.
    pub text: String,
    /// When it ended.
    pub at: Timestamp,
}

/// Whether an operation did what it should.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Success {
    /// It did.
    Done,
    /// It did not, or the stack is not well after it.
    Failed,
}

/// A sink that could not be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Untold {
    /// Its name.
    pub sink: String,
    /// Why, without what may be a secret.
    pub reason: String,
}

/// Those who are told.
pub struct Messenger<'a> {
    mqtt: Option<Mqtt<'a>>,
    webhooks: Vec<Webhook<'a>>,
    run_id: String,
    host: String,
}

impl<'a> Messenger<'a> {
    /// Those that the settings name. Nothing is sent yet; secrets are read from their files, so that what is wrong with
    /// them shows before anything is done.
    ///
    /// # Errors
    /// Nobody who takes messages, a webhook without an address, or a file of a secret that cannot be read.
    pub fn new(settings: &SinkSettings, outside: Outside<'a>, run: &RunName) -> Result<Self, SinkFault> {
        if settings.mqtt.is_none() && settings.webhooks.is_empty() {
            return Err(SinkFault::NoMessages);
        }
        Ok(Self {
            mqtt: settings.mqtt.as_ref().map(|one| Mqtt::new(one, outside, run)).transpose()?,
            webhooks: settings.webhooks.iter().map(|one| Webhook::new(one, outside, run)).collect::<Result<_, _>>()?,
            run_id: run.run_id.clone(),
            host: run.host.clone(),
        })
    }

    /// Tells all of them, one after the other; gives those that could not be told. A webhook is tried three times.
    pub async fn tell(&self, operation: &Operation) -> Vec<Untold> {
        let mut untold = Vec::new();
        if let Some(mqtt) = &self.mqtt
            && let Err(reason) = mqtt.send_operation(&operation.project, operation.verb, self.payload(operation)).await
        {
            untold.push(Untold { sink: mqtt::NAME.to_owned(), reason });
        }
        for webhook in &self.webhooks {
            if let Err(reason) = webhook.send_operation(operation).await {
                untold.push(Untold { sink: webhook.name().to_owned(), reason });
            }
        }
        untold
    }

    fn payload(&self, operation: &Operation) -> Vec<u8> {
        let payload = json!({
            "schema": SCHEMA,
            "run_id": self.run_id,
            "host": self.host,
            "at": operation.at.to_rfc3339_opts(SecondsFormat::Millis, true),
            "project": operation.project,
            "operation": operation.verb,
            "ok": operation.success == Success::Done,
            "text": safe_line(&operation.text, &[]),
        });
        payload.to_string().into_bytes()
    }
}

impl std::fmt::Debug for Messenger<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Messenger").field("run_id", &self.run_id).finish_non_exhaustive()
    }
}
