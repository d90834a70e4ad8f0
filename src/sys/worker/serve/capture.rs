// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! A tree to an archive and an index that are sent, or to its index alone.

use std::cell::{Cell, RefCell};
use std::io::{BufWriter, Write as _};
use std::os::fd::{AsFd as _, BorrowedFd};

use super::fingerprint;
use super::folder::{self, State};
use super::look::attributes;
use super::refusal::Refusal;
use super::wire::{Outgoing, Records, Wire};
use super::{Faults, name_of};
use crate::sys::tree::{self, Control, FrameWriter, Listed, Notes, Progress, TreeError};
use crate::volume::index::{IndexWriter, Record, Stamp};
use crate::volume::request::{Answer, Content, Part, Paths};
use crate::volume::{Fidelity, text};

/// zstd's own level.
pub(super) const LEVEL: i32 = 3;

/// Data and records are sent in frames of this size, in bytes.
pub(super) const FRAME: usize = 256 * 1024;

/// So many paths of a list are told, and so many bytes of them: an answer is one frame.
const MAX_PATHS: usize = 100;
const MAX_PATH_BYTES: usize = 64 * 1024;

pub(super) fn capture(
    root: BorrowedFd<'_>,
    only: Option<&str>,
    wire: &RefCell<Wire<'_>>,
    faults: &Faults<'_>,
) -> Result<Answer, Refusal> {
    let only = only.map(name_of).transpose()?;
    let begun = fingerprint::now();
    let mut content = Content { root: attributes(root)?, ..Content::default() };
    let mut index = IndexWriter::new(BufWriter::with_capacity(FRAME, Records(wire)), Fidelity::Exact)?;
    let sink = FrameWriter::new(BufWriter::with_capacity(FRAME, Outgoing(wire)), LEVEL)?;
    let mut each = |record: Record| {
        count(&mut content, &record);
        Ok(index.record(&record)?)
    };
    let (captured, sink) =
        watched(wire, faults, |control| tree::capture(root, only.as_deref(), sink, &mut each, control))?;
    sink.finish()?.flush()?;
    index.finish()?;
    wire.borrow_mut().trailer(captured.tally.entries)?;
    content.allocated = captured.tally.bytes;
    if captured.fingerprint.is_settled(begun) {
        content.fingerprint = fingerprint::words(root, &captured.fingerprint)?;
    }
    note(&mut content, &captured.notes);
    Ok(Answer::Captured(content))
}

pub(super) fn index(
    root: BorrowedFd<'_>,
    of: &Part,
    only: Option<&str>,
    wire: &RefCell<Wire<'_>>,
) -> Result<Answer, Refusal> {
    let only = only.map(name_of).transpose()?;
    let staged = match of {
        Part::Root => None,
        Part::Staged(operation) => Some(staged(root, operation)?),
    };
    let root = staged.as_ref().map_or(root, |staged| staged.as_fd());
    let mut content = Content { root: attributes(root)?, ..Content::default() };
    let mut index = IndexWriter::new(BufWriter::with_capacity(FRAME, Records(wire)), Fidelity::Exact)?;
    let mut each = |record: Record| {
        count(&mut content, &record);
        Ok(index.record(&record)?)
    };
    let read = Cell::new(0);
    let no_faults = |_: &str| Ok(());
    let notes = watched(wire, &no_faults, |control| {
        let notes = tree::index(root, only.as_deref(), &mut each, control)?;
        read.set(control.so_far().bytes);
        Ok(notes)
    })?;
    index.finish()?;
    content.allocated = read.get();
    note(&mut content, &notes);
    Ok(Answer::Indexed(content))
}

/// What an operation has staged, when it is whole and still beside the tree.
fn staged(root: BorrowedFd<'_>, operation: &str) -> Result<std::os::fd::OwnedFd, Refusal> {
    match folder::find(root, operation)? {
        State::There(folder) if folder.is_staged()? => folder.new_tree(),
        _ => Err(Refusal::not_staged()),
    }
}

/// Runs work that tells how far it is, and that ends soon after the talk is cut or a fault is wanted.
pub(super) fn watched<T>(
    wire: &RefCell<Wire<'_>>,
    faults: &Faults<'_>,
    work: impl FnOnce(&mut Control<'_>) -> Result<T, TreeError>,
) -> Result<T, Refusal> {
    let fault = RefCell::new(None);
    let (is_over, entries) = (Cell::new(false), Cell::new(0));
    let stop = || is_over.get();
    let mut tell = |progress: Progress| {
        let mut done = wire.borrow_mut().progress(progress).map_err(Refusal::from);
        if progress.entries > entries.replace(progress.entries) {
            done = done.and_then(|()| Ok(faults(&format!("entry:{}", progress.entries))?));
        }
        if let Err(refusal) = done {
            is_over.set(true);
            fault.borrow_mut().get_or_insert(refusal);
        }
    };
    let done = work(&mut Control::new(&stop, &mut tell));
    match fault.into_inner() {
        Some(refusal) => Err(refusal),
        None => Ok(done?),
    }
}

fn count(content: &mut Content, record: &Record) {
    content.entries += 1;
    if let Stamp::File { size, .. } = record.stamp {
        content.bytes = content.bytes.saturating_add(size);
    }
}

fn note(content: &mut Content, notes: &Notes) {
    content.sockets = paths(&notes.sockets);
    content.mounts = paths(&notes.mounts);
    content.vanished = paths(&notes.vanished);
    content.changed = paths(&notes.changed);
}

fn paths(listed: &Listed) -> Paths {
    let mut room = MAX_PATH_BYTES;
    let escaped = listed.paths.iter().take(MAX_PATHS).map(|path| text::escape(path.as_bytes()));
    let first = escaped.take_while(|path| {
        let fits = path.len() <= room;
        room = room.saturating_sub(path.len());
        fits
    });
    Paths { first: first.collect(), total: listed.total }
}
