// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! From a project to what is said about it: runs the rules, applies what the user and the file's author chose, and
//! puts the findings in order.

use std::collections::BTreeSet;

use super::group::{join_absences, join_shared};
use super::subject::ServiceIndex;
use super::suppress::{Suppressed, Suppressions};
use super::{Context, Need, Rule, Settings, find, registry};
use crate::diag::{Diagnostic, Level, Span};

/// What came of judging a project.
#[derive(Debug, Clone, Default)]
pub struct Judgement {
    /// What is wrong, sorted by file, place and rule.
    pub findings: Vec<Diagnostic>,
    /// What an allow comment hides, in the same order.
    pub suppressed: Vec<Suppressed>,
    /// Active rules that did not run because something was not collected, by name.
    pub not_checked: Vec<NotChecked>,
}

/// A rule that did not run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotChecked {
    /// Its name.
    pub rule: &'static str,
    /// The flag that would make it run.
    pub flag: &'static str,
}

/// Judges a project. `loader_diagnostics` is what the loader found; its findings carry the names of rules and obey the
/// same settings and allow comments.
#[must_use]
pub fn judge(context: &Context<'_>, loader_diagnostics: Vec<Diagnostic>, settings: &Settings) -> Judgement {
    let (rules, not_checked) = runnable(settings);
    let told: BTreeSet<_> = loader_diagnostics.iter().map(sort_key).collect();
    let mut own = Vec::new();
    for rule in rules {
        (rule.check)(context, &mut own);
    }
    // Where the loader has spoken of a place, the rule of the same name need not.
    own.retain(|finding| !told.contains(&sort_key(finding)));
    let index = ServiceIndex::new(context.project);
    let refused = refused_services(&loader_diagnostics);
    own.retain(|finding| !is_absence(finding) || !is_refused(finding, &index, &refused));
    let mut findings = chosen(loader_diagnostics, settings);
    findings.extend(chosen(own, settings));

    let mut suppressions = Suppressions::new(context);
    let (mut findings, mut suppressed) = suppressions.split(findings);
    let allow_faults = chosen(suppressions.faults(settings), settings);

    // Before joining, so that the first of several services that share a place is the first in the file.
    sort(&mut findings);
    let mut findings = join_absences(context, &index, join_shared(&index, findings));
    findings.extend(allow_faults);
    sort(&mut findings);
    suppressed.sort_by_key(|entry| sort_key(&entry.diagnostic));
    suppressed.dedup_by(|later, earlier| later.diagnostic == earlier.diagnostic);
    Judgement { findings, suppressed, not_checked }
}

/// The subjects of services that are refused as a whole (no image, no mapping). What else such a service lacks is no
/// finding: most often it is a part of a service of another file.
fn refused_services(loader_diagnostics: &[Diagnostic]) -> BTreeSet<String> {
    let refused = loader_diagnostics.iter().filter(|one| one.level == Level::Error && one.rule == "schema-invalid");
    refused.map(|one| one.subject.clone()).filter(|subject| subject.starts_with("services.")).collect()
}

fn is_absence(finding: &Diagnostic) -> bool {
    find(finding.rule).is_some_and(|rule| rule.meta.absence)
}

fn is_refused(finding: &Diagnostic, index: &ServiceIndex<'_>, refused: &BTreeSet<String>) -> bool {
    !refused.is_empty() && index.service_of(&finding.subject).is_some_and(|service| refused.contains(&service.path()))
}

/// Judges files that could not be read as a project: only what the loader found, after the user's settings.
#[must_use]
pub fn judge_unparsed(loader_diagnostics: Vec<Diagnostic>, settings: &Settings) -> Judgement {
    let (_, not_checked) = runnable(settings);
    let mut findings = chosen(loader_diagnostics, settings);
    sort(&mut findings);
    findings.dedup();
    Judgement { findings, suppressed: Vec::new(), not_checked }
}

/// The active rules that can run, and those that cannot.
fn runnable(settings: &Settings) -> (Vec<&'static Rule>, Vec<NotChecked>) {
    let mut rules = Vec::new();
    let mut not_checked = Vec::new();
    for rule in registry().iter().filter(|rule| settings.is_active(rule.meta)) {
        match rule.meta.needs.first() {
            None => rules.push(rule),
            Some(need) => not_checked.push(NotChecked { rule: rule.meta.name, flag: flag(*need) }),
        }
    }
    (rules, not_checked)
}

/// The flag that collects what a rule needs.
fn flag(need: Need) -> &'static str {
    match need {
        Need::Engine => "--live",
        Need::Git | Need::Guides => "--repo",
        Need::Host => "--host",
        Need::Backup => "--backups",
    }
}

/// Drops what the user does not want to hear, and sets the levels. Findings of unknown rules stay as they are.
fn chosen(findings: Vec<Diagnostic>, settings: &Settings) -> Vec<Diagnostic> {
    let wanted = |finding: &Diagnostic| find(finding.rule).is_none_or(|rule| settings.is_active(rule.meta));
    let mut findings: Vec<Diagnostic> = findings.into_iter().filter(wanted).collect();
    for finding in &mut findings {
        settings.apply_level(finding);
    }
    findings
}

/// By file, place and rule; findings alike in all three keep the order in which they were found.
fn sort(findings: &mut [Diagnostic]) {
    findings.sort_by_key(sort_key);
}

fn sort_key(finding: &Diagnostic) -> (Span, &'static str) {
    (finding.primary.span, finding.rule)
}

#[cfg(test)]
#[path = "judge_tests.rs"]
mod tests;
