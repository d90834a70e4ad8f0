// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What every JSON line of a stream of news has in common.

use chrono::SecondsFormat;
use serde::Serialize;

use crate::app::watch::Told;
use crate::health::Timestamp;

#[derive(Serialize)]
struct Line<'a, K> {
    schema: &'static str,
    run_id: &'a str,
    seq: u64,
    first_seq: u64,
    count: u64,
    at: String,
    context: &'a str,
    #[serde(flatten)]
    kind: K,
}

/// What a line is about.
pub(super) struct Heading<'a> {
    pub(super) schema: &'static str,
    pub(super) run_id: &'a str,
    pub(super) at: Timestamp,
    /// The engine.
    pub(super) context: &'a str,
}

/// One object on one line, with its line break. `kind` brings the fields of its own.
pub(super) fn json_line<T>(told: &Told<T>, heading: &Heading<'_>, kind: impl Serialize) -> String {
    let line = Line {
        schema: heading.schema,
        run_id: heading.run_id,
        seq: told.seq,
        first_seq: told.first_seq,
        count: told.count,
        // With its milliseconds, in UTC.
        at: heading.at.to_rfc3339_opts(SecondsFormat::Millis, true),
        context: heading.context,
        kind,
    };
    let mut text = serde_json::to_string(&line)
        .unwrap_or_else(|error| serde_json::json!({ "error": error.to_string() }).to_string());
    text.push('\n');
    text
}
