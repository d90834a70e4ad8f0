// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Which rules speak, and how loudly.

use std::collections::BTreeMap;

use super::{Persona, RuleMeta};
use crate::diag::{Diagnostic, Level};

/// The rule that cannot be switched off: where the YAML cannot be read, nothing else was looked at either.
const ALWAYS_ON: &str = "yaml-invalid";

/// What the user chose. Rule names are expected to be known; unknown ones have no effect.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Level of a rule in place of its own; `None` switches the rule off.
    pub levels: BTreeMap<String, Option<Level>>,
    /// When not empty, only these rules run, pedantic ones too.
    pub select: Vec<String>,
    /// These rules do not run.
    pub ignore: Vec<String>,
    /// Who reads the findings.
    pub persona: Persona,
}

impl Default for Settings {
    fn default() -> Self {
        Self { levels: BTreeMap::new(), select: Vec::new(), ignore: Vec::new(), persona: Persona::Default }
    }
}

impl Settings {
    /// Whether a rule speaks: not ignored, not off, among the selected ones, and meant for the persona. A rule that is
    /// selected or given a level by name speaks to every persona. `yaml-invalid` always speaks.
    #[must_use]
    pub fn is_active(&self, meta: &RuleMeta) -> bool {
        if meta.name == ALWAYS_ON {
            return true;
        }
        let names = |list: &[String]| list.iter().any(|name| name == meta.name);
        let level = self.levels.get(meta.name);
        if names(&self.ignore) || level == Some(&None) {
            return false;
        }
        if self.select.is_empty() { meta.persona <= self.persona || level.is_some() } else { names(&self.select) }
    }

    /// Gives a finding the level that the user chose for its rule.
    pub(super) fn apply_level(&self, diagnostic: &mut Diagnostic) {
        if let Some(Some(level)) = self.levels.get(diagnostic.rule) {
            diagnostic.level = *level;
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::rules::find;

    fn names(list: &[&str]) -> Vec<String> {
        list.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn ignored_and_switched_off_rules_are_silent_but_a_broken_file_is_not() {
        let meta = find("healthcheck-missing").unwrap().meta;
        assert!(Settings::default().is_active(meta));
        assert!(!Settings { ignore: names(&[meta.name]), ..Settings::default() }.is_active(meta));
        let off = BTreeMap::from([(meta.name.to_owned(), None), ("yaml-invalid".to_owned(), None)]);
        let off = Settings { levels: off, ..Settings::default() };
        assert!(!off.is_active(meta));
        assert!(off.is_active(find("yaml-invalid").unwrap().meta));
    }

    #[test]
    fn a_selection_leaves_only_what_it_names() {
        let settings = Settings { select: names(&["version-obsolete"]), ..Settings::default() };
        assert!(settings.is_active(find("version-obsolete").unwrap().meta));
        assert!(!settings.is_active(find("healthcheck-missing").unwrap().meta));
    }

    #[test]
    fn pedantic_rules_need_the_persona_or_their_name() {
        let base = find("healthcheck-missing").unwrap().meta;
        let meta = RuleMeta { persona: Persona::Pedantic, name: "pedantic-example", ..copy(base) };
        assert!(!Settings::default().is_active(&meta));
        assert!(Settings { persona: Persona::Pedantic, ..Settings::default() }.is_active(&meta));
        assert!(Settings { select: names(&[meta.name]), ..Settings::default() }.is_active(&meta));
        let levels = BTreeMap::from([(meta.name.to_owned(), Some(Level::Error))]);
        assert!(Settings { levels, ..Settings::default() }.is_active(&meta));
    }

    fn copy(meta: &RuleMeta) -> RuleMeta {
        RuleMeta { ..*meta }
    }
}
