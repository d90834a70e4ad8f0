// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `healthcheck-timing-missing`: a check that leaves its pace to Docker's defaults.

use super::checked_services;
use super::place::definition_key;
use crate::compose::model::Service;
use crate::diag::{Diagnostic, Level};
use crate::rules::known::image_has_healthcheck;
use crate::rules::{Context, FixSafety, Persona, RuleMeta};

pub(crate) static META: RuleMeta = RuleMeta {
    name: "healthcheck-timing-missing",
    summary: "a health check without `interval`, `timeout`, `retries` or `start_period`",
    why: "The defaults are 30 seconds between probes, 30 seconds for one, 3 retries and no start period. A slow starter \
          is called unhealthy before it is up, and a dead one is noticed after two minutes at best. Written values show \
          that somebody has thought about it.",
    bad: "services:\n  db:\n    image: postgres:17.6\n    healthcheck:\n      test: [\"CMD\", \"pg_isready\", \"-U\", \"postgres\"]\n",
    good: "services:\n  db:\n    image: postgres:17.6\n    healthcheck:\n      test: [\"CMD\", \"pg_isready\", \"-U\", \"postgres\"]\n      \
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
    for (service, section) in checked_services(context) {
        let missing = missing(service);
        // Docker takes the timings of the image's own check where the file gives none.
        if missing.is_empty() || image_has_healthcheck(context, service) == Some(true) {
            continue;
        }
        let place = definition_key(context, service, "healthcheck", section.key);
        let message = format!("the health check of service `{}` states no {}", service.name.value, list(&missing));
        let defaults: Vec<String> = missing.iter().map(|(key, default)| format!("`{key}: {default}`")).collect();
        let finding = META.finding(place, format!("{}.healthcheck", service.path()), message);
        findings.push(finding.hint(format!("state what fits the service; Docker takes {}", defaults.join(", "))));
    }
}

/// The absent keys with Docker's defaults. A timing that is written and cannot be read is there; it has its own finding.
fn missing(service: &Service) -> Vec<(&'static str, &'static str)> {
    let is_written = |key: &str| service.node.at(&["healthcheck", key]).is_some();
    [("interval", "30s"), ("timeout", "30s"), ("retries", "3"), ("start_period", "0s")]
        .into_iter()
        .filter(|(key, _)| !is_written(key))
        .collect()
}

fn list(missing: &[(&str, &str)]) -> String {
    let keys: Vec<String> = missing.iter().map(|(key, _)| format!("`{key}`")).collect();
    match keys.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::META;
    use crate::rules::Settings;
    use crate::rules::testing::{findings, judged, shown};

    #[test]
    fn absent_timings_are_named() {
        let yaml = "services:\n  a:\n    healthcheck: {test: [CMD, x], interval: 5s}\n";
        let found = findings(META.name, yaml).pop().unwrap();
        assert_eq!(found.message, "the health check of service `a` states no `timeout`, `retries` or `start_period`");
        assert_eq!(shown(META.name, yaml), ["healthcheck"]);
    }

    #[test]
    fn full_switched_off_and_testless_sections_pass() {
        for section in [
            "{test: [CMD, x], interval: 5s, timeout: 1s, retries: 2, start_period: 1s}",
            "{disable: true}",
            "{interval: 5s}",
            "{test: [CMD, x], interval: 5, timeout: 1 second, retries: few, start_period: [1s]}",
        ] {
            assert!(
                shown(META.name, &format!("services:\n  a:\n    healthcheck: {section}\n")).is_empty(),
                "{section}"
            );
        }
    }

    #[test]
    fn a_shared_check_is_told_once_at_its_definition() {
        let yaml =
            "x-check: &check\n  test: [CMD, x]\nservices:\n  a: {healthcheck: *check}\n  b: {healthcheck: *check}\n";
        assert_eq!(shown(META.name, yaml), ["x-check", "x-check"]);
        let settings = Settings { select: vec![META.name.to_owned()], ..Settings::default() };
        let findings = judged(yaml, Vec::new(), &settings).findings;
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].related[1].message, "also used by `b`");
    }
}
