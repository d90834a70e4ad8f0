// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Deletes the content of a tree, for what is staged next to have its room.

use std::os::fd::BorrowedFd;

use rustix::fs::fsync;

use super::Faults;
use super::folder::{self, State};
use super::refusal::Refusal;
use crate::sys::tree::{check_movable, names};
use crate::volume::request::{Answer, Mark};

/// The marker is on the disk before the first entry goes, and goes with the folder alone: whoever finds it knows that the
/// tree may be a part of something.
pub(super) fn empty(root: BorrowedFd<'_>, operation: &str, faults: &Faults<'_>) -> Result<Answer, Refusal> {
    // What cannot be exchanged could not be deleted as a whole either: nothing goes then.
    check_movable(root, &names(root)?)?;
    let folder = if let Some(folder) = folder::find_emptied(root, operation)? {
        folder
    } else {
        refuse_exchanged(root, operation)?;
        folder::remove(root, operation, faults)?;
        let folder = folder::make(root, operation)?;
        folder.set_emptied()?;
        folder
    };
    folder.renew(faults)?;
    faults("emptying")?;
    folder::remove_names(root, &names(root)?, ("empty", "emptied"), faults)?;
    fsync(root).map_err(Refusal::system("sync the root"))?;
    faults("emptied")?;
    Ok(Answer::Moved)
}

/// What was exchanged has its old tree beside it: that way is another.
fn refuse_exchanged(root: BorrowedFd<'_>, operation: &str) -> Result<(), Refusal> {
    match folder::find(root, operation)? {
        State::There(folder) if folder.mark()? > Mark::Staged => Err(Refusal::stage_decided()),
        _ => Ok(()),
    }
}
