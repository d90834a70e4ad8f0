// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! An index that is read, record by record.

use std::io::{BufRead, Read as _};

use super::parse::Parser;
use super::{IndexError, MAX_LINE, Record};
use crate::volume::Fidelity;

/// Reads an index, record by record. It is proven only when [`IndexReader::record`] has given its end.
pub struct IndexReader<R> {
    source: R,
    parser: Parser,
    fidelity: Fidelity,
}

impl<R: BufRead> IndexReader<R> {
    /// An index from this; its first line is read.
    ///
    /// # Errors
    /// When it is of another format, and when the stream fails.
    pub fn new(source: R) -> Result<Self, IndexError> {
        let mut reader = Self { source, parser: Parser::default(), fidelity: Fidelity::Exact };
        let line = reader.line()?.ok_or(IndexError::Truncated { line: 0 })?;
        reader.parser.line(&line)?;
        reader.fidelity = reader.parser.fidelity().ok_or(IndexError::Format)?;
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
        if self.parser.is_ended() {
            return Ok(None);
        }
        let line = self.line()?.ok_or_else(|| self.parser.truncated())?;
        let record = self.parser.line(&line)?;
        if self.parser.is_ended() && self.line()?.is_some() {
            return Err(IndexError::Digest);
        }
        Ok(record)
    }

    /// A line with its end; none at the end of the stream.
    fn line(&mut self) -> Result<Option<Vec<u8>>, IndexError> {
        let mut line = Vec::new();
        (&mut self.source).take(MAX_LINE as u64).read_until(b'\n', &mut line)?;
        match line.last() {
            None => Ok(None),
            Some(b'\n') => Ok(Some(line)),
            Some(_) if line.len() == MAX_LINE => Err(self.parser.too_long()),
            Some(_) => Err(self.parser.truncated()),
        }
    }
}
