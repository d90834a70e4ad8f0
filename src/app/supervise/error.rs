// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Why something that was decided was not done.

use crate::error::UserError;
use crate::sys::engine::EngineError;
use crate::sys::lock::LockError;

/// An action that did not come about.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum ActFault {
    /// Somebody else works on the project.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// The engine did not do it.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The service is no longer what the decision was about.
    #[error("`{service}` {what}, so it is left alone")]
    Changed {
        /// The service.
        service: String,
        /// What it is now.
        what: &'static str,
    },
    /// No program was named for it.
    #[error("no command is set for `{service}`")]
    NoCommand {
        /// The service.
        service: String,
    },
    /// The program did not end well.
    #[error("`{program}`: {reason}")]
    Command {
        /// The program.
        program: String,
        /// How it ended.
        reason: String,
    },
    /// More waits to be done than can be held.
    #[error("too much waits to be done already")]
    Busy,
}

impl UserError for ActFault {
    fn code(&self) -> &'static str {
        match self {
            Self::Lock(error) => error.code(),
            Self::Engine(error) => error.code(),
            Self::Changed { .. } => "changed_meanwhile",
            Self::NoCommand { .. } => "heal_command_missing",
            Self::Command { .. } => "heal_command_failed",
            Self::Busy => "supervisor_busy",
        }
    }

    fn message(&self) -> String {
        self.to_string()
    }
}
