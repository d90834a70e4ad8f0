// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! One message for people, made from a report.

use crate::app::sinks::{Operation, Success};
use crate::app::supervise::{Fact, Report, Stage};
use crate::config::WebhookEvent;
use crate::diag::safe_line;
use crate::health::Timestamp;
use crate::health::board::SlotKey;
use crate::health::policy::{Action, ActionKind, NoticeKind};

/// What a message is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Bad,
    StillBad,
    Recovered,
    GaveUp,
    HostTrouble,
    HostRecovered,
    EngineLost,
    EngineBack,
    ActionDone,
    ActionFailed,
    OperationDone,
    OperationFailed,
    Test,
}

impl Kind {
    /// The word for JSON and people.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Bad => "bad",
            Self::StillBad => "still_bad",
            Self::Recovered => "recovered",
            Self::GaveUp => "gave_up",
            Self::HostTrouble => "host_trouble",
            Self::HostRecovered => "host_recovered",
            Self::EngineLost => "engine_lost",
            Self::EngineBack => "engine_back",
            Self::ActionDone => "action_done",
            Self::ActionFailed => "action_failed",
            Self::OperationDone => "operation_done",
            Self::OperationFailed => "operation_failed",
            Self::Test => "test",
        }
    }

    /// The word of the settings that lets it through; `None`: nothing can keep it out.
    pub(super) const fn event(self) -> Option<WebhookEvent> {
        Some(match self {
            Self::Bad => WebhookEvent::Bad,
            Self::Recovered => WebhookEvent::Recovered,
            Self::GaveUp => WebhookEvent::GaveUp,
            Self::HostTrouble => WebhookEvent::HostTrouble,
            Self::HostRecovered => WebhookEvent::HostRecovered,
            Self::EngineLost => WebhookEvent::EngineLost,
            Self::EngineBack => WebhookEvent::EngineBack,
            Self::ActionDone => WebhookEvent::ActionDone,
            Self::ActionFailed => WebhookEvent::ActionFailed,
            Self::OperationDone => WebhookEvent::OperationDone,
            Self::OperationFailed => WebhookEvent::OperationFailed,
            Self::StillBad | Self::Test => return None,
        })
    }

    /// Whether it tells of something that lasts until another message ends it.
    pub(super) const fn opens(self) -> bool {
        matches!(self, Self::Bad | Self::GaveUp | Self::HostTrouble | Self::EngineLost)
    }

    /// Whether it ends what another has told.
    pub(super) const fn closes(self) -> bool {
        matches!(self, Self::Recovered | Self::HostRecovered | Self::EngineBack)
    }

    const fn matter(self) -> Matter {
        match self {
            Self::Bad | Self::StillBad | Self::Recovered | Self::GaveUp => Matter::Service,
            Self::HostTrouble | Self::HostRecovered => Matter::Host,
            Self::EngineLost | Self::EngineBack => Matter::Engine,
            Self::ActionDone | Self::ActionFailed => Matter::Action,
            Self::OperationDone | Self::OperationFailed => Matter::Operation,
            Self::Test => Matter::Test,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Matter {
    Service,
    Host,
    Engine,
    Action,
    Operation,
    Test,
}

/// Whom a message is about: a later one on the same subject makes an earlier one old.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Subject {
    matter: Matter,
    context: String,
    key: Option<SlotKey>,
}

/// A message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Notice {
    /// The number of the report; 0 for a test.
    pub(super) seq: u64,
    pub(super) at: Timestamp,
    pub(super) kind: Kind,
    pub(super) context: String,
    pub(super) key: Option<SlotKey>,
    /// The operation that ended: its verb and its project.
    pub(super) operation: Option<(&'static str, String)>,
    /// What is wrong or was done, as a lower-case fragment without secrets.
    pub(super) text: String,
    /// What it tells again, where it is a reminder.
    pub(super) reminds_of: Option<Kind>,
}

impl Notice {
    /// The message for a report; `None` where it is not for people.
    pub(super) fn of(report: &Report) -> Option<Self> {
        let (kind, context, key, text) = match &report.fact {
            Fact::News(_) => return None,
            Fact::Notice { context, notification } => {
                (kind_of(notification.kind), context.clone(), notification.key.clone(), notification.text.clone())
            }
            Fact::Action { action, stage } => {
                let (kind, text) = match stage {
                    Stage::WouldDo | Stage::Begun => return None,
                    Stage::Done { .. } => (Kind::ActionDone, deed(action)),
                    Stage::Failed { message, .. } => {
                        (Kind::ActionFailed, format!("{} failed: {message}", deed(action)))
                    }
                };
                (kind, action.cause.context.clone(), Some(action.cause.clone()), text)
            }
        };
        let text = safe_line(&text, &[]);
        Some(Self { seq: report.seq, at: report.at, kind, context, key, operation: None, text, reminds_of: None })
    }

    /// The message for the end of an operation on this machine.
    pub(super) fn of_operation(operation: &Operation, host: &str) -> Self {
        let text = format!("{} of `{}`: {}", operation.verb, operation.project, operation.text);
        Self {
            seq: 0,
            at: operation.at,
            kind: match operation.success {
                Success::Done => Kind::OperationDone,
                Success::Failed => Kind::OperationFailed,
            },
            context: host.to_owned(),
            key: None,
            operation: Some((operation.verb, operation.project.clone())),
            text: safe_line(&text, &[]),
            reminds_of: None,
        }
    }

    /// Whom it is about.
    pub(super) fn subject(&self) -> Subject {
        let kind = self.reminds_of.unwrap_or(self.kind);
        Subject { matter: kind.matter(), context: self.context.clone(), key: self.key.clone() }
    }

    /// The message as one line: who, what, why.
    pub(super) fn line(&self) -> String {
        let word = self.kind.word().replace('_', " ");
        match &self.key {
            Some(key) => format!("{key} {word}: {} ({})", self.text, self.context),
            None => format!("{} {word}: {}", self.context, self.text),
        }
    }
}

const fn kind_of(kind: NoticeKind) -> Kind {
    match kind {
        NoticeKind::Bad => Kind::Bad,
        NoticeKind::Recovered => Kind::Recovered,
        NoticeKind::GaveUp => Kind::GaveUp,
        NoticeKind::HostTrouble => Kind::HostTrouble,
        NoticeKind::HostRecovered => Kind::HostRecovered,
        NoticeKind::EngineLost => Kind::EngineLost,
        NoticeKind::EngineBack => Kind::EngineBack,
    }
}

/// What was done. A command's arguments are left out: they may be secrets.
fn deed(action: &Action) -> String {
    let targets = || action.targets.iter().map(|key| key.service.as_str()).collect::<Vec<_>>().join(", ");
    let what = match &action.kind {
        ActionKind::Restart => format!("restart of {}", targets()),
        ActionKind::RestartStack => format!("restart of {} in this order", targets()),
        ActionKind::Command(words) => format!("command `{}`", words.first().map_or("", String::as_str)),
    };
    format!("{what} (attempt {}), because {}", action.attempt, action.reason)
}
