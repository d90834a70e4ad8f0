// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The topics, and names made fit for them.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

/// Where Home Assistant says that it has started.
pub(super) const HOME_ASSISTANT_BIRTH: &str = "homeassistant/status";
/// The health of all services, whoever tells it.
pub(super) const ALL_HEALTH: &str = "system/health/+";
/// Our own name there; no service may have it.
pub(super) const OWN: &str = "stackctl";

const HEALTH: &str = "system/health/";

/// A name as one level of a topic: what divides levels, stands for others, or steers becomes `_`.
pub(super) fn level(name: &str) -> String {
    let fit = |letter: char| if letter.is_control() || "+#/".contains(letter) { '_' } else { letter };
    if name.is_empty() { "_".to_owned() } else { name.chars().map(fit).collect() }
}

/// A name as Home Assistant takes it in a topic.
fn id(name: &str) -> String {
    name.chars().map(|letter| if letter.is_ascii_alphanumeric() || letter == '-' { letter } else { '_' }).collect()
}

/// The short topic of a service's health.
pub(super) fn health(service: &str) -> String {
    format!("{HEALTH}{}", level(service))
}

/// The service of a short topic.
pub(super) fn service_of(topic: &str) -> Option<&str> {
    topic.strip_prefix(HEALTH)
}

/// The topics of one supervisor.
#[derive(Debug, Clone)]
pub(super) struct OwnTopics {
    base: String,
}

impl OwnTopics {
    /// `name` is no other supervisor's: the last word of two under one topic would be nobody's.
    pub(super) fn new(name: &str) -> Self {
        Self { base: format!("stackctl/{}", level(name)) }
    }

    /// All of them.
    pub(super) fn all(&self) -> String {
        format!("{}/#", self.base)
    }

    /// Whether a supervisor is there.
    pub(super) fn status(&self) -> String {
        format!("{}/status", self.base)
    }

    /// Comes back to us once everything before it has.
    pub(super) fn echo(&self) -> String {
        format!("{}/echo", self.base)
    }

    /// A test, kept by nobody.
    pub(super) fn test(&self) -> String {
        format!("{}/test", self.base)
    }

    /// How an operation on a project ended last. Three levels deep, so that no project's services can meet it.
    pub(super) fn operation(&self, project: &str, verb: &str) -> String {
        format!("{}/{}/operation/{}", self.base, level(project), level(verb))
    }

    /// What we said last under a service's short topic. Five levels deep, so that no project's services can meet it.
    pub(super) fn owned(&self, service: &str) -> String {
        format!("{}/owned/{HEALTH}{}", self.base, level(service))
    }

    /// The service that this is [`Self::owned`] of.
    pub(super) fn owned_service<'t>(&self, topic: &'t str) -> Option<&'t str> {
        topic.strip_prefix(&self.base)?.strip_prefix("/owned/").and_then(service_of)
    }

    /// All about a service.
    pub(super) fn detail(&self, project: &str, service: &str) -> String {
        format!("{}/{}/{}", self.base, level(project), level(service))
    }

    /// Whether a topic is a [`Self::detail`].
    pub(super) fn is_detail(&self, topic: &str) -> bool {
        let rest = topic.strip_prefix(&self.base).and_then(|rest| rest.strip_prefix('/'));
        rest.is_some_and(|rest| rest.split('/').count() == 2)
    }
}

/// The id of a service for Home Assistant: of project and service, so that it outlives its containers; and of the name that
/// a supervisor was given, so that two may tell of services that are called alike.
pub(super) fn unique_id(given: Option<&str>, project: &str, service: &str) -> String {
    let readable = format!("stackctl_{}_{}", id(project), id(service));
    let names: Vec<&str> = given.into_iter().chain([project, service]).collect();
    distinct(readable, given.is_none() && is_plain(project) && is_plain(service), &names)
}

/// The id of a project, as a device of a supervisor.
pub(super) fn device_id(supervisor: &str, project: &str) -> String {
    let readable = format!("stackctl_{}_{}", id(supervisor), id(project));
    distinct(readable, is_plain(supervisor) && is_plain(project), &[supervisor, project])
}

/// Whether a name is the same in an id, and cannot be taken for two.
fn is_plain(name: &str) -> bool {
    name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-')
}

/// An id that no other names have: where the readable one does not say all, the beginning of a digest does.
fn distinct(mut readable: String, says_all: bool, names: &[&str]) -> String {
    if !says_all {
        readable.push('_');
        for byte in Sha256::digest(names.join("\0")).iter().take(4) {
            let _ = write!(readable, "{byte:02x}");
        }
    }
    readable
}

/// Where Home Assistant is told of a service.
pub(super) fn discovery(unique_id: &str) -> String {
    format!("homeassistant/binary_sensor/{unique_id}/config")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_leave_their_level() {
        assert_eq!(health("a/+#\0b"), "system/health/a____b");
        assert_eq!(level(""), "_");
    }

    #[test]
    fn no_two_services_share_an_id() {
        assert_eq!(unique_id(None, "voice", "open-webui"), "stackctl_voice_open-webui");
        let others = [(None, "a", "b_c"), (None, "a_b", "c"), (None, "a", "b.c"), (Some("x"), "a", "b-c")];
        let mut ids: Vec<String> = others.iter().map(|(given, one, two)| unique_id(*given, one, two)).collect();
        assert!(ids.iter().all(|one| one.starts_with("stackctl_a_b") && !one.contains('.')), "{ids:?}");
        ids.extend([unique_id(None, "a", "b-c"), unique_id(Some("y"), "a", "b-c")]);
        let count = ids.len();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), count, "{ids:?}");
        assert_eq!(device_id("lab", "voice"), "stackctl_lab_voice");
        assert_ne!(device_id("a", "b_c"), device_id("a_b", "c"));
    }

    #[test]
    fn topics_of_one_supervisor_are_told_apart() {
        let host = OwnTopics::new("lab/1");
        assert_eq!(host.status(), "stackctl/lab_1/status");
        assert_eq!(host.owned("bus"), "stackctl/lab_1/owned/system/health/bus");
        assert_eq!(host.owned_service(&host.owned("bus")), Some("bus"));
        assert!(host.is_detail(&host.detail("owned", "bus")));
        assert!(!host.is_detail(&host.owned("bus")) && !host.is_detail(&host.status()));
        assert!(!host.is_detail("stackctl/lab_12/a/b"));
    }
}
