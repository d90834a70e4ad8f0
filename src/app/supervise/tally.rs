// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Counts over a whole run, which neither the engine nor a verdict keeps.

use std::collections::BTreeMap;

use super::sight::Run;
use crate::health::Transition;
use crate::health::board::SlotKey;

/// What is counted of one service.
#[derive(Debug, Clone, Default)]
pub(super) struct Tally {
    pub(super) restarts: u64,
    pub(super) oom_kills: u64,
    pub(super) attempts: BTreeMap<&'static str, u64>,
    last: Option<Run>,
}

/// The counts of all services.
#[derive(Debug, Clone, Default)]
pub(super) struct Tallies(BTreeMap<SlotKey, Tally>);

impl Tallies {
    /// Takes the present run of a service. The engine's count goes back to nothing at each start by hand, so only what it
    /// grows by is added.
    pub(super) fn run(&mut self, key: &SlotKey, run: &Run) {
        let tally = self.0.entry(key.clone()).or_default();
        if let Some(last) = &tally.last
            && last.container == run.container
        {
            tally.restarts += u64::from(run.restart_count.saturating_sub(last.restart_count));
        }
        tally.last = Some(run.clone());
    }

    /// Takes a change.
    pub(super) fn transition(&mut self, transition: &Transition) {
        if transition.cause.oom && transition.from.is_some() {
            self.0.entry(transition.key.clone()).or_default().oom_kills += 1;
        }
    }

    /// Takes how an attempt ended.
    pub(super) fn attempt(&mut self, key: &SlotKey, result: &'static str) {
        *self.0.entry(key.clone()).or_default().attempts.entry(result).or_default() += 1;
    }

    /// The counts of a service.
    pub(super) fn of(&self, key: &SlotKey) -> Tally {
        self.0.get(key).cloned().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn restarts_are_counted_over_resets_and_recreates() {
        let key = SlotKey {
            context: "default".to_owned(),
            project: "voice".to_owned(),
            service: "bus".to_owned(),
            number: 1,
            one_off: None,
        };
        let mut tallies = Tallies::default();
        let run = |container: &str, restart_count| Run {
            container: container.to_owned(),
            started_at: None,
            restart_count,
            is_up: true,
        };
        // The first count is from before this run; then 2 more, a start by hand, 1 more, another container, 3 more.
        for (container, count) in [("a", 7), ("a", 9), ("a", 0), ("a", 1), ("b", 5), ("b", 8)] {
            tallies.run(&key, &run(container, count));
        }
        assert_eq!(tallies.of(&key).restarts, 6);
    }
}
