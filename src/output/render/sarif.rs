// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! SARIF 2.1.0 (OASIS). Columns count Unicode code points from 1; an end column is one past the last character.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde::Serialize;

use super::{Item, Report, guide};
use crate::diag::{Level, Span};
use crate::rules::{self, RuleMeta};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

#[derive(Serialize)]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Tool<'a>,
    column_kind: &'static str,
    results: Vec<Finding<'a>>,
}

#[derive(Serialize)]
struct Tool<'a> {
    driver: Driver<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver<'a> {
    name: &'static str,
    semantic_version: &'a str,
    rules: Vec<RuleEntry>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RuleEntry {
    id: &'static str,
    short_description: Message<'static>,
    full_description: Message<'static>,
    help: Help,
    default_configuration: Configuration,
}

#[derive(Serialize)]
struct Help {
    text: &'static str,
    markdown: String,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
struct Message<'a> {
    text: std::borrow::Cow<'a, str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Finding<'a> {
    rule_id: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule_index: Option<usize>,
    level: &'static str,
    message: Message<'a>,
    locations: [Location<'a>; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location<'a>>,
    partial_fingerprints: Fingerprints<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suppressions: Vec<Suppression<'a>>,
}

#[derive(Serialize)]
struct Fingerprints<'a> {
    #[serde(rename = "stackctl/v1")]
    v1: &'a str,
}

#[derive(Serialize)]
struct Suppression<'a> {
    kind: &'static str,
    justification: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    #[serde(rename = "physicalLocation")]
    place: Physical,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Physical {
    artifact_location: Artifact,
    region: Region,
}

#[derive(Serialize)]
struct Artifact {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
    start_column: usize,
    end_line: usize,
    end_column: usize,
    byte_offset: u32,
    byte_length: usize,
}

/// The report as SARIF.
#[must_use]
pub fn render(report: &Report<'_>) -> String {
    let mut items = report.findings();
    items.extend(report.suppressed());
    let used: BTreeSet<&'static str> = items.iter().map(|item| item.finding.rule).collect();
    let rules: Vec<RuleEntry> = used.iter().filter_map(|name| rules::find(name)).map(|rule| entry(rule.meta)).collect();
    let results = items.iter().map(|item| finding(item, &rules)).collect();
    super::to_json(&Log {
        schema: SCHEMA,
        version: "2.1.0",
        runs: [Run {
            tool: Tool { driver: Driver { name: "stackctl", semantic_version: report.version, rules } },
            column_kind: "unicodeCodePoints",
            results,
        }],
    })
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info => "note",
    }
}

fn entry(meta: &'static RuleMeta) -> RuleEntry {
    RuleEntry {
        id: meta.name,
        short_description: Message { text: meta.summary.into() },
        full_description: Message { text: meta.why.into() },
        help: Help { text: meta.why, markdown: guide::rule_text(meta) },
        default_configuration: Configuration { level: level(meta.level) },
    }
}

fn finding<'i>(item: &'i Item<'_>, rules: &[RuleEntry]) -> Finding<'i> {
    let found = &item.finding;
    let text = match &found.hint {
        Some(hint) => format!("{}; hint: {hint}", found.message).into(),
        None => found.message.as_str().into(),
    };
    Finding {
        rule_id: found.rule,
        rule_index: rules.iter().position(|rule| rule.id == found.rule),
        level: level(found.level),
        message: Message { text },
        locations: [location(item, None, found.primary.span, &found.primary.message)],
        related_locations: found
            .related
            .iter()
            .enumerate()
            .map(|(at, label)| location(item, Some(at), label.span, &label.message))
            .collect(),
        partial_fingerprints: Fingerprints { v1: &item.fingerprint },
        suppressions: item
            .reason
            .map(|reason| Suppression { kind: "inSource", justification: reason })
            .into_iter()
            .collect(),
    }
}

fn location<'i>(item: &'i Item<'_>, id: Option<usize>, span: Span, message: &'i str) -> Location<'i> {
    let (start, end) = (item.start(span), item.end(span));
    Location {
        id,
        place: Physical {
            artifact_location: Artifact { uri: uri(item.file(span)) },
            region: Region {
                start_line: start.line,
                start_column: start.column,
                end_line: end.line,
                end_column: end.column,
                byte_offset: span.start,
                byte_length: span.len(),
            },
        },
        message: (!message.is_empty()).then(|| Message { text: message.into() }),
    }
}

/// A file name as a URI reference: relative names stay relative, absolute ones become `file:` URIs.
fn uri(name: &str) -> String {
    let mut uri = String::new();
    if name.starts_with('/') {
        uri.push_str("file://");
    }
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

    use super::super::findings::sample;
    use super::*;

    #[test]
    fn required_fields_of_the_standard_are_there() {
        let outcome = sample::outcome();
        let value: serde_json::Value = serde_json::from_str(&render(&sample::report(&outcome))).unwrap();
        assert_eq!(value["version"], "2.1.0");
        let run = &value["runs"][0];
        assert_eq!(run["tool"]["driver"]["name"], "stackctl");
        assert_eq!(run["columnKind"], "unicodeCodePoints");
        let results = run["results"].as_array().unwrap();
        assert_eq!(results.len(), 3);
        for result in results {
            assert!(result["message"]["text"].is_string());
            assert!(["error", "warning", "note"].contains(&result["level"].as_str().unwrap()));
            let region = &result["locations"][0]["physicalLocation"]["region"];
            for field in ["startLine", "startColumn", "endLine", "endColumn", "byteOffset", "byteLength"] {
                assert!(region[field].is_u64(), "{field}");
            }
            assert!(result["partialFingerprints"]["stackctl/v1"].is_string());
        }
        assert_eq!(results[0]["relatedLocations"][0]["message"]["text"], "used by this service");
        assert_eq!(results[2]["suppressions"][0]["justification"], "behind a firewall");
        assert!(!value.to_string().contains("hunter2"));
    }

    #[test]
    fn names_become_uris() {
        assert_eq!(uri("a b/compose.yaml"), "a%20b/compose.yaml");
        assert_eq!(uri("/x/é"), "file:///x/%C3%A9");
        assert_eq!(uri("<stdin>"), "%3Cstdin%3E");
    }
}
