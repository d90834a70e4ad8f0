// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! A tree that comes, record by record or as the text of its index, against the index of what it should be.

use std::cmp::Ordering;
use std::io::BufRead;

use super::compare::{Change, Difference, Told};
use super::parse::Pieces;
use super::{IndexError, IndexReader, Record};
use crate::volume::Fidelity;

/// Compares records, as they come, with an index that is read beside them. Holds one record of each.
///
/// Compared are: what is there, its kind, the size and content of files, the targets of links (of hard links too, so
/// which names are one file), the numbers of devices, and of every entry mode, owner, group, modification time to the
/// nanosecond and extended attributes with ACLs, less what the fidelity of one side loses. Not compared: where a file has
/// holes, times of access and change.
pub struct RecordCheck<R> {
    expected: IndexReader<R>,
    next: Option<Record>,
    fidelity: Fidelity,
    told: Told,
}

impl<R: BufRead> RecordCheck<R> {
    /// Against this index; `fidelity` is that of the records that come.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn new(mut expected: IndexReader<R>, fidelity: Fidelity) -> Result<Self, IndexError> {
        let next = expected.record()?;
        let fidelity = lesser(expected.fidelity(), fidelity);
        Ok(Self { expected, next, fidelity, told: Told::default() })
    }

    /// The next record, in order.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn record(&mut self, record: Record) -> Result<(), IndexError> {
        loop {
            let order = self.next.as_ref().map_or(Ordering::Greater, |next| next.path.cmp(&record.path));
            if order == Ordering::Greater {
                self.told.add(&record.path, Change::Extra);
                return Ok(());
            }
            let Some(expected) = std::mem::replace(&mut self.next, self.expected.record()?) else { continue };
            if order == Ordering::Equal {
                self.told.both(expected.as_kept_by(self.fidelity), record.as_kept_by(self.fidelity));
                return Ok(());
            }
            self.told.add(&expected.path, Change::Missing);
        }
    }

    /// Reads the index to its end, and gives what differs, the expected before what came; at most
    /// [`super::MAX_DIFFERENCES`].
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn finish(mut self) -> Result<Vec<Difference>, IndexError> {
        while let Some(expected) = std::mem::replace(&mut self.next, self.expected.record()?) {
            self.told.add(&expected.path, Change::Missing);
        }
        Ok(self.told.differences())
    }
}

/// Compares the text of an index, in pieces as they come, with an index that is read beside it. See [`RecordCheck`].
pub struct IndexCheck<R> {
    pieces: Pieces,
    check: RecordCheck<R>,
}

impl<R: BufRead> IndexCheck<R> {
    /// Against this index.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn new(expected: IndexReader<R>) -> Result<Self, IndexError> {
        Ok(Self { pieces: Pieces::default(), check: RecordCheck::new(expected, Fidelity::Exact)? })
    }

    /// The next bytes of the text, of any number.
    ///
    /// # Errors
    /// When one of the two is damaged or cannot be read.
    pub fn feed(&mut self, bytes: &[u8]) -> Result<(), IndexError> {
        let check = &mut self.check;
        self.pieces.feed(bytes, &mut |record, fidelity| {
            check.fidelity = lesser(check.fidelity, fidelity);
            check.record(record)
        })
    }

    /// As [`RecordCheck::finish`].
    ///
    /// # Errors
    /// Also when the text is not whole.
    pub fn finish(self) -> Result<Vec<Difference>, IndexError> {
        self.pieces.finish()?;
        self.check.finish()
    }
}

/// What is lost on either side is not compared.
pub(super) fn lesser(one: Fidelity, other: Fidelity) -> Fidelity {
    one.max(other)
}
