// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `depends-on-no-health`: waiting for the health of a service that has no health check.
//!
//! Limit: a service whose image is not in the catalog, and that says nothing of health itself, is not judged: its image
//! may bring a check.

use super::switched_off_at;
use crate::compose::model::{Condition, Healthcheck, Service};
use crate::diag::{Diagnostic, Level, Span};
use crate::rules::known::image_has_healthcheck;
use crate::rules::{Context, FixSafety, Persona, RuleMeta};

pub(crate) static META: RuleMeta = RuleMeta {
    name: "depends-on-no-health",
    summary: "`condition: service_healthy` on a service without a health check",
    why: "`docker compose config` accepts it, but `docker compose up` stops when it comes to waiting: a container \
          without a health check never becomes healthy.",
    bad: "services:\n  web:\n    image: nginx:1.29.2\n    depends_on:\n      db:\n        condition: service_healthy\n  \
          db:\n    image: postgres:17.6\n    healthcheck:\n      disable: true\n",
    good: "services:\n  web:\n    image: nginx:1.29.2\n    depends_on:\n      db:\n        condition: service_healthy\n  \
           db:\n    image: postgres:17.6\n    healthcheck:\n      test: [\"CMD\", \"pg_isready\", \"-U\", \"postgres\"]\n      \
           interval: 10s\n      timeout: 5s\n      retries: 3\n      start_period: 30s\n",
    sections: &[4],
    level: Level::Error,
    persona: Persona::Default,
    since: "0.1.0",
    fix: FixSafety::None,
    needs: &[],
    absence: false,
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for service in &context.project.services {
        let waits = service.depends_on.iter().filter(|edge| edge.condition.value == Condition::Healthy);
        for dependency in waits {
            let name = dependency.service.value.as_str();
            let Some(target) = context.project.service(name).filter(|target| target.has_container()) else {
                continue;
            };
            let Some((place, words)) = lack(context, target) else {
                continue;
            };
            let subject = format!("{}.depends_on.{name}.condition", service.path());
            let message =
                format!("`{}` waits for the health of `{name}`, which has no health check", service.name.value);
            let mut finding = META
                .finding(dependency.condition.span, subject, message)
                .related(place, words)
                .hint(format!("give `{name}` a `healthcheck`, or wait for `service_started`"));
            if !dependency.required {
                // Compose 2.40 warns and goes on when an optional dependency cannot be waited for.
                finding.level = Level::Warning;
            }
            findings.push(finding);
        }
    }
}

/// Where it is to be seen that a service has no check; `None` when it has one, or may have.
fn lack(context: &Context<'_>, service: &Service) -> Option<(Span, &'static str)> {
    let section = service.healthcheck.as_ref();
    if let Some(word) = section.and_then(switched_off_at) {
        return Some((word, "health checking is switched off here"));
    }
    if section.is_some_and(Healthcheck::defines_test) || image_has_healthcheck(context, service) != Some(false) {
        return None;
    }
    Some((service.name.span, "no health check here, and the image has none"))
}

#[cfg(test)]
mod tests {
    use super::META;
    use crate::rules::testing::{findings, shown};

    fn yaml(condition: &str, healthcheck: &str) -> String {
        format!(
            "services:\n  web:\n    image: x\n    depends_on:\n      db: {{{condition}}}\n  db:\n    image: y\n    {healthcheck}\n"
        )
    }

    #[test]
    fn switched_off_checks_cannot_be_waited_for() {
        for off in ["healthcheck: {disable: true}", "healthcheck: {test: [NONE]}"] {
            assert_eq!(shown(META.name, &yaml("condition: service_healthy", off)), ["service_healthy"], "{off}");
        }
    }

    #[test]
    fn an_optional_dependency_is_a_warning() {
        let found =
            findings(META.name, &yaml("condition: service_healthy, required: false", "healthcheck: {disable: true}"));
        assert_eq!(found.iter().map(|one| one.level.as_str()).collect::<Vec<_>>(), ["warning"]);
    }

    #[test]
    fn defined_checks_unknown_images_and_other_conditions_pass() {
        assert!(shown(META.name, &yaml("condition: service_healthy", "healthcheck: {test: [CMD, x]}")).is_empty());
        assert!(shown(META.name, &yaml("condition: service_healthy", "user: x")).is_empty());
        assert!(shown(META.name, &yaml("condition: service_started", "healthcheck: {disable: true}")).is_empty());
    }
}
