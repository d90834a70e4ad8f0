// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What a board tells.

use std::fmt;

use chrono::TimeDelta;

use crate::health::observation::Timestamp;
use crate::health::verdict::Verdict;

/// One place for a container: outlives recreates.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SlotKey {
    /// The name of the engine, as the user calls it.
    pub context: String,
    /// The project.
    pub project: String,
    /// The service.
    pub service: String,
    /// The number of the replica, from 1.
    pub number: u32,
    /// The container's id where it was made by `compose run`, so that it is not taken for the service itself.
    pub one_off: Option<String>,
}

impl fmt::Display for SlotKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.project, self.service)?;
        if self.number != 1 {
            write!(formatter, "-{}", self.number)?;
        }
        match &self.one_off {
            Some(id) => write!(formatter, " (run {})", id.get(..12).unwrap_or(id)),
            None => Ok(()),
        }
    }
}

/// What made a state change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CauseKind {
    /// Seen for the first time.
    FirstSeen,
    /// Started after it had been down.
    Started,
    /// Another run of the same container, without a pause worth telling.
    Restarted,
    /// Another container in place of the old one.
    Recreated,
    /// Its check passed, failed, or began again.
    Health,
    /// The kernel killed a process of it for memory.
    OutOfMemory,
    /// It ended, and nobody asked.
    Exited,
    /// It ended on request.
    StoppedOnRequest,
    /// It has done its work.
    Completed,
    /// It began to die again and again.
    LoopBegan,
    /// Frozen.
    Paused,
    /// No longer frozen.
    Unpaused,
    /// Its container was removed.
    Removed,
    /// A probe that knows its protocol found something.
    Functional,
    /// The compose file has changed, or was read for the first time.
    File,
    /// Time passed: a deadline, or an old fault no longer counts.
    Time,
}

impl CauseKind {
    /// The word for JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::FirstSeen => "first_seen",
            Self::Started => "started",
            Self::Restarted => "restarted",
            Self::Recreated => "recreated",
            Self::Health => "health",
            Self::OutOfMemory => "out_of_memory",
            Self::Exited => "exited",
            Self::StoppedOnRequest => "stopped_on_request",
            Self::Completed => "completed",
            Self::LoopBegan => "loop_began",
            Self::Paused => "paused",
            Self::Unpaused => "unpaused",
            Self::Removed => "removed",
            Self::Functional => "functional",
            Self::File => "file",
            Self::Time => "time",
        }
    }
}

/// A cause with its evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// The kind.
    pub kind: CauseKind,
    /// The exit code of the last run, when it has ended.
    pub exit_code: Option<i64>,
    /// The signal that ended it, when the exit code tells of one (128 more than the signal).
    pub signal: Option<i64>,
    /// Whether it was killed for memory.
    pub oom: bool,
    /// Failures of the check in a row.
    pub streak: Option<u32>,
    /// What the last failed probe printed, at most 512 characters, not masked.
    pub probe_output: Option<String>,
}

/// How a change came to be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// An event of the engine, or an inspection in its wake.
    Event,
    /// A comparison of all containers with what was known.
    Resync,
    /// A probe of ours.
    Probe,
    /// Time alone.
    Clock,
}

impl Source {
    /// The word for JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Event => "event",
            Self::Resync => "resync",
            Self::Probe => "probe",
            Self::Clock => "clock",
        }
    }
}

/// A service went from one verdict to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transition {
    /// Counts all notices of a board from 1, without a gap.
    pub seq: u64,
    /// When it happened, as far as known; else when it was noticed.
    pub at: Timestamp,
    /// The service.
    pub key: SlotKey,
    /// The container's id, where there is one.
    pub container: Option<String>,
    /// The verdict told before; `None` at first sight.
    pub from: Option<Verdict>,
    /// The verdict now.
    pub to: Verdict,
    /// Why.
    pub cause: Cause,
    /// How it came to be known.
    pub source: Source,
}

/// What became of an engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EngineChange {
    /// It cannot be asked any more.
    Lost,
    /// It can be asked again.
    Back {
        /// How long it could not.
        outage: TimeDelta,
    },
}

/// Something to tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// Of a service.
    Transition(Box<Transition>),
    /// Of an engine.
    Engine {
        /// As in [`Transition::seq`].
        seq: u64,
        /// When.
        at: Timestamp,
        /// Its name.
        context: String,
        /// What.
        change: EngineChange,
    },
}

impl Notice {
    /// The transition, when it is one.
    #[must_use]
    pub fn transition(&self) -> Option<&Transition> {
        match self {
            Self::Transition(transition) => Some(transition),
            Self::Engine { .. } => None,
        }
    }
}
