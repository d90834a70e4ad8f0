// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! From the engine's containers to those that the board understands.

use chrono::{DateTime, TimeDelta, Utc};

use crate::health::observation::{
    CheckTimings, Container, Health, HealthStatus, Probe, RestartPolicy, Status, Timestamp,
};
use crate::sys::engine::{self, ContainerDetail, ContainerStatus, ContainerSummary};

/// Timings beyond this are as good as for ever, and sums of them still fit.
const LONGEST: TimeDelta = TimeDelta::days(365);

/// A container as inspected.
pub(super) fn from_detail(detail: &ContainerDetail) -> Container {
    let state = &detail.state;
    let mut container = Container::unseen(
        &detail.id,
        &detail.name,
        &detail.image,
        detail.labels.clone(),
        detail.created.unwrap_or(DateTime::UNIX_EPOCH),
    );
    container.status = status(state.status);
    container.running = state.running;
    container.paused = state.paused;
    container.restarting = state.restarting;
    container.exit_code = state.exit_code;
    container.oom_killed = state.oom_killed;
    container.start_error.clone_from(&state.error);
    container.started_at = moment(state.started);
    container.finished_at = moment(state.finished);
    container.restart_count = u32::try_from(detail.restart_count).unwrap_or(u32::MAX);
    container.restart_policy = restart_policy(&detail.restart_policy);
    container.health = state.health.as_ref().map(health);
    container.check = detail.health_check.as_ref().map(check);
    container
}

/// A container of which only the list is known, because it could not be inspected. Timings, probes and the restart
/// policy are missing.
pub(super) fn from_summary(summary: &ContainerSummary) -> Container {
    let mut container = Container::unseen(
        &summary.id,
        &summary.name,
        &summary.image,
        summary.labels.clone(),
        summary.created.unwrap_or(DateTime::UNIX_EPOCH),
    );
    container.status = status(summary.status);
    container.running =
        matches!(summary.status, ContainerStatus::Running | ContainerStatus::Paused | ContainerStatus::Restarting);
    container.paused = summary.status == ContainerStatus::Paused;
    container.restarting = summary.status == ContainerStatus::Restarting;
    container.started_at = container.running.then_some(container.created_at);
    let text = &summary.status_text;
    let word = [
        ("(healthy)", HealthStatus::Healthy),
        ("(unhealthy)", HealthStatus::Unhealthy),
        ("(health: starting)", HealthStatus::Starting),
    ];
    let found = word.iter().find(|(word, _)| text.ends_with(word));
    container.health = found.map(|(_, status)| Health { status: *status, failing_streak: None, log: Vec::new() });
    container
}

/// Engines write the year 1 for "never".
fn moment(time: Option<DateTime<Utc>>) -> Option<Timestamp> {
    time.filter(|time| *time > DateTime::UNIX_EPOCH)
}

const fn status(status: ContainerStatus) -> Status {
    match status {
        ContainerStatus::Created | ContainerStatus::Unknown => Status::Created,
        ContainerStatus::Running => Status::Running,
        ContainerStatus::Paused => Status::Paused,
        ContainerStatus::Restarting => Status::Restarting,
        ContainerStatus::Removing => Status::Removing,
        ContainerStatus::Exited => Status::Exited,
        ContainerStatus::Dead => Status::Dead,
    }
}

fn restart_policy(policy: &engine::RestartPolicy) -> RestartPolicy {
    match policy.name.as_str() {
        "always" => RestartPolicy::Always,
        "unless-stopped" => RestartPolicy::UnlessStopped,
        "on-failure" => {
            let most = u32::try_from(policy.maximum_retries).unwrap_or(u32::MAX);
            RestartPolicy::OnFailure((most > 0).then_some(most))
        }
        _ => RestartPolicy::No,
    }
}

fn health(health: &engine::Health) -> Health {
    let status = match health.status {
        engine::HealthStatus::Starting => HealthStatus::Starting,
        engine::HealthStatus::Healthy => HealthStatus::Healthy,
        engine::HealthStatus::Unhealthy => HealthStatus::Unhealthy,
    };
    let probe = |probe: &engine::HealthProbe| {
        let start = probe.start?;
        let end = probe.end.unwrap_or(start);
        Some(Probe { start, end, exit_code: probe.exit_code, output: probe.output.clone() })
    };
    Health {
        status,
        failing_streak: Some(u32::try_from(health.failing_streak).unwrap_or(u32::MAX)),
        log: health.probes.iter().filter_map(probe).collect(),
    }
}

fn check(check: &engine::HealthCheck) -> CheckTimings {
    let default = CheckTimings::default();
    let time = |time: Option<std::time::Duration>, default| {
        time.map_or(default, |time| TimeDelta::from_std(time).map_or(LONGEST, |time| time.min(LONGEST)))
    };
    CheckTimings {
        interval: time(check.interval, default.interval),
        timeout: time(check.timeout, default.timeout),
        retries: check.retries.map_or(default.retries, |retries| u32::try_from(retries).unwrap_or(u32::MAX)),
        start_period: time(check.start_period, default.start_period),
    }
}
