// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What the engine in memory does beyond the contract: scripted faults, and the traps of both kinds of engines.

#![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

use std::time::Duration;

use futures_util::{FutureExt as _, StreamExt as _};

use super::*;
use crate::sys::engine::{
    ContainerPlan, ContainerStatus, Deadline, Engine as _, Event, EventQuery, Grace, HealthCheck, HealthStatus, Idle,
    RestartPolicy,
};

const TIME: Deadline = Deadline::CHANGE;
const NOW: Grace = Grace(Some(Duration::ZERO));

fn plan(name: &str, command: &[&str]) -> ContainerPlan {
    ContainerPlan {
        name: name.to_owned(),
        image: "stackctl-test:1".to_owned(),
        command: command.iter().map(|word| (*word).to_owned()).collect(),
        ..ContainerPlan::default()
    }
}

async fn run(engine: &FakeEngine, plan: &ContainerPlan) {
    engine.create_container(plan, TIME).await.unwrap();
    engine.start_container(&plan.name, TIME).await.unwrap();
}

/// The verbs of everything that has been told so far.
async fn told(engine: &FakeEngine) -> Vec<String> {
    let query = EventQuery { since: Some(EventTime(0)), until: Some(engine.now().into()), ..EventQuery::default() };
    let feed = engine.events(&query, TIME, Idle(None)).await.unwrap();
    feed.map(|event| event.unwrap().verb().to_owned()).collect().await
}

#[tokio::test]
async fn faults_strike_when_planned() {
    let engine = FakeEngine::new(Flavour::StopThenDie);
    engine.plan_fault("ping", 1, 1, FakeFault::Denied);
    assert!(engine.ping(TIME).await.is_ok());
    assert!(matches!(engine.ping(TIME).await, Err(EngineError::Denied { .. })));
    assert!(engine.ping(TIME).await.is_ok());
    engine.plan_fault("", 0, 1, FakeFault::Refused(500, "boom".into()));
    assert!(matches!(engine.info(TIME).await, Err(EngineError::Refused { status: 500, .. })));
    assert_eq!(engine.calls(), ["ping", "ping", "ping", "ask for information"]);
}

#[tokio::test]
async fn slow_call_happens_although_nobody_waits() {
    let engine = FakeEngine::new(Flavour::StopThenDie);
    run(&engine, &plan("a", &["sleep", "100"])).await;
    engine.plan_fault("stop container", 0, 1, FakeFault::Slow(Duration::from_secs(90)));
    let before = engine.now();
    let late = engine.stop_container("a", NOW, TIME).await.unwrap_err();
    assert!(matches!(late, EngineError::Timeout { call: "stop container", .. }));
    assert!(engine.now() - before >= chrono::Duration::seconds(60));
    assert_eq!(engine.inspect_container("a", TIME).await.unwrap().state.status, ContainerStatus::Exited);
}

#[tokio::test]
async fn order_of_stop_and_die_is_that_of_the_flavour() {
    for (flavour, order) in [(Flavour::DieThenStop, ["die", "stop"]), (Flavour::StopThenDie, ["stop", "die"])] {
        let engine = FakeEngine::new(flavour);
        run(&engine, &plan("a", &["sleep", "100"])).await;
        engine.stop_container("a", NOW, TIME).await.unwrap();
        let told = told(&engine).await;
        assert_eq!(told[told.len() - 2..], order);
    }
}

#[tokio::test]
async fn death_of_a_child_for_want_of_memory_is_told_as_the_flavour_tells_it() {
    for (flavour, events, flag) in [(Flavour::DieThenStop, 7, false), (Flavour::StopThenDie, 1, true)] {
        let engine = FakeEngine::new(flavour);
        run(&engine, &plan("a", &["sleep", "100"])).await;
        engine.run_out_of_memory("a", OomVictim::Child);
        let state = engine.inspect_container("a", TIME).await.unwrap().state;
        assert_eq!((state.running, state.oom_killed), (true, flag));
        assert_eq!(told(&engine).await.iter().filter(|verb| *verb == "oom").count(), events);
        engine.run_out_of_memory("a", OomVictim::First);
        let state = engine.inspect_container("a", TIME).await.unwrap().state;
        assert_eq!((state.running, state.oom_killed, state.exit_code), (false, true, 137));
    }
}

#[tokio::test]
async fn a_stream_breaks_when_planned_and_a_slow_reader_loses_events() {
    let engine = FakeEngine::new(Flavour::StopThenDie);
    let query = EventQuery { verbs: vec!["start".into(), "die".into()], ..EventQuery::default() };
    engine.plan_fault("read events", 0, 1, FakeFault::StreamBreaksAfter(2));
    let broken = engine.events(&query, TIME, Idle(None)).await.unwrap();
    let mut slow = engine.events(&query, TIME, Idle(None)).await.unwrap();
    engine.create_container(&plan("a", &["sleep", "100"]), TIME).await.unwrap();
    for _ in 0..600 {
        engine.start_container("a", TIME).await.unwrap();
        engine.crash("a", 3);
    }
    let seen: Vec<Result<Event, EngineError>> = broken.collect().await;
    assert_eq!((seen.len(), seen[2].is_err()), (3, true));
    let mut kept = 0;
    // Without tokio's turns, which would end this early.
    while let Some(Some(event)) = tokio::task::unconstrained(slow.next()).now_or_never() {
        event.unwrap();
        kept += 1;
    }
    assert_eq!(kept, 1024, "of 1200");
    // The memory for replay is shorter still.
    assert_eq!(told(&engine).await.len(), 256);
}

#[tokio::test]
async fn an_outage_ends_streams_and_health_begins_anew() {
    let engine = FakeEngine::new(Flavour::StopThenDie);
    let mut plan = plan("a", &["sleep", "1000"]);
    plan.health_check = Some(HealthCheck {
        test: vec!["CMD".into(), "true".into()],
        interval: Some(Duration::from_secs(1)),
        ..HealthCheck::default()
    });
    run(&engine, &plan).await;
    engine.advance(Duration::from_secs(2));
    let health = |detail: crate::sys::engine::ContainerDetail| detail.state.health.unwrap();
    assert_eq!(health(engine.inspect_container("a", TIME).await.unwrap()).status, HealthStatus::Healthy);
    let mut feed = engine.events(&EventQuery::default(), TIME, Idle(None)).await.unwrap();
    engine.go_away();
    assert!(feed.next().await.is_none());
    assert!(engine.ping(TIME).await.unwrap_err().is_outage());
    engine.come_back();
    let after = health(engine.inspect_container("a", TIME).await.unwrap());
    assert_eq!((after.status, after.probes.len()), (HealthStatus::Starting, 0));
    assert!(told(&engine).await.is_empty());
}

#[tokio::test]
async fn back_off_doubles_and_a_good_run_resets_it() {
    let engine = FakeEngine::new(Flavour::StopThenDie);
    let mut looping = plan("a", &["sh", "-c", "exit 1"]);
    looping.restart_policy = RestartPolicy { name: "always".into(), maximum_retries: 0 };
    run(&engine, &looping).await;
    // 0.1 + 0.2 + 0.4 + 0.8 s make four starts.
    engine.advance(Duration::from_millis(1550));
    assert_eq!(engine.inspect_container("a", TIME).await.unwrap().restart_count, 4);

    let mut steady = plan("b", &["sh", "-c", "sleep 11; exit 1"]);
    steady.restart_policy = RestartPolicy { name: "on-failure".into(), maximum_retries: 2 };
    run(&engine, &steady).await;
    engine.advance(Duration::from_mins(1));
    let ended = engine.inspect_container("b", TIME).await.unwrap();
    assert_eq!((ended.restart_count, ended.state.status), (2, ContainerStatus::Exited));
}

#[tokio::test]
async fn every_probe_is_three_events_and_five_are_kept() {
    let engine = FakeEngine::new(Flavour::DieThenStop);
    let mut plan = plan("a", &["sleep", "1000"]);
    plan.health_check = Some(HealthCheck {
        test: vec!["CMD-SHELL".into(), "sleep 9".into()],
        interval: Some(Duration::from_secs(1)),
        timeout: Some(Duration::from_secs(2)),
        retries: Some(2),
        ..HealthCheck::default()
    });
    run(&engine, &plan).await;
    engine.advance(Duration::from_secs(24));
    let health = engine.inspect_container("a", TIME).await.unwrap().state.health.unwrap();
    assert_eq!((health.status, health.probes.len()), (HealthStatus::Unhealthy, 5));
    assert_eq!(
        (health.probes[0].exit_code, health.probes[0].output.as_str()),
        (-1, "Health check exceeded timeout (2s)")
    );
    let told = told(&engine).await;
    let count = |verb: &str| told.iter().filter(|told| *told == verb).count();
    assert_eq!((count("exec_create"), count("exec_die"), count("health_status")), (8, 8, 1));
}
