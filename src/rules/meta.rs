// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What a rule is.

use crate::catalog::Catalog;
use crate::compose::model::Project;
use crate::diag::{Diagnostic, Level, SourceMap, Span};

/// Who sees a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Persona {
    /// Everybody.
    Default,
    /// Those who ask for it.
    Pedantic,
}

/// What kind of fix a rule offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FixSafety {
    /// None.
    None,
    /// The resolved model stays the same.
    Safe,
    /// The model changes.
    Unsafe,
}

/// Facts that must be collected before the rule can speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// What the container engine knows.
    Engine,
    /// The git repository around the file.
    Git,
    /// The guides beside the file.
    Guides,
    /// The host's file system.
    Host,
    /// The backup store.
    Backup,
}

/// Everything about a rule but its check. The guide page `guides/rules/<name>.md` is made from it.
#[derive(Debug)]
pub struct RuleMeta {
    /// Kebab-case name that says what is wrong.
    pub name: &'static str,
    /// One line: what is flagged.
    pub summary: &'static str,
    /// Why it matters, in one or two short paragraphs of Markdown.
    pub why: &'static str,
    /// A compose fragment that the rule flags.
    pub bad: &'static str,
    /// The same fragment, mended.
    pub good: &'static str,
    /// Sections of the baseline (0 to 23) that the rule enforces.
    pub sections: &'static [u8],
    /// Level unless settings or the rule itself say otherwise.
    pub level: Level,
    /// Who sees it.
    pub persona: Persona,
    /// First version that has it.
    pub since: &'static str,
    /// Kind of fix.
    pub fix: FixSafety,
    /// What must be collected first.
    pub needs: &'static [Need],
    /// Whether findings are about something absent, and may be grouped when they hit most services.
    pub absence: bool,
}

impl RuleMeta {
    /// A finding of this rule at its own level.
    #[must_use]
    pub fn finding(&self, span: Span, subject: impl Into<String>, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(self.name, self.level, span, subject, message)
    }
}

/// What was collected outside the compose files. Grows with the collectors.
#[derive(Debug, Default)]
pub struct Facts {}

/// What a rule looks at.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The project.
    pub project: &'a Project,
    /// The texts behind the spans.
    pub sources: &'a SourceMap,
    /// The known services.
    pub catalog: &'a Catalog,
    /// What was collected outside.
    pub facts: &'a Facts,
}

/// A rule: what it says of itself, and the check.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// What it says of itself.
    pub meta: &'static RuleMeta,
    /// Appends the findings. Rules whose faults the loader finds (`yaml-invalid` and its kind) append nothing.
    pub check: fn(&Context<'_>, &mut Vec<Diagnostic>),
}
