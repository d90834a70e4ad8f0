// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What a supervisor tells people: one line each, in the form of a watch.

use crate::app::supervise::{Fact, Report, Stage};
use crate::app::watch::Told;
use crate::health::explain::phrase::duration;
use crate::health::policy::{Action, ActionKind, NoticeKind, Notification};
use crate::health::verdict::Standing;
use crate::output::{Layout, safe_line};

use super::transition_text::{Engines, dress, moment, text_line as transition_line};

/// One report as one line, with its line break.
#[must_use]
pub fn text_line(told: &Told<Report>, engines: Engines, layout: Layout) -> String {
    let at = moment(told.news.at);
    match &told.news.fact {
        Fact::News(news) => transition_line(&told.with(news), engines, layout),
        Fact::Notice { context, notification } => {
            let text = dress(&safe_line(&notice(notification), &[]), standing(notification.kind), layout.theme);
            format!("{at} {}{text}\n", place(context, engines))
        }
        Fact::Action { action, stage } => {
            let (words, standing) = deed(action, stage);
            let text = dress(&safe_line(&words, &[]), standing, layout.theme);
            format!("{at} {}{text}\n", place(&action.cause.context, engines))
        }
    }
}

fn place(context: &str, engines: Engines) -> String {
    match engines {
        Engines::One => String::new(),
        Engines::Several => format!("{}: ", safe_line(context, &[])),
    }
}

fn notice(notification: &Notification) -> String {
    match &notification.key {
        Some(key) => format!("notice: {key} {}", notification.text),
        None => format!("notice: {}", notification.text),
    }
}

const fn standing(kind: NoticeKind) -> Standing {
    match kind {
        NoticeKind::Recovered | NoticeKind::HostRecovered | NoticeKind::EngineBack => Standing::Good,
        NoticeKind::Bad | NoticeKind::GaveUp | NoticeKind::HostTrouble | NoticeKind::EngineLost => Standing::Bad,
    }
}

fn deed(action: &Action, stage: &Stage) -> (String, Standing) {
    let what = match &action.kind {
        ActionKind::Restart => format!("restart {}", action.cause),
        ActionKind::RestartStack => {
            let names: Vec<String> = action.targets.iter().map(|key| key.service.clone()).collect();
            format!("restart the stack of {} ({})", action.cause, names.join(", "))
        }
        ActionKind::Command(words) => {
            let program = words.first().map_or("no program", String::as_str);
            format!("run `{program}` for {}", action.cause)
        }
    };
    let half_open = if action.is_half_open { ", the one try of its open breaker" } else { "" };
    let attempt = format!("attempt {}{half_open}", action.attempt);
    match stage {
        Stage::WouldDo => (format!("would {what} ({attempt}): {}", action.reason), Standing::Pending),
        Stage::Begun => (format!("action: {what} ({attempt}): {}", action.reason), Standing::Pending),
        Stage::Done { took } => (format!("done: {what}, after {}", duration(*took)), Standing::Good),
        Stage::Failed { message, .. } => (format!("failed: {what}: {message}"), Standing::Bad),
    }
}

#[cfg(test)]
mod tests {
    use super::super::supervision::testing::{acted, noticed, second};
    use super::*;
    use crate::output::{Signs, Theme};

    const PLAIN: Layout = Layout { width: None, signs: Signs::Ascii, theme: Theme::Plain };

    #[test]
    fn one_line_says_what_is_done_to_whom_and_why() {
        let line = |told: &Told<Report>| text_line(told, Engines::One, PLAIN);
        assert_eq!(
            line(&acted(Stage::Begun)),
            "1970-01-01T00:00:00Z action: restart the stack of voice/core (bus, core) (attempt 2): is unhealthy\n"
        );
        assert_eq!(
            line(&noticed(NoticeKind::Bad, Some("web"), "is unhealthy")),
            "1970-01-01T00:00:00Z notice: voice/web is unhealthy\n"
        );
        assert!(line(&acted(second())).contains("done: restart the stack"), "{}", line(&acted(second())));
        assert!(text_line(&acted(second()), Engines::Several, PLAIN).contains("Z default: done"));
    }
}
