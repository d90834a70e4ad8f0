// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What a container lacks, or does in a way that is known to mislead, whatever the service is.

use super::case::{Case, Finding};
use crate::app::doctor::Level;
use crate::sys::engine::ContainerStatus;

pub(super) fn find(case: &Case<'_>) -> Vec<Finding> {
    [check_ignores_refusal(case), ports_nowhere(case), environment_older(case), log_lost(case)]
        .into_iter()
        .flatten()
        .collect()
}

fn check_ignores_refusal(case: &Case<'_>) -> Option<Finding> {
    let test = case.detail.health_check.as_ref().map(|check| check.test.join(" "))?;
    let is_blind =
        test.contains("redis-cli") && test.contains("ping") && !test.contains(" -e") && !test.contains("grep");
    is_blind.then(|| {
        let found =
            "its check passes although the password is refused: `redis-cli ping` ends with 0 either way".to_owned();
        let fix = "give `redis-cli` the flag `-e`, so that an answer like NOAUTH fails the check";
        Finding::new(Level::Warn, "check_ignores_refusal", found, fix).with(format!("check: {test}"))
    })
}

/// The engine publishes no port of a container that is in internal networks alone, and says nothing.
fn ports_nowhere(case: &Case<'_>) -> Option<Finding> {
    let detail = case.detail;
    let is_running = detail.state.status == ContainerStatus::Running;
    let is_bound = case.ports.iter().any(|port| port.public.is_some());
    let is_inside = !detail.networks.is_empty() && detail.networks.keys().all(|name| case.internal.contains(name));
    (is_running && !detail.published.is_empty() && !is_bound && is_inside).then(|| {
        let networks: Vec<&str> = detail.networks.keys().map(String::as_str).collect();
        Finding::new(
            Level::Warn,
            "ports_not_published",
            format!(
                "nobody outside reaches its ports ({}): it is in internal networks alone",
                detail.published.join(", ")
            ),
            "put it into a network that is not `internal` too, or take `ports` away",
        )
        .with(format!("networks: {}", networks.join(", ")))
    })
}

/// Names alone are told: values may be secrets.
fn environment_older(case: &Case<'_>) -> Option<Finding> {
    let changed = case.changed_variables();
    (!changed.is_empty()).then(|| {
        Finding::new(
            Level::Warn,
            "environment_older",
            "the compose file sets other values than its container has",
            format!("`docker compose up -d {}` makes it anew", case.service),
        )
        .with(format!("variables: {}", changed.join(", ")))
    })
}

fn log_lost(case: &Case<'_>) -> Option<Finding> {
    (case.detail.log_driver == "none").then(|| {
        let fix = "use the logging driver `local` or `json-file` with a size limit";
        Finding::new(Level::Warn, "log_lost", "what it writes is thrown away (driver `none`)", fix)
    })
}
