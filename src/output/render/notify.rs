// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! How a test of the sinks went: a line each for people, `stackctl/notify/v1` for programs.

use serde::Serialize;

use crate::app::sinks::TestResult;
use crate::output::{Layout, Signs, Theme, safe_line};

#[derive(Serialize)]
struct Envelope<'a> {
    schema: &'static str,
    run_id: &'a str,
    ok: bool,
    sinks: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    sink: &'a str,
    kind: &'a str,
    place: String,
    ok: bool,
    message: String,
}

/// One line a sink: sign, name, whom it tells, and what was done or why it failed.
#[must_use]
pub fn human(results: &[TestResult], layout: Layout) -> String {
    let names = results.iter().map(|one| one.sink.chars().count()).max().unwrap_or(0);
    let line = |one: &TestResult| {
        let (unicode, ascii, word, colour) = match &one.result {
            Ok(_) => ('✓', '+', "ok", 32),
            Err(_) => ('✗', 'x', "failed", 31),
        };
        let sign = if layout.signs == Signs::Unicode { unicode } else { ascii };
        let verdict = match layout.theme {
            Theme::Plain => format!("{sign} {word:6}"),
            Theme::Styled => format!("\u{1b}[{colour}m{sign} {word:6}\u{1b}[0m"),
        };
        format!("{verdict}  {:names$}  {}: {}\n", one.sink, safe_line(&one.place, &[]), message(one))
    };
    results.iter().map(line).collect()
}

/// The results as JSON, `stackctl/notify/v1`.
#[must_use]
pub fn json(results: &[TestResult], run_id: &str) -> String {
    let entry = |one| -> Entry<'_> {
        let one: &TestResult = one;
        Entry {
            sink: &one.sink,
            kind: one.kind,
            place: safe_line(&one.place, &[]),
            ok: one.result.is_ok(),
            message: message(one),
        }
    };
    super::to_json(&Envelope {
        schema: "stackctl/notify/v1",
        run_id,
        ok: results.iter().all(|one| one.result.is_ok()),
        sinks: results.iter().map(entry).collect(),
    })
}

fn message(one: &TestResult) -> String {
    let (Ok(text) | Err(text)) = &one.result;
    safe_line(text, &[])
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

    use super::*;

    fn results() -> Vec<TestResult> {
        let result = |sink: &str, kind, place: &str, result| TestResult {
            sink: sink.to_owned(),
            kind,
            place: place.to_owned(),
            result,
        };
        vec![
            result("mqtt", "mqtt", "mqtt://b:1883", Ok("message sent".to_owned())),
            result("webhook", "webhook", "https://h", Err("HTTP status 404".to_owned())),
        ]
    }

    #[test]
    fn people_get_a_line_each() {
        let layout = Layout { width: None, signs: Signs::Ascii, theme: Theme::Plain };
        assert_eq!(
            human(&results(), layout),
            "+ ok      mqtt     mqtt://b:1883: message sent\nx failed  webhook  https://h: HTTP status 404\n"
        );
    }

    #[test]
    fn programs_get_all_of_it() {
        let value: serde_json::Value = serde_json::from_str(&json(&results(), "r1")).unwrap();
        assert_eq!([&value["schema"], &value["run_id"]], ["stackctl/notify/v1", "r1"]);
        assert_eq!([&value["ok"], &value["sinks"][0]["ok"], &value["sinks"][1]["ok"]], [false, true, false]);
        assert_eq!(value["sinks"][1]["message"], "HTTP status 404");
    }
}
