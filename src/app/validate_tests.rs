// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
#![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

use std::collections::BTreeMap;

use super::*;
use crate::catalog::Catalog;
use crate::sys::fake::{FakeFiles, FakeInput};

fn run_in(files: &[(&str, &str)], targets: &[&str]) -> Result<Outcome, AppError> {
    let files = FakeFiles::new(files);
    let context = Context {
        files: &files,
        input: &FakeInput(b"services: {}\n".to_vec()),
        environment: &BTreeMap::new(),
        working_dir: Path::new("/w"),
        catalog: &Catalog::default(),
        max_file_size: 1 << 20,
    };
    let request = Request { targets: targets.iter().map(|&t| t.to_owned()).collect(), ..Request::default() };
    run(&context, &request)
}

const SERVICE: &str = "services:\n  a:\n    image: nginx:1.27.3\n";

fn files_of(outcome: &Outcome) -> Vec<Vec<String>> {
    outcome.projects.iter().map(|project| project.files.clone()).collect()
}

#[test]
fn a_folder_gives_every_project_sorted() {
    let outcome = run_in(&[("/w/b/compose.yaml", SERVICE), ("/w/a/compose.yaml", SERVICE)], &["."]).unwrap();
    assert_eq!(files_of(&outcome), [["a/compose.yaml"], ["b/compose.yaml"]]);
}

#[test]
fn a_missing_target_does_not_hide_the_others() {
    let outcome = run_in(&[("/w/a.yml", SERVICE)], &["none.yml", "a.yml"]).unwrap();
    assert_eq!(files_of(&outcome), [["a.yml"]]);
    assert_eq!(outcome.failures, [AppError::InputMissing { path: "none.yml".into() }]);
}

#[test]
fn a_file_named_twice_is_judged_once() {
    let outcome = run_in(&[("/w/compose.yaml", SERVICE)], &["compose.yaml", "."]).unwrap();
    assert_eq!(outcome.projects.len(), 1);
}

#[test]
fn standard_input_is_judged() {
    assert_eq!(files_of(&run_in(&[("/w/x", "")], &["-"]).unwrap()), [["<stdin>"]]);
}

#[test]
fn the_example_stands_in_only_for_an_absent_env_file() {
    let example = ("/w/.env.example", "A=1\n");
    let outcome = run_in(&[("/w/compose.yaml", SERVICE), example], &[]).unwrap();
    assert_eq!(outcome.notes, ["`.env.example` stands in for `.env`, which is absent"]);
    let outcome = run_in(&[("/w/compose.yaml", SERVICE), example, ("/w/.env", "A=2\n")], &[]).unwrap();
    assert!(outcome.notes.is_empty());
}

#[test]
fn a_broken_env_file_is_a_finding_in_that_file() {
    let outcome = run_in(&[("/w/compose.yaml", SERVICE), ("/w/.env", "A=1\nB C=2\n")], &[]).unwrap();
    let project = &outcome.projects[0];
    let finding = project.judgement.findings.iter().find(|finding| finding.rule == "schema-invalid").unwrap();
    assert_eq!(project.sources.file(finding.primary.span.file).name(), ".env");
    assert!(outcome.has_failing_finding());
}

#[test]
fn a_variable_in_the_env_file_that_nothing_sets_is_a_finding_there() {
    let env = "USERS=admin:$2y$10$hash\n";
    let outcome = run_in(&[("/w/compose.yaml", SERVICE), ("/w/.env", env)], &[]).unwrap();
    let project = &outcome.projects[0];
    let finding = project.judgement.findings.iter().find(|finding| finding.rule == "unset-variable").unwrap();
    assert_eq!(project.sources.file(finding.primary.span.file).name(), ".env");
    assert_eq!(project.sources.slice(finding.primary.span), "$hash");
    assert!(!outcome.has_failing_finding());
}

#[test]
fn nothing_to_judge_is_an_error() {
    assert!(matches!(run_in(&[("/w/readme.md", "")], &[]), Err(AppError::ProjectMissing { .. })));
}

#[test]
fn a_mistyped_rule_name_in_the_settings_is_an_error() {
    let error =
        run_in(&[("/w/compose.yaml", SERVICE), ("/w/stackctl.toml", "ignore = [\"no-such-rule\"]")], &[]).unwrap_err();
    assert_eq!(error.to_string(), "`stackctl.toml`: no rule is called `no-such-rule`");
}
