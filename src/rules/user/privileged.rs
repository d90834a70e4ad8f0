// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `privileged`: a container with all powers over the host.

use super::super::{Context, FixSafety, Persona, Rule, RuleMeta};
use crate::diag::{Diagnostic, Level};

pub(super) const RULE: Rule = Rule { meta: &META, check };

static META: RuleMeta = RuleMeta {
    name: "privileged",
    summary: "a service runs privileged",
    why: "`privileged: true` gives the container every capability and every device, and switches off the filters that \
          keep it apart from the host. A process in it can take the machine over.\n\n\
          Sound, cameras and graphics cards need single devices or groups, not this.",
    bad: "services:\n  phal:\n    image: smartgic/ovos-phal:stable-20260921\n    privileged: true\n",
    good: "services:\n  phal:\n    image: smartgic/ovos-phal:stable-20260921\n    devices:\n      - /dev/snd:/dev/snd\n",
    sections: &[15],
    level: Level::Error,
    persona: Persona::Default,
    since: "0.1.0",
    fix: FixSafety::None,
    needs: &[],
    absence: false,
};

fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for service in context.project.services.iter().filter(|service| service.has_container()) {
        let Some(privileged) = service.privileged.as_ref().filter(|privileged| privileged.value) else { continue };
        findings.push(
            META.finding(
                privileged.span,
                format!("{}.privileged", service.path()),
                format!("service `{}` runs with every power over the host", service.name.value),
            )
            .hint("remove it, and give what is needed by `devices`, `cap_add` or `group_add`"),
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
            include_str!("../../../fixtures/rules/privileged/fail.yml"),
            include_str!("../../../fixtures/rules/privileged/pass.yml"),
        );
    }

    #[test]
    fn the_value_is_the_place_and_false_passes() {
        assert_eq!(places(&RULE, "services: {a: {privileged: true}, b: {privileged: false}}"), ["error: true"]);
    }

    #[test]
    fn a_provider_has_no_container_to_be_privileged() {
        assert!(places(&RULE, "services: {a: {privileged: true, provider: {type: model}}}").is_empty());
    }
}
