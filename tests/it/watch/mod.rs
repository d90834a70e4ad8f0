// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `stackctl watch` as a process: signals, readers that stop or go, and, where `STACKCTL_TEST_DOCKER_HOST` names some,
//! real engines.

mod causes;

use std::io::{BufRead as _, BufReader};
use std::os::unix::process::CommandExt as _;
use std::process::{Command, Stdio};

use chrono::TimeDelta;
use serde_json::Value;
use stackctl::sys::engine::{ContainerDetail, Deadline, Engine as _};

use causes::of;

use super::support::running::{send, turned};
use super::support::stage::{always, check_each_second};
use super::support::{Sandbox, on_real_engines};

#[test]
fn engine_that_is_not_there_fails_at_once_with_its_status() {
    let ended = Sandbox::new().run(&["watch", "--host", "unix:///nowhere/docker.sock"]).expect(9);
    assert!(ended.stderr.contains("error[engine_unreachable]"), "{}", ended.stderr);
    assert_eq!(ended.stdout, "");
}

#[test]
fn a_service_that_is_nowhere_is_a_fault_and_one_of_the_file_is_awaited() {
    on_real_engines("slip", |stage| {
        stage.run("whisper", &["sleep", "1000"], |_| ());
        let refused = stage.command("watch", &["--once", "wisper"]).output().expect("it runs");
        let words = String::from_utf8_lossy(&refused.stderr);
        assert_eq!(refused.status.code(), Some(2), "{words}");
        assert!(words.contains("error[service_unknown]: no service `wisper`"), "{words}");
        assert!(words.contains("did you mean `whisper`?"), "{words}");
        assert!(stage.command("watch", &["--once", "whisper"]).output().expect("it runs").status.success());

        stage.write("compose.yaml", "services:\n  later:\n    image: stackctl-test:1\n");
        let watching = stage.watch(&["later"]);
        watching.until("its absence", |line| turned(line, "later", "missing"));
        stage.run("later", &["sleep", "1000"], |_| ());
        watching.until("the newcomer", |line| turned(line, "later", "no_check"));
        assert_eq!(watching.end("-INT").code(), Some(130));
    });
}

#[test]
fn sickness_is_told_with_the_failed_probe_and_so_is_recovery() {
    on_real_engines("sick", |stage| {
        let id = stage.run("sick", &["sleep", "1000"], |plan| {
            plan.environment = vec!["DB_PASSWORD=hunter2hunter2".to_owned()];
            let test = "test ! -e /sick || { echo no $DB_PASSWORD; exit 4; }";
            plan.health_check = Some(check_each_second(&["CMD-SHELL", test]));
        });
        let watching = stage.watch(&[]);
        watching.until("ok", |line| turned(line, "sick", "ok"));
        stage.sicken(&id);
        let told = watching.until("unhealthy", |line| turned(line, "sick", "unhealthy"));
        let cause = &told[told.len() - 1]["cause"];
        assert_eq!((&cause["kind"], &cause["streak"]), (&Value::from("health"), &Value::from(2)), "{told:#?}");
        let output = cause["probe_output"].as_str().unwrap_or_default();
        assert!(output.starts_with("no ") && !output.contains("hunter2hunter2"), "{output}");
        stage.cure(&id);
        watching.until("recovery", |line| turned(line, "sick", "ok"));
        assert_eq!(watching.end("-INT").code(), Some(130));
    });
}

/// A stop on request that lasts this long is told, though a start follows: by the engine's stamps, which are a little apart
/// from those of its events.
const STOP_IS_NEWS: TimeDelta = TimeDelta::milliseconds(4_500);

/// How long a container was down before its present run.
fn down_for(detail: &ContainerDetail) -> TimeDelta {
    detail.state.started.expect("a start") - detail.state.finished.expect("an end")
}

#[test]
fn kill_restart_pause_and_loop_are_told_once_each() {
    on_real_engines("life", |stage| {
        let id = stage.run("plain", &["sleep", "1000"], |_| ());
        // A container of its own: a busy engine tells of a pause and of its end once more, after both.
        let frozen = stage.run("frozen", &["sleep", "1000"], |_| ());
        let watching = stage.watch(&[]);
        let first = ["plain", "frozen"].map(|name| move |line: &Value| turned(line, name, "no_check"));
        watching.until_all("the first sight", &[&first[0], &first[1]]);
        stage.does(stage.engine.pause_container(&frozen, Deadline::CHANGE));
        assert_eq!(watching.until("the pause", |line| turned(line, "frozen", "paused")).len(), 1);
        stage.does(stage.engine.unpause_container(&frozen, Deadline::CHANGE));
        assert_eq!(watching.until("the end of the pause", |line| turned(line, "frozen", "no_check")).len(), 1);
        stage.restart(&id);
        let told = of(&watching.until("the restart", |line| turned(line, "plain", "no_check")), "plain");
        if down_for(&stage.inspect(&id)) < STOP_IS_NEWS {
            assert_eq!(told, ["plain no_check>no_check restarted event"]);
        } else {
            // The engine took so long that the stop is news of its own.
            let both = ["plain no_check>stopped stopped_on_request event", "plain stopped>no_check started event"];
            assert_eq!(told, both);
        }
        stage.run("again", &["sh", "-c", "exit 3"], |plan| {
            plan.restart_policy = always();
        });
        let told = watching.until("the loop", |line| turned(line, "again", "loop"));
        assert_eq!(told[told.len() - 1]["details"]["exit_code"], 3, "{told:#?}");
        stage.does(stage.engine.kill_container(&id, "KILL", Deadline::CHANGE));
        let told = watching.until("the kill", |line| turned(line, "plain", "stopped"));
        assert_eq!(told[told.len() - 1]["details"]["wanted"], "asked", "{told:#?}");
        assert_eq!(watching.end("-TERM").code(), Some(143));
    });
}

#[test]
fn ignored_signals_limits_and_readers_that_go_end_it() {
    on_real_engines("ends", |stage| {
        let id = stage.run("plain", &["sleep", "1000"], |_| ());
        // A shell that ignores both signals hands that down.
        let mut shell = Command::new("sh");
        let line = format!(
            "trap '' INT TERM; exec {} watch --host {} --project-name {} --format json",
            env!("CARGO_BIN_EXE_stackctl"),
            stage.host,
            stage.project
        );
        let mut child = shell.args(["-c", &line]).stdout(Stdio::piped()).process_group(0).spawn().expect("a shell");
        let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        lines.next().expect("the first sight").expect("a line");
        send(&child, "-INT");
        assert_eq!(child.wait().expect("it ends").code(), Some(130));

        let once = stage.command("watch", &["--once"]).output().expect("it runs");
        assert!(once.status.success());
        assert_eq!(String::from_utf8_lossy(&once.stdout).lines().count(), 1, "{once:?}");
        assert!(stage.command("watch", &["--for", "1s"]).output().expect("it runs").status.success());

        let mut child = stage.command("watch", &[]).stdout(Stdio::piped()).spawn().expect("the program starts");
        let mut reader = BufReader::new(child.stdout.take().expect("a pipe"));
        reader.read_line(&mut String::new()).expect("the first sight");
        drop(reader);
        stage.runtime.block_on(stage.engine.pause_container(&id, Deadline::CHANGE)).expect("it pauses");
        assert!(child.wait().expect("it ends").success());
        stage.runtime.block_on(stage.engine.unpause_container(&id, Deadline::CHANGE)).expect("it goes on");
    });
}
