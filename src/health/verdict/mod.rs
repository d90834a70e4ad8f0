// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The verdict on a service: one pure function from what is known to one of twelve states.
//!
//! Limits: what is printed of a probe is passed on unmasked.

mod judge;
mod table;
#[cfg(test)]
mod table_tests;
#[cfg(test)]
mod tests;

use chrono::TimeDelta;

use super::definition::Definition;
use super::memory::Memory;
use super::observation::{Container, Timestamp};

pub use judge::judge;
pub use table::{Glyph, Severity, Standing, State};

/// The last probe of the present run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProbeResult {
    /// Its exit code; -1 when it ran too long or could not be run.
    pub exit_code: i64,
    /// What it printed.
    pub output: String,
    /// When it ended.
    pub at: Timestamp,
}

/// Why a service that runs is not what it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Degraded {
    /// The kernel killed a process of it for memory, and the main process lives on.
    ChildOutOfMemory {
        /// Kills in the last half hour; 1 where the engine only remembers that there was one.
        kills: u32,
    },
    /// It runs on the processor although it was given a GPU.
    GpuLost,
    /// It passes its own check and does not do its work.
    NotWorking {
        /// What was tried, such as `wyoming describe`.
        probe: String,
        /// What came back.
        detail: String,
    },
}

/// Whether an end was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Wanted {
    /// Somebody was seen asking the engine.
    Asked,
    /// Its restart policy would have started it again if nobody had stopped it.
    Inferred,
    /// Nobody asked.
    Unasked,
    /// It ended before we looked, and nothing tells.
    Unknown,
}

impl Wanted {
    /// Whether somebody wants it down, as far as can be told.
    #[must_use]
    pub const fn is_wanted(self) -> bool {
        matches!(self, Self::Asked | Self::Inferred)
    }
}

/// What counts the restarts of a loop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// We saw them, in this much time.
    Within(TimeDelta),
    /// The engine, since the last start by hand.
    SinceStartByHand,
}

/// The verdict on a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It runs and passes its check, or it was to end and ended well.
    Ok {
        /// Whether it has done its work and ended.
        completed: bool,
    },
    /// It is on its way.
    Starting {
        /// Since when.
        since: Option<Timestamp>,
        /// When its check must have decided at the latest.
        latest: Option<Timestamp>,
    },
    /// It fails its check.
    Unhealthy {
        /// Failures in a row, where the engine says.
        streak: Option<u32>,
        /// The last probe of this run.
        last: Option<ProbeResult>,
    },
    /// It runs, its check passes, and it is not what it should be.
    Degraded {
        /// Why.
        reason: Degraded,
    },
    /// It dies and is started again, over and over.
    Loop {
        /// Crashes.
        count: u32,
        /// What counted them.
        counted: Counted,
        /// When the engine tries again; `None` while it runs between two deaths.
        next_retry: Option<Timestamp>,
        /// The exit code of the last death; `None` where that is not known: of a container that runs, engines say 0.
        exit_code: Option<i64>,
        /// Whether the last death was an OOM kill.
        oom: bool,
    },
    /// It does not run.
    Stopped {
        /// Its exit code; `None` when it has never run.
        exit_code: Option<i64>,
        /// Whether it was killed for memory.
        oom: bool,
        /// Whether that was asked for.
        wanted: Wanted,
        /// When the engine starts it again, where it is about to.
        next_retry: Option<Timestamp>,
    },
    /// It is frozen.
    Paused,
    /// It runs and nothing checks it.
    NoCheck,
    /// It is in the file and has no container.
    Missing {
        /// Whether it should have one.
        expected: bool,
    },
    /// It has a container and is not in the file.
    Orphan,
    /// The engine cannot be asked.
    Unknown {
        /// How old the last knowledge is; `None` without any.
        age: Option<TimeDelta>,
    },
}

/// What is known of the compose file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileView<'a> {
    /// No file was read: nothing can be missing or an orphan.
    NotRead,
    /// The file was read and does not have the service.
    Lacks,
    /// The file has it.
    Has(&'a Definition),
}

impl<'a> FileView<'a> {
    /// The definition, where there is one.
    #[must_use]
    pub const fn definition(self) -> Option<&'a Definition> {
        match self {
            Self::Has(definition) => Some(definition),
            Self::NotRead | Self::Lacks => None,
        }
    }
}

/// A dependency that is not yet there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// The service waited for.
    pub service: String,
    /// Its state.
    pub state: State,
}

/// The result of a probe that knows the protocol of the service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FunctionalResult {
    /// When it was made. A result from before the present run says nothing.
    pub at: Timestamp,
    /// What is wrong; `None` when it works.
    pub fault: Option<Degraded>,
}

/// How fresh what we know is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// The engine can be asked.
    Live,
    /// It cannot; the last word came at this moment, if ever.
    Stale {
        /// The last word.
        last: Option<Timestamp>,
    },
}

/// All that a verdict rests on.
#[derive(Debug, Clone, Copy)]
pub struct Evidence<'a> {
    /// The container, when the service has one.
    pub container: Option<&'a Container>,
    /// What the file says.
    pub file: FileView<'a>,
    /// What was remembered of the container.
    pub memory: &'a Memory,
    /// The last functional probe, where there was one.
    pub functional: Option<&'a FunctionalResult>,
    /// Dependencies that are not yet there, in the order of the file.
    pub waiting_for: &'a [Waiting],
    /// Whether the engine can be asked.
    pub freshness: Freshness,
    /// Now, on the engine's clock.
    pub now: Timestamp,
}
