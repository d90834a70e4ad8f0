// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What the compose file asks of a service, as far as health needs it.
//!
//! Limits: built from the file and the catalog; an image that the catalog does not know is not taken for a job.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::{Catalog, HealthcheckKnowledge, KnownService};
use crate::compose::model::{Condition, EnvVar, Healthcheck, NetworkMode, Project, Service};
use crate::compose::{Node, Value};

/// What Compose writes of the dependencies of a service: `name:condition:restart`, separated by commas.
const DEPENDS_ON_LABEL: &str = "com.docker.compose.depends_on";

/// A service that another one needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// Its name.
    pub service: String,
    /// What is waited for before the start.
    pub condition: Condition,
    /// Whether the one that needs it lives in its namespaces (`network_mode`, `ipc` or `pid` with `service:`), and must
    /// therefore be restarted after it.
    pub shares_namespace: bool,
    /// `restart: true`: to be restarted after it. Compose does so only for its own restarts, never for the engine's.
    pub restart: bool,
    /// `required`: whether it may be missing.
    pub required: bool,
}

/// One service of the compose file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "four independent answers of the file, each with its own name")]
pub struct Definition {
    /// The name.
    pub name: String,
    /// The image as the file gives it.
    pub image: Option<String>,
    /// Whether it has a health check: of its own, or surely one of its image.
    pub has_check: bool,
    /// Whether the file switches health checking off.
    pub check_disabled: bool,
    /// Whether it is meant to end.
    pub one_shot: bool,
    /// Whether a container is expected: it has one at all, its profile is active, and it is not scaled to none.
    pub expected: bool,
    /// Its profiles.
    pub profiles: Vec<String>,
    /// What it needs.
    pub needs: Vec<Need>,
    /// Its labels.
    pub labels: BTreeMap<String, String>,
    /// The environment that the file sets, by name; what is taken over from the shell is left out. May hold secrets.
    pub environment: BTreeMap<String, String>,
    /// The memory limit as the file has it, such as `512m`.
    pub memory_limit: Option<String>,
}

/// The definitions of all services of `project`, by name. A service without profiles, or with one that `is_active` says
/// yes to, is expected to have a container.
#[must_use]
pub fn definitions(
    project: &Project,
    catalog: Catalog,
    is_active: impl Fn(&str) -> bool,
) -> BTreeMap<String, Definition> {
    let awaited: BTreeSet<&str> = project
        .services
        .iter()
        .flat_map(|service| &service.depends_on)
        .filter(|edge| edge.condition.value == Condition::Completed)
        .map(|edge| edge.service.value.as_str())
        .collect();
    let one = |service: &Service| {
        let known = known(service, catalog);
        let check = service.healthcheck.as_ref();
        let check_disabled = check.is_some_and(Healthcheck::is_disabled);
        let image_checks = known.is_some_and(|known| matches!(known.image_check(), HealthcheckKnowledge::Present(_)));
        let profiles: Vec<String> = service.profiles.iter().map(|profile| profile.value.clone()).collect();
        let active = profiles.is_empty() || profiles.iter().any(|profile| is_active(profile));
        let name = service.name.value.clone();
        Definition {
            image: service.image.as_ref().map(|image| image.value.clone()),
            has_check: !check_disabled && (image_checks || check.is_some_and(Healthcheck::defines_test)),
            check_disabled,
            one_shot: awaited.contains(name.as_str())
                || is_job(service)
                || known.is_some_and(KnownService::is_one_shot),
            expected: service.has_container() && active && !is_scaled_to_none(service),
            profiles,
            needs: needs(service),
            labels: labels(service),
            environment: environment(service),
            memory_limit: memory_limit(service),
            name,
        }
    };
    project.services.iter().map(one).map(|definition| (definition.name.clone(), definition)).collect()
}

/// What the catalog has of the image. An image that is built here may be called like a known one, and is not it.
fn known(service: &Service, catalog: Catalog) -> Option<&'static KnownService> {
    if service.build.is_some() {
        return None;
    }
    catalog.find_text(&service.image.as_ref()?.value)
}

/// Without what depends on the shell: there, another value means no change of the file.
fn environment(service: &Service) -> BTreeMap<String, String> {
    let fixed = service.environment.iter().filter(|variable| variable.template.is_none());
    fixed.filter_map(|variable| Some((variable.name.value.clone(), variable.value.as_ref()?.value.clone()))).collect()
}

fn labels(service: &Service) -> BTreeMap<String, String> {
    let pair = |label: &EnvVar| {
        let value = label.value.as_ref().map(|value| value.value.clone()).unwrap_or_default();
        (label.name.value.clone(), value)
    };
    service.labels.iter().map(pair).collect()
}

fn is_job(service: &Service) -> bool {
    let mode = service.deploy.as_ref().and_then(|deploy| deploy.get("mode")).and_then(Node::as_str);
    mode.is_some_and(|mode| mode.ends_with("-job"))
}

fn is_scaled_to_none(service: &Service) -> bool {
    let scale = service.node.get("scale").or_else(|| service.node.at(&["deploy", "replicas"]));
    scale.is_some_and(|node| match &node.value {
        Value::Int(count) => *count == 0,
        Value::Str(text) => text.trim() == "0",
        _ => false,
    })
}

fn memory_limit(service: &Service) -> Option<String> {
    let node =
        service.node.at(&["deploy", "resources", "limits", "memory"]).or_else(|| service.node.get("mem_limit"))?;
    match &node.value {
        Value::Int(bytes) if *bytes > 0 => Some(format!("{bytes} bytes")),
        Value::Str(text) if text != "0" => Some(text.clone()),
        _ => None,
    }
}

fn needs(service: &Service) -> Vec<Need> {
    let mut needs: Vec<Need> = Vec::new();
    for edge in &service.depends_on {
        let name = edge.service.value.as_str();
        let restart = service.node.at(&["depends_on", name, "restart"]);
        needs.push(Need {
            service: name.to_owned(),
            condition: edge.condition.value,
            shares_namespace: shares_namespace(service, name),
            restart: restart.is_some_and(|node| node.value == Value::Bool(true)),
            required: edge.required,
        });
    }
    needs
}

/// What a container needs by the label that Compose gave it, where no file says it. Compose writes a dependency for each
/// namespace that is shared too, always with `restart`; which kind it is does not stand there.
#[must_use]
pub fn labelled_needs(labels: &BTreeMap<String, String>) -> Vec<Need> {
    let entries = labels.get(DEPENDS_ON_LABEL).into_iter().flat_map(|label| label.split(','));
    let need = |entry: &str| {
        let mut parts = entry.split(':');
        let service = parts.next().filter(|name| !name.is_empty())?.to_owned();
        let condition = match parts.next() {
            Some("service_healthy") => Condition::Healthy,
            Some("service_completed_successfully") => Condition::Completed,
            _ => Condition::Started,
        };
        let restart = parts.next() == Some("true");
        Some(Need { service, condition, shares_namespace: false, restart, required: true })
    };
    entries.filter_map(need).collect()
}

fn shares_namespace(service: &Service, other: &str) -> bool {
    let network = service.network_mode.as_ref().map(|mode| &mode.value);
    let by_key = |key: &str| {
        let text = service.node.get(key).and_then(Node::as_str);
        text.and_then(|text| text.strip_prefix("service:")) == Some(other)
    };
    matches!(network, Some(NetworkMode::Service(name)) if name == other) || by_key("ipc") || by_key("pid")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::project;

    fn read(yaml: &str) -> BTreeMap<String, Definition> {
        definitions(&project(yaml).0, Catalog::embedded(), |profile| profile == "gpu")
    }

    #[test]
    fn a_service_that_others_await_completed_is_meant_to_end() {
        let all = read(
            "services:\n  init:\n    image: busybox:1.37.0\n  web:\n    image: nginx:1.29.2\n    depends_on:\n      init:\n        condition: service_completed_successfully\n",
        );
        assert!(all["init"].one_shot);
        assert!(!all["web"].one_shot);
        assert_eq!(all["web"].needs[0].condition, Condition::Completed);
    }

    #[test]
    fn profiles_and_scale_decide_whether_a_container_is_expected() {
        let all = read(
            "services:\n  on:\n    image: a:1\n    profiles: [gpu]\n  off:\n    image: a:1\n    profiles: [debug]\n  none:\n    image: a:1\n    scale: 0\n  plain:\n    image: a:1\n",
        );
        let expected: Vec<&str> = all.values().filter(|one| one.expected).map(|one| one.name.as_str()).collect();
        assert_eq!(expected, ["on", "plain"]);
    }

    #[test]
    fn shared_namespaces_and_restart_are_read() {
        let all = read(
            "services:\n  vpn:\n    image: a:1\n  db:\n    image: b:1\n  app:\n    image: c:1\n    network_mode: service:vpn\n    depends_on:\n      db:\n        condition: service_started\n        restart: true\n",
        );
        let needs = &all["app"].needs;
        let of = |name: &str| {
            needs.iter().find(|need| need.service == name).map(|need| (need.shares_namespace, need.restart))
        };
        assert_eq!((of("vpn"), of("db")), (Some((true, false)), Some((false, true))));
    }

    #[test]
    fn needs_are_read_from_the_label_of_compose() {
        let labels = [(
            DEPENDS_ON_LABEL.to_owned(),
            "db:service_healthy:true,init:service_completed_successfully:false,,x".to_owned(),
        )];
        let needs = labelled_needs(&labels.into());
        let short: Vec<_> = needs.iter().map(|need| (need.service.as_str(), need.condition, need.restart)).collect();
        let expected =
            [("db", Condition::Healthy, true), ("init", Condition::Completed, false), ("x", Condition::Started, false)];
        assert_eq!(short, expected);
        assert!(labelled_needs(&BTreeMap::new()).is_empty());
    }

    #[test]
    fn a_check_may_come_from_the_file_or_be_switched_off() {
        let all = read(
            "services:\n  own:\n    image: a:1\n    healthcheck:\n      test: [CMD, x]\n  off:\n    image: a:1\n    healthcheck:\n      disable: true\n    mem_limit: 512m\n",
        );
        assert!(all["own"].has_check && !all["own"].check_disabled);
        assert!(!all["off"].has_check && all["off"].check_disabled);
        assert!(all["off"].memory_limit.is_some());
    }
}
