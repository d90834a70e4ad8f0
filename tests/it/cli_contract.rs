// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What scripts may rely on: exit status, streams, colour, run id, precedence, determinism.

use std::fmt::Write as _;

use super::support::{RUN_ID, Sandbox};

/// A project with one error and some warnings.
const FAULTY: &str = "services:\n  web:\n    image: nginx\n    privileged: true\n";

/// A project without a finding.
const CLEAN: &str = "services:
  web:
    image: nginx:1.27.3
    user: \"101:101\"
    restart: unless-stopped
    networks: [front]
    healthcheck:
      test: [\"CMD\", \"curl\", \"-f\", \"http://localhost:8080/\"]
      interval: 30s
      timeout: 5s
      retries: 3
      start_period: 10s
    logging: {driver: local}
networks:
  front: {}
";

#[test]
fn status_tells_how_it_ended() {
    Sandbox::with_compose(CLEAN).run(&["validate"]).expect(0);
    Sandbox::with_compose(FAULTY).run(&["validate"]).expect(1);
    Sandbox::new().run(&["validate"]).expect(2);
    Sandbox::new().run(&["validate", "."]).expect(2);
    Sandbox::new().run(&["validate", "missing.yaml"]).expect(2);
    Sandbox::new().run(&["config"]).expect(1);
    Sandbox::new().run(&["explain", "image-tag-misssing"]).expect(2);
    Sandbox::new().run(&["--help"]).expect(0);
    Sandbox::new().run(&["--version"]).expect(0);
}

#[test]
fn bad_command_lines_end_with_2_and_a_hint_on_standard_error() {
    for arguments in [
        &["--no-such-flag"][..],
        &["validate", "--no-such-flag"],
        &["no-such-command"],
        &["validate", "--format", "xml"],
        &["validate", "--fail-on", "never"],
        &["config", "--services", "--images"],
        &["--color", "sometimes", "validate"],
        &["explain"],
        &[],
    ] {
        let ended = Sandbox::with_compose(CLEAN).run(arguments).expect(2);
        assert_eq!(ended.stdout, "", "{arguments:?}");
        assert!(!ended.stderr.is_empty(), "{arguments:?}");
    }
    let ended = Sandbox::with_compose(CLEAN).run(&["validate", "--selct", "a"]).expect(2);
    assert!(ended.stderr.contains("error[usage]") && ended.stderr.contains("--select"), "{}", ended.stderr);
}

#[test]
fn unknown_rules_are_told_with_the_nearest_name() {
    let sandbox = Sandbox::with_compose(CLEAN);
    for arguments in [&["validate", "--select", "image-tag-mising"][..], &["explain", "image-tag-mising"]] {
        let ended = sandbox.run(arguments).expect(2);
        assert!(ended.stderr.contains("image-tag-missing"), "{}", ended.stderr);
    }
}

#[test]
fn several_projects_side_by_side_are_named_and_not_guessed() {
    let sandbox = Sandbox::new().file("docker-compose.a.yml", CLEAN).file("docker-compose.b.yml", CLEAN);
    let ended = sandbox.run(&["validate"]).expect(2);
    for name in ["docker-compose.a.yml", "docker-compose.b.yml"] {
        assert!(ended.stderr.contains(name), "{}", ended.stderr);
    }
    Sandbox::new().file("docker-compose.a.yml", CLEAN).run(&["validate"]).expect(0);
}

#[test]
fn standard_output_carries_the_result_alone() {
    let sandbox = Sandbox::with_compose(FAULTY).file(".env.example", "A=1\n");
    for format in ["json", "sarif"] {
        let ended = sandbox.run(&["--debug", "validate", "--format", format]).expect(1);
        assert!(ended.json().is_object());
        assert!(!ended.stderr.is_empty(), "the log goes to standard error");
    }
    let resolved = sandbox.run(&["config", "--format", "json"]).expect(0).json();
    assert_eq!(resolved["services"]["web"]["image"], "nginx");
    let missing = Sandbox::new().run(&["validate"]).expect(2);
    assert_eq!(missing.stdout, "");
    assert!(missing.stderr.contains("error[project_missing]") && missing.stderr.contains("= hint:"));
}

#[test]
fn quiet_leaves_the_result() {
    let sandbox = Sandbox::with_compose(FAULTY).file(".env.example", "A=1\n");
    let ended = sandbox.run(&["validate", "-q"]).expect(1);
    assert_eq!(ended.stderr, "");
    assert!(ended.stdout.contains("error[privileged]"));
    assert_eq!(Sandbox::with_compose(CLEAN).run(&["config", "-q"]).expect(0).stdout, "");
}

#[test]
fn threshold_decides_what_fails() {
    let sandbox = Sandbox::with_compose(FAULTY);
    sandbox.run(&["validate", "--select", "restart-policy-missing"]).expect(0);
    sandbox.run(&["validate", "--select", "restart-policy-missing", "--fail-on", "warning"]).expect(1);
    sandbox.run(&["validate", "--ignore", "privileged,image-tag-missing"]).expect(0);
}

#[test]
fn colour_is_asked_for_or_left_out() {
    let sandbox = Sandbox::with_compose(FAULTY);
    let has_colour = |arguments: &[&str], variables: &[(&str, &str)]| {
        let run = variables.iter().fold(sandbox.stackctl(arguments), |run, (name, value)| run.env(name, value));
        run.run().stdout.contains('\u{1b}')
    };
    assert!(!has_colour(&["validate"], &[]), "no terminal, no colour");
    assert!(has_colour(&["validate", "--color", "always"], &[]));
    assert!(has_colour(&["validate"], &[("STACKCTL_COLOR", "always")]));
    assert!(!has_colour(&["validate", "--color", "never"], &[("STACKCTL_COLOR", "always")]));
    assert!(!has_colour(&["validate"], &[("NO_COLOR", "1")]));
    for format in ["json", "sarif", "github"] {
        assert!(!has_colour(&["validate", "--color", "always", "--format", format], &[]), "{format}");
    }
}

#[test]
fn colour_is_never_the_only_signal() {
    let plain = Sandbox::with_compose(FAULTY).run(&["validate", "--color", "never"]).expect(1).stdout;
    for word in ["error[", "warning[", "^^^", "= hint:"] {
        assert!(plain.contains(word), "{word}\n{plain}");
    }
}

#[test]
fn run_id_is_everywhere_and_can_be_fixed() {
    let sandbox = Sandbox::with_compose(FAULTY);
    let json = sandbox.run(&["validate", "--format", "json"]).json();
    assert_eq!(json["run_id"], RUN_ID);
    assert!(Sandbox::new().run(&["validate"]).stderr.contains(&format!("= run: {RUN_ID}")));
    let logged = sandbox.run(&["validate", "--log-format", "json", "--log-level", "debug"]).stderr;
    let lines: Vec<serde_json::Value> = logged.lines().map(|line| serde_json::from_str(line).expect(line)).collect();
    assert!(!lines.is_empty() && lines.iter().all(|line| line["span"]["run_id"] == RUN_ID), "{logged}");
    let fresh = |sandbox: &Sandbox| {
        sandbox.stackctl(&["validate", "--format", "json"]).without_env("STACKCTL_RUN_ID").run().json()["run_id"]
            .clone()
    };
    assert_ne!(fresh(&sandbox), fresh(&sandbox));
}

#[test]
fn output_is_the_same_every_time_but_for_the_moment() {
    let sandbox = Sandbox::with_compose(FAULTY).file("b/compose.yaml", FAULTY).file("a/compose.yaml", FAULTY);
    for format in ["human", "sarif", "github"] {
        let run = || sandbox.run(&["validate", ".", "--format", format]).expect(1).stdout;
        assert_eq!(run(), run(), "{format}");
    }
    let run = || {
        let mut json = sandbox.run(&["validate", ".", "--format", "json"]).json();
        assert!(json["generated_at"].take().is_string());
        json
    };
    let json = run();
    assert_eq!(json, run());
    let files: Vec<&str> =
        json["projects"].as_array().expect("projects").iter().filter_map(|p| p["files"][0].as_str()).collect();
    assert_eq!(files, ["a/compose.yaml", "b/compose.yaml", "compose.yaml"]);
}

#[test]
fn a_fault_in_one_file_hides_no_other() {
    let sandbox = Sandbox::new()
        .file("a/compose.yaml", "services: [\n")
        .file("b/compose.yaml", FAULTY)
        .file("c/compose.yaml", "services:\n  x:\n    imagee: y\n");
    let json = sandbox.run(&["validate", ".", "--format", "json"]).expect(1).json();
    let findings = json["findings"].as_array().expect("findings");
    for (file, rule) in [("a", "yaml-invalid"), ("b", "privileged"), ("c", "schema-invalid")] {
        let file = format!("{file}/compose.yaml");
        assert!(findings.iter().any(|found| found["file"] == *file && found["rule"] == rule), "{file}: {rule}");
    }
}

#[test]
fn flag_beats_variable_beats_file_beats_default() {
    let sandbox = Sandbox::with_compose(FAULTY).file("stackctl.toml", "format = \"github\"\n");
    let plain = Sandbox::with_compose(FAULTY);
    assert!(plain.run(&["validate"]).stdout.contains("= hint:"));
    assert!(sandbox.run(&["validate"]).stdout.starts_with("::"));
    let with_variable = |arguments: &[&str]| sandbox.stackctl(arguments).env("STACKCTL_FORMAT", "json").run();
    assert!(with_variable(&["validate"]).json().is_object());
    assert!(with_variable(&["validate", "--format", "human"]).stdout.contains("= hint:"));
}

#[test]
fn unknown_settings_are_errors_with_a_suggestion() {
    let sandbox = Sandbox::with_compose(CLEAN).file("stackctl.toml", "fail_onn = \"error\"\n");
    let ended = sandbox.run(&["validate"]).expect(2);
    assert!(
        ended.stderr.contains("stackctl.toml") && ended.stderr.contains("did you mean `fail_on`"),
        "{}",
        ended.stderr
    );
    let variable =
        Sandbox::with_compose(CLEAN).stackctl(&["validate"]).env("STACKCTL_FAIL_ON", "never").run().expect(2);
    assert!(variable.stderr.contains("STACKCTL_FAIL_ON"), "{}", variable.stderr);
}

#[test]
fn broken_pipe_is_silent() {
    let mut text = String::from("services:\n");
    for number in 0..3000 {
        let _ = writeln!(text, "  web{number}:\n    image: nginx\n    privileged: true");
    }
    let sandbox = Sandbox::with_compose(text);
    for arguments in [&["validate"][..], &["config"], &["validate", "--format", "json"]] {
        let ended = sandbox.stackctl(arguments).run_and_close_output_after(10);
        ended.code();
        assert_eq!(ended.stderr, "", "{arguments:?}");
    }
}

#[test]
fn secrets_are_masked_but_for_config() {
    let secret = "hunter2-and-more-than-twenty-four-letters";
    let sandbox = Sandbox::with_compose(format!(
        "services:\n  db:\n    image: postgres:17.2\n    environment:\n      POSTGRES_PASSWORD: {secret}\n"
    ));
    for format in ["human", "json", "sarif", "github"] {
        let ended = sandbox.run(&["--debug", "validate", "--format", format]);
        assert!(ended.stdout.contains("secret-in-environment"), "{}", ended.stdout);
        assert!(!ended.stdout.contains(secret) && !ended.stderr.contains(secret), "{format}");
    }
    assert!(sandbox.run(&["config"]).expect(0).stdout.contains(secret));
    assert!(!sandbox.run(&["config", "--mask"]).expect(0).stdout.contains(secret));
}

#[test]
fn standard_input_is_a_file_named_dash() {
    let sandbox = Sandbox::new();
    sandbox.stackctl(&["validate", "-"]).input(FAULTY).run().expect(1);
    sandbox.stackctl(&["-f", "-", "validate"]).input(CLEAN).run().expect(0);
    let ended = sandbox.stackctl(&["-f", "-", "config", "--services"]).input(CLEAN).run().expect(0);
    assert_eq!(ended.stdout, "web\n");
}

#[test]
fn rules_and_explanations_come_from_the_program() {
    let sandbox = Sandbox::new();
    let listed = sandbox.run(&["rules", "--format", "json"]).expect(0).json();
    let rules = listed["rules"].as_array().expect("rules");
    assert_eq!(rules.len(), stackctl::rules::registry().len());
    let page = sandbox.run(&["explain", "privileged"]).expect(0).stdout;
    assert!(page.starts_with("# privileged\n") && page.contains("## Why"), "{page}");
}
