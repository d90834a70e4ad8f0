// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What a supervisor tells, one thing at a time, and the whole that it knows at one moment.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use crate::app::watch::{Item, News, Subject};
use crate::health::board::SlotKey;
use crate::health::policy::{Action, Mode, Notification};
use crate::health::{Timestamp, Verdict};

/// One thing told.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// Counts all reports of a run from 1, without a gap.
    pub seq: u64,
    /// When, by the clock of the engine that it is about.
    pub at: Timestamp,
    /// What.
    pub fact: Fact,
}

/// What is told.
#[derive(Debug, Clone, PartialEq)]
pub enum Fact {
    /// A service changed, or an engine went away or came back.
    News(News),
    /// The policy has something to say to people. In its words secrets are hidden.
    Notice {
        /// The engine it is about.
        context: String,
        /// The words.
        notification: Notification,
    },
    /// Something is done, or would be.
    Action {
        /// What.
        action: Action,
        /// How far it has come.
        stage: Stage,
    },
}

impl Item for Report {
    fn subject(&self) -> Subject<'_> {
        match &self.fact {
            Fact::News(news) => news.subject(),
            // No decision stands for another.
            Fact::Notice { .. } | Fact::Action { .. } => Subject::Itself,
        }
    }

    fn follow(&mut self, earlier: Self) {
        if let (Fact::News(earlier), Fact::News(news)) = (earlier.fact, &mut self.fact) {
            news.follow(earlier);
        }
    }
}

/// How far an action has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// It would be done; this is a dry run.
    WouldDo,
    /// It begins now.
    Begun,
    /// It was done.
    Done {
        /// How long that took.
        took: TimeDelta,
    },
    /// It could not be done.
    Failed {
        /// A stable code.
        code: &'static str,
        /// Why, as a lower-case fragment.
        message: String,
    },
}

impl Stage {
    /// The word for JSON and metrics.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::WouldDo => "would_do",
            Self::Begun => "begun",
            Self::Done { .. } => "done",
            Self::Failed { .. } => "failed",
        }
    }
}

/// Everything that is known at one moment.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Picture {
    /// The engines, by name.
    pub engines: BTreeMap<String, EngineView>,
    /// The services of all engines, in order of their keys.
    pub services: Vec<ServiceView>,
}

/// One engine at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EngineView {
    /// Whether it can be asked.
    pub is_up: bool,
    /// Events heard of it in this run.
    pub events: u64,
    /// How long the last event was on its way; `None` before the first.
    pub lag: Option<TimeDelta>,
}

/// One service at one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct ServiceView {
    /// Which.
    pub key: SlotKey,
    /// Its verdict.
    pub verdict: Verdict,
    /// Why, in one sentence, not masked; empty while nothing is wrong.
    pub why: String,
    /// What must not be shown of it.
    pub secrets: Vec<String>,
    /// What the policy may do to it.
    pub mode: Mode,
    /// Starts of its containers that were seen in this run and that nobody asked for.
    pub restarts: u64,
    /// Processes of it that were killed for memory in this run.
    pub oom_kills: u64,
    /// How long its last probe took.
    pub probe: Option<TimeDelta>,
    /// Attempts to heal it in this run, by how they ended (`done`, `failed`).
    pub attempts: BTreeMap<&'static str, u64>,
    /// Whether its breaker is open.
    pub is_breaker_open: bool,
    /// Its labels that begin with `stackctl.`.
    pub labels: BTreeMap<String, String>,
}
