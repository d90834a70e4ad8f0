// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `image-digest-missing` (pedantic): a version tag that no digest backs.

use super::super::{Context, FixSafety, Persona, Rule, RuleMeta};
use super::judged::images;
use super::reference::is_moving;
use crate::diag::{Diagnostic, Level};

pub(super) const RULE: Rule = Rule { meta: &META, check };

static META: RuleMeta = RuleMeta {
    name: "image-digest-missing",
    summary: "an image is pinned by its tag alone",
    why: "Publishers rebuild images under the same version tag when the base system changes. Only a digest says that \
          tomorrow's pull brings the same bytes as today's.",
    bad: "services:\n  model:\n    image: registry.local/model:0.35.1\n",
    good: "services:\n  model:\n    image: registry.local/model:0.35.1@sha256:\
           0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n",
    sections: &[5],
    level: Level::Info,
    persona: Persona::Pedantic,
    since: "0.1.0",
    fix: FixSafety::None,
    needs: &[],
    absence: false,
};

fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for judged in images(context) {
        // A missing tag and a moving tag are the graver fault, and have their own rules.
        let is_version = judged.reference.tag.as_ref().is_some_and(|(tag, _)| !tag.is_empty() && !is_moving(tag));
        if !is_version || judged.reference.has_digest {
            continue;
        }
        findings.push(
            META.finding(
                judged.image.span,
                format!("{}.image", judged.service.path()),
                format!("image `{}` is pinned by its tag alone", judged.image.value),
            )
            .hint("add the digest behind the tag: `docker image inspect --format '{{.RepoDigests}}'` shows it"),
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
            include_str!("../../../fixtures/rules/image-digest-missing/fail.yml"),
            include_str!("../../../fixtures/rules/image-digest-missing/pass.yml"),
        );
    }

    #[test]
    fn a_missing_or_moving_tag_is_left_to_its_own_rule() {
        assert!(places(&RULE, "services: {a: {image: a}, b: {image: 'b:latest'}}").is_empty());
    }

    #[test]
    fn a_locally_built_image_has_no_digest_to_name() {
        assert!(places(&RULE, "services: {a: {image: 'xtts:stable-20260921', build: .}}").is_empty());
    }
}
