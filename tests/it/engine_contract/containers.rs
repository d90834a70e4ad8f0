// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The life of containers, and commands in them.

use std::time::Duration;

use stackctl::sys::engine::{
    ContainerFilter, ContainerPlan, ContainerStatus, Deadline, EngineError, ExecRequest, Grace, MountKind, MountPlan,
    RestartPolicy,
};

use super::subject::{IMAGE, LABEL, Subject};

const NOW: Grace = Grace(Some(Duration::ZERO));

fn words(command: &[&str]) -> ExecRequest {
    ExecRequest {
        command: command.iter().map(|word| (*word).to_owned()).collect(),
        keep_bytes: 1000,
        ..ExecRequest::default()
    }
}

pub(super) async fn goes_through_its_life(subject: &Subject) {
    let (engine, time) = (&subject.engine, Deadline::CHANGE);
    let mut plan = subject.plan("life", &["sh", "-c", "echo up; sleep 1000"]);
    plan.environment = vec!["A=b".into()];
    plan.memory_limit_bytes = 32 << 20;
    let id = engine.create_container(&plan, time).await.unwrap();
    let made = subject.inspect(&id).await;
    assert_eq!((&made.name, made.image.as_str(), &made.id), (&plan.name, IMAGE, &id));
    assert_eq!((made.state.status, made.state.running, made.state.started), (ContainerStatus::Created, false, None));
    assert_eq!((made.memory_limit_bytes, &made.command), (32 << 20, &plan.command));
    assert!(made.environment.contains(&"A=b".to_owned()) && made.created.is_some() && made.health_check.is_none());
    assert_eq!(made.restart_policy.name, "no");

    engine.start_container(&plan.name, time).await.unwrap();
    let running = subject.inspect(&id[..12]).await;
    assert_eq!((running.state.status, running.state.running), (ContainerStatus::Running, true));
    assert!(running.state.pid > 0 && running.state.started.is_some() && running.state.health.is_none());
    subject.is_up(&id, 1).await;

    engine.pause_container(&id, time).await.unwrap();
    let paused = subject.inspect(&id).await.state;
    assert_eq!((paused.status, paused.paused, paused.running), (ContainerStatus::Paused, true, true));
    engine.unpause_container(&id, time).await.unwrap();
    assert!(!subject.inspect(&id).await.state.paused);

    engine.restart_container(&id, NOW, time).await.unwrap();
    let restarted = subject.inspect(&id).await;
    assert!(restarted.state.running && restarted.state.started > running.state.started);

    subject.is_up(&id, 2).await;
    engine.stop_container(&id, NOW, time).await.unwrap();
    let stopped = subject.inspect(&id).await.state;
    assert_eq!((stopped.status, stopped.running, stopped.exit_code), (ContainerStatus::Exited, false, 137));
    assert!(stopped.finished >= stopped.started && !stopped.oom_killed);

    engine.remove_container(&id, time).await.unwrap();
    let gone = engine.inspect_container(&id, time).await.unwrap_err();
    assert!(gone.is_not_found(), "{gone:?}");
}

pub(super) async fn stopping_twice_and_starting_twice_succeed(subject: &Subject) {
    let (engine, time) = (&subject.engine, Deadline::CHANGE);
    let id = subject.sleeper("twice").await;
    engine.start_container(&id, time).await.unwrap();
    engine.stop_container(&id, NOW, time).await.unwrap();
    engine.stop_container(&id, NOW, time).await.unwrap();
}

pub(super) async fn taken_name_and_wrong_state_are_conflicts(subject: &Subject) {
    let (engine, time) = (&subject.engine, Deadline::CHANGE);
    let plan = subject.plan("taken", &["sleep", "1000"]);
    let id = engine.create_container(&plan, time).await.unwrap();
    let conflicts = [
        engine.create_container(&plan, time).await.unwrap_err(),
        engine.kill_container(&id, "KILL", time).await.unwrap_err(),
        engine.pause_container(&id, time).await.unwrap_err(),
        engine.exec(&id, &words(&["true"]), time).await.unwrap_err(),
    ];
    for conflict in &conflicts {
        assert!(matches!(conflict, EngineError::Conflict { .. }), "{conflict:?}");
    }
}

pub(super) async fn list_filters_by_label_and_state(subject: &Subject) {
    let (engine, time) = (&subject.engine, Deadline::QUESTION);
    let running = subject.sleeper("b").await;
    let created = engine.create_container(&subject.plan("a", &["true"]), time).await.unwrap();
    let mut filter = ContainerFilter::labelled(LABEL, &subject.run);
    let all = engine.list_containers(&filter, time).await.unwrap();
    assert_eq!(all.iter().map(|container| &container.id).collect::<Vec<_>>(), [&created, &running]);
    assert_eq!(all[1].name, subject.named("b"));
    assert_eq!((all[0].status, all[1].status), (ContainerStatus::Created, ContainerStatus::Running));
    assert!(all[1].status_text.starts_with("Up "), "{}", all[1].status_text);
    assert_eq!((all[1].image.as_str(), &all[1].labels), (IMAGE, &subject.labels()));
    filter.only_running = true;
    assert_eq!(engine.list_containers(&filter, time).await.unwrap().len(), 1);
    filter.labels.push((LABEL.to_owned(), None));
    assert_eq!(engine.list_containers(&filter, time).await.unwrap().len(), 1);
    filter.labels.push(("stackctl.test.absent".to_owned(), None));
    assert!(engine.list_containers(&filter, time).await.unwrap().is_empty());
}

pub(super) async fn exec_tells_code_and_both_streams(subject: &Subject) {
    let (engine, time) = (&subject.engine, Deadline::CHANGE);
    let id = subject.sleeper("exec").await;
    let outcome = engine.exec(&id, &words(&["sh", "-c", "echo out; echo err >&2; exit 3"]), time).await.unwrap();
    assert_eq!((&outcome.stdout[..], &outcome.stderr[..]), (&b"out\n"[..], &b"err\n"[..]));
    assert_eq!((outcome.exit_code, outcome.cut), (3, false));
    let mut short = words(&["sh", "-c", "echo out"]);
    short.keep_bytes = 2;
    let outcome = engine.exec(&id, &short, time).await.unwrap();
    assert_eq!((&outcome.stdout[..], outcome.cut, outcome.exit_code), (&b"ou"[..], true, 0));
}

pub(super) async fn exec_of_a_missing_program_is_127(subject: &Subject) {
    let id = subject.sleeper("exec").await;
    let outcome = subject.engine.exec(&id, &words(&["no-such-program"]), Deadline::CHANGE).await.unwrap();
    assert!([126, 127].contains(&outcome.exit_code), "{outcome:?}");
    let words = [&outcome.stdout[..], &outcome.stderr[..]].concat();
    assert!(String::from_utf8_lossy(&words).contains("executable file not found"), "{outcome:?}");
}

pub(super) async fn exec_that_takes_too_long_is_a_timeout(subject: &Subject) {
    let id = subject.sleeper("exec").await;
    let short = Deadline::within(Duration::from_millis(400));
    let failure = subject.engine.exec(&id, &words(&["sleep", "30"]), short).await.unwrap_err();
    assert!(matches!(failure, EngineError::Timeout { call: "run in container", .. }), "{failure:?}");
    // The engine is as good as before.
    assert!(subject.inspect(&id).await.state.running);
}

pub(super) async fn exit_code_of_a_killed_one_is_137(subject: &Subject) {
    let id = subject.sleeper("killed").await;
    subject.engine.kill_container(&id, "KILL", Deadline::CHANGE).await.unwrap();
    let ended = subject.wait_for(&id, "its end", |detail| !detail.state.running).await.state;
    assert_eq!((ended.status, ended.exit_code, ended.oom_killed), (ContainerStatus::Exited, 137, false));
}

pub(super) async fn usage_grows_and_is_nothing_when_stopped(subject: &Subject) {
    let (engine, time) = (&subject.engine, Deadline::CHANGE);
    let id = subject.run(&subject.plan("busy", &["sh", "-c", "while :; do :; done"])).await;
    let before = engine.usage(&id, time).await.unwrap();
    assert!(before.memory_bytes > 0 && before.memory_limit_bytes > before.memory_bytes, "{before:?}");
    assert!(before.processes >= 1 && before.cpus >= 1 && before.time.is_some(), "{before:?}");
    let mut after = before;
    for _ in 0..200 {
        after = engine.usage(&id, time).await.unwrap();
        if after.cpu_share_since(&before).is_some_and(|share| share > 0.0) {
            break;
        }
        subject.time.pass().await;
    }
    assert!(after.cpu_share_since(&before).is_some_and(|share| share > 0.0), "{before:?} {after:?}");
    engine.stop_container(&id, NOW, time).await.unwrap();
    let none = engine.usage(&id, time).await.unwrap();
    assert_eq!((none.memory_bytes, none.cpu_ns, none.processes), (0, 0, 0), "{none:?}");
}

pub(super) async fn restart_loop_counts_and_a_manual_start_resets(subject: &Subject) {
    let (engine, time) = (&subject.engine, Deadline::CHANGE);
    let mut plan = subject.plan("loop", &["sh", "-c", "exit 3"]);
    plan.restart_policy = RestartPolicy { name: "always".into(), maximum_retries: 0 };
    let id = subject.run(&plan).await;
    let looping = subject
        .wait_for(&id, "the wait between two attempts", |detail| {
            detail.restart_count >= 3 && detail.state.status == ContainerStatus::Restarting
        })
        .await;
    assert!(looping.state.running && looping.state.restarting && looping.state.pid == 0, "{:?}", looping.state);
    assert_eq!((looping.state.exit_code, looping.restart_policy.name.as_str()), (3, "always"));
    engine.restart_container(&id, NOW, time).await.unwrap();
    let counted = subject.inspect(&id).await.restart_count;
    assert!(counted < looping.restart_count, "{counted} after a restart by hand");
    engine.stop_container(&id, NOW, time).await.unwrap();
    subject.wait_for(&id, "its end", |detail| detail.state.status == ContainerStatus::Exited).await;
}

pub(super) async fn stop_that_takes_too_long_is_a_timeout_and_happens_all_the_same(subject: &Subject) {
    let engine = &subject.engine;
    // As first process, `sleep` does not hear TERM.
    let id = subject.sleeper("deaf").await;
    let (grace, short) = (Grace(Some(Duration::from_secs(2))), Deadline::within(Duration::from_millis(300)));
    let failure = engine.stop_container(&id, grace, short).await.unwrap_err();
    assert!(matches!(failure, EngineError::Timeout { call: "stop container", .. }), "{failure:?}");
    assert!(failure.is_outage());
    subject.wait_for(&id, "its end", |detail| detail.state.status == ContainerStatus::Exited).await;
}

pub(super) async fn plan_is_kept_in_full(subject: &Subject) {
    let (engine, time) = (&subject.engine, Deadline::CHANGE);
    let volume = engine.create_volume(&subject.volume("v"), time).await.unwrap().name;
    let mount = |kind, source: &str, target: &str, read_only| MountPlan {
        kind,
        source: source.to_owned(),
        target: target.to_owned(),
        read_only,
        labels: subject.labels(),
    };
    let plan = ContainerPlan {
        entrypoint: vec!["sh".into(), "-c".into()],
        user: "0:0".into(),
        working_directory: "/data".into(),
        mounts: vec![
            mount(MountKind::Volume, &volume, "/data", true),
            mount(MountKind::Bind, "/proc", "/there", false),
        ],
        network_mode: "none".into(),
        read_only: true,
        cap_drop: vec!["ALL".into()],
        cap_add: vec!["DAC_READ_SEARCH".into()],
        security_options: vec!["no-new-privileges".into()],
        log_driver: "none".into(),
        ..subject.plan("full", &["exit 7"])
    };
    let id = subject.run(&plan).await;
    assert_eq!(engine.wait_container(&id, time).await.unwrap(), 7);
    let made = subject.inspect(&id).await;
    assert_eq!((&made.entrypoint, &made.command), (&plan.entrypoint, &plan.command));
    assert_eq!((made.user.as_str(), made.log_driver.as_str()), ("0:0", "none"));
    let mounts: Vec<_> = made
        .mounts
        .iter()
        .map(|mount| (mount.kind.as_str(), mount.name.as_str(), mount.target.as_str(), mount.writable))
        .collect();
    assert_eq!(mounts, [("volume", volume.as_str(), "/data", false), ("bind", "", "/there", true)]);
    let used = engine.remove_volume(&volume, time).await.unwrap_err();
    assert!(matches!(used, EngineError::Conflict { .. }), "{used:?}");
}

pub(super) async fn restart_policy_changes(subject: &Subject) {
    let (engine, time) = (&subject.engine, Deadline::CHANGE);
    let id = subject.sleeper("p").await;
    for (name, maximum_retries) in [("always", 0), ("on-failure", 3), ("no", 0)] {
        let policy = RestartPolicy { name: name.into(), maximum_retries };
        engine.set_restart_policy(&id, &policy, time).await.unwrap();
        let found = subject.inspect(&id).await;
        assert_eq!((&found.restart_policy, found.state.running), (&policy, true));
    }
    engine.stop_container(&id, NOW, time).await.unwrap();
    let always = RestartPolicy { name: "always".into(), maximum_retries: 0 };
    engine.set_restart_policy(&id, &always, time).await.unwrap();
    let stopped = subject.inspect(&id).await;
    assert_eq!((stopped.restart_policy, stopped.state.running), (always, false), "neither starts nor stops");
    let nobody = subject.named("nobody");
    let policy = RestartPolicy::default();
    assert!(engine.set_restart_policy(&nobody, &policy, time).await.unwrap_err().is_not_found());
}

pub(super) async fn misspelt_volume_is_made_and_its_labels_tell(subject: &Subject) {
    let (engine, time) = (&subject.engine, Deadline::CHANGE);
    let there = engine.create_volume(&subject.volume("there"), time).await.unwrap();
    let mount = |name: &str, target: &str| MountPlan {
        kind: MountKind::Volume,
        source: subject.named(name),
        target: target.to_owned(),
        read_only: true,
        labels: [subject.labels(), [("made".to_owned(), "so".to_owned())].into()].into_iter().flatten().collect(),
    };
    let mounts = vec![mount("there", "/a"), mount("dare", "/b")];
    let plan = ContainerPlan { mounts, ..subject.plan("c", &["true"]) };
    engine.create_container(&plan, time).await.unwrap();
    assert_eq!(engine.inspect_volume(&there.name, time).await.unwrap(), there);
    let made = engine.inspect_volume(&subject.named("dare"), time).await.unwrap();
    assert_eq!(made.labels.get("made").map(String::as_str), Some("so"));
}
