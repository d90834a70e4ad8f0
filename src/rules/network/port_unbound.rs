// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `port-unbound`: a port that is published on every address of the host.

use super::super::{Context, FixSafety, Persona, Rule, RuleMeta};
use super::namespace::voids_ports;
use crate::compose::model::{HostAddress, Port, PortRange, Protocol};
use crate::diag::{Diagnostic, Level};

pub(super) const RULE: Rule = Rule { meta: &META, check };

static META: RuleMeta = RuleMeta {
    name: "port-unbound",
    summary: "a port is published on every address of the host",
    why: "Without an address, or with `0.0.0.0` or `::`, the engine opens the port on every interface, past most host \
          firewalls. Speech and model servers of a home stack ask for no password.\n\n\
          A bare container port (`\"8080\"`) is published too, on a port that the engine picks. Where other machines \
          must reach the port, name the address that they use, or allow it with the reason.",
    bad: "services:\n  model:\n    image: ollama/ollama:0.35.1\n    ports:\n      - \"11434:11434\"\n",
    good: "services:\n  model:\n    image: ollama/ollama:0.35.1\n    ports:\n      - \"127.0.0.1:11434:11434\"\n",
    sections: &[15, 19],
    level: Level::Warning,
    persona: Persona::Default,
    since: "0.1.0",
    // Binding to loopback would silently cut off whoever uses the port from outside.
    fix: FixSafety::None,
    needs: &[],
    absence: false,
};

fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for service in context.project.services.iter().filter(|service| service.has_container() && !voids_ports(service)) {
        let mut before = None;
        for port in &service.ports {
            let addresses = match port.host {
                HostAddress::Unspecified => "every address",
                HostAddress::Wildcard(address) if address.is_ipv4() => "every IPv4 address",
                HostAddress::Wildcard(_) => "every IPv6 address",
                HostAddress::Address(_) => continue,
            };
            // A range in short form is several ports of one entry.
            if before.replace(port.span) == Some(port.span) {
                continue;
            }
            let shown = shown(port);
            findings.push(
                META.finding(
                    port.span,
                    format!("{}.ports.{}:{shown}", service.path(), published(port)),
                    format!("port {shown} of service `{}` is published on {addresses} of the host", service.name.value),
                )
                .hint(hint(port)),
            );
        }
    }
}

fn shown(port: &Port) -> String {
    let protocol = match &port.protocol {
        Protocol::Tcp => "tcp",
        Protocol::Udp => "udp",
        Protocol::Other(other) => other,
    };
    match port.target {
        Some(target) => format!("{target}/{protocol}"),
        None => protocol.to_owned(),
    }
}

fn published(port: &Port) -> String {
    match port.published {
        Some(PortRange { first, last }) if first != last => format!("{first}-{last}"),
        Some(PortRange { first, .. }) => first.to_string(),
        None => String::new(),
    }
}

fn hint(port: &Port) -> String {
    let target = port.target.map(|target| target.to_string()).unwrap_or_default();
    let protocol = match &port.protocol {
        Protocol::Tcp => String::new(),
        Protocol::Udp => "/udp".to_owned(),
        Protocol::Other(other) => format!("/{other}"),
    };
    format!(
        "name the address, as in `127.0.0.1:{}:{target}{protocol}`; services of this project need no published port to reach \
         each other",
        published(port)
    )
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{diagnostics, holds, places};
    use super::RULE;

    #[test]
    fn fixtures_and_examples() {
        holds(
            &RULE,
            include_str!("../../../fixtures/rules/port-unbound/fail.yml"),
            include_str!("../../../fixtures/rules/port-unbound/pass.yml"),
        );
    }

    #[test]
    fn a_wildcard_in_any_spelling_is_no_address() {
        let yaml = "services: {a: {ports: ['0.0.0.0:81:81', '[::]:82:82', '[0:0::0]:83:83', 8080, \
                    {target: 84, published: 84, host_ip: '::'}]}}";
        assert_eq!(places(&RULE, yaml).len(), 5);
    }

    #[test]
    fn a_named_address_of_either_family_passes() {
        let yaml = "services: {a: {ports: ['127.0.0.1:81:81', '[::1]:82:82', '192.168.1.5:83:83']}}";
        assert!(places(&RULE, yaml).is_empty());
    }

    #[test]
    fn a_range_is_one_finding() {
        assert_eq!(
            places(&RULE, "services: {a: {ports: ['8000-8002:8000-8002']}}"),
            ["warning: '8000-8002:8000-8002'"]
        );
    }

    #[test]
    fn the_hint_keeps_the_protocol() {
        let (found, _) = diagnostics(&RULE, "services: {a: {ports: ['443:443/udp']}}");
        assert!(found[0].hint.as_deref().is_some_and(|hint| hint.contains("`127.0.0.1:443:443/udp`")));
    }

    #[test]
    fn modes_without_publishing_are_another_rule() {
        let yaml = "services: {a: {network_mode: host, ports: ['80:80']}, b: {network_mode: 'service:a', ports: [81]}}";
        assert!(places(&RULE, yaml).is_empty());
    }

    #[test]
    fn an_exposed_port_is_not_published() {
        assert!(places(&RULE, "services: {a: {expose: [80]}}").is_empty());
    }
}
