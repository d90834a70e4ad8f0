// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Messages in the words of each kind of server: pure text.

use std::fmt::Write as _;

use chrono::SecondsFormat;
use serde_json::{Value, json};

use super::notice::{Kind, Notice};
use super::queue::Batch;
use crate::app::sinks::RunName;
use crate::config::WebhookTemplate;

/// Name of the format of `json`. Fields are only ever added to this version.
pub(super) const SCHEMA: &str = "stackctl/notice/v1";

/// Lines of a digest for people; the rest is counted.
const LINES: usize = 20;
/// Characters of one line for people.
const LINE_LENGTH: usize = 300;
/// Discord takes 2000 characters.
const DISCORD_LENGTH: usize = 1900;

/// A message, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Letter {
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

/// Writes a batch as the server wants it.
pub(super) fn write(template: WebhookTemplate, batch: &Batch, run: &RunName) -> Letter {
    match template {
        WebhookTemplate::Json => as_json(&json_body(batch, run)),
        WebhookTemplate::Ntfy => ntfy(batch, run),
        WebhookTemplate::Slack => as_json(&json!({ "text": escaped(&text(batch, run), slack) })),
        WebhookTemplate::Discord => {
            let text = cut(&escaped(&text(batch, run), discord), DISCORD_LENGTH);
            // Names of services must not call people.
            as_json(&json!({ "content": text, "allowed_mentions": { "parse": [] } }))
        }
    }
}

fn as_json(body: &Value) -> Letter {
    let headers = vec![("Content-Type".to_owned(), "application/json".to_owned())];
    Letter { headers, body: body.to_string().into_bytes() }
}

fn json_body(batch: &Batch, run: &RunName) -> Value {
    json!({
        "schema": SCHEMA,
        "run_id": run.run_id,
        "host": run.host,
        "text": text(batch, run),
        "left_out": batch.left_out,
        "notices": batch.notices.iter().map(notice).collect::<Vec<_>>(),
    })
}

fn notice(notice: &Notice) -> Value {
    let key = notice.key.as_ref();
    json!({
        "seq": notice.seq,
        "at": notice.at.to_rfc3339_opts(SecondsFormat::Millis, true),
        "kind": notice.kind.word(),
        "context": notice.context,
        "project": key.map(|key| &key.project).or(notice.operation.as_ref().map(|(_, project)| project)),
        "service": key.map(|key| &key.service),
        "number": key.map(|key| key.number),
        "operation": notice.operation.as_ref().map(|(verb, _)| verb),
        "text": notice.text,
    })
}

/// What people read: one line, or a digest with a line each.
fn text(batch: &Batch, run: &RunName) -> String {
    let mut text = match batch.notices.as_slice() {
        [one] => format!("[{}] {}", run.host, cut(&one.line(), LINE_LENGTH)),
        many => {
            let mut text = format!("[{}] {} messages:", run.host, many.len());
            // The newest count most.
            let skipped = many.len().saturating_sub(LINES);
            if skipped > 0 {
                let _ = write!(text, "\n... {skipped} earlier ones");
            }
            for one in &many[skipped..] {
                let _ = write!(text, "\n- {}", cut(&one.line(), LINE_LENGTH));
            }
            text
        }
    };
    if batch.left_out > 0 {
        let _ = write!(text, "\n({} older messages were left out)", batch.left_out);
    }
    text
}

fn ntfy(batch: &Batch, run: &RunName) -> Letter {
    let worst = batch.notices.iter().map(|one| one.kind).min_by_key(|kind| rank(*kind)).unwrap_or(Kind::Test);
    let (tag, priority) = match worst {
        Kind::GaveUp | Kind::HostTrouble | Kind::EngineLost | Kind::ActionFailed | Kind::OperationFailed => {
            ("rotating_light", "5")
        }
        Kind::Bad | Kind::StillBad => ("warning", "4"),
        Kind::Recovered | Kind::HostRecovered | Kind::EngineBack => ("white_check_mark", "3"),
        Kind::OperationDone => ("white_check_mark", "2"),
        Kind::ActionDone => ("wrench", "2"),
        Kind::Test => ("information_source", "3"),
    };
    let title = match batch.notices.as_slice() {
        [one] => {
            let about = one.key.as_ref().map_or_else(|| one.context.clone(), ToString::to_string);
            format!("{about} {}", one.kind.word().replace('_', " "))
        }
        many => format!("{} messages from {}", many.len(), run.host),
    };
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let headers = vec![
        header("Content-Type", "text/plain; charset=utf-8"),
        // A header is one line without control characters.
        header("Title", &cut(&crate::diag::visible(&title), LINE_LENGTH)),
        header("Priority", priority),
        header("Tags", tag),
    ];
    Letter { headers, body: text(batch, run).into_bytes() }
}

/// The order of importance, the most important first.
const fn rank(kind: Kind) -> u8 {
    match kind {
        Kind::GaveUp | Kind::HostTrouble | Kind::EngineLost | Kind::ActionFailed | Kind::OperationFailed => 0,
        Kind::Bad | Kind::StillBad => 1,
        Kind::Recovered | Kind::HostRecovered | Kind::EngineBack => 2,
        Kind::ActionDone | Kind::OperationDone => 3,
        Kind::Test => 4,
    }
}

fn escaped(text: &str, escape: fn(char) -> Option<&'static str>) -> String {
    let mut result = String::with_capacity(text.len());
    for letter in text.chars() {
        match escape(letter) {
            Some(other) => result.push_str(other),
            None => result.push(letter),
        }
    }
    result
}

const fn slack(letter: char) -> Option<&'static str> {
    match letter {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        _ => None,
    }
}

const fn discord(letter: char) -> Option<&'static str> {
    match letter {
        '*' => Some("\\*"),
        '_' => Some("\\_"),
        '`' => Some("\\`"),
        '~' => Some("\\~"),
        '|' => Some("\\|"),
        '\\' => Some("\\\\"),
        _ => None,
    }
}

/// The text, shortened to this many characters.
fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(most - 3).collect();
    short.push_str("...");
    short
}
