// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Lines to records.

use std::io::{BufRead, Read as _};

use sha2::{Digest as _, Sha256};

use super::line::{Closing, Line, Opening};
use super::{FORMAT, IndexError, MAX_LINE, Record, VERSION};
use crate::volume::{Fidelity, TreePath, text};

/// Reads an index, record by record. It is proven only when [`IndexReader::record`] has given its end.
pub struct IndexReader<R> {
    source: R,
    fidelity: Fidelity,
    digest: Sha256,
    lines: u64,
    last: Option<TreePath>,
    ended: bool,
}

impl<R: BufRead> IndexReader<R> {
    /// An index from this; its first line is read.
    ///
    /// # Errors
    /// When it is of another format, and when the stream fails.
    pub fn new(source: R) -> Result<Self, IndexError> {
        let fidelity = Fidelity::Exact;
        let mut reader = Self { source, fidelity, digest: Sha256::new(), lines: 0, last: None, ended: false };
        let line = reader.line()?.ok_or(IndexError::Truncated { line: 0 })?;
        let opening: Opening = serde_json::from_slice(&line).map_err(|_| IndexError::Format)?;
        if opening.format != FORMAT || opening.version != VERSION {
            return Err(IndexError::Format);
        }
        reader.fidelity = Fidelity::of_word(&opening.fidelity).ok_or(IndexError::Format)?;
        reader.digest.update(&line);
        Ok(reader)
    }

    /// How the archive beside it was made.
    #[must_use]
    pub fn fidelity(&self) -> Fidelity {
        self.fidelity
    }

    /// The next record; none at the end, when all of it has proven right.
    ///
    /// # Errors
    /// When it is cut, damaged, edited or out of order, and when the stream fails.
    pub fn record(&mut self) -> Result<Option<Record>, IndexError> {
        if self.ended {
            return Ok(None);
        }
        let line = self.line()?.ok_or(IndexError::Truncated { line: self.lines })?;
        if let Ok(closing) = serde_json::from_slice::<Closing>(&line) {
            self.ended = true;
            let fits =
                closing.entries + 2 == self.lines && closing.sha256 == text::hex(&self.digest.clone().finalize());
            let is_last = self.line()?.is_none();
            return if fits && is_last { Ok(None) } else { Err(IndexError::Digest) };
        }
        let record = serde_json::from_slice::<Line>(&line).ok().and_then(Line::record);
        let record = record.ok_or(IndexError::Line { line: self.lines })?;
        if self.last.as_ref().is_some_and(|last| record.path <= *last) {
            return Err(IndexError::Order { line: self.lines });
        }
        self.digest.update(&line);
        self.last = Some(record.path.clone());
        Ok(Some(record))
    }

    /// A line with its end; none at the end of the stream.
    fn line(&mut self) -> Result<Option<Vec<u8>>, IndexError> {
        let mut line = Vec::new();
        (&mut self.source).take(MAX_LINE as u64).read_until(b'\n', &mut line)?;
        if line.is_empty() {
            return Ok(None);
        }
        self.lines += 1;
        match line.last() {
            Some(b'\n') => Ok(Some(line)),
            _ if line.len() == MAX_LINE => Err(IndexError::Line { line: self.lines }),
            _ => Err(IndexError::Truncated { line: self.lines - 1 }),
        }
    }
}
