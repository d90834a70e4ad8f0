// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Renderers of what engines say: tables that fit the reader's room, and JSON.

mod block;
mod columns;
pub mod doctor;
pub mod health;
pub mod health_json;
pub mod log;
pub mod status;
pub mod status_json;
pub mod verdict_json;
pub mod verify;
pub mod verify_json;

use chrono::SecondsFormat;

use crate::health::Timestamp;

/// A moment as JSON has it: RFC 3339 in UTC, whole seconds.
fn moment(at: Timestamp) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// A moment with its milliseconds.
fn milliseconds(at: Timestamp) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// A moment as exactly as engines tell it.
fn nanoseconds(at: Timestamp) -> String {
    at.to_rfc3339_opts(SecondsFormat::Nanos, true)
}
