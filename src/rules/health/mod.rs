// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Rules about health checks, start order and restarts.

mod depends_on_cycle;
mod depends_on_no_health;
mod depends_on_start_only;
mod depends_on_unknown;
mod exec_words;
mod healthcheck_always_passes;
mod healthcheck_exec_joined;
mod healthcheck_exec_operator;
mod healthcheck_missing;
mod healthcheck_shell_form;
mod healthcheck_timing_missing;
mod one_shot;
mod place;
mod restart_policy_missing;
mod shell_line;
mod shell_need;
mod shell_status;

use super::file::found_elsewhere;
use super::{Context, Rule};
use crate::compose::model::{HealthTest, Healthcheck, Service};
use crate::diag::Span;

pub(super) static RULES: &[Rule] = &[
    Rule { meta: &depends_on_cycle::META, check: found_elsewhere },
    Rule { meta: &depends_on_no_health::META, check: depends_on_no_health::check },
    Rule { meta: &depends_on_start_only::META, check: depends_on_start_only::check },
    Rule { meta: &depends_on_unknown::META, check: found_elsewhere },
    Rule { meta: &healthcheck_always_passes::META, check: healthcheck_always_passes::check },
    Rule { meta: &healthcheck_exec_joined::META, check: healthcheck_exec_joined::check },
    Rule { meta: &healthcheck_exec_operator::META, check: healthcheck_exec_operator::check },
    Rule { meta: &healthcheck_missing::META, check: healthcheck_missing::check },
    Rule { meta: &healthcheck_shell_form::META, check: healthcheck_shell_form::check },
    Rule { meta: &healthcheck_timing_missing::META, check: healthcheck_timing_missing::check },
    Rule { meta: &restart_policy_missing::META, check: restart_policy_missing::check },
];

/// The services that have a container and a health check of their own, with that check.
fn checked_services<'a>(context: &Context<'a>) -> impl Iterator<Item = (&'a Service, &'a Healthcheck)> {
    let services = context.project.services.iter().filter(|service| service.has_container());
    services.filter_map(|service| {
        service.healthcheck.as_ref().filter(|healthcheck| healthcheck.defines_test()).map(|check| (service, check))
    })
}

/// The word that switches health checking off: the value of `disable`, or `NONE`.
fn switched_off_at(section: &Healthcheck) -> Option<Span> {
    section.disable.or(match section.test {
        Some(HealthTest::Disabled(word)) => Some(word),
        _ => None,
    })
}
