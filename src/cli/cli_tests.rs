// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
#![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

use super::*;
use crate::app::Selection;
use crate::config::FindingFormat;
use crate::diag::Level;
use crate::output::Verbosity;

fn startup(line: &str) -> Startup {
    let words = std::iter::once("stackctl").chain(line.split(' ')).map(OsString::from);
    Cli::read(words, Theme::Plain).unwrap().startup().unwrap()
}

#[test]
fn clap_finds_no_fault_in_the_definition() {
    command().debug_assert();
}

#[test]
fn project_flags_stand_before_or_after_the_command() {
    let expected = Selection {
        files: vec!["a.yaml".into(), "b.yaml".into()],
        project_name: Some("p".into()),
        project_directory: Some("d".into()),
        env_files: vec!["e".into()],
        profiles: vec!["x".into()],
    };
    for line in [
        "-f a.yaml -f b.yaml -p p --project-directory d --env-file e --profile x config --format json",
        "config -f a.yaml -f b.yaml -p p --project-directory d --env-file e --profile x",
        "-f a.yaml -p q --env-file e config -f b.yaml -p p --project-directory d --profile x",
    ] {
        assert_eq!(startup(line).selection, expected, "{line}");
    }
}

#[test]
fn validate_flags_become_settings() {
    let startup = startup("--format sarif validate --select a,b --select c --fail-on info --persona pedantic x");
    assert_eq!(startup.flags.select, Some(vec!["a".into(), "b".into(), "c".into()]));
    assert_eq!(startup.flags.fail_on, Some(Level::Info));
    assert_eq!(startup.flags.format, Some(FindingFormat::Sarif));
    assert_eq!(startup.settings_near, Some("x".into()));
}

#[test]
fn verbosity_flags_set_the_log_level() {
    assert_eq!(startup("-v rules").flags.log_level.as_deref(), Some("info"));
    assert_eq!(startup("-v rules -v").flags.log_level.as_deref(), Some("debug"));
    assert_eq!(startup("rules --debug").flags.log_level.as_deref(), Some("debug"));
    assert_eq!(startup("rules --debug --log-level trace").flags.log_level.as_deref(), Some("trace"));
    assert_eq!(startup("-q rules").verbosity, Verbosity::Quiet);
}

#[test]
fn a_bad_command_line_is_refused_with_a_code() {
    let refused = |line: &str| {
        let words = std::iter::once("stackctl").chain(line.split(' ')).map(OsString::from);
        match Cli::read(words, Theme::Plain) {
            Err(Answer::Refused(text)) => text,
            other => format!("{other:?}"),
        }
    };
    assert!(refused("validate --nope").starts_with("error[usage]: "));
    assert!(refused("config --format xml").contains("xml"));
    assert!(refused("validat").contains("validate"));
    assert!(refused("config --services --images").starts_with("error[usage]: "));
}

#[test]
fn files_and_targets_exclude_each_other() {
    let words = ["stackctl", "-f", "a", "validate", "b"].map(OsString::from);
    assert!(matches!(Cli::read(words, Theme::Plain).unwrap().startup(), Err(UsageError::Conflict(_))));
}

#[test]
fn help_and_version_go_to_standard_output() {
    for flag in ["--help", "--version", "-h"] {
        let answer = Cli::read(["stackctl", flag].map(OsString::from), Theme::Plain).unwrap_err();
        assert!(matches!(answer, Answer::Shown(_)), "{flag}");
    }
}

#[test]
fn mistyped_variables_are_noted() {
    let environment = [("STACKCTL_FORMT".to_owned(), "json".to_owned())].into();
    assert_eq!(environment_notes(&environment), ["`STACKCTL_FORMT` is not read; did you mean `STACKCTL_FORMAT`?"]);
}

#[test]
fn a_bare_f_after_logs_leads_to_the_flag_that_follows() {
    let refused = |words: &[&str]| match Cli::read(words.iter().map(OsString::from), Theme::Plain) {
        Err(Answer::Refused(text)) => text,
        other => format!("{other:?}"),
    };
    assert!(refused(&["stackctl", "logs", "-f"]).contains("`stackctl logs -F` follows"));
    assert!(!refused(&["stackctl", "status", "-f"]).contains("follows"));
    assert!(!refused(&["stackctl", "logs", "--nonsense"]).contains("follows"));
}
