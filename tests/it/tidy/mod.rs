// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The repository held to its own rules. `ARCHITECTURE.md` says why each of them exists.

mod files;
mod layers;
mod words;

use super::support::Repository;
use stackctl::rules;

/// The names of all rules, sorted.
fn rule_names() -> Vec<String> {
    rules::registry().iter().map(|rule| rule.meta.name.to_owned()).collect()
}

#[test]
fn every_rule_has_fixtures_that_fail_and_pass_and_nothing_else_has() {
    assert_eq!(Repository::names_in("fixtures/rules"), rule_names());
    for rule in rule_names() {
        let names = Repository::names_in(&format!("fixtures/rules/{rule}"));
        for needed in ["fail.yml", "pass.yml"] {
            assert!(names.iter().any(|name| name == needed), "{rule} has no {needed}");
        }
    }
}

#[test]
fn every_rule_has_a_guide_page_and_nothing_else_has() {
    let pages: Vec<String> =
        Repository::names_in("guides/rules").iter().map(|name| name.trim_end_matches(".md").to_owned()).collect();
    assert_eq!(pages, rule_names());
}

#[test]
fn every_rule_has_a_file_of_its_name() {
    let files = Repository::files();
    for rule in rule_names() {
        let file = format!("/{}.rs", rule.replace('-', "_"));
        assert!(files.iter().any(|name| name.starts_with("src/rules/") && name.ends_with(&file)), "{rule}");
    }
}

#[test]
fn changelog_begins_with_what_is_not_released() {
    let text = Repository::text("CHANGELOG.md");
    let first = text.lines().find(|line| line.starts_with("## "));
    assert_eq!(first, Some("## [Unreleased]"));
}

#[test]
fn every_test_file_is_listed() {
    let main = Repository::text("tests/it/main.rs");
    for name in Repository::names_in("tests/it") {
        let module = name.trim_end_matches(".rs");
        assert!(
            module == "main" || main.contains(&format!("mod {module};")),
            "tests/it/{name} is not listed in main.rs"
        );
    }
    assert_eq!(Repository::names_in("tests"), ["it"], "there is one integration binary");
}

#[test]
fn every_decision_is_in_the_list() {
    let list = Repository::text("guides/adr/README.md");
    for name in Repository::names_in("guides/adr") {
        assert!(name == "README.md" || list.contains(&format!("({name})")), "{name} is not listed");
    }
}

#[test]
fn every_make_target_explains_itself() {
    let text = Repository::text("Makefile");
    for target in ["help", "dev", "lint", "test", "test-all", "docs", "bench", "fuzz", "soak", "run"] {
        let line = text.lines().find(|line| line.starts_with(&format!("{target}:")));
        assert!(line.is_some_and(|line| line.contains("## ")), "{target}");
    }
    let pipeline = Repository::text(".ci/run");
    assert!(pipeline.contains("make lint") && pipeline.contains("make test-all"));
}
