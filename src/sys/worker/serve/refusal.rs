// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Why a request was not done.

use std::io;

use rustix::io::Errno;

use crate::error::UserError as _;
use crate::sys::tree::TreeError;
use crate::volume::commit::CommitError;
use crate::volume::index::IndexError;

/// What the asker is told in place of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    /// The stable word.
    pub(super) code: String,
    /// For a person.
    pub(super) message: String,
}

impl Refusal {
    pub(super) fn of(code: &str, message: &str) -> Self {
        Self { code: code.to_owned(), message: message.to_owned() }
    }

    /// The request itself makes no sense.
    pub(super) fn bad(message: String) -> Self {
        Self { code: "request_bad".to_owned(), message }
    }

    /// Nothing whole lies beside the tree.
    pub(super) fn not_staged() -> Self {
        Self::of("not_staged", "nothing whole is staged beside it")
    }

    /// Names were never exchanged.
    pub(super) fn not_decided() -> Self {
        Self::of("not_decided", "nothing was exchanged, so there is no way back")
    }

    /// The old tree is being removed, or is gone.
    pub(super) fn aside_removed() -> Self {
        Self::of("aside_removed", "the old content is being removed, so there is no way back")
    }

    /// The old tree was deleted before the new one was unpacked.
    pub(super) fn emptied() -> Self {
        Self::of("emptied", "the old content was deleted to make room, so it is not beside; a restore point has it")
    }

    /// The way back was taken.
    pub(super) fn turned_back() -> Self {
        Self::of("turned_back", "the way back was taken; it can only be gone to its end")
    }

    /// Names were exchanged, or are being.
    pub(super) fn stage_decided() -> Self {
        Self::of("stage_decided", "the operation has put its content in place; it cannot be staged anew")
    }

    /// Names are being exchanged.
    pub(super) fn exchange_unfinished() -> Self {
        Self::of("exchange_unfinished", "names are still to be exchanged; what lies beside is needed for it")
    }

    pub(super) fn system(doing: &str) -> impl FnOnce(Errno) -> Self + use<'_> {
        move |reason| match reason {
            Errno::NOSPC | Errno::DQUOT => {
                Self { code: "no_space".to_owned(), message: format!("cannot {doing}: {reason}") }
            }
            _ => Self { code: "tree_system".to_owned(), message: format!("cannot {doing}: {reason}") },
        }
    }
}

impl From<TreeError> for Refusal {
    fn from(error: TreeError) -> Self {
        Self { code: error.code().to_owned(), message: error.message() }
    }
}

impl From<CommitError> for Refusal {
    fn from(error: CommitError) -> Self {
        TreeError::from(error).into()
    }
}

impl From<IndexError> for Refusal {
    fn from(error: IndexError) -> Self {
        TreeError::from(error).into()
    }
}

impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Self {
        Self { code: "tree_system".to_owned(), message: error.to_string() }
    }
}
