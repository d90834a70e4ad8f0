// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The shipped stack passes in a fresh clone, before anybody wrote an `.env`.

use super::support::{Repository, Sandbox, copy_tree};

/// What a fresh clone holds that the stack reads.
fn fresh_clone() -> Sandbox {
    let sandbox = Sandbox::new();
    for name in ["docker-compose.ai.yml", ".env.example"] {
        std::fs::copy(Repository::root().join(name), sandbox.path().join(name)).expect(name);
    }
    copy_tree(&Repository::root().join("ovos_config"), &sandbox.path().join("ovos_config"), |_| true);
    sandbox
}

#[test]
fn the_shipped_stack_has_no_finding() {
    let ended = fresh_clone().run(&["validate", "--fail-on", "info", "--format", "json"]).expect(0);
    let report = ended.json();
    assert_eq!(report["findings"], serde_json::json!([]));
    assert_eq!(report["projects"][0]["files"], serde_json::json!(["docker-compose.ai.yml"]));
    assert!(ended.stderr.contains("`.env.example`"), "the stand-in is named: {}", ended.stderr);
}

#[test]
fn the_shipped_stack_is_a_project_of_compose() {
    let project = fresh_clone().run(&["-f", "docker-compose.ai.yml", "config", "--format", "json"]).expect(0).json();
    let services = project["services"].as_object().expect("services");
    for name in ["ovos_messagebus", "ollama", "whisper", "xtts"] {
        assert!(services.contains_key(name), "{name} is in the stack: {:?}", services.keys());
    }
}
