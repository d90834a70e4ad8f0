// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What the compose files are found to lack, for a screen.

use super::answer::Answer;
use super::serve::Hands;
use super::trouble::Trouble;
use crate::app::Context;
use crate::app::validate::{Outcome, ProjectReport, Request, run};
use crate::diag::{Diagnostic, Label, Level, Texts, visible};
use crate::health::Timestamp;

/// Findings that a screen is given at most, the worst first.
const MOST: usize = 1000;
/// Related places and notes of one finding that it is given at most.
const MOST_PARTS: usize = 24;
/// Characters of a line of a file that are shown.
const LINE: usize = 300;

/// What was found.
#[derive(Debug, Clone, PartialEq)]
pub struct FindingsRead {
    /// When, by our clock.
    pub at: Timestamp,
    /// What; or why nothing could be judged.
    pub judged: Result<Judged, Trouble>,
}

/// What is said about the projects.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Judged {
    /// How many projects were judged.
    pub projects: usize,
    /// Their compose files, sorted.
    pub files: Vec<String>,
    /// The findings, worst first, then by place.
    pub findings: Vec<Finding>,
    /// Findings that are not among them, because there are too many.
    pub left_out: usize,
    /// Findings that a comment silences.
    pub suppressed: usize,
    /// Things to know.
    pub notes: Vec<String>,
    /// Projects that could not be judged.
    pub failures: Vec<Trouble>,
}

/// One finding, safe to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How bad it is.
    pub level: Level,
    /// The rule.
    pub rule: &'static str,
    /// The project; empty when its files could not be read.
    pub project: String,
    /// Where it is.
    pub place: Place,
    /// What is wrong.
    pub message: String,
    /// What is there, where the rule says so.
    pub label: String,
    /// The line of the file.
    pub source: String,
    /// Other places that belong to it, each with what is there.
    pub related: Vec<(Place, String)>,
    /// More of it.
    pub notes: Vec<String>,
    /// The next step.
    pub hint: Option<String>,
}

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file, as people name it.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
}

impl std::fmt::Display for Place {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}:{}", self.file, self.line)
    }
}

pub(super) fn read(hands: Hands<'_>) {
    let request = Request { targets: Vec::new(), selection: hands.selection.clone(), flags: hands.flags.clone() };
    let judged = judge(&hands.live.context, &request);
    hands.screen.answer(Answer::Findings(FindingsRead { at: hands.live.clock.now(), judged }));
}

fn judge(context: &Context<'_>, request: &Request) -> Result<Judged, Trouble> {
    let outcome = run(context, request).map_err(|error| Trouble::of(&error))?;
    let Outcome { projects, notes, failures } = &outcome;
    let mut findings: Vec<Finding> = projects.iter().flat_map(of_project).collect();
    findings.sort_by(|one, other| key(one).cmp(&key(other)));
    // Of projects that share a file, each finds the same in it.
    findings.dedup_by(|later, earlier| key(later) == key(earlier));
    let left_out = findings.len().saturating_sub(MOST);
    findings.truncate(MOST);
    let mut files: Vec<String> = projects.iter().flat_map(|one| &one.files).map(|file| visible(file)).collect();
    files.sort();
    files.dedup();
    Ok(Judged {
        projects: projects.len(),
        files,
        findings,
        left_out,
        suppressed: projects.iter().map(|one| one.judgement.suppressed.len()).sum(),
        notes: notes.iter().take(MOST_PARTS).map(|note| visible(note)).collect(),
        failures: failures.iter().take(MOST_PARTS).map(|failure| Trouble::of(failure)).collect(),
    })
}

/// Worst first, then by place.
fn key(finding: &Finding) -> (std::cmp::Reverse<Level>, &Place, &str, &str) {
    (std::cmp::Reverse(finding.level), &finding.place, finding.rule, &finding.message)
}

fn of_project(report: &ProjectReport) -> Vec<Finding> {
    let all = &report.judgement.findings;
    let suppressed = report.judgement.suppressed.iter().map(|one| &one.diagnostic);
    let texts = Texts::new(&report.sources, all.iter().chain(suppressed));
    all.iter().map(|finding| of(finding, &texts, &report.name)).collect()
}

fn of(finding: &Diagnostic, texts: &Texts<'_>, project: &str) -> Finding {
    let place = |label: &Label| {
        let start = texts.sources().start(label.span);
        let file = visible(texts.sources().file(label.span.file).name());
        Place { file, line: start.line, column: start.column }
    };
    let clean = texts.clean(finding);
    Finding {
        level: clean.level,
        rule: clean.rule,
        project: visible(project),
        place: place(&clean.primary),
        source: texts.line(clean.primary.span).chars().take(LINE).collect(),
        related: clean.related.iter().take(MOST_PARTS).map(|label| (place(label), label.message.clone())).collect(),
        label: clean.primary.message,
        message: clean.message,
        notes: clean.notes.into_iter().take(MOST_PARTS).collect(),
        hint: clean.hint,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

    use std::collections::BTreeMap;
    use std::path::Path;

    use super::*;
    use crate::app::Selection;
    use crate::catalog::Catalog;
    use crate::config::Layer;
    use crate::sys::fake::{FakeFiles, FakeInput};

    fn judged(files: &[(&str, &str)]) -> Result<Judged, Trouble> {
        let context = Context {
            files: &FakeFiles::new(files),
            input: &FakeInput::default(),
            environment: &BTreeMap::new(),
            working_dir: Path::new("/w"),
            catalog: &Catalog::default(),
            max_file_size: 1 << 20,
        };
        judge(&context, &Request { targets: Vec::new(), selection: Selection::default(), flags: Layer::default() })
    }

    #[test]
    fn findings_come_worst_first_without_secrets() {
        let text = "services:\n  a:\n    image: nginx:latest\n    environment:\n      API_KEY: hunter2hunter2\n    \
                    ports: [\"80:80\"]\n    depends_on: [b]\n";
        let found = judged(&[("/w/compose.yaml", text)]).unwrap();
        assert_eq!((found.projects, found.files.as_slice()), (1, ["compose.yaml".to_owned()].as_slice()));
        let levels: Vec<Level> = found.findings.iter().map(|one| one.level).collect();
        assert!(levels.is_sorted_by(|one, other| one >= other) && levels.len() > 1, "{found:?}");
        let secret = found.findings.iter().find(|one| one.place.line == 5).unwrap();
        assert!(secret.source.starts_with("      API_KEY: ") && secret.place.to_string() == "compose.yaml:5");
        assert!(!format!("{found:?}").contains("hunter2"), "{found:?}");
    }

    #[test]
    fn without_a_file_the_next_step_is_told() {
        let trouble = judged(&[("/w/readme.md", "")]).unwrap_err();
        assert!(trouble.message.contains("no compose file"), "{trouble:?}");
        assert!(trouble.hint.is_some_and(|hint| hint.contains("-f FILE")));
    }
}
