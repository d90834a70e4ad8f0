// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The supervisor as a process: signals, a second one, dry runs, and who may not be touched.

use std::io::{BufRead as _, BufReader};
use std::os::unix::process::CommandExt as _;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::super::support::Sandbox;
use super::super::support::on_real_engines;
use super::super::support::running::{acted, noticed, send, turned};
use super::{HEALED, SWIFT, decisions, heal_canary};

#[test]
fn an_engine_that_is_not_there_fails_at_once_with_its_status() {
    let ended = Sandbox::new().run(&["supervise", "--host", "unix:///nowhere/docker.sock"]).expect(9);
    assert!(ended.stderr.contains("error[engine_unreachable]"), "{}", ended.stderr);
    assert_eq!(ended.stdout, "");
}

#[test]
fn signals_end_it_though_they_were_ignored_before() {
    on_real_engines("ignored", |stage| {
        stage.run("plain", &["sleep", "1000"], |_| ());
        for (signal, code) in [("-INT", 130), ("-TERM", 143)] {
            // A shell that ignores both hands that down.
            let plain = stage.command("supervise", &["--format", "json"]);
            let mut shell = Command::new("sh");
            shell.current_dir(stage.folder.path()).env_clear().env("HOME", stage.folder.path());
            shell.args(["-c", "trap '' INT TERM; exec \"$0\" \"$@\""]).arg(plain.get_program()).args(plain.get_args());
            let mut child = shell.stdout(Stdio::piped()).process_group(0).spawn().expect("a shell");
            let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
            lines.next().expect("the first sight").expect("a line");
            send(&child, signal);
            assert_eq!(child.wait().expect("it ends").code(), Some(code));
        }
    });
}

#[test]
fn a_second_one_of_the_same_project_is_refused() {
    on_real_engines("second", |stage| {
        stage.run("plain", &["sleep", "1000"], |_| ());
        let first = stage.supervise(SWIFT, &[]);
        first.until("the first sight", |line| turned(line, "plain", "no_check"));
        let second = stage.command("supervise", &["--format", "json"]).output().expect("it runs");
        let words = String::from_utf8_lossy(&second.stderr).into_owned();
        assert_eq!((second.status.code(), second.stdout.as_slice()), (Some(8), &b""[..]), "{words}");
        assert!(words.contains("error[locked]") && words.contains(&format!("process {}", first.id())), "{words}");
        // Who only looks on may.
        let beside = stage.command("supervise", &["--dry-run", "--for", "1s"]).output().expect("it runs");
        assert!(beside.status.success(), "{beside:?}");
        assert_eq!(first.end("-INT").code(), Some(130));
        let third = stage.supervise(SWIFT, &["--for", "1s"]);
        third.until("the first sight", |line| turned(line, "plain", "no_check"));
    });
}

#[test]
fn a_dry_run_says_what_it_would_do_and_does_nothing() {
    on_real_engines("dry", |stage| {
        let id = stage.checked("sick", &[HEALED]);
        let supervising = stage.supervise(SWIFT, &["--dry-run"]);
        supervising.until("ok", |line| turned(line, "sick", "ok"));
        let before = stage.inspect(&id).state.started;
        stage.sicken(&id);
        let told = supervising.until("what would be done", |line| acted(line, "sick", "would_do"));
        assert_eq!((&told[told.len() - 1]["action"], &told[told.len() - 1]["attempt"]), (&"restart".into(), &1.into()));
        assert!(told.iter().any(|line| noticed(line, "sick", "bad")), "{told:#?}");
        stage.cure(&id);
        supervising.until("recovery", |line| noticed(line, "sick", "recovered"));
        let stages: Vec<Value> = supervising.told().iter().map(|line| line["stage"].clone()).collect();
        assert!(!stages.iter().any(|stage| *stage == "begun" || *stage == "done"), "{stages:?}");
        assert_eq!(stage.inspect(&id).state.started, before);
    });
}

#[test]
fn no_label_and_a_label_that_means_nothing_allow_nothing() {
    on_real_engines("label", |stage| {
        let canary = stage.checked("canary", &[HEALED]);
        let [plain, typo] = [("plain", &[][..]), ("typo", &[("stackctl.heal", "reboot")][..])]
            .map(|(name, labels)| stage.checked(name, labels));
        let supervising = stage.supervise(SWIFT, &[]);
        let first = ["canary", "plain", "typo"].map(|name| move |line: &Value| turned(line, name, "ok"));
        supervising.until_all("the first sight", &[&first[0], &first[1], &first[2]]);
        stage.sicken(&plain);
        supervising.until("sickness", |line| turned(line, "plain", "unhealthy"));
        stage.cure(&plain);
        stage.sicken(&typo);
        supervising.until("sickness", |line| turned(line, "typo", "unhealthy"));
        heal_canary(stage, &canary, &supervising);
        for service in ["plain", "typo"] {
            assert!(decisions(&supervising.told(), service).is_empty(), "{:?}", supervising.in_short());
        }
    });
}
