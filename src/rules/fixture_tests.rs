// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Holds rules against their fixtures and the examples of their own guide page.

use super::testing::judged;
use super::{Settings, find};

/// How often a rule speaks about a text, allow comments applied.
fn findings(rule: &str, yaml: &str) -> usize {
    let mut select = vec![rule.to_owned()];
    if rule.starts_with("allow-") {
        // Allow comments are only idle with regard to rules that run.
        select.push("restart-policy-missing".to_owned());
    }
    let judgement = judged(yaml, Vec::new(), &Settings { select, ..Settings::default() });
    judgement.findings.iter().filter(|finding| finding.rule == rule).count()
}

/// The failing fixture must be found once a service, the passing one not at all; the same for the two examples.
fn holds(rule: &str, fail: &str, expected: usize, pass: &str) {
    assert_eq!(findings(rule, fail), expected, "fail.yml of {rule}");
    assert_eq!(findings(rule, pass), 0, "pass.yml of {rule}");
    if rule.starts_with("allow-") {
        return;
    }
    let meta = find(rule).map(|rule| rule.meta);
    assert_eq!(meta.map(|meta| findings(rule, meta.bad)), Some(1), "the bad example of {rule}");
    assert_eq!(meta.map(|meta| findings(rule, meta.good)), Some(0), "the good example of {rule}");
}

macro_rules! fixtures {
    ($($test:ident: $rule:literal, $expected:literal;)*) => {$(
        #[test]
        fn $test() {
            let fail = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/rules/", $rule, "/fail.yml"));
            let pass = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/rules/", $rule, "/pass.yml"));
            holds($rule, fail, $expected, pass);
        }
    )*};
}

fixtures! {
    allow_unused: "allow-unused", 2;
    allow_without_reason: "allow-without-reason", 1;
    depends_on_no_health: "depends-on-no-health", 1;
    depends_on_start_only: "depends-on-start-only", 2;
    healthcheck_always_passes: "healthcheck-always-passes", 7;
    healthcheck_exec_joined: "healthcheck-exec-joined", 2;
    healthcheck_exec_operator: "healthcheck-exec-operator", 3;
    healthcheck_missing: "healthcheck-missing", 4;
    healthcheck_shell_form: "healthcheck-shell-form", 2;
    healthcheck_timing_missing: "healthcheck-timing-missing", 1;
    restart_policy_missing: "restart-policy-missing", 1;
    unset_variable: "unset-variable", 2;
    version_obsolete: "version-obsolete", 1;
}
