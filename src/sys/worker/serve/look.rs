// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What is there: operations that left something, room, the root.

use std::os::fd::BorrowedFd;

use rustix::fs::{fstat, fstatvfs};

use super::folder;
use super::refusal::Refusal;
use crate::sys::tree::names;
use crate::volume::request::{Answer, RootAttributes};

/// Looks without changing or waiting for anything.
pub(super) fn look(root: BorrowedFd<'_>) -> Result<Answer, Refusal> {
    let disk = fstatvfs(root).map_err(Refusal::system("ask how much room there is"))?;
    Ok(Answer::Seen {
        marks: folder::marks(root)?,
        is_empty: names(root)?.is_empty(),
        free_bytes: disk.f_bavail.saturating_mul(disk.f_frsize),
        root: attributes(root)?,
    })
}

/// The attributes of an open directory that people are told.
pub(super) fn attributes(root: BorrowedFd<'_>) -> Result<RootAttributes, Refusal> {
    let stat = fstat(root).map_err(Refusal::system("look at the root"))?;
    let mode = u16::try_from(stat.st_mode & 0o7777).unwrap_or(0);
    Ok(RootAttributes { mode, uid: stat.st_uid, gid: stat.st_gid })
}
