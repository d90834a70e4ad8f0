// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `runs-as-root`: the main process has the host's user 0.
//!
//! Limit: an image that nothing is known of is not judged when the file names no user.

use super::super::{Context, FixSafety, Persona, Rule, RuleMeta};
use super::known_user::{KnownUser, known_user};
use crate::compose::model::Service;
use crate::diag::{Diagnostic, Level};

pub(super) const RULE: Rule = Rule { meta: &META, check };

static META: RuleMeta = RuleMeta {
    name: "runs-as-root",
    summary: "a service runs as root",
    why: "Root in a container is user 0 of the host. Whoever breaks out of the process, or writes through a bind \
          mount, acts as root there.\n\n\
          A `user:` of root is an error. Without `user:` the rule warns when the image is known to end as root; images \
          that start as root and drop it themselves pass.",
    bad: "services:\n  model:\n    image: ollama/ollama:0.35.1\n    user: root\n",
    good: "services:\n  model:\n    image: ollama/ollama:0.35.1\n    user: \"1000:1000\"\n",
    sections: &[15],
    level: Level::Error,
    persona: Persona::Default,
    since: "0.1.0",
    fix: FixSafety::None,
    needs: &[],
    absence: false,
};

const HINT: &str = "set `user:` to an unprivileged id such as `1000:1000` that owns the service's data";

fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for service in context.project.services.iter().filter(|service| service.has_container()) {
        findings.extend(judge(service, known_user(context, service)));
    }
}

fn judge(service: &Service, known: Option<KnownUser>) -> Option<Diagnostic> {
    let name = &service.name.value;
    let subject = format!("{}.user", service.path());
    match &service.user {
        Some(user) if !user.value.is_empty() => is_root(&user.value)
            .then(|| META.finding(user.span, subject, format!("service `{name}` runs as root")).hint(HINT)),
        _ if known == Some(KnownUser::Root) => {
            let message = format!("service `{name}` names no user, and its image runs as root");
            let mut finding = META.finding(service.name.span, subject, message).hint(HINT);
            finding.level = Level::Warning;
            Some(finding)
        }
        _ => None,
    }
}

/// Whether `user[:group]` names user 0. Only the user counts: the group 0 alone gives no such power.
fn is_root(user: &str) -> bool {
    let name = user.split(':').next().unwrap_or_default().trim();
    name == "root" || name.parse::<u32>() == Ok(0)
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{holds, places, project};
    use super::{KnownUser, Level, RULE, judge};

    #[test]
    fn fixtures_and_examples() {
        holds(
            &RULE,
            include_str!("../../../fixtures/rules/runs-as-root/fail.yml"),
            include_str!("../../../fixtures/rules/runs-as-root/pass.yml"),
        );
    }

    #[test]
    fn every_spelling_of_root_is_an_error_at_the_value() {
        let yaml = "services: {a: {user: root}, b: {user: 0}, c: {user: '0:0'}, d: {user: 'root:audio'}}";
        assert_eq!(places(&RULE, yaml), ["error: root", "error: 0", "error: '0:0'", "error: 'root:audio'"]);
    }

    #[test]
    fn the_root_group_and_unset_users_are_not_root() {
        let yaml = "services: {a: {user: '1000:0'}, b: {user: \"${UID}\"}, c: {user: \"${UID:-1000}:0\"}, d: {}}";
        assert!(places(&RULE, yaml).is_empty());
    }

    #[test]
    fn a_default_of_root_is_judged_as_it_resolves() {
        assert_eq!(places(&RULE, "services:\n  a:\n    user: ${PUID:-0}\n"), ["error: ${PUID:-0}"]);
    }

    #[test]
    fn an_image_that_ends_as_root_is_a_warning_at_the_service() {
        let (project, sources) = project("services: {model: {image: 'ollama/ollama:0.35.1'}}");
        let service = &project.services[0];
        let found = judge(service, Some(KnownUser::Root)).map(|one| (one.level, sources.slice(one.primary.span)));
        assert_eq!(found, Some((Level::Warning, "model")));
        for known in [None, Some(KnownUser::DropsRoot), Some(KnownUser::Other)] {
            assert!(judge(service, known).is_none(), "{known:?} passes");
        }
    }

    #[test]
    fn a_provider_runs_nothing() {
        assert!(places(&RULE, "services: {a: {user: root, provider: {type: model}}}").is_empty());
    }
}
