// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The engine's own health checks, and where their verdict means nothing.

use std::time::Duration;

use stackctl::sys::engine::{ContainerPlan, Deadline, ExecRequest, Grace, HealthCheck, HealthStatus};

use super::subject::Subject;

/// Unhealthy as soon as the file is there.
fn checked(subject: &Subject, name: &str) -> ContainerPlan {
    with_check(subject, name, &["CMD-SHELL", "echo looked; test ! -e /tmp/ill"])
}

fn with_check(subject: &Subject, name: &str, test: &[&str]) -> ContainerPlan {
    let mut plan = subject.plan(name, &["sleep", "1000"]);
    plan.health_check = Some(HealthCheck {
        test: test.iter().map(|word| (*word).to_owned()).collect(),
        interval: Some(Duration::from_secs(1)),
        timeout: Some(Duration::from_secs(5)),
        retries: Some(2),
        ..HealthCheck::default()
    });
    plan
}

async fn shell(subject: &Subject, id: &str, script: &str) {
    let request = ExecRequest { command: vec!["sh".into(), "-c".into(), script.into()], ..ExecRequest::default() };
    assert_eq!(subject.engine.exec(id, &request, Deadline::CHANGE).await.unwrap().exit_code, 0);
}

pub(super) async fn goes_unhealthy_and_back_with_events(subject: &Subject) {
    let since = subject.now().await;
    let mut feed = subject.events(since, &["health_status"]).await;
    let id = subject.run(&checked(subject, "ill")).await;
    let starting = subject.inspect(&id).await;
    assert!(starting.state.health.is_some());
    assert_eq!(starting.health_check.unwrap().retries, Some(2));
    let seen = subject.until(&mut feed, |event| event.action == "health_status: healthy").await;
    assert_eq!((seen.len(), seen[0].id.as_str()), (1, id.as_str()));

    shell(subject, &id, "touch /tmp/ill").await;
    let seen = subject.until(&mut feed, |event| event.value() == Some("unhealthy")).await;
    assert_eq!(seen.len(), 1, "only changes are told: {seen:?}");
    let health = subject.inspect(&id).await.state.health.unwrap();
    assert_eq!(health.status, HealthStatus::Unhealthy);
    assert!(health.failing_streak >= 2 && health.probes.len() <= 5);
    let last = health.probes.last().unwrap();
    assert_eq!((last.exit_code, last.output.as_str()), (1, "looked\n"));
    assert!(last.end >= last.start && last.start.is_some());

    shell(subject, &id, "rm /tmp/ill").await;
    subject.until(&mut feed, |event| event.value() == Some("healthy")).await;
    let health = subject.inspect(&id).await.state.health.unwrap();
    assert_eq!((health.status, health.failing_streak), (HealthStatus::Healthy, 0));
}

pub(super) async fn is_void_when_paused_or_stopped(subject: &Subject) {
    let (engine, time) = (&subject.engine, Deadline::CHANGE);
    let id = subject.run(&checked(subject, "void")).await;
    let healthy = |detail: &stackctl::sys::engine::ContainerDetail| {
        detail.state.health.as_ref().is_some_and(|health| health.status == HealthStatus::Healthy)
    };
    subject.wait_for(&id, "health", healthy).await;
    let since = subject.now().await;
    // Before what happens: a busy engine forgets within seconds, and nothing would be proved.
    let mut feed = subject.events(since, &["health_status", "destroy"]).await;
    engine.pause_container(&id, time).await.unwrap();
    let paused = subject.wait_for(&id, "the void verdict", |detail| !healthy(detail)).await.state;
    assert!(paused.paused && paused.health.unwrap().status == HealthStatus::Unhealthy);
    engine.unpause_container(&id, time).await.unwrap();
    subject.wait_for(&id, "health again", healthy).await;
    engine.stop_container(&id, Grace(Some(Duration::ZERO)), time).await.unwrap();
    let stopped = subject.inspect(&id).await.state;
    assert!(!stopped.running && stopped.health.unwrap().status == HealthStatus::Unhealthy);
    // Neither verdict was told as an event.
    engine.remove_container(&id, time).await.unwrap();
    let seen = subject.until(&mut feed, |event| event.action == "destroy").await;
    assert!(seen.iter().all(|event| event.value() != Some("unhealthy")), "{seen:#?}");
}

pub(super) async fn missing_probe_program_is_told(subject: &Subject) {
    let id = subject.run(&with_check(subject, "tool", &["CMD", "no-such-program"])).await;
    let health = |detail: &stackctl::sys::engine::ContainerDetail| detail.state.health.clone();
    let failed = subject
        .wait_for(&id, "a failed probe", |detail| health(detail).is_some_and(|health| health.failing_streak > 0))
        .await;
    let probe = health(&failed).unwrap().probes.pop().unwrap();
    assert!(probe.exit_code != 0 && probe.output.contains("executable file not found"), "{probe:?}");
}
