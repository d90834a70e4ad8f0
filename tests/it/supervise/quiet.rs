// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Times in which nothing is said or done: a deployment, maintenance, and while somebody else holds the project's lock.

use std::path::Path;

use serde_json::Value;
use stackctl::sys::fake::FakeMachine;
use stackctl::sys::lock::{LockRequest, ProjectLock};

use super::super::support::on_real_engines;
use super::super::support::running::{acted, noticed, short, turned};
use super::{HEALED, SWIFT, decisions, heal_canary};

const COMPOSE: &str = "# AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices\n\
services:
  web: &service
    image: stackctl-test:1
    pull_policy: never
    init: true
    network_mode: none
    command: [sleep, '1000']
    environment: { RELEASE: \"${RELEASE:-1}\" }
    labels: { stackctl.heal: restart }
    healthcheck: { test: [CMD, test, '!', -e, /sick], interval: 1s, retries: 2 }
  canary:
    <<: *service
    environment: {}
";

#[test]
fn a_deployment_is_one_piece_of_news_and_nothing_is_healed_by_it() {
    on_real_engines("deploy", |stage| {
        stage.write("compose.yaml", COMPOSE);
        stage.compose(&["up", "--detach"], &[]);
        let name = |service: &str| format!("{}-{service}-1", stage.project);
        let supervising = stage.supervise(SWIFT, &[]);
        let first = ["web", "canary"].map(|name| move |line: &Value| turned(line, name, "ok"));
        supervising.until_all("the first sight", &[&first[0], &first[1]]);
        let old = stage.inspect(&name("web")).id;

        stage.compose(&["up", "--detach"], &[("RELEASE", "2")]);
        assert_ne!(stage.inspect(&name("web")).id, old);
        let told = supervising.until("the recreate", |line| turned(line, "web", "ok"));
        let told: Vec<String> = told.iter().map(short).collect();
        assert_eq!(told, ["web ok>starting recreated event", "web starting>ok health event"]);

        stage.compose(&["stop", "web"], &[("RELEASE", "2")]);
        supervising.until("the stop", |line| turned(line, "web", "stopped"));
        heal_canary(stage, &name("canary"), &supervising);
        supervising.until("its recovery", |line| noticed(line, "canary", "recovered"));
        assert!(decisions(&supervising.told(), "web").is_empty(), "{:?}", supervising.in_short());

        stage.compose(&["down", "web"], &[("RELEASE", "2")]);
        supervising.until("the removal", |line| turned(line, "web", "missing"));
        heal_canary(stage, &name("canary"), &supervising);
        let actions: Vec<Value> = supervising.told().into_iter().filter(|line| line["type"] == "action").collect();
        assert!(actions.iter().all(|line| line["service"] == "canary"), "{actions:#?}");
    });
}

#[test]
fn in_maintenance_nothing_is_said_or_done() {
    let window = "[[supervise.maintenance]]\nservice = \"muted\"\nfrom = \"2020-01-01T00:00:00Z\"\n\
                  until = \"2120-01-01T00:00:00Z\"\n";
    on_real_engines("window", |stage| {
        let muted = stage.checked("muted", &[HEALED]);
        let canary = stage.checked("canary", &[HEALED]);
        let supervising = stage.supervise(&format!("{SWIFT}{window}"), &[]);
        let first = ["muted", "canary"].map(|name| move |line: &Value| turned(line, name, "ok"));
        supervising.until_all("the first sight", &[&first[0], &first[1]]);
        stage.sicken(&muted);
        supervising.until("sickness", |line| turned(line, "muted", "unhealthy"));
        heal_canary(stage, &canary, &supervising);
        assert!(decisions(&supervising.told(), "muted").is_empty(), "{:?}", supervising.in_short());
    });
}

#[test]
fn while_somebody_else_holds_the_lock_nothing_is_said_or_done() {
    on_real_engines("locked", |stage| {
        let sick = stage.checked("sick", &[HEALED]);
        let supervising = stage.supervise(SWIFT, &[]);
        supervising.until("ok", |line| turned(line, "sick", "ok"));
        let other = FakeMachine::new("elsewhere");
        let (folder, now) = (Path::new("/l"), chrono::Utc::now());
        let request = LockRequest { project: &stage.project, folder, command: "backup", now, break_lock: false };
        let lock = stage.runtime.block_on(ProjectLock::acquire(&stage.engine, &other, request)).expect("the lock");
        let before = stage.inspect(&sick).state.started;
        stage.sicken(&sick);
        supervising.until("sickness", |line| turned(line, "sick", "unhealthy"));
        // The engine tells of many more probes than a healer's wait is long.
        stage.wait(&sick, "a long sickness", |detail| {
            detail.state.health.as_ref().is_some_and(|health| health.failing_streak >= 6)
        });
        assert_eq!(stage.inspect(&sick).state.started, before);
        stage.runtime.block_on(lock.release(&stage.engine)).expect("it is given back");
        let told = supervising.until("the first word", |line| noticed(line, "sick", "bad"));
        assert_eq!(told.len(), 1, "nothing was said before: {told:#?}");
        // It gets the time to recover by itself first.
        supervising.until("the restart", |line| acted(line, "sick", "done"));
        assert!(supervising.told().iter().all(|line| line["stage"] != "failed"), "{:?}", supervising.in_short());
        stage.cure(&sick);
    });
}
