// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! An archive that is sent, to a tree beside the one that is there.

use std::cell::RefCell;
use std::io::{BufReader, Read as _};
use std::os::fd::{AsFd as _, BorrowedFd};

use super::Faults;
use super::capture::watched;
use super::folder::{self, State};
use super::refusal::Refusal;
use super::wire::{Incoming, Wire};
use crate::sys::tree::{Durability, FrameReader, all_names, extract};
use crate::volume::Fidelity;
use crate::volume::commit::{CommitError, PREFIX};
use crate::volume::frame::FrameError;
use crate::volume::pax::Reader;
use crate::volume::request::{Answer, Mark};
use crate::volume::text;

pub(super) fn stage(
    root: BorrowedFd<'_>,
    operation: &str,
    entries: u64,
    wire: &RefCell<Wire<'_>>,
    faults: &Faults<'_>,
) -> Result<Answer, Refusal> {
    match folder::find(root, operation)? {
        State::Absent | State::Leaving(Mark::Staged) => {}
        State::There(folder) if folder.mark()? == Mark::Staged => {}
        _ => return Err(Refusal::stage_decided()),
    }
    // Its marker must never be away while the tree is not whole.
    let folder = if let Some(folder) = folder::find_emptied(root, operation)? {
        folder.renew(faults)?;
        folder
    } else {
        folder::remove(root, operation, faults)?;
        folder::make(root, operation)?
    };
    let new = folder.new_tree()?;
    let unpacked = FrameReader::new(Incoming::new(wire))?;
    let archive = Reader::new(BufReader::with_capacity(64 * 1024, unpacked), Fidelity::Exact);
    let (tally, unpacked) =
        watched(wire, faults, |control| extract(archive, new.as_fd(), Some(entries), Durability::FileSystem, control))?;
    let mut incoming = unpacked.into_inner().into_inner();
    // A packed stream may have more frames; the archive has come to its end.
    let is_over = incoming.read(&mut [0])? == 0;
    let fits = incoming.trailer().is_some_and(|trailer| trailer.entries == entries);
    if !is_over || !fits {
        return Err(Refusal::bad(FrameError::Mismatch.to_string()));
    }
    // It could not be put in place.
    if let Some(name) = all_names(new.as_fd())?.iter().find(|name| name.starts_with(PREFIX)) {
        return Err(CommitError::Name { name: text::escape(name) }.into());
    }
    folder.set_staged()?;
    faults("staged")?;
    Ok(Answer::Staged { entries: tally.entries })
}
