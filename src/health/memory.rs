// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What must be remembered of a container because the engine forgets it: deaths, starts, requests to stop, OOM kills.
//!
//! An engine's restart count goes back to 0 at every start by hand, a child's OOM kill exists only as an event, and
//! nothing in an inspection tells a stop by hand from a crash. Each list is a set of moments, kept in order and capped
//! by age, so any order of arrival, and any repetition, gives the same memory.
//!
//! Limits: the newest 64 of each kind; what happened before the watch began is not known.

use std::collections::BTreeSet;

use chrono::TimeDelta;

use super::crashes::{Crashes, Death, Restarts, crashes};
use super::event::{Event, EventKind};
use super::observation::{Container, Phase, Timestamp};

/// Entries kept of each kind.
const KEPT: usize = 64;

/// OOM kills this close together are one: Engine 20.10 sends up to seven events for one kill.
const OOM_BURST: TimeDelta = TimeDelta::seconds(5);

/// An OOM kill that the container survived is spoken of for this long.
pub const OOM_WINDOW: TimeDelta = TimeDelta::minutes(30);

/// Engine 20.10 tells of a `stop` after the death that it caused, newer engines before it.
const STOP_AFTER_DEATH: TimeDelta = TimeDelta::seconds(2);

/// A request is answered within this time, or it was none: programs may do something else on a signal, and go on.
const REQUEST_HOLDS: TimeDelta = TimeDelta::minutes(10);

/// Bounded memory of one container.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Memory {
    starts: BTreeSet<Timestamp>,
    deaths: BTreeSet<(Timestamp, i64)>,
    requests: BTreeSet<Timestamp>,
    oom: BTreeSet<Timestamp>,
    /// Starts and ends that inspections told of. Kept apart, because an event and an inspection of the same happening
    /// differ by milliseconds: whether one of them is news is decided when the memory is read.
    inspected_starts: BTreeSet<Timestamp>,
    inspected_deaths: BTreeSet<(Timestamp, Restarts)>,
}

impl Memory {
    /// Takes in one event.
    pub fn record(&mut self, event: &Event) {
        match event.kind {
            EventKind::Started => keep(&mut self.starts, event.time),
            EventKind::Died { exit_code } => keep(&mut self.deaths, (event.time, exit_code)),
            EventKind::OutOfMemory => keep(&mut self.oom, event.time),
            _ if event.kind.asks_to_stop() => keep(&mut self.requests, event.time),
            _ => {}
        }
    }

    /// Takes in the moments of an inspection: a start or an end that perhaps no event told of.
    pub fn observe(&mut self, container: &Container) {
        if let Some(start) = container.started_at {
            keep(&mut self.inspected_starts, start);
        }
        let is_over = matches!(container.phase(), Phase::Ended | Phase::Waiting);
        // A start by hand puts the engine's count back, so one that is counted followed a death that nobody asked for.
        let was_restarted = container.phase() == Phase::Running && container.restart_count > 0;
        if let Some(end) = container.finished_at.filter(|_| is_over || was_restarted) {
            keep(&mut self.inspected_deaths, (end, Restarts::of(container, end)));
        }
    }

    /// All known starts.
    fn starts(&self) -> BTreeSet<Timestamp> {
        let is_news = |at: &Timestamp| self.starts.range(*at - NEAR..=*at + NEAR).next().is_none();
        self.starts.iter().copied().chain(self.inspected_starts.iter().copied().filter(is_news)).collect()
    }

    /// All known deaths.
    fn deaths(&self) -> BTreeSet<Timestamp> {
        let told: BTreeSet<Timestamp> = self.deaths.iter().map(|(at, _)| *at).collect();
        let is_news = |at: &Timestamp| told.range(*at - NEAR..=*at + NEAR).next().is_none();
        let inspected = self.inspected_deaths.iter().map(|(at, _)| *at).filter(is_news);
        let both: BTreeSet<Timestamp> = inspected.chain(told.iter().copied()).collect();
        both
    }

    /// Whether somebody asked the engine to end the run that began at `started` and ended at `ended`.
    #[must_use]
    pub fn was_asked(&self, started: Option<Timestamp>, ended: Timestamp) -> bool {
        let next_start = self.starts().range(ended + TimeDelta::nanoseconds(1)..).next().copied();
        let until = next_start.map_or(ended + STOP_AFTER_DEATH, |next| next.min(ended + STOP_AFTER_DEATH));
        // A start after the end is of a clock that was set back in between, and bounds nothing.
        let started = started.filter(|start| *start <= ended);
        let from = started.map_or(ended - REQUEST_HOLDS, |start| start.max(ended - REQUEST_HOLDS));
        self.requests.iter().any(|asked| (from..=until).contains(asked))
    }

    /// Whether the death nearest to `ended` was seen as it happened.
    #[must_use]
    pub fn saw_death(&self, ended: Timestamp) -> bool {
        let near = ended - NEAR..=ended + NEAR;
        self.deaths.iter().any(|(death, _)| near.contains(death))
    }

    /// The exit code of the last death, where its event has come.
    #[must_use]
    pub fn last_exit_code(&self) -> Option<i64> {
        let (at, exit_code) = *self.deaths.last()?;
        let is_last = self.inspected_deaths.last().is_none_or(|(end, _)| *end <= at + NEAR);
        is_last.then_some(exit_code)
    }

    /// The deaths that nobody asked for, up to `now`.
    #[must_use]
    pub fn crashes(&self, now: Timestamp) -> Crashes {
        let starts = self.starts();
        let mut before: Option<Timestamp> = None;
        let deaths = self.deaths().into_iter().map(|at| {
            let started = starts.range(..=at).next_back().copied();
            // The start of a run that was missed lies after the death before.
            let began = started.max(before);
            before = Some(at);
            Death {
                at,
                run: began.map(|began| at - began),
                asked: self.was_asked(started, at),
                restarts: self.restarts(at),
            }
        });
        crashes(deaths, now)
    }

    /// What the engine had counted by the death at `at`, where it was looked at.
    fn restarts(&self, at: Timestamp) -> Option<Restarts> {
        let near = |(end, _): &&(Timestamp, Restarts)| (*end - at).abs() <= NEAR;
        self.inspected_deaths.iter().filter(near).map(|(_, restarts)| *restarts).max()
    }

    /// OOM kills since `since` in the last half hour before `now`, bursts counted once.
    #[must_use]
    pub fn oom_kills(&self, since: Option<Timestamp>, now: Timestamp) -> u32 {
        let from = since.map_or(now - OOM_WINDOW, |since| since.max(now - OOM_WINDOW));
        let mut burst: Option<Timestamp> = None;
        let mut count = 0;
        for &kill in self.oom.iter().filter(|kill| **kill >= from && **kill <= now) {
            if burst.is_none_or(|start| kill - start > OOM_BURST) {
                burst = Some(kill);
                count += 1;
            }
        }
        count
    }

    /// Whether an OOM kill fell into the run that began at `since`, however long ago.
    #[must_use]
    pub fn has_oom_since(&self, since: Timestamp) -> bool {
        self.oom.range(since..).next().is_some()
    }
}

/// Two stamps this close are of the same happening: an event and the inspection of it differ by milliseconds.
const NEAR: TimeDelta = TimeDelta::milliseconds(900);

fn keep<T: Ord>(set: &mut BTreeSet<T>, item: T) {
    set.insert(item);
    while set.len() > KEPT {
        set.pop_first();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::health::crashes::is_steady;
    use crate::health::testing::{at, ended, event};

    fn memory(events: &[(i64, EventKind)]) -> Memory {
        let mut memory = Memory::default();
        for (second, kind) in events {
            memory.record(&event("web", at(*second), kind.clone()));
        }
        memory
    }

    #[test]
    fn dying_every_eleven_seconds_is_counted_although_the_engine_resets_its_wait() {
        let events: Vec<_> = (0..6_i64)
            .flat_map(|run| [(run * 11, EventKind::Started), (run * 11 + 11, EventKind::Died { exit_code: 3 })])
            .collect();
        let crashes = memory(&events).crashes(at(66));
        assert_eq!((crashes.count, crashes.in_a_row), (6, 1));
        assert!(!is_steady(&crashes, Some(at(66)), at(100)));
        assert!(is_steady(&crashes, Some(at(66)), at(126)));
    }

    #[test]
    fn a_restart_by_hand_is_no_crash_in_either_order_of_stop_and_die() {
        for (die, stop) in [(12, 13), (13, 12)] {
            let memory = memory(&[
                (0, EventKind::Started),
                (11, EventKind::Killed { signal: 15 }),
                (die, EventKind::Died { exit_code: 143 }),
                (stop, EventKind::Stopped),
                (14, EventKind::Started),
            ]);
            assert_eq!(memory.crashes(at(20)).count, 0);
        }
    }

    #[test]
    fn a_stop_told_after_the_death_still_asked_for_it() {
        let memory =
            memory(&[(0, EventKind::Started), (10, EventKind::Died { exit_code: 0 }), (11, EventKind::Stopped)]);
        assert!(memory.was_asked(Some(at(0)), at(10)));
    }

    #[test]
    fn a_request_to_an_earlier_run_does_not_excuse_a_later_death() {
        let memory = memory(&[
            (0, EventKind::Started),
            (10, EventKind::Killed { signal: 15 }),
            (10, EventKind::Died { exit_code: 143 }),
            (11, EventKind::Started),
            (50, EventKind::Died { exit_code: 1 }),
        ]);
        assert!(!memory.was_asked(Some(at(11)), at(50)));
        assert_eq!(memory.crashes(at(60)).count, 1);
    }

    #[test]
    fn a_signal_that_a_program_outlived_does_not_excuse_its_death_much_later() {
        let memory = memory(&[(0, EventKind::Started), (5, EventKind::Killed { signal: 3 })]);
        assert!(memory.was_asked(Some(at(0)), at(9)));
        assert!(!memory.was_asked(Some(at(0)), at(3_600)));
    }

    #[test]
    fn a_signal_that_only_talks_is_no_request() {
        let memory = memory(&[(0, EventKind::Started), (5, EventKind::Killed { signal: 1 })]);
        assert!(!memory.was_asked(Some(at(0)), at(9)));
    }

    #[test]
    fn seven_oom_events_of_one_kill_are_one() {
        let mut memory = Memory::default();
        for millisecond in 0..7 {
            let time = at(100) + TimeDelta::milliseconds(millisecond * 6);
            memory.record(&event("web", time, EventKind::OutOfMemory));
        }
        assert_eq!(memory.oom_kills(Some(at(0)), at(200)), 1);
        memory.record(&event("web", at(150), EventKind::OutOfMemory));
        assert_eq!(memory.oom_kills(Some(at(0)), at(200)), 2);
        assert_eq!(memory.oom_kills(Some(at(160)), at(200)), 0);
        assert_eq!(memory.oom_kills(Some(at(0)), at(4_000)), 0);
    }

    #[test]
    fn an_event_and_the_inspection_of_it_count_once_in_either_order() {
        let container = ended("web", 10, 1);
        let death = event("web", at(10) + TimeDelta::milliseconds(8), EventKind::Died { exit_code: 1 });
        let mut first = Memory::default();
        first.observe(&container);
        first.record(&death);
        let mut second = Memory::default();
        second.record(&death);
        second.observe(&container);
        assert_eq!(first, second);
        assert_eq!(first.crashes(at(20)).count, 1);
    }

    proptest! {
        #[test]
        fn order_and_repetition_do_not_matter_and_memory_is_bounded(
            facts in proptest::collection::vec((0_i64..900, 0_usize..5), 0..300),
            seed: u64,
        ) {
            let kinds = [
                EventKind::Started,
                EventKind::Died { exit_code: 1 },
                EventKind::Killed { signal: 15 },
                EventKind::Stopped,
                EventKind::OutOfMemory,
            ];
            let events: Vec<_> = facts.iter().map(|(second, kind)| (*second, kinds[*kind].clone())).collect();
            let mut shuffled = events.clone();
            shuffled.extend(events.iter().take(20).cloned());
            let length = shuffled.len().max(1) as u64;
            for index in 0..shuffled.len() {
                let other = seed.wrapping_mul(index as u64 + 7) % length;
                shuffled.swap(index, usize::try_from(other).unwrap_or(0));
            }
            let one = memory(&events);
            prop_assert_eq!(&one, &memory(&shuffled));
            prop_assert!(one.deaths.len() <= KEPT && one.oom.len() <= KEPT);
        }
    }
}
