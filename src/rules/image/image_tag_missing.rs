// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `image-tag-missing`: an image without a tag and without a digest.

use super::super::{Context, FixSafety, Persona, Rule, RuleMeta};
use super::judged::images;
use crate::diag::{Diagnostic, Level};

pub(super) const RULE: Rule = Rule { meta: &META, check };

static META: RuleMeta = RuleMeta {
    name: "image-tag-missing",
    summary: "an image is named without a tag and without a digest",
    why: "Without a tag the engine takes `latest`. What runs then depends on the day of the last pull, differs between \
          two machines, and cannot be brought back after an update that went wrong.",
    bad: "services:\n  broker:\n    image: eclipse-mosquitto\n",
    good: "services:\n  broker:\n    image: eclipse-mosquitto:2.0.22\n",
    sections: &[5],
    level: Level::Error,
    persona: Persona::Default,
    since: "0.1.0",
    fix: FixSafety::None,
    needs: &[],
    absence: false,
};

fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for judged in images(context) {
        let has_tag = judged.reference.tag.as_ref().is_some_and(|(tag, _)| !tag.is_empty());
        if has_tag || judged.reference.has_digest {
            continue;
        }
        let image = &judged.image.value;
        findings.push(
            META.finding(
                judged.image.span,
                format!("{}.image", judged.service.path()),
                format!("image `{image}` has no tag, so `latest` is taken"),
            )
            .hint(format!("name a version, as in `{}:1.2.3`, or a digest", image.trim_end_matches(':'))),
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
            include_str!("../../../fixtures/rules/image-tag-missing/fail.yml"),
            include_str!("../../../fixtures/rules/image-tag-missing/pass.yml"),
        );
    }

    #[test]
    fn the_port_of_a_registry_is_not_taken_for_a_tag() {
        let yaml = "services: {a: {image: 'host:5000/img'}, b: {image: 'host:5000/img:1'}}";
        assert_eq!(places(&RULE, yaml), ["error: 'host:5000/img'"]);
    }

    #[test]
    fn a_digest_alone_is_enough() {
        assert!(places(&RULE, "services: {a: {image: 'a@sha256:00'}}").is_empty());
    }

    #[test]
    fn images_that_the_project_builds_are_not_judged() {
        let yaml = "services: {a: {image: own, build: .}, b: {image: own}, c: {image: other}}";
        assert_eq!(places(&RULE, yaml), ["error: other"]);
    }

    #[test]
    fn an_unset_variable_is_left_to_its_own_rule() {
        assert!(places(&RULE, "services: {a: {image: \"a:${TAG}\"}, b: {image: \"${IMAGE}\"}}").is_empty());
    }

    #[test]
    fn a_default_without_a_tag_is_judged_as_it_resolves() {
        let yaml = "services:\n  a:\n    image: ${IMAGE:-nginx}\n";
        assert_eq!(places(&RULE, yaml), ["error: ${IMAGE:-nginx}"]);
    }

    #[test]
    fn a_provider_runs_no_image() {
        assert!(places(&RULE, "services: {a: {image: a, provider: {type: model}}}").is_empty());
    }
}
