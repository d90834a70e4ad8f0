// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What the policy is asked under, and what it answers: plain data.

use std::collections::BTreeSet;

use super::settings::{Execution, PolicySettings};
use crate::health::board::SlotKey;
use crate::health::observation::Timestamp;

/// The connection to the engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// It cannot be asked.
    Lost,
    /// It can, since then.
    LiveSince(Timestamp),
}

/// What holds for all services at this moment.
#[derive(Debug, Clone, Copy)]
pub struct Conditions<'a> {
    /// Now.
    pub now: Timestamp,
    /// The connection.
    pub link: Link,
    /// The projects that somebody else works on, such as a backup or a deployment: nothing is done or told of them.
    pub locked: &'a BTreeSet<String>,
    /// Scatters waits; any number.
    pub seed: u64,
    /// The settings.
    pub settings: &'a PolicySettings,
}

/// What to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ActionKind {
    /// Restart the one target.
    Restart,
    /// Restart the targets one after the other, in this order.
    RestartStack,
    /// Run this program with these arguments.
    Command(Vec<String>),
}

impl ActionKind {
    /// The word for JSON.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Restart => "restart",
            Self::RestartStack => "restart_stack",
            Self::Command(_) => "command",
        }
    }
}

/// An action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// What.
    pub kind: ActionKind,
    /// The service that is the reason.
    pub cause: SlotKey,
    /// The services it is done to, dependencies first.
    pub targets: Vec<SlotKey>,
    /// The how-manieth attempt in the window this is, from 1.
    pub attempt: u32,
    /// Whether this is the one try of an open breaker.
    pub is_half_open: bool,
    /// Why, as a lower-case fragment.
    pub reason: String,
    /// Whether it is to be carried out.
    pub execution: Execution,
}

/// What a notice is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoticeKind {
    /// A service turned bad.
    Bad,
    /// A service that was told as bad is good again.
    Recovered,
    /// The attempts are used up; the breaker is open.
    GaveUp,
    /// Many services turned bad at once.
    HostTrouble,
    /// That is over.
    HostRecovered,
    /// The engine cannot be asked.
    EngineLost,
    /// It can again.
    EngineBack,
}

impl NoticeKind {
    /// The word for JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Bad => "bad",
            Self::Recovered => "recovered",
            Self::GaveUp => "gave_up",
            Self::HostTrouble => "host_trouble",
            Self::HostRecovered => "host_recovered",
            Self::EngineLost => "engine_lost",
            Self::EngineBack => "engine_back",
        }
    }
}

/// Something to tell people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// What about.
    pub kind: NoticeKind,
    /// The service, where it is about one.
    pub key: Option<SlotKey>,
    /// The words, as a lower-case fragment.
    pub text: String,
}

/// What the policy decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// To do something.
    Act(Action),
    /// To tell something.
    Notify(Notification),
}
