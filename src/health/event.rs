// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What an engine's event stream says of a container, as plain data.
//!
//! Limits: events of probes (`exec_create`, `exec_start`, `exec_die`) are no evidence, because nothing tells a probe
//! from somebody's `docker exec`; they are taken and change nothing.

use std::collections::BTreeMap;

use super::observation::{HealthStatus, Timestamp};

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum EventKind {
    /// `create`.
    Created,
    /// `start`; after an automatic restart too, without a mark.
    Started,
    /// `kill` with its signal: somebody asked for it through the engine.
    Killed {
        /// The number of the signal, such as 15.
        signal: u32,
    },
    /// `stop`: before `die` on some engines, after it on others.
    Stopped,
    /// `oom`: the kernel killed a process of the container, not always its main one. Some engines send several at once.
    OutOfMemory,
    /// `die`.
    Died {
        /// The exit code, such as 137.
        exit_code: i64,
    },
    /// `pause`.
    Paused,
    /// `unpause`.
    Unpaused,
    /// `health_status: …`; never `starting`.
    Health(HealthStatus),
    /// `restart`: after the `start` that belongs to it.
    Restarted,
    /// `rename`.
    Renamed,
    /// `exec_die`: some program beside the main one has ended.
    ExecDied {
        /// Its exit code.
        exit_code: i64,
        /// What it printed, where the sender knows.
        output: Option<String>,
    },
    /// `destroy`.
    Destroyed,
}

impl EventKind {
    /// Whether this asks the main process to end: `stop`, or `kill` with any signal but those that commonly only talk to
    /// a program (0, hang-up, the two user signals, continue). Images name odd stop signals: nginx 3, Apache 28.
    #[must_use]
    pub const fn asks_to_stop(&self) -> bool {
        match self {
            Self::Stopped => true,
            Self::Killed { signal } => !matches!(*signal, 0 | 1 | 10 | 12 | 18),
            _ => false,
        }
    }
}

/// One event of one container.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Event {
    /// The engine's stamp, to the nanosecond.
    pub time: Timestamp,
    /// What happened.
    pub kind: EventKind,
    /// The full id of the container.
    pub container: String,
    /// Its name.
    pub name: String,
    /// Its image.
    pub image: String,
    /// Its labels: engines send them with every event.
    pub labels: BTreeMap<String, String>,
}
