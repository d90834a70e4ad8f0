// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! When `status --wait` has waited enough.

use std::time::Duration;

use chrono::TimeDelta;

use super::Outcome;
use crate::health::Timestamp;
use crate::health::Verdict;
use crate::health::verdict::Wanted;

/// Time between two looks.
const PAUSE: Duration = Duration::from_millis(500);

/// How a wait ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Waited {
    /// All is well.
    Well,
    /// The time is up.
    TimedOut {
        /// How long was waited.
        limit: Duration,
    },
    /// A service has ended and nothing starts it again, so waiting is of no use.
    Hopeless {
        /// The service.
        service: String,
    },
}

/// The patience of one wait.
#[derive(Debug)]
pub(super) struct Patience {
    limit: Duration,
    until: Timestamp,
}

impl Patience {
    pub(super) fn new(limit: Duration, now: Timestamp) -> Self {
        Self { limit, until: now + TimeDelta::from_std(limit).unwrap_or(TimeDelta::days(365)) }
    }

    /// Whether the wait is over, and how. A stack of which nothing is there yet is waited for.
    pub(super) fn judge(&self, outcome: &Outcome, now: Timestamp) -> Option<Waited> {
        if outcome.is_all_well() && outcome.services().next().is_some() {
            return Some(Waited::Well);
        }
        let dead = outcome.services().find(|service| {
            matches!(
                service.verdict,
                Verdict::Stopped { wanted: Wanted::Unasked, next_retry: None, exit_code: Some(_), .. }
            )
        });
        if let Some(service) = dead {
            return Some(Waited::Hopeless { service: service.service.clone() });
        }
        (now >= self.until).then_some(Waited::TimedOut { limit: self.limit })
    }

    pub(super) async fn pause(&self) {
        tokio::time::sleep(PAUSE).await;
    }
}
