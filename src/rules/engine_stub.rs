// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! STAND-IN, replaced at the merge by the real registry and engine: the same names with nothing behind them.

use std::collections::BTreeMap;

use super::{Context, Need, Persona, Rule};
use crate::diag::{Diagnostic, Level};

/// Which rules speak, and how loudly.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Levels by rule name; `None` switches a rule off.
    pub levels: BTreeMap<String, Option<Level>>,
    /// When not empty, only these rules speak.
    pub select: Vec<String>,
    /// These rules are silent.
    pub ignore: Vec<String>,
    /// Who asks.
    pub persona: Persona,
}

/// A finding that a comment silences.
#[derive(Debug, Clone)]
pub struct Suppressed {
    /// The finding.
    pub diagnostic: Diagnostic,
    /// The reason given in the comment.
    pub reason: String,
}

/// A rule that could not look.
#[derive(Debug, Clone)]
pub struct NotChecked {
    /// The rule.
    pub rule: &'static str,
    /// The flag that would let it look.
    pub flag: &'static str,
}

/// What came of judging a project.
#[derive(Debug, Clone, Default)]
pub struct Judgement {
    /// Findings, sorted.
    pub findings: Vec<Diagnostic>,
    /// Silenced findings.
    pub suppressed: Vec<Suppressed>,
    /// Rules that could not look.
    pub not_checked: Vec<NotChecked>,
}

/// All rules, sorted by name.
#[must_use]
pub fn registry() -> &'static [Rule] {
    &[]
}

/// The rule with this name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Rule> {
    registry().iter().find(|rule| rule.meta.name == name)
}

/// Judges a project.
#[must_use]
pub fn judge(context: &Context<'_>, loader_diagnostics: Vec<Diagnostic>, settings: &Settings) -> Judgement {
    let _ = (context, settings, Need::Engine);
    Judgement { findings: loader_diagnostics, ..Judgement::default() }
}

/// Judges files that could not be read as a project.
#[must_use]
pub fn judge_unparsed(loader_diagnostics: Vec<Diagnostic>, settings: &Settings) -> Judgement {
    let _ = settings;
    Judgement { findings: loader_diagnostics, ..Judgement::default() }
}
