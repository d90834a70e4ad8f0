// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Containers and events of the engine in the words of `health`.

use chrono::TimeDelta;

use crate::health::event::{Event, EventKind};
use crate::health::observation::{CheckTimings, Container, Health, HealthStatus, Probe, RestartPolicy, Status};
use crate::sys::engine::{self, ContainerDetail, ContainerStatus, EventSubject, HealthCheck};

/// The verbs of events that say something about health. Probes write three more each, which would only fill the stream.
pub const VERBS: &[&str] = &[
    "create",
    "destroy",
    "die",
    "health_status",
    "kill",
    "oom",
    "pause",
    "rename",
    "restart",
    "start",
    "stop",
    "unpause",
];

/// An inspected container as `health` sees it.
#[must_use]
pub fn container(detail: &ContainerDetail) -> Container {
    let state = &detail.state;
    let created_at = detail.created.unwrap_or_default();
    Container {
        status: container_status(state.status),
        running: state.running,
        paused: state.paused,
        restarting: state.restarting,
        exit_code: state.exit_code,
        oom_killed: state.oom_killed,
        start_error: state.error.clone(),
        started_at: state.started,
        finished_at: state.finished,
        restart_count: u32::try_from(detail.restart_count).unwrap_or(u32::MAX),
        restart_policy: policy(&detail.restart_policy),
        health: state.health.as_ref().map(health),
        check: detail.health_check.as_ref().and_then(timings),
        ..Container::unseen(&detail.id, &detail.name, &detail.image, detail.labels.clone(), created_at)
    }
}

/// An event of the engine as `health` sees it; `None` when it says nothing about a container's health.
#[must_use]
pub fn event(event: &engine::Event) -> Option<Event> {
    if event.subject != EventSubject::Container {
        return None;
    }
    let number = |name: &str| event.attributes.get(name).and_then(|text| text.parse().ok());
    let kind = match event.verb() {
        "create" => EventKind::Created,
        "start" => EventKind::Started,
        "kill" => EventKind::Killed { signal: number("signal").unwrap_or(15) },
        "stop" => EventKind::Stopped,
        "oom" => EventKind::OutOfMemory,
        "die" => EventKind::Died { exit_code: event.exit_code().unwrap_or(0) },
        "pause" => EventKind::Paused,
        "unpause" => EventKind::Unpaused,
        "restart" => EventKind::Restarted,
        "rename" => EventKind::Renamed,
        "destroy" => EventKind::Destroyed,
        "health_status" => EventKind::Health(HealthStatus::parse(event.value()?)?),
        _ => return None,
    };
    let text = |name: &str| event.attributes.get(name).cloned().unwrap_or_default();
    Some(Event {
        time: event.time.at(),
        kind,
        container: event.id.clone(),
        name: text("name"),
        image: text("image"),
        labels: event.attributes.clone(),
    })
}

/// The status as it is judged. A word that this program does not know is taken for a dead container: nothing good may be
/// said of it.
#[must_use]
pub const fn container_status(status: ContainerStatus) -> Status {
    match status {
        ContainerStatus::Created => Status::Created,
        ContainerStatus::Running => Status::Running,
        ContainerStatus::Paused => Status::Paused,
        ContainerStatus::Restarting => Status::Restarting,
        ContainerStatus::Removing => Status::Removing,
        ContainerStatus::Exited => Status::Exited,
        ContainerStatus::Dead | ContainerStatus::Unknown => Status::Dead,
    }
}

fn policy(policy: &engine::RestartPolicy) -> RestartPolicy {
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
    let probe = |probe: &engine::HealthProbe| {
        let start = probe.start?;
        Some(Probe { start, end: probe.end.unwrap_or(start), exit_code: probe.exit_code, output: probe.output.clone() })
    };
    Health {
        status: match health.status {
            engine::HealthStatus::Starting => HealthStatus::Starting,
            engine::HealthStatus::Healthy => HealthStatus::Healthy,
            engine::HealthStatus::Unhealthy => HealthStatus::Unhealthy,
        },
        failing_streak: Some(u32::try_from(health.failing_streak).unwrap_or(u32::MAX)),
        log: health.probes.iter().filter_map(probe).collect(),
    }
}

/// The timings of a check; `None` when it is switched off.
#[must_use]
pub fn timings(check: &HealthCheck) -> Option<CheckTimings> {
    if check.test.first().is_none_or(|word| word == "NONE") {
        return None;
    }
    let own = CheckTimings::default();
    let length = |time: Option<std::time::Duration>| time.and_then(|time| TimeDelta::from_std(time).ok());
    Some(CheckTimings {
        interval: length(check.interval).unwrap_or(own.interval),
        timeout: length(check.timeout).unwrap_or(own.timeout),
        retries: check.retries.map_or(own.retries, |retries| u32::try_from(retries).unwrap_or(u32::MAX)),
        start_period: length(check.start_period).unwrap_or(own.start_period),
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::sys::engine::{ContainerState, EventTime, Labels};

    fn told(action: &str, attributes: &[(&str, &str)]) -> Option<EventKind> {
        let attributes: Labels = attributes.iter().map(|(key, value)| ((*key).into(), (*value).into())).collect();
        let told = engine::Event {
            subject: EventSubject::Container,
            action: action.into(),
            id: "c1".into(),
            attributes,
            time: EventTime(7),
        };
        event(&told).map(|event| event.kind)
    }

    #[test]
    fn values_in_the_action_and_in_attributes_are_read() {
        assert_eq!(told("health_status: unhealthy", &[]), Some(EventKind::Health(HealthStatus::Unhealthy)));
        assert_eq!(told("kill", &[("signal", "9")]), Some(EventKind::Killed { signal: 9 }));
        assert_eq!(told("die", &[("exitCode", "137")]), Some(EventKind::Died { exit_code: 137 }));
        assert_eq!(told("exec_die", &[("exitCode", "1")]), None);
    }

    #[test]
    fn a_check_that_is_off_has_no_timings_and_a_bare_one_the_engines_own() {
        let check = |words: &[&str]| HealthCheck {
            test: words.iter().map(|word| (*word).to_owned()).collect(),
            interval: Some(Duration::from_secs(5)),
            ..HealthCheck::default()
        };
        assert_eq!(timings(&check(&["NONE"])), None);
        let found = timings(&check(&["CMD", "true"])).unwrap_or_default();
        assert_eq!((found.interval, found.retries), (TimeDelta::seconds(5), 3));
    }

    #[test]
    fn identity_and_policy_are_taken_over() {
        let detail = ContainerDetail {
            labels: [("com.docker.compose.service".to_owned(), "bus".to_owned())].into(),
            restart_policy: engine::RestartPolicy { name: "on-failure".into(), maximum_retries: 0 },
            state: ContainerState { status: ContainerStatus::Exited, exit_code: 3, ..ContainerState::default() },
            ..ContainerDetail::default()
        };
        let seen = container(&detail);
        assert_eq!(seen.service.as_deref(), Some("bus"));
        assert_eq!((seen.restart_policy, seen.exit_code), (RestartPolicy::OnFailure(None), 3));
    }
}
