// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `stackctl/validate/v1`: findings as one JSON object. Fields are only ever added to this version.
//!
//! Lines and columns count from 1, columns in Unicode scalar values; an end is one past the last character. Byte offsets
//! count from 0 in the decoded text.

use serde::Serialize;

use super::{Item, Report};
use crate::diag::Span;

/// Name of the format.
pub const SCHEMA: &str = "stackctl/validate/v1";

#[derive(Serialize)]
struct Envelope<'a> {
    schema: &'static str,
    run_id: &'a str,
    generated_at: String,
    version: &'a str,
    projects: Vec<Project<'a>>,
    findings: Vec<Finding<'a>>,
    suppressed: Vec<Suppressed<'a>>,
    not_checked: Vec<NotChecked>,
    summary: Summary,
}

#[derive(Serialize)]
struct Project<'a> {
    name: &'a str,
    files: &'a [String],
}

#[derive(Serialize)]
struct Finding<'a> {
    file: &'a str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    span: Bytes,
    rule: &'static str,
    level: &'static str,
    message: &'a str,
    hint: Option<&'a str>,
    subject: &'a str,
    fingerprint: &'a str,
    related: Vec<Related<'a>>,
    notes: &'a [String],
}

#[derive(Serialize)]
struct Bytes {
    start: u32,
    end: u32,
}

#[derive(Serialize)]
struct Related<'a> {
    file: &'a str,
    line: usize,
    column: usize,
    message: &'a str,
}

#[derive(Serialize)]
struct Suppressed<'a> {
    rule: &'static str,
    file: &'a str,
    line: usize,
    column: usize,
    level: &'static str,
    message: &'a str,
    fingerprint: &'a str,
    reason: &'a str,
}

#[derive(Serialize)]
struct NotChecked {
    rule: &'static str,
    flag: &'static str,
}

#[derive(Serialize)]
struct Summary {
    projects: usize,
    files: usize,
    errors: usize,
    warnings: usize,
    infos: usize,
    suppressed: usize,
    not_checked: usize,
}

/// The report as JSON, indented by two blanks.
#[must_use]
pub fn render(report: &Report<'_>) -> String {
    let items = report.findings();
    let suppressed = report.suppressed();
    let summary = report.summary(&items);
    let envelope = Envelope {
        schema: SCHEMA,
        run_id: report.run_id,
        generated_at: report.time(),
        version: report.version,
        projects: report.projects.iter().map(|p| Project { name: &p.name, files: &p.files }).collect(),
        findings: items.iter().map(finding).collect(),
        suppressed: suppressed.iter().map(silenced).collect(),
        not_checked: report.not_checked().into_iter().map(|(rule, flag)| NotChecked { rule, flag }).collect(),
        summary: Summary {
            projects: summary.projects,
            files: summary.files,
            errors: summary.errors,
            warnings: summary.warnings,
            infos: summary.infos,
            suppressed: summary.suppressed,
            not_checked: summary.not_checked,
        },
    };
    super::to_json(&envelope)
}

fn finding<'i>(item: &'i Item<'_>) -> Finding<'i> {
    let found = &item.finding;
    let span = found.primary.span;
    let (start, end) = (item.start(span), item.end(span));
    Finding {
        file: item.file(span),
        line: start.line,
        column: start.column,
        end_line: end.line,
        end_column: end.column,
        span: Bytes { start: span.start, end: span.end },
        rule: found.rule,
        level: found.level.as_str(),
        message: &found.message,
        hint: found.hint.as_deref(),
        subject: &found.subject,
        fingerprint: &item.fingerprint,
        related: found.related.iter().map(|label| related(item, label.span, &label.message)).collect(),
        notes: &found.notes,
    }
}

fn related<'i>(item: &'i Item<'_>, span: Span, message: &'i str) -> Related<'i> {
    let start = item.start(span);
    Related { file: item.file(span), line: start.line, column: start.column, message }
}

fn silenced<'i>(item: &'i Item<'_>) -> Suppressed<'i> {
    let found = &item.finding;
    let start = item.start(found.primary.span);
    Suppressed {
        rule: found.rule,
        file: item.file(found.primary.span),
        line: start.line,
        column: start.column,
        level: found.level.as_str(),
        message: &found.message,
        fingerprint: &item.fingerprint,
        reason: item.reason.unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

    use super::super::findings::sample;
    use super::*;

    fn value() -> serde_json::Value {
        let outcome = sample::outcome();
        serde_json::from_str(&render(&sample::report(&outcome))).unwrap()
    }

    #[test]
    fn a_finding_has_every_field() {
        let value = value();
        insta::assert_snapshot!(serde_json::to_string(&value["findings"][0]).unwrap(), @r#"{"column":12,"end_column":24,"end_line":3,"file":"compose.yaml","fingerprint":"1d524ad316dd8fae3d07ed84ca19acf8","hint":"pin a version","level":"error","line":3,"message":"tag `latest` moves","notes":["every pull may bring another image"],"related":[{"column":3,"file":"compose.yaml","line":2,"message":"used by this service"}],"rule":"image-tag-mutable","span":{"end":40,"start":28},"subject":"services.web.image"}"#);
    }

    #[test]
    fn envelope_names_schema_run_and_counts() {
        let value = value();
        assert_eq!(value["schema"], SCHEMA);
        assert_eq!(value["run_id"], "run-1");
        assert_eq!(value["generated_at"], "2027-01-15T08:00:00Z");
        assert_eq!(value["suppressed"][0]["reason"], "behind a firewall");
        assert_eq!(value["suppressed"][0]["line"], 7);
        assert_eq!(value["not_checked"][0]["flag"], "--live");
        assert_eq!(value["summary"]["errors"], 1);
    }

    #[test]
    fn findings_are_sorted_by_place_and_show_no_secret() {
        let value = value();
        assert_eq!(value["findings"][1]["rule"], "secret-in-environment");
        assert!(!value.to_string().contains("hunter2"), "{value}");
    }
}
