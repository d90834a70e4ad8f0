// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The findings of all projects as one sorted list, with what every format needs: names, places, masked words, counts.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, SecondsFormat, Utc};

use super::fingerprint;
use crate::app::validate::{Outcome, ProjectReport};
use crate::diag::{Diagnostic, Level, LineColumn, SourceMap, Span, Texts};
use crate::rules::Judgement;

/// What a run says, ready to be written in any format.
#[derive(Debug)]
pub struct Report<'a> {
    /// The id of the run.
    pub run_id: &'a str,
    /// When the run was made.
    pub generated_at: DateTime<Utc>,
    /// The program's version.
    pub version: &'a str,
    /// The judged projects.
    pub projects: &'a [ProjectReport],
    texts: Vec<Texts<'a>>,
}

/// Counts for the last line and the envelope.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// Projects judged.
    pub projects: usize,
    /// Different compose files named by them.
    pub files: usize,
    /// Findings of level error.
    pub errors: usize,
    /// Findings of level warning.
    pub warnings: usize,
    /// Findings of level info.
    pub infos: usize,
    /// Findings silenced by a comment.
    pub suppressed: usize,
    /// Rules that could not look.
    pub not_checked: usize,
}

/// A finding with its project's texts.
#[derive(Debug, Clone)]
pub struct Item<'a> {
    /// The finding, its words without secrets and control characters.
    pub finding: Diagnostic,
    /// Stable against line moves and wording.
    pub fingerprint: String,
    /// Why it is silenced, when it is.
    pub reason: Option<&'a str>,
    sources: &'a SourceMap,
    /// Position of the project in [`Report::projects`].
    pub project: usize,
}

impl<'a> Item<'a> {
    /// The name of the file of a place.
    #[must_use]
    pub fn file(&self, span: Span) -> &'a str {
        self.sources.file(span.file).name()
    }

    /// Where a place begins.
    #[must_use]
    pub fn start(&self, span: Span) -> LineColumn {
        self.sources.start(span)
    }

    /// Where a place ends.
    #[must_use]
    pub fn end(&self, span: Span) -> LineColumn {
        self.sources.end(span)
    }
}

impl<'a> Report<'a> {
    /// A report of an outcome.
    #[must_use]
    pub fn new(outcome: &'a Outcome, run_id: &'a str, generated_at: DateTime<Utc>, version: &'a str) -> Self {
        let of = |project: &'a ProjectReport| {
            let Judgement { findings, suppressed, .. } = &project.judgement;
            Texts::new(&project.sources, findings.iter().chain(suppressed.iter().map(|one| &one.diagnostic)))
        };
        let texts = outcome.projects.iter().map(of).collect();
        Self { run_id, generated_at, version, projects: &outcome.projects, texts }
    }

    /// The time of the run in RFC 3339, whole seconds.
    #[must_use]
    pub fn time(&self) -> String {
        self.generated_at.to_rfc3339_opts(SecondsFormat::Secs, true)
    }

    /// The texts of a project.
    pub(super) fn texts(&self, project: usize) -> &Texts<'a> {
        &self.texts[project]
    }

    /// All findings that speak, sorted by file, place, rule and words. One that several projects share is told once.
    #[must_use]
    pub fn findings(&self) -> Vec<Item<'a>> {
        self.items(|project| project.judgement.findings.iter().map(|finding| (finding, None)).collect())
    }

    /// All silenced findings, sorted likewise.
    #[must_use]
    pub fn suppressed(&self) -> Vec<Item<'a>> {
        self.items(|project| {
            project.judgement.suppressed.iter().map(|s| (&s.diagnostic, Some(s.reason.as_str()))).collect()
        })
    }

    fn items(&self, of: impl Fn(&'a ProjectReport) -> Vec<(&'a Diagnostic, Option<&'a str>)>) -> Vec<Item<'a>> {
        let mut items: Vec<Item<'a>> = Vec::new();
        for (project, report) in self.projects.iter().enumerate() {
            for (finding, reason) in of(report) {
                items.push(Item {
                    finding: self.texts[project].clean(finding),
                    fingerprint: String::new(),
                    reason,
                    sources: &report.sources,
                    project,
                });
            }
        }
        items.sort_by(|left, right| sort_key(left).cmp(&sort_key(right)));
        items.dedup_by(|later, earlier| sort_key(later) == sort_key(earlier));
        let mut seen: BTreeMap<(&str, &str, String), usize> = BTreeMap::new();
        for item in &mut items {
            let file = item.file(item.finding.primary.span);
            let ordinal = seen.entry((item.finding.rule, file, item.finding.subject.clone())).or_default();
            item.fingerprint = fingerprint::of(item.finding.rule, file, &item.finding.subject, *ordinal);
            *ordinal += 1;
        }
        items
    }

    /// Rules that could not look, with the flag that would let them, sorted.
    #[must_use]
    pub fn not_checked(&self) -> BTreeSet<(&'static str, &'static str)> {
        let all = self.projects.iter().flat_map(|project| &project.judgement.not_checked);
        all.map(|entry| (entry.rule, entry.flag)).collect()
    }

    /// Counts over these findings.
    #[must_use]
    pub fn summary(&self, findings: &[Item<'_>]) -> Summary {
        let count = |level: Level| findings.iter().filter(|item| item.finding.level == level).count();
        let files: BTreeSet<&String> = self.projects.iter().flat_map(|project| &project.files).collect();
        Summary {
            projects: self.projects.len(),
            files: files.len(),
            errors: count(Level::Error),
            warnings: count(Level::Warning),
            infos: count(Level::Info),
            suppressed: self.suppressed().len(),
            not_checked: self.not_checked().len(),
        }
    }
}

type SortKey<'k> = (&'k str, u32, u32, &'static str, &'k str, &'k str);

fn sort_key<'k>(item: &'k Item<'_>) -> SortKey<'k> {
    let finding = &item.finding;
    let span = finding.primary.span;
    (item.file(span), span.start, span.end, finding.rule, &finding.message, &finding.subject)
}

#[cfg(test)]
pub(super) mod sample;
