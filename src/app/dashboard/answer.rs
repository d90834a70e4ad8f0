// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What a screen is given for what it asked.

use super::detail::Detail;
use super::findings::FindingsRead;
use super::policy::PolicyRead;
use super::sets::SetsRead;
use super::usage::Sample;
use crate::health::Timestamp;
use crate::health::board::SlotKey;

/// Something found or done.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// What an inspection told of the service that is looked at closely.
    Detail(Box<Detail>),
    /// What containers used.
    Usage(Vec<Sample>),
    /// An engine could not be reached yet.
    Unreachable {
        /// Its name.
        context: String,
        /// Why, as a fragment.
        reason: String,
        /// The next step.
        hint: Option<String>,
    },
    /// Supervisors are kept away from a project, or not any more.
    Paused {
        /// The engine's name.
        context: String,
        /// The project.
        project: String,
        /// Until when.
        until: Option<Timestamp>,
    },
    /// Something is under way.
    Begun(String),
    /// Something was done.
    Done(String),
    /// Something could not be done.
    Failed {
        /// Why, as a fragment.
        message: String,
        /// The next step.
        hint: Option<String>,
    },
    /// The terminal is back from a program, which may have changed anything.
    Returned,
    /// Lines of logs, in order.
    Lines {
        /// The request that they belong to.
        number: u64,
        /// The lines.
        lines: Vec<LogLine>,
        /// Lines before these that were left out, because they came faster than somebody looked.
        missing: usize,
    },
    /// Something to know of a log as a whole.
    LogNote {
        /// The request that it belongs to.
        number: u64,
        /// The note.
        text: String,
    },
    /// The restore points of the store.
    Sets(SetsRead),
    /// What a supervisor may do and does.
    Policy(Box<PolicyRead>),
    /// What `validate` says.
    Findings(FindingsRead),
}

/// One line of a log, safe to show but for its colours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// Whose.
    pub key: SlotKey,
    /// When, by the engine's clock.
    pub at: Option<Timestamp>,
    /// Whether it was written to standard error.
    pub is_error: bool,
    /// The line, with colours (SGR sequences) and nothing else that steers a terminal.
    pub text: String,
}
