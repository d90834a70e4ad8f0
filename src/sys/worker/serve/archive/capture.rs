// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The engine's archive of a tree to one of ours and an index that are sent, or to its index alone.
//!
//! A capture reads everything twice. An engine leaves out without a word what is gone when it comes to it, and tells
//! nothing by which a change could be seen; what is the same twice did not change in between.

use std::cell::RefCell;
use std::hash::{BuildHasher as _, RandomState};
use std::io::{BufReader, BufWriter, Write as _};

use super::super::capture::{FRAME, LEVEL, watched};
use super::super::refusal::Refusal;
use super::super::wire::{Outgoing, Records, Wire};
use super::{Archives, refused};
use crate::sys::tree::{Control, FrameWriter, TreeError, convert, index_of};
use crate::volume::index::{IndexWriter, Record, Stamp};
use crate::volume::request::{Answer, Content, Paths, RootAttributes};
use crate::volume::{Fidelity, text};

/// So many paths that changed are told; all are counted.
const MAX_PATHS: usize = 100;

/// Of the index is sent in pieces of this size, in bytes.
const PIECE: usize = 256 * 1024;

/// What a first reading saw, to be held against a second one. 8 bytes an entry.
#[derive(Default)]
struct Prints {
    key: RandomState,
    prints: Vec<u64>,
}

impl Prints {
    fn add(&mut self, record: &Record) {
        self.prints.push(self.key.hash_one(record));
    }

    fn close(mut self) -> Again {
        self.prints.sort_unstable();
        Again { key: self.key, prints: self.prints, same: 0, changed: Paths::default() }
    }
}

/// The second reading.
struct Again {
    key: RandomState,
    prints: Vec<u64>,
    same: u64,
    changed: Paths,
}

impl Again {
    fn add(&mut self, record: &Record) {
        if self.prints.binary_search(&self.key.hash_one(record)).is_ok() {
            self.same += 1;
            return;
        }
        if self.changed.first.len() < MAX_PATHS {
            self.changed.first.push(text::escape(record.path.as_bytes()));
        }
        self.changed.total += 1;
    }

    /// What is another now, and what is there no more beyond that; of the latter nobody knows the names any more.
    fn finish(self) -> (Paths, Paths) {
        let missing = (self.prints.len() as u64).saturating_sub(self.same);
        let vanished = missing.saturating_sub(self.changed.total);
        (self.changed, Paths { first: Vec::new(), total: vanished })
    }
}

pub(super) fn capture(
    archives: &dyn Archives,
    only: Option<&str>,
    wire: &RefCell<Wire<'_>>,
) -> Result<Answer, Refusal> {
    let mut content = Content::default();
    let mut prints = Prints::default();
    let mut index = IndexWriter::new(BufWriter::with_capacity(FRAME, Records(wire)), Fidelity::EngineArchive)?;
    let sink = FrameWriter::new(BufWriter::with_capacity(FRAME, Outgoing(wire)), LEVEL)?;
    let source = BufReader::with_capacity(PIECE, archives.read(only));
    let (tally, sink) = told(wire, |control| {
        let mut each = |record: Record| {
            count(&mut content, &record);
            prints.add(&record);
            Ok(index.record(&record)?)
        };
        convert(source, sink, &mut each, control)
    })?;
    sink.finish()?.flush()?;
    index.finish()?;
    let mut again = prints.close();
    let source = BufReader::with_capacity(PIECE, archives.read(only));
    told(wire, |control| {
        let mut each = |record: Record| {
            again.add(&record);
            Ok(())
        };
        index_of(source, &mut each, control)
    })?;
    wire.borrow_mut().trailer(tally.entries)?;
    content.allocated = tally.bytes;
    (content.changed, content.vanished) = again.finish();
    Ok(Answer::Captured(content))
}

pub(super) fn index(
    archives: &dyn Archives,
    fidelity: Fidelity,
    only: Option<&str>,
    wire: &RefCell<Wire<'_>>,
) -> Result<Answer, Refusal> {
    let mut content = Content::default();
    let mut index = IndexWriter::new(BufWriter::with_capacity(FRAME, Records(wire)), fidelity)?;
    let source = BufReader::with_capacity(PIECE, archives.read(only));
    content.allocated = told(wire, |control| {
        let mut each = |record: Record| {
            count(&mut content, &record);
            Ok(index.record(&record)?)
        };
        index_of(source, &mut each, control)?;
        Ok(control.so_far().bytes)
    })?;
    index.finish()?;
    Ok(Answer::Indexed(content))
}

/// Runs work that tells how far it is.
fn told<T>(
    wire: &RefCell<Wire<'_>>,
    work: impl FnOnce(&mut Control<'_>) -> Result<T, TreeError>,
) -> Result<T, Refusal> {
    let no_faults = |_: &str| Ok(());
    // An error keeps what it was until it is put into words here.
    watched(wire, &no_faults, |control| Ok(work(control)))?.map_err(refused)
}

fn count(content: &mut Content, record: &Record) {
    content.entries += 1;
    if let Stamp::File { size, .. } = record.stamp {
        content.bytes = content.bytes.saturating_add(size);
    }
    if let (true, Some(meta)) = (record.path.is_root(), &record.meta) {
        content.root = RootAttributes { mode: meta.mode, uid: meta.uid, gid: meta.gid };
    }
}
