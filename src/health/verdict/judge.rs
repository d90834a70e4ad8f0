// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! From evidence to verdict.

use chrono::TimeDelta;

use super::{Counted, Degraded, Evidence, FileView, Freshness, ProbeResult, Standing, Verdict, Wanted};
use crate::health::backoff::{ENGINE_RESET, next_retry};
use crate::health::crashes::{
    Crashes, LOOP_COUNT, LOOP_WINDOW, SHORT_LOOP_COUNT, is_steady, outlasts_usual, restarts_often,
};
use crate::health::observation::{CheckTimings, Container, Health, HealthStatus, Phase, RestartPolicy, Timestamp};

/// A container may stay created and not started for this long before that is worth a word: Compose makes all
/// containers first, then starts them in order.
const CREATED_GRACE: TimeDelta = TimeDelta::seconds(60);

/// The verdict on a service. Never fails, asks nothing, and gives the same answer for the same evidence.
///
/// The order of the questions is the order of the code: can we know, is there a container, does it belong, what does
/// its process do, and only for a process that runs: does it die often, what does its check say, did a child die, does
/// it work.
#[must_use]
pub fn judge(evidence: &Evidence<'_>) -> Verdict {
    if let Freshness::Stale { last } = evidence.freshness {
        return Verdict::Unknown { age: last.map(|last| (evidence.now - last).max(TimeDelta::zero())) };
    }
    let Some(container) = evidence.container else {
        return match evidence.file {
            FileView::Has(definition) => Verdict::Missing { expected: definition.expected },
            FileView::NotRead | FileView::Lacks => Verdict::Missing { expected: false },
        };
    };
    // Containers of `compose run` belong to the project whatever the file says of their service today.
    if evidence.file == FileView::Lacks && !container.one_off {
        return Verdict::Orphan;
    }
    match container.phase() {
        Phase::Paused => Verdict::Paused,
        Phase::Created => created(container, evidence),
        Phase::Ended => ended(container, evidence),
        Phase::Waiting => waiting(container, evidence),
        Phase::Running => running(container, evidence),
    }
}

fn created(container: &Container, evidence: &Evidence<'_>) -> Verdict {
    let is_new = evidence.now - container.created_at < CREATED_GRACE;
    let waits = evidence.waiting_for.iter().any(|waiting| waiting.state.standing() == Standing::Pending);
    if container.start_error.is_empty() && (is_new || waits) {
        return Verdict::Starting { since: Some(container.created_at), latest: None };
    }
    let exit_code = (!container.start_error.is_empty()).then_some(container.exit_code);
    Verdict::Stopped { exit_code, oom: false, wanted: Wanted::Unasked, next_retry: None }
}

fn ended(container: &Container, evidence: &Evidence<'_>) -> Verdict {
    if is_one_shot(container, evidence) && container.exit_code == 0 && !container.oom_killed {
        return Verdict::Ok { completed: true };
    }
    let wanted = wanted(container, evidence);
    Verdict::Stopped { exit_code: Some(container.exit_code), oom: container.oom_killed, wanted, next_retry: None }
}

fn is_one_shot(container: &Container, evidence: &Evidence<'_>) -> bool {
    container.one_off || evidence.file.definition().is_some_and(|definition| definition.one_shot)
}

/// Whether the end of a container that is not started again was asked for.
fn wanted(container: &Container, evidence: &Evidence<'_>) -> Wanted {
    if let Some(ended) = container.finished_at {
        if evidence.memory.was_asked(container.started_at, ended) {
            return Wanted::Asked;
        }
        if evidence.memory.saw_death(ended) {
            return Wanted::Unasked;
        }
    }
    if container.oom_killed || !container.start_error.is_empty() {
        return Wanted::Unasked;
    }
    match (container.restart_policy, container.exit_code) {
        // With these the engine starts a container again whatever its exit code, unless it was stopped by hand.
        (RestartPolicy::Always | RestartPolicy::UnlessStopped, _) => Wanted::Inferred,
        // A program that ends on SIGTERM with 0, 130, 137 or 143 looks the same as one that ended by itself.
        (_, 0 | 130 | 137 | 143) => Wanted::Unknown,
        _ => Wanted::Unasked,
    }
}

fn waiting(container: &Container, evidence: &Evidence<'_>) -> Verdict {
    let crashes = evidence.memory.crashes(evidence.now);
    let retry = |in_a_row| next_retry(container, in_a_row);
    if crashes.is_loop {
        return seen_looping(container, evidence, &crashes, retry(Some(crashes.in_a_row)));
    }
    // A restart count of its own says little, because it never goes down by itself; runs too short to reset the
    // engine's wait, or many restarts for the container's age, do.
    let was_short = container.last_run().is_some_and(|run| run < ENGINE_RESET);
    let is_cold = crashes.count == 0;
    if is_cold && container.restart_count >= SHORT_LOOP_COUNT && (was_short || restarts_often(container, evidence.now))
    {
        return looping(container, evidence, container.restart_count, Counted::SinceStartByHand, retry(None));
    }
    Verdict::Stopped {
        exit_code: Some(container.exit_code),
        oom: container.oom_killed,
        wanted: Wanted::Unasked,
        next_retry: retry((crashes.count > 0).then_some(crashes.in_a_row)),
    }
}

fn looping(
    container: &Container,
    evidence: &Evidence<'_>,
    count: u32,
    counted: Counted,
    next_retry: Option<Timestamp>,
) -> Verdict {
    let is_over = container.phase() == Phase::Waiting;
    let exit_code = if is_over { Some(container.exit_code) } else { evidence.memory.last_exit_code() };
    Verdict::Loop { count, counted, next_retry, exit_code, oom: container.oom_killed }
}

/// A loop that we saw, or know of from the engine's count alone.
fn seen_looping(
    container: &Container,
    evidence: &Evidence<'_>,
    crashes: &Crashes,
    next_retry: Option<Timestamp>,
) -> Verdict {
    let (count, counted) = if crashes.count >= SHORT_LOOP_COUNT {
        (crashes.count, Counted::Within(LOOP_WINDOW))
    } else {
        (container.restart_count, Counted::SinceStartByHand)
    };
    looping(container, evidence, count, counted, next_retry)
}

fn running(container: &Container, evidence: &Evidence<'_>) -> Verdict {
    let crashes = evidence.memory.crashes(evidence.now);
    if let Some(verdict) = running_loop(container, evidence, &crashes) {
        return verdict;
    }
    let check = match &container.health {
        None => Verdict::NoCheck,
        Some(health) => checked(container, health),
    };
    // A check that fails says more than a child that died; one that passes says less.
    if matches!(check, Verdict::Ok { .. } | Verdict::NoCheck | Verdict::Starting { .. }) {
        if let Some(kills) = child_oom(container, evidence) {
            return Verdict::Degraded { reason: Degraded::ChildOutOfMemory { kills } };
        }
        if matches!(check, Verdict::Ok { .. } | Verdict::NoCheck)
            && let Some(reason) = functional_fault(container, evidence)
        {
            return Verdict::Degraded { reason };
        }
    }
    check
}

/// A loop seen between two deaths: it is one until a run has lasted.
fn running_loop(container: &Container, evidence: &Evidence<'_>, crashes: &Crashes) -> Option<Verdict> {
    let now = evidence.now;
    if crashes.is_loop {
        let is_over = is_steady(crashes, container.started_at, now);
        return (!is_over).then(|| seen_looping(container, evidence, crashes, None));
    }
    // Cold: the watch has seen nothing yet, and the engine's count is all there is.
    let is_cold = crashes.count == 0 && container.restart_count >= LOOP_COUNT;
    (is_cold && !outlasts_usual(container, now) && restarts_often(container, now))
        .then(|| looping(container, evidence, container.restart_count, Counted::SinceStartByHand, None))
}

fn checked(container: &Container, health: &Health) -> Verdict {
    match health.status {
        HealthStatus::Healthy => Verdict::Ok { completed: false },
        // An engine that stops checking (a stop under way, a pause) writes `unhealthy` without a failure and without
        // an event; a check that fails always has a streak.
        HealthStatus::Unhealthy if health.failing_streak != Some(0) => {
            let last = container.probes().next_back().map(|probe| ProbeResult {
                exit_code: probe.exit_code,
                output: probe.output.clone(),
                at: probe.end,
            });
            Verdict::Unhealthy { streak: health.failing_streak, last }
        }
        HealthStatus::Unhealthy | HealthStatus::Starting => {
            let longest = container.check.as_ref().map(CheckTimings::longest_to_verdict);
            let latest = container.started_at.zip(longest).map(|(start, longest)| start + longest);
            Verdict::Starting { since: container.started_at, latest }
        }
    }
}

/// OOM kills that the main process survived.
fn child_oom(container: &Container, evidence: &Evidence<'_>) -> Option<u32> {
    let started = container.started_at;
    let kills = evidence.memory.oom_kills(started, evidence.now);
    if kills > 0 {
        return Some(kills);
    }
    // Newer engines set the flag on a running container and never clear it; it tells of a kill that we missed, not of
    // one that we saw and that is long over.
    let is_old = started.is_some_and(|start| evidence.memory.has_oom_since(start));
    (container.oom_killed && !is_old).then_some(1)
}

fn functional_fault(container: &Container, evidence: &Evidence<'_>) -> Option<Degraded> {
    let result = evidence.functional?;
    let is_of_this_run = container.started_at.is_none_or(|start| result.at >= start);
    result.fault.clone().filter(|_| is_of_this_run)
}
