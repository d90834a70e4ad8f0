// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `status`, `health`, `logs` and `doctor`: without an engine, and on real ones (`STACKCTL_TEST_DOCKER_HOST`, commas
//! between) over a stack with one of each trouble.

mod away;
mod lab;

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use serde_json::Value;

use super::support::Sandbox;
use lab::{Lab, SECRET};

/// Runs a check on each engine, all at once.
fn on_each_engine(check: impl Fn(&Lab) + Send + Sync) {
    let hosts = lab::hosts();
    std::thread::scope(|scope| {
        let runs: Vec<_> = hosts.iter().map(|host| scope.spawn(|| check(&Lab::new(host)))).collect();
        for run in runs {
            run.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        }
    });
}

/// The services of the first context by name.
fn services(answer: &Value) -> BTreeMap<String, Value> {
    let list = answer["contexts"][0]["services"].as_array().expect("services");
    list.iter().map(|one| (one["service"].as_str().expect("a name").to_owned(), one.clone())).collect()
}

#[test]
fn commands_tell_every_trouble_of_a_live_stack() {
    on_each_engine(|lab| {
        let sandbox = Sandbox::new();
        let ask = |command: &str, more: &[&str]| {
            let arguments = [&[command, "-H", &lab.host, "-p", &lab.project], more].concat();
            sandbox.run(&arguments)
        };
        status(lab, &ask);
        health(&ask);
        logs(&ask);
        doctor(lab, &ask);
        follow(lab);
    });
}

type Ask<'a> = &'a dyn Fn(&str, &[&str]) -> super::support::Ended;

fn status(lab: &Lab, ask: Ask<'_>) {
    let answer = lab.while_remembered(|| ask("status", &["--exit-code", "--format", "json"]).expect(10).json());
    assert_eq!(answer["schema"], "stackctl/status/v1");
    assert_eq!((answer["all_ok"].as_bool(), answer["journal"]["state"].as_str()), (Some(false), Some("none")));
    let found = services(&answer);
    let words: Vec<(&str, &str)> =
        found.iter().map(|(name, one)| (name.as_str(), one["verdict"].as_str().unwrap_or_default())).collect();
    let expected = [
        ("frozen", "paused"),
        ("good", "ok"),
        ("halted", "stopped"),
        ("leaky", "degraded"),
        ("looper", "loop"),
        ("noprobe", "unhealthy"),
        ("sick", "unhealthy"),
    ];
    assert_eq!(words, expected);
    assert_eq!(found["halted"]["details"]["wanted"], "asked");
    assert_eq!(found["leaky"]["details"]["kills"], 1);
    assert!(found["noprobe"]["why"].as_str().unwrap_or_default().contains("`curl` is not in the image"));
    let text = lab.while_remembered(|| ask("ps", &[]).expect(0).stdout);
    assert!(text.contains("1 of 7 ok, 1 loop, 2 unhealthy, 1 degraded, 1 paused, 1 stopped"), "{text}");
    assert!(!text.contains(SECRET) && !answer.to_string().contains(SECRET));
    let only = ask("status", &["good", "--exit-code", "--wait"]).expect(0).stdout;
    assert!(only.contains("1 of 1 ok"), "{only}");
    ask("status", &["sick", "--wait", "--timeout", "1s"]).expect(1);
}

fn health(ask: Ask<'_>) {
    let answer = ask("health", &["sick", "--format", "json"]).expect(0).json();
    let sick = &services(&answer)["sick"];
    let probe = &sick["probes"][0];
    assert_eq!((probe["exit_code"].as_i64(), probe["of_this_run"].as_bool()), (Some(7), Some(true)));
    assert!(probe["output"].as_str().unwrap_or_default().starts_with("token "), "{probe}");
    assert_eq!((sick["check"]["interval_ms"].as_i64(), sick["check"]["retries"].as_i64()), (Some(1000), Some(2)));
    assert_eq!(sick["needs"][0]["service"], "good");
    let text = ask("health", &[]).expect(0).stdout;
    assert!(!text.contains(SECRET) && text.contains("worst case") && text.contains("needed by"), "{text}");
}

fn logs(ask: Ask<'_>) {
    let text = ask("logs", &["looper", "--tail", "1", "--timestamps"]).expect(0).stdout;
    assert!(text.contains("about to die") && text.contains('Z') && text.lines().count() == 1, "{text}");
    let lines = ask("logs", &["--format", "json"]).expect(0).stdout;
    let times: Vec<String> = lines
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON lines")["at"].as_str().unwrap_or("").to_owned())
        .collect();
    assert!(times.len() > 2 && times.is_sorted(), "{lines}");
    assert!(lines.contains(SECRET));
    assert!(!ask("logs", &["--mask"]).expect(0).stdout.contains(SECRET));
    assert_eq!(ask("logs", &["--grep", "nobody says this"]).expect(0).stdout, "");
    ask("logs", &["typo"]).expect(2);
}

fn doctor(lab: &Lab, ask: Ask<'_>) {
    let answer = lab.while_remembered(|| ask("doctor", &["--format", "json"]).expect(1).json());
    let list = |name: &str| answer[name].as_array().expect("a list").clone();
    let level = |name: &str| {
        let check = list("checks").into_iter().find(|check| check["name"] == name);
        check.map(|check| check["level"].as_str().unwrap_or_default().to_owned())
    };
    for name in ["context", "permissions", "engine", "api", "clock"] {
        assert_eq!(level(name).as_deref(), Some("ok"), "{name}");
    }
    let symptoms: Vec<String> =
        list("symptoms").iter().filter_map(|one| Some(one["service"].as_str()?.to_owned())).collect();
    for service in ["looper", "noprobe", "sick", "leaky", "frozen", "halted"] {
        assert!(symptoms.iter().any(|one| one == service), "{service}: {answer:#}");
    }
    assert!(!answer.to_string().contains(SECRET));
}

/// Following goes on over restarts of the container, until a signal ends it.
fn follow(lab: &Lab) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_stackctl"))
        .args(["logs", "-F", "-H", &lab.host, "-p", &lab.project, "--no-prefix", "--tail", "0", "talker"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    lab.start_talker();
    let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    for expected in ["hello", "hello"] {
        assert_eq!(lines.next().expect("a line").expect("text"), expected);
    }
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill runs");
    assert!(sent.success());
    assert_eq!(child.wait().expect("it ends").code(), Some(130));
}

#[test]
fn several_engines_are_asked_at_once_and_one_away_hides_no_other() {
    on_each_engine(|lab| {
        let arguments =
            ["status", "-H", "unix:///nowhere.sock", "-H", &lab.host, "-p", &lab.project, "--format", "json"];
        let ended = Sandbox::new().run(&arguments).expect(9);
        let answer = ended.json();
        assert_eq!(answer["contexts"][0]["error"]["code"], "engine_unreachable");
        assert_eq!(answer["contexts"][1]["services"].as_array().map(Vec::len), Some(7));
    });
}
