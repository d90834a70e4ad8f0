// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! From the engine's events to those that the board understands, and which of them are asked for.

use crate::health::event::{Event, EventKind};
use crate::health::observation::HealthStatus;
use crate::sys::engine;

/// The verbs that are asked for. Probes are left out by the engine itself: three events each would drown the rest.
pub(super) const VERBS: [&str; 12] = [
    "create",
    "start",
    "kill",
    "stop",
    "oom",
    "die",
    "pause",
    "unpause",
    "health_status",
    "restart",
    "rename",
    "destroy",
];

/// The event as the board understands it; `None` for others.
pub(super) fn heard(event: &engine::Event) -> Option<Event> {
    if event.subject != engine::EventSubject::Container {
        return None;
    }
    let attribute = |name: &str| event.attributes.get(name);
    let kind = match event.verb() {
        "create" => EventKind::Created,
        "start" => EventKind::Started,
        // Podman may write the name of the signal; what it is then matters less than that somebody sent it.
        "kill" => EventKind::Killed { signal: attribute("signal").and_then(|text| text.parse().ok()).unwrap_or(15) },
        "stop" => EventKind::Stopped,
        "oom" => EventKind::OutOfMemory,
        "die" => EventKind::Died { exit_code: event.exit_code().unwrap_or(0) },
        "pause" => EventKind::Paused,
        "unpause" => EventKind::Unpaused,
        "health_status" => EventKind::Health(event.value().and_then(HealthStatus::parse)?),
        "restart" => EventKind::Restarted,
        "rename" => EventKind::Renamed,
        "destroy" => EventKind::Destroyed,
        _ => return None,
    };
    let of_labels = |name: &str| name.starts_with("com.docker.compose.") || name.starts_with("stackctl.");
    let labels = event.attributes.iter().filter(|(name, _)| of_labels(name));
    Some(Event {
        time: event.time.at(),
        kind,
        container: event.id.clone(),
        name: attribute("name").cloned().unwrap_or_default(),
        image: attribute("image").cloned().unwrap_or_default(),
        labels: labels.map(|(name, value)| (name.clone(), value.clone())).collect(),
    })
}

/// Whether the container is worth a look after this: a signal or a stop says nothing that `die` does not, and what is
/// destroyed cannot be looked at.
pub(super) const fn calls_for_a_look(kind: &EventKind) -> bool {
    !matches!(
        kind,
        EventKind::Killed { .. } | EventKind::Stopped | EventKind::Destroyed | EventKind::Restarted | EventKind::ExecDied { .. }
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sys::engine::{EventSubject, EventTime};

    fn of(action: &str, attributes: &[(&str, &str)]) -> Option<Event> {
        heard(&engine::Event {
            subject: EventSubject::Container,
            action: action.to_owned(),
            id: "c1".to_owned(),
            attributes: attributes.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            time: EventTime(5),
        })
    }

    #[test]
    fn values_stand_in_the_word_or_in_the_attributes() {
        let kind = |action, attributes: &[_]| of(action, attributes).map(|event| event.kind);
        assert_eq!(kind("health_status: unhealthy", &[]), Some(EventKind::Health(HealthStatus::Unhealthy)));
        assert_eq!(kind("die", &[("exitCode", "137")]), Some(EventKind::Died { exit_code: 137 }));
        assert_eq!(kind("kill", &[("signal", "9")]), Some(EventKind::Killed { signal: 9 }));
        assert_eq!(kind("exec_die", &[("exitCode", "1")]), None);
        assert_eq!(kind("health_status: odd", &[]), None);
    }

    #[test]
    fn labels_of_compose_are_kept_and_time_is_exact() {
        let event = of("start", &[("name", "n"), ("image", "i:1"), ("com.docker.compose.service", "web"), ("other", "x")]);
        let event = event.as_ref();
        assert_eq!(event.map(|event| (event.name.as_str(), event.image.as_str())), Some(("n", "i:1")));
        assert_eq!(event.map(|event| event.labels.len()), Some(1));
        assert_eq!(event.and_then(|event| event.time.timestamp_nanos_opt()), Some(5));
    }

    #[test]
    fn every_verb_that_is_asked_for_is_understood() {
        for verb in VERBS {
            let action = if verb == "health_status" { "health_status: healthy" } else { verb };
            assert!(of(action, &[]).is_some(), "{verb}");
        }
    }
}
