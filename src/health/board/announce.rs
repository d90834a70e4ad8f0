// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What of a row's changes is told, and when: not every change of a verdict is news.
//!
//! A stop on request and a removal wait a few seconds, because a restart or a recreate begins with them and is one
//! piece of news, not four. So does a kill for memory, because the main process may have been the one, a death by
//! SIGKILL, because it may have been for memory, and a loop whose last exit code is not yet known. After an outage of the
//! engine, checks begin again; a service that was fine before is not told as starting.

use chrono::TimeDelta;

use super::notice::{Cause, CauseKind, Source};
use crate::health::explain::phrase::whole;
use crate::health::observation::{CheckTimings, Container, Phase, Timestamp};
use crate::health::verdict::{Degraded, State, Verdict, Wanted};

/// How long a kill for memory that its container has survived so far is held back: of the main process, the engine tells
/// the same, and its death milliseconds later.
pub(super) const SURVIVED: TimeDelta = TimeDelta::seconds(1);

/// The exit code of a process that SIGKILL ended.
pub(super) const KILLED: i64 = 137;

/// How long a stop on request or a removal is held back.
const QUIET: TimeDelta = TimeDelta::seconds(5);

/// How long a replacement that was made and not yet started is waited for: Compose makes the new container, stops the
/// old one (which may take its whole grace period), then starts the new one.
const REPLACEMENT: TimeDelta = TimeDelta::seconds(60);

/// The event of a start follows the moment that an inspection gives for it within this time.
const SAME_START: TimeDelta = TimeDelta::seconds(2);

/// What was told last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) verdict: Verdict,
    container: Option<String>,
    started_at: Option<Timestamp>,
}

impl Told {
    /// Whether the container was started anew since. The moments of one start differ between its event and an
    /// inspection, so another run is one that an end precedes, or that began clearly later.
    fn is_run_before(&self, container: &Container) -> bool {
        let Some((began, before)) = container.started_at.zip(self.started_at) else { return false };
        let has_ended = container.finished_at.is_some_and(|end| end > before);
        began > before && (has_ended || began - before > SAME_START)
    }
}

/// What must be remembered of a row to tell only news.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Announcer {
    pub(super) told: Option<Told>,
    /// Since when a change is held back, and how it came to be known.
    pending: Option<(Timestamp, Source)>,
    /// After an outage: since when, and for how long, "starting" is no news.
    hold: Option<(Timestamp, TimeDelta)>,
}

/// Something to tell.
pub(super) struct News {
    pub(super) from: Option<Verdict>,
    pub(super) cause: Cause,
    pub(super) source: Source,
}

impl Announcer {
    /// Whether there is nothing left to tell of a slot that has no container and is in no file.
    pub(super) fn is_done(&self) -> bool {
        self.told.as_ref().is_none_or(|told| matches!(told.verdict.state(), State::Missing | State::Absent))
    }

    /// Whether a restart or recreate is perhaps under way.
    pub(super) const fn is_quiet(&self) -> bool {
        self.pending.is_some()
    }

    /// After an outage: checks that begin again are no news for as long as they may take.
    pub(super) fn hold(&mut self, container: Option<&Container>, now: Timestamp) {
        let was_up = self.told.as_ref().is_some_and(|told| {
            matches!(told.verdict.state(), State::Ok | State::Unhealthy | State::Degraded | State::NoCheck)
        });
        if let Some(container) = container.filter(|_| was_up) {
            let longest = container.check.unwrap_or_else(CheckTimings::default).longest_to_verdict();
            self.hold = Some((now, longest));
        }
    }

    /// The news in `verdict`, if any; remembers it as told.
    pub(super) fn news(
        &mut self,
        verdict: &Verdict,
        container: Option<&Container>,
        source: Source,
        now: Timestamp,
    ) -> Option<News> {
        let state = verdict.state();
        if state == State::Unknown {
            return None;
        }
        let Some(told) = self.told.clone() else {
            self.remember(verdict, container);
            // A service that is not to run is no news at first sight.
            let is_news = state != State::Absent;
            return is_news.then(|| News {
                from: None,
                cause: cause(CauseKind::FirstSeen, verdict, container),
                source,
            });
        };
        let is_other_container = container.is_some_and(|one| told.container.as_ref() != Some(&one.id));
        let is_other_run = container.is_some_and(|one| told.is_run_before(one));
        let is_same = verdict.is_same_state(&told.verdict);
        let is_other = is_other_container || is_other_run;
        // A moment before the outage was over is of a clock that was set back.
        let is_held = self.hold.is_some_and(|(since, longest)| since <= now && now < since + longest);
        if !is_other && state == State::Starting && is_held {
            return None;
        }
        // Every run of a loop is another one, and no news.
        if is_same && (!is_other || state == State::Loop && !is_other_container) {
            self.pending = None;
            self.hold = None;
            // Details such as the streak go on without news.
            self.remember(verdict, container);
            return None;
        }
        if let Some(wait) = wait(verdict, container, is_other_container, &told) {
            let (since, _) = self.pending.get_or_insert((now, source));
            // A clock that was set back must not keep it back longer than that.
            *since = (*since).min(now);
            if now < *since + wait {
                return None;
            }
        }
        let pending = self.pending.take();
        let was_quiet = pending.is_some();
        // That the wait is over is not how it came to be known.
        let source = pending.filter(|_| source == Source::Clock).map_or(source, |(_, source)| source);
        self.hold = None;
        let kind = if is_same && container.is_none() {
            CauseKind::Time
        } else {
            kind(&told.verdict, verdict, (is_other_container, is_other_run), was_quiet, source)
        };
        self.remember(verdict, container);
        Some(News { from: Some(told.verdict), cause: cause(kind, verdict, container), source })
    }

    fn remember(&mut self, verdict: &Verdict, container: Option<&Container>) {
        self.told = Some(Told {
            verdict: verdict.clone(),
            container: container.map(|one| one.id.clone()),
            started_at: container.and_then(|one| one.started_at),
        });
    }
}

/// How long this may wait, when it may be the first half of a restart or recreate.
fn wait(verdict: &Verdict, container: Option<&Container>, is_other_container: bool, told: &Told) -> Option<TimeDelta> {
    let was_up = !matches!(told.verdict.state(), State::Missing | State::Absent);
    match container {
        None => was_up.then_some(QUIET),
        Some(container) if is_other_container && container.phase() == Phase::Created => Some(REPLACEMENT),
        Some(_) => match verdict {
            Verdict::Stopped { wanted: Wanted::Asked, .. } => Some(QUIET),
            Verdict::Degraded { reason: Degraded::ChildOutOfMemory { .. } }
            // Perhaps for memory: engines tell that before the death or just after it.
            | Verdict::Stopped { wanted: Wanted::Unasked, exit_code: Some(KILLED), oom: false, next_retry: None }
            // A look has overtaken the event of the last death, which tells its exit code.
            | Verdict::Loop { exit_code: None, .. } => Some(SURVIVED),
            _ => None,
        },
    }
}

impl Verdict {
    /// Whether the two differ in details alone: counts, outputs, times.
    #[must_use]
    pub fn is_same_state(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Degraded { reason: one }, Self::Degraded { reason: two }) => match (one, two) {
                (Degraded::NotWorking { probe: one, .. }, Degraded::NotWorking { probe: two, .. }) => one == two,
                _ => std::mem::discriminant(one) == std::mem::discriminant(two),
            },
            (Self::Ok { completed: one }, Self::Ok { completed: two }) => one == two,
            _ => self.state() == other.state(),
        }
    }
}

/// What the change from `from` to `to` is called.
fn kind(
    from: &Verdict,
    to: &Verdict,
    (is_other_container, is_other_run): (bool, bool),
    was_quiet: bool,
    source: Source,
) -> CauseKind {
    let was_up = !matches!(from.state(), State::Missing | State::Absent | State::Crashed | State::Stopped);
    match (from.state(), to.state()) {
        (_, State::Loop) => CauseKind::LoopBegan,
        (_, State::Crashed) => CauseKind::Exited,
        (_, State::Stopped) if matches!(to, Verdict::Stopped { wanted: Wanted::Unknown, .. }) => CauseKind::Exited,
        (_, State::Stopped) => CauseKind::StoppedOnRequest,
        (_, State::Missing | State::Absent) => CauseKind::Removed,
        (_, State::Orphan) | (State::Orphan, _) => CauseKind::File,
        (_, State::Paused) => CauseKind::Paused,
        _ if is_other_container && (was_up || was_quiet) => CauseKind::Recreated,
        (_, State::Ok) if matches!(to, Verdict::Ok { completed: true }) => CauseKind::Completed,
        _ if is_other_run && (was_up && from.state() != State::Loop) => CauseKind::Restarted,
        (State::Paused, _) => CauseKind::Unpaused,
        (State::Loop, _) if !is_other_run => CauseKind::Time,
        _ if !was_up || is_other_run || is_other_container => CauseKind::Started,
        (_, State::Degraded) => match to {
            Verdict::Degraded { reason: Degraded::ChildOutOfMemory { .. } } => CauseKind::OutOfMemory,
            _ => CauseKind::Functional,
        },
        (State::Degraded, State::Ok | State::NoCheck) if source == Source::Probe => CauseKind::Functional,
        (State::Degraded, State::Ok | State::NoCheck) => CauseKind::Time,
        _ => CauseKind::Health,
    }
}

fn cause(kind: CauseKind, verdict: &Verdict, container: Option<&Container>) -> Cause {
    let is_over = container.is_some_and(|one| matches!(one.phase(), Phase::Ended | Phase::Waiting));
    let exit_code = container.filter(|_| is_over).map(|one| one.exit_code);
    let failed = container.and_then(|one| one.probes().rev().find(|probe| probe.exit_code != 0));
    let shows_probe = matches!(verdict, Verdict::Unhealthy { .. } | Verdict::Starting { .. });
    Cause {
        kind,
        exit_code,
        // Shells and engines report a death by signal as 128 and the signal's number.
        signal: exit_code.filter(|code| (129..=192).contains(code)).map(|code| code - 128),
        oom: match verdict {
            Verdict::Loop { oom, .. } | Verdict::Stopped { oom, .. } => *oom,
            Verdict::Degraded { reason: Degraded::ChildOutOfMemory { .. } } => true,
            _ => false,
        },
        streak: match verdict {
            Verdict::Unhealthy { streak, .. } => *streak,
            _ => None,
        },
        probe_output: failed.filter(|_| shows_probe).map(|probe| whole(&probe.output)),
    }
}
