// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What keeps a use case about sets from its end.

use crate::app::AppError;
use crate::backup::retention::EmptyPolicy;
use crate::error::UserError;
use crate::sys::store::{SetFault, StoreError};

/// A fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BackupError {
    /// The project cannot be told.
    #[error(transparent)]
    App(#[from] AppError),
    /// The store's.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A set's.
    #[error(transparent)]
    Set(#[from] SetFault),
    /// No rule for retention.
    #[error(transparent)]
    Policy(#[from] EmptyPolicy),
    /// Nobody says where the store is.
    #[error("no folder is known where the store could be")]
    NoPlace,
    /// The name fits no set.
    #[error("there is no set `{0}`")]
    NoSet(String),
    /// There is none at all.
    #[error("there is no complete set yet")]
    NoSets,
    /// What was copied is not what was there.
    #[error("`{path}` of set `{set}` is damaged: {flaw}")]
    Damaged {
        /// The set.
        set: String,
        /// The file.
        path: String,
        /// What is wrong, as a fragment.
        flaw: String,
    },
    /// Somebody asked for the end.
    #[error("ended on request")]
    Cancelled,
}

impl UserError for BackupError {
    fn code(&self) -> &'static str {
        match self {
            Self::App(error) => error.code(),
            Self::Store(error) => error.code(),
            Self::Set(error) => error.code(),
            Self::Policy(error) => error.code(),
            Self::NoPlace => "store_missing",
            Self::NoSet(_) | Self::NoSets => "set_missing",
            Self::Damaged { .. } => "set_damaged",
            Self::Cancelled => "cancelled",
        }
    }

    fn message(&self) -> String {
        self.to_string()
    }

    fn hints(&self) -> Vec<String> {
        let hint = match self {
            Self::App(error) => return error.hints(),
            Self::Store(error) => return error.hints(),
            Self::Set(error) => return error.hints(),
            Self::Policy(error) => return error.hints(),
            Self::Cancelled => return Vec::new(),
            Self::NoPlace => "name the store with `--store DIR`, or the project with `-p NAME`",
            Self::NoSet(_) => "`stackctl backup list` shows the sets; a number or `latest` will do",
            Self::NoSets => "`stackctl backup list` shows what is there",
            Self::Damaged { .. } => "`stackctl backup verify` tells all that is damaged; keep the other sets",
        };
        vec![hint.to_owned()]
    }
}
