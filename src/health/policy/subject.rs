// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! One service as the policy sees it.

use chrono::TimeDelta;

use super::settings::LABEL;
use crate::health::board::{Row, SlotKey};
use crate::health::definition::{Definition, Need, labelled_needs};
use crate::health::observation::{CheckTimings, Timestamp};
use crate::health::verdict::Verdict;

/// The shortest time that a service gets to show that an attempt helped.
const SHORTEST_GRACE: TimeDelta = TimeDelta::seconds(30);

/// One service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// Which.
    pub key: SlotKey,
    /// Its verdict.
    pub verdict: Verdict,
    /// The start of its present run.
    pub started_at: Option<Timestamp>,
    /// How long it may take from a start to a verdict: start period and retries times interval and timeout.
    pub grace: TimeDelta,
    /// Whether it is meant to end.
    pub is_one_shot: bool,
    /// Whether a restart or recreate is perhaps under way.
    pub is_quiet: bool,
    /// What it needs.
    pub needs: Vec<Need>,
    /// The label `stackctl.heal`.
    pub label: Option<String>,
}

impl Subject {
    /// From a row of the board and what the file says of the service. The container's label is the one that was in force
    /// when it was made; the file's stands in where there is no container.
    #[must_use]
    pub fn new(row: &Row, definition: Option<&Definition>) -> Self {
        let container = row.container.as_ref();
        let longest = container.and_then(|one| one.check).as_ref().map(CheckTimings::longest_to_verdict);
        let label = match container {
            Some(container) => container.labels.get(LABEL),
            None => definition.and_then(|definition| definition.labels.get(LABEL)),
        };
        Self {
            key: row.key.clone(),
            verdict: row.verdict.clone(),
            started_at: container.and_then(|one| one.started_at),
            grace: longest.unwrap_or(SHORTEST_GRACE).max(SHORTEST_GRACE),
            is_one_shot: definition.is_some_and(|definition| definition.one_shot) || row.key.one_off.is_some(),
            is_quiet: row.is_quiet,
            needs: definition.map_or_else(
                || container.map(|one| labelled_needs(&one.labels)).unwrap_or_default(),
                |definition| definition.needs.clone(),
            ),
            label: label.cloned(),
        }
    }
}
