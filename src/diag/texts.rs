// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The texts behind findings, and the findings' words, without their secrets.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::ops::Range;

use super::{Diagnostic, FileId, Label, Redaction, SourceMap, Span, mask_in, visible};

/// The texts of one project, painted over when first needed.
#[derive(Debug)]
pub struct Texts<'a> {
    sources: &'a SourceMap,
    redactions: Vec<OnceCell<Redaction>>,
    known: Vec<Vec<Range<usize>>>,
}

impl<'a> Texts<'a> {
    /// Texts of a source map. What the rules about secrets point at is painted over, whatever its name is.
    #[must_use]
    pub fn new<'f>(sources: &'a SourceMap, findings: impl Iterator<Item = &'f Diagnostic>) -> Self {
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
    #[must_use]
    pub fn sources(&self) -> &'a SourceMap {
        self.sources
    }

    /// The text of a file without its secrets; offsets stay.
    #[must_use]
    pub fn redaction(&self, file: FileId) -> &Redaction {
        static EMPTY: std::sync::LazyLock<Redaction> = std::sync::LazyLock::new(Redaction::default);
        let cell = self.redactions.get(file.index());
        let known = self.known.get(file.index()).map_or(&[] as &[_], Vec::as_slice);
        cell.map_or(&EMPTY, |cell| cell.get_or_init(|| Redaction::new(self.sources.file(file).text(), known)))
    }

    /// The line where a place begins, without secrets, and as safe to show as the rest; empty where there is none.
    #[must_use]
    pub fn line(&self, span: Span) -> String {
        let text = self.redaction(span.file).text();
        let line = text.get(self.line_range(span)).unwrap_or_default();
        visible(line.trim_end_matches(['\n', '\r']))
    }

    /// The bytes of the line where a place begins.
    fn line_range(&self, span: Span) -> Range<usize> {
        let file = self.sources.file(span.file);
        let starts = file.line_starts();
        let line = self.sources.start(span).line;
        let start = starts.get(line - 1).map_or(0, |start| *start as usize);
        start..starts.get(line).map_or(file.text().len(), |start| *start as usize)
    }

    /// The secrets on the lines where the labels of a finding begin.
    fn secrets_near(&self, finding: &Diagnostic) -> Vec<&'a str> {
        let labels = std::iter::once(&finding.primary).chain(&finding.related);
        let mut secrets = BTreeSet::new();
        for Label { span, .. } in labels {
            let Range { start, end } = self.line_range(*span);
            let hidden = self.redaction(span.file).hidden_in(start..end.max(span.start as usize));
            let text = self.sources.file(span.file).text();
            secrets.extend(hidden.filter_map(|range| text.get(range)));
        }
        secrets.into_iter().collect()
    }

    /// The finding with words that are safe to show: secrets on its lines masked, control characters replaced.
    #[must_use]
    pub fn clean(&self, finding: &Diagnostic) -> Diagnostic {
        let secrets = self.secrets_near(finding);
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
}
