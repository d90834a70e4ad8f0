// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What one container uses, over its last samples.

use std::collections::VecDeque;

use crate::app::dashboard::Usage;

/// Samples that are drawn.
const KEPT: usize = 24;

/// The last samples of one container.
#[derive(Debug, Clone, Default)]
pub struct Trend {
    /// The newest.
    pub last: Usage,
    /// Shares of one processor, oldest first: 1.0 is one that is busy all the time.
    pub cpu: VecDeque<f64>,
    /// Bytes received and sent in a second.
    pub network: Option<(f64, f64)>,
}

impl Trend {
    /// Takes the next sample.
    #[expect(clippy::cast_precision_loss, reason = "rates for people")]
    pub fn add(&mut self, usage: Usage) {
        let before = std::mem::replace(&mut self.last, usage);
        let (Some(then), Some(now)) = (before.time, usage.time) else { return };
        let Some(share) = usage.cpu_share_since(&before) else {
            // Started anew: the old counters say nothing of this run.
            self.cpu.clear();
            self.network = None;
            return;
        };
        if self.cpu.len() == KEPT {
            self.cpu.pop_front();
        }
        self.cpu.push_back(share);
        let seconds = (now - then).num_milliseconds() as f64 / 1000.0;
        let rate = |now: u64, before: u64| now.saturating_sub(before) as f64 / seconds;
        self.network = (seconds > 0.0)
            .then(|| (rate(usage.received_bytes, before.received_bytes), rate(usage.sent_bytes, before.sent_bytes)));
    }

    /// The share of one processor, where two samples tell it.
    #[must_use]
    pub fn share(&self) -> Option<f64> {
        self.cpu.back().copied()
    }
}
