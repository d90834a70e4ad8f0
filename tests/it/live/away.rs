// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The commands where no engine answers.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::os::unix::net::UnixListener;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;

use super::super::support::Sandbox;

const NOWHERE: &str = "unix:///nowhere.sock";

#[test]
fn no_engine_ends_with_its_own_status_and_the_next_step() {
    for command in ["status", "health", "logs"] {
        let ended = Sandbox::new().run(&[command, "--host", NOWHERE]).expect(9);
        assert!(ended.stderr.starts_with("error[engine_unreachable]"), "{}", ended.stderr);
        assert!(ended.stderr.contains("= hint: start the engine"), "{}", ended.stderr);
    }
}

/// As another user; only who may change users can try.
#[test]
fn a_socket_that_may_not_be_used_is_told_with_the_way_to_it() {
    let sandbox = Sandbox::new().folder("home");
    let folder = sandbox.path();
    if fs::metadata(&folder).expect("a folder").uid() != 0 {
        return;
    }
    let open = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("permissions");
    open(&folder, 0o755);
    let socket = folder.join("docker.sock");
    let _listener = UnixListener::bind(&socket).expect("a socket");
    open(&socket, 0o600);
    // Where it was built, others may not look. Copied by another process: a test that begins a process meanwhile would
    // hand our open file down to it, and a program that is open for writing cannot be run.
    let program = folder.join("stackctl");
    let copied = Command::new("cp").arg(env!("CARGO_BIN_EXE_stackctl")).arg(&program).status().expect("cp runs");
    assert!(copied.success());
    let host = format!("unix://{}", socket.display());
    let run = |command: &str| {
        let mut run = Command::new(&program);
        let run = run.current_dir(&folder).env_clear().args([command, "--all", "--host", &host]);
        run.uid(65_534).gid(65_534).output().expect("it runs")
    };
    let denied = run("status");
    let words = String::from_utf8_lossy(&denied.stderr);
    assert_eq!(denied.status.code(), Some(9), "{words}");
    assert!(words.starts_with("error[engine_denied]: no permission to use the engine"), "{words}");
    assert!(words.contains("usermod -aG docker") && words.contains(&format!("ls -l {}", socket.display())), "{words}");
    let examined = run("doctor");
    let words = String::from_utf8_lossy(&examined.stdout);
    assert!(words.contains("fail permissions: no permission") && examined.status.code() == Some(1), "{words}");
}

#[test]
fn services_of_the_file_are_shown_without_an_engine() {
    let sandbox = Sandbox::with_compose("name: far\nservices:\n  bus:\n    image: acme/bus:1.2.3\n");
    let ended = sandbox.run(&["status", "--host", NOWHERE]).expect(9);
    assert!(ended.stdout.contains("bus") && ended.stdout.contains("unknown"), "{}", ended.stdout);
    let answer = sandbox.run(&["status", "--host", NOWHERE, "--format", "json"]).expect(9).json();
    assert_eq!(answer["contexts"][0]["services"][0]["verdict"], "unknown");
    assert_eq!(answer["contexts"][0]["error"]["code"], "engine_unreachable");
}

#[test]
fn a_context_that_is_not_there_is_a_bad_command_line() {
    let ended = Sandbox::new().run(&["status", "--context", "typo"]).expect(2);
    assert!(ended.stderr.starts_with("error[context_missing]: no context `typo`"), "{}", ended.stderr);
    Sandbox::new().run(&["status", "--host", "nonsense"]).expect(2);
}

#[test]
fn doctor_says_what_stands_in_the_way() {
    let ended = Sandbox::new().run(&["doctor", "--host", NOWHERE]).expect(1);
    assert!(ended.stdout.contains("fail engine: cannot reach the engine"), "{}", ended.stdout);
    assert!(ended.stdout.contains("= fix: start the engine"), "{}", ended.stdout);
    let answer = Sandbox::new().run(&["doctor", "--host", NOWHERE, "--format", "json"]).expect(1).json();
    assert_eq!((answer["schema"].as_str(), answer["level"].as_str()), (Some("stackctl/doctor/v1"), Some("fail")));
}

#[test]
fn lengths_of_time_are_checked_before_anything_is_asked() {
    let ended = Sandbox::new().run(&["status", "--wait", "--timeout", "soon", "--host", NOWHERE]).expect(2);
    assert!(ended.stderr.contains("write it like"), "{}", ended.stderr);
    Sandbox::new().run(&["logs", "--since", "yesterday", "--host", NOWHERE]).expect(2);
}
