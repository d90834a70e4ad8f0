// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What can go wrong in a store.

use std::io;
use std::path::Path;

use crate::error::UserError;

/// A fault of a store.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// There is none.
    #[error("there is no store in `{place}`")]
    Missing {
        /// The folder.
        place: String,
    },
    /// Something else is there.
    #[error("`{place}` is no store that this version knows: {reason}")]
    Format {
        /// The folder.
        place: String,
        /// Why.
        reason: String,
    },
    /// Its folders lie on several file systems, where a set cannot appear as a whole.
    #[error("the folders of the store `{place}` lie on several file systems")]
    Split {
        /// The folder.
        place: String,
    },
    /// Another run works with it.
    #[error("another run works with the store `{place}`{}", if .note.is_empty() { String::new() } else { format!(" ({})", .note) })]
    Locked {
        /// The folder.
        place: String,
        /// What the other run says of itself.
        note: String,
    },
    /// No set has this name.
    #[error("there is no set `{name}`")]
    SetMissing {
        /// The name.
        name: String,
    },
    /// A set of this name is there already.
    #[error("there is a set `{name}` already")]
    SetExists {
        /// The name.
        name: String,
    },
    /// What was to be published is not a whole set.
    #[error("the set is not whole: {reason}")]
    NotWhole {
        /// Why.
        reason: String,
    },
    /// The system's fault.
    #[error("cannot {what} `{path}`: {reason}")]
    Io {
        /// What was tried, as the rest of the sentence begins.
        what: &'static str,
        /// Where.
        path: String,
        /// Why, in the words of the system.
        reason: String,
        /// What kind of fault, for those that mean more.
        kind: io::ErrorKind,
    },
}

impl StoreError {
    /// The system's fault.
    pub(crate) fn io<'e>(what: &'static str, path: &'e Path) -> impl Fn(io::Error) -> Self + 'e {
        move |error| Self::Io { what, path: path.display().to_string(), reason: error.to_string(), kind: error.kind() }
    }
}

impl UserError for StoreError {
    fn code(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "store_missing",
            Self::Format { .. } => "store_format",
            Self::Split { .. } => "store_split",
            Self::Locked { .. } => "locked",
            Self::SetMissing { .. } => "set_missing",
            Self::SetExists { .. } => "set_exists",
            Self::NotWhole { .. } => "set_not_whole",
            Self::Io { kind: io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded, .. } => "store_full",
            Self::Io { .. } => "store_failed",
        }
    }

    fn message(&self) -> String {
        self.to_string()
    }

    fn hints(&self) -> Vec<String> {
        let hint = match self {
            Self::Missing { .. } => "name the store with `--store DIR`, or set `STACKCTL_STORE`",
            Self::Format { .. } => "choose an empty folder with `--store DIR`, or use a newer stackctl",
            Self::Split { .. } => "mount one file system over the whole store",
            Self::Locked { .. } => "wait for its end, then try again",
            Self::SetMissing { .. } | Self::SetExists { .. } => "`stackctl backup list` shows the sets",
            Self::NotWhole { .. } => "nothing was published; try again",
            Self::Io { kind: io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded, .. } => {
                "remove old sets with `stackctl backup prune`, or use another `--store DIR`"
            }
            Self::Io { kind: io::ErrorKind::PermissionDenied, .. } => "stores are private: run as the user who made it",
            Self::Io { .. } => return Vec::new(),
        };
        vec![hint.to_owned()]
    }
}
