// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Who looks on while engines are followed.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use super::backlog::Backlog;
use super::news::News;
use crate::health::board::SlotKey;
use crate::health::policy::Link;
use crate::health::verdict::FunctionalResult;
use crate::health::{Board, Timestamp};

/// Everything that is known of one engine at one moment.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    /// The engine's name.
    pub context: &'a str,
    /// All that is known of it. Holds no other engine.
    pub board: &'a Board,
    /// Now, by the engine's clock.
    pub now: Timestamp,
    /// Whether it can be asked, and since when.
    pub link: Link,
    /// What must not be shown, by container.
    pub secrets: &'a BTreeMap<String, Vec<String>>,
    /// Events heard of it so far.
    pub events: u64,
    /// How long the last event was on its way; `None` before the first.
    pub lag: Option<TimeDelta>,
}

/// Looks on. Nothing here may wait or take long: an engine drops events for a reader that lags.
pub trait Observer {
    /// Something has changed.
    fn news(&self, news: News);

    /// What is known now: after each change, and each second.
    fn look(&self, view: &View<'_>) {
        let _ = view;
    }

    /// What probes have found out since the last time, for the board. Asked each second.
    fn found(&self, context: &str) -> Vec<(SlotKey, FunctionalResult)> {
        let _ = context;
        Vec::new()
    }
}

impl Observer for Backlog {
    fn news(&self, news: News) {
        self.push(news);
    }
}
