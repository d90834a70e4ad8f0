// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `stackctl/status/v1`: the services of all engines as one JSON object. Fields are only ever added to this version.

use serde::Serialize;
use serde_json::Value;

use super::moment;
use super::verdict_json::{details, standing};
use crate::app::engines::EngineFault;
use crate::app::status::{ContextReport, Outcome, ServiceReport, Waited};
use crate::error::UserError as _;
use crate::output::render::to_json;
use crate::output::safe_line;

/// Name of the format.
pub const SCHEMA: &str = "stackctl/status/v1";

#[derive(Serialize)]
struct Envelope<'a> {
    schema: &'static str,
    run_id: &'a str,
    generated_at: String,
    version: &'a str,
    project: Option<&'a str>,
    all_ok: bool,
    waited: Option<&'static str>,
    contexts: Vec<Context<'a>>,
    journal: Journal,
}

#[derive(Serialize)]
struct Context<'a> {
    name: &'a str,
    address: &'a str,
    error: Option<Fault>,
    services: Vec<Service<'a>>,
}

/// An error as JSON has it.
#[derive(Serialize)]
pub(super) struct Fault {
    code: &'static str,
    message: String,
    hints: Vec<String>,
}

impl Fault {
    pub(super) fn new(fault: &EngineFault) -> Self {
        Self { code: fault.code(), message: fault.message(), hints: fault.hints() }
    }
}

/// A service as JSON has it.
#[derive(Serialize)]
#[expect(clippy::struct_field_names, reason = "the names of the format, as its guide lists them")]
pub(super) struct Service<'a> {
    project: &'a str,
    service: &'a str,
    number: u32,
    one_off: bool,
    container: Option<&'a str>,
    id: Option<&'a str>,
    state: &'static str,
    verdict: &'static str,
    standing: &'static str,
    details: Value,
    why: String,
    evidence: Vec<String>,
    hint: Option<String>,
    restarts: Option<u32>,
    since: Option<String>,
    ports: &'a [String],
    image: Option<&'a str>,
    image_pinned: Option<bool>,
    waiting_for: Vec<Waiting<'a>>,
}

#[derive(Serialize)]
struct Waiting<'a> {
    service: &'a str,
    verdict: &'static str,
}

/// The journal of changes; there is none without a change under way.
#[derive(Serialize)]
struct Journal {
    state: &'static str,
}

/// The outcome as JSON.
#[must_use]
pub fn render(outcome: &Outcome, run_id: &str, version: &str) -> String {
    to_json(&Envelope {
        schema: SCHEMA,
        run_id,
        generated_at: moment(outcome.at),
        version,
        project: outcome.project.as_deref(),
        all_ok: outcome.is_all_well(),
        waited: outcome.waited.as_ref().map(|waited| match waited {
            Waited::Well => "well",
            Waited::TimedOut { .. } => "timed_out",
            Waited::Hopeless { .. } => "hopeless",
        }),
        contexts: outcome.contexts.iter().map(context).collect(),
        journal: Journal { state: "none" },
    })
}

fn context(report: &ContextReport) -> Context<'_> {
    Context {
        name: &report.name,
        address: &report.address,
        error: report.fault.as_ref().map(Fault::new),
        services: report.services.iter().map(service).collect(),
    }
}

/// A service as JSON has it.
pub(super) fn service(report: &ServiceReport) -> Service<'_> {
    let safe = |text: &str| safe_line(text, &report.secrets);
    Service {
        project: &report.project,
        service: &report.service,
        number: report.number,
        one_off: report.is_one_off,
        container: report.container.as_deref(),
        id: report.id.as_deref(),
        state: report.state,
        verdict: report.verdict.word(),
        standing: standing(report.verdict.standing()),
        details: details(&report.verdict, &report.secrets),
        why: safe(&report.why.sentence),
        evidence: report.why.evidence.iter().map(|fact| safe(fact)).collect(),
        hint: report.why.hint.as_deref().map(safe),
        restarts: report.restarts,
        since: report.since.map(moment),
        ports: &report.ports,
        image: report.image.as_ref().map(|image| image.image.as_str()),
        image_pinned: report.image.as_ref().map(|image| image.is_pinned),
        waiting_for: report
            .waiting_for
            .iter()
            .map(|one| Waiting { service: &one.service, verdict: one.state.word() })
            .collect(),
    }
}
