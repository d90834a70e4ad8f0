// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What needs no engine: arguments, an engine that is away, records.

use super::super::support::Sandbox;

const NOWHERE: &str = "unix:///nowhere.sock";

#[test]
fn no_engine_ends_with_its_own_status() {
    let sandbox = Sandbox::with_compose("name: far\nservices:\n  bus:\n    image: acme/bus:1.2.3\n");
    let ended = sandbox.run(&["verify", "--host", NOWHERE]).expect(9);
    assert!(ended.stderr.contains("error[engine_unreachable]"), "{}", ended.stderr);
    let answer = sandbox.run(&["verify", "--host", NOWHERE, "--format", "json"]).expect(9).json();
    assert_eq!(
        (answer["schema"].as_str(), answer["result"].as_str()),
        (Some("stackctl/verify/v1"), Some("not_checked"))
    );
    assert_eq!(answer["engines"][0]["error"]["code"], "engine_unreachable");
}

#[test]
fn probes_are_checked_before_anything_is_asked() {
    for (probe, words) in [
        ("web", "write it like"),
        ("=tcp://x:1", "write it like"),
        ("web=https://x", "do not encrypt"),
        ("web=http://me:hunter2@x/", "user and password have no place in it"),
    ] {
        let ended = Sandbox::new().run(&["verify", "--probe", probe, "--host", NOWHERE]).expect(2);
        assert!(ended.stderr.contains(words), "{}", ended.stderr);
    }
    Sandbox::new().run(&["verify", "--last", "--yes"]).expect(2);
    Sandbox::new().run(&["verify", "--no-commands", "--yes"]).expect(2);
}

const RECORD: &str = r#"{"schema":"stackctl/verify-record/v1","project":"far","services":[{"context":"default","project":"far",
  "service":"bus","number":1,"at":"2026-11-20T08:00:00Z","container":"far-bus-1","container_id":"c1","image":"acme/bus:1",
  "image_id":"sha256:9","result":"failed","checks":[{"kind":"probe","result":"failed","found":"status 500",
  "evidence":["GET / at 127.0.0.1:80"],"next_step":null,"added_later":7}]}]}"#;

/// `verify --last` beside a compose file, with this record.
fn last(record: Option<&str>, more: &[&str]) -> super::super::support::Ended {
    let sandbox = Sandbox::with_compose("name: far\nservices:\n  bus:\n    image: acme/bus:1.2.3\n");
    let sandbox = match record {
        Some(text) => sandbox.file("state/far/verify.json", text),
        None => sandbox,
    };
    let state = sandbox.path().join("state");
    let arguments = [&["verify", "--last", "--host", NOWHERE], more].concat();
    sandbox.stackctl(&arguments).env("STACKCTL_STATE_DIR", state.to_str().expect("UTF-8")).run()
}

#[test]
fn the_last_result_is_shown_with_its_age_and_nobody_is_asked() {
    let ended = last(Some(RECORD), &[]).expect(1);
    assert!(ended.stdout.starts_with("far/bus  failed  ") && ended.stdout.contains(" ago\n"), "{}", ended.stdout);
    assert!(ended.stdout.contains("status 500") && ended.stderr.is_empty(), "{ended:?}");
    let answer = last(Some(RECORD), &["--format", "json"]).expect(1).json();
    assert_eq!((answer["recorded"].as_bool(), answer["services"][0]["result"].as_str()), (Some(true), Some("failed")));
    assert!(answer["services"][0]["age_s"].is_i64());
}

#[test]
fn a_record_that_is_missing_or_cannot_be_used_is_told() {
    let missing = last(None, &[]).expect(1);
    assert!(
        missing.stderr.contains("error[verify_record_missing]") && missing.stderr.contains("= hint"),
        "{missing:?}"
    );
    last(Some(RECORD), &["typo"]).expect(1);
    for (text, words) in [
        ("{", "is damaged"),
        (r#"{"schema":"stackctl/verify-record/v2"}"#, "this version reads"),
        (r#"{"schema":"stackctl/verify-record/v1","services":7}"#, "is damaged"),
    ] {
        let ended = last(Some(text), &[]).expect(1);
        assert!(ended.stderr.contains(words), "{}", ended.stderr);
    }
}
