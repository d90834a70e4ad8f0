// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `depends-on-start-only`: waiting for the start of a service whose health could be waited for.

use super::one_shot::one_shots;
use crate::compose::graph::{Edge, groups};
use crate::compose::model::{Condition, DependencyOrigin, Service};
use crate::diag::{Diagnostic, Level};
use crate::rules::known::image_has_healthcheck;
use crate::rules::{Context, FixSafety, Persona, RuleMeta};

pub(crate) static META: RuleMeta = RuleMeta {
    name: "depends-on-start-only",
    summary: "a dependency that waits only for the start of a service that has a health check",
    why: "A started container is not yet a working service: databases recover, models load, brokers read their state. \
          The dependent service meets a closed port and fails or runs degraded, although the answer was there to be \
          waited for.",
    bad: "services:\n  web:\n    image: nginx:1.29.2\n    depends_on: [db]\n  db:\n    image: postgres:17.6\n    \
          healthcheck:\n      test: [\"CMD\", \"pg_isready\", \"-U\", \"postgres\"]\n      interval: 10s\n      \
          timeout: 5s\n      retries: 3\n      start_period: 30s\n",
    good: "services:\n  web:\n    image: nginx:1.29.2\n    depends_on:\n      db:\n        condition: service_healthy\n  \
           db:\n    image: postgres:17.6\n    healthcheck:\n      test: [\"CMD\", \"pg_isready\", \"-U\", \"postgres\"]\n      \
           interval: 10s\n      timeout: 5s\n      retries: 3\n      start_period: 30s\n",
    sections: &[4],
    level: Level::Warning,
    persona: Persona::Default,
    since: "0.1.0",
    fix: FixSafety::None,
    needs: &[],
    absence: false,
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let jobs = one_shots(context);
    let all = context.project.services.iter().flat_map(|service| {
        let from = service.name.value.as_str();
        service.depends_on.iter().map(move |to| Edge { from, to: &to.service.value, span: to.service.span })
    });
    // Services that wait for each other must first be untangled; `depends-on-cycle` says so.
    let groups = groups(&all.collect::<Vec<_>>());
    for service in &context.project.services {
        for dependency in &service.depends_on {
            let name = dependency.service.value.as_str();
            let is_written = dependency.origin != DependencyOrigin::Implied;
            let starts_only = dependency.condition.value == Condition::Started && dependency.required && is_written;
            let is_circular = || groups.get(service.name.value.as_str()) == groups.get(name);
            if !starts_only || jobs.contains(name) || is_circular() {
                continue;
            }
            let Some(target) = context.project.service(name).filter(|target| has_check(context, target)) else {
                continue;
            };
            let subject = format!("{}.depends_on.{name}", service.path());
            let message =
                format!("`{}` waits only for the start of `{name}`, which has a health check", service.name.value);
            let finding = META
                .finding(dependency.condition.span, subject, message)
                .hint(format!("write `{name}: {{condition: service_healthy}}` under `depends_on`"));
            findings.push(match target.healthcheck.as_ref().filter(|section| section.defines_test()) {
                Some(section) => finding.related(section.key, "the health check"),
                None => finding.related(target.name.span, "the image brings a health check"),
            });
        }
    }
}

fn has_check(context: &Context<'_>, service: &Service) -> bool {
    match &service.healthcheck {
        Some(section) if section.is_disabled() => false,
        Some(section) if section.defines_test() => service.has_container(),
        _ => service.has_container() && image_has_healthcheck(context, service) == Some(true),
    }
}

#[cfg(test)]
mod tests {
    use super::META;
    use crate::rules::testing::shown;

    const CHECKED: &str = "  db:\n    image: y\n    healthcheck: {test: [CMD, x]}\n";

    #[test]
    fn short_form_and_started_are_found() {
        let short = format!("services:\n  web:\n    depends_on: [db]\n{CHECKED}");
        assert_eq!(shown(META.name, &short), ["db"]);
        let long = format!("services:\n  web:\n    depends_on: {{db: {{condition: service_started}}}}\n{CHECKED}");
        assert_eq!(shown(META.name, &long), ["service_started"]);
    }

    #[test]
    fn healthy_optional_refused_and_unchecked_dependencies_pass() {
        for text in [
            "{db: {condition: service_healthy}}",
            "{db: {condition: service_started, required: false}}",
            "{db: {condition: service_ready}}",
            "{db: {restart: true}}",
        ] {
            let yaml = format!("services:\n  web:\n    depends_on: {text}\n{CHECKED}");
            assert!(shown(META.name, &yaml).is_empty(), "{text}");
        }
        let off = "services:\n  web:\n    depends_on: [db]\n  db:\n    healthcheck: {test: [CMD, x], disable: true}\n";
        assert!(shown(META.name, off).is_empty());
    }

    #[test]
    fn services_that_wait_for_each_other_pass() {
        let yaml = "services:\n  a: {depends_on: [b], healthcheck: {test: [CMD, x]}}\n  \
                    b: {depends_on: [a, c], healthcheck: {test: [CMD, x]}}\n  c: {healthcheck: {test: [CMD, x]}}\n";
        assert_eq!(shown(META.name, yaml), ["c"]);
        assert!(shown(META.name, "services:\n  a: {depends_on: [a], healthcheck: {test: [CMD, x]}}\n").is_empty());
    }

    #[test]
    fn jobs_pass() {
        let yaml = format!(
            "services:\n  web:\n    depends_on: [db]\n  next:\n    depends_on: {{db: {{condition: \
             service_completed_successfully}}}}\n{CHECKED}"
        );
        assert!(shown(META.name, &yaml).is_empty());
    }
}
