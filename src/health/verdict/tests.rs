// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The traps: what engines say that is not so.
#![expect(clippy::panic, reason = "a panic is a failed test")]

use super::*;
use crate::health::event::EventKind;
use crate::health::observation::{HealthStatus, RestartPolicy, Status};
use crate::health::testing::{at, checked, ended, event, probe, running};

fn with(container: &Container, memory: &Memory, now: i64) -> Verdict {
    judge(&Evidence {
        container: Some(container),
        file: FileView::NotRead,
        memory,
        functional: None,
        waiting_for: &[],
        freshness: Freshness::Live,
        now: at(now),
    })
}

fn remembering(events: &[(i64, EventKind)]) -> Memory {
    let mut memory = Memory::default();
    for (second, kind) in events {
        memory.record(&event("web", at(*second), kind.clone()));
    }
    memory
}

fn wanted(verdict: &Verdict) -> Option<Wanted> {
    match verdict {
        Verdict::Stopped { wanted, .. } => Some(*wanted),
        _ => None,
    }
}

#[test]
fn a_paused_container_is_paused_although_the_engine_calls_it_unhealthy() {
    let mut container = checked("web", HealthStatus::Unhealthy);
    container.status = Status::Paused;
    container.paused = true;
    assert_eq!(with(&container, &Memory::default(), 20), Verdict::Paused);
}

#[test]
fn unhealthy_without_a_single_failure_is_the_engine_that_stopped_checking() {
    let mut container = checked("web", HealthStatus::Unhealthy);
    if let Some(health) = &mut container.health {
        health.failing_streak = Some(0);
    }
    assert_eq!(with(&container, &Memory::default(), 20).state(), State::Starting);
}

#[test]
fn unhealthy_shows_the_last_probe_of_this_run_only() {
    let mut container = checked("web", HealthStatus::Unhealthy);
    if let Some(health) = &mut container.health {
        health.log = vec![probe(-50, 7, "old"), probe(10, 1, "first"), probe(20, -1, "second")];
    }
    let Verdict::Unhealthy { streak, last } = with(&container, &Memory::default(), 30) else {
        panic!("unhealthy");
    };
    assert_eq!(streak, Some(3));
    assert_eq!(last, Some(ProbeResult { exit_code: -1, output: "second".to_owned(), at: at(21) }));
}

#[test]
fn a_child_killed_for_memory_degrades_on_engines_with_and_without_the_flag() {
    let events: Vec<_> = (0..7).map(|_| (10, EventKind::OutOfMemory)).collect();
    let memory = remembering(&events);
    let degraded = Verdict::Degraded { reason: Degraded::ChildOutOfMemory { kills: 1 } };
    let mut container = checked("web", HealthStatus::Healthy);
    assert_eq!(with(&container, &memory, 20), degraded, "events, no flag");
    container.oom_killed = true;
    assert_eq!(with(&container, &memory, 20), degraded, "events and flag");
    assert_eq!(with(&container, &Memory::default(), 20), degraded, "flag alone");
    assert_eq!(with(&container, &memory, 10 + 31 * 60).state(), State::Ok, "long over");
    container.started_at = Some(at(12));
    container.oom_killed = false;
    assert_eq!(with(&container, &memory, 20).state(), State::Ok, "another run");
}

#[test]
fn the_main_process_killed_for_memory_is_a_crash() {
    let mut container = ended("web", 10, 137);
    container.oom_killed = true;
    let memory = remembering(&[(10, EventKind::OutOfMemory), (10, EventKind::Died { exit_code: 137 })]);
    let verdict = with(&container, &memory, 20);
    assert_eq!(
        verdict,
        Verdict::Stopped { exit_code: Some(137), oom: true, wanted: Wanted::Unasked, next_retry: None }
    );
}

#[test]
fn a_stop_by_hand_is_wanted_in_either_order_of_events() {
    for (die, stop) in [(10, 11), (11, 10)] {
        let memory = remembering(&[
            (0, EventKind::Started),
            (9, EventKind::Killed { signal: 15 }),
            (die, EventKind::Died { exit_code: 137 }),
            (stop, EventKind::Stopped),
        ]);
        assert_eq!(wanted(&with(&ended("web", die, 137), &memory, 20)), Some(Wanted::Asked));
    }
}

#[test]
fn a_death_that_was_seen_and_not_asked_for_is_a_crash_whatever_its_code() {
    for code in [0, 1, 137, 143] {
        let memory = remembering(&[(0, EventKind::Started), (10, EventKind::Died { exit_code: code })]);
        assert_eq!(wanted(&with(&ended("web", 10, code), &memory, 20)), Some(Wanted::Unasked));
    }
}

#[test]
fn the_restart_policy_tells_of_a_stop_that_was_not_seen() {
    let mut container = ended("web", 10, 1);
    container.restart_policy = RestartPolicy::UnlessStopped;
    assert_eq!(wanted(&with(&container, &Memory::default(), 20)), Some(Wanted::Inferred));
    container.start_error = "port is already allocated".to_owned();
    assert_eq!(wanted(&with(&container, &Memory::default(), 20)), Some(Wanted::Unasked));
    container.start_error.clear();
    container.restart_policy = RestartPolicy::OnFailure(Some(3));
    assert_eq!(wanted(&with(&container, &Memory::default(), 20)), Some(Wanted::Unasked));
}

#[test]
fn dying_every_eleven_seconds_is_a_loop_even_while_it_runs_and_is_healthy() {
    let events: Vec<_> = (0..6_i64)
        .flat_map(|run| [(run * 11, EventKind::Started), (run * 11 + 10, EventKind::Died { exit_code: 3 })])
        .collect();
    let mut container = checked("web", HealthStatus::Healthy);
    container.started_at = Some(at(66));
    container.exit_code = 3;
    // A restart by hand has put the engine's count back: it cannot be the memory.
    container.restart_count = 0;
    let memory = remembering(&events);
    let Verdict::Loop { count, counted, next_retry, .. } = with(&container, &memory, 70) else {
        panic!("a loop");
    };
    assert_eq!((count, counted, next_retry), (6, Counted::Within(TimeDelta::minutes(10)), None));
    assert_eq!(with(&container, &memory, 140).state(), State::Ok, "steady again");
}

#[test]
fn one_crash_is_no_loop_even_with_a_large_count_of_the_engine() {
    let mut container = ended("web", 3600, 1);
    container.status = Status::Restarting;
    container.restarting = true;
    container.running = true;
    container.restart_count = 57;
    container.created_at = at(-3_600 * 24 * 30);
    let memory = remembering(&[(0, EventKind::Started), (3600, EventKind::Died { exit_code: 1 })]);
    let verdict = with(&container, &memory, 3600);
    assert_eq!(verdict.state(), State::Crashed);
    let Verdict::Stopped { next_retry, .. } = verdict else { panic!("stopped") };
    assert_eq!(next_retry, Some(at(3600) + TimeDelta::milliseconds(100)));
}

#[test]
fn a_running_container_with_a_high_count_is_in_a_loop_only_when_it_has_just_started() {
    let mut container = running("web");
    container.created_at = at(-120);
    container.restart_count = 12;
    let verdict = with(&container, &Memory::default(), 2);
    assert_eq!(verdict.state(), State::Loop);
    assert!(matches!(verdict, Verdict::Loop { exit_code: None, .. }), "the engine's 0 is none: {verdict:?}");
    assert_eq!(with(&container, &Memory::default(), 300).state(), State::NoCheck);
}

#[test]
fn a_created_container_waits_for_its_dependency_until_that_has_failed() {
    let mut container = running("web");
    container.status = Status::Created;
    container.running = false;
    container.started_at = None;
    let verdict = |now: i64, state: State| {
        let waiting = [Waiting { service: "db".to_owned(), state }];
        judge(&Evidence {
            container: Some(&container),
            file: FileView::NotRead,
            memory: &Memory::default(),
            functional: None,
            waiting_for: &waiting,
            freshness: Freshness::Live,
            now: at(now),
        })
    };
    assert_eq!(verdict(300, State::Starting).state(), State::Starting);
    assert_eq!(verdict(300, State::Unhealthy).state(), State::Crashed);
    assert_eq!(verdict(10, State::Unhealthy).state(), State::Starting);
}

#[test]
fn missing_orphan_and_unknown_depend_on_what_was_read() {
    let container = running("web");
    let definition = Definition { expected: true, ..Definition::default() };
    let off = Definition { expected: false, ..Definition::default() };
    let state = |container: Option<&Container>, file: FileView<'_>| {
        judge(&Evidence {
            container,
            file,
            memory: &Memory::default(),
            functional: None,
            waiting_for: &[],
            freshness: Freshness::Live,
            now: at(5),
        })
        .state()
    };
    assert_eq!(state(None, FileView::Has(&definition)), State::Missing);
    assert_eq!(state(None, FileView::Has(&off)), State::Absent);
    assert_eq!(state(Some(&container), FileView::Lacks), State::Orphan);
    assert_eq!(state(Some(&container), FileView::NotRead), State::NoCheck);
    let mut one_off = container.clone();
    one_off.one_off = true;
    assert_eq!(state(Some(&one_off), FileView::Lacks), State::NoCheck);
}

#[test]
fn a_functional_fault_counts_only_in_the_run_it_was_seen_in() {
    let container = checked("ollama", HealthStatus::Healthy);
    let state = |seconds: i64| {
        let result = FunctionalResult { at: at(seconds), fault: Some(Degraded::GpuLost) };
        judge(&Evidence {
            container: Some(&container),
            file: FileView::NotRead,
            memory: &Memory::default(),
            functional: Some(&result),
            waiting_for: &[],
            freshness: Freshness::Live,
            now: at(60),
        })
        .state()
    };
    assert_eq!(state(30), State::Degraded);
    assert_eq!(state(-30), State::Ok);
}

#[test]
fn a_clock_that_jumps_back_gives_no_negative_age() {
    let verdict = judge(&Evidence {
        container: None,
        file: FileView::NotRead,
        memory: &Memory::default(),
        functional: None,
        waiting_for: &[],
        freshness: Freshness::Stale { last: Some(at(100)) },
        now: at(50),
    });
    assert_eq!(verdict, Verdict::Unknown { age: Some(TimeDelta::zero()) });
}
