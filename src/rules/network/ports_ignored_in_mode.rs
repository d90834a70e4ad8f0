// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `ports-ignored-in-mode`: published ports that the network mode makes void.

use super::super::{Context, FixSafety, Persona, Rule, RuleMeta};
use super::namespace::voids_ports;
use crate::compose::model::NetworkMode;
use crate::diag::{Diagnostic, Level};

pub(super) const RULE: Rule = Rule { meta: &META, check };

static META: RuleMeta = RuleMeta {
    name: "ports-ignored-in-mode",
    summary: "a service publishes ports in a network mode where nothing is published",
    why: "Compose accepts `ports` beside `network_mode: host`, `none`, `service:` or `container:`, but the mapping has \
          no effect: on the host's network the process listens where it wants, and in another container's network \
          only that container can publish. The file then promises a door that is not there.",
    bad: "services:\n  bus:\n    image: smartgic/ovos-messagebus:stable-20260921\n    network_mode: host\n    ports:\n      \
          - \"127.0.0.1:8181:8181\"\n",
    good: "services:\n  bus:\n    image: smartgic/ovos-messagebus:stable-20260921\n    network_mode: host\n",
    sections: &[19],
    level: Level::Warning,
    persona: Persona::Default,
    since: "0.1.0",
    fix: FixSafety::None,
    needs: &[],
    absence: false,
};

fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for service in context.project.services.iter().filter(|service| service.has_container() && voids_ports(service)) {
        let (Some(mode), Some(first)) = (&service.network_mode, service.ports.first()) else { continue };
        let hint = match &mode.value {
            NetworkMode::Service(other) => format!("publish them on service `{other}`, whose network this one uses"),
            NetworkMode::Container(other) => {
                format!("publish them on container `{other}`, whose network this one uses")
            }
            _ => "remove `ports`, or join a network of the project instead".to_owned(),
        };
        let message = format!("the ports of service `{}` are not published in its network mode", service.name.value);
        findings.push(
            META.finding(service.key_span("ports").unwrap_or(first.span), format!("{}.ports", service.path()), message)
                .related(mode.span, "because of this mode")
                .hint(hint),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{diagnostics, holds, places};
    use super::RULE;

    #[test]
    fn fixtures_and_examples() {
        holds(
            &RULE,
            include_str!("../../../fixtures/rules/ports-ignored-in-mode/fail.yml"),
            include_str!("../../../fixtures/rules/ports-ignored-in-mode/pass.yml"),
        );
    }

    #[test]
    fn one_finding_a_service_at_the_key_with_the_mode_beside_it() {
        let yaml = "services: {a: {network_mode: 'service:vpn', ports: ['80:80', '81:81']}, vpn: {}}";
        let (found, sources) = diagnostics(&RULE, yaml);
        assert_eq!(found.len(), 1);
        assert_eq!(sources.slice(found[0].primary.span), "ports");
        assert_eq!(sources.slice(found[0].related[0].span), "'service:vpn'");
        assert!(found[0].hint.as_deref().is_some_and(|hint| hint.contains("`vpn`")));
    }

    #[test]
    fn a_bridge_publishes_and_an_empty_list_promises_nothing() {
        let yaml = "services: {a: {network_mode: bridge, ports: ['80:80']}, b: {network_mode: host, ports: []}}";
        assert!(places(&RULE, yaml).is_empty());
    }
}
