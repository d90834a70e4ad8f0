// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `log-rotation-missing`: a log that grows until the disk is full.
//!
//! Limit: the defaults of the engine's own configuration are not seen.

use super::super::{Context, FixSafety, Persona, Rule, RuleMeta};
use crate::compose::model::{Logging, Service};
use crate::diag::{Diagnostic, Level, Span};

pub(super) const RULE: Rule = Rule { meta: &META, check };

static META: RuleMeta = RuleMeta {
    name: "log-rotation-missing",
    summary: "a service's log has no limit of size",
    why: "The engine's usual driver, `json-file`, keeps everything that a container ever wrote, in one file, until the \
          container is removed. A chatty service fills the disk, and then everything on the host stops.\n\n\
          The driver `local` rotates by itself, and drivers that send the log elsewhere keep nothing: both pass.",
    bad: "services:\n  bus:\n    image: smartgic/ovos-messagebus:stable-20260921\n",
    good: "services:\n  bus:\n    image: smartgic/ovos-messagebus:stable-20260921\n    logging:\n      driver: json-file\n      \
           options:\n        max-size: 10m\n        max-file: \"3\"\n",
    sections: &[18],
    level: Level::Warning,
    persona: Persona::Default,
    since: "0.1.0",
    fix: FixSafety::None,
    needs: &[],
    absence: true,
};

fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for service in context.project.services.iter().filter(|service| service.has_container()) {
        let Some(place) = unlimited(service) else { continue };
        findings.push(
            META.finding(
                place,
                format!("{}.logging", service.path()),
                format!("service `{}` logs without a limit of size", service.name.value),
            )
            .hint("set `max-size` and `max-file` under `logging.options`, or the driver `local`"),
        );
    }
}

/// Where the limit is missing: the service, its `logging`, or an option that says "no limit".
fn unlimited(service: &Service) -> Option<Span> {
    let Some(logging) = &service.logging else { return Some(service.name.span) };
    let keeps_all = logging.driver.as_ref().is_none_or(|driver| matches!(driver.value.as_str(), "" | "json-file"));
    if !keeps_all {
        return None;
    }
    match max_size(logging) {
        Some((value, span)) => matches!(value, "" | "-1").then_some(span),
        None => Some(logging.key),
    }
}

fn max_size(logging: &Logging) -> Option<(&str, Span)> {
    let (_, value) = logging.options.iter().find(|(name, _)| name.value == "max-size")?;
    Some((&value.value, value.span))
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{holds, places};
    use super::RULE;

    #[test]
    fn fixtures_and_examples() {
        holds(
            &RULE,
            include_str!("../../../fixtures/rules/log-rotation-missing/fail.yml"),
            include_str!("../../../fixtures/rules/log-rotation-missing/pass.yml"),
        );
    }

    #[test]
    fn the_place_is_the_service_or_the_part_that_lacks_it() {
        let yaml = "services: {a: {image: x}, b: {logging: {driver: json-file}}, c: {logging: {options: {max-file: '3'}}}, \
                    d: {logging: {options: {max-size: '-1'}}}}";
        assert_eq!(places(&RULE, yaml), ["warning: a", "warning: logging", "warning: logging", "warning: '-1'"]);
    }

    #[test]
    fn other_drivers_keep_no_endless_file() {
        let yaml = "services: {a: {logging: {driver: local}}, b: {logging: {driver: journald}}, \
                    c: {logging: {driver: none}}, d: {logging: {driver: loki}}, e: {provider: {type: model}}}";
        assert!(places(&RULE, yaml).is_empty());
    }

    #[test]
    fn merged_options_count() {
        let yaml = "x-log: &log {driver: json-file, options: {max-size: 10m}}\nservices: {a: {logging: *log}, \
                    b: {<<: {logging: {options: {max-size: 1m}}}}}";
        assert!(places(&RULE, yaml).is_empty());
    }
}
