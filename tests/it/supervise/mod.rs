// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `stackctl supervise` on real engines (`STACKCTL_TEST_DOCKER_HOST`, commas between), judged by its JSON lines.
//!
//! That nothing happens is told from a service beside, the canary, which turns bad later and is healed: by then the
//! supervisor would have acted.

mod heal;
mod needs;
mod outage;
mod process;
mod quiet;
mod told;

use serde_json::Value;

use super::support::Stage;
use super::support::running::{Running, acted};

/// Allows the restart of a service.
const HEALED: (&str, &str) = ("stackctl.heal", "restart");

/// Waits of a second, so that tests need not wait longer.
const SWIFT: &str =
    "[supervise]\nlink_settle = \"1s\"\nfirst_wait = \"1s\"\nlongest_wait = \"2s\"\nrecovered = \"1s\"\n";

/// Waits until a service beside has turned bad and was healed.
#[track_caller]
fn heal_canary(stage: &Stage, canary: &str, supervising: &Running) -> Vec<Value> {
    stage.sicken(canary);
    let told = supervising.until("the canary's restart", |line| acted(line, "canary", "done"));
    stage.cure(canary);
    told
}

/// All decisions about a service among lines: notices and actions.
fn decisions<'a>(lines: &'a [Value], service: &str) -> Vec<&'a Value> {
    let is_decision = |line: &&Value| line["schema"] == "stackctl/supervise/v1" && line["service"] == service;
    lines.iter().filter(is_decision).collect()
}
