// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! A tree to an archive, or to its index alone.

use std::io::Write;
use std::os::fd::BorrowedFd;

use super::scan::{Scanned, Visitor, scan};
use super::{Control, Notes, TreeError};
use crate::volume::Entry;
use crate::volume::fingerprint::Fingerprint;
use crate::volume::index::Record;
use crate::volume::pax::{Tally, Writer};

/// What was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Captured {
    /// Entries and bytes of the archive.
    pub tally: Tally,
    /// What is not, or not surely, in it.
    pub notes: Notes,
    /// What later shows whether the tree has changed since.
    pub fingerprint: Fingerprint,
}

/// Writes the archive of the tree below an open directory, and hands every record of its index to `each`, in order.
/// The same tree gives the same bytes. What operations keep at its top is left out; with `only`, so is all but this name
/// at the top, and the root itself.
///
/// # Errors
/// When something cannot be read, when `archive` or `each` fails, and when the caller wants no more. What was written then
/// has no end, and is no archive.
pub fn capture<W: Write>(
    root: BorrowedFd<'_>,
    only: Option<&[u8]>,
    archive: W,
    each: &mut dyn FnMut(Record) -> Result<(), TreeError>,
    control: &mut Control<'_>,
) -> Result<(Captured, W), TreeError> {
    let mut into = IntoArchive { writer: Writer::new(archive), each };
    let Scanned { notes, fingerprint } = scan(root, only, &mut into, control)?;
    let (tally, archive) = into.writer.finish()?;
    Ok((Captured { tally, notes, fingerprint }, archive))
}

/// Reads the tree below an open directory, and hands every record of its index to `each`, in order. `only` as for
/// [`capture`].
///
/// # Errors
/// As [`capture`].
pub fn index(
    root: BorrowedFd<'_>,
    only: Option<&[u8]>,
    each: &mut dyn FnMut(Record) -> Result<(), TreeError>,
    control: &mut Control<'_>,
) -> Result<Notes, TreeError> {
    Ok(scan(root, only, &mut RecordsAlone(each), control)?.notes)
}

pub(super) struct IntoArchive<'a, W> {
    pub(super) writer: Writer<W>,
    pub(super) each: &'a mut dyn FnMut(Record) -> Result<(), TreeError>,
}

impl<W: Write> Visitor for IntoArchive<'_, W> {
    fn entry(&mut self, entry: &Entry) -> Result<(), TreeError> {
        Ok(self.writer.entry(entry)?)
    }

    fn data(&mut self, bytes: &[u8]) -> Result<(), TreeError> {
        Ok(self.writer.data(bytes)?)
    }

    fn record(&mut self, record: Record) -> Result<(), TreeError> {
        (self.each)(record)
    }
}

pub(super) struct RecordsAlone<'a>(pub(super) &'a mut dyn FnMut(Record) -> Result<(), TreeError>);

impl Visitor for RecordsAlone<'_> {
    fn entry(&mut self, _: &Entry) -> Result<(), TreeError> {
        Ok(())
    }

    fn data(&mut self, _: &[u8]) -> Result<(), TreeError> {
        Ok(())
    }

    fn record(&mut self, record: Record) -> Result<(), TreeError> {
        (self.0)(record)
    }
}
