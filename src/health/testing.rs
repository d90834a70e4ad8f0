// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Containers, events and moments for the tests of this module.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta};

use super::event::{Event, EventKind};
use super::observation::{CheckTimings, Container, Health, HealthStatus, Probe, Status, Timestamp};

/// Some moment plus `seconds`.
pub(crate) fn at(seconds: i64) -> Timestamp {
    DateTime::from_timestamp(1_790_000_000, 0).unwrap() + TimeDelta::seconds(seconds)
}

/// The labels that Compose gives the first container of a service of the project `voice`.
pub(crate) fn labels(service: &str) -> BTreeMap<String, String> {
    let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    BTreeMap::from([
        pair("com.docker.compose.project", "voice"),
        pair("com.docker.compose.service", service),
        pair("com.docker.compose.container-number", "1"),
        pair("com.docker.compose.oneoff", "False"),
    ])
}

/// A container of `service` that runs since second 0 and has no health check.
pub(crate) fn running(service: &str) -> Container {
    let mut container = Container::unseen(
        &format!("{service}-id"),
        &format!("voice-{service}-1"),
        "acme/tool:1.2.3",
        labels(service),
        at(-1),
    );
    container.status = Status::Running;
    container.running = true;
    container.started_at = Some(at(0));
    container
}

/// As [`running`], with a health check of 10 s, 5 s, 3 times, in the state `status`.
pub(crate) fn checked(service: &str, status: HealthStatus) -> Container {
    let mut container = running(service);
    let streak = if status == HealthStatus::Unhealthy { 3 } else { 0 };
    container.health = Some(Health { status, failing_streak: Some(streak), log: Vec::new() });
    container.check = Some(CheckTimings {
        interval: TimeDelta::seconds(10),
        timeout: TimeDelta::seconds(5),
        retries: 3,
        start_period: TimeDelta::zero(),
    });
    container
}

/// A container of `service` that ran from second 0 to second `end` and ended with `exit_code`.
pub(crate) fn ended(service: &str, end: i64, exit_code: i64) -> Container {
    let mut container = running(service);
    container.status = Status::Exited;
    container.running = false;
    container.exit_code = exit_code;
    container.finished_at = Some(at(end));
    container
}

/// A probe that began at `start` and took a second.
pub(crate) fn probe(start: i64, exit_code: i64, output: &str) -> Probe {
    Probe { start: at(start), end: at(start + 1), exit_code, output: output.to_owned() }
}

/// An event of the first container of `service`.
pub(crate) fn event(service: &str, time: Timestamp, kind: EventKind) -> Event {
    Event {
        time,
        kind,
        container: format!("{service}-id"),
        name: format!("voice-{service}-1"),
        image: "acme/tool:1.2.3".to_owned(),
        labels: labels(service),
    }
}
