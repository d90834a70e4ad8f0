// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The table of `status` in rooms of several widths.

use chrono::{DateTime, TimeDelta};

use super::*;
use crate::health::verdict::ProbeResult;
use crate::health::{Verdict, Why};
use crate::output::{Signs, Theme};

fn service(name: &str, verdict: Verdict, why: &str, hint: Option<&str>) -> ServiceReport {
    let now: Timestamp = DateTime::UNIX_EPOCH;
    ServiceReport {
        project: "voice".into(),
        service: name.into(),
        number: 1,
        is_one_off: false,
        container: Some(format!("voice-{name}-1")),
        id: Some("0123456789abcdef".into()),
        state: "running",
        verdict,
        why: Why { sentence: why.into(), evidence: Vec::new(), hint: hint.map(str::to_owned) },
        restarts: Some(2),
        since: Some(now - TimeDelta::seconds(90)),
        ports: vec!["127.0.0.1:8080->80/tcp".into()],
        image: Some(ImagePin { image: "ghcr.io/acme/tool:latest".into(), is_pinned: false }),
        waiting_for: Vec::new(),
        secrets: vec!["swordfish".into()],
    }
}

fn outcome() -> Outcome {
    let last = ProbeResult { exit_code: 7, output: "bad swordfish".into(), at: DateTime::UNIX_EPOCH };
    let sick = Verdict::Unhealthy { streak: Some(3), last: Some(last) };
    Outcome {
        at: DateTime::UNIX_EPOCH,
        project: Some("voice".into()),
        contexts: vec![ContextReport {
            name: "default".into(),
            address: "unix:///x".into(),
            fault: None,
            services: vec![
                service(
                    "bus",
                    sick,
                    "fails its check 3 times in a row; last exit 7: bad swordfish \u{1b}[2J",
                    Some("look"),
                ),
                service("web", Verdict::Ok { completed: false }, "passes its check", None),
            ],
        }],
        waited: None,
        notes: Vec::new(),
    }
}

fn drawn(width: Option<usize>, theme: Theme) -> String {
    render(&outcome(), Layout { width, signs: Signs::Ascii, theme }, Hints::Told)
}

#[test]
fn without_a_terminal_each_service_is_one_line() {
    insta::assert_snapshot!(drawn(None, Theme::Plain), @r"
    voice: 1 of 2 ok, 1 unhealthy
      SERVICE  STATE    VERDICT      RESTARTS   SINCE  PORTS                   IMAGE         WHY
      bus      running  ! unhealthy         2  1m 30s  127.0.0.1:8080->80/tcp  tool:latest*  fails its check 3 times in a row; last exit 7: bad **** �[2J
      web      running  + ok                2  1m 30s  127.0.0.1:8080->80/tcp  tool:latest*  passes its check
      * not pinned: the same name may mean another image tomorrow
      = hint: bus: look
    ");
}

#[test]
fn in_eighty_columns_the_reason_stands_below() {
    insta::assert_snapshot!(drawn(Some(80), Theme::Plain), @r"
    voice: 1 of 2 ok, 1 unhealthy
      SERVICE  STATE    VERDICT      RESTARTS   SINCE  PORTS
      bus      running  ! unhealthy         2  1m 30s  127.0.0.1:8080->80/tcp
          fails its check 3 times in a row; last exit 7: bad **** �[2J
      web      running  + ok                2  1m 30s  127.0.0.1:8080->80/tcp
      = hint: bus: look
    ");
}

#[test]
fn forty_columns_keep_service_and_verdict() {
    let text = drawn(Some(40), Theme::Plain);
    insta::assert_snapshot!(text, @r"
    voice: 1 of 2 ok, 1 unhealthy
      SERVICE  VERDICT      RESTARTS   SINCE
      bus      ! unhealthy         2  1m 30s
          fails its check 3 times in a row;
          last exit 7: bad **** �[2J
      web      + ok                2  1m 30s
      = hint: bus: look
    ");
    assert!(text.lines().all(|line| line.chars().count() <= 40), "{text}");
}

#[test]
fn colour_adds_nothing_to_the_words_and_secrets_stay_hidden() {
    let styled = drawn(None, Theme::Styled);
    let bare = crate::output::without_steering(&styled.replace('\n', "\t"), crate::output::Colours::Dropped);
    assert_eq!(bare.replace('\t', "\n"), drawn(None, Theme::Plain));
    assert!(!styled.contains("swordfish") && !styled.contains("\u{1b}[2J"));
}
