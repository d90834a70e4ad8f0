// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! One service under supervision: waiting, attempts, probation, breaker.
//!
//! Limits: attempts are counted in a sliding window and never forgotten sooner, whatever else happens to the service.

use std::collections::VecDeque;

use super::settings::Limits;
use crate::health::backoff::supervisor_wait;
use crate::health::observation::Timestamp;
use crate::health::verdict::{Degraded, Verdict, Wanted};
use chrono::TimeDelta;

/// What a verdict means for the supervisor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// Nothing to do.
    Fine,
    /// On its way, or not to be told: wait.
    Pending,
    /// Bad, and a restart may help.
    Treatable,
    /// Bad, and a restart does not help.
    Told,
    /// Somebody wants it so: never touched.
    Left,
}

/// The class of a verdict. `is_one_shot` services are never run again: what they do may not bear being done twice.
pub(super) const fn class(verdict: &Verdict, is_one_shot: bool) -> Class {
    match verdict {
        Verdict::Ok { .. } | Verdict::NoCheck | Verdict::Missing { expected: false } => Class::Fine,
        Verdict::Starting { .. } | Verdict::Unknown { .. } => Class::Pending,
        Verdict::Unhealthy { .. } | Verdict::Degraded { reason: Degraded::GpuLost } if !is_one_shot => Class::Treatable,
        // A loop is restarted by the engine already; one more hand does no good. A child's OOM kill and a missing
        // container are not mended by a restart either.
        Verdict::Unhealthy { .. }
        | Verdict::Degraded { .. }
        | Verdict::Loop { .. }
        | Verdict::Missing { expected: true } => Class::Told,
        Verdict::Stopped { wanted: Wanted::Unasked, exit_code, next_retry, .. } => {
            // One that ended well and that the engine leaves ended may be a job that nobody called one.
            let has_failed = matches!(exit_code, Some(code) if *code != 0);
            if is_one_shot || !has_failed || next_retry.is_some() { Class::Told } else { Class::Treatable }
        }
        Verdict::Stopped { .. } | Verdict::Paused | Verdict::Orphan => Class::Left,
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Idle,
    Waiting { due: Timestamp, wait: TimeDelta },
    Probation { acted: Timestamp, until: Timestamp, is_half_open: bool },
    Open { until: Timestamp },
}

/// What a patient asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wish {
    Nothing,
    /// To be acted upon now: the number of the attempt in the window, and whether the breaker was open.
    Act {
        attempt: u32,
        is_half_open: bool,
    },
    /// The breaker has opened, and that was not told yet.
    GiveUp,
}

/// What holds for a patient at this moment.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment<'a> {
    pub(super) now: Timestamp,
    pub(super) limits: &'a Limits,
    pub(super) class: Class,
    /// The start of the present run.
    pub(super) started_at: Option<Timestamp>,
    /// How long it may take from a start to a verdict.
    pub(super) grace: TimeDelta,
    /// Whether something forbids acting now: a dependency that is the cause, a window, a recreate, trouble of the host.
    pub(super) is_held: bool,
    /// Whether it must be restarted because what it lives in was.
    pub(super) must_follow: bool,
    pub(super) seed: u64,
}

/// The memory of the supervisor of one service.
#[derive(Debug, Clone)]
pub(super) struct Patient {
    phase: Phase,
    attempts: VecDeque<Timestamp>,
    /// Attempts since it was last settled.
    step: u32,
    pub(super) good_since: Option<Timestamp>,
    pub(super) bad_since: Option<Timestamp>,
    /// Until when it may be bad without a word, because its dependency has only just come back.
    pub(super) excused: Option<Timestamp>,
    /// Whether it was told as bad and not yet as recovered.
    pub(super) is_told: bool,
    gave_up: bool,
}

impl Default for Patient {
    fn default() -> Self {
        Self {
            phase: Phase::Idle,
            attempts: VecDeque::new(),
            step: 0,
            good_since: None,
            bad_since: None,
            excused: None,
            is_told: false,
            gave_up: false,
        }
    }
}

impl Patient {
    /// Attempts in the window. One from the future, after a clock was set back, counts too.
    pub(super) fn attempts(&self, now: Timestamp, limits: &Limits) -> u32 {
        let recent = self.attempts.iter().filter(|at| now - **at < limits.window).count();
        u32::try_from(recent).unwrap_or(u32::MAX)
    }

    pub(super) const fn is_open(&self) -> bool {
        matches!(self.phase, Phase::Open { .. })
    }

    /// Moves to `moment` and says what is to be done.
    pub(super) fn advance(&mut self, moment: &Moment<'_>) -> Wish {
        self.clamp(moment);
        self.note(moment);
        match moment.class {
            Class::Left => {
                self.leave(moment);
                Wish::Nothing
            }
            Class::Fine | Class::Told => {
                self.rest(moment);
                self.follow(moment)
            }
            Class::Pending => self.pend(moment),
            Class::Treatable => self.treat(moment),
        }
    }

    /// Deadlines can be no further away than they are long, and what has happened cannot lie ahead: a clock that was set
    /// back must not stop everything.
    fn clamp(&mut self, moment: &Moment<'_>) {
        let limits = moment.limits;
        for past in self.good_since.iter_mut().chain(&mut self.bad_since).chain(&mut self.attempts) {
            *past = (*past).min(moment.now);
        }
        self.excused = self.excused.map(|until| until.min(moment.now + moment.grace));
        match &mut self.phase {
            Phase::Waiting { due, wait } => *due = (*due).min(moment.now + *wait),
            Phase::Probation { until, .. } => *until = (*until).min(moment.now + moment.grace),
            Phase::Open { until } => *until = (*until).min(moment.now + limits.cool_down),
            Phase::Idle => {}
        }
    }

    fn note(&mut self, moment: &Moment<'_>) {
        match moment.class {
            Class::Fine => {
                self.bad_since = None;
                let since = *self.good_since.get_or_insert(moment.now);
                if moment.now - since >= moment.limits.settled {
                    self.step = 0;
                    self.gave_up = false;
                    self.phase = Phase::Idle;
                }
            }
            Class::Treatable | Class::Told => {
                self.good_since = None;
                self.bad_since.get_or_insert(moment.now);
            }
            Class::Pending | Class::Left => {
                self.good_since = None;
                self.bad_since = None;
            }
        }
    }

    /// Somebody wants it so. Right after an attempt that somebody is us: a restart begins with a stop. The breaker stays
    /// as it is: stopping and starting by hand is no way around it; `reset` is.
    fn leave(&mut self, moment: &Moment<'_>) {
        match self.phase {
            Phase::Probation { until, .. } if moment.now < until => return,
            Phase::Open { .. } => {}
            Phase::Idle | Phase::Waiting { .. } | Phase::Probation { .. } => self.phase = Phase::Idle,
        }
        self.is_told = false;
    }

    /// Nothing to treat: what was planned is dropped; an open breaker stays open.
    fn rest(&mut self, moment: &Moment<'_>) {
        if !self.is_open() && !moment.must_follow {
            self.phase = Phase::Idle;
        }
    }

    /// A restart because what it lives in was restarted. It needs no wait, but counts like any other.
    fn follow(&mut self, moment: &Moment<'_>) -> Wish {
        let is_free = match self.phase {
            Phase::Idle | Phase::Waiting { .. } => true,
            Phase::Probation { until, .. } => moment.now >= until,
            Phase::Open { .. } => false,
        };
        if !moment.must_follow || moment.is_held || !is_free {
            return Wish::Nothing;
        }
        self.attempt(moment, false)
    }

    fn pend(&mut self, moment: &Moment<'_>) -> Wish {
        if let Phase::Probation { until, is_half_open, .. } = self.phase
            && moment.now >= until
            && !moment.is_held
        {
            return self.fail(moment, is_half_open);
        }
        Wish::Nothing
    }

    fn treat(&mut self, moment: &Moment<'_>) -> Wish {
        if moment.is_held {
            self.postpone(moment);
            return Wish::Nothing;
        }
        match self.phase {
            Phase::Idle => {
                if moment.must_follow {
                    return self.attempt(moment, false);
                }
                self.wait_again(moment);
                Wish::Nothing
            }
            Phase::Waiting { due, .. } if moment.now >= due || moment.must_follow => self.attempt(moment, false),
            Phase::Probation { acted, until, is_half_open } => {
                // Until its new run has begun, what is seen is still the old one.
                let is_new_run = moment.started_at.is_some_and(|start| start >= acted);
                if moment.now >= until || is_new_run { self.fail(moment, is_half_open) } else { Wish::Nothing }
            }
            Phase::Open { until } if moment.now >= until => {
                if self.attempts(moment.now, moment.limits) < moment.limits.attempts {
                    self.attempt(moment, true)
                } else {
                    Wish::Nothing
                }
            }
            Phase::Waiting { .. } | Phase::Open { .. } => Wish::Nothing,
        }
    }

    /// Something forbids acting. When that ends, it first gets the time to recover by itself.
    fn postpone(&mut self, moment: &Moment<'_>) {
        match &mut self.phase {
            Phase::Idle => self.phase = Phase::Waiting { due: moment.now + moment.grace, wait: moment.grace },
            Phase::Waiting { due, wait } => {
                *due = (*due).max(moment.now + moment.grace);
                *wait = (*wait).max(moment.grace);
            }
            Phase::Probation { until, .. } => *until = (*until).max(moment.now + moment.grace),
            Phase::Open { .. } => {}
        }
    }

    fn wait_again(&mut self, moment: &Moment<'_>) {
        let limits = moment.limits;
        let wait = supervisor_wait(limits.first_wait, limits.longest_wait, self.step + 1, moment.seed);
        self.phase = Phase::Waiting { due: moment.now + wait, wait };
    }

    /// The last attempt did not help.
    fn fail(&mut self, moment: &Moment<'_>, is_half_open: bool) -> Wish {
        if is_half_open || self.attempts(moment.now, moment.limits) >= moment.limits.attempts {
            return self.open(moment);
        }
        self.wait_again(moment);
        Wish::Nothing
    }

    fn open(&mut self, moment: &Moment<'_>) -> Wish {
        self.phase = Phase::Open { until: moment.now + moment.limits.cool_down };
        if std::mem::replace(&mut self.gave_up, true) { Wish::Nothing } else { Wish::GiveUp }
    }

    fn attempt(&mut self, moment: &Moment<'_>, is_half_open: bool) -> Wish {
        let before = self.attempts(moment.now, moment.limits);
        if before >= moment.limits.attempts {
            return self.open(moment);
        }
        self.acted(moment.now, moment.grace, moment.limits, is_half_open);
        Wish::Act { attempt: before + 1, is_half_open }
    }

    /// It is being acted upon, by its own wish or with its stack.
    pub(super) fn acted(&mut self, now: Timestamp, grace: TimeDelta, limits: &Limits, is_half_open: bool) {
        while self.attempts.front().is_some_and(|at| now - *at >= limits.window) {
            self.attempts.pop_front();
        }
        self.attempts.push_back(now);
        self.step += 1;
        self.phase = Phase::Probation { acted: now, until: now + grace, is_half_open };
    }
}
