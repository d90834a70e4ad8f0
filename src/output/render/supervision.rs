// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `stackctl/supervise/v1`: what a supervisor decides and does, one JSON object a line. Between them stand the changes that
//! it sees, as `stackctl/transition/v1`; both are numbered together. Fields are only ever added to this version.

use serde::Serialize;

use super::json_line::{Heading, json_line as line};
use super::transition;
use crate::app::supervise::{Fact, Report, Stage};
use crate::app::watch::Told;
use crate::health::board::SlotKey;
use crate::health::policy::{Action, Notification};
use crate::output::safe_line;

/// Name of the format.
pub const SCHEMA: &str = "stackctl/supervise/v1";

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Kind<'a> {
    Notice(Word<'a>),
    Action(Deed<'a>),
}

#[derive(Serialize)]
struct Word<'a> {
    notice: &'static str,
    #[serde(flatten)]
    service: Option<Whom<'a>>,
    text: String,
}

#[derive(Serialize)]
struct Whom<'a> {
    project: &'a str,
    service: &'a str,
    number: u32,
}

#[derive(Serialize)]
struct Deed<'a> {
    action: &'static str,
    stage: &'static str,
    #[serde(flatten)]
    service: Whom<'a>,
    targets: Vec<Whom<'a>>,
    attempt: u32,
    half_open: bool,
    reason: String,
    took_s: Option<f64>,
    error: Option<Fault<'a>>,
}

#[derive(Serialize)]
struct Fault<'a> {
    code: &'a str,
    message: String,
}

/// One report as one line, with its line break.
#[must_use]
pub fn json_line(told: &Told<Report>, run_id: &str) -> String {
    let (context, kind) = match &told.news.fact {
        Fact::News(news) => return transition::json_line(&told.with(news), run_id),
        Fact::Notice { context, notification } => (context.as_str(), Kind::Notice(notice(notification))),
        Fact::Action { action, stage } => (action.cause.context.as_str(), Kind::Action(deed(action, stage))),
    };
    line(told, &Heading { schema: SCHEMA, run_id, at: told.news.at, context }, kind)
}

fn service(key: &SlotKey) -> Whom<'_> {
    Whom { project: &key.project, service: &key.service, number: key.number }
}

fn notice(notification: &Notification) -> Word<'_> {
    Word {
        notice: notification.kind.word(),
        service: notification.key.as_ref().map(service),
        text: safe_line(&notification.text, &[]),
    }
}

fn deed<'a>(action: &'a Action, stage: &'a Stage) -> Deed<'a> {
    let (took_s, error) = match stage {
        Stage::Done { took } => (Some(took.as_seconds_f64()), None),
        Stage::Failed { code, message } => (None, Some(Fault { code, message: safe_line(message, &[]) })),
        Stage::WouldDo | Stage::Begun => (None, None),
    };
    Deed {
        action: action.kind.word(),
        stage: stage.word(),
        service: service(&action.cause),
        targets: action.targets.iter().map(service).collect(),
        attempt: action.attempt,
        half_open: action.is_half_open,
        reason: safe_line(&action.reason, &[]),
        took_s,
        error,
    }
}

#[cfg(test)]
pub(super) mod testing {
    use chrono::{DateTime, TimeDelta};

    use super::*;
    use crate::health::policy::{ActionKind, Execution, NoticeKind};

    fn key(service: &str) -> SlotKey {
        let (context, project) = ("default".to_owned(), "voice".to_owned());
        SlotKey { context, project, service: service.to_owned(), number: 1, one_off: None }
    }

    pub(in super::super) fn told(fact: Fact) -> Told<Report> {
        Told { seq: 4, first_seq: 4, count: 1, news: Report { seq: 4, at: DateTime::UNIX_EPOCH, fact } }
    }

    pub(in super::super) fn acted(stage: Stage) -> Told<Report> {
        let action = Action {
            kind: ActionKind::RestartStack,
            cause: key("core"),
            targets: vec![key("bus"), key("core")],
            attempt: 2,
            is_half_open: false,
            reason: "is unhealthy".to_owned(),
            execution: Execution::Real,
        };
        told(Fact::Action { action, stage })
    }

    pub(in super::super) fn noticed(kind: NoticeKind, service: Option<&str>, text: &str) -> Told<Report> {
        let notification = Notification { kind, key: service.map(key), text: text.to_owned() };
        told(Fact::Notice { context: "default".to_owned(), notification })
    }

    pub(in super::super) fn second() -> Stage {
        Stage::Done { took: TimeDelta::milliseconds(1_500) }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use serde_json::Value;

    use super::testing::{acted, noticed, second, told};
    use super::*;
    use crate::app::watch::testing::engine_lost;
    use crate::health::policy::NoticeKind;

    fn line(told: &Told<Report>) -> Value {
        let text = json_line(told, "r1");
        assert_eq!(text.matches('\n').count(), 1);
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn an_action_names_its_targets_its_stage_and_its_end() {
        let done = line(&acted(second()));
        assert_eq!([&done["schema"], &done["type"], &done["action"]], [SCHEMA, "action", "restart_stack"]);
        assert_eq!([&done["service"], &done["stage"], &done["reason"]], ["core", "done", "is unhealthy"]);
        assert_eq!((done["targets"][0]["service"].as_str(), done["took_s"].as_f64()), (Some("bus"), Some(1.5)));
        let failed = line(&acted(Stage::Failed { code: "locked", message: "by\u{1b}[2J another".to_owned() }));
        assert_eq!(failed["error"]["code"], "locked");
        assert!(!failed.to_string().contains("\\u001b"));
    }

    #[test]
    fn a_notice_may_be_about_no_service() {
        let one = line(&noticed(NoticeKind::GaveUp, Some("web"), "5 attempts did not help"));
        assert_eq!([&one["type"], &one["notice"], &one["service"]], ["notice", "gave_up", "web"]);
        let all = line(&noticed(NoticeKind::HostTrouble, None, "most services turned bad at once"));
        assert!(all.get("service").is_none() && all["context"] == "default");
    }

    #[test]
    fn changes_keep_their_own_format_and_share_the_numbers() {
        let lost = line(&told(Fact::News(engine_lost("far"))));
        assert_eq!([&lost["schema"], &lost["type"]], [transition::SCHEMA, "engine_lost"]);
        assert_eq!(lost["seq"], 4);
    }
}
