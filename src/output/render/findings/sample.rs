// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! A small outcome for the tests of all formats.

use super::*;
use crate::diag::{FileId, SourceMap};
use crate::rules::{Judgement, NotChecked, Suppressed};

/// The compose file of the sample.
pub(in crate::output::render) const TEXT: &str = "services:
  web:
    image: nginx:latest
    environment:
      API_KEY: hunter2hunter2
    ports:
      - \"8080:80\"
";

/// The place of a word in a text.
pub(in crate::output::render) fn span_of(sources: &SourceMap, file: FileId, word: &str) -> Span {
    let start = sources.file(file).text().find(word).unwrap_or_default();
    Span::new(file, start, start + word.len())
}

/// Two findings, one silenced finding and one rule that could not look.
pub(in crate::output::render) fn outcome() -> Outcome {
    let mut sources = SourceMap::default();
    let file = sources.add("compose.yaml", TEXT);
    let at = |word| span_of(&sources, file, word);
    let findings = vec![
        Diagnostic::new(
            "secret-in-environment",
            Level::Warning,
            at("hunter2hunter2"),
            "services.web.environment.API_KEY",
            "`hunter2hunter2` is a secret",
        ),
        Diagnostic::new(
            "image-tag-mutable",
            Level::Error,
            at("nginx:latest"),
            "services.web.image",
            "tag `latest` moves",
        )
        .label("this tag")
        .related(at("web"), "used by this service")
        .note("every pull may bring another image")
        .hint("pin a version"),
    ];
    let suppressed = vec![Suppressed {
        diagnostic: Diagnostic::new(
            "port-unbound",
            Level::Warning,
            at("\"8080:80\""),
            "services.web.ports[0]",
            "port is public",
        ),
        reason: "behind a firewall".into(),
        allow: at("web"),
    }];
    let judgement =
        Judgement { findings, suppressed, not_checked: vec![NotChecked { rule: "runs-as-root", flag: "--live" }] };
    let report = ProjectReport {
        name: "demo".into(),
        files: vec!["compose.yaml".into()],
        sources,
        judgement,
        fail_on: Level::Error,
    };
    Outcome { projects: vec![report], notes: Vec::new(), failures: Vec::new() }
}

/// The report of an outcome, with a fixed id and time.
pub(in crate::output::render) fn report(outcome: &Outcome) -> Report<'_> {
    let time = DateTime::from_timestamp(1_800_000_000, 0).unwrap_or_default();
    Report::new(outcome, "run-1", time, "0.1.0")
}
