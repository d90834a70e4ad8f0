// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The details of a verdict as JSON: what its one word leaves out.

use serde_json::{Value, json};

use super::moment;
use crate::health::Verdict;
use crate::health::verdict::{Counted, Degraded, Standing, Wanted};
use crate::output::safe_line;

/// The word for a standing.
#[must_use]
pub const fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::Good => "good",
        Standing::Pending => "pending",
        Standing::Noticed => "noticed",
        Standing::Bad => "bad",
        Standing::Unknown => "unknown",
    }
}

const fn wanted(wanted: Wanted) -> &'static str {
    match wanted {
        Wanted::Asked => "asked",
        Wanted::Inferred => "inferred",
        Wanted::Unasked => "unasked",
        Wanted::Unknown => "unknown",
    }
}

/// The details: an object whose fields depend on the word. `secrets` are hidden.
#[must_use]
pub fn details(verdict: &Verdict, secrets: &[String]) -> Value {
    let safe = |text: &str| safe_line(text, secrets);
    match verdict {
        Verdict::Ok { completed } => json!({ "completed": completed }),
        Verdict::Starting { since, latest } => {
            json!({ "since": since.map(moment), "latest": latest.map(moment) })
        }
        Verdict::Unhealthy { streak, last } => json!({
            "streak": streak,
            "last_probe": last.as_ref().map(|last| {
                json!({ "at": moment(last.at), "exit_code": last.exit_code, "output": safe(&last.output) })
            }),
        }),
        Verdict::Degraded { reason } => match reason {
            Degraded::ChildOutOfMemory { kills } => json!({ "reason": "child_out_of_memory", "kills": kills }),
            Degraded::GpuLost => json!({ "reason": "gpu_lost" }),
            Degraded::NotWorking { probe, detail } => {
                json!({ "reason": "not_working", "probe": probe, "detail": safe(detail) })
            }
        },
        Verdict::Loop { count, counted, next_retry, exit_code, oom } => json!({
            "count": count,
            "window_s": match counted {
                Counted::Within(window) => Some(window.num_seconds()),
                Counted::SinceStartByHand => None,
            },
            "next_retry": next_retry.map(moment),
            "exit_code": exit_code,
            "oom": oom,
        }),
        Verdict::Stopped { exit_code, oom, wanted: asked, next_retry } => json!({
            "exit_code": exit_code,
            "oom": oom,
            "wanted": wanted(*asked),
            "next_retry": next_retry.map(moment),
        }),
        Verdict::Missing { expected } => json!({ "expected": expected }),
        Verdict::Unknown { age } => json!({ "age_s": age.map(|age| age.num_seconds()) }),
        Verdict::Paused | Verdict::NoCheck | Verdict::Orphan => json!({}),
    }
}
