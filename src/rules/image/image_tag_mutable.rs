// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `image-tag-mutable`: a tag that is moved from image to image by design.

use super::super::{Context, FixSafety, Persona, Rule, RuleMeta};
use super::judged::images;
use super::reference::is_moving;
use crate::diag::{Diagnostic, Level};

pub(super) const RULE: Rule = Rule { meta: &META, check };

static META: RuleMeta = RuleMeta {
    name: "image-tag-mutable",
    summary: "an image has a tag that is moved to newer images",
    why: "A tag such as `latest`, `stable` or `cuda` names a channel, not a version: every release moves it. The next \
          pull changes what runs without a change in the file, and the state from before has no name to go back to.\n\n\
          Tags with a full version, a day (`stable-20260921`) or a commit stay where they are, and so does any tag \
          beside a digest.",
    bad: "services:\n  bus:\n    image: smartgic/ovos-messagebus:stable\n",
    good: "services:\n  bus:\n    image: smartgic/ovos-messagebus:stable-20260921\n",
    sections: &[5, 21],
    level: Level::Error,
    persona: Persona::Default,
    since: "0.1.0",
    fix: FixSafety::None,
    needs: &[],
    absence: false,
};

fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for judged in images(context) {
        let Some((tag, range)) = judged.reference.tag else { continue };
        if judged.reference.has_digest || !is_moving(tag) {
            continue;
        }
        let place = context.sources.sub_span(judged.image.span, &judged.image.value, range);
        let mut finding = META
            .finding(
                place,
                format!("{}.image", judged.service.path()),
                format!("tag `{tag}` of image `{}` is moved to newer images", judged.image.value),
            )
            .hint("name a full version, a dated tag or a digest");
        if let Some(policy) = judged.service.pull_policy.as_ref().filter(|policy| policy.value == "always") {
            finding = finding.related(policy.span, "and it is pulled anew on every `up`");
        }
        findings.push(finding);
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
            include_str!("../../../fixtures/rules/image-tag-mutable/fail.yml"),
            include_str!("../../../fixtures/rules/image-tag-mutable/pass.yml"),
        );
    }

    #[test]
    fn the_bytes_of_the_tag_are_the_place() {
        let yaml = "services: {a: {image: latest/latest:latest}, b: {image: \"r:5000/x:main\"}}";
        let (found, _) = diagnostics(&RULE, yaml);
        let starts: Vec<usize> = found.iter().map(|one| one.primary.span.range().start).collect();
        assert_eq!(starts, [yaml.find(":latest}").unwrap_or(0) + 1, yaml.find("main").unwrap_or(0)]);
        assert_eq!(places(&RULE, yaml), ["error: latest", "error: main"]);
    }

    #[test]
    fn a_default_is_judged_as_it_resolves() {
        let yaml = "services:\n  a:\n    image: nginx:${TAG:-latest}\n  b:\n    image: nginx:${TAG:-1.27.3}\n";
        assert_eq!(places(&RULE, yaml), ["error: latest"]);
    }

    #[test]
    fn a_digest_holds_any_tag() {
        assert!(places(&RULE, "services: {a: {image: 'a:latest@sha256:00'}}").is_empty());
    }

    #[test]
    fn images_that_the_project_builds_are_not_judged() {
        assert!(places(&RULE, "services: {a: {image: 'own:dev', build: .}, b: {image: 'own:dev'}}").is_empty());
    }

    #[test]
    fn a_pull_on_every_start_is_shown_beside_it() {
        let (found, sources) = diagnostics(&RULE, "services: {a: {image: 'a:alpha', pull_policy: always}}");
        let related: Vec<&str> = found[0].related.iter().map(|label| sources.slice(label.span)).collect();
        assert_eq!(related, ["always"]);
    }
}
