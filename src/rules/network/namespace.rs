// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Whose network a service really uses, and which ports are open in it.

use std::collections::{BTreeMap, BTreeSet};

use crate::compose::model::{NetworkMode, Project, Service};

/// Whether the service's network mode makes its `ports` void.
pub(super) fn voids_ports(service: &Service) -> bool {
    service.network_mode.as_ref().is_some_and(|mode| !matches!(mode.value, NetworkMode::Other(_)))
}

/// Which services listen on which port.
#[derive(Debug, Default)]
pub(super) struct Listeners<'a> {
    by_port: BTreeMap<u16, Vec<&'a Service>>,
    shared: BTreeMap<&'a str, BTreeSet<&'a str>>,
}

impl<'a> Listeners<'a> {
    /// Collects the container side of `ports` and `expose` of all services. `extra` adds the ports that are known of a
    /// service from elsewhere.
    pub(super) fn of(project: &'a Project, extra: impl Fn(&Service) -> Vec<u16>) -> Self {
        let mut listeners = Self::default();
        for service in project.services.iter().filter(|service| service.has_container()) {
            let mut ports: BTreeSet<u16> = service.ports.iter().filter_map(|port| port.target).collect();
            for entry in &service.expose {
                ports.extend(exposed(&entry.value));
            }
            ports.extend(extra(service));
            for port in ports {
                listeners.by_port.entry(port).or_default().push(service);
            }
            let owner = network_owner(project, service);
            listeners.shared.entry(owner).or_default().insert(&service.name.value);
        }
        listeners
    }

    /// The services that listen on `port` in another network than that of `service`; empty when `service`, or one that
    /// shares its network, listens there itself.
    pub(super) fn elsewhere(&self, service: &Service, port: u16) -> Vec<&'a Service> {
        let name = service.name.value.as_str();
        let near = self.shared.values().find(|group| group.contains(name));
        let is_near = |other: &Service| near.is_some_and(|group| group.contains(other.name.value.as_str()));
        let all = self.by_port.get(&port).map(Vec::as_slice).unwrap_or_default();
        if all.iter().any(|other| is_near(other)) { Vec::new() } else { all.to_vec() }
    }
}

/// The service whose network `service` uses, after following `network_mode: service:` to its end.
fn network_owner<'a>(project: &'a Project, service: &'a Service) -> &'a str {
    let mut owner = service;
    // A loop is refused elsewhere; no chain can be longer than the list of services.
    for _ in 0..project.services.len() {
        let Some(NetworkMode::Service(name)) = owner.network_mode.as_ref().map(|mode| &mode.value) else { break };
        let Some(next) = project.service(name) else { break };
        owner = next;
    }
    &owner.name.value
}

/// The ports of an `expose` entry: `80`, `80/tcp` or `80-82`.
fn exposed(entry: &str) -> std::ops::RangeInclusive<u16> {
    let ports = entry.split('/').next().unwrap_or_default();
    let (first, last) = ports.split_once('-').unwrap_or((ports, ports));
    match (first.trim().parse(), last.trim().parse()) {
        (Ok(first), Ok(last)) => first..=last,
        // Compose does not check the text of `expose`; what is no port owns none.
        _ => std::ops::RangeInclusive::new(1, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::project;
    use super::*;

    fn owners(yaml: &str, service: &str, port: u16) -> Vec<String> {
        let (project, _) = project(yaml);
        let listeners = Listeners::of(&project, |_| Vec::new());
        let from = project.service(service).map(|service| listeners.elsewhere(service, port)).unwrap_or_default();
        from.iter().map(|service| service.name.value.clone()).collect()
    }

    #[test]
    fn container_side_and_expose_are_owned() {
        let yaml = "services: {a: {}, b: {ports: ['8080:11434']}, c: {expose: [5432/tcp, '7000-7002', x]}}";
        assert_eq!(owners(yaml, "a", 11434), ["b"]);
        assert_eq!(owners(yaml, "a", 8080), [""; 0]);
        assert_eq!(owners(yaml, "a", 5432), ["c"]);
        assert_eq!(owners(yaml, "a", 7001), ["c"]);
    }

    #[test]
    fn an_own_port_and_a_shared_network_are_near() {
        let yaml = "services: {a: {expose: [80]}, b: {expose: [80, 81]}, c: {network_mode: 'service:b'}}";
        assert_eq!(owners(yaml, "a", 80), [""; 0]);
        assert_eq!(owners(yaml, "c", 81), [""; 0]);
        assert_eq!(owners(yaml, "a", 81), ["b"]);
    }
}
