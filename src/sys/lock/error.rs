// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Why a lock could not be had.

use std::time::Duration;

use super::LockOwner;
use crate::error::UserError;
use crate::sys::engine::EngineError;

/// A lock that was not had, or is gone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LockError {
    /// Another process of this user holds it.
    #[error("project `{project}` is locked by another run on this machine{}", if .note.is_empty() { String::new() } else { format!(": {}", .note) })]
    HeldHere {
        /// The project.
        project: String,
        /// What the holder wrote of itself; may be empty.
        note: String,
    },
    /// A process that cannot be shown to be dead holds it.
    #[error("project `{project}` is locked by `{}` (process {} on `{}`) for {}", .owner.command, .owner.process.pid, .owner.process.host, minutes(*.age))]
    Held {
        /// The project.
        project: String,
        /// The holder.
        owner: Box<LockOwner>,
        /// How long it has been held, by the engine's clock.
        age: Duration,
        /// Whether `--break-lock` would be obeyed now.
        breakable: bool,
    },
    /// The file that locks cannot be used.
    #[error("cannot use lock file `{path}`: {reason}")]
    File {
        /// The file.
        path: String,
        /// Why.
        reason: String,
    },
    /// The engine failed.
    #[error("{0}")]
    Engine(EngineError),
    /// It was held, and has been taken away.
    #[error("the lock of project `{project}` was taken away: {}", .by.as_ref().map_or_else(|| "its volume is gone".to_owned(), |by| format!("`{}` on `{}` has it", by.command, by.process.host)))]
    Lost {
        /// The project.
        project: String,
        /// Who has it now, when anyone has.
        by: Option<Box<LockOwner>>,
    },
}

/// Rounded up, so that a wait is never told too short.
fn minutes(age: Duration) -> String {
    let seconds = age.as_secs() + u64::from(age.subsec_nanos() > 0);
    if seconds < 120 { format!("{seconds} s") } else { format!("{} min", seconds.div_ceil(60)) }
}

impl From<EngineError> for LockError {
    fn from(error: EngineError) -> Self {
        Self::Engine(error)
    }
}

impl UserError for LockError {
    fn code(&self) -> &'static str {
        match self {
            Self::HeldHere { .. } | Self::Held { .. } => "locked",
            Self::File { .. } => "lock_file",
            Self::Engine(error) => error.code(),
            Self::Lost { .. } => "lock_lost",
        }
    }

    fn message(&self) -> String {
        self.to_string()
    }

    fn hints(&self) -> Vec<String> {
        match self {
            Self::HeldHere { .. } => vec!["wait for it to end, then run this again".to_owned()],
            Self::Held { breakable: true, .. } => {
                vec!["when that run is surely over, take the lock away with `--break-lock`".to_owned()]
            }
            Self::Held { age, .. } => {
                let left = super::BREAKABLE_AFTER.saturating_sub(*age);
                vec![format!("wait for it to end; `--break-lock` works in {} if it does not", minutes(left))]
            }
            Self::File { .. } => vec!["make the folder writable, or name another state folder".to_owned()],
            Self::Engine(error) => error.hints(),
            Self::Lost { .. } => {
                vec!["see what the other run did before going on; `docker volume prune` removes locks too".to_owned()]
            }
        }
    }
}
