// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What a screen asks for.

use std::sync::mpsc::SyncSender;

use chrono::TimeDelta;

use super::act::Deed;
use crate::health::board::SlotKey;

/// Something asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    /// Do something to a container; somebody agreed.
    Act(Deed),
    /// Keep supervisors away from a project of an engine for a while, or let them act again.
    Supervision {
        /// The engine's name.
        context: String,
        /// The project.
        project: String,
        /// For how long; `None`: they may act again.
        pause: Option<TimeDelta>,
    },
    /// Look closely at a service: inspect its container.
    Detail {
        /// Which.
        key: SlotKey,
        /// Its container's id.
        id: String,
    },
    /// Run this very program with these arguments, with the terminal to itself.
    Program(Vec<String>),
    /// A shell in a container, with the terminal to itself.
    Shell {
        /// The engine's name.
        context: String,
        /// The container's name.
        container: String,
    },
    /// Show text in the pager, with the terminal to itself.
    Pager(String),
    /// Write text into a new file.
    Save {
        /// The file.
        path: String,
        /// The text.
        text: String,
    },
    /// Read logs, instead of those that are read.
    Logs(LogWish),
    /// Read logs no more.
    NoLogs,
    /// Judge the compose files.
    Validate,
    /// List the restore points of this project; `None`: of the one that flags and folders tell.
    Sets(Option<String>),
    /// Find out what supervisors may do and do with this project; `None`: with all.
    Policy(Option<String>),
    /// Ask what these containers use (engine, id), now and then, until others are named.
    Watch(Vec<(String, String)>),
}

impl Wish {
    /// Whether the terminal is lent to it.
    #[must_use]
    pub const fn needs_terminal(&self) -> bool {
        matches!(self, Self::Program(_) | Self::Shell { .. } | Self::Pager(_))
    }
}

/// Which logs are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogWish {
    /// Of these.
    pub keys: Vec<SlotKey>,
    /// From so long ago on; `None`: the last lines.
    pub since: Option<TimeDelta>,
    /// So many lines of each.
    pub tail: u64,
    /// Which request this is: lines of earlier ones are of no use.
    pub number: u64,
}

/// A wish on its way.
#[derive(Debug)]
pub struct Order {
    /// What.
    pub wish: Wish,
    /// Who waits for its end, because the terminal is lent to it.
    pub done: Option<SyncSender<()>>,
}
