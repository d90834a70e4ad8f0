// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The topics, and names made fit for them.

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

/// The topics of one machine.
#[derive(Debug, Clone)]
pub(super) struct HostTopics {
    base: String,
}

impl HostTopics {
    pub(super) fn new(host: &str) -> Self {
        Self { base: format!("stackctl/{}", level(host)) }
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

/// The id of a service for Home Assistant: of project and service, so that it outlives its containers.
pub(super) fn unique_id(project: &str, service: &str) -> String {
    format!("stackctl_{}_{}", id(project), id(service))
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
        assert_eq!(unique_id("my.project", "a b"), "stackctl_my_project_a_b");
    }

    #[test]
    fn topics_of_one_machine_are_told_apart() {
        let host = HostTopics::new("lab/1");
        assert_eq!(host.status(), "stackctl/lab_1/status");
        assert_eq!(host.owned("bus"), "stackctl/lab_1/owned/system/health/bus");
        assert_eq!(host.owned_service(&host.owned("bus")), Some("bus"));
        assert!(host.is_detail(&host.detail("owned", "bus")));
        assert!(!host.is_detail(&host.owned("bus")) && !host.is_detail(&host.status()));
        assert!(!host.is_detail("stackctl/lab_12/a/b"));
    }
}
