// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! When deaths are a loop, and when a loop is over: one walk over all deaths that are remembered.
//!
//! A loop goes on until a run has lasted, not until its crashes have left the window: else a service that dies every few
//! minutes would be told as well each time the oldest of them leaves.

use chrono::TimeDelta;

use super::backoff::ENGINE_RESET;
use super::observation::{Container, Timestamp};

/// Crashes within this time are counted together.
pub const LOOP_WINDOW: TimeDelta = TimeDelta::minutes(10);

/// As many crashes in [`LOOP_WINDOW`] are a loop.
pub const LOOP_COUNT: u32 = 5;

/// Deaths in a row, each after a run too short to reset the engine's wait, that are a loop: one crash is not yet one.
pub const SHORT_LOOP_COUNT: u32 = 2;

/// A loop is over when a run has lasted at least this long (or twice the longest time between two of its crashes).
pub const STEADY: TimeDelta = TimeDelta::seconds(60);

/// What the engine's own count of restarts says of a death.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Restarts {
    /// Restarts since the last start by hand.
    pub(super) count: u32,
    /// The mean time between them, where they make a loop's rate over the whole life of the container.
    pub(super) usual_run: Option<TimeDelta>,
}

impl Restarts {
    /// As an inspection tells, for a death at `end`.
    pub(super) fn of(container: &Container, end: Timestamp) -> Self {
        let count = container.restart_count;
        let usual_run = restarts_often(container, end).then(|| usual_run(container, end));
        Self { count, usual_run }
    }
}

/// The end of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Death {
    pub(super) at: Timestamp,
    /// The longest that the run can have taken; `None` when nothing is known of its start.
    pub(super) run: Option<TimeDelta>,
    /// Whether somebody asked for it.
    pub(super) asked: bool,
    /// What the engine counted by then, where it was looked at.
    pub(super) restarts: Option<Restarts>,
}

/// The deaths that nobody asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Crashes {
    /// How many in the window.
    pub count: u32,
    /// When the last one was.
    pub last: Option<Timestamp>,
    /// The longest time between two of them; those before the loop's window count only while the loop goes on.
    pub longest_gap: TimeDelta,
    /// How many at the end came after runs too short to reset the engine's wait.
    pub in_a_row: u32,
    /// Whether they are a loop that no run before the last death has ended.
    pub is_loop: bool,
}

/// What is carried from death to death.
#[derive(Default)]
struct Walk {
    crashes: Vec<Timestamp>,
    in_a_row: u32,
    is_loop: bool,
    usual_run: TimeDelta,
}

impl Walk {
    fn longest_gap(&self) -> TimeDelta {
        let gaps = self.crashes.windows(2).map(|pair| pair[1] - pair[0]);
        gaps.max().unwrap_or(TimeDelta::zero()).max(self.usual_run)
    }

    fn count(&self, now: Timestamp) -> u32 {
        let recent = self.crashes.iter().filter(|crash| **crash > now - LOOP_WINDOW);
        u32::try_from(recent.count()).unwrap_or(u32::MAX)
    }

    fn take(&mut self, death: &Death) {
        if self.is_loop && death.run.is_some_and(|run| run >= steady_after(self.longest_gap())) {
            *self = Self::default();
        }
        if !self.is_loop {
            self.crashes.retain(|crash| *crash > death.at - LOOP_WINDOW);
        }
        if death.asked {
            // Somebody acted; what is still many crashes in a short time stays that.
            self.in_a_row = 0;
            self.is_loop = self.count(death.at) >= LOOP_COUNT;
            return;
        }
        let is_long = death.run.is_some_and(|run| run >= ENGINE_RESET);
        self.in_a_row = if is_long { 1 } else { self.in_a_row + 1 };
        self.crashes.push(death.at);
        self.is_loop |= self.in_a_row >= SHORT_LOOP_COUNT || self.count(death.at) >= LOOP_COUNT;
        if let Some(restarts) = death.restarts.filter(|restarts| restarts.count >= SHORT_LOOP_COUNT) {
            let was_short = death.run.is_some_and(|run| run < ENGINE_RESET);
            let usual_run = restarts.usual_run.filter(|usual| death.run.is_none_or(|run| run < steady_after(*usual)));
            self.is_loop |= was_short || usual_run.is_some();
            self.usual_run = self.usual_run.max(usual_run.unwrap_or_default());
        }
    }
}

/// Walks over deaths, oldest first; those after `now` are left out.
pub(super) fn crashes(deaths: impl IntoIterator<Item = Death>, now: Timestamp) -> Crashes {
    let mut walk = Walk::default();
    for death in deaths.into_iter().filter(|death| death.at <= now) {
        walk.take(&death);
    }
    if !walk.is_loop {
        walk.crashes.retain(|crash| *crash > now - LOOP_WINDOW);
    }
    Crashes {
        count: walk.count(now),
        last: walk.crashes.last().copied(),
        longest_gap: walk.longest_gap(),
        in_a_row: if walk.crashes.is_empty() { 0 } else { walk.in_a_row },
        is_loop: walk.is_loop,
    }
}

/// How long a run must last to end a loop whose crashes are at most `gap` apart.
fn steady_after(gap: TimeDelta) -> TimeDelta {
    STEADY.max(gap * 2)
}

/// Whether a run that began at `started` has lasted long enough to end a loop with these crashes.
#[must_use]
pub fn is_steady(crashes: &Crashes, started: Option<Timestamp>, now: Timestamp) -> bool {
    started.is_some_and(|start| now - start >= steady_after(crashes.longest_gap))
}

/// Whether the engine's own count makes a loop's rate over the whole life of the container.
#[must_use]
pub fn restarts_often(container: &Container, now: Timestamp) -> bool {
    let age = (now - container.created_at).max(LOOP_WINDOW);
    let windows = age.num_seconds() / LOOP_WINDOW.num_seconds();
    i64::from(container.restart_count) >= i64::from(LOOP_COUNT) * windows.max(1)
}

/// Whether a run has lasted so long that the engine's count says nothing of the present any more.
#[must_use]
pub fn outlasts_usual(container: &Container, now: Timestamp) -> bool {
    container.started_at.is_none_or(|start| now - start >= steady_after(usual_run(container, now)))
}

/// The mean time between restarts over the whole life of the container.
fn usual_run(container: &Container, now: Timestamp) -> TimeDelta {
    (now - container.created_at) / i32::try_from(container.restart_count.max(1)).unwrap_or(i32::MAX)
}
