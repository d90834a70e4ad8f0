// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `stackctl/health/v1`: all that is known of single services as one JSON object. Fields are only ever added to this
//! version.

use serde::Serialize;

use super::status_json::{Fault, Service, service};
use super::{milliseconds, moment};
use crate::app::health::{Check, HealthReport, Link, Outcome};
use crate::health::verdict::State;
use crate::output::render::to_json;
use crate::output::safe_line;

/// Name of the format.
pub const SCHEMA: &str = "stackctl/health/v1";

#[derive(Serialize)]
struct Envelope<'a> {
    schema: &'static str,
    run_id: &'a str,
    generated_at: String,
    version: &'a str,
    contexts: Vec<Context<'a>>,
}

#[derive(Serialize)]
struct Context<'a> {
    name: &'a str,
    address: &'a str,
    error: Option<Fault>,
    services: Vec<Whole<'a>>,
}

#[derive(Serialize)]
struct Whole<'a> {
    #[serde(flatten)]
    service: Service<'a>,
    check: Option<CheckJson>,
    probes: Vec<ProbeJson>,
    timeline: Vec<HappeningJson<'a>>,
    needs: Vec<LinkJson<'a>>,
    needed_by: Vec<LinkJson<'a>>,
}

#[derive(Serialize)]
struct CheckJson {
    test: Vec<String>,
    interval_ms: i64,
    timeout_ms: i64,
    retries: u32,
    start_period_ms: i64,
    start_interval_ms: Option<i64>,
    longest_to_verdict_ms: i64,
    longest_to_notice_ms: i64,
}

#[derive(Serialize)]
struct ProbeJson {
    start: String,
    duration_ms: i64,
    exit_code: i64,
    output: String,
    of_this_run: bool,
}

#[derive(Serialize)]
struct HappeningJson<'a> {
    at: String,
    what: &'a str,
}

#[derive(Serialize)]
struct LinkJson<'a> {
    service: &'a str,
    condition: &'a str,
    verdict: Option<&'static str>,
}

/// The outcome as JSON.
#[must_use]
pub fn render(outcome: &Outcome, run_id: &str, version: &str) -> String {
    let contexts = outcome.contexts.iter().map(|context| Context {
        name: &context.name,
        address: &context.address,
        error: context.fault.as_ref().map(Fault::new),
        services: context.services.iter().map(whole).collect(),
    });
    to_json(&Envelope {
        schema: SCHEMA,
        run_id,
        generated_at: moment(outcome.at),
        version,
        contexts: contexts.collect(),
    })
}

fn whole(report: &HealthReport) -> Whole<'_> {
    let safe = |text: &str| safe_line(text, &report.service.secrets);
    let probes = report.probes.iter().map(|probe| ProbeJson {
        start: milliseconds(probe.start),
        duration_ms: (probe.end - probe.start).num_milliseconds(),
        exit_code: probe.exit_code,
        output: safe(&probe.output),
        of_this_run: report.started.is_none_or(|started| probe.start >= started),
    });
    let timeline = report.timeline.iter().map(|one| HappeningJson { at: milliseconds(one.at), what: &one.what });
    Whole {
        check: report.check.as_ref().map(|check| check_json(check, &safe)),
        probes: probes.collect(),
        timeline: timeline.collect(),
        needs: report.needs.iter().map(link).collect(),
        needed_by: report.needed_by.iter().map(link).collect(),
        service: service(&report.service),
    }
}

fn check_json(check: &Check, safe: &dyn Fn(&str) -> String) -> CheckJson {
    CheckJson {
        test: check.test.iter().map(|word| safe(word)).collect(),
        interval_ms: check.timings.interval.num_milliseconds(),
        timeout_ms: check.timings.timeout.num_milliseconds(),
        retries: check.timings.retries,
        start_period_ms: check.timings.start_period.num_milliseconds(),
        start_interval_ms: check.start_interval.map(|interval| interval.num_milliseconds()),
        longest_to_verdict_ms: check.longest_to_verdict().num_milliseconds(),
        longest_to_notice_ms: check.longest_to_notice().num_milliseconds(),
    }
}

fn link(link: &Link) -> LinkJson<'_> {
    LinkJson { service: &link.service, condition: &link.condition, verdict: link.state.map(State::word) }
}
