// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `network-mode-host`: a service inside the host's network.

use super::super::{Context, FixSafety, Persona, Rule, RuleMeta};
use crate::compose::model::NetworkMode;
use crate::diag::{Diagnostic, Level};

pub(super) const RULE: Rule = Rule { meta: &META, check };

static META: RuleMeta = RuleMeta {
    name: "network-mode-host",
    summary: "a service shares the network of the host",
    why: "With `network_mode: host` every port that the process opens is open on the host, it reaches everything that \
          listens on the host's loopback, and no network of the project contains it. Peers cannot find it by name.\n\n\
          Discovery in the local network (mDNS and the like) can need it: then allow it, with that reason.",
    bad: "services:\n  bus:\n    image: smartgic/ovos-messagebus:stable-20260921\n    network_mode: host\n",
    good: "services:\n  bus:\n    image: smartgic/ovos-messagebus:stable-20260921\n    networks:\n      - voice\n\
           networks:\n  voice:\n",
    sections: &[19],
    level: Level::Warning,
    persona: Persona::Default,
    since: "0.1.0",
    fix: FixSafety::None,
    needs: &[],
    absence: false,
};

fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for service in context.project.services.iter().filter(|service| service.has_container()) {
        let Some(mode) = service.network_mode.as_ref().filter(|mode| mode.value == NetworkMode::Host) else { continue };
        findings.push(
            META.finding(
                mode.span,
                format!("{}.network_mode", service.path()),
                format!("service `{}` shares the network of the host", service.name.value),
            )
            .hint("join a network of the project and publish only the ports that are needed outside"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{holds, places};
    use super::RULE;

    #[test]
    fn fixtures_and_examples() {
        holds(
            &RULE,
            include_str!("../../../fixtures/rules/network-mode-host/fail.yml"),
            include_str!("../../../fixtures/rules/network-mode-host/pass.yml"),
        );
    }

    #[test]
    fn only_the_word_host_counts() {
        let yaml = "services: {a: {network_mode: host}, b: {network_mode: none}, c: {network_mode: bridge}, \
                    d: {network_mode: 'service:a'}}";
        assert_eq!(places(&RULE, yaml), ["warning: host"]);
    }
}
