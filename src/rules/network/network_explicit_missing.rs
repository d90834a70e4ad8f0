// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `network-explicit-missing`: a service on the network that nobody chose.

use super::super::{Context, FixSafety, Persona, Rule, RuleMeta};
use crate::diag::{Diagnostic, Level};

pub(super) const RULE: Rule = Rule { meta: &META, check };

static META: RuleMeta = RuleMeta {
    name: "network-explicit-missing",
    summary: "a service names no network",
    why: "Compose puts such a service on the project's `default` bridge, where every other service without a choice is \
          too: a database beside the service that faces the world. Named networks say who may talk to whom.\n\n\
          Settings for `default` under the top-level `networks` count as a choice, and so does a `network_mode`.",
    bad: "services:\n  bus:\n    image: smartgic/ovos-messagebus:stable-20260921\n",
    good: "services:\n  bus:\n    image: smartgic/ovos-messagebus:stable-20260921\n    networks:\n      - voice\n\
           networks:\n  voice:\n",
    sections: &[19],
    level: Level::Warning,
    persona: Persona::Default,
    since: "0.1.0",
    fix: FixSafety::None,
    needs: &[],
    absence: true,
};

fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let configures_default =
        context.project.networks.iter().any(|network| network.name.value == "default" && !network.node.is_null());
    if configures_default {
        return;
    }
    for service in &context.project.services {
        let joins = service.networks.as_ref().is_some_and(|networks| !networks.is_empty());
        if joins || service.network_mode.is_some() || !service.has_container() {
            continue;
        }
        findings.push(
            META.finding(
                service.key_span("networks").unwrap_or(service.name.span),
                format!("{}.networks", service.path()),
                format!("service `{}` names no network", service.name.value),
            )
            .hint("declare a network under the top-level `networks` and list it under the service's `networks`"),
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
            include_str!("../../../fixtures/rules/network-explicit-missing/fail.yml"),
            include_str!("../../../fixtures/rules/network-explicit-missing/pass.yml"),
        );
    }

    #[test]
    fn the_service_is_the_place_and_an_empty_list_is_no_choice() {
        let yaml = "services: {a: {image: x}, b: {networks: []}, c: {networks: [n]}}\nnetworks: {n: {}}";
        assert_eq!(places(&RULE, yaml), ["warning: a", "warning: networks"]);
    }

    #[test]
    fn settings_of_the_default_network_are_a_choice() {
        let yaml = "services: {a: {image: x}}\nnetworks: {default: {name: voice}}";
        assert!(places(&RULE, yaml).is_empty());
        assert_eq!(places(&RULE, "services: {a: {image: x}}\nnetworks: {default: }"), ["warning: a"]);
    }

    #[test]
    fn modes_and_providers_need_no_network() {
        let yaml = "services: {a: {network_mode: host}, b: {network_mode: 'service:a'}, c: {provider: {type: model}}}";
        assert!(places(&RULE, yaml).is_empty());
    }
}
