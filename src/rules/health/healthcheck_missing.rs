// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `healthcheck-missing`: a service that runs on and that nobody asks how it does.
//!
//! Limit: an image that is not in the catalog may bring a check of its own; the hint says so.

use super::one_shot::one_shots;
use super::switched_off_at;
use crate::compose::model::Service;
use crate::diag::{Diagnostic, Level};
use crate::rules::known::image_has_healthcheck;
use crate::rules::{Context, FixSafety, Persona, RuleMeta};

pub(crate) static META: RuleMeta = RuleMeta {
    name: "healthcheck-missing",
    summary: "a service without a health check",
    why: "Docker only sees whether the process lives. A service that hangs, lost its database or never finished loading \
          stays `running`, dependants start too early, and nothing restarts it.\n\n\
          A check in the image counts where the image is known. Services that are meant to end need none: those that \
          another service waits for with `service_completed_successfully`, and those with `restart: \"no\"`.",
    bad: "services:\n  cache:\n    image: redis:8.2.1\n    restart: unless-stopped\n",
    good: "services:\n  cache:\n    image: redis:8.2.1\n    restart: unless-stopped\n    healthcheck:\n      \
           test: [\"CMD\", \"redis-cli\", \"-e\", \"ping\"]\n      interval: 10s\n      timeout: 3s\n      retries: 3\n      \
           start_period: 10s\n",
    sections: &[4],
    level: Level::Warning,
    persona: Persona::Default,
    since: "0.1.0",
    fix: FixSafety::None,
    needs: &[],
    absence: true,
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let jobs = one_shots(context);
    let runs_on = |service: &&Service| {
        let ends = service.restart.as_ref().is_some_and(|restart| restart.value == "no");
        service.has_container() && !ends && !jobs.contains(service.name.value.as_str())
    };
    let services: Vec<&Service> = context.project.services.iter().filter(runs_on).collect();
    let found = services.iter().filter_map(|service| judge(context, service));
    findings.extend(found.map(|finding| finding.among(services.len())));
}

fn judge(context: &Context<'_>, service: &Service) -> Option<Diagnostic> {
    let name = &service.name.value;
    let subject = format!("{}.healthcheck", service.path());
    let image = image_has_healthcheck(context, service);
    let hint = if image == Some(false) {
        "add a `healthcheck` that runs a program of the image"
    } else {
        "add a `healthcheck`, or allow this with a reason when the image brings a check of its own"
    };
    let Some(section) = &service.healthcheck else {
        let message = format!("service `{name}` has no health check");
        return (image != Some(true)).then(|| META.finding(service.name.span, subject, message).hint(hint));
    };
    if let Some(word) = switched_off_at(section) {
        let message = format!("the health check of service `{name}` is switched off");
        return Some(META.finding(word, subject, message).hint("let it run, or allow this with a reason"));
    }
    if section.defines_test() || image == Some(true) {
        return None;
    }
    let message = format!("the `healthcheck` of service `{name}` tests nothing");
    Some(META.finding(section.key, subject, message).hint(hint))
}

#[cfg(test)]
mod tests {
    use super::META;
    use crate::rules::testing::shown;

    #[test]
    fn a_service_without_a_check_is_found_at_its_key() {
        assert_eq!(shown(META.name, "services:\n  web:\n    image: x\n"), ["web"]);
    }

    #[test]
    fn a_switched_off_check_is_found_at_the_word() {
        assert_eq!(shown(META.name, "services:\n  web:\n    healthcheck:\n      disable: true\n"), ["true"]);
        assert_eq!(shown(META.name, "services:\n  web:\n    healthcheck: {test: [\"NONE\"]}\n"), ["\"NONE\""]);
    }

    #[test]
    fn timings_or_an_empty_test_are_no_check() {
        assert_eq!(shown(META.name, "services:\n  web:\n    healthcheck: {interval: 5s}\n"), ["healthcheck"]);
        assert_eq!(shown(META.name, "services:\n  web:\n    healthcheck: {test: []}\n"), ["healthcheck"]);
    }

    #[test]
    fn services_that_end_and_those_without_a_container_pass() {
        for service in ["restart: \"no\"", "provider: {type: x}", "deploy: {mode: replicated-job}"] {
            assert!(shown(META.name, &format!("services:\n  a:\n    {service}\n")).is_empty(), "{service}");
        }
        let awaited = "services:\n  job:\n    image: x\n  web:\n    healthcheck: {test: x}\n    depends_on:\n      job: \
                       {condition: service_completed_successfully}\n";
        assert!(shown(META.name, awaited).is_empty());
    }

    #[test]
    fn a_merged_check_counts() {
        let yaml = "x-base: &base\n  healthcheck: {test: [CMD, x]}\nservices:\n  web:\n    <<: *base\n    image: x\n";
        assert!(shown(META.name, yaml).is_empty());
    }
}
