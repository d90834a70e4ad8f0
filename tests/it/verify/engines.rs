// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `stackctl verify` on real engines.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::stage::{SECRET, Stage, on_each_engine};

/// Far above what anything here takes.
const PATIENCE: Duration = Duration::from_mins(1);

/// An Ollama with its model half on the GPU.
const OLLAMA: &str = r#"mkdir -p /w/api; echo '{"version":"0.35.1"}' >/w/api/version
echo '{"models":[{"name":"m:1","size":10,"size_vram":5}]}' >/w/api/ps; exec httpd -f -p 8080 -h /w"#;

#[track_caller]
fn ends(mut command: Command, code: i32) -> Output {
    let output = command.output().expect("the program runs");
    assert_eq!(output.status.code(), Some(code), "{output:?}");
    let all = format!("{output:?}");
    assert!(!all.contains(SECRET), "{all}");
    output
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// The service's checks by kind: result and what was found.
fn check(answer: &Value, service: &str, kind: &str) -> (String, String) {
    let services = answer["services"].as_array().expect("services");
    let one = services.iter().find(|one| one["service"] == service).expect(service);
    let check = one["checks"].as_array().expect("checks").iter().find(|check| check["kind"] == kind).expect(kind);
    let text = |name: &str| check[name].as_str().expect("a text").to_owned();
    (text("result"), text("found"))
}

/// Runs until the probe of a service works: its program may take a moment to listen.
fn until_listening(stage: &Stage, service: &str) {
    let begin = Instant::now();
    loop {
        let output = stage.inside(&["verify", service, "--no-commands", "--format", "json"]).output().expect("it runs");
        if check(&json(&output), service, "probe").0 == "ok" {
            return;
        }
        assert!(begin.elapsed() < PATIENCE, "{service} does not listen: {output:?}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn services_are_probed_at_their_own_address_and_recorded() {
    on_each_engine("probe", |stage| {
        stage.run("web", OLLAMA, &[("stackctl.probe", "ollama://:8080")]);
        stage.run("dead", "sleep 1000", &[("stackctl.probe", "http://:80/")]);
        stage.run("plain", "sleep 1000", &[]);
        until_listening(stage, "web");
        let output = ends(stage.inside(&["verify", "--yes", "--format", "json"]), 1);
        let answer = json(&output);
        let (result, found) = check(&answer, "web", "probe");
        assert_eq!((result.as_str(), found.contains("50 % on the GPU")), ("ok", true), "{found}");
        let (result, found) = check(&answer, "dead", "probe");
        assert_eq!((result.as_str(), found.contains("connection refused")), ("failed", true), "{found}");
        assert_eq!(check(&answer, "plain", "probe").0, "not_checked");
        assert_eq!(check(&answer, "web", "guide").0, "ok");
        assert!(answer.to_string().contains(&format!("on {}", stage.project)), "{answer}");
        assert_eq!(answer["result"], "failed");

        let folder = stage.sandbox.path().join("state").join(&stage.project);
        let mode = |path: &std::path::Path| fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
        assert_eq!((mode(&folder), mode(&folder.join("verify.json"))), (0o700, 0o600));
        let kept = fs::read_to_string(folder.join("verify.json")).expect("a record");
        assert!(!kept.contains(SECRET), "{kept}");
        let last = json(&ends(stage.outside(&["verify", "--last", "--format", "json"]), 1));
        assert_eq!((last["recorded"].as_bool(), &last["services"].as_array().map(Vec::len)), (Some(true), &Some(3)));
        ends(stage.outside(&["verify", "--last", "web"]), 0);
    });
}

#[test]
fn a_published_port_comes_before_the_address_of_the_container() {
    on_each_engine("port", |stage| {
        let whisper = r#"while :; do echo '{"type":"info"}' | nc -l -p 10300; done"#;
        stage.publish("stt", whisper, 10300, "wyoming://");
        until_listening(stage, "stt");
        let begin = Instant::now();
        loop {
            let output = stage.inside(&["verify", "--no-commands", "--format", "json"]).output().expect("it runs");
            let answer = json(&output);
            let services = answer["services"].as_array().expect("services");
            let one = services.iter().find(|one| one["service"] == "stt").expect("the service");
            let asked = one["checks"][1]["evidence"][0].as_str().unwrap_or_default();
            assert!(asked.starts_with("wyoming describe at 127.0.0.1:"), "{answer}");
            // The listener takes one connection at a time, and is away between two.
            if check(&answer, "stt", "probe").0 == "ok" {
                return;
            }
            assert!(begin.elapsed() < PATIENCE, "{answer}");
        }
    });
}

#[test]
fn what_cannot_be_reached_from_here_is_no_fault() {
    on_each_engine("away", |stage| {
        stage.run("dead", "sleep 1000", &[("stackctl.probe", "http://:80/")]);
        let output = stage.outside(&["verify", "dead", "--no-commands", "--format", "json"]).output().expect("it runs");
        let (result, found) = check(&json(&output), "dead", "probe");
        // An engine in this very network namespace can be reached after all.
        assert!(result == "not_checked" || found.contains("connection refused"), "{result}: {found}");
        ends(stage.outside(&["verify", "dead", "--probe", "dead=tcp://127.0.0.1:1", "--no-commands"]), 1);
        ends(stage.outside(&["verify", "typo", "--no-commands"]), 2);
    });
}

#[test]
fn commands_of_guides_need_a_yes() {
    on_each_engine("yes", |stage| {
        stage.run("web", "sleep 1000", &[]);
        let refused = ends(stage.outside(&["verify"]), 4);
        let words = String::from_utf8_lossy(&refused.stderr);
        assert!(
            words.contains("error[confirmation_needed]") && words.contains("    echo on $COMPOSE_PROJECT_NAME"),
            "{words}"
        );
        assert!(refused.stdout.is_empty() && !stage.sandbox.path().join("state").exists());
        ends(stage.outside(&["verify", "--no-commands"]), 0);
        let agreed = ends(stage.outside(&["verify", "--yes"]), 0);
        let text = String::from_utf8_lossy(&agreed.stdout);
        assert!(
            text.contains(&format!("on {}", stage.project)) && text.contains("guides/WEB_SETUP_GUIDE.md"),
            "{text}"
        );
    });
}

#[test]
fn a_command_that_hangs_ends_with_all_that_it_started() {
    on_each_engine("hang", |stage| {
        stage.run("web", "sleep 1000", &[]);
        let note = stage.sandbox.path().join("pid");
        let guide = format!("## Verify\n```sh\nsleep 1000 & echo $! >{}; wait\n```\n", note.display());
        fs::write(stage.sandbox.path().join("guides/WEB_SETUP_GUIDE.md"), guide).expect("a guide");
        let late = ends(stage.outside(&["verify", "--yes", "--timeout", "3s"]), 1);
        assert!(String::from_utf8_lossy(&late.stdout).contains("not done within 3 s"), "{late:?}");
        let pid = || fs::read_to_string(&note).ok().filter(|text| text.ends_with('\n'));
        let first = pid().expect("a number");
        wait("the first child to end", || !lives(&first));

        fs::remove_file(&note).expect("a note");
        let mut child = stage.outside(&["verify", "--yes"]).spawn().expect("the program starts");
        wait("the command to run", || pid().is_some());
        let second = pid().expect("a number");
        assert!(lives(&second));
        let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill runs");
        assert!(sent.success());
        assert_eq!(child.wait().expect("it ends").code(), Some(130));
        wait("the second child to end", || !lives(&second));
    });
}

/// Whether a process runs; a zombie does not.
fn lives(pid: &str) -> bool {
    fs::read_to_string(format!("/proc/{}/stat", pid.trim())).is_ok_and(|stat| !stat.contains(") Z"))
}

#[track_caller]
fn wait(what: &str, is: impl Fn() -> bool) {
    let begin = Instant::now();
    while !is() {
        assert!(begin.elapsed() < PATIENCE, "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}
