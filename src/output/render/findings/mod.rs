// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The findings of all projects as one sorted list, with what every format needs: names, places, masked words, counts.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use chrono::{DateTime, SecondsFormat, Utc};

use super::fingerprint;
use crate::app::validate::{Outcome, ProjectReport};
use crate::diag::{Diagnostic, FileId, Label, Level, LineColumn, Redaction, SourceMap, Span, mask_in};
use crate::output::visible;
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

/// The texts of one project, painted over when first needed.
#[derive(Debug)]
pub(super) struct Texts<'a> {
    sources: &'a SourceMap,
    redactions: Vec<OnceCell<Redaction>>,
    known: Vec<Vec<Range<usize>>>,
}

impl<'a> Texts<'a> {
    /// Texts of a source map. What the rules about secrets point at is painted over, whatever its name is.
    pub(super) fn new<'f>(sources: &'a SourceMap, findings: impl Iterator<Item = &'f Diagnostic>) -> Self {
        let redactions: Vec<_> = sources.files().map(|_| OnceCell::new()).collect();
        let mut known = vec![Vec::new(); redactions.len()];
        for Span { file, start, end } in
            findings.filter(|one| one.rule.starts_with("secret-")).map(|one| one.primary.span)
        {
            if let Some(places) = known.get_mut(file.index()) {
                places.push(start as usize..end as usize);
            }
        }
        Self { sources, redactions, known }
    }

    /// The source map.
    pub(super) fn sources(&self) -> &'a SourceMap {
        self.sources
    }

    /// The text of a file without its secrets; offsets stay.
    pub(super) fn redaction(&self, file: FileId) -> &Redaction {
        static EMPTY: std::sync::LazyLock<Redaction> = std::sync::LazyLock::new(Redaction::default);
        let cell = self.redactions.get(file.index());
        let known = self.known.get(file.index()).map_or(&[] as &[_], Vec::as_slice);
        cell.map_or(&EMPTY, |cell| cell.get_or_init(|| Redaction::new(self.sources.file(file).text(), known)))
    }

    /// The secrets on the lines where the labels of a finding begin.
    fn secrets_near(&self, finding: &Diagnostic) -> Vec<&'a str> {
        let labels = std::iter::once(&finding.primary).chain(&finding.related);
        let mut secrets = BTreeSet::new();
        for Label { span, .. } in labels {
            let file = self.sources.file(span.file);
            let starts = file.line_starts();
            let line = self.sources.start(*span).line;
            let start = starts.get(line - 1).map_or(0, |start| *start as usize);
            let end = starts.get(line).map_or(file.text().len(), |start| *start as usize);
            let hidden = self.redaction(span.file).hidden_in(start..end.max(span.start as usize));
            secrets.extend(hidden.filter_map(|range| file.text().get(range)));
        }
        secrets.into_iter().collect()
    }
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
                    finding: clean(finding, &self.texts[project]),
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

/// The finding with words that are safe to show: secrets on its lines masked, control characters replaced.
pub(super) fn clean(finding: &Diagnostic, texts: &Texts<'_>) -> Diagnostic {
    let secrets = texts.secrets_near(finding);
    let words = |text: &str| visible(&mask_in(text, &secrets));
    let label = |label: &Label| Label { span: label.span, message: words(&label.message) };
    Diagnostic {
        message: words(&finding.message),
        hint: finding.hint.as_deref().map(words),
        primary: label(&finding.primary),
        related: finding.related.iter().map(label).collect(),
        notes: finding.notes.iter().map(|note| words(note)).collect(),
        ..finding.clone()
    }
}

#[cfg(test)]
pub(super) mod sample;
