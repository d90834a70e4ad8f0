// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `stackctl/verify/v1`: what was verified as one JSON object. Fields are only ever added to this version.

use serde::Serialize;

use super::moment;
use super::status_json::Fault;
use crate::app::verify::Outcome;
use crate::app::verify::record::{Mark, Verified};
use crate::health::Timestamp;
use crate::output::render::to_json;

/// Name of the format.
pub const SCHEMA: &str = "stackctl/verify/v1";

#[derive(Serialize)]
struct Envelope<'a> {
    schema: &'static str,
    run_id: &'a str,
    generated_at: String,
    version: &'a str,
    recorded: bool,
    result: Mark,
    engines: Vec<Engine<'a>>,
    services: Vec<Service<'a>>,
}

#[derive(Serialize)]
struct Engine<'a> {
    name: &'a str,
    address: &'a str,
    error: Option<Fault>,
}

#[derive(Serialize)]
struct Service<'a> {
    #[serde(flatten)]
    verified: &'a Verified,
    age_s: i64,
}

fn services(list: &[Verified], now: Timestamp) -> Vec<Service<'_>> {
    list.iter().map(|verified| Service { verified, age_s: (now - verified.at).num_seconds().max(0) }).collect()
}

/// The outcome as JSON.
#[must_use]
pub fn render(outcome: &Outcome, run_id: &str, version: &str) -> String {
    let engines = outcome.engines.iter().map(|engine| Engine {
        name: &engine.name,
        address: &engine.address,
        error: engine.fault.as_ref().map(Fault::new),
    });
    to_json(&Envelope {
        schema: SCHEMA,
        run_id,
        generated_at: moment(outcome.at),
        version,
        recorded: false,
        result: outcome.result(),
        engines: engines.collect(),
        services: services(&outcome.services, outcome.at),
    })
}

/// What was recorded as JSON.
#[must_use]
pub fn recorded(recorded: &[Verified], now: Timestamp, run_id: &str, version: &str) -> String {
    to_json(&Envelope {
        schema: SCHEMA,
        run_id,
        generated_at: moment(now),
        version,
        recorded: true,
        result: recorded.iter().map(|one| one.result).max().unwrap_or(Mark::NotChecked),
        engines: Vec::new(),
        services: services(recorded, now),
    })
}
