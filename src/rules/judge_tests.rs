// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The engine as a whole: levels, allow comments, joining and order.

use std::collections::BTreeMap;

use super::*;
use crate::diag::{FileId, Level, Span};
use crate::rules::testing::judged;

const BARE: &str = "services:\n  a:\n    image: x\n  b:\n    image: y\n  c:\n    image: z\n";

fn only(rule: &str) -> Settings {
    Settings { select: vec![rule.to_owned()], ..Settings::default() }
}

fn with_allows(rule: &str) -> Settings {
    let names = [rule, "allow-unused", "allow-without-reason"];
    Settings { select: names.map(str::to_owned).to_vec(), ..Settings::default() }
}

/// `rule: text of the place` of every finding.
fn summary(yaml: &str, judgement: &Judgement) -> Vec<String> {
    let text = |finding: &Diagnostic| format!("{}: {}", finding.rule, &yaml[finding.primary.span.range()]);
    judgement.findings.iter().map(text).collect()
}

fn loader_finding(rule: &'static str, start: usize, message: &str) -> Diagnostic {
    let span = Span::new(FileId::from_index(0), start, start + 1);
    Diagnostic::new(rule, Level::Error, span, "services.a", message)
}

#[test]
fn absences_of_most_services_are_told_as_one() {
    let judgement = judged(BARE, Vec::new(), &only("restart-policy-missing"));
    assert_eq!(summary(BARE, &judgement), ["restart-policy-missing: services"]);
    let finding = &judgement.findings[0];
    assert_eq!(finding.message, "all 3 services have no restart policy");
    assert_eq!(finding.related.len(), 3);
    assert!(finding.hint.is_some());
}

#[test]
fn two_services_or_a_minority_are_told_one_by_one() {
    let two = "services:\n  a:\n    image: x\n  b:\n    image: y\n";
    assert_eq!(judged(two, Vec::new(), &only("restart-policy-missing")).findings.len(), 2);
    let mut minority = BARE.to_owned();
    for name in ["d", "e", "f", "g"] {
        minority.extend(["  ", name, ":\n    restart: always\n"]);
    }
    assert_eq!(judged(&minority, Vec::new(), &only("restart-policy-missing")).findings.len(), 3);
    let half = minority.replace("  g:\n    restart: always\n", "");
    assert_eq!(judged(&half, Vec::new(), &only("restart-policy-missing")).findings.len(), 1);
}

#[test]
fn an_allow_in_one_service_takes_it_out_of_the_group() {
    let yaml = format!("{BARE}  # stackctl: allow[restart-policy-missing] started by hand\n  d:\n    image: w\n");
    let judgement = judged(&yaml, Vec::new(), &with_allows("restart-policy-missing"));
    assert_eq!(judgement.findings.len(), 1);
    assert_eq!(judgement.findings[0].message, "3 of 4 services have no restart policy");
    assert_eq!(judgement.suppressed.len(), 1);
    assert_eq!(judgement.suppressed[0].reason, "started by hand");
    assert_eq!(judgement.suppressed[0].diagnostic.subject, "services.d.restart");
}

#[test]
fn an_allow_binds_to_its_node_only() {
    let settings = with_allows("healthcheck-always-passes");
    let yaml = "services:\n  a:\n    healthcheck:\n      # stackctl: allow[healthcheck-always-passes] a stub\n      \
                test: \"true\"\n  b:\n    healthcheck:\n      test: \"true\"\n";
    let judgement = judged(yaml, Vec::new(), &settings);
    assert_eq!(summary(yaml, &judgement), ["healthcheck-always-passes: true"]);
    assert_eq!(judgement.findings[0].subject, "services.b.healthcheck.test");
    assert_eq!(judgement.suppressed.len(), 1);
}

#[test]
fn an_allow_where_a_value_is_used_speaks_for_that_service() {
    let yaml = "x-base: &base\n  healthcheck: {test: \"true\"}\nservices:\n  a:\n    <<: *base # stackctl: \
                allow[healthcheck-always-passes] a stub\n  b:\n    <<: *base\n";
    let judgement = judged(yaml, Vec::new(), &with_allows("healthcheck-always-passes"));
    assert_eq!(judgement.findings.len(), 1);
    assert_eq!(judgement.findings[0].subject, "services.b.healthcheck.test");
    assert_eq!(judgement.suppressed.len(), 1);
}

#[test]
fn what_an_anchor_shares_is_told_once() {
    let yaml = "x-base: &base\n  healthcheck: {test: \"true\"}\nservices:\n  a:\n    <<: *base\n  b:\n    <<: *base\n";
    let judgement = judged(yaml, Vec::new(), &only("healthcheck-always-passes"));
    assert_eq!(judgement.findings.len(), 1);
    let related: Vec<_> = judgement.findings[0].related.iter().map(|label| label.message.as_str()).collect();
    assert_eq!(related, ["used by `a`", "also used by `b`"]);
}

#[test]
fn an_allow_without_reason_hides_nothing() {
    let yaml = "services:\n  # stackctl: allow[restart-policy-missing]\n  a:\n    image: x\n";
    let judgement = judged(yaml, Vec::new(), &with_allows("restart-policy-missing"));
    let rules: Vec<_> = judgement.findings.iter().map(|finding| finding.rule).collect();
    assert_eq!(rules, ["allow-without-reason", "restart-policy-missing"]);
    assert!(judgement.suppressed.is_empty());
}

#[test]
fn idle_and_misspelt_names_are_found_at_their_bytes() {
    let yaml = "services:\n  # stackctl: allow[restart-policy-missing, restart-polcy-missing] never\n  a:\n    restart: always\n";
    let judgement = judged(yaml, Vec::new(), &with_allows("restart-policy-missing"));
    let expected = ["allow-unused: restart-policy-missing", "allow-unused: restart-polcy-missing"];
    assert_eq!(summary(yaml, &judgement), expected);
    assert_eq!(judgement.findings[1].hint.as_deref(), Some("did you mean `restart-policy-missing`?"));
}

#[test]
fn an_allow_for_a_rule_that_did_not_run_is_not_idle() {
    let yaml = "services:\n  a: # stackctl: allow[restart-policy-missing] by hand\n    image: x\n";
    assert!(judged(yaml, Vec::new(), &with_allows("version-obsolete")).findings.is_empty());
    let idle = judged(yaml, Vec::new(), &with_allows("restart-policy-missing"));
    assert!(idle.findings.is_empty());
    assert_eq!(idle.suppressed.len(), 1);
}

#[test]
fn allow_faults_cannot_be_allowed() {
    let yaml = "services:\n  # stackctl: allow[allow-unused] why not\n  a:\n    image: x\n";
    let judgement = judged(yaml, Vec::new(), &only("allow-unused"));
    assert_eq!(summary(yaml, &judgement), ["allow-unused: allow-unused"]);
}

#[test]
fn what_the_loader_found_obeys_settings_allows_and_order() {
    let yaml = "services:\n  a: # stackctl: allow[schema-invalid] for a newer Compose\n    image: x\n";
    let loader = vec![loader_finding("schema-invalid", 12, "unknown key"), loader_finding("yaml-invalid", 0, "odd")];
    let judgement = judged(yaml, loader, &with_allows("schema-invalid"));
    assert_eq!(summary(yaml, &judgement), ["yaml-invalid: s"]);
    assert_eq!(judgement.suppressed.len(), 1);
}

#[test]
fn a_place_of_which_the_loader_spoke_is_not_told_again() {
    let yaml = "services:\n  a:\n    image: ${TAG:?}\n";
    let span = Span::new(FileId::from_index(0), 26, 34);
    let loader = vec![Diagnostic::new("unset-variable", Level::Error, span, "services.a.image", "`TAG` is not set")];
    let judgement = judged(yaml, loader, &only("unset-variable"));
    assert_eq!(summary(yaml, &judgement), ["unset-variable: ${TAG:?}"]);
}

#[test]
fn levels_are_those_of_the_settings() {
    let levels = BTreeMap::from([("restart-policy-missing".to_owned(), Some(Level::Error))]);
    let settings = Settings { levels, ..only("restart-policy-missing") };
    assert_eq!(judged(BARE, Vec::new(), &settings).findings[0].level, Level::Error);
}

#[test]
fn findings_are_sorted_and_said_once() {
    let loader = vec![
        loader_finding("schema-invalid", 30, "x"),
        loader_finding("schema-invalid", 5, "y"),
        loader_finding("schema-invalid", 5, "y"),
        loader_finding("schema-invalid", 5, "z"),
    ];
    let judgement = judged(BARE, loader.clone(), &only("schema-invalid"));
    let messages: Vec<_> = judgement.findings.iter().map(|finding| finding.message.as_str()).collect();
    assert_eq!(messages, ["y", "z", "x"]);
    assert_eq!(judge_unparsed(loader, &only("schema-invalid")).findings.len(), 3);
}

#[test]
fn what_a_refused_service_lacks_is_not_told() {
    let yaml = "services:\n  a:\n    privileged: true\n  b:\n    image: y\n";
    let settings =
        Settings { select: vec!["restart-policy-missing".into(), "privileged".into()], ..Settings::default() };
    let refused = loader_finding("schema-invalid", 12, "no image");
    let found = summary(yaml, &judged(yaml, vec![refused], &settings));
    assert_eq!(found, ["privileged: true", "restart-policy-missing: b"]);
}
