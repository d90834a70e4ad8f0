// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Messages as each kind of server gets them.
#![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

use std::time::Duration;

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::notice::Notice;
use super::queue::{Batch, Queue};
use super::template::{Letter, write};
use crate::app::sinks::testing::{key, notice, run_name};
use crate::app::supervise::{Fact, Report, Stage};
use crate::config::WebhookTemplate;
use crate::health::policy::{Action, ActionKind, Execution, NoticeKind};

fn batch(reports: &[Report]) -> Batch {
    let mut queue = Queue::default();
    for report in reports {
        queue.push(Notice::of(report).unwrap());
    }
    queue.peek().unwrap()
}

fn body(letter: &Letter) -> Value {
    serde_json::from_slice(&letter.body).unwrap()
}

fn bad() -> Report {
    notice(7, NoticeKind::Bad, "ovos_core", "fails its check <&> @everyone")
}

#[test]
fn json_names_everything() {
    let letter = write(WebhookTemplate::Json, &batch(&[bad()]), &run_name());
    assert_eq!(
        body(&letter),
        json!({
            "schema": "stackctl/notice/v1",
            "run_id": "r1",
            "host": "lab",
            "text": "[lab] voice/ovos_core bad: fails its check <&> @everyone (default)",
            "left_out": 0,
            "notices": [{
                "seq": 7,
                "at": "1970-01-01T00:00:00.000Z",
                "kind": "bad",
                "context": "default",
                "project": "voice",
                "service": "ovos_core",
                "number": 1,
                "operation": null,
                "text": "fails its check <&> @everyone",
            }],
        })
    );
    assert_eq!(letter.headers, [("Content-Type".to_owned(), "application/json".to_owned())]);
}

#[test]
fn slack_and_discord_get_text_that_calls_and_formats_nothing() {
    let letter = write(WebhookTemplate::Slack, &batch(&[bad()]), &run_name());
    let text = "[lab] voice/ovos_core bad: fails its check &lt;&amp;&gt; @everyone (default)";
    assert_eq!(body(&letter), json!({ "text": text }));
    let letter = write(WebhookTemplate::Discord, &batch(&[bad()]), &run_name());
    let text = "[lab] voice/ovos\\_core bad: fails its check <&> @everyone (default)";
    assert_eq!(body(&letter), json!({ "content": text, "allowed_mentions": { "parse": [] } }));
}

#[test]
fn discord_messages_are_short_enough() {
    let reports: Vec<Report> =
        (0..40).map(|n| notice(n, NoticeKind::Bad, &format!("s{n}"), &"*".repeat(900))).collect();
    let letter = write(WebhookTemplate::Discord, &batch(&reports), &run_name());
    assert!(body(&letter)["content"].as_str().unwrap().chars().count() < 2000);
}

#[test]
fn ntfy_gets_a_title_a_priority_and_a_tag() {
    let letter = write(WebhookTemplate::Ntfy, &batch(&[bad()]), &run_name());
    let header = |name: &str| letter.headers.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str());
    assert_eq!(header("Title"), Some("voice/ovos_core bad"));
    assert_eq!((header("Priority"), header("Tags")), (Some("4"), Some("warning")));
    assert_eq!(letter.body, b"[lab] voice/ovos_core bad: fails its check <&> @everyone (default)");
}

#[test]
fn a_digest_has_a_line_each_and_the_newest_twenty() {
    let reports: Vec<Report> = (0..25).map(|n| notice(n, NoticeKind::Bad, &format!("s{n}"), "down")).collect();
    let letter = write(WebhookTemplate::Ntfy, &batch(&reports), &run_name());
    let text = String::from_utf8(letter.body).unwrap();
    assert!(text.starts_with("[lab] 25 messages:\n... 5 earlier ones\n- voice/s5 bad: down (default)\n"), "{text}");
    assert!(text.ends_with("- voice/s24 bad: down (default)"), "{text}");
    let letter = write(WebhookTemplate::Json, &batch(&reports), &run_name());
    assert_eq!(body(&letter)["notices"].as_array().unwrap().len(), 25);
}

#[test]
fn deeds_are_told_when_they_end_and_without_arguments() {
    let action = |kind, stage| Report {
        seq: 1,
        at: chrono::DateTime::UNIX_EPOCH,
        fact: Fact::Action {
            action: Action {
                kind,
                cause: key("bus"),
                targets: vec![key("bus"), key("core")],
                attempt: 2,
                is_half_open: false,
                reason: "it fails its check".to_owned(),
                execution: Execution::DryRun,
            },
            stage,
        },
    };
    let line = |report: &Report| Notice::of(report).map(|notice| notice.line());
    let done = Stage::Done { took: TimeDelta::from_std(Duration::from_secs(1)).unwrap() };
    assert_eq!(
        line(&action(ActionKind::RestartStack, done)).unwrap(),
        "voice/bus action done: restart of bus, core in this order (attempt 2), because it fails its check (default)"
    );
    let failed = Stage::Failed { code: "x", message: "no: password=hunter22hunter".to_owned() };
    let words = vec!["/bin/heal".to_owned(), "--token=secret".to_owned()];
    let text = line(&action(ActionKind::Command(words), failed)).unwrap();
    assert!(text.contains("command `/bin/heal`") && !text.contains("secret") && !text.contains("hunter22"), "{text}");
    assert_eq!(line(&action(ActionKind::Restart, Stage::Begun)), None);
}
