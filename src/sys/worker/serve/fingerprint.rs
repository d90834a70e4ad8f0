// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What shows whether a tree has changed, where anything would show it.

use std::cell::RefCell;
use std::os::fd::BorrowedFd;

use rustix::fs::{CWD, Mode, OFlags, openat};
use rustix::io::read;
use rustix::time::{ClockId, clock_gettime};

use super::capture::watched;
use super::name_of;
use super::refusal::Refusal;
use super::wire::Wire;
use crate::sys::tree;
use crate::volume::Timestamp;
use crate::volume::fingerprint::Fingerprint;
use crate::volume::request::Answer;

/// A word that this run of the machine's kernel alone has. After a crash, data may be on the disk whose times are not.
const BOOT: &str = "/proc/sys/kernel/random/boot_id";

/// Walks the tree without reading content.
pub(super) fn fingerprint(
    root: BorrowedFd<'_>,
    only: Option<&str>,
    wire: &RefCell<Wire<'_>>,
) -> Result<Answer, Refusal> {
    let only = only.map(name_of).transpose()?;
    let no_faults = |_: &str| Ok(());
    let taken = watched(wire, &no_faults, |control| tree::fingerprint(root, only.as_deref(), control))?;
    Ok(Answer::Fingerprinted { words: words(root, &taken)? })
}

/// A fingerprint in words that are the same for the same tree; none where nothing would show a change.
pub(super) fn words(root: BorrowedFd<'_>, taken: &Fingerprint) -> Result<Option<String>, Refusal> {
    if !tree::has_change_times(root)? {
        return Ok(None);
    }
    Ok(boot().map(|boot| format!("{boot}:{}", taken.digest)))
}

/// The time, by the clock that sets the times of files.
pub(super) fn now() -> Timestamp {
    let now = clock_gettime(ClockId::Realtime);
    Timestamp { seconds: now.tv_sec, nanoseconds: u32::try_from(now.tv_nsec).unwrap_or(0) }
}

fn boot() -> Option<String> {
    let file = openat(CWD, BOOT, OFlags::RDONLY | OFlags::CLOEXEC, Mode::empty()).ok()?;
    let mut buffer = [0; 64];
    let length = read(&file, &mut buffer).ok()?;
    let word = std::str::from_utf8(buffer.get(..length)?).ok()?.trim();
    (!word.is_empty()).then(|| word.to_owned())
}
