// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Which containers are to be looked at, and when: once a burst of events is over, so that a stop and a start cost one
//! look, and the look does not overtake events that are still on their way.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use tokio::time::Instant;

use super::snapshot::LOOKS;
use crate::health::EventKind;
use crate::health::observation::HealthStatus;

/// A burst is over when nothing has come for this long.
const CALM: Duration = Duration::from_millis(100);
/// A container that never calms down is looked at after this.
const LATEST: Duration = Duration::from_secs(1);

/// When a container is to be looked at after an event of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Urgency {
    /// Not at all: another event says the same, or there is nothing left to look at.
    Never,
    /// After the burst.
    Calm,
    /// At once; the event is told with what is seen. What the failed probe printed stands in no event.
    AtOnce,
}

/// How urgent a look is after an event.
pub(super) const fn urgency(kind: &EventKind) -> Urgency {
    match kind {
        EventKind::Killed { .. }
        | EventKind::Stopped
        | EventKind::Destroyed
        | EventKind::Restarted
        | EventKind::ExecDied { .. } => Urgency::Never,
        EventKind::Health(HealthStatus::Unhealthy) => Urgency::AtOnce,
        _ => Urgency::Calm,
    }
}

/// When a look is due.
#[derive(Debug, Clone, Copy)]
struct Due {
    at: Instant,
    latest: Instant,
}

/// The looks to take.
#[derive(Debug, Default)]
pub(super) struct Looks {
    due: BTreeMap<String, Due>,
    under_way: BTreeSet<String>,
}

impl Looks {
    /// Notes that a container is to be looked at.
    pub(super) fn want(&mut self, id: &str, urgency: Urgency, now: Instant) {
        let wait = match urgency {
            Urgency::Never => return,
            Urgency::Calm => CALM,
            Urgency::AtOnce => Duration::ZERO,
        };
        let due = self.due.entry(id.to_owned()).or_insert(Due { at: now + wait, latest: now + LATEST });
        due.at = match urgency {
            Urgency::AtOnce => now,
            _ => (now + wait).min(due.latest),
        };
    }

    /// The next container to look at now, if there is one and room for it. Two looks at one container are never under
    /// way together.
    pub(super) fn next(&mut self, now: Instant) -> Option<String> {
        if self.under_way.len() >= LOOKS {
            return None;
        }
        let is_next = |(id, due): &(&String, &Due)| due.at <= now && !self.under_way.contains(*id);
        let id = self.due.iter().find(is_next)?.0.clone();
        self.due.remove(&id);
        self.under_way.insert(id.clone());
        Some(id)
    }

    /// A look has ended.
    pub(super) fn done(&mut self, id: &str) {
        self.under_way.remove(id);
    }

    /// When [`Self::next`] is to be asked again, unless a look ends before.
    pub(super) fn wake_at(&self) -> Option<Instant> {
        if self.under_way.len() >= LOOKS {
            return None;
        }
        self.due.iter().filter(|(id, _)| !self.under_way.contains(*id)).map(|(_, due)| due.at).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_burst_is_one_look_and_an_endless_one_is_looked_at_all_the_same() {
        let mut looks = Looks::default();
        let begin = Instant::now();
        let mut taken = Vec::new();
        for step in 0..40 {
            let now = begin + Duration::from_millis(50 * step);
            looks.want("a", Urgency::Calm, now);
            if let Some(id) = looks.next(now) {
                looks.done(&id);
                taken.push(step);
            }
        }
        assert_eq!(taken, [20]);
        assert!(looks.wake_at().is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn urgent_looks_do_not_wait_and_never_overlap() {
        let mut looks = Looks::default();
        let now = Instant::now();
        looks.want("a", Urgency::Calm, now);
        looks.want("a", Urgency::AtOnce, now);
        assert_eq!(looks.next(now).as_deref(), Some("a"));
        looks.want("a", Urgency::AtOnce, now);
        assert_eq!((looks.next(now), looks.wake_at()), (None, None));
        looks.done("a");
        assert_eq!(looks.next(now).as_deref(), Some("a"));
        looks.want("b", Urgency::Never, now);
        assert_eq!(looks.wake_at(), None);
    }

    #[tokio::test(start_paused = true)]
    async fn looks_under_way_are_limited() {
        let mut looks = Looks::default();
        let now = Instant::now();
        for number in 0..LOOKS + 3 {
            looks.want(&format!("c{number:02}"), Urgency::AtOnce, now);
        }
        assert_eq!(std::iter::from_fn(|| looks.next(now)).count(), LOOKS);
    }
}
