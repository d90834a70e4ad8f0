// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What goes wrong with containers in an operation.

use crate::error::UserError;
use crate::sys::engine::EngineError;
use crate::sys::store::StoreError;

/// A fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OperateError {
    /// The engine's.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The store's.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A hook failed.
    #[error("the hook `{program}` of `{container}` {reason}")]
    Hook {
        /// The container.
        container: String,
        /// The first word of the command.
        program: String,
        /// How it failed, as the end of a sentence.
        reason: String,
    },
    /// It was told to stop and did not.
    #[error("`{container}` still runs after it was stopped")]
    StillRuns {
        /// The container.
        container: String,
    },
    /// Containers that ran do not.
    #[error("not running again: {}", .0.join(", "))]
    NotResumed(Vec<String>),
}

impl UserError for OperateError {
    fn code(&self) -> &'static str {
        match self {
            Self::Engine(error) => error.code(),
            Self::Store(error) => error.code(),
            Self::Hook { .. } => "hook_failed",
            Self::StillRuns { .. } => "still_runs",
            Self::NotResumed(_) => "not_resumed",
        }
    }

    fn message(&self) -> String {
        self.to_string()
    }

    fn hints(&self) -> Vec<String> {
        let hint = match self {
            Self::Engine(error) => return error.hints(),
            Self::Store(error) => return error.hints(),
            Self::Hook { container, .. } => format!("try the command by hand: `docker exec {container} …`"),
            Self::StillRuns { container } => {
                format!("something starts it again; `docker events -f container={container}`")
            }
            Self::NotResumed(_) => {
                "`stackctl status` shows what is missing; `stackctl recover` tries once more".to_owned()
            }
        };
        vec![hint]
    }
}
