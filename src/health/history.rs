// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What a service did, longer than an engine remembers: probes (engines keep five) and changes of state.
//!
//! Limits: bounded in number and in bytes. When the bytes run out, outputs of the oldest probes go first, then the
//! oldest probes, then the oldest changes; results are kept longer than their words.

use std::collections::VecDeque;

use super::observation::{Container, Probe, Timestamp};
use super::verdict::State;

/// How much is kept of one service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HistoryLimits {
    /// Probes.
    pub probes: usize,
    /// Changes of state.
    pub changes: usize,
    /// Characters of one probe's output.
    pub output: usize,
    /// Bytes in all, by our own count of what the entries hold.
    pub bytes: usize,
}

impl Default for HistoryLimits {
    /// 120 probes, 60 changes, 512 characters an output, 48 KiB in all.
    fn default() -> Self {
        Self { probes: 120, changes: 60, output: 512, bytes: 48 * 1024 }
    }
}

/// One change of state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// When.
    pub at: Timestamp,
    /// The state left; `None` at the first sight.
    pub from: Option<State>,
    /// The state entered.
    pub to: State,
}

/// The bounded history of one service.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    limits: HistoryLimits,
    probes: VecDeque<Probe>,
    changes: VecDeque<Change>,
    output_bytes: usize,
}

impl History {
    /// An empty history with these limits.
    #[must_use]
    pub fn new(limits: HistoryLimits) -> Self {
        Self { limits, ..Self::default() }
    }

    /// Takes in the probes of an inspection that are not yet known. Those of earlier runs are history too.
    pub fn observe(&mut self, container: &Container) {
        for probe in container.health.iter().flat_map(|health| &health.log) {
            self.add_probe(probe);
        }
        self.shrink();
    }

    fn add_probe(&mut self, probe: &Probe) {
        // Newest last: nearly every new probe belongs at the end.
        let place = self.probes.iter().rposition(|known| known.start <= probe.start);
        if place.is_some_and(|place| self.probes[place].start == probe.start) {
            return;
        }
        let output: String = probe.output.chars().take(self.limits.output).collect();
        self.output_bytes += output.len();
        self.probes.insert(place.map_or(0, |place| place + 1), Probe { output, ..probe.clone() });
    }

    /// Adds a change of state.
    pub fn record(&mut self, change: Change) {
        self.changes.push_back(change);
        self.shrink();
    }

    fn shrink(&mut self) {
        while self.probes.len() > self.limits.probes {
            self.drop_probe();
        }
        while self.changes.len() > self.limits.changes {
            self.changes.pop_front();
        }
        let fixed = fixed_bytes(self.probes.len(), self.changes.len());
        for probe in &mut self.probes {
            if self.output_bytes + fixed <= self.limits.bytes {
                break;
            }
            self.output_bytes -= probe.output.len();
            probe.output = String::new();
        }
        while self.bytes() > self.limits.bytes && !self.probes.is_empty() {
            self.drop_probe();
        }
        while self.bytes() > self.limits.bytes && !self.changes.is_empty() {
            self.changes.pop_front();
        }
    }

    fn drop_probe(&mut self) {
        if let Some(probe) = self.probes.pop_front() {
            self.output_bytes -= probe.output.len();
        }
    }

    /// Bytes that the entries hold.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.output_bytes + fixed_bytes(self.probes.len(), self.changes.len())
    }

    /// The probes, oldest first.
    #[must_use]
    pub fn probes(&self) -> impl DoubleEndedIterator<Item = &Probe> {
        self.probes.iter()
    }

    /// The changes, oldest first.
    #[must_use]
    pub fn changes(&self) -> impl DoubleEndedIterator<Item = &Change> {
        self.changes.iter()
    }

    /// The share of passed probes in thousandths; `None` without any.
    #[must_use]
    pub fn passed_per_mille(&self) -> Option<u32> {
        let passed = self.probes.iter().filter(|probe| probe.exit_code == 0).count();
        u32::try_from((passed * 1_000).checked_div(self.probes.len())?).ok()
    }
}

const fn fixed_bytes(probes: usize, changes: usize) -> usize {
    probes * size_of::<Probe>() + changes * size_of::<Change>()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::health::observation::{Health, HealthStatus};
    use crate::health::testing::{at, probe, running};

    fn seen(probes: Vec<Probe>) -> Container {
        let mut container = running("web");
        container.health = Some(Health { status: HealthStatus::Healthy, failing_streak: Some(0), log: probes });
        container
    }

    #[test]
    fn overlapping_inspections_give_each_probe_once_in_order() {
        let mut history = History::default();
        history.observe(&seen((0..5).map(|n| probe(n * 10, 0, "")).collect()));
        history.observe(&seen((3..8).map(|n| probe(n * 10, 0, "")).collect()));
        history.observe(&seen(vec![probe(25, 1, "late")]));
        let starts: Vec<_> = history.probes().map(|one| one.start).collect();
        assert_eq!(starts, [0, 10, 20, 25, 30, 40, 50, 60, 70].map(at));
        assert_eq!(history.passed_per_mille(), Some(888));
        assert_eq!(History::default().passed_per_mille(), None);
    }

    #[test]
    fn words_go_before_results() {
        let limits = HistoryLimits { bytes: 10 * size_of::<Probe>() + 100, ..HistoryLimits::default() };
        let mut history = History::new(limits);
        history.observe(&seen((0..10).map(|n| probe(n, 1, &"x".repeat(40))).collect()));
        assert_eq!(history.probes().count(), 10);
        let words: Vec<usize> = history.probes().map(|one| one.output.len()).collect();
        assert_eq!(words, [0, 0, 0, 0, 0, 0, 0, 0, 40, 40]);
    }

    proptest! {
        #[test]
        fn limits_hold_whatever_comes(
            batches in proptest::collection::vec(proptest::collection::vec((0_i64..500, ".{0,90}"), 0..6), 0..60),
            bytes in 0_usize..8_000,
        ) {
            let limits = HistoryLimits { probes: 20, changes: 5, output: 64, bytes };
            let mut history = History::new(limits);
            for batch in batches {
                history.observe(&seen(batch.iter().map(|(start, text)| probe(*start, 0, text)).collect()));
                history.record(Change { at: at(0), from: None, to: State::Ok });
                prop_assert!(history.bytes() <= bytes);
                prop_assert!(history.probes().count() <= 20 && history.changes().count() <= 5);
                let outputs: usize = history.probes().map(|one| one.output.len()).sum();
                prop_assert_eq!(outputs, history.output_bytes);
            }
        }
    }
}
