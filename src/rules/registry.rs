// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Every rule, by name.

use std::sync::LazyLock;

use super::{Rule, environment, file, health, image, logging, network, storage, user};
use crate::diag::closest;

static REGISTRY: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    let themes = [
        environment::RULES,
        file::RULES,
        health::RULES,
        image::RULES,
        logging::RULES,
        network::RULES,
        storage::RULES,
        user::RULES,
    ];
    let mut rules = themes.concat();
    rules.sort_by_key(|rule| rule.meta.name);
    rules
});

/// Every rule, sorted by name.
#[must_use]
pub fn registry() -> &'static [Rule] {
    &REGISTRY
}

/// The rule with this name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Rule> {
    let at = REGISTRY.binary_search_by(|rule| rule.meta.name.cmp(name)).ok()?;
    REGISTRY.get(at)
}

/// The rule name that somebody who wrote `name` most likely meant.
#[must_use]
pub fn suggest(name: &str) -> Option<&'static str> {
    closest(name, registry().iter().map(|rule| rule.meta.name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_sorted_and_kebab_case() {
        for pair in registry().windows(2) {
            assert!(pair[0].meta.name < pair[1].meta.name, "{}", pair[1].meta.name);
        }
        for rule in registry() {
            let name = rule.meta.name;
            assert!(name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{name}");
            assert_eq!(find(name).map(|found| found.meta.name), Some(name));
        }
    }

    #[test]
    fn metadata_is_complete() {
        for rule in registry() {
            let meta = rule.meta;
            assert!(!meta.summary.is_empty() && !meta.summary.ends_with('.'), "{}", meta.name);
            assert!(!meta.why.is_empty() && !meta.bad.is_empty() && !meta.good.is_empty(), "{}", meta.name);
            assert_ne!(meta.bad, meta.good, "{}", meta.name);
            assert!(!meta.sections.is_empty() && meta.sections.iter().all(|section| *section <= 23), "{}", meta.name);
        }
    }

    #[test]
    fn a_slip_of_the_pen_is_understood() {
        assert_eq!(suggest("helthcheck-missing"), Some("healthcheck-missing"));
        assert_eq!(suggest("healthcheck_missing"), Some("healthcheck-missing"));
        assert_eq!(suggest("something-else-entirely"), None);
        assert_eq!(suggest(""), None);
    }
}
