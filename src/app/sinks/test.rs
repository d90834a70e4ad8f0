// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `stackctl notify test`: one test message through each sink.

use serde_json::Value;

use super::mqtt::{self, Mqtt};
use super::prometheus;
use super::webhook::Webhook;
use super::{Outside, RunName, SinkFault};
use crate::config::{PrometheusSettings, SinkSettings};
use crate::health::Timestamp;
use crate::sys::net::HttpRequest;

/// How long one that may be ourselves is waited for.
const OWN_TIME: std::time::Duration = std::time::Duration::from_secs(5);

/// How the test of one sink went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestResult {
    /// The name of the sink.
    pub sink: String,
    /// What kind of sink it is: `prometheus`, `mqtt` or `webhook`.
    pub kind: &'static str,
    /// Whom it tells, without what may be a secret.
    pub place: String,
    /// What was done; or why it failed.
    pub result: Result<String, String>,
}

/// Tests the sink of this name, or all. One after the other, so that one that hangs is seen.
///
/// # Errors
/// No sink, none of this name, or one that cannot be made.
pub async fn test(
    settings: &SinkSettings,
    only: Option<&str>,
    outside: Outside<'_>,
    run: &RunName,
    now: Timestamp,
) -> Result<Vec<TestResult>, SinkFault> {
    if settings.is_empty() {
        return Err(SinkFault::None);
    }
    let known = names(settings);
    if let Some(name) = only.filter(|name| !known.iter().any(|known| known == name)) {
        return Err(SinkFault::Unknown { name: name.to_owned(), known });
    }
    let is_asked = |name: &str| only.is_none_or(|only| only == name);
    let mut results = Vec::new();
    if let Some(settings) = settings.prometheus.as_ref().filter(|_| is_asked(prometheus::NAME)) {
        results.push(test_prometheus(settings, outside).await);
    }
    if let Some(settings) = settings.mqtt.as_ref().filter(|_| is_asked(mqtt::NAME)) {
        let mqtt = Mqtt::new(settings, outside, run)?;
        let result = mqtt.send_test().await.map(|()| "message sent".to_owned());
        results.push(TestResult { sink: mqtt::NAME.to_owned(), kind: "mqtt", place: mqtt.place(), result });
    }
    for settings in settings.webhooks.iter().filter(|settings| is_asked(&settings.name)) {
        let webhook = Webhook::new(settings, outside, run)?;
        let result = webhook.send_test(now).await.map(|()| "message sent".to_owned());
        let sink = webhook.name().to_owned();
        results.push(TestResult { sink, kind: "webhook", place: webhook.origin(), result });
    }
    Ok(results)
}

/// The names of all sinks, in order.
fn names(settings: &SinkSettings) -> Vec<String> {
    let prometheus = settings.prometheus.iter().map(|_| prometheus::NAME.to_owned());
    let mqtt = settings.mqtt.iter().map(|_| mqtt::NAME.to_owned());
    prometheus.chain(mqtt).chain(settings.webhooks.iter().map(|webhook| webhook.name.clone())).collect()
}

/// The address can be had, or a supervisor of ours has it.
async fn test_prometheus(settings: &PrometheusSettings, outside: Outside<'_>) -> TestResult {
    let place = format!("http://{}/metrics", settings.listen);
    let result = match outside.server.bind(settings.listen) {
        Ok(_) => Ok("the address can be had".to_owned()),
        Err(reason) => {
            let request = HttpRequest::get(format!("http://{}/health", settings.listen), 4096);
            let answer = outside.http.exchange(&request, OWN_TIME).await;
            let is_ours = answer.is_ok_and(|answer| {
                serde_json::from_slice::<Value>(&answer.body).is_ok_and(|body| body["schema"] == "stackctl/alive/v1")
            });
            if is_ours { Ok("a supervisor serves it".to_owned()) } else { Err(format!("cannot listen: {reason}")) }
        }
    };
    TestResult { sink: prometheus::NAME.to_owned(), kind: "prometheus", place, result }
}
